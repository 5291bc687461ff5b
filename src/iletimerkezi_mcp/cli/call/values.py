"""What one value on the command line stands for: the text itself, or what a file holds, as its argument's kind wants it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from iletimerkezi_mcp.language import Text, verbatim
from iletimerkezi_mcp.sms.escape import escape

from .errors import WordsError

LARGEST_FILE = 8 * 1024 * 1024
"""Characters of a file that are read: several times what the longest list of recipients or consents takes."""

FILE = "@"
"""What a value begins with that names a file; doubled, it is the first character of a text."""

_WHOLE = re.compile(r"-?[0-9]{1,18}")

Read = Callable[[str, str], Any]
"""Reads a value; the flag, for the error, comes first. Raises :class:`.WordsError`."""


def reader(schema: Mapping[str, Any]) -> Read:
    """How a value of an argument with this schema is read. A kind that no tool has is a defect."""
    if schema["type"] == "array":
        return _READERS["array of " + schema["items"]["type"]]
    return _READERS[schema["type"]]


def _text(flag: str, given: str) -> str:
    """A file's last line break ends its last line and is no part of the text."""
    content, _ = _content(flag, given)
    return content


def _whole(flag: str, given: str) -> int:
    if _WHOLE.fullmatch(given) is None:
        raise WordsError(Text(f"{flag} must be a whole number.", f"{flag} bir tam sayı olmalı."))
    return int(given)


def _several(flag: str, given: str) -> list[Any]:
    """One text, or a JSON list of them; in a file also one a line."""
    content, from_file = _content(flag, given)
    if content.lstrip().startswith("["):
        return _list(flag, content)
    return [line.strip() for line in content.splitlines() if line.strip()] if from_file else [content]


def _records(flag: str, given: str) -> list[Any]:
    content, _ = _content(flag, given)
    return _list(flag, content)


_READERS: dict[str, Read] = {
    "string": _text,
    "integer": _whole,
    "array of string": _several,
    "array of object": _records,
}


def _list(flag: str, content: str) -> list[Any]:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as error:
        where = Text("", "")
        if isinstance(error, json.JSONDecodeError):
            where = Text(
                f" (line {error.lineno}, column {error.colno})", f" ({error.lineno}. satır, {error.colno}. sütun)"
            )
        raise WordsError(
            verbatim(flag)
            + Text(
                " must be JSON, or @ and the name of a file that holds it", " JSON ya da @ ile bir JSON dosyası olmalı"
            )
            + where
            + "."
        ) from None
    return found if isinstance(found, list) else [found]


def _content(flag: str, given: str) -> tuple[str, bool]:
    """What `given` stands for, and whether it came from a file."""
    if not given.startswith(FILE):
        return given, False
    if given.startswith(FILE * 2):
        return given[1:], False
    try:
        with Path(given[1:]).open(encoding="utf-8-sig") as file:
            content = file.read(LARGEST_FILE + 1)
    except UnicodeDecodeError:
        why = Text("it is not UTF-8", "UTF-8 değil")
    except (OSError, ValueError) as error:
        why = verbatim((isinstance(error, OSError) and error.strerror) or type(error).__name__)
    else:
        if len(content) <= LARGEST_FILE:
            return content.removesuffix("\n"), True
        why = Text("it is too large", "çok büyük")
    name = escape(given[1:], 80)
    raise WordsError(
        Text(f"{flag}: the file {name} cannot be read (", f"{flag}: {name} dosyası okunamıyor (")
        + why
        + Text("); a text that begins with @ is written @@.", "); @ ile başlayan bir metin @@ ile yazılır.")
    )
