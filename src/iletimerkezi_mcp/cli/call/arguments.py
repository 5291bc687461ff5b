"""A tool's arguments as flags, made from its own schema, and their values: a text itself, or what a file holds."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from iletimerkezi_mcp.cli.suggestion import with_suggestion
from iletimerkezi_mcp.cli.usage import UsageError, flag_name
from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.settings import SETTINGS
from iletimerkezi_mcp.sms.escape import escape

LARGEST_FILE = 8 * 1024 * 1024
"""Characters of a file that are read: several times what the longest list of recipients or consents takes."""

FILE = "@"
"""The first character of a value that names a file; doubled, it is the first character of a text."""

_WHOLE = re.compile(r"-?[0-9]{1,18}")

_COMMA = re.compile("[,;]")

_UNREADABLE = Text(
    "{flag}: the file {name} cannot be read ({why}); a text that begins with @ is written @@.",
    "{flag}: {name} dosyası okunamıyor ({why}); @ ile başlayan bir metin @@ ile yazılır.",
)
_NOT_JSON = Text(
    "{flag} must be JSON, or @ and the name of a file that holds it.",
    "{flag} JSON ya da @ ile bir JSON dosyası olmalı.",
)
_NOT_JSON_AT = Text(
    "{flag} must be JSON, or @ and the name of a file that holds it (line {line}, column {column}).",
    "{flag} JSON ya da @ ile bir JSON dosyası olmalı ({line}. satır, {column}. sütun).",
)


@dataclass(frozen=True, slots=True)
class ToolArgument:
    """One argument of a tool: its name, its schema, and if it is required."""

    name: str
    schema: Mapping[str, Any]
    required: bool

    @property
    def flag(self) -> str:
        """``--message-type`` for `message_type`; the underscore is understood too."""
        return "--" + self.name.replace("_", "-")

    @property
    def repeats(self) -> bool:
        """True if the flag may be repeated: its values then make one list."""
        return bool(self.schema["type"] == "array")


def arguments_of(schema: Mapping[str, Any]) -> tuple[ToolArgument, ...]:
    required = schema.get("required", ())
    return tuple(ToolArgument(name, inner, name in required) for name, inner in schema["properties"].items())


def read(tool: str, words: Sequence[str], arguments: Sequence[ToolArgument]) -> dict[str, Any] | None:
    """Return the arguments in `words`, by name; the tool itself judges the values and what is missing.

    None if a word in the place of a flag is ``--help``. Raises :class:`.UsageError`, which names the flag and not its
    value.
    """
    by_flag = {argument.flag: argument for argument in arguments}
    values: dict[str, Any] = {}
    rest = list(reversed(words))
    while rest:
        word = rest.pop()
        if word in ("-h", "--help"):
            return None
        flag, joined, text = word.partition("=")
        argument = by_flag.get(flag.replace("_", "-"))
        if argument is None:
            raise UsageError(_not_taken(tool, word, list(by_flag)))
        if not joined and argument.schema["type"] == "boolean" and (not rest or rest[-1].startswith("-")):
            text = "true"
        elif not joined:
            if not rest or rest[-1].startswith("--"):
                raise UsageError(
                    Text(
                        "{flag} needs a value; one that begins with -- is written {flag}=--….",
                        "{flag} bir değer ister; -- ile başlayan değer {flag}=--… diye yazılır.",
                    ).format(flag=argument.flag)
                )
            text = rest.pop()
        value = read_value(argument, text)
        if argument.repeats:
            values.setdefault(argument.name, []).extend(value)
        elif argument.name in values:
            raise UsageError(
                Text("{flag} may be given only once.", "{flag} yalnızca bir kez verilebilir.").format(
                    flag=argument.flag
                )
            )
        else:
            values[argument.name] = value
    return values


def _not_taken(tool: str, word: str, flags: Sequence[str]) -> Text:
    """Return the error for a word in the place of a flag; it may be a value, and is not repeated."""
    if not word.startswith("-"):
        return Text(
            "every argument of {tool} is a flag and its value; see call {tool} --help.",
            "{tool} aracının her parametresi bir seçenek ve değeridir; call {tool} --help çıktısına bakın.",
        ).format(tool=tool)
    flag = flag_name(word)
    if any(setting.flag == flag for setting in SETTINGS):
        return Text(
            "{tool} has no {flag}; a setting goes before the tool's name: call {flag} … {tool}.",
            "{tool} aracında {flag} yok; ayar olarak araç adından önce yazılır: call {flag} … {tool}.",
        ).format(tool=tool, flag=flag)
    problem = Text(
        "{tool} has no {flag}; see call {tool} --help.",
        "{tool} aracında {flag} yok; call {tool} --help çıktısına bakın.",
    ).format(tool=tool, flag=flag)
    return with_suggestion(problem, flag.replace("_", "-"), flags)


def read_value(argument: ToolArgument, text: str) -> Any:
    """Return the value that `text` is for `argument`. Raises :class:`.UsageError`.

    A text may be that of a file, whose last line break is no part of it. A list has commas or semicolons between its
    texts, or is a JSON list, and in a file also has one text a line; a list of records is JSON.
    """
    kind = argument.schema["type"]
    if kind == "integer":
        if _WHOLE.fullmatch(text) is None:
            raise UsageError(
                Text("{flag} must be a whole number.", "{flag} bir tam sayı olmalı.").format(flag=argument.flag)
            )
        return int(text)
    if kind == "boolean":
        if text not in ("true", "false"):
            raise UsageError(
                Text("{flag} must be true or false.", "{flag} true ya da false olmalı.").format(flag=argument.flag)
            )
        return text == "true"
    content, from_file = _content(argument.flag, text)
    if kind == "string":
        _check_choice(argument, content)
        return content
    assert kind == "array", kind
    if argument.schema["items"]["type"] == "object" or content.lstrip().startswith("["):
        return _json_list(argument.flag, content)
    values = content.splitlines() if from_file else [content]
    return [value.strip() for line in values for value in _COMMA.split(line) if value.strip()] or [content]


def _check_choice(argument: ToolArgument, text: str) -> None:
    """Raise :class:`.UsageError` if `text` is none of the argument's values; a blank one is left to the tool."""
    choices = argument.schema.get("enum", ())
    if choices and text.strip() and text not in choices:
        problem = Text("{flag} takes {choices}.", "{flag} şunlardan birini alır: {choices}.")
        choice = problem.format(flag=argument.flag, choices=", ".join(choices))
        raise UsageError(with_suggestion(choice, text, choices))


