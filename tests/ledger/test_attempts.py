from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from iletimerkezi_mcp.ledger.attempts import Attempt, Identity, State
from iletimerkezi_mcp.provider.outcomes import RequestOutcome
from iletimerkezi_mcp.sms.clock import ISTANBUL

from .machine import A, B, C, message

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=ISTANBUL)
ATTEMPT = Attempt(1, "tool", b"digest", "code", Identity("ayse", "Host 1.0"), 1, NOON, "done", NOON, NOON)


@pytest.mark.parametrize(
    ("state", "outcome"),
    [
        ("in_flight", "unknown"),
        ("unknown", "unknown"),
        ("not_found", "unknown"),
        ("done", "done"),
        ("cancelled", "done"),
        ("refused", "refused"),
        ("nothing_done", "nothing_done"),
    ],
)
def test_an_attempt_has_an_outcome_as_far_as_it_is_known(state: State, outcome: RequestOutcome) -> None:
    assert replace(ATTEMPT, state=state).outcome == outcome


def test_digests_do_not_show() -> None:
    assert "digest" not in repr(ATTEMPT)


def test_a_part_of_a_message_is_one_to_some_of_its_recipients() -> None:
    assert message(A, B, C, label="Kasım").part(1, 3, 4) == message(B, C, label="Kasım", credits_=4, start=1)


def test_a_message_is_commercial_by_its_type() -> None:
    assert message(message_type="commercial").commercial
    assert not message().commercial
