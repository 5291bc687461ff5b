"""``tools.json`` is the whole of what a server offers, in both protocol versions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

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
    assert listed == committed("manifests/tools.json")
