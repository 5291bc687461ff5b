"""JSON as hosts' files have it, with comments and commas before a closing bracket, edited in place.

Only the characters of what is put in are new; comments, order, spacing and line endings stay as they are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from iletimerkezi_mcp.language import Text

from .errors import HostFileError, occupied, unreadable

_BLANK = re.compile(r"(?:[ \t\r\n]|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_INDENTED = re.compile(r"^([ \t]+)[^\s/]", re.MULTILINE)
_VALUE = json.JSONDecoder(strict=False)


@dataclass(frozen=True, slots=True)
class Node:
    """A value and its place in the text; of an object or list also its parts, by name or by index."""

    start: int
    end: int
    value: Any
    parts: dict[str | int, Node] = field(default_factory=dict)


def read(text: str) -> Node:
    """Return the document that `text` is. Raises :class:`.HostFileError`."""
    node = _node(text, _skip(text, 1 if text.startswith("\ufeff") else 0))
    if (end := _skip(text, node.end)) != len(text):
        raise _not_json(text, end)
    return node


def put(text: str, path: Sequence[str | int], value: Any) -> str:
    """Return `text` with `value` at `path`, in place of what is there, or behind the other parts.

    A number is an index of a list. Objects and lists on the way are made if they are missing. Raises
    :class:`.HostFileError` if the text is not JSON, or if something on the way is no object (or no list).
    """
    at = read(text)
    for depth, name in enumerate(path):
        if not isinstance(at.value, list if isinstance(name, int) else dict):
            raise occupied(".".join(map(str, path[:depth])) or "/")
        if name not in at.parts:
            for missing in reversed(path[depth + 1 :]):
                value = [value] if isinstance(missing, int) else {missing: value}
            label = "" if isinstance(name, int) else json.dumps(name, ensure_ascii=False) + ": "
            return _added(text, at, label, value)
        at = at.parts[name]
    if at.value == value:
        return text
    return text[: at.start] + _written(text, value, _indent(text, at.start)) + text[at.end :]


def _added(text: str, at: Node, label: str, value: Any) -> str:
    """Return `text` with one more part in the object or list `at`, behind the others, on a line of its own."""
    newline = "\r\n" if "\r\n" in text else "\n"
    parts = list(at.parts.values())
    outer = _indent(text, at.start)
    inner = _indent(text, parts[0].start) if parts else ""
    if len(inner) <= len(outer):
        inner = outer + _unit(text)
    close = at.end - 1
    # Behind the last comment: a line comment belongs to what precedes it.
    behind = len(text[:close].rstrip())
    rest = text[behind:close] if "\n" in text[behind:close] else newline + outer
    head = text[:behind]
    if parts and text[_skip(text, parts[-1].end)] != ",":
        last = parts[-1].end
        head = text[:last] + "," + text[last:behind]
    return head + newline + inner + label + _written(text, value, inner) + rest + text[close:]


def _written(text: str, value: Any, indent: str) -> str:
    newline = "\r\n" if "\r\n" in text else "\n"
    return json.dumps(value, indent=_unit(text), ensure_ascii=False).replace("\n", newline + indent)


def _unit(text: str) -> str:
    """Return the indent of one level: that of the first line that is indented, or two spaces."""
    match = _INDENTED.search(text)
    return match[1] if match else "  "


def _indent(text: str, position: int) -> str:
    """Return the blanks at the beginning of the line on which `position` is."""
    line = text[text.rfind("\n", 0, position) + 1 : position]
    return line[: len(line) - len(line.lstrip(" \t"))]


def _skip(text: str, position: int) -> int:
    """Return the position behind blanks and comments."""
    match = _BLANK.match(text, position)
    return match.end() if match else position


def _node(text: str, start: int) -> Node:
    opening = text[start : start + 1]
    if opening not in ("{", "["):
        try:
            value, end = _VALUE.raw_decode(text, start)
        except json.JSONDecodeError as error:
            raise _not_json(text, error.pos) from None
        return Node(start, end, value)
    closing = "}" if opening == "{" else "]"
    parts: dict[str | int, Node] = {}
    position = _skip(text, start + 1)
    while text[position : position + 1] != closing:
        name: str | int = len(parts)
        if opening == "{":
            name, position = _name(text, position)
            # The last of several with one name is what every reader takes; it also becomes the last in order.
            parts.pop(name, None)
        parts[name] = _node(text, position)
        position = _next(text, parts[name].end, closing)
    values = {name: node.value for name, node in parts.items()}
    return Node(start, position + 1, values if opening == "{" else list(values.values()), parts)


def _name(text: str, position: int) -> tuple[str, int]:
    """Return a member's name, and the position of its value."""
    node = _node(text, position) if text[position : position + 1] == '"' else None
    colon = _skip(text, node.end) if node else position
    if node is None or text[colon : colon + 1] != ":":
        raise _not_json(text, colon)
    return node.value, _skip(text, colon + 1)


def _next(text: str, position: int, closing: str) -> int:
    """Return the position of the next part, or of the closing bracket."""
    position = _skip(text, position)
    if text[position : position + 1] == ",":
        return _skip(text, position + 1)
    if text[position : position + 1] != closing:
        raise _not_json(text, position)
    return position


def _not_json(text: str, position: int) -> HostFileError:
    line = str(text.count("\n", 0, position) + 1)
    return unreadable(Text("line {line} is not JSON", "{line}. satır JSON değil").format(line=line))
