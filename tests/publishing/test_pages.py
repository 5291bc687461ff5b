"""Each tool's page shows that tool, and every call on it is played."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from publishing import blocks, pages
from publishing.pages import TOOL_PAGES, TURKISH_PAGES, tool_page
from publishing.project import ROOT

PAGE = "docs/tools/get_balance.md"


@pytest.mark.parametrize("path", [*TOOL_PAGES, *TURKISH_PAGES])
def test_a_page_calls_its_own_tool_and_gets_no_error(path: str) -> None:
    page = (ROOT / path).read_text(encoding="utf-8")
    assert f'"name": "{TOOL_PAGES[TURKISH_PAGES.get(path, path)].name}"' in page
    sandbox = r"^\[DENEME ORTAMI, gerçek değil\]" if path in TURKISH_PAGES else r"^\[SANDBOX, nothing real\]"
    outcomes = re.findall(rf"{sandbox} (\w+)", page, re.MULTILINE)
    assert len(outcomes) == page.count("```json")
    assert set(outcomes) <= {"ok", "preview", "dry_run", "done", "held_back"}


@pytest.mark.parametrize("turkish", TURKISH_PAGES)
def test_a_turkish_page_has_the_english_ones_calls_and_settings(turkish: str) -> None:
    pages = [(ROOT / path).read_text(encoding="utf-8") for path in (TURKISH_PAGES[turkish], turkish)]
    for pattern in (r"```json\n(.*?)```", r"ILETIMERKEZI_[A-Z_]+", r"(?m)^\| `[^`]+` \|", r"(?m)^#+ "):
        english, other = (sorted(re.findall(pattern, page, re.DOTALL)) for page in pages)
        assert english == other, pattern


def test_a_turkish_page_without_a_place_for_each_call_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    turkish = PAGE.replace(".md", ".tr.md")
    for path in (PAGE, turkish):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text((ROOT / path).read_text(encoding="utf-8"), encoding="utf-8")
    with (tmp_path / turkish).open("a", encoding="utf-8") as page:
        page.write("```json\n```\n\n```text\n```\n")
    for module in (blocks, pages):
        monkeypatch.setattr(module, "ROOT", tmp_path)
    with pytest.raises(ValueError, match="a place for each of the 1 calls"):
        tool_page(turkish)


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
