"""``tools.json`` is the whole of what a server offers, in both protocol versions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from iletimerkezi_mcp.tools.card_answer import CARD_ANSWER
from tests.e2e.stdio_client import spoken
from tests.hosting import ERAS, Mode
from tests.publishing.published import committed


@pytest.mark.parametrize("mode", ERAS)
async def test_it_is_what_a_started_server_lists(mode: Mode, tmp_path: Path) -> None:
    listed: dict[str, Any] = {}
    async with spoken(mode, "--sandbox", "--files-dir", str(tmp_path)) as wire:
        for method, name in (
            ("tools/list", "tools"),
            ("resources/list", "resources"),
            ("resources/templates/list", "resourceTemplates"),
            ("prompts/list", "prompts"),
        ):
            answer = await wire.ask(method, {})
            listed[name] = answer["result"][name]
    whole = committed("manifests/tools.json")
    if mode == "legacy":
        tools = [{**tool, "_meta": None} for tool in whole["tools"] if tool["name"] != CARD_ANSWER.name]
        whole["tools"] = [{name: value for name, value in tool.items() if value is not None} for tool in tools]
    assert listed == whole
