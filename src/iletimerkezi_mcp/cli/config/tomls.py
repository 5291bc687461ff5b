"""TOML changed without being rewritten: one table gets members, everything else stays character for character."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .block import table, toml

_HEADER = re.compile(r"[ \t]*\[(\[)?")


class NotTomlError(ValueError):
    """The text is no TOML."""


class OccupiedError(ValueError):
    """The table is there, but written in a way that a member cannot be put into it as a line."""


@dataclass(frozen=True, slots=True)
class _Statement:
    """A header, or one member with its value, or a line of neither.

    `path` is what a table's header names, and empty for one of a list of tables; None where there is no header.
    `name` is that of a member, or of the first part of it.
    """

    text: str
    path: tuple[str, ...] | None = None
    name: str | None = None


def read(text: str) -> dict[str, Any]:
    """The document. Raises :class:`NotTomlError`."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise NotTomlError(str(error)) from None


def put(text: str, path: Sequence[str], members: Mapping[str, Any], gone: Sequence[str] = ()) -> str:
    """`text` with `members` in the table at `path`, which is made at the end where it is missing.

    Other members of that table stay, those named in `gone` go. Raises :class:`NotTomlError`, and
    :class:`OccupiedError` where the result would not say exactly that.
    """
    newline = "\r\n" if "\r\n" in text else "\n"
    plain = text.replace("\r\n", "\n")
    wanted = _expected(read(plain), path, members, gone)
    statements = _statements(plain)
    own = _place(statements, path)
    if own is None:
        gap = "" if not plain.strip() else "\n" if plain.endswith("\n") else "\n\n"
        changed = plain + gap + table(".".join(path), dict(members))
    else:
        changed = "".join(_table(statements, own, members, gone))
    try:
        as_wanted = tomllib.loads(changed) == wanted
    except tomllib.TOMLDecodeError:
        as_wanted = False
    if not as_wanted:
        raise OccupiedError(".".join(path))
    return changed.replace("\n", newline)


def has_table(text: str, path: Sequence[str]) -> bool:
    """Whether `text`, which is TOML, has a table with that header."""
    return _place(_statements(text.replace("\r\n", "\n")), path) is not None


def _place(statements: Sequence[_Statement], path: Sequence[str]) -> int | None:
    return next((place for place, one in enumerate(statements) if one.path == tuple(path)), None)


def _expected(
    document: dict[str, Any], path: Sequence[str], members: Mapping[str, Any], gone: Sequence[str]
) -> dict[str, Any]:
    at = document
    for name in path:
        at = at.setdefault(name, {})
        if not isinstance(at, dict):
            raise OccupiedError(".".join(path))
    at.update(members)
    for name in gone:
        at.pop(name, None)
    return document


def _table(statements: list[_Statement], own: int, members: Mapping[str, Any], gone: Sequence[str]) -> list[str]:
    """All texts, with the table whose header is number `own` changed."""
    end = next((place for place, one in enumerate(statements) if place > own and one.path is not None), len(statements))
    # The blank lines and comments at a table's end most often belong to the next one.
    while end > own + 1 and statements[end - 1].name is None:
        end -= 1
    left = dict(members)
    lines = []
    for one in statements[own:end]:
        if one.name in left:
            value = left.pop(one.name)
            lines.append(one.text if tomllib.loads(one.text) == {one.name: value} else f"{one.name} = {toml(value)}\n")
        elif one.name not in gone:
            lines.append(one.text)
    if not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    lines += [f"{name} = {toml(value)}\n" for name, value in left.items()]
    return [
        *(one.text for one in statements[:own]),
        *lines,
        *(one.text for one in statements[end:]),
    ]


def _statements(text: str) -> list[_Statement]:
    """`text`, which is TOML, cut up. A value may run over several lines; it ends where what was read is complete."""
    found: list[_Statement] = []
    pending = ""
    for line in re.findall(r"[^\n]*\n|[^\n]+", text):
        pending += line
        try:
            said = tomllib.loads(pending)
        except tomllib.TOMLDecodeError:
            continue
        if header := _HEADER.match(pending):
            found.append(_Statement(pending, path=() if header[1] else _path(said)))
        else:
            found.append(_Statement(pending, name=next(iter(said), None)))
        pending = ""
    return found


def _path(said: dict[str, Any]) -> tuple[str, ...]:
    """The names in a header: one inside the other, and nothing in the last."""
    names = []
    while said:
        name, said = next(iter(said.items()))
        names.append(name)
    return tuple(names)
