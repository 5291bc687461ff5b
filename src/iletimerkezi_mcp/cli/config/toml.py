"""TOML edited in one table: comments, order and every other table stay. tomlkit is loaded when a file is edited."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, MutableMapping, Sequence
from difflib import ndiff
from typing import Any

from iletimerkezi_mcp.language import Text

from .files import member, occupied, unreadable

Changes = Mapping[tuple[str, ...], Any]
"""New values by their path inside a table; None takes the member away."""


def read(text: str) -> dict[str, Any]:
    """Return the document that `text` is. Raises :class:`.HostFileError`."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise unreadable(Text("it is not TOML", "TOML değil")) from None


def put(text: str, table: Sequence[str], changes: Changes) -> str:
    """Return `text` with `changes` made in `table`, which is added at the end if it is missing.

    Raises :class:`.HostFileError` if the text is not TOML, or if the result would not say exactly that.
    """
    newline = "\r\n" if "\r\n" in text else "\n"
    plain = text.replace("\r\n", "\n")
    document = read(plain)
    present = member(document, table) is not None
    _apply(document, table, changes)
    if document == read(plain):
        return text
    edited = _edit(plain, table, changes) if present else _extend(plain, table, changes)
    try:
        if tomllib.loads(edited) == document and not _moves_lines(plain, edited):
            return edited.replace("\n", newline)
    except tomllib.TOMLDecodeError:
        """The table is written in a way that cannot be extended."""
    raise occupied(".".join(table))


def _moves_lines(before: str, after: str) -> bool:
    """Return True if a line has another place: tomlkit moves tables that stand between others, comments and all."""
    removed, added = set(), set()
    for line in ndiff(before.splitlines(), after.splitlines()):
        if line.startswith("- "):
            removed.add(line[2:].strip())
        elif line.startswith("+ "):
            added.add(line[2:].strip())
    return any(character.isalnum() for line in removed & added for character in line)


def _apply(document: MutableMapping[str, Any], table: Sequence[str], changes: Changes) -> None:
    """Make `changes` in a document of either library. What is right already keeps its spelling."""
    for (*inner, last), value in changes.items():
        at, path = document, [*table, *inner]
        for depth, name in enumerate(path, 1):
            at = at.setdefault(name, {})
            if not isinstance(at, MutableMapping):
                raise occupied(".".join(path[:depth]))
        if value is None:
            at.pop(last, None)
        elif at.get(last) != value:
            at[last] = value


def _edit(text: str, table: Sequence[str], changes: Changes) -> str:
    import tomlkit
    from tomlkit.items import Table

    document = tomlkit.parse(text)
    at: Any = document
    for name in table:
        at = at[name]
    # The blank lines and comments at a table's end most often belong to the next one.
    body = at.value.body if isinstance(at, Table) else []
    tail = []
    while body and body[-1][0] is None:
        tail.append(body.pop())
    _apply(document, table, changes)
    body.extend(reversed(tail))
    return tomlkit.dumps(document)


def _extend(text: str, table: Sequence[str], changes: Changes) -> str:
    """Return `text` with the new table after all others: tomlkit 0.15 loses members put between scattered tables."""
    import tomlkit

    addition: dict[str, Any] = {}
    _apply(addition, table, changes)
    gap = "" if not text.strip() else "\n" if text.endswith("\n") else "\n\n"
    return text + gap + tomlkit.dumps(addition)
