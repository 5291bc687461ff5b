"""The links that install the server with one click."""

from __future__ import annotations

import base64
import json
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from iletimerkezi_mcp.cli.config.entry import Launch, entry, inputs
from iletimerkezi_mcp.cli.config.hosts import host_named
from publishing.links import cursor_link, cursor_page, vscode_link, vscode_page

LAUNCHES = [Launch(sandbox=sandbox, read_only=read_only) for sandbox in (False, True) for read_only in (False, True)]


@pytest.mark.parametrize("launch", LAUNCHES)
def test_cursors_link_carries_the_entry(launch: Launch) -> None:
    host = host_named("cursor")
    assert host is not None
    link = urlsplit(cursor_link(launch))
    assert (link.scheme, link.netloc, link.path) == ("cursor", "anysphere.cursor-deeplink", "/mcp/install")
    query = parse_qs(link.query, strict_parsing=True)
    assert query["name"] == [launch.name]
    assert json.loads(base64.b64decode(query["config"][0], validate=True)) == entry(host, launch)


@pytest.mark.parametrize("launch", LAUNCHES)
def test_vs_codes_link_carries_the_entry_its_name_and_the_inputs(launch: Launch) -> None:
    host = host_named("vscode")
    assert host is not None
    scheme, _, query_text = vscode_link(launch).partition("?")
    prompts = inputs(host, launch)
    assert scheme == "vscode:mcp/install"
    assert json.loads(unquote(query_text)) == {
        "name": launch.name,
        **entry(host, launch),
        **({"inputs": prompts} if prompts else {}),
    }


@pytest.mark.parametrize("launch", LAUNCHES)
def test_the_pages_of_the_web_lead_to_the_same(launch: Launch) -> None:
    assert urlsplit(cursor_page(launch)).query == urlsplit(cursor_link(launch)).query
    assert urlsplit(cursor_page(launch)).netloc == "cursor.com"
    page = urlsplit(vscode_page(launch))
    assert (page.scheme, page.netloc, page.path) == ("https", "vscode.dev", "/redirect")
    assert parse_qs(page.query, strict_parsing=True) == {"url": [vscode_link(launch)]}
