"""JSON-RPC messages as hosts write them: their parsing, and the answer to what is no message, over any transport."""

from __future__ import annotations

import codecs
import json
from typing import Any

from mcp.types import (
    INVALID_REQUEST,
    PARSE_ERROR,
    ErrorData,
    JSONRPCError,
    JSONRPCMessage,
    JSONRPCRequest,
    jsonrpc_message_adapter,
)
from pydantic import ValidationError
from pydantic_core import from_json

from iletimerkezi_mcp.language import Language, Text
from iletimerkezi_mcp.redaction import Redactor

BOM = codecs.BOM_UTF8
"""The mark that Windows programs write before UTF-8; it is no part of a message."""

MAX_ID_DIGITS = 40
"""Digits of an integer that is parsed to find a request's id; longer ones are not ids, and slow to parse."""

_CAPABILITIES = frozenset({"capabilities", "io.modelcontextprotocol/clientCapabilities"})
_OBJECTS = frozenset({"params", "_meta", "arguments"}) | _CAPABILITIES
"""The names of objects that an empty list is taken for: PHP has one empty array for both."""

_FIELDS = ("jsonrpc", "id", "method", "params")
"""The fields of a message that a refusal names."""

_BROKEN_CHARACTER = Text(
    "This message holds a broken character (an unpaired surrogate).",
    "Bu ileti bozuk bir karakter içeriyor (eşi eksik bir Unicode vekil karakteri).",
)
_NOT_UTF8 = Text(
    "This message is not UTF-8; if it is in Windows-1254, the Turkish code page, write it in UTF-8.",
    "Bu ileti UTF-8 değil; Windows-1254 (Türkçe kod sayfası) ise UTF-8 olarak yazın.",
)
_UNREADABLE = Text("This message cannot be read: {error}.", "Bu ileti okunamadı: {error}.")


def parse(data: bytes) -> tuple[JSONRPCMessage, bool]:
    """Return the message in `data`, and True if it was repaired. Raises :class:`ValidationError`.

    The data is parsed first and validated then, which takes a third of the time of doing both at once: other calls
    wait meanwhile. Only keys are cached: the strings of a long list are all different.
    """
    try:
        frame = from_json(data, cache_strings="keys", allow_inf_nan=False)
    except ValueError:
        frame = None
    if not isinstance(frame, dict):
        # The same again, for an error that also says where the JSON breaks.
        return jsonrpc_message_adapter.validate_json(data, by_name=False), False
    repaired = _repair(frame)
    if frame.get("id") is not None and "method" in frame:
        # With an id that cannot be one it would pass for a notification, and never be answered.
        return JSONRPCRequest.model_validate(frame, by_name=False), repaired
    return jsonrpc_message_adapter.validate_python(frame, by_name=False), repaired


def _repair(frame: dict[str, Any]) -> bool:
    """Make whole floats integers where an id is expected, and empty lists objects; return True if there were any.

    Some hosts have no other numbers than floats, or no other empty object than a list.
    """
    repaired = _fill(frame, inside=False)
    params = frame.get("params")
    meta = params.get("_meta") if isinstance(params, dict) else None
    for place, name in ((frame, "id"), (params, "requestId"), (meta, "progressToken")):
        if isinstance(place, dict) and isinstance(number := place.get(name), float) and number.is_integer():
            place[name] = int(number)
            repaired = True
    return repaired


def _fill(container: dict[str, Any], *, inside: bool) -> bool:
    """Put an object in place of each empty list that stands for one; `inside` capabilities each does."""
    repaired = False
    for name, value in container.items():
        if name in _OBJECTS or inside:
            if value == []:
                container[name] = {}
                repaired = True
            elif isinstance(value, dict) and name != "arguments":
                repaired |= _fill(value, inside=inside or name in _CAPABILITIES)
    return repaired


def without_secrets(data: bytes, redactor: Redactor) -> bytes:
    """Return `data`, a line, a body or an event that holds one message, with the error in it redacted if it is one.

    Every error passes here on its way to the host, because the SDK's own repeat the method, the names and the version
    that the host sent. The id goes back as it came, so that the host finds its request.
    """
    if b'"error":' not in data:
        return data
    start, end = data.find(b"{"), data.rfind(b"}") + 1
    frame = json.loads(data[start:end])
    error = frame.get("error")
    frame["error"] = redactor.redact(error)
    return data if frame["error"] == error else data[:start] + json.dumps(frame).encode() + data[end:]


def refusal(data: bytes, error: ValidationError, language: Language = "en") -> JSONRPCError:
    """Return the answer to `data`, which is not a JSON-RPC message because of `error`, so that its sender does not wait for ever.

    The answer carries the request's id if it can still be found: unpaired surrogates in JSON strings, which
    JavaScript writes, deep nesting, long integers and other encodings break the parser and not the request's frame. It
    holds nothing else of the data.
    """
    try:
        frame = json.loads(data.decode(errors="replace"), parse_int=_short_integer)
    except (ValueError, RecursionError):
        frame = None
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    field = "".join(f"{step}: " for step in first["loc"] if step in _FIELDS)
    reason = _broken_character(data, frame) or _UNREADABLE.format(error=field + first["msg"])
    request = _request_id(frame)
    not_json = reason is _NOT_UTF8 or (first["type"] == "json_invalid" and request is None)
    return JSONRPCError(
        jsonrpc="2.0",
        id=request,
        error=ErrorData(code=PARSE_ERROR if not_json else INVALID_REQUEST, message=reason.to(language)),
    )


def _short_integer(digits: str) -> int | None:
    return int(digits) if len(digits) <= MAX_ID_DIGITS else None


def _request_id(frame: Any) -> int | str | None:
    """Return the id if `frame` was a request; the id of an answer counts the other side's requests."""
    if not isinstance(frame, dict) or not isinstance(frame.get("method"), str):
        return None
    _repair(frame)
    request = frame.get("id")
    if isinstance(request, str):
        return None if _has_surrogate(request) or "\ufffd" in request else request
    return request if isinstance(request, int) and not isinstance(request, bool) else None


def _broken_character(data: bytes, frame: Any) -> Text | None:
    """Return what is wrong with the characters of `data`, None if nothing is."""
    try:
        data.decode(errors="surrogatepass")
    except UnicodeDecodeError:
        return _NOT_UTF8
    try:
        data.decode()
    except UnicodeDecodeError:
        return _BROKEN_CHARACTER
    return _BROKEN_CHARACTER if _has_surrogate(json.dumps(frame, ensure_ascii=False)) else None


def _has_surrogate(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)
