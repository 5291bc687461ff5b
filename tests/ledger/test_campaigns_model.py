"""Any sequence of campaigns, steps, single sends, outcomes, kills and waits, against plain sets of people."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from iletimerkezi_mcp.ledger.attempts import Attempt, AttemptOutcome, Overlap
from iletimerkezi_mcp.ledger.ledger import Started, Superseded
from iletimerkezi_mcp.provider.outcomes import RequestOutcome

from .machine import DAY, HOUR, MINUTE, SECOND, A, B, C, D, Machine, attempt, campaign, on_record, part, sending

PEOPLE = (A, B, C, D)
NEVER = {"refused", "nothing_done", "not_found"}


@dataclass
class _Sent:
    """A step or a single send: who it went to, and what came of it."""

    id: int
    people: frozenset[str]
    at: timedelta
    credits: int
    campaign: int | None
    outcome: str | None = None
    accepted: timedelta = timedelta()

    def state(self, now: timedelta) -> str:
        return self.outcome or ("unknown" if now - self.at >= MINUTE else "in_flight")

    def holds(self, now: timedelta, campaign: int | None) -> bool:
        spans = {"in_flight": 10 * MINUTE, "done": self.accepted + 10 * MINUTE, "unknown": DAY}
        span = spans.get(self.state(now), timedelta())
        is_own = campaign is not None and campaign == self.campaign and self.state(now) not in NEVER
        return now - self.at < (max(span, 7 * DAY) if is_own else span)


@dataclass
class _Campaign:
    """A campaign: its runs, of which only the last may go on."""

    runs: list[Attempt]
    credits: int
    touched: timedelta
    state: str = "under_way"
    recipients: int = 0

    def running(self, now: timedelta) -> bool:
        return self.state == "under_way" and now - self.touched < 2 * MINUTE


_SOME = st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=4, unique=True)
_ALL = st.just(list(PEOPLE))
_PICK = st.integers(0, 9)
_LAST = st.one_of(st.just(-1), st.just(-1), _PICK)
_FREE = st.sampled_from([True, True, False])
_STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("begin"), st.one_of(_SOME, _ALL), _FREE),
        *[st.tuples(st.just("go_on"), _LAST, st.one_of(_SOME, _ALL), _FREE)] * 2,
        *[st.tuples(st.just("step"), _LAST, _LAST, _SOME.map(lambda people: people[:2]), _FREE)] * 3,
        st.tuples(st.just("end"), _LAST, _LAST, st.sampled_from(["stopped", "stopped", "stopped", "finished"])),
        st.tuples(st.just("cancel"), _LAST),
        st.tuples(st.just("send"), _SOME.map(lambda people: people[:1])),
        *[st.tuples(st.just("settle"), _LAST, st.sampled_from(["done", "refused", "nothing_done", "unknown"]))] * 2,
        st.tuples(st.just("miss"), _LAST),
        *[st.tuples(st.just("wait"), st.sampled_from([30 * SECOND, 2 * MINUTE, 10 * MINUTE, HOUR, DAY]))] * 2,
        st.tuples(st.just("prune")),
    ),
    min_size=12,
    max_size=40,
)


class _Model:
    """One template, one file, four people."""

    def __init__(self) -> None:
        self.machine = Machine()
        self.ledger = self.machine.ledger()
        self.now = timedelta()
        self.sent: list[_Sent] = []
        self.campaigns: list[_Campaign] = []
        self.orders = count(100)
        self.parents: dict[int, int] = {}

    def reached(self, number: int) -> frozenset[str]:
        """Return whom a campaign has handed over, or may have."""
        steps = [sent for sent in self.sent if sent.campaign == number and sent.state(self.now) not in NEVER]
        return frozenset().union(*(sent.people for sent in steps))

    def position(self, number: int) -> int:
        steps = [sent for sent in self.sent if sent.campaign == number and sent.state(self.now) not in NEVER]
        return sum(len(sent.people) for sent in steps)

    def is_unfinished(self, number: int) -> bool:
        kept = self.campaigns[number]
        left = kept.recipients > self.position(number)
        return kept.state in {"under_way", "stopped"} and (kept.running(self.now) or left)

    def held(self, people: list[str], campaign: int | None = None) -> set[str]:
        return {person for sent in self.sent if sent.holds(self.now, campaign) for person in sent.people} & set(people)

    def some(self, people: list[str], free: bool) -> list[str]:
        """Return these people or, if `free`, those of them from whom nothing holds the text back."""
        return [person for person in people if not (free and self.held([person]))]

    async def play(self, kind: str, *values: Any) -> None:
        if kind == "wait":
            self.machine.wait(values[0])
            self.now += values[0]
        elif kind == "prune":
            self.ledger._pruned = None
            await self.ledger.prune()
        elif kind == "begin":
            await self.confirm(len(self.campaigns), self.some(*values), continues=False)
        elif kind == "send":
            await self.send(values[0])
        elif kind in {"settle", "miss"}:
            if self.sent:
                await self.settle(kind, self.sent[values[0] % len(self.sent)], *values[1:])
        elif self.campaigns:
            number = values[0] % len(self.campaigns)
            if kind == "go_on":
                await self.confirm(number, self.some(*values[1:]), continues=True)
            elif kind == "cancel":
                kept = self.campaigns[number]
                cancelled = await self.ledger.cancel_campaign(f"k-{number}")
                assert cancelled == (kept.state in {"under_way", "stopped"})
                kept.state = "cancelled" if cancelled else kept.state
            else:
                run = values[1] % len(self.campaigns[number].runs)
                await (
                    self.step(number, run, self.some(*values[2:]))
                    if kind == "step"
                    else self.end(number, run, values[2])
                )
        await self.check()

    async def confirm(self, number: int, people: list[str], *, continues: bool) -> None:
        """Begin a campaign to these people, or continue one to those of them whom it has not reached."""
        if continues:
            people = [person for person in people if person not in self.reached(number)]
        if not people:
            return
        kept = self.campaigns[number] if continues else None
        if kept is None:
            superseded = any(self.is_unfinished(other) for other in range(len(self.campaigns)))
        else:
            superseded = kept.state not in {"under_way", "stopped"} or kept.running(self.now)
        change = campaign(*people, name=f"k-{number}", continues=continues)
        answer = await attempt(self.ledger, change)
        if superseded:
            assert answer == Superseded()
        elif self.held(people, number):
            assert isinstance(answer, Overlap)
            assert set(answer.recipients) == self.held(people, number)
        else:
            assert isinstance(answer, Started), answer
            if kept is None:
                kept = _Campaign([], 0, self.now)
                self.campaigns.append(kept)
            kept.runs.append(answer.attempt)
            kept.recipients = self.position(number) + len(people)
            kept.state, kept.touched, kept.credits = "under_way", self.now, 2 * len(people)

    async def step(self, number: int, run: int, people: list[str]) -> None:
        """Let a run of a campaign, the last or an earlier one, make its next step."""
        kept = self.campaigns[number]
        parent = kept.runs[run]
        begun = [sent for sent in self.sent if sent.id in self.steps_of(parent)]
        done = sum(len(sent.people) for sent in begun if sent.state(self.now) not in NEVER - {"not_found"})
        people = people[: max(0, parent.count - done)]
        if not people:
            return
        # A part says so if it has nobody in common with the steps before it.
        disjoint = all(sent.people.isdisjoint(people) for sent in begun)
        start = sum(len(sent.people) for sent in begun) if disjoint else None
        answer = await self.ledger.begin_step(parent, part(*people, start=start), audit_owed=False)
        if run != len(kept.runs) - 1 or kept.state != "under_way":
            assert answer == Superseded()
        elif self.held(people, number):
            assert isinstance(answer, Overlap)
        else:
            assert isinstance(answer, Attempt), answer
            self.parents[answer.id] = parent.id
            self.sent.append(_Sent(answer.id, frozenset(people), self.now, 2 * len(people), number))
            kept.touched, kept.credits = self.now, max(0, kept.credits - 2 * len(people))

    def steps_of(self, parent: Attempt) -> set[int]:
        return {step for step, of in self.parents.items() if of == parent.id}

    async def end(self, number: int, run: int, state: Any) -> None:
        kept = self.campaigns[number]
        await self.ledger.settle(kept.runs[run], AttemptOutcome("done" if state == "finished" else "unknown"))
        if run == len(kept.runs) - 1 and kept.state == "under_way":
            kept.state = state

    async def send(self, people: list[str]) -> None:
        """Send the template's text to these people, outside of all campaigns."""
        answer = await attempt(self.ledger, sending(*people, credits_=len(people)))
        assert isinstance(answer, Overlap if self.held(people) else Started)
        if isinstance(answer, Started):
            self.sent.append(_Sent(answer.attempt.id, frozenset(people), self.now, len(people), None))

    async def settle(self, kind: str, sent: _Sent, outcome: RequestOutcome = "unknown") -> None:
        kept = await on_record(self.ledger, sent.id)
        assert kept is not None
        if kind == "settle" and sent.outcome is None:
            order = str(next(self.orders)) if outcome == "done" else None
            await self.ledger.settle(kept, AttemptOutcome(outcome, order_id=order))
            sent.outcome, sent.accepted = outcome, self.now - sent.at
        elif kind == "miss" and await self.ledger.settle_unknown(kept, None):
            assert sent.state(self.now) in {"unknown", "not_found"}
            sent.outcome = "not_found"

    async def check(self) -> None:
        """Hold the ledger against what was played."""
        for number, kept in enumerate(self.campaigns):
            found = await self.ledger.campaign(f"k-{number}")
            assert found is not None
            assert (found.state, found.running) == (kept.state, kept.running(self.now))
            assert found.runner == kept.runs[-1].id
            assert {step.id for step in found.steps} == {sent.id for sent in self.sent if sent.campaign == number}
            if self.now - kept.touched < 7 * DAY:
                assert await self.ledger.handed_over(f"k-{number}", PEOPLE) == set(self.reached(number))
            assert found.recipients == kept.recipients
        usage = await self.ledger.usage()
        recent = [sent for sent in self.sent if sent.state(self.now) not in NEVER - {"not_found"}]
        assert usage.recipients_in_hour == sum(
            len(sent.people) for sent in recent if sent.campaign is None and self.now - sent.at < HOUR
        )
        # It is noon at the start.
        day = (self.now + 12 * HOUR) // DAY
        assert usage.credits_today == sum(sent.credits for sent in recent if (sent.at + 12 * HOUR) // DAY == day) + sum(
            kept.credits
            for kept in self.campaigns
            if kept.state == "under_way"
            and ((kept.touched + 12 * HOUR) // DAY == day or self.now - kept.touched < 2 * MINUTE)
        )


@settings(max_examples=200, deadline=None)
@given(_STEPS)
def test_campaigns_are_those_of_plain_sets_of_people(steps: list[tuple[object, ...]]) -> None:
    async def play() -> None:
        model = _Model()
        for kind, *values in steps:
            await model.play(str(kind), *values)
        model.ledger.close()

    asyncio.run(play())
