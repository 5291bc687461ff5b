"""The figures on which the short form fails: those that come out the same on any machine, however busy."""

from __future__ import annotations

from .figure import Figure

CERTAIN = frozenset(
    {
        "crowd_upstream",
        "stream_lost",
        "stream_twice",
        "delivery_lost",
        "delivery_stored_2",
        "delivery_stored_100000",
        "tools",
        "largest_tool",
        "report",
        "blacklist",
    }
)
"""The figures that come out the same on any machine: the short form fails on these."""

COLLAPSED = 0.5
"""Of the best rate: a machine that does other things may blur the bar, but not this far."""


def wrong(figure: Figure) -> bool:
    """Return if `figure` shows a fault, and not only a busy machine."""
    if figure.name == "crowd":
        return figure.compared < COLLAPSED
    return figure.name in CERTAIN and figure.met is False
