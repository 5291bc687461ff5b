"""The seal of a question's state."""

from __future__ import annotations

from pathlib import Path

import pytest
from mcp.server.request_state import InvalidRequestState

from iletimerkezi_mcp.confirmation.request_state import LedgerRequestState
from iletimerkezi_mcp.ledger.sqlite import SqliteLedger
from tests.hosting import ManualClock


def _ledger(folder: Path | None) -> SqliteLedger:
    return SqliteLedger(folder, ("key",), clock=ManualClock())


def test_what_one_process_sealed_another_that_shares_the_folder_can_open(tmp_path: Path) -> None:
    sealed = LedgerRequestState(_ledger(tmp_path)).seal(b"state")
    assert LedgerRequestState(_ledger(tmp_path)).unseal(sealed) == b"state"


def test_a_seal_of_another_key_is_not_opened(tmp_path: Path) -> None:
    sealed = LedgerRequestState(_ledger(None)).seal(b"state")
    with pytest.raises(InvalidRequestState):
        LedgerRequestState(_ledger(tmp_path)).unseal(sealed)


def test_without_a_key_nothing_is_opened(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("", encoding="utf-8")
    with pytest.raises(InvalidRequestState):
        LedgerRequestState(_ledger(file / "below")).unseal("v1.x")
