"""The doctor's finding on a ledger, which it leaves as it is."""

from __future__ import annotations

import os
import sqlite3
import stat
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from iletimerkezi_mcp.cli.doctor.state import audit_finding, state_folder_finding
from iletimerkezi_mcp.confirmation.audit import AuditLog
from iletimerkezi_mcp.ledger import keys
from iletimerkezi_mcp.ledger.files import LEDGER_FILE
from iletimerkezi_mcp.ledger.sqlite import SqliteLedger
from iletimerkezi_mcp.redaction import Redactor
from iletimerkezi_mcp.server.ledger import ledger_account
from iletimerkezi_mcp.settings import Settings
from iletimerkezi_mcp.sms.clock import system_clock
from tests.calls import GET_REPORTS, SEND_SMS
from tests.hosting import ManualClock, hosted
from tests.ledger.machine import terms

from .clinic import BALANCE, HASH, KEY, greeted, scripted, senders, visited

SILENT: dict[str, Any] = {
    "recipients": ["+905000000902"],
    "text": "Siparişiniz yola çıktı.",
    "message_type": "transactional",
}


async def test_a_send_of_unknown_outcome_is_told_and_stays_as_it_was(tmp_path: Path) -> None:
    """The ledger is open elsewhere at the first look and closed at the second."""
    async with scripted(greeted(), BALANCE, senders("FIRMAADI"), greeted(), BALANCE, senders("FIRMAADI")) as at:
        settings = Settings(
            api_key=SecretStr(KEY),
            api_hash=SecretStr(HASH),
            api_url=at.url,
            sender="FIRMAADI",
            confirm="code",
            state_dir=tmp_path / "state",
        )
        async with hosted(settings, clock=ManualClock(system_clock())) as host:
            sent = await host.confirm(SEND_SMS, SILENT)
            assert sent["outcome"] == "unknown"
            while_open = await visited(tmp_path, API_URL=at.url, STATE_DIR=str(tmp_path / "state"))
        after = await visited(tmp_path, API_URL=at.url, STATE_DIR=str(tmp_path / "state"))
    for visit in (while_open, after):
        assert (visit.code, visit.verdicts("ledger")) == (0, ["warning"])
        assert "1 credit used today; 1 send of unknown outcome, the oldest from " in visit.advice("ledger")
        assert GET_REPORTS in visit.advice("ledger")


async def test_a_ledger_without_an_open_question_is_fine(tmp_path: Path) -> None:
    async with hosted(replace(_live(), state_dir=tmp_path), clock=ManualClock(system_clock())) as host:
        await host.confirm(SEND_SMS, {**SILENT, "recipients": ["+905321234567"]})
    visit = await visited(tmp_path, STATE_DIR=str(tmp_path), API_URL=_live().api_url, API_HASH=None)
    assert visit.advice("ledger").startswith("1 credit used today; every outcome is known.")


async def test_the_rules_under_which_messages_go_out_unread_are_told(tmp_path: Path) -> None:
    settings = replace(_live(), state_dir=tmp_path)
    ledger = SqliteLedger(tmp_path, ledger_account(settings), clock=system_clock)
    look: Any = {"STATE_DIR": str(tmp_path), "API_URL": settings.api_url, "API_HASH": None}
    with closing(ledger):
        await ledger.prune()
        assert (await visited(tmp_path, **look)).verdicts("rules") == []
        for name in ("kargo", "randevu"):
            assert await ledger.add_rule(terms(name=name, days=1))
        visit = await visited(tmp_path, **look)
        assert visit.verdicts("rules") == ["ok"]
        assert visit.advice("rules").startswith("Messages go out unread under kargo, randevu; ")
        with closing(sqlite3.connect(tmp_path / LEDGER_FILE)) as file:
            file.execute("UPDATE rule SET name = 'x' WHERE name = 'randevu'")
            file.commit()
        visit = await visited(tmp_path, **look)
        assert visit.wrong() == {"address", "credentials", "rules"}
        assert visit.advice("rules").startswith("Edited in the file, so nothing goes out under it: x.")
        await ledger.revoke_rule("x")
    clock = ManualClock(system_clock())
    clock.jump(days=-2)
    with closing(SqliteLedger(tmp_path / "old", ledger_account(settings), clock=clock)) as ledger:
        assert await ledger.add_rule(terms(days=1))
    look["STATE_DIR"] = str(tmp_path / "old")
    assert (await visited(tmp_path, **look)).verdicts("rules") == []


