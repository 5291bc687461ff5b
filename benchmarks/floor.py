"""The least that could do the same: the SDK's own server on stdio with one tool, and nothing of the product.

``python -m benchmarks.floor`` answers `nothing` at once. With an ORIGIN it also has `send`, which takes a long list,
validates it in one pass and posts a body as large as the provider's, made beforehand.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import anyio
import mcp.types as mcp_types
from mcp.server import Server, ServerRequestContext
from mcp.server.stdio import stdio_server
from pydantic import BaseModel, ConfigDict, Field

if TYPE_CHECKING:
    import httpx

SEND_PATH = "/v1/send-sms/json"
SCHEMA: dict[str, Any] = {"type": "object", "properties": {"text": {"type": "string"}}}


class Sent(BaseModel):
    """The arguments of a send, with the least that has to be checked."""

    model_config = ConfigDict(strict=True, extra="forbid")

    recipients: Annotated[list[Annotated[str, Field(max_length=64)]], Field(min_length=1, max_length=50_000)]
    text: str
    message_type: str
    confirm: str | None = None


def build() -> Server[Any]:
    """Return the server."""
    state: dict[str, Any] = {}

    def client() -> httpx.AsyncClient:
        if "client" not in state:
            import httpx

            state["client"] = httpx.AsyncClient(base_url=sys.argv[1], timeout=30)
        found: httpx.AsyncClient = state["client"]
        return found

    async def list_tools(_: Any, __: mcp_types.PaginatedRequestParams | None) -> mcp_types.ListToolsResult:
        tool = mcp_types.Tool(name="nothing", description="Does nothing.", input_schema=SCHEMA)
        return mcp_types.ListToolsResult(tools=[tool])

    async def call_tool(
        _: ServerRequestContext[Any], params: mcp_types.CallToolRequestParams
    ) -> mcp_types.CallToolResult:
        if params.name == "send":
            given = Sent.model_validate(params.arguments)
            if "body" not in state:
                from .wire import send_request

                state["body"] = send_request(given.recipients, given.text)
            await client().post(SEND_PATH, content=state["body"])
        return mcp_types.CallToolResult(
            content=[mcp_types.TextContent(type="text", text="ok")], structured_content={"outcome": "ok"}
        )

    return Server("floor", version="1", on_list_tools=list_tools, on_call_tool=call_tool)


async def serve() -> None:
    """Serve on stdio as the SDK's documents show."""
    server = build()
    async with stdio_server() as (incoming, redactor):
        await server.run(incoming, redactor, server.create_initialization_options())


if __name__ == "__main__":
    anyio.run(serve)
