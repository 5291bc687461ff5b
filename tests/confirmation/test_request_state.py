"""The seal of a question's state."""

from __future__ import annotations

from pathlib import Path

import pytest
from mcp.server.request_state import InvalidRequestState

from iletimerkezi_mcp.confirmation.request_state import LedgerRequestState
from iletimerkezi_mcp.ledger.store import Ledger
from tests.hosting import ManualClock


def test_what_one_process_sealed_another_that_shares_the_folder_can_open(tmp_path: Path) -> None:
    sealed = LedgerRequestState(Ledger(tmp_path, clock=ManualClock())).seal(b"state")
    assert LedgerRequestState(Ledger(tmp_path, clock=ManualClock())).unseal(sealed) == b"state"


def test_a_seal_of_another_key_is_not_opened(tmp_path: Path) -> None:
    sealed = LedgerRequestState(Ledger(None, clock=ManualClock())).seal(b"state")
    with pytest.raises(InvalidRequestState):
        LedgerRequestState(Ledger(tmp_path, clock=ManualClock())).unseal(sealed)


def test_without_a_key_nothing_is_opened(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("", encoding="utf-8")
    with pytest.raises(InvalidRequestState):
        LedgerRequestState(Ledger(file / "below", clock=ManualClock())).unseal("v1.x")
