"""The help of ``call``, made from the tools' own schemas and descriptions."""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence
from operator import itemgetter
from typing import Any

from iletimerkezi_mcp.cli.help_page import filled
from iletimerkezi_mcp.cli.streams import PROGRAM
from iletimerkezi_mcp.cli.usage import EXIT_CODES, INTERRUPTED, USAGE_ERROR
from iletimerkezi_mcp.language import Language, Text, verbatim
from iletimerkezi_mcp.provider.outcomes import OUTCOMES
from iletimerkezi_mcp.tools.tool import Tool

from .argument_words import ARGUMENTS
from .arguments import ToolArgument, arguments_of

_VALUES = Text("How values are read:", "Değerler nasıl okunur:")
_READ_AS = {
    Text("@FILE", "@DOSYA"): Text(
        "the content of the file (UTF-8); a text that begins with @ is written @@",
        "dosyanın içeriği (UTF-8); @ ile başlayan metin @@ ile yazılır",
    ),
    Text("lists", "liste"): Text(
        "commas between the values, the flag again for each, or a JSON list; in a file also one value a line",
        "değerler arasına virgül, her değer için yeniden seçenek ya da JSON liste; dosyada satır başına bir değer de olur",
    ),
    Text("JSON", "JSON"): Text(
        "an object, or a list of them; the flag may be repeated", "bir nesne ya da nesne listesi; seçenek yinelenebilir"
    ),
    Text("--x", "--x"): Text(
        "the same as --x true, if it takes true or false", "true|false alıyorsa --x true ile aynı"
    ),
    Text("--x=y", "--x=y"): Text(
        "the same as --x y, and the only way for a value that begins with --",
        "--x y ile aynı; -- ile başlayan bir değer yalnızca böyle yazılır",
    ),
}
_SETTINGS_FIRST = Text(
    "Settings go before the tool's name: call --sandbox --lang en TOOL …",
    "Ayarlar araç adından önce yazılır: call --sandbox --lang tr ARAÇ …",
)

_CONFIRMATION = Text(
    "On a terminal you are asked, with --confirm too. Elsewhere the first call prints a preview and a code (exit code "
    "3); the same call with --confirm CODE makes the change.",
    "Terminalde, --confirm verilse de, size sorulur. Başka yerde ilk çağrı önizlemeyi ve kodu yazar (çıkış kodu 3); aynı "
    "çağrı --confirm KOD ile işlemi yapar.",
)


def manual(tool: Tool[Any], language: Language) -> str:
    arguments = arguments_of(tool.spec().input_schema)
    parts = [filled(f"{tool.name}: {tool.summary.to(language)}")]
    if arguments:
        heading = Text("Arguments:", "Parametreler:").to(language)
        parts.append("\n".join([heading, *(_argument(argument, language) for argument in arguments)]))
        rows = [filled(words.to(language), 11, f"  {name.to(language)}") for name, words in _READ_AS.items()]
        parts.append("\n".join([_VALUES.to(language), *rows, filled(_SETTINGS_FIRST.to(language))]))
        if tool.example:
            parts.append(Text("Example:\n{call}", "Örnek:\n{call}").format(call=_example(tool)).to(language))
    if tool.changes:
        parts.append(filled(_CONFIRMATION.to(language)))
    parts.append(outcomes(language))
    return "\n\n".join(parts) + "\n"


def listing(tools: Sequence[Tool[Any]], language: Language) -> str:
    width = max((len(tool.name) for tool in tools), default=0) + 2
    kinds = {
        True: Text("changes something", "değişiklik yapar").to(language),
        False: Text("only reads", "yalnızca okur").to(language),
    }
    lines = [filled(f"{tool.summary.to(language)} ({kinds[tool.changes]})", width, tool.name) for tool in tools]
    return "\n".join(lines) + "\n"


def outcomes(language: Language) -> str:
    """Return the exit codes of a call, one line for each outcome."""
    rows = [(facts.exit_code, str(outcome), facts.meaning) for outcome, facts in OUTCOMES.items()]
    rows += [(code, "-", EXIT_CODES[code]) for code in (USAGE_ERROR, INTERRUPTED)]
    rows.sort(key=itemgetter(0))
    lines = [filled(meaning.to(language), 22, f"  {code:<4} {outcome}") for code, outcome, meaning in rows]
    return "\n".join([Text("Exit codes:", "Çıkış kodları:").to(language), *lines])


def _example(tool: Tool[Any]) -> str:
    """Return the tool's example call as a command in POSIX quotes."""
    flags = []
    for name, value in tool.example.items():
        for item in value if isinstance(value, list) else [value]:
            text = (
                item
                if isinstance(item, str)
                else json.dumps(item, ensure_ascii=False, indent=6).replace("\n}", "\n    }")
            )
            flags.append(f"--{name.replace('_', '-')} {shlex.quote(text)}")
    return " \\\n    ".join([f"  {PROGRAM} call {tool.name}", *flags])


def _argument(argument: ToolArgument, language: Language) -> str:
    notes = []
    if argument.required:
        notes.append(Text("required", "zorunlu"))
    if argument.repeats:
        notes.append(Text("may be repeated", "yinelenebilir"))
    if "default" in argument.schema:
        value = json.dumps(argument.schema["default"]).strip('"')
        notes.append(Text("default {value}", "varsayılan {value}").format(value=value))
    head = _metavar(argument).to(language)
    if notes:
        head += f"  ({', '.join(note.to(language) for note in notes)})"
    rows = [filled(head, 6, f"  {argument.flag}"), filled(ARGUMENTS[argument.name].to(language), 6)]
    for name, field in argument.schema.get("items", {}).get("properties", {}).items():
        choices = f" ({', '.join(field['enum'])})" if "enum" in field else ""
        rows.append(filled(f"{ARGUMENTS[name].to(language)}{choices}", 8, f"      {name}:"))
    return "\n".join(rows)


def _metavar(argument: ToolArgument) -> Text:
    kind = argument.schema.get("items", argument.schema)
    if "enum" in kind:
        return verbatim("|".join(kind["enum"]))
    return {
        "string": Text("TEXT", "METİN"),
        "integer": Text("NUMBER", "SAYI"),
        "object": verbatim("JSON"),
        "boolean": verbatim("[true|false]"),
    }[kind["type"]]
