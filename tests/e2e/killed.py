"""What the tests of killed servers share: their settings, and a provider that accepts every order."""

from __future__ import annotations

import json
import os
from itertools import count
from pathlib import Path

import pytest
from pydantic import SecretStr

from iletimerkezi_mcp.settings import Settings

from .upstream import Answer, raw

ROOT = Path(__file__).parents[2]
KEY = "live-key-of-the-crash-test"

posix = pytest.mark.skipif(not hasattr(os, "fork"), reason="SIGKILL as POSIX has it")


def variables(folder: Path, origin: str) -> dict[str, str]:
    """Return the operator's settings for a live server that asks no person."""
    return {
        "ILETIMERKEZI_API_KEY": KEY,
        "ILETIMERKEZI_API_HASH": "live-hash-of-the-crash-test",
        "ILETIMERKEZI_API_URL": origin,
        "ILETIMERKEZI_STATE_DIR": str(folder),
        "ILETIMERKEZI_CONFIRM": "code",
    }


def later(folder: Path, origin: str) -> Settings:
    """Return the same settings for a server in this process."""
    return Settings(
        api_key=SecretStr(KEY),
        api_hash=SecretStr("h"),
        api_url=origin,
        state_dir=folder,
        confirm="code",
        language="en",
        audit_log=folder / "audit.jsonl",
    )


def ever_accepting() -> Answer:
    """Accept every order, the repeated ones too: the provider's own guard must not cover for ours."""
    numbers = count(1)

    def answer(_: str, __: bytes) -> bytes:
        accepted = {"status": {"code": 200, "message": ""}, "order": {"id": next(numbers)}}
        return raw(200, json.dumps({"response": accepted}).encode())

    return answer
