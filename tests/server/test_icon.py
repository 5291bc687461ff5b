"""The icon reaches a host with its first answer in both protocol versions, and no later answer carries it."""

from __future__ import annotations

import base64
from xml.etree import ElementTree

import pytest
from mcp import Client
from mcp.types import Icon

from iletimerkezi_mcp.server.build import NAME, build_server
from iletimerkezi_mcp.server.icon import SIZE
from iletimerkezi_mcp.settings import Settings
from tests.hosting import ERAS, Mode

LARGEST = 1_200
"""The most bytes that both forms take together: they are in the answer to every host's first question."""


def content(icon: Icon, kind: str) -> bytes:
    """The bytes of a data URI of this kind."""
    head, _, data = icon.src.partition(",")
    assert (head, icon.mime_type) == (f"data:{kind};base64", kind)
    return base64.b64decode(data, validate=True)


@pytest.mark.parametrize("mode", ERAS)
async def test_a_host_gets_the_icon_with_the_first_answer_and_with_no_later_one(mode: Mode) -> None:
    async with Client(build_server(Settings(sandbox=True)), mode=mode) as client:
        assert client.server_info is not None
        assert client.server_info.name == NAME
        png, svg = client.server_info.icons or []
        later = (await client.list_tools()).model_dump_json(by_alias=True, exclude_none=True)
    assert content(png, "image/png").startswith(b"\x89PNG\r\n\x1a\n")
    assert png.sizes == [f"{SIZE}x{SIZE}"]
    assert ElementTree.fromstring(content(svg, "image/svg+xml")).tag == "{http://www.w3.org/2000/svg}svg"
    assert svg.sizes == ["any"]
    assert len(png.src) + len(svg.src) <= LARGEST
    assert "icons" not in later
    assert ("serverInfo" in later) == (mode == "auto")
