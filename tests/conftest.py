"""How much hypothesis tries: little and always the same by default, much and ever new on demand.

``pytest -m long --hypothesis-profile=long`` runs what `tests/properties` holds with the second.
"""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile("ci", max_examples=100, derandomize=True, deadline=None, print_blob=True)
settings.register_profile(
    "long", max_examples=2_000, deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("ci")
