"""Any sequence of sends, outcomes and waits, against plain sets of people."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from iletimerkezi_mcp.ledger.attempts import Attempt, AttemptOutcome, Overlap
from iletimerkezi_mcp.ledger.ledger import Started
from iletimerkezi_mcp.provider.outcomes import RequestOutcome

from .machine import A, B, C, D, Machine, attempt, on_record, sending, usage_of

SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def _id(found: Attempt | None) -> int | None:
    return None if found is None else found.id


def _last(ids: Iterable[int]) -> int | None:
    return max(ids, default=None)


@dataclass
class _Sent:
    """A send as the model knows it: a plain set of people, and its age."""

    id: int
    text: str
    people: frozenset[str]
    at: timedelta
    ahead: timedelta
    outcome: str | None = None
    order: str = ""
    accepted: timedelta = timedelta()

    def state(self, now: timedelta) -> str:
        return self.outcome or ("unknown" if now - self.at >= MINUTE else "in_flight")

    def left(self, now: timedelta) -> timedelta:
        hold = {
            "in_flight": self.ahead + 10 * MINUTE,
            "done": max(self.ahead, self.accepted) + 10 * MINUTE,
            "unknown": max(DAY, self.ahead + 10 * MINUTE),
        }
        return hold.get(self.state(now), timedelta()) - (now - self.at)


_PEOPLE = st.lists(st.sampled_from([A, B, C, D]), min_size=1, max_size=4, unique=True)
_TEXTS = st.sampled_from(["Kod 1", " Kod  1\u200b", "KOD: 1", "Kod 2"])
_STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("send"), _PEOPLE, _TEXTS, st.sampled_from([timedelta(), 3 * HOUR, 2 * DAY])),
        st.tuples(
            st.just("settle"), st.integers(0, 9), st.sampled_from(["done", "refused", "nothing_done", "unknown"])
        ),
        st.tuples(st.just("miss"), st.integers(0, 9)),
        st.tuples(st.just("cancel"), st.integers(0, 9)),
        st.tuples(st.just("wait"), st.sampled_from([30 * SECOND, MINUTE, 5 * MINUTE, 10 * MINUTE, HOUR, DAY])),
        st.tuples(st.just("prune")),
    ),
    max_size=25,
)
_KEY = {"Kod 1": 1, " Kod  1\u200b": 1, "KOD: 1": 2, "Kod 2": 3}
_ALIKE = {1: {2}, 2: {1}, 3: set[int]()}


class _Model:
    def __init__(self) -> None:
        self.machine = Machine()
        self.ledger = self.machine.ledger()
        self.now = timedelta()
        self.sent: list[_Sent] = []
        self.numbers = count(100)

    async def step(self, kind: str, *values: Any) -> None:
        if kind == "wait":
            self.machine.wait(values[0])
            self.now += values[0]
        elif kind == "prune":
            self.ledger._pruned = None
            await self.ledger.prune()
        elif kind == "send":
            await self.send(*values)
        elif self.sent:
            await self.settle(kind, self.sent[values[0] % len(self.sent)], *values[1:])

    async def settle(self, kind: str, sent: _Sent, outcome: RequestOutcome = "unknown") -> None:
        kept = await on_record(self.ledger, sent.id)
        assert kept is not None
        assert kept.state == sent.state(self.now)
        if kind == "settle" and sent.outcome is None:
            sent.outcome, sent.order = outcome, str(next(self.numbers))
            sent.accepted = self.now - sent.at if outcome == "done" else timedelta()
            order = sent.order if outcome == "done" else None
            await self.ledger.settle(kept, AttemptOutcome(outcome, order_id=order))
        elif kind == "miss" and await self.ledger.settle_unknown(kept, None):
            assert sent.state(self.now) in {"unknown", "not_found"}
            sent.outcome = "not_found"
        elif kind == "cancel" and sent.outcome == "done":
            await self.ledger.settle(kept, AttemptOutcome("done"), cancelled_order_id=sent.order)
            sent.outcome = "cancelled"

    async def send(self, people: list[str], text: str, ahead: timedelta) -> None:
        change = sending(*people, text=text, send_at=self.machine.now + ahead if ahead else None)
        usage = await usage_of(self.ledger, change)
        common = [sent for sent in self.sent if sent.people & set(people)]
        same = [sent for sent in common if _KEY[sent.text] == _KEY[text]]
        holding = [sent for sent in same if sent.left(self.now) > timedelta()]
        held = {person for sent in holding for person in sent.people}
        if holding:
            assert usage.overlap is not None
            longest = max(holding, key=lambda sent: sent.left(self.now))
            assert usage.overlap.recipients == tuple(person for person in people if person in held)
            assert usage.overlap.attempt.id == longest.id
            assert usage.overlap.until == self.machine.now + longest.left(self.now)
        else:
            assert usage.overlap is None
        assert _id(usage.unsettled_attempt) == _last(
            sent.id
            for sent in same
            if sent not in holding
            and (
                sent.state(self.now) == "unknown"
                or (sent.outcome == "not_found" and self.now - sent.at < sent.ahead + DAY)
            )
        )
        assert _id(usage.recent_attempt) == _last(
            sent.id
            for sent in common
            if _KEY[sent.text] in _ALIKE[_KEY[text]]
            and sent.state(self.now) in {"in_flight", "done", "unknown"}
            and self.now - sent.at < max(sent.ahead, sent.accepted) + 10 * MINUTE
        )
        result = await attempt(self.ledger, change)
        assert isinstance(result, Overlap if holding else Started)
        if isinstance(result, Started):
            self.sent.append(_Sent(result.attempt.id, text, frozenset(people), self.now, ahead))


@settings(max_examples=150)
@given(_STEPS)
def test_overlaps_are_those_of_plain_sets_of_people(steps: list[tuple[object, ...]]) -> None:
    async def play() -> None:
        model = _Model()
        for kind, *values in steps:
            await model.step(str(kind), *values)

    asyncio.run(play())
