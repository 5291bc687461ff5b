"""The help of ``call``, made from the tools' own schemas and descriptions."""

from __future__ import annotations

import json
import shlex
import textwrap
from collections.abc import Sequence
from operator import itemgetter
from typing import Any

from iletimerkezi_mcp.cli.streams import PROGRAM
from iletimerkezi_mcp.cli.usage import INTERRUPTED, USAGE_ERROR
from iletimerkezi_mcp.language import Language, Text
from iletimerkezi_mcp.provider.outcomes import OUTCOMES
from iletimerkezi_mcp.tools.tool import Tool

from .arguments import ToolArgument, arguments_of

WIDTH = 100

_VALUES = Text(
    """How values are read:
  @FILE    the content of the file (UTF-8); a text that begins with @ is written @@
  lists    the flag again for each value, or a JSON list; in a file also one value a line
  JSON     an object, or a list of them; the flag may be repeated
  --x=y    the same as --x y, and the only way for a value that begins with --
Settings go before the tool's name: call --sandbox --lang en TOOL …""",
    """Değerler nasıl okunur:
  @DOSYA   dosyanın içeriği (UTF-8); @ ile başlayan metin @@ ile yazılır
  liste    her değer için seçenek yinelenir ya da JSON liste; dosyada satır başına bir değer de olur
  JSON     bir nesne ya da nesne listesi; seçenek yinelenebilir
  --x=y    --x y ile aynı; -- ile başlayan bir değer yalnızca böyle yazılır
Ayarlar araç adından önce yazılır: call --sandbox --lang tr ARAÇ …""",
)

_CONFIRMATION = Text(
    "On a terminal you are asked, with --confirm too. Elsewhere the first call prints a preview and a code (exit code "
    "3); the same call with --confirm CODE makes the change.",
    "Terminalde, --confirm verilse de, size sorulur. Başka yerde ilk çağrı önizlemeyi ve kodu yazar (çıkış kodu 3); aynı "
    "çağrı --confirm KOD ile işlemi yapar.",
)

_WITHOUT_ANSWER = {
    USAGE_ERROR: Text("the command line or a setting is wrong", "komut satırı ya da bir ayar yanlış"),
    INTERRUPTED: Text("stopped by Ctrl-C before anything was done", "bir şey yapılmadan Ctrl-C ile durduruldu"),
}
"""The exit codes of calls that ended before there was an outcome."""


def manual(tool: Tool[Any], language: Language) -> str:
    arguments = arguments_of(tool.spec().input_schema)
    parts = [f"{tool.name}: {tool.title}", textwrap.fill(tool.description, WIDTH)]
    if arguments:
        heading = Text("Arguments:", "Parametreler:").to(language)
        parts.append("\n".join([heading, *(_argument(argument, language) for argument in arguments)]))
        parts.append(_VALUES.to(language))
        if tool.example:
            parts.append(Text("Example:\n{call}", "Örnek:\n{call}").format(call=_example(tool)).to(language))
    if tool.changes:
        parts.append(textwrap.fill(_CONFIRMATION.to(language), WIDTH))
    parts.append(exit_codes(language))
    return "\n\n".join(parts) + "\n"


def listing(tools: Sequence[Tool[Any]], language: Language) -> str:
    width = max((len(tool.name) for tool in tools), default=0)
    kinds = {
        True: Text("changes something", "değişiklik yapar").to(language),
        False: Text("only reads", "yalnızca okur").to(language),
    }
    lines = [f"{tool.name:{width}}  {tool.title} ({kinds[tool.changes]})" for tool in tools]
    return "\n".join(lines) + "\n"


def exit_codes(language: Language) -> str:
    rows = [(facts.exit_code, str(outcome), facts.meaning) for outcome, facts in OUTCOMES.items()]
    rows += [(code, "-", meaning) for code, meaning in _WITHOUT_ANSWER.items()]
    rows.sort(key=itemgetter(0))
    lines = [f"  {code:<4} {outcome:<13} {meaning.to(language)}" for code, outcome, meaning in rows]
    return "\n".join([Text("Exit codes:", "Çıkış kodları:").to(language), *lines])


def _example(tool: Tool[Any]) -> str:
    """Return the tool's example call as a command in POSIX quotes."""
    flags = []
    for name, value in tool.example.items():
        for item in value if isinstance(value, list) else [value]:
            text = item if isinstance(item, str) else json.dumps(item, ensure_ascii=False)
            flags.append(f"--{name.replace('_', '-')} {shlex.quote(text)}")
    return " \\\n    ".join([f"  {PROGRAM} call {tool.name}", *flags])


def _argument(argument: ToolArgument, language: Language) -> str:
    notes = []
    if argument.required:
        notes.append(Text("required", "zorunlu"))
    if argument.repeats:
        notes.append(Text("may be repeated", "yinelenebilir"))
    if "default" in argument.schema:
        notes.append(Text("default {value}", "varsayılan {value}").format(value=str(argument.schema["default"])))
    head = f"  {argument.flag} {_metavar(argument)}"
    if notes:
        head += f"  ({', '.join(note.to(language) for note in notes)})"
    body = argument.schema.get("description", "")
    if fields := argument.schema.get("items", {}).get("properties"):
        body += " " + " ".join(f"{name}: {_field(field)}" for name, field in fields.items())
    return "\n".join([head, textwrap.fill(body, WIDTH, initial_indent=" " * 6, subsequent_indent=" " * 6)])


def _field(field: dict[str, object]) -> str:
    values = field.get("enum")
    choices = f" ({'|'.join(map(str, values))})" if isinstance(values, list) else ""
    return str(field["description"]).removesuffix(".") + choices + "."


def _metavar(argument: ToolArgument) -> str:
    kind = argument.schema.get("items", argument.schema)
    if "enum" in kind:
        return "|".join(kind["enum"])
    return {"string": "TEXT", "integer": "NUMBER", "object": "JSON", "boolean": "true|false"}[kind["type"]]