def _live() -> Settings:
    return Settings(
        api_key=SecretStr(KEY),
        api_hash=SecretStr(HASH),
        api_url="http://127.0.0.1:9",
        sender="FIRMAADI",
        confirm="code",
    )


@pytest.mark.parametrize(
    ("spoil", "summary"),
    [
        (lambda folder: (folder / keys.FILE).unlink(), "ledger.key is missing"),
        (lambda folder: (folder / keys.FILE).write_bytes(b"x"), "is damaged or belongs to another ledger"),
        (lambda folder: (folder / LEDGER_FILE).write_bytes(b"x" * 4096), "is damaged. Nothing was deleted."),
    ],
    ids=["no key", "another key", "no ledger"],
)
async def test_a_ledger_that_cannot_be_used(tmp_path: Path, spoil: Any, summary: str) -> None:
    async with hosted(replace(_live(), state_dir=tmp_path)) as host:
        await host.confirm(SEND_SMS, {**SILENT, "recipients": ["+905321234567"]})
    spoil(tmp_path)
    visit = await visited(tmp_path, STATE_DIR=str(tmp_path))
    assert visit.wrong() == {"address", "ledger"}
    assert summary in visit.advice("ledger")


def test_a_user_without_a_home_is_told_to_name_a_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOME", "USERPROFILE", "XDG_STATE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)

    def no_home() -> Path:
        raise RuntimeError

    monkeypatch.setattr(Path, "home", no_home)
    found = state_folder_finding(Settings())
    assert (found.verdict, found.summary.en[:36]) == ("wrong", "ILETIMERKEZI_STATE_DIR must be set, ")
    found = state_folder_finding(Settings(read_only=True))
    assert (found.verdict, found.summary.en[:38]) == ("ok", "None, as this user has no home folder;")


def test_what_is_said_of_the_audit_log_is_what_the_log_itself_would_say(tmp_path: Path) -> None:
    path = tmp_path / "missing" / "audit.jsonl"
    found = audit_finding(Settings(audit_log=path))
    with pytest.raises(RuntimeError) as caught:
        AuditLog(path, Redactor(())).check()
    assert str(caught.value) == found.summary.en


def test_a_pipe_that_no_home_reads_is_no_audit_log_and_is_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "audit.pipe"
    os.mkfifo(pipe)
    assert audit_finding(Settings(audit_log=pipe)).verdict == "wrong"


@pytest.mark.skipif(sys.platform == "win32", reason="modes as POSIX has them")
@pytest.mark.parametrize(
    ("folder_mode", "key_mode", "summary"),
    [
        (0o700, None, None),
        (0o755, None, "can look into {state}."),
        (0o710, None, "can look into {state}."),
        (0o777, None, "can change {state}, "),
        (0o700, 0o700, None),
        (0o700, 0o750, "can look into {keys}."),
        (0o755, 0o770, "can change {state}, {keys}, "),
    ],
)
def test_folders_that_other_users_can_reach(
    tmp_path: Path, folder_mode: int, key_mode: int | None, summary: str | None
) -> None:
    state, key_folder = tmp_path / "my state", tmp_path / "keys"
    for folder, mode in ((state, folder_mode), (key_folder, key_mode or 0o700)):
        folder.mkdir()
        folder.chmod(mode)
    key_file = None if key_mode is None else key_folder / "ledger.key"
    found = state_folder_finding(replace(_live(), state_dir=state, state_key_file=key_file))
    assert found.verdict == ("ok" if summary is None else "warning")
    if summary is not None:
        assert summary.format(state=state, keys=key_folder) in found.summary.en
        assert found.next_step is not None
        assert ": chmod 700 " in found.next_step.en
        assert (f"'{state}'" in found.next_step.en) == (folder_mode != 0o700)


@pytest.mark.skipif(sys.platform == "win32", reason="modes as POSIX has them")
async def test_an_open_folder_is_a_warning_and_its_ledger_is_looked_at(tmp_path: Path) -> None:
    state = tmp_path / "open"
    state.mkdir()
    state.chmod(0o755)
    async with hosted(replace(_live(), state_dir=state), clock=ManualClock(system_clock())) as host:
        await host.confirm(SEND_SMS, {**SILENT, "recipients": ["+905321234567"]})
    visit = await visited(tmp_path, STATE_DIR=str(state), API_URL=_live().api_url)
    assert visit.verdicts("state_folder") == ["warning"]
    assert visit.advice("ledger").startswith("1 credit used today; ")
    assert stat.S_IMODE(state.stat().st_mode) == 0o755
