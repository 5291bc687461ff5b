"""The figures as one table, for a terminal and for a document."""

from __future__ import annotations

from collections.abc import Sequence

from .figure import Bar, Figure, Spread

COLUMNS = ("figure", "measured", "floor", "compared", "bar", "verdict")


def markdown(figures: Sequence[Figure]) -> str:
    """Return the table in Markdown."""
    lines = [COLUMNS, ("---",) * len(COLUMNS), *map(_cells, figures)]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def plain(figures: Sequence[Figure]) -> str:
    """Return the table in columns."""
    rows = [COLUMNS, *([cell.replace("`", "") for cell in _cells(figure)] for figure in figures)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() + "\n" for row in rows
    )


def _cells(figure: Figure) -> tuple[str, ...]:
    return (
        figure.what,
        _spread(figure.measured, figure.unit),
        "–" if figure.floor is None else _spread(figure.floor, figure.unit),
        "–" if figure.floor is None else _compared(figure),
        "–" if figure.bar is None else _bar(figure.bar, figure.unit),
        {None: "–", True: "met", False: "MISSED"}[figure.met],
    )


def _spread(spread: Spread, unit: str) -> str:
    around = "" if spread.rounds == 1 else f" ({_number(spread.low)}–{_number(spread.high)})"
    return f"{_number(spread.median)}{around} {unit}".strip()


def _compared(figure: Figure) -> str:
    if figure.bar is not None and figure.bar.compares == "difference":
        return f"{figure.compared:+.0f} {figure.unit}"
    return f"{figure.compared:.2f} ×"


def _bar(bar: Bar, unit: str) -> str:
    limit = {
        "ratio": f"{bar.limit:.2f} ×",
        "difference": f"{bar.limit:+.0f} {unit}",
        "value": f"{_number(bar.limit)} {unit}",
    }[bar.compares]
    return f"at {bar.at} {limit}".strip()


def _number(value: float) -> str:
    if value == int(value):
        return f"{value:,.0f}"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.1f}" if abs(value) >= 10 else f"{value:.2f}"
