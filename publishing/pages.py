"""A page for each tool: what it says of itself, its arguments and answer from its schemas, and a played example."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import mcp.types as mcp_types

from iletimerkezi_mcp.tools.catalogue import all_tools

from .examples import PAGES, Page, Step
from .played import CODE, Played, play


def tool_page(page: Page) -> str:
    """The whole page of one tool, as Markdown."""
    [spec] = [spec for spec in all_tools().specs if spec.name == page.tool]
    parts = [
        f"# `{spec.name}`: {spec.title}",
        spec.description or "",
        *page.notes,
        "## Arguments",
        _arguments(spec),
        "## Answer",
        _answer(spec),
        "## An example",
        "Played in the sandbox on Monday, 23 November 2026 at 10:00 in Istanbul; the code is another one each time.",
    ]
    for step, made in zip(page.steps, play(page), strict=True):
        parts += [step.said, _call(step, made), f"```text\n{made.answer}\n```"]
    parts.append("[All tools](README.md)")
    return "\n\n".join(parts) + "\n"


def index_page() -> str:
    """The list of the tools' pages."""
    rows = ["| tool | what it is | changes something |", "|---|---|---|"]
    for spec in all_tools().specs:
        changes = "no" if spec.annotations and spec.annotations.read_only_hint else "yes"
        rows.append(f"| [`{spec.name}`]({spec.name}.md) | {spec.title} | {changes} |")
    return (
        "\n\n".join(
            (
                "# The tools",
                "Each page is made from the tool's own description and schemas; its example is played in the sandbox.",
                "\n".join(rows),
            )
        )
        + "\n"
    )


def _call(step: Step, made: Played) -> str:
    if step.code:
        return f"`{made.tool}` with the same arguments and `confirm` `{CODE}`:"
    call = json.dumps({"name": made.tool, "arguments": made.arguments}, ensure_ascii=False, indent=2)
    return f"```json\n{call}\n```"


def _arguments(spec: mcp_types.Tool) -> str:
    properties: Mapping[str, Mapping[str, Any]] = spec.input_schema["properties"]
    if not properties:
        return "None."
    required = spec.input_schema.get("required", [])
    rows = ["| argument | | what it is |", "|---|---|---|"]
    for name, schema in properties.items():
        need = "required" if name in required else f"default `{schema['default']}`" if "default" in schema else ""
        rows.append(f"| `{name}` | {need} | {_told(schema)} |")
        inner = schema.get("items", {}).get("properties", {})
        rows += [f"| `{name}[].{one}` | | {_told(its)} |" for one, its in inner.items()]
    return "\n".join(rows)


def _told(schema: Mapping[str, Any]) -> str:
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


TOOL_PAGES: Mapping[str, Page] = {f"docs/tools/{page.tool}.md": page for page in PAGES}
