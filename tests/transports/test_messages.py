"""Messages as hosts write them, and the answers to what is none."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from mcp.types import INVALID_REQUEST, PARSE_ERROR, JSONRPCError, JSONRPCRequest
from pydantic import ValidationError

from iletimerkezi_mcp.language import Language
from iletimerkezi_mcp.transports.messages import parse, refusal

UNPAIRED = r'"\ud83d"'
REQUEST = '{"jsonrpc":"2.0","id":%s,"method":"tools/call","params":{"x":%s}}'


def _refused(line: bytes, language: Language = "en") -> JSONRPCError:
    with pytest.raises(ValidationError) as caught:
        parse(line)
    return refusal(line, caught.value, language)


@pytest.mark.parametrize(
    ("line", "known", "code", "reason"),
    [
        (REQUEST % ("7", UNPAIRED), 7, INVALID_REQUEST, "unpaired surrogate"),
        (REQUEST % ('"seven"', UNPAIRED), "seven", INVALID_REQUEST, "unpaired surrogate"),
        (REQUEST % ("7", "[" * 300 + "]" * 300), 7, INVALID_REQUEST, "recursion limit"),
        (REQUEST % ("7", "1" * 5000), 7, INVALID_REQUEST, "out of range"),
        (REQUEST % (UNPAIRED, "0"), None, PARSE_ERROR, "unpaired surrogate"),
        (REQUEST % ("true", UNPAIRED), None, PARSE_ERROR, "unpaired surrogate"),
        (REQUEST % ("7", "[" * 300_000), None, PARSE_ERROR, "recursion limit"),
        ('{"jsonrpc":"2.0","id":7,"result":{"x":' + UNPAIRED + "}}", None, PARSE_ERROR, "unpaired surrogate"),
        ('{"id":7,"method":"tools/list"}', 7, INVALID_REQUEST, "jsonrpc: Field required"),
        ('{"id":7.0,"method":"tools/list"}', 7, INVALID_REQUEST, "jsonrpc: Field required"),
        ('{"jsonrpc":"2.0","id":7,"method":"x","params":"SECRET"}', 7, INVALID_REQUEST, "params: Input should be"),
        ('{"jsonrpc":"2.0","id":7.5,"method":"x"}', None, INVALID_REQUEST, "id: Input should be a valid integer"),
        ('{"jsonrpc":"2.0","id":true,"method":"x"}', None, INVALID_REQUEST, "id: Input should be a valid integer"),
        (
            '{"jsonrpc":"2.0","id":["SECRET"],"method":"x"}',
            None,
            INVALID_REQUEST,
            "id: Input should be a valid integer",
        ),
        ("[]", None, INVALID_REQUEST, "should be an object"),
        ("SECRET", None, PARSE_ERROR, "Invalid JSON"),
    ],
    ids=lambda value: str(value)[:60],
)
def test_a_line_without_a_message_is_answered_with_what_can_be_found_of_it(
    line: str, known: int | str | None, code: int, reason: str
) -> None:
    answer = _refused(line.encode())
    assert (answer.id, answer.error.code) == (known, code)
    assert reason in answer.error.message
    assert "SECRET" not in answer.model_dump_json()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (REQUEST % ("7", UNPAIRED), "Bu ileti bozuk bir karakter içeriyor (eşi eksik bir Unicode vekil karakteri)."),
        ("[]", "Bu ileti okunamadı: Input should be an object."),
    ],
)
def test_the_reason_is_told_in_the_operators_language_around_the_parsers_own_words(line: str, said: str) -> None:
    assert _refused(line.encode(), "tr").error.message == said


def test_bytes_that_are_no_utf_8_are_not_replaced_in_silence() -> None:
    answer = _refused((REQUEST % ("7", '"?"')).encode().replace(b"?", b"\xed\xa0\xbd"))
    assert answer == JSONRPCError.model_validate(
        {
            "jsonrpc": "2.0",
            "id": 7,
            "error": {
                "code": INVALID_REQUEST,
                "message": "This message holds a broken character (an unpaired surrogate).",
            },
        }
    )
    assert json.loads(answer.model_dump_json(by_alias=True, exclude_unset=True))["id"] == 7


@pytest.mark.parametrize(("written", "known"), [("7", 7), ('"yedi"', "yedi"), ('"öğün"', None)])
@pytest.mark.parametrize("encoding", ["windows-1254", "iso-8859-9"])
@pytest.mark.parametrize("language", ["en", "tr"])
def test_a_message_in_another_encoding_is_told_of_the_code_page(
    written: str, known: int | str | None, encoding: str, language: Language
) -> None:
    answer = _refused((REQUEST % (written, '"Şifreniz hazır"')).encode(encoding), language)
    assert (answer.id, answer.error.code) == (known, PARSE_ERROR)
    assert {"en": "Windows-1254, the Turkish code page", "tr": "Windows-1254 (Türkçe kod sayfası)"}[
        language
    ] in answer.error.message


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ({"id": 1.0, "method": "ping"}, {"id": 1, "method": "ping"}),
        ({"id": -3.0, "result": {}}, {"id": -3, "result": {}}),
        ({"id": 2, "method": "tools/list", "params": []}, {"id": 2, "method": "tools/list", "params": {}}),
        (
            {"method": "notifications/cancelled", "params": {"requestId": 1.0}},
            {"method": "notifications/cancelled", "params": {"requestId": 1}},
        ),
        (
            {"id": 1, "method": "x", "params": {"_meta": {"progressToken": 4.0}, "arguments": []}},
            {"id": 1, "method": "x", "params": {"_meta": {"progressToken": 4}, "arguments": {}}},
        ),
        (
            {"id": 1, "method": "initialize", "params": {"capabilities": {"elicitation": {"form": []}, "roots": []}}},
            {"id": 1, "method": "initialize", "params": {"capabilities": {"elicitation": {"form": {}}, "roots": {}}}},
        ),
    ],
)
def test_what_some_languages_cannot_write_otherwise_is_taken_as_meant(
    written: dict[str, Any], meant: dict[str, Any]
) -> None:
    message, repaired = parse(json.dumps({"jsonrpc": "2.0", **written}).encode())
    assert repaired
    assert (message, False) == parse(json.dumps({"jsonrpc": "2.0", **meant}).encode())


@pytest.mark.parametrize(
    "params",
    [
        {"arguments": {"recipients": [], "text": "5.0", "params": [], "page": 1.0}},
        {"clientInfo": {"icons": []}, "capabilities": {}},
        {"requestId": 1.5, "_meta": {"progressToken": "1.0"}},
    ],
)
def test_nothing_else_is_touched(params: dict[str, Any]) -> None:
    message, repaired = parse(json.dumps({"jsonrpc": "2.0", "id": 1, "method": "x", "params": params}).encode())
    assert isinstance(message, JSONRPCRequest)
    assert (repaired, message.params) == (False, params)


def test_a_number_that_is_none_is_passed_on_as_it_came() -> None:
    message, repaired = parse(b'{"jsonrpc":"2.0","id":1,"method":"x","params":{"page":NaN}}')
    assert isinstance(message, JSONRPCRequest)
    assert message.params is not None
    assert math.isnan(message.params["page"])
    assert not repaired
