"""Lines that hold no message: what to answer, so that whoever sent one does not wait in vain."""

from __future__ import annotations

import json
from typing import Any

from mcp.types import INVALID_REQUEST, PARSE_ERROR, ErrorData, JSONRPCError
from pydantic import ValidationError

from iletimerkezi_mcp.language import Language, Text

_MAX_DIGITS = 40
"""Digits of an integer that is read to find a request's id; longer ones are no ids, and slow to read."""


_BROKEN = Text(
    "This message holds a broken character (half of an emoji).", "Bu ileti bozuk bir karakter içeriyor (yarım emoji)."
)


def refusal(line: bytes, error: ValidationError, language: Language = "en") -> JSONRPCError:
    """The answer to `line`, which is no JSON-RPC message for the reason that `error` gives, in the parser's own words.

    Where the request's id can still be found, the answer carries it: JSON strings with half of an emoji, which
    JavaScript writes, deep nesting and long integers break the parser and not the request's frame. The answer
    holds nothing else of the line.
    """
    text = line.decode(errors="replace")
    try:
        found = json.loads(text, parse_int=_short)
    except (ValueError, RecursionError):
        found = None
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    said = first["msg"]
    reason = (
        _BROKEN
        if _broken(line, found)
        else Text(f"This message cannot be read: {said}.", f"Bu ileti okunamadı: {said}.")
    )
    known = _request_id(found)
    not_json = first["type"] == "json_invalid" and known is None
    return JSONRPCError(
        jsonrpc="2.0",
        id=known,
        error=ErrorData(code=PARSE_ERROR if not_json else INVALID_REQUEST, message=reason.to(language)),
    )


def _short(digits: str) -> int | None:
    return int(digits) if len(digits) <= _MAX_DIGITS else None


def _request_id(found: Any) -> int | str | None:
    """The id of what was a request; an answer's id counts another side's requests."""
    if not isinstance(found, dict) or not isinstance(found.get("method"), str):
        return None
    known = found.get("id")
    if isinstance(known, str):
        return None if _unpaired(known) else known
    return known if isinstance(known, int) and not isinstance(known, bool) else None


def _broken(line: bytes, found: Any) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return True
    return _unpaired(json.dumps(found, ensure_ascii=False))


def _unpaired(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)
