"""A page for each tool: what is made from its record and its schemas, and the answers of its played examples.

The notes and the calls are written by hand, in the page itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import mcp.types as mcp_types

from iletimerkezi_mcp.tools.catalogue import LIST_TOOLS, TOOLS
from iletimerkezi_mcp.tools.tool import Tool

from .blocks import fill_blocks
from .played import Example, play
from .project import ROOT

TOOL_PAGES: Final[Mapping[str, Tool[Any]]] = {f"docs/tools/{tool.name}.md": tool for tool in (*TOOLS, *LIST_TOOLS)}
"""The tools by the path of their page."""

_EXAMPLE_HEADING: Final = (
    "## An example\n\nPlayed in the sandbox, one call a minute from Monday, 23 November 2026 at 10:00 in Istanbul; the code "
    "is another one each time."
)

_EXAMPLE: Final = re.compile(r"```json\n(?P<call>.*?)```\n\n```text\n(?P<answer>.*?)```", re.DOTALL)


def tool_page(path: str) -> str:
    """Return the whole page at `path`, as Markdown, with each call's answer below it."""
    tool = TOOL_PAGES[path]
    spec = tool.spec()
    page = fill_blocks(
        path,
        {
            "tool": f"# `{tool.name}`: {tool.title}\n\n{tool.description}",
            "schemas": f"{_arguments(spec)}\n\n{_answer(spec)}\n\n{_EXAMPLE_HEADING}",
        },
    )
    answers = iter(example(path).answers)
    return _EXAMPLE.sub(lambda found: f"```json\n{found['call']}```\n\n```text\n{next(answers)}\n```", page)


def example(path: str) -> Example:
    """Play the calls of the page at `path`.

    Raises :class:`ValueError` for a page without calls, or with one below which there is no place for its answer.
    """
    page = (ROOT / path).read_text(encoding="utf-8")
    calls = tuple(found["call"] for found in _EXAMPLE.finditer(page))
    if not calls or page.count("```json") != len(calls):
        raise ValueError(f"{path} needs a call as ```json, and ```text below each call for its answer")
    return play(calls, with_lists=TOOL_PAGES[path] in LIST_TOOLS)


def index_page() -> str:
    """Return the list of the tools' pages."""
    rows = ["| tool | what it is | changes something |", "|---|---|---|"]
    for tool in TOOL_PAGES.values():
        changes = "yes" if tool.changes else "no"
        rows.append(f"| [`{tool.name}`]({tool.name}.md) | {tool.title} | {changes} |")
    introduction = (
        "Each page has the tool's own description and schemas; its example is played in the sandbox. "
        "Those that work with lists are offered only with `ILETIMERKEZI_FILES_DIR`: "
        f"{', '.join(f'`{tool.name}`' for tool in LIST_TOOLS)}."
    )
    return "\n\n".join(("# The tools", introduction, "\n".join(rows))) + "\n"


def _arguments(spec: mcp_types.Tool) -> str:
    properties: Mapping[str, Mapping[str, Any]] = spec.input_schema["properties"]
    if not properties:
        return "## Arguments\n\nNone."
    required = spec.input_schema.get("required", [])
    rows = ["## Arguments", "", "| argument | | what it is |", "|---|---|---|"]
    for name, schema in properties.items():
        need = "required" if name in required else f"default `{schema['default']}`" if "default" in schema else ""
        rows.append(f"| `{name}` | {need} | {_words(schema)} |")
        fields = schema.get("items", {}).get("properties", {})
        rows += [f"| `{name}[].{field}` | | {_words(inner)} |" for field, inner in fields.items()]
    return "\n".join(rows)


def _words(schema: Mapping[str, Any]) -> str:
    words = schema.get("description", "")
    if "enum" in schema and not all(word in words for word in schema["enum"]):
        words += f" One of {', '.join(f'`{word}`' for word in schema['enum'])}."
    return str(words).replace("|", "\\|").strip()


def _answer(spec: mcp_types.Tool) -> str:
    properties = (spec.output_schema or {})["properties"]
    named = ", ".join(f"`{name}`" for name in properties)
    return (
        f"## Answer\n\nOne flat object, and the same as text: {named}. What does not apply is left out; "
        "`outcome` says what happened, `summary` and `next_step` say it to a person."
    )
