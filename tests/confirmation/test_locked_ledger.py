"""A ledger that another process keeps locked, through a client: each call waits once, and none behind another."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread
import pytest

from iletimerkezi_mcp.ledger import database
from iletimerkezi_mcp.ledger.files import LEDGER_FILE
from tests.calls import SEND, SEND_SMS
from tests.hosting import ERAS, LIVE, Mode, hosted
from tests.loop_clock import LoopClock
from tests.tools.examples import CHANGES, EXAMPLES, READS


@dataclass
class Door:
    """The beginning of each transaction: the first one that has to wait for the file waits here, until told to give up."""

    entered: threading.Event = field(default_factory=threading.Event)
    gives_up: threading.Event = field(default_factory=threading.Event)
    waits: list[float] = field(default_factory=list)

    def stand_in(self, patch: pytest.MonkeyPatch) -> None:
        transaction = database.transaction

        @contextmanager
        def waiting(connection: Any, mode: Any, now: Any, place: str, seconds: float) -> Iterator[Any]:
            self.waits.append(seconds)
            self.entered.set()
            assert self.gives_up.wait(60)
            with transaction(connection, mode, now, place, 0) as moment:
                yield moment

        patch.setattr(database, "transaction", waiting)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep the ledger locked as another process does."""
    with closing(sqlite3.connect(folder / LEDGER_FILE, isolation_level=None)) as file:
        file.execute("BEGIN IMMEDIATE")
        yield
        file.execute("ROLLBACK")


@pytest.mark.parametrize("mode", ERAS)
async def test_while_one_call_waits_for_a_locked_ledger_the_others_wait_no_longer_than_it(
    mode: Mode, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    door, clock = Door(), LoopClock()
    answers: dict[str, list[dict[str, Any]]] = {"first": [], "read": [], "change": []}

    async with hosted(replace(LIVE, state_dir=tmp_path), mode=mode) as host:

        async def call(name: str, tool: str) -> None:
            answers[name].append(await host.call(tool, EXAMPLES[tool]))

        await host.call(SEND_SMS, SEND)
        with locked(tmp_path), monkeypatch.context() as patch:
            door.stand_in(patch)
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(call, "first", SEND_SMS)
                assert await anyio.to_thread.run_sync(door.entered.wait, 60)
                for tool in READS:
                    tasks.start_soon(call, "read", tool)
                for tool in CHANGES * 4:
                    tasks.start_soon(call, "change", tool)
                await anyio.wait_all_tasks_blocked()
                await clock.tick(database.BUSY_SECONDS + 1)
                with anyio.fail_after(60):
                    while len(answers["read"]) < len(READS) or len(answers["change"]) < len(CHANGES) * 4:
                        await anyio.lowlevel.checkpoint()
                assert answers["first"] == []
                door.gives_up.set()
        # The first call looks for a standing rule, and then issues a code.
        assert [wait <= database.BUSY_SECONDS for wait in door.waits] == [True, True]
        assert {answer["outcome"] for answer in answers["read"]} == {"ok"}
        for answer in answers["first"] + answers["change"]:
            assert answer["outcome"] == "nothing_done"
            assert "locked for more than five seconds" in answer["summary"]
        assert (await host.call(SEND_SMS, SEND))["outcome"] == "preview"
    assert not set(host.wire.paths()) & {"send-sms", "cancel-order", "add-blacklist"}
