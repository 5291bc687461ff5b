"""A tool of the suite: through the product's registry, with any content that the protocol knows."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import mcp.types as mcp_types

from iletimerkezi_mcp.confirmation.caller import Caller
from iletimerkezi_mcp.language import Language, Text
from iletimerkezi_mcp.redaction import Redactor
from iletimerkezi_mcp.tools.answers import Answer, ToolReply
from iletimerkezi_mcp.tools.arguments import Arguments
from iletimerkezi_mcp.tools.context import ServerContext
from iletimerkezi_mcp.tools.schema import plain_schema
from iletimerkezi_mcp.tools.tool import ArgumentsT, Tool

DRAWN = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
"""A PNG of one pixel."""

SILENCE = "UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAAAAA=="
"""A WAV file of one sample."""


class NoArguments(Arguments):
    """Of a tool that takes none."""


_UNSAID = Answer(outcome="ok", summary="", next_step="", sandbox=True)


@dataclass(frozen=True, slots=True)
class Fixed(ToolReply):
    """An answer whose content is given as it is."""

    answer: Answer = _UNSAID
    contents: tuple[mcp_types.ContentBlock, ...] = ()
    is_error: bool = False

    def result(self, redactor: Redactor, language: Language) -> mcp_types.CallToolResult:
        """Return the content, after the same check as every answer."""
        contents = redactor.redact([content.model_dump(mode="json", by_alias=True) for content in self.contents])
        return mcp_types.CallToolResult.model_validate({"content": contents, "isError": self.is_error})


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixture(Tool[ArgumentsT]):
    """A tool whose answers have no schema. `schema` takes the place of the one that its arguments make."""

    reply: Callable[[ArgumentsT], Awaitable[ToolReply]]
    schema: dict[str, Any] | None = None

    @property
    def annotations(self) -> mcp_types.ToolAnnotations:
        """The hint of a read."""
        return mcp_types.ToolAnnotations(read_only_hint=True)

    async def run(self, arguments: ArgumentsT, context: ServerContext, caller: Caller) -> ToolReply:
        """Answer with `reply`."""
        return await self.reply(arguments)

    def spec(self) -> mcp_types.Tool:
        """Return the tool as `tools/list` shows it."""
        return mcp_types.Tool(
            name=self.name,
            description=self.description,
            input_schema=self.schema or plain_schema(self.arguments),
            annotations=self.annotations,
        )


def fixture(
    name: str,
    reply: Callable[[ArgumentsT], Awaitable[ToolReply]],
    arguments: type[ArgumentsT],
    *,
    schema: dict[str, Any] | None = None,
) -> Fixture[ArgumentsT]:
    """Return the tool of this name."""
    return Fixture(
        name=name,
        title=name,
        description=f"What the suite calls {name}.",
        summary=Text("", ""),
        arguments=arguments,
        answer=Answer,
        example={},
        reply=reply,
        schema=schema,
    )


def saying(*contents: mcp_types.ContentBlock | str) -> Fixed:
    """Return the answer with these contents."""
    return Fixed(contents=tuple(text(content) if isinstance(content, str) else content for content in contents))


def text(words: str) -> mcp_types.TextContent:
    """Return `words` as content."""
    return mcp_types.TextContent(type="text", text=words)


def image() -> mcp_types.ImageContent:
    """Return the one pixel, as content."""
    return mcp_types.ImageContent(type="image", data=DRAWN, mime_type="image/png")


def embedded(uri: str, kind: str, words: str) -> mcp_types.EmbeddedResource:
    """Return a resource inside other content."""
    return mcp_types.EmbeddedResource(
        type="resource", resource=mcp_types.TextResourceContents(uri=uri, mime_type=kind, text=words)
    )
