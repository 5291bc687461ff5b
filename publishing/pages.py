"""A page for each tool: what it says of itself, its arguments and answer from its schemas, and a played example."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import mcp.types as mcp_types

from iletimerkezi_mcp.tools.catalogue import ALL
from iletimerkezi_mcp.tools.tool import Step, Tool

from .played import CODE, Played, play


def tool_page(tool: Tool[Any]) -> str:
    """Return the whole page of one tool, as Markdown."""
    spec = tool.spec()
    parts = [
        f"# `{tool.name}`: {tool.title}",
        tool.description,
        tool.notes,
        "## Arguments",
        _arguments(spec),
        "## Answer",
        _answer(spec),
        "## An example",
        "Played in the sandbox on Monday, 23 November 2026 at 10:00 in Istanbul; the code is another one each time.",
    ]
    for step, played in zip(tool.steps, play(tool), strict=True):
        parts += [step.caption, _call(step, played), f"```text\n{played.answer}\n```"]
    parts.append("[All tools](README.md)")
    return "\n\n".join(parts) + "\n"


def index_page() -> str:
    """Return the list of the tools' pages."""
    rows = ["| tool | what it is | changes something |", "|---|---|---|"]
    for tool in ALL:
        changes = "yes" if tool.changes else "no"
        rows.append(f"| [`{tool.name}`]({tool.name}.md) | {tool.title} | {changes} |")
    introduction = (
        "Each page is made from the tool's own description and schemas; its example is played in the sandbox."
    )
    return "\n\n".join(("# The tools", introduction, "\n".join(rows))) + "\n"


def _call(step: Step, played: Played) -> str:
    if step.confirm:
        return f"`{played.tool}` with the same arguments and `confirm` `{CODE}`:"
    call = json.dumps({"name": played.tool, "arguments": played.arguments}, ensure_ascii=False, indent=2)
    return f"```json\n{call}\n```"


def _arguments(spec: mcp_types.Tool) -> str:
    properties: Mapping[str, Mapping[str, Any]] = spec.input_schema["properties"]
    if not properties:
        return "None."
    required = spec.input_schema.get("required", [])
    rows = ["| argument | | what it is |", "|---|---|---|"]
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
        f"One flat object, and the same as text: {named}. What does not apply is left out; "
        "`outcome` says what happened, `summary` and `next_step` say it to a person."
    )


TOOL_PAGES: Mapping[str, Tool[Any]] = {f"docs/tools/{tool.name}.md": tool for tool in ALL}
