"""Flaws of cells: found in their rows, among thousands of good ones."""

from __future__ import annotations

import pytest

from iletimerkezi_mcp.lists.flaws import Flaw, flawed, rows_with

NAMES = [f"Ayşe Yılmaz {number}" for number in range(1_200)]


@pytest.mark.parametrize(
    ("flaw", "cell"),
    [
        ("promotion", "Büyük indirim"),
        ("placeholder", "{ad}"),
        ("placeholder", "undefined"),
        ("broken", "GöktuÄŸ"),
        ("broken", "Yýlmaz"),
        ("sheet_error", "#YOK"),
        ("sheet_error", "#N/A"),
        ("sheet_error", "#SAYI/0!"),
        ("suffix", "Firma B186"),
    ],
)
def test_a_flaw_is_found_in_its_row(flaw: Flaw, cell: str) -> None:
    cells = [*NAMES[:700], cell, *NAMES[700:], cell]
    # Other languages have letters that look damaged: they are no excuse for the next cell.
    cells[699] = "Dvořák"
    assert rows_with(flaw, [NAMES + NAMES, cells], range(len(cells))) == [700, 1_201]
    assert rows_with(flaw, [cells], range(700)) == []


@pytest.mark.parametrize("flaw", ["promotion", "placeholder", "broken", "sheet_error", "suffix"])
def test_ordinary_cells_have_none(flaw: Flaw) -> None:
    assert flawed([*NAMES, "1.250,50", "#1", "05.12.2026", "Dvořák", "B-186 Sokak"], flaw) == set()
