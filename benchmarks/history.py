"""Earlier runs: one line of JSON each, the last one last."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from .figure import Figure

HISTORY = Path(__file__).parent / "history.jsonl"


@dataclass(frozen=True, slots=True)
class Run:
    """One run: its day (ISO 8601), the server's version, the machine, the load before and after, the figures, and what a reader must know of how they came about."""

    day: str
    version: str
    machine: dict[str, str]
    load: tuple[float, float]
    figures: list[Figure]
    note: str = ""

    def line(self) -> str:
        """Return the run as a line of the history."""
        kept: dict[str, Any] = {
            "day": self.day,
            "version": self.version,
            "machine": self.machine,
            "load": self.load,
            "figures": [figure.record() for figure in self.figures],
            "note": self.note,
        }
        return json.dumps(kept, ensure_ascii=False, separators=(",", ":")) + "\n"

    @classmethod
    def read(cls, line: str) -> Self:
        """Return the run that :meth:`line` wrote."""
        kept = json.loads(line)
        figures = [Figure.recorded(one) for one in kept["figures"]]
        return cls(kept["day"], kept["version"], kept["machine"], tuple(kept["load"]), figures, kept["note"])


def last() -> Run:
    """Return the latest run that was recorded."""
    return Run.read(HISTORY.read_text(encoding="utf-8").splitlines()[-1])
