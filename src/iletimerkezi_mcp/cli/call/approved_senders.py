"""The account's approved senders, read once a day: a preview names a wrong one before anything is sent."""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from iletimerkezi_mcp.ledger.files import make_folder
from iletimerkezi_mcp.server.ledger import ledger_account, ledger_folder
from iletimerkezi_mcp.settings import Settings, SettingsError
from iletimerkezi_mcp.tools.account import SENDERS_SHOWN

LIFE = timedelta(days=1)
FILE = "approved-senders.json"


def load_senders(settings: Settings, now: datetime) -> tuple[tuple[str, ...], datetime] | None:
    """Return the senders that were kept for this account within the day, and when they were read."""
    with suppress(SettingsError, OSError, ValueError, KeyError, TypeError):
        kept = json.loads(_file(settings).read_text(encoding="utf-8"))
        at = datetime.fromisoformat(kept["at"])
        if kept["account"] == _account(settings) and timedelta(0) <= now - at < LIFE:
            return tuple(map(str, kept["senders"])), at
    return None


def keep_senders(settings: Settings, senders: list[str], now: datetime) -> None:
    """Keep `senders` for the day, if all are there and a folder can be written to."""
    if len(senders) >= SENDERS_SHOWN:
        return
    content = {"account": _account(settings), "at": now.isoformat(), "senders": senders}
    with suppress(SettingsError, OSError):
        file = _file(settings)
        make_folder(file.parent)
        draft = file.with_name(f"{file.name}.{os.getpid()}.new")
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(content), encoding="utf-8")
        draft.replace(file)


def _file(settings: Settings) -> Path:
    folder = ledger_folder(settings)
    assert folder is not None, "the sandbox of a call is kept"
    return folder / FILE


def _account(settings: Settings) -> str:
    """Return what tells accounts apart, too short to be anything else."""
    return hashlib.sha256("\0".join(ledger_account(settings)).encode()).hexdigest()[:16]
