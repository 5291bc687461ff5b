"""Reports as the provider pushes them, and where they are found afterwards."""

from __future__ import annotations

from pathlib import Path

from iletimerkezi_mcp.ledger.sqlite import SqliteLedger
from iletimerkezi_mcp.server.ledger import ledger_account
from iletimerkezi_mcp.sms.clock import system_clock
from tests.transports.served import SANDBOX

NUMBER = "+905321234567"

DOCUMENTED = {
    "id": 1599558518,
    "packet_id": 104525848,
    "status": "accepted",
    "to": "+90505702xxxx",
    "body": "Webhook test mesaji",
}
"""The provider's own sample (contract, section 11)."""


def report(**changes: object) -> dict[str, object]:
    """Return the body of a post: the documented one but for `changes`."""
    return {"report": {**DOCUMENTED, "to": NUMBER, **changes}}


def ledger_in(folder: Path) -> SqliteLedger:
    """Return the ledger of the servers here, as another process on their folder opens it."""
    return SqliteLedger(folder / "sandbox", ledger_account(SANDBOX), clock=system_clock)


def files_with(folder: Path, *words: str) -> list[Path]:
    """Return the files that hold one of `words`."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files
    return [path for path in files if any(word.encode() in path.read_bytes() for word in words)]
