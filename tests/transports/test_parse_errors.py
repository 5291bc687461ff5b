from __future__ import annotations

import json

import pytest
from mcp.types import INVALID_REQUEST, PARSE_ERROR, JSONRPCError, jsonrpc_message_adapter
from pydantic import ValidationError

from iletimerkezi_mcp.transports.parse_errors import refusal

HALF = r'"\ud83d"'
CALL = '{"jsonrpc":"2.0","id":%s,"method":"tools/call","params":{"x":%s}}'


def _refused(line: bytes) -> JSONRPCError:
    with pytest.raises(ValidationError) as caught:
        jsonrpc_message_adapter.validate_json(line, by_name=False)
    return refusal(line, caught.value)


@pytest.mark.parametrize(
    ("line", "known", "code", "reason"),
    [
        (CALL % ("7", HALF), 7, INVALID_REQUEST, "half of an emoji"),
        (CALL % ('"seven"', HALF), "seven", INVALID_REQUEST, "half of an emoji"),
        (CALL % ("7", "[" * 300 + "]" * 300), 7, INVALID_REQUEST, "recursion limit"),
        (CALL % ("7", "1" * 5000), 7, INVALID_REQUEST, "out of range"),
        (CALL % (HALF, "0"), None, PARSE_ERROR, "half of an emoji"),
        (CALL % ("true", HALF), None, PARSE_ERROR, "half of an emoji"),
        (CALL % ("7", "[" * 300_000), None, PARSE_ERROR, "recursion limit"),
        ('{"jsonrpc":"2.0","id":7,"result":{"x":' + HALF + "}}", None, PARSE_ERROR, "half of an emoji"),
        ('{"id":7,"method":"tools/list"}', 7, INVALID_REQUEST, "Field required"),
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
        (CALL % ("7", HALF), "Bu ileti bozuk bir karakter içeriyor (yarım emoji)."),
        ("[]", "Bu ileti okunamadı: Input should be an object."),
    ],
)
def test_the_reason_is_told_in_the_operators_language_around_the_parsers_own_words(line: str, said: str) -> None:
    with pytest.raises(ValidationError) as caught:
        jsonrpc_message_adapter.validate_json(line, by_name=False)
    assert refusal(line.encode(), caught.value, "tr").error.message == said


def test_bytes_that_are_no_utf_8_are_not_replaced_in_silence() -> None:
    answer = _refused((CALL % ("7", '"?"')).encode().replace(b"?", b"\xed\xa0\xbd"))
    assert answer == JSONRPCError.model_validate(
        {
            "jsonrpc": "2.0",
            "id": 7,
            "error": {"code": INVALID_REQUEST, "message": "This message holds a broken character (half of an emoji)."},
        }
    )
    assert json.loads(answer.model_dump_json(by_alias=True, exclude_unset=True))["id"] == 7
