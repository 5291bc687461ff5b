"""Each tool's page shows that tool, and every call on it is played."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from publishing import blocks, pages
from publishing.pages import TOOL_PAGES, tool_page
from publishing.project import ROOT

PAGE = "docs/tools/get_balance.md"


@pytest.mark.parametrize("path", TOOL_PAGES)
def test_a_page_calls_its_own_tool_and_gets_no_error(path: str) -> None:
    page = (ROOT / path).read_text(encoding="utf-8")
    assert f'"name": "{TOOL_PAGES[path].name}"' in page
    assert set(re.findall(r"^\[SANDBOX, nothing real\] (\w+)", page, re.MULTILINE)) <= {
        "ok",
        "preview",
        "dry_run",
        "done",
        "held_back",
    }


@pytest.mark.parametrize(
    ("by_hand", "problem"),
    [
        ("", "has no block called tool"),
        ("<!-- tool -->\n<!-- /tool -->\n", "has no block called schemas"),
        ("<!-- tool -->\n<!-- /tool -->\n<!-- schemas -->\n<!-- /schemas -->\n", "needs a call"),
        (
            '<!-- tool -->\n<!-- /tool -->\n<!-- schemas -->\n<!-- /schemas -->\n```json\n{"name": "get_balance"}\n```\n',
            "needs a call",
        ),
    ],
)
def test_a_page_without_a_block_or_with_a_call_that_is_not_played_is_refused(
    by_hand: str, problem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / PAGE).parent.mkdir(parents=True)
    (tmp_path / PAGE).write_text(by_hand, encoding="utf-8")
    for module in (blocks, pages):
        monkeypatch.setattr(module, "ROOT", tmp_path)
    with pytest.raises(ValueError, match=problem):
        tool_page(PAGE)
