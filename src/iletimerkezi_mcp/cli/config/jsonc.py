"""JSON as hosts' files have it, with comments and commas before a closing bracket, edited in place.

Only the characters of what is put in are new; comments, order, spacing and line endings stay as they are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from iletimerkezi_mcp.language import Text

from .files import occupied, unreadable

_STRING = r'"[^"\\]*(?:\\.[^"\\]*)*"'
_COMMENT = re.compile(rf"({_STRING})|//[^\n]*|/\*.*?\*/", re.DOTALL)
_LAST_COMMA = re.compile(rf"({_STRING}|[\[{{]\s*,)|,(?=\s*[\]}}])", re.DOTALL)
_SEPARATOR = re.compile(r"[\s:,]*")
_INDENTED = re.compile(r"^([ \t]+)[^\s/]", re.MULTILINE)
_DECODER = json.JSONDecoder(strict=False)


def read(text: str) -> Any:
    """Return the document that `text` is. Raises :class:`.HostFileError`."""
    return _decode(_strict_json(text))


def put(text: str, path: Sequence[str | int], value: Any) -> str:
    """Return `text` with `value` at `path`, in place of what is there, or behind the other parts.

    A number is an index of a list. Objects and lists on the way are made if they are missing. Raises
    :class:`.HostFileError` if the text is not JSON, or if something on the way is no object (or no list).
    """
    plain = _strict_json(text)
    present = _decode(plain)
    start, end = len(plain) - len(plain.lstrip()), len(plain.rstrip())
    for depth, name in enumerate(path):
        if not isinstance(present, list if isinstance(name, int) else dict):
            raise occupied(".".join(map(str, path[:depth])) or "/")
        parts = _parts(plain, start)
        if name not in parts:
            for missing in reversed(path[depth + 1 :]):
                value = [value] if isinstance(missing, int) else {missing: value}
            label = "" if isinstance(name, int) else json.dumps(name, ensure_ascii=False) + ": "
            return _add(text, start, end, list(parts.values()), label, value)
        start, end = parts[name]
        present = _decode(plain[start:end])
    if present == value:
        return text
    return text[:start] + _format(text, value, _indent(text, start)) + text[end:]


def _strict_json(text: str) -> str:
    """Return `text` in strict JSON, each character at its place: blanks for comments, last commas and a byte order mark."""

    def blank(match: re.Match[str]) -> str:
        return match[1] or re.sub(r"[^\n]", " ", match[0])

    return _LAST_COMMA.sub(blank, _COMMENT.sub(blank, re.sub(r"^\ufeff", " ", text)))


def _decode(plain: str) -> Any:
    try:
        return _DECODER.decode(plain)
    except json.JSONDecodeError as error:
        why = Text("line {line} is not JSON", "{line}. satır JSON değil").format(line=str(error.lineno))
        raise unreadable(why) from None


def _parts(plain: str, start: int) -> dict[str | int, tuple[int, int]]:
    """Return where each part of the object or list at `start` begins and ends, by name or by index."""
    parts: dict[str | int, tuple[int, int]] = {}
    position = _after_separator(plain, start + 1)
    while plain[position] not in "]}":
        name: str | int = len(parts)
        if plain[start] == "{":
            name, position = _DECODER.raw_decode(plain, position)
            position = _after_separator(plain, position)
            # The last of several with one name is what every reader takes; it also becomes the last in order.
            parts.pop(name, None)
        _, end = _DECODER.raw_decode(plain, position)
        parts[name] = position, end
        position = _after_separator(plain, end)
    return parts


def _after_separator(plain: str, position: int) -> int:
    match = _SEPARATOR.match(plain, position)
    return match.end() if match else position


def _add(text: str, start: int, end: int, parts: Sequence[tuple[int, int]], label: str, value: Any) -> str:
    """Return `text` with one more part in the object or list from `start` to `end`: the last, on a line of its own."""
    newline = "\r\n" if "\r\n" in text else "\n"
    outer = _indent(text, start)
    inner = _indent(text, parts[0][0]) if parts else ""
    if len(inner) <= len(outer):
        inner = outer + _unit(text)
    close = end - 1
    # Behind the last comment: a line comment belongs to what precedes it.
    behind = len(text[:close].rstrip())
    rest = text[behind:close] if "\n" in text[behind:close] else newline + outer
    head = text[:behind]
    if parts and "," not in _COMMENT.sub("", text[parts[-1][1] : close]):
        last = parts[-1][1]
        head = text[:last] + "," + text[last:behind]
    return head + newline + inner + label + _format(text, value, inner) + rest + text[close:]


def _format(text: str, value: Any, indent: str) -> str:
    newline = "\r\n" if "\r\n" in text else "\n"
    return json.dumps(value, indent=_unit(text), ensure_ascii=False).replace("\n", newline + indent)


def _unit(text: str) -> str:
    """Return the indent of one level: that of the first line that is indented, or two spaces."""
    match = _INDENTED.search(text)
    return match[1] if match else "  "


def _indent(text: str, position: int) -> str:
    line = text[text.rfind("\n", 0, position) + 1 : position]
    return line[: len(line) - len(line.lstrip(" \t"))]