def _json_list(flag: str, content: str) -> list[Any]:
    try:
        value = json.loads(content)
    except json.JSONDecodeError as error:
        place = {"line": str(error.lineno), "column": str(error.colno)}
        raise UsageError(_NOT_JSON_AT.format(flag=flag, **place)) from None
    except (ValueError, RecursionError):
        raise UsageError(_NOT_JSON.format(flag=flag)) from None
    return value if isinstance(value, list) else [value]


def _content(flag: str, text: str) -> tuple[str, bool]:
    """Return the text that `text` is or names, and True if it came from a file."""
    if not text.startswith(FILE):
        return text, False
    if text.startswith(FILE * 2):
        return text[1:], False
    why: Text | str
    try:
        with Path(text[1:]).open(encoding="utf-8-sig") as file:
            content = file.read(LARGEST_FILE + 1)
    except UnicodeDecodeError:
        why = Text("it is not UTF-8", "UTF-8 değil")
    except (OSError, ValueError) as error:
        why = (isinstance(error, OSError) and error.strerror) or type(error).__name__
    else:
        if len(content) <= LARGEST_FILE:
            return content.removesuffix("\n"), True
        why = Text("it is too large", "çok büyük")
    raise UsageError(_UNREADABLE.format(flag=flag, name=escape(text[1:], 80), why=why))
