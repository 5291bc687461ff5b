"""The reports that the provider pushes by itself, one for each message and state (contract, section 11)."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import anyio

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.sms.clock import Clock, system_clock

from . import magic_numbers as magic
from .orders import TEST_TEXT
from .request_context import Json

if TYPE_CHECKING:
    from .provider import Provider

PERIOD = 0.25
"""The seconds from one look for what is due to the next."""

POSTS_AT_ONCE = 20
_SECONDS_FOR_A_POST = 10.0

_OLDEST = magic.SLOW_SECONDS + magic.LATE_SECONDS
"""The seconds after which nothing of an order is due any more."""

_FINAL = {111: "delivered", 112: "undelivered"}
_ROWS = """SELECT id, position, number, fate, send_at, settles_at FROM orders JOIN recipients ON order_id = id
    WHERE stopped_at IS NULL AND send_at >= ? AND send_at < ? ORDER BY id, position"""

_FAILED = Text(
    "A report could not be pushed ({reason}); the sandbox does not repeat it, goes on with the next, and says so once.",
    "Bir iletim bildirimi gönderilemedi ({reason}); deneme ortamı onu yinelemez, sonrakilerle sürdürür ve bunu bir kez "
    "söyler.",
)


def reports_between(db: sqlite3.Connection, after: float, until: float) -> list[Json]:
    """Return the bodies that are due from `after` until before `until`, the earliest first. Texts are not kept."""
    due = []
    for order_id, place, number, fate, send_at, settles_at in db.execute(_ROWS, (after - _OLDEST, until)):
        for at, status in _states(number, fate, send_at, settles_at):
            if after <= at < until:
                message_id = order_id * 100_000 + place
                report = {"id": message_id, "packet_id": order_id, "status": status, "to": number, "body": TEST_TEXT}
                due.append((at, {"report": report}))
    return [body for _, body in sorted(due, key=lambda each: each[0])]


def _states(number: str, fate: int, send_at: float, settles_at: float) -> Iterator[tuple[float, str]]:
    """Yield each state of a message that is reported, and when."""
    way = magic.FATES.get(number)
    final = _FINAL.get(fate, "")
    if way == "never_pushed":
        return
    for _ in range(2 if way == "pushed_twice" else 1):
        yield (settles_at + 1 if way == "pushed_out_of_order" else send_at), "accepted"
        if final:
            yield (settles_at + magic.LATE_SECONDS if way == "pushed_late" else settles_at), final


async def push_reports(provider: Provider, url: str, say: Callable[[Text], None], clock: Clock = system_clock) -> None:
    """Post what becomes due to `url`, until cancelled. Nothing is repeated, and the first failure alone is said."""
    import httpx

    failed = False

    async def post(client: httpx.AsyncClient, reports: Iterator[Json]) -> None:
        nonlocal failed
        for report in reports:
            try:
                reason = (
                    None if (status := (await client.post(url, json=report)).status_code) == 200 else f"HTTP {status}"
                )
            except httpx.HTTPError as error:
                reason = type(error).__name__
            if reason is not None and not failed:
                failed = True
                say(_FAILED.format(reason=reason))

    # No proxy, and no redirect: the address ends in a secret.
    async with httpx.AsyncClient(trust_env=False, timeout=_SECONDS_FOR_A_POST) as client:
        after = clock().timestamp()
        while True:
            await anyio.sleep(PERIOD)
            until = clock().timestamp()
            try:
                due = provider.pushes(after, until)
            except sqlite3.OperationalError:
                # Another process holds the file: what is due stays so.
                continue
            after = until
            async with anyio.create_task_group() as posts:
                reports = iter(due)
                for _ in due[:POSTS_AT_ONCE]:
                    posts.start_soon(post, client, reports)
