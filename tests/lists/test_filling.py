"""Filling: each text once, the rows that cannot be sent, and what the others cost."""

from __future__ import annotations

from iletimerkezi_mcp.lists.filling import fill
from iletimerkezi_mcp.lists.template import parse_template
from iletimerkezi_mcp.sms.part_counts import PartCount

COLUMNS = ("Ad", "GSM", "Not")


def test_each_text_is_there_once_and_costs_what_its_rows_cost() -> None:
    cells = {0: ["Ayşe", "Ali", "Ayşe", "Veli", "", "Can"], 2: ["a", "b" * 160, "a", "c" * 1_100, "d", "\u200b "]}
    filling = fill(parse_template("{Ad}: {Not}", COLUMNS), cells, 6, None)
    assert filling.texts[:2] == ["Ayşe: a", f"Ali: {'b' * 160}"]
    assert list(filling.text_numbers) == [0, 1, 0, 2, 3, 4]
    assert (filling.empty, filling.too_long) == ([4, 5], [3])
    rows = filling.sendable()
    assert list(rows) == [0, 1, 2]
    assert filling.parts(rows) == {1: 2, 2: 1}
    assert filling.credits(rows) == 4
    assert filling.samples(rows) == (0, 1, 1)
    assert filling.text(2) == "Ayşe: a"
    assert list(filling.sendable({1, 4})) == [0, 2]


def test_the_dearest_text_need_not_be_the_longest() -> None:
    cells = {2: ["a" * 100, "a" * 150, "₺" * 140]}
    filling = fill(parse_template("{not}", COLUMNS), cells, 3, None)
    assert filling.samples(filling.sendable()) == (0, 1, 2)


def test_a_text_without_fields_is_one_for_all() -> None:
    filling = fill(parse_template("Kapalıyız.", COLUMNS), {}, 3, None)
    assert (filling.texts, list(filling.text_numbers), list(filling.sendable())) == (
        ["Kapalıyız."],
        [0, 0, 0],
        [0, 1, 2],
    )
    assert filling.counts == [PartCount(1, too_long=False, arrives_empty=False)]
    too_long = fill(parse_template("a" * 1_072, COLUMNS), {}, 3, None)
    assert list(too_long.sendable()) == []
    assert list(too_long.too_long) == [0, 1, 2]
