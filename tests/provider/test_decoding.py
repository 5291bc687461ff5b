from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iletimerkezi_mcp.provider.decoding import MalformedAnswerError, envelope, printable, read_number


@pytest.mark.parametrize("code", [200, "200", " 200", 200.0])
def test_a_code_is_read_in_either_type(code: object) -> None:
    body = json.dumps({"response": {"status": {"code": code, "message": "İşlem başarılı"}, "x": 1}}).encode()
    read = envelope(body)
    assert (read.code, read.message, read.response["x"]) == (200, "İşlem başarılı", 1)


@pytest.mark.parametrize(
    ("body", "code", "message"),
    [
        (b'\xef\xbb\xbf{"response":{"status":{"code":200,"message":"bom"}}}', 200, "bom"),
        (b'{"response":{"status":{"code":401,"message":"\xdcyelik"}}}', 401, "\ufffdyelik"),
        (b'{"response":{"status":{"code":200,"code":200}}}', 200, ""),
        (b'{"response":{"status":{"message":5}}}', None, ""),
        (b'{"response":{"status":{"code":1e999}}}', None, ""),
        (b'{"response":{"status":{"code":' + b"9" * 4000 + b"}}}", None, ""),
    ],
)
def test_an_envelope_is_read_as_far_as_it_goes(body: bytes, code: int | None, message: str) -> None:
    assert (envelope(body).code, envelope(body).message) == (code, message)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html></html>",
        b"null",
        b"[]",
        b'"response"',
        b"{}",
        b'{"response":[]}',
        b'{"response":{}}',
        b'{"response":{"status":200}}',
        b'{"response":{"status":{"code":200}}',
        b'{"response":{"status":{"code":NaN}}}',
        b'{"response":{"status":{"code":-Infinity}}}',
        b'{"response":{"status":{"code":200,"code":401}}}',
        b'{"response":{"status":{"code":' + b"9" * 5000 + b"}}}",
        b'{"response":{"status":{"code":200},"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}}",
        b"[" * 200_000,
    ],
    ids=lambda body: str(body[:60]),
)
def test_what_is_no_envelope_is_told_as_such_and_keeps_nothing_of_the_answer(body: bytes) -> None:
    with pytest.raises(MalformedAnswerError) as caught:
        envelope(body)
    assert caught.value.__context__ is None


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_crash_it(body: bytes) -> None:
    with pytest.raises(MalformedAnswerError):
        envelope(body)


@pytest.mark.parametrize(
    ("number", "read"),
    [
        ("+905330000001", "+905330000001"),
        ("+90 533 000 00 01", "+905330000001"),
        (905330000001, "+905330000001"),
        ("00905330000001", "+905330000001"),
        ("05330000001", "+905330000001"),
        (5330000001, "+905330000001"),
        ("+4917212345678", "+4917212345678"),
        ("444 8 123", "444 8 123"),
        ("gizli", "gizli"),
    ],
)
def test_a_number_is_made_canonical_where_that_is_certain(number: object, read: str) -> None:
    assert read_number(number) == read


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("düz metin", "düz metin"),
        ("bir\niki\tüç\u00a0dört", "bir iki üç dört"),
        ("\u202eters\u200b\x07\ud800", "ters"),
        ("a" * 100, "a" * 10),
    ],
)
def test_printable_text_holds_nothing_that_moves_or_hides(text: str, shown: str) -> None:
    assert printable(text, 10 if len(text) == 100 else 120) == shown
