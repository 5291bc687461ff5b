"""A tool of the suite: through the product's registry, with any content that the protocol knows."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import mcp.types as mcp_types

from iletimerkezi_mcp.confirmation.confirmation import Caller
from iletimerkezi_mcp.language import Language
from iletimerkezi_mcp.redaction import Redactor
from iletimerkezi_mcp.tools.answers import Answer, Reply
from iletimerkezi_mcp.tools.arguments import Arguments
from iletimerkezi_mcp.tools.context import ServerContext
from iletimerkezi_mcp.tools.registry import A, Tool
from iletimerkezi_mcp.tools.schema import plain_schema

DRAWN = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
"""A PNG of one pixel."""

SILENCE = "UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAAAAA=="
"""A WAV file of one sample."""


class NoArguments(Arguments):
    """Of a tool that takes none."""


_UNSAID = Answer(outcome="ok", summary="", next_step="", sandbox=True)


@dataclass(frozen=True, slots=True)
class Fixed(Reply):
    """An answer whose content is given as it is."""

    answer: Answer = _UNSAID
    contents: tuple[mcp_types.ContentBlock, ...] = ()
    is_error: bool = False

    def result(self, redactor: Redactor, language: Language) -> mcp_types.CallToolResult:
        """The content, past the same check as every answer."""
        told = redactor.told([content.model_dump(mode="json", by_alias=True) for content in self.contents])
        return mcp_types.CallToolResult.model_validate({"content": told, "isError": self.is_error})


@dataclass(frozen=True, slots=True)
class Fixture(Tool[A]):
    """A tool whose answers have no schema. `schema` takes the place of the one that its arguments make."""

    schema: dict[str, Any] | None = None

    def spec(self) -> mcp_types.Tool:
        """The tool as `tools/list` shows it."""
        return mcp_types.Tool(
            name=self.name,
            description=self.description,
            input_schema=self.schema or plain_schema(self.arguments),
            annotations=self.annotations,
        )


def fixture(
    name: str,
    answer: Callable[[A], Awaitable[Reply]],
    arguments: type[A],
    *,
    schema: dict[str, Any] | None = None,
) -> Fixture[A]:
    """The tool of this name."""

    async def run(given: A, _: ServerContext, __: Caller) -> Reply:
        return await answer(given)

    hints = mcp_types.ToolAnnotations(read_only_hint=True)
    return Fixture(name, name, f"What the suite calls {name}.", arguments, Answer, hints, run, schema)


def saying(*contents: mcp_types.ContentBlock | str) -> Fixed:
    """The answer with these contents."""
    return Fixed(contents=tuple(text(one) if isinstance(one, str) else one for one in contents))


def text(said: str) -> mcp_types.TextContent:
    """`said`, as content."""
    return mcp_types.TextContent(type="text", text=said)


def image() -> mcp_types.ImageContent:
    """The one pixel, as content."""
    return mcp_types.ImageContent(type="image", data=DRAWN, mime_type="image/png")


def embedded(uri: str, kind: str, said: str) -> mcp_types.EmbeddedResource:
    """A resource inside other content."""
    return mcp_types.EmbeddedResource(
        type="resource", resource=mcp_types.TextResourceContents(uri=uri, mime_type=kind, text=said)
    )
