"""A page for each tool in each language: what is made from its record and its schemas, and the answers of its played examples.

The notes are written by hand, in the page itself; the calls as well, in the English one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final

import mcp.types as mcp_types

from iletimerkezi_mcp.cli.call.argument_words import ARGUMENTS
from iletimerkezi_mcp.language import Language, Text, verbatim
from iletimerkezi_mcp.tools.catalogue import TOOLS
from iletimerkezi_mcp.tools.list_catalogue import LIST_TOOLS
from iletimerkezi_mcp.tools.tool import Tool

from .blocks import fill_blocks, table
from .played import Example, play
from .project import ROOT

TOOL_PAGES: Final[Mapping[str, Tool[Any]]] = {f"docs/tools/{tool.name}.md": tool for tool in (*TOOLS, *LIST_TOOLS)}
"""The tools by the path of their English page."""

TURKISH_PAGES: Final[Mapping[str, str]] = {path.replace(".md", ".tr.md"): path for path in TOOL_PAGES}
"""The English pages by the path of the Turkish one."""

_EXAMPLE_HEADING: Final = Text(
    "## An example\n\nPlayed in the sandbox, one call a minute from Monday, 23 November 2026 at 10:00 in Istanbul; the code "
    "is another one each time.",
    "## Örnek\n\nDeneme ortamında, 23 Kasım 2026 Pazartesi günü İstanbul saatiyle 10.00'dan başlayarak dakikada bir çağrıyla "
    "çalıştırıldı; kod her seferinde başkadır.",
)

_ANSWER: Final = Text(
    "## Answer\n\nOne flat object, and the same as text: {fields}. What does not apply is left out; `outcome` says what "
    "happened, `summary` and `next_step` say it to a person.",
    "## Yanıt\n\nİç içe olmayan tek bir nesne, aynısı metin olarak da: {fields}. İlgisi olmayan alan yer almaz; ne olduğunu "
    "`outcome` söyler, `summary` ve `next_step` bunu bir kişiye anlatır.",
)

_EXAMPLE: Final = re.compile(r"```json\n(?P<call>.*?)```\n\n```text\n(?P<answer>.*?)```", re.DOTALL)


def tool_page(path: str) -> str:
    """Return the whole page at `path`, as Markdown, with each call's answer below it.

    Raises :class:`ValueError` for a page without calls, with one below which there is no place for its answer, or with
    another number of calls than the English one.
    """
    english = TURKISH_PAGES.get(path, path)
    language: Language = "en" if path == english else "tr"
    tool = TOOL_PAGES[english]
    spec = tool.spec()
    parts = (_arguments(spec, language), _answer(spec, language), _EXAMPLE_HEADING.to(language))
    page = fill_blocks(path, {"tool": _head(tool, language), "schemas": "\n\n".join(parts)})
    calls = _calls(english)
    if len(_calls(path)) != len(calls):
        raise ValueError(f"{path} needs a place for each of the {len(calls)} calls of {english}")
    played = zip(calls, example(english, language).answers, strict=True)
    return _EXAMPLE.sub(lambda _: "```json\n{}```\n\n```text\n{}\n```".format(*next(played)), page)


def example(path: str, language: Language = "en") -> Example:
    """Play the calls of the English page at `path`, with the answers in `language`."""
    return play(_calls(path), language=language, with_lists=TOOL_PAGES[path] in LIST_TOOLS)


def _calls(path: str) -> tuple[str, ...]:
    page = (ROOT / path).read_text(encoding="utf-8")
    calls = tuple(found["call"] for found in _EXAMPLE.finditer(page))
    if not calls or page.count("```json") != len(calls):
        raise ValueError(f"{path} needs a call as ```json, and ```text below each call for its answer")
    return calls


def _head(tool: Tool[Any], language: Language) -> str:
    if language == "en":
        return f"# `{tool.name}`: {tool.title}\n\n[Türkçesi]({tool.name}.tr.md)\n\n{tool.description}"
    confirmed = "\n\nDeğişiklik yapar: onay verilmeden hiçbir işlem yapmaz." if tool.changes else ""
    return f"# `{tool.name}`: {tool.summary.tr}\n\n[English]({tool.name}.md){confirmed}"


def _arguments(spec: mcp_types.Tool, language: Language) -> str:
    heading = Text("## Arguments", "## Parametreler").to(language)
    properties: Mapping[str, Mapping[str, Any]] = spec.input_schema["properties"]
    if not properties:
        return f"{heading}\n\n{Text('None.', 'Yok.').to(language)}"
    required = spec.input_schema.get("required", [])
    head = Text("argument||what it is", "parametre||açıklama")
    rows = []
    for name, schema in properties.items():
        need = Text("required", "zorunlu") if name in required else _default(schema)
        rows.append((f"`{name}`", need.to(language), _words(name, schema, language)))
        fields: Mapping[str, Mapping[str, Any]] = schema.get("items", {}).get("properties", {})
        rows += [(f"`{name}[].{field}`", "", _words(field, inner, language)) for field, inner in fields.items()]
    return f"{heading}\n\n{table(tuple(head.to(language).split('|')), *rows)}"


def _default(schema: Mapping[str, Any]) -> Text:
    if "default" not in schema:
        return verbatim("")
    return Text("default `{value}`", "varsayılan `{value}`").format(value=json.dumps(schema["default"]).strip('"'))


def _words(name: str, schema: Mapping[str, Any], language: Language) -> str:
    words = str(schema.get("description", "")) if language == "en" else ARGUMENTS[name].tr
    if "enum" in schema and not all(word in words for word in schema["enum"]):
        choices = ", ".join(f"`{word}`" for word in schema["enum"])
        choice = Text("{words} One of {choices}.", "{words} Şunlardan biri: {choices}.")
        words = choice.format(words=words, choices=choices).to(language)
    return words.replace("|", "\\|").strip()


def _answer(spec: mcp_types.Tool, language: Language) -> str:
    properties = (spec.output_schema or {})["properties"]
    return _ANSWER.format(fields=", ".join(f"`{name}`" for name in properties)).to(language)
