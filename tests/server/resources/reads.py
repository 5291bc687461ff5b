"""Reading a resource as a host does."""

from __future__ import annotations

import json
from typing import Any

import mcp.types as mcp_types
import pytest
from mcp import MCPError

from tests.hosting import Host


async def read(host: Host, uri: str) -> dict[str, Any]:
    """The document at `uri`, asked for afresh."""
    result = await host.client.read_resource(uri, cache_mode="bypass")
    (content,) = result.contents
    assert isinstance(content, mcp_types.TextResourceContents)
    assert (content.uri, content.mime_type) == (uri, "application/json")
    document: dict[str, Any] = json.loads(content.text)
    return document


async def refused(host: Host, uri: str) -> mcp_types.ErrorData:
    """The protocol's error that reading `uri` ends with."""
    with pytest.raises(MCPError) as caught:
        await host.client.read_resource(uri, cache_mode="bypass")
    return caught.value.error
