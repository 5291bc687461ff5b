"""The skill is true of the server: every name in it is one, and it is short enough to be read."""

from __future__ import annotations

import re
from typing import Any, get_args

import yaml

from iletimerkezi_mcp.provider.outcomes import Outcome
from iletimerkezi_mcp.tools.catalogue import TOOLS
from iletimerkezi_mcp.tools.list_catalogue import LIST_TOOLS
from publishing.files import ROOT
from publishing.skill import MOST_BYTES, NAME, SKILL
from tests.publishing.published import committed

TEXT = (ROOT / SKILL).read_text(encoding="utf-8")
_, HEAD, BODY = TEXT.split("---\n", 2)


def values(schema: Any) -> set[str]:
    """Every word that a schema names: its members, and the only values of one."""
    if isinstance(schema, list):
        return {name for part in schema for name in values(part)}
    if not isinstance(schema, dict):
        return set()
    return {*schema.get("properties", {}), *schema.get("enum", ()), *values(list(schema.values()))}


def test_every_name_in_code_is_one_of_the_servers() -> None:
    tools = committed("manifests/tools.json")["tools"]
    names = {*(tool["name"] for tool in tools), *get_args(Outcome)}
    for tool in tools:
        names |= values(tool["inputSchema"]) | values(tool["outputSchema"])
    # What is between braces is an example's column.
    written = {name for name in re.findall(r"`([^`]+)`", BODY) if "{" not in name}
    assert written - names == set()
    assert {
        tool.name for tool in (*TOOLS, *LIST_TOOLS) if tool.name.startswith(("send", "iys", "open", "save"))
    } <= written


def test_the_head_is_what_hosts_read_beforehand() -> None:
    head = yaml.safe_load(HEAD)
    assert head.keys() == {"name", "description"}
    assert head["name"] == NAME == SKILL.parent.name
    assert re.fullmatch(r"[a-z0-9-]{1,64}", head["name"])
    assert len(head["description"]) <= 1_024


def test_it_takes_little_of_a_models_room() -> None:
    assert len(TEXT.encode()) <= MOST_BYTES
