"""A machine for each test, and a ledger in its memory."""

from __future__ import annotations

import pytest

from iletimerkezi_mcp.ledger.sqlite import SqliteLedger

from .machine import Machine


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture
def ledger(machine: Machine) -> SqliteLedger:
    return machine.ledger()
