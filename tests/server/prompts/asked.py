"""Asking for a prompt as a host does."""

from __future__ import annotations

import mcp.types as mcp_types
import pytest
from mcp import MCPError

from tests.hosting import Host


async def text_of(host: Host, name: str, **arguments: str) -> str:
    """The prompt's own words."""
    result = await host.client.get_prompt(name, arguments)
    content = result.messages[0].content
    assert result.messages[0].role == "user"
    assert isinstance(content, mcp_types.TextContent)
    return content.text


async def refused(host: Host, name: str, **arguments: str) -> str:
    """The message of the error, invalid params, that asking ends with."""
    with pytest.raises(MCPError) as caught:
        await host.client.get_prompt(name, arguments)
    assert caught.value.error.code == mcp_types.INVALID_PARAMS
    return caught.value.error.message
