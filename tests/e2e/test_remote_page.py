"""What ``docs/remote.md`` has the operator run beside the server: the first call, the backup, the unit.

The Turkish page has the same blocks, which `tests/test_translations.py` compares.
"""

from __future__ import annotations

import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from anyio import to_thread

from tests import processes
from tests.calls import SEND, SEND_SMS
from tests.processes import environment
from tests.transports.served import ALI, AYSE, by_hand

from .network import started

PAGE = (Path(__file__).parents[2] / "docs" / "remote.md").read_text(encoding="utf-8")
STATE = "/var/lib/iletimerkezi-mcp"
BACKUPS = "/var/backups"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="commands as POSIX has them")


def block(begins: str) -> str:
    """Return the block of shell commands that begins with this word."""
    found = re.search(rf"```sh\n({begins} .*?)\n```", PAGE, re.DOTALL)
    assert found is not None, begins
    return found[1]


def needs(program: str) -> None:
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed: its command in docs/remote.md was not run")


async def shell(lines: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run `lines` as a person does, beside the server that this test has started."""
    return await to_thread.run_sync(partial(processes.run, ["bash", "-ec", lines], env=environment(**variables)))


@pytest.mark.parametrize(("secret", "said"), [(ALI, '"serverInfo"'), (AYSE[::-1], "401")])
async def test_the_first_call_shows_that_address_and_secret_are_right(secret: str, said: str) -> None:
    needs("curl")
    async with started("streamable-http", "--sandbox") as at:
        line = (
            block("curl")
            .replace("https://im.example.com/mcp", at.address)
            .replace("curl ", "curl -w '%{http_code}' ", 1)
        )
        ran = await shell(line, SECRET=secret)
        assert said in ran.stdout


async def test_a_backup_made_while_the_server_runs_is_whole(tmp_path: Path) -> None:
    needs("sqlite3")
    state, backups = tmp_path / "state", tmp_path / "backups"
    backups.mkdir()
    flags = ("--sandbox", "--state-dir", str(state))
    async with started("streamable-http", *flags) as at, by_hand("streamable-http", at.address, "auto") as wire:
        preview = await wire.call(SEND_SMS, SEND)
        assert (await wire.call(SEND_SMS, {**SEND, "confirm": preview["confirm"]}))["outcome"] == "done"
        lines = block("sqlite3").replace(STATE, str(state / "sandbox")).replace(BACKUPS, str(backups))
        ran = await shell(lines)
        assert ran.returncode == 0, ran.stderr
    restored = tmp_path / "restored" / "sandbox"
    restored.mkdir(parents=True, mode=0o700)
    for name in ("ledger.sqlite3", "ledger.key"):
        shutil.copy(backups / f"iletimerkezi-{name}", restored / name)
    with closing(sqlite3.connect(restored / "ledger.sqlite3")) as ledger:
        assert ledger.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    flags = ("--sandbox", "--state-dir", str(tmp_path / "restored"))
    async with started("streamable-http", *flags) as at, by_hand("streamable-http", at.address, "auto") as wire:
        assert (await wire.call(SEND_SMS, SEND))["outcome"] == "held_back"


def test_the_unit_is_one_that_systemd_takes(tmp_path: Path) -> None:
    needs("systemd-analyze")
    [text] = re.findall(r"```\n(\[Unit\].*?)```", PAGE, re.DOTALL)
    # Only its program is not installed here.
    unit = tmp_path / "iletimerkezi-mcp@8001.service"
    unit.write_text(re.sub(r"ExecStart=\S+", "ExecStart=/bin/true", text), encoding="utf-8")
    ran = processes.run(["systemd-analyze", "verify", unit])
    assert (ran.returncode, ran.stderr) == (0, "")
