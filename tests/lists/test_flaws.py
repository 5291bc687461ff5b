"""Flaws of cells: found in their rows, among thousands of good ones."""

from __future__ import annotations

import random

import pytest

from iletimerkezi_mcp.lists.flaws import FLAWS, Flaw, flawed, rows_with

NAMES = [f"Ayşe Yılmaz {number}" for number in range(1_200)]


@pytest.mark.parametrize(
    ("flaw", "cell"),
    [
        ("promotion", "Büyük indirim"),
        ("placeholder", "{ad}"),
        ("placeholder", "undefined"),
        ("placeholder", "NULL"),
        ("placeholder", "nan"),
        ("placeholder", "(boş)"),
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
    assert rows_with([flaw], [NAMES + NAMES, cells], range(len(cells))) == {flaw: [700, 1_201]}
    assert rows_with([flaw], [cells], range(700)) == {flaw: []}


@pytest.mark.parametrize("flaw", ["promotion", "placeholder", "broken", "sheet_error", "suffix"])
def test_ordinary_cells_have_none(flaw: Flaw) -> None:
    assert flawed([*NAMES, "1.250,50", "#1", "05.12.2026", "Dvořák", "B-186 Sokak", "Sinan None"], flaw) == set()


def test_what_is_passed_over_at_a_glance_has_none_by_the_long_look_either() -> None:
    chance = random.Random(5)
    letters = "AaBbXxGgDdSsHhYyNnUuçğİıöşüâ0123456789 .,:'/()+-"
    words = (
        "undefined",
        "null",
        "NULL",
        "None",
        "GG.AA.YYYY",
        "XXX",
        "Sayın ..",
        "SS:DD",
        "%20",
        "Err:502",
        "Yýl",
        "B186",
    )
    for _ in range(2_000):
        value = "".join(chance.choices(letters, k=chance.randrange(1, 12)))
        if chance.random() < 0.3:
            value = f"{value} {chance.choice(words)}"
        for flaw, check in FLAWS.items():
            assert flawed([value], flaw) == ({value} if check(value) else set()), (flaw, value)
