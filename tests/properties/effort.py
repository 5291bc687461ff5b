"""The number of examples of a property: the profile's, divided by the cost of one example."""

from __future__ import annotations

from typing import Final

from hypothesis import HealthCheck, settings

FEWEST: Final = 5


def at_cost(cost: int) -> settings:
    """Return settings for a property of which one example takes `cost` times as long as a cheap one (a millisecond)."""
    return settings(
        max_examples=max(FEWEST, settings().max_examples // cost),
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
    )
