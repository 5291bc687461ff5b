from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iletimerkezi_mcp.provider.account import GET_BALANCE
from iletimerkezi_mcp.provider.decoding import (
    Envelope,
    MalformedAnswerError,
    printable,
    read_envelope,
    read_number,
    read_response,
    read_retry_after,
)
from iletimerkezi_mcp.provider.errors import AnswerUnreadable, ApiError, Redirected, Refused, ServerFailed, Throttled
from iletimerkezi_mcp.provider.orders import SEND_SMS


@pytest.mark.parametrize("code", [200, "200", " 200", 200.0])
def test_a_code_is_read_in_either_type(code: object) -> None:
    body = json.dumps({"response": {"status": {"code": code, "message": "İşlem başarılı"}, "x": 1}}).encode()
    read = read_envelope(body)
    assert (read.code, read.response["x"]) == (200, 1)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'\xef\xbb\xbf{"response":{"status":{"code":200,"message":"bom"}}}', 200),
        (b'{"response":{"status":{"code":401,"message":"\xdcyelik"}}}', 401),
        (b'{"response":{"status":{"code":200,"code":200}}}', 200),
        (b'{"response":{"status":{"message":5}}}', None),
        (b'{"response":{"status":{"code":1e999}}}', None),
        (b'{"response":{"status":{"code":' + b"9" * 4000 + b"}}}", None),
    ],
)
def test_an_envelope_is_read_as_far_as_it_goes(body: bytes, code: int | None) -> None:
    assert read_envelope(body).code == code


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
def test_bytes_without_an_envelope_are_an_empty_one(body: bytes) -> None:
    assert read_envelope(body) == Envelope(None, {})


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_crash_the_reading(body: bytes) -> None:
    assert read_envelope(body) == Envelope(None, {})


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
        ("90533*****01", "90533*****01"),
        ("0533-000-00-01", "0533-000-00-01"),
    ],
)
def test_a_number_is_made_canonical_if_that_is_certain(number: object, read: str) -> None:
    assert read_number(number) == read


@pytest.mark.parametrize(
    "text", ["gizli", "+90533000000\u0661", "", " ", "*****", "905330000001 is approved", "1" * 41, True, None, 1.5]
)
def test_a_text_is_not_a_number(text: object) -> None:
    with pytest.raises(MalformedAnswerError):
        read_number(text)


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


def _body(code: object, **rest: object) -> bytes:
    return json.dumps({"response": {"status": {"code": code, "message": "mesaj"}, **rest}}).encode()


@pytest.mark.parametrize("status", [200, 201, 202])
@pytest.mark.parametrize("code", [200, "200", 200.0])
def test_success_is_http_2xx_and_a_body_code_of_200(status: int, code: object) -> None:
    response = read_response(GET_BALANCE, status, _body(code, balance={"sms": 1}))
    assert response == {"status": {"code": code, "message": "mesaj"}, "balance": {"sms": 1}}


HTML = b"<html>ok</html>"


@pytest.mark.parametrize(
    ("status", "body", "kind", "code"),
    [
        (200, _body("401"), Refused, 401),
        (450, _body(450), Refused, 450),
        (401, _body("401"), Refused, 401),
        (500, _body(451), Refused, 451),
        (302, _body(455), Refused, 455),
        (200, _body(499), Refused, 499),
        (403, HTML, Refused, 403),
        (450, b"", Refused, 450),
        (413, HTML, Refused, 413),
        (429, HTML, Throttled, 429),
        (429, _body(429), Throttled, 429),
        (200, _body("429"), Throttled, 429),
        (503, _body(429), Throttled, 429),
        (503, _body(503), ServerFailed, 503),
        (200, _body(503), ServerFailed, 503),
        (500, HTML, ServerFailed, 500),
        (502, _body(200), ServerFailed, 502),
        (503, _body(0), ServerFailed, 503),
        (408, HTML, ServerFailed, 408),
        (200, _body(408), ServerFailed, 408),
        (200, HTML, AnswerUnreadable, None),
        (200, b"", AnswerUnreadable, None),
        (200, b"{}", AnswerUnreadable, None),
        (200, _body(None), AnswerUnreadable, None),
        (200, _body("ok"), AnswerUnreadable, None),
        (200, _body(True), AnswerUnreadable, None),
        (200, _body(0), AnswerUnreadable, None),
        (200, _body(201), AnswerUnreadable, None),
        (400, _body(200), AnswerUnreadable, None),
        (302, _body(200), AnswerUnreadable, None),
        (303, HTML, AnswerUnreadable, None),
        (304, b"", AnswerUnreadable, None),
        (301, HTML, Redirected, None),
        (307, _body(200), Redirected, None),
        (308, b"", Redirected, None),
    ],
)
def test_everything_else_is_the_failure_that_it_is(
    status: int, body: bytes, kind: type[ApiError], code: int | None
) -> None:
    with pytest.raises(ApiError) as caught:
        read_response(SEND_SMS, status, body)
    assert (type(caught.value), caught.value.code) == (kind, code)


def test_a_failure_keeps_its_waiting_time() -> None:
    with pytest.raises(Throttled) as throttled:
        read_response(SEND_SMS, 429, _body(429), 7.0)
    assert throttled.value.retry_after == 7.0
    with pytest.raises(ServerFailed) as failed:
        read_response(SEND_SMS, 503, b"", 8.0)
    assert failed.value.retry_after == 8.0


def test_a_refusal_holds_nothing_of_the_providers_message() -> None:
    message = "API erişim izniniz yok\x00\u202e\n" + "x" * 500
    with pytest.raises(Refused) as caught:
        read_response(SEND_SMS, 200, json.dumps({"response": {"status": {"code": 401, "message": message}}}).encode())
    error = caught.value
    assert "API erişim" not in error.reason.en + error.reason.tr + error.next_step.tr + str(error)


NOW = datetime(2026, 11, 23, 4, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("9" * 30, None),
        ("120", 120.0),
        (" 7 ", 7.0),
        ("Mon, 23 Nov 2026 04:01:30 GMT", 90.0),
        ("Mon, 23 Nov 2026 04:01:30 -0000", 90.0),
        ("Mon, 23 Nov 2026 03:59:00 GMT", 0.0),
        ("Mon, 23 Nov 99999999999999999999 04:01:30 GMT", None),
    ],
)
def test_a_retry_after_is_seconds_or_a_date(value: str | None, seconds: float | None) -> None:
    assert read_retry_after(value, NOW) == seconds


def test_a_code_in_any_json_type_never_crashes() -> None:
    odd: list[Any] = [[], {}, 10**400, 1.5, -1, "٢٠٠", "200 ", " 200"]
    for code in odd:
        try:
            read_response(SEND_SMS, 200, _body(code))
        except AnswerUnreadable:
            assert code not in ("200 ", " 200")
        else:
            assert code in ("200 ", " 200")
