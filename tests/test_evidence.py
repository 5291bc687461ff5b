"""The benchmark's arithmetic, and its document, which is what the history makes of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks.evidence import DOCUMENT, Table, document
from benchmarks.figure import Bar, Figure, Spread, p95
from benchmarks.history import Run, last
from benchmarks.judgement import wrong
from benchmarks.table import markdown, plain

START = Figure(
    "start", "spawn to `tools/list`", "ms", Spread.of([110, 120, 130]), Spread.of([100.0]), Bar("ratio", "most", 1.1)
)


def test_the_document_shows_the_last_recorded_run() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == document(last(), Table.read())


def test_nothing_in_it_is_lost_or_sent_twice_and_no_size_is_over_its_bar() -> None:
    assert [figure.name for figure in last().figures if wrong(figure)] == []


def test_a_bar_that_is_missed_in_it_is_explained_there() -> None:
    run = last()
    assert [figure.what for figure in run.figures if figure.met is False and figure.what not in run.note] == []


def test_a_run_is_read_as_it_was_written() -> None:
    run = Run("2026-11-25", "1.0", {"processor": "x", "cores": "2"}, (0.1, 0.2), [START, replace(START, floor=None)])
    assert Run.read(run.line()) == run


@pytest.mark.parametrize(
    ("bar", "compared", "met"),
    [
        (Bar("ratio", "most", 1.2), 1.2, True),
        (Bar("ratio", "most", 1.1), 1.2, False),
        (Bar("ratio", "least", 1.3), 1.2, False),
        (Bar("difference", "most", 20), 20, True),
        (Bar("difference", "most", 19), 20, False),
        (Bar("value", "least", 120), 120, True),
        (Bar("value", "most", 119), 120, False),
        (None, 1.2, None),
    ],
)
def test_a_figure_is_held_against_its_bar(bar: Bar | None, compared: float, met: bool | None) -> None:
    figure = replace(START, bar=bar)
    assert (figure.compared, figure.met) == (compared, met)


def test_a_spread_is_the_middle_half() -> None:
    assert Spread.of([5, 1, 2, 3, 4]) == Spread(3, 2, 4, 5)
    assert Spread.of([7]) == Spread(7, 7, 7, 1)
    assert p95(range(101)) == 95


def test_the_short_form_fails_on_counts_and_not_on_times() -> None:
    slow = replace(START, bar=Bar("ratio", "most", 1.0))
    assert not wrong(slow)
    lost = Figure("stream_lost", "sends lost", "", Spread.of([1]), bar=Bar("value", "most", 0))
    assert wrong(lost)
    assert not wrong(replace(lost, measured=Spread.of([0])))
    crowd = Figure("crowd", "64", "calls/s", Spread.of([60]), Spread.of([100]), Bar("ratio", "least", 0.9))
    assert not wrong(crowd)
    assert wrong(replace(crowd, measured=Spread.of([40])))


def test_the_table_says_what_was_measured_against_what() -> None:
    row = "| spawn to `tools/list` | 120 (115–125) ms | 100 ms | 1.20 × | at most 1.10 × | MISSED |"
    assert row in markdown([START]).splitlines()
    beside = replace(START, bar=Bar("difference", "most", 50))
    assert "| +20 ms | at most +50 ms | met |" in markdown([beside])
    alone = replace(START, floor=None, bar=Bar("value", "most", 12.5), measured=Spread.of([1.25]))
    assert "| 1.25 ms | – | – | at most 12.5 ms | met |" in markdown([alone])
    assert "`" not in plain([START])
