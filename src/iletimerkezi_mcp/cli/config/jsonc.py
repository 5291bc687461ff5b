"""JSON as hosts' files have it, with comments and commas before a closing bracket, changed without being rewritten.

Only the characters of what is put in are new; comments, order, spacing and line endings stay as they are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

_BLANK = re.compile(r"(?:[ \t\r\n]|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_INDENTED = re.compile(r"^([ \t]+)[^\s/]", re.MULTILINE)
_VALUE = json.JSONDecoder(strict=False)


class NotJsonError(ValueError):
    """The text is no such JSON. `line` counts from 1."""

    def __init__(self, text: str, position: int) -> None:
        self.line = text.count("\n", 0, position) + 1
        super().__init__(f"line {self.line}")


class OccupiedError(ValueError):
    """On the way to a member stands something that is no object (or no list, where one is needed)."""

    def __init__(self, place: str) -> None:
        self.place = place
        super().__init__(place)


@dataclass(frozen=True, slots=True)
class Node:
    """A value and where it stands in the text. Of an object also its members, of a list its items."""

    start: int
    end: int
    value: Any
    members: dict[str, Node] = field(default_factory=dict)
    items: tuple[Node, ...] = ()

    @property
    def parts(self) -> tuple[Node, ...]:
        """What stands inside, in order."""
        return self.items or tuple(self.members.values())


def read(text: str) -> Node:
    """The document that `text` is. Raises :class:`NotJsonError`."""
    position = _skip(text, 1 if text.startswith("\ufeff") else 0)
    node = _node(text, position)
    if (end := _skip(text, node.end)) != len(text):
        raise NotJsonError(text, end)
    return node


def put(text: str, path: Sequence[str], value: Any) -> str:
    """`text` with `value` at `path`, in place of what is there; objects on the way are made where they are missing.

    Raises :class:`NotJsonError`, and :class:`OccupiedError` where something on the way is no object.
    """
    at = read(text)
    for depth, name in enumerate(path):
        if not isinstance(at.value, dict):
            raise OccupiedError(".".join(path[:depth]) or "/")
        if name not in at.members:
            for missing in reversed(path[depth + 1 :]):
                value = {missing: value}
            return _added(text, at, json.dumps(name, ensure_ascii=False) + ": ", value)
        at = at.members[name]
    if at.value == value:
        return text
    return text[: at.start] + _written(text, value, _indent(text, at.start)) + text[at.end :]


def append(text: str, path: Sequence[str], value: Any) -> str:
    """`text` with `value` behind the last item of the list at `path`, which has to be there.

    Raises :class:`OccupiedError` where it is no list.
    """
    at = read(text)
    for name in path:
        at = at.members[name]
    if not isinstance(at.value, list):
        raise OccupiedError(".".join(path))
    return _added(text, at, "", value)


def _added(text: str, at: Node, label: str, value: Any) -> str:
    """`text` with one part more in the object or list `at`, behind the others, each on a line of its own."""
    newline = "\r\n" if "\r\n" in text else "\n"
    outer = _indent(text, at.start)
    inner = _indent(text, at.parts[0].start) if at.parts else ""
    if len(inner) <= len(outer):
        inner = outer + _unit(text)
    close = at.end - 1
    # Behind the last comment: a line comment belongs to what stands before it.
    behind = len(text[:close].rstrip())
    rest = text[behind:close] if "\n" in text[behind:close] else newline + outer
    head = text[:behind]
    if at.parts and text[_skip(text, at.parts[-1].end)] != ",":
        last = at.parts[-1].end
        head = text[:last] + "," + text[last:behind]
    return head + newline + inner + label + _written(text, value, inner) + rest + text[close:]


def _written(text: str, value: Any, indent: str) -> str:
    newline = "\r\n" if "\r\n" in text else "\n"
    return json.dumps(value, indent=_unit(text), ensure_ascii=False).replace("\n", newline + indent)


def _unit(text: str) -> str:
    """What one level is indented by: as the first line that is, else two spaces."""
    found = _INDENTED.search(text)
    return found[1] if found else "  "


def _indent(text: str, position: int) -> str:
    """The blanks at the beginning of the line on which `position` is."""
    line = text[text.rfind("\n", 0, position) + 1 : position]
    return line[: len(line) - len(line.lstrip(" \t"))]


def _skip(text: str, position: int) -> int:
    """Behind blanks and comments."""
    found = _BLANK.match(text, position)
    return found.end() if found else position


def _node(text: str, start: int) -> Node:
    opening = text[start : start + 1]
    if opening == "{":
        members: dict[str, Node] = {}
        position = _skip(text, start + 1)
        while text[position : position + 1] != "}":
            name, position = _name(text, position)
            # The last of several with one name is what every reader takes; it also becomes the last in order.
            members.pop(name, None)
            members[name] = _node(text, position)
            position = _behind(text, members[name].end, "}")
        return Node(start, position + 1, {name: node.value for name, node in members.items()}, members=members)
    if opening == "[":
        items: list[Node] = []
        position = _skip(text, start + 1)
        while text[position : position + 1] != "]":
            items.append(_node(text, position))
            position = _behind(text, items[-1].end, "]")
        return Node(start, position + 1, [node.value for node in items], items=tuple(items))
    try:
        value, end = _VALUE.raw_decode(text, start)
    except json.JSONDecodeError as error:
        raise NotJsonError(text, error.pos) from None
    return Node(start, end, value)


def _name(text: str, position: int) -> tuple[str, int]:
    """A member's name, and where its value begins."""
    node = _node(text, position) if text[position : position + 1] == '"' else None
    colon = _skip(text, node.end) if node else position
    if node is None or text[colon : colon + 1] != ":":
        raise NotJsonError(text, colon)
    return node.value, _skip(text, colon + 1)


def _behind(text: str, position: int, closing: str) -> int:
    """Where the next part, or the bracket that closes, stands."""
    position = _skip(text, position)
    if text[position : position + 1] == ",":
        return _skip(text, position + 1)
    if text[position : position + 1] != closing:
        raise NotJsonError(text, position)
    return position
