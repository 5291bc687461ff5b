"""How much hypothesis tries: little and always the same by default, much and ever new with ``-m long``.

The second is what ``--hypothesis-profile=long`` loads too, whatever else is run.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("ci", max_examples=100, derandomize=True, deadline=None, print_blob=True)
settings.register_profile(
    "long", max_examples=2_000, deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("ci")


def pytest_configure(config: pytest.Config) -> None:
    """Whoever asks for the long tests wants the long form of the properties."""
    if config.option.markexpr == "long":
        settings.load_profile("long")
