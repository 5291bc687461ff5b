"""A figure: what was measured, what it is held against, and the bar that it has to meet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import median, quantiles
from typing import Any, Literal, Self


@dataclass(frozen=True, slots=True)
class Spread:
    """The middle of `rounds` measurements, and the quarters below and above which the outer ones lie."""

    median: float
    low: float
    high: float
    rounds: int

    @classmethod
    def of(cls, values: Sequence[float]) -> Self:
        """Return the spread of `values`, of which there is at least one."""
        low, _, high = quantiles(values, n=4, method="inclusive") if len(values) > 1 else (values[0],) * 3
        return cls(median(values), low, high, len(values))


@dataclass(frozen=True, slots=True)
class Bar:
    """A condition: the measurement over its floor (`ratio`), above it (`difference`) or alone (`value`)."""

    compares: Literal["ratio", "difference", "value"]
    at: Literal["most", "least"]
    limit: float


@dataclass(frozen=True, slots=True)
class Figure:
    """One measurement. Without a bar it explains another one. `unit` is of measurement and floor alike."""

    name: str
    what: str
    unit: str
    measured: Spread
    floor: Spread | None = None
    bar: Bar | None = None

    @property
    def compared(self) -> float:
        """The value that is held against the bar; without a bar the ratio to the floor, or without a floor the measurement."""
        compares = self.bar.compares if self.bar else "ratio" if self.floor else "value"
        if compares == "value" or self.floor is None:
            return self.measured.median
        if compares == "ratio":
            return self.measured.median / self.floor.median
        return self.measured.median - self.floor.median

    @property
    def met(self) -> bool | None:
        """True if the bar is met; None if there is no bar."""
        if self.bar is None:
            return None
        return self.compared <= self.bar.limit if self.bar.at == "most" else self.compared >= self.bar.limit

    def record(self) -> dict[str, Any]:
        """Return the figure as it is kept."""
        return asdict(self)

    @classmethod
    def recorded(cls, kept: dict[str, Any]) -> Self:
        """Return the figure of which :meth:`record` made `kept`."""
        parts = {
            **kept,
            "measured": Spread(**kept["measured"]),
            "floor": Spread(**kept["floor"]) if kept["floor"] else None,
            "bar": Bar(**kept["bar"]) if kept["bar"] else None,
        }
        return cls(**parts)


def p95(values: Sequence[float]) -> float:
    """Return the value that 95 of a hundred stay below; of one value, this one."""
    return quantiles(values, n=100, method="inclusive")[94] if len(values) > 1 else values[0]
