"""No sequence of calls with a code that is not right for exactly this call reaches the wire; a right one does, once."""

from __future__ import annotations

import tempfile
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import anyio
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from iletimerkezi_mcp.confirmation.caller import Caller
from iletimerkezi_mcp.confirmation.change_result import CODE_LIFE
from iletimerkezi_mcp.ledger.attempts import REPEAT_HOLD
from iletimerkezi_mcp.ledger.confirmation_codes import ALPHABET, CODE_LENGTH
from iletimerkezi_mcp.sandbox.database import SandboxDatabase
from iletimerkezi_mcp.sandbox.provider import Provider
from iletimerkezi_mcp.server import handlers
from tests.calls import ADD_BLACKLIST, CANCEL_ORDER, DELETE_BLACKLIST, GET_REPORTS, IYS_REGISTER, SEND_SMS
from tests.hosting import ERAS, LIVE, Host, ManualClock, Wire, hosted

PLACES = {
    "home": LIVE,
    "twin": LIVE,
    "other account": replace(LIVE, api_key=SecretStr("live-key-of-another")),
    "other address": replace(LIVE, api_url="https://elsewhere.example"),
    "sandbox": replace(LIVE, sandbox=True),
}
"""Servers that share one state folder; `twin` is a second process of the first."""

ACCOUNTS = {place: "home" if place == "twin" else place for place in PLACES}

_CONSENT = {
    "recipient": "05329998877",
    "recipient_type": "BIREYSEL",
    "channel": "MESAJ",
    "status": "ONAY",
    "source": "HS_WEB",
    "consent_date": "2026-11-20T10:30:00",
}
_SEND = {
    "recipients": ["05321234567", "05331112233"],
    "text": "Siparişiniz yola çıktı.",
    "message_type": "transactional",
}

CHANGES: dict[str, tuple[str, dict[str, Any]]] = {
    "send": (SEND_SMS, _SEND),
    "send to one": (SEND_SMS, {**_SEND, "recipients": ["05321234567"]}),
    "send later": (SEND_SMS, {**_SEND, "send_at": "2026-11-27T10:00"}),
    "send as another": (SEND_SMS, {**_SEND, "sender": "DEMO FIRMA"}),
    "send labelled": (SEND_SMS, {**_SEND, "label": "Kasım"}),
    "block": (ADD_BLACKLIST, {"number": "05330000077"}),
    "block another": (ADD_BLACKLIST, {"number": "05330000078"}),
    "unblock": (DELETE_BLACKLIST, {"number": "05330000077"}),
    "declare": (IYS_REGISTER, {"consents": [_CONSENT]}),
    "declare a refusal": (IYS_REGISTER, {"consents": [{**_CONSENT, "status": "RET"}]}),
    "cancel": (CANCEL_ORDER, {"order_id": "312891245"}),
    "cancel another": (CANCEL_ORDER, {"order_id": "312891246"}),
}

IDENTICAL = {"send", "send later", "send as another", "send labelled"}
"""The same text to the same people: once one is accepted, the provider and the ledger take the others for it."""

Principal = Literal["", "Ayşe", "Can"]


@dataclass(frozen=True, slots=True)
class Call:
    """A principal's call: without a code, or with the `code`-th one so far, `spelt` in one way or another."""

    place: str
    principal: Principal
    change: str
    code: int | None = None
    spelt: Literal["plain", "small", "padded", "cut", "longer", "other"] = "plain"


@dataclass(frozen=True, slots=True)
class Retry:
    """The `code`-th code so far at the very call that it was given for, or with one thing about it borrowed."""

    code: int
    place: str | None = None
    principal: Principal | None = None
    change: str | None = None


@dataclass(frozen=True, slots=True)
class Guess:
    """A code that was never issued."""

    place: str
    change: str
    code: str


@dataclass(frozen=True, slots=True)
class Wait:
    """Let time pass."""

    seconds: int


@dataclass(frozen=True, slots=True)
class Set:
    """The wall clock is set."""

    hours: int


Step = Call | Retry | Guess | Wait | Set

_places = st.sampled_from(sorted(PLACES))
_changes = st.sampled_from(sorted(CHANGES))
_principals = st.sampled_from(("", "", "", "Ayşe", "Can"))
_codes = st.integers(0, 30)
_home = st.one_of(st.just("home"), st.just("home"), _places)
_previews = st.builds(Call, place=_home, principal=_principals, change=_changes)
_spellings = st.sampled_from(("plain", "plain", "small", "padded", "cut", "longer", "other"))
_life = int(CODE_LIFE.total_seconds())

STEPS: st.SearchStrategy[Step] = st.one_of(
    _previews,
    _previews,
    st.builds(Call, place=_home, principal=_principals, change=_changes, code=_codes, spelt=_spellings),
    st.builds(Retry, code=_codes),
    st.builds(Retry, code=_codes),
    st.builds(Retry, code=_codes, place=_places),
    st.builds(Retry, code=_codes, principal=_principals),
    st.builds(Retry, code=_codes, change=_changes),
    st.builds(Guess, place=_home, change=_changes, code=st.text(ALPHABET, min_size=CODE_LENGTH, max_size=CODE_LENGTH)),
    st.builds(Guess, place=_home, change=_changes, code=st.text(max_size=64)),
    st.builds(Wait, seconds=st.sampled_from((1, 60, _life // 2, _life - 1, _life, _life + 1))),
    st.builds(Set, hours=st.sampled_from((-24, -1, 1, 24))),
)


@dataclass(slots=True)
class Issued:
    """A code as the model remembers it."""

    code: str
    account: str
    place: str
    principal: Principal
    change: str
    until: float
    used: bool = False


@dataclass(slots=True)
class Model:
    """A model of what may reach the wire: the codes so far, and until when an accepted send holds back its like."""

    clock: ManualClock
    issued: list[Issued] = field(default_factory=list)
    held: dict[str, float] = field(default_factory=dict)

    def note(self, place: str, principal: Principal, change: str, code: str) -> None:
        """A code was issued."""
        assert code not in {one.code for one in self.issued}
        until = self.clock.up + CODE_LIFE.total_seconds()
        self.issued.append(Issued(code, ACCOUNTS[place], place, principal, change, until))

    def right(self, place: str, principal: Principal, change: str, given: str) -> Issued | None:
        """The code that `given` is, where it is good for this call now."""
        for one in self.issued:
            if one.code == given.strip().upper():
                fits = (one.account, one.principal, one.change) == (ACCOUNTS[place], principal, change)
                return one if fits and not one.used and self.clock.up < one.until else None
        return None

    def holds(self, place: str, change: str) -> bool:
        """Return True if an accepted send holds this one back."""
        return self.held.get(self._same(place, change), 0.0) > self.clock.up

    def accepted(self, place: str, change: str) -> None:
        """A send was accepted."""
        self.held[self._same(place, change)] = self.clock.up + REPEAT_HOLD.total_seconds()

    def _same(self, place: str, change: str) -> str:
        return f"{ACCOUNTS[place]}: {'send' if change in IDENTICAL else change}"


@dataclass(slots=True)
class Play:
    """One sequence, at all the places at once; `calling` sets in whose name the next call comes."""

    hosts: dict[str, Host]
    wire: Wire
    model: Model
    calling: list[Principal]

    async def step(self, step: Step) -> None:
        """Take `step` and hold what comes of it against the model."""
        match step:
            case Wait():
                self.model.clock.advance(seconds=step.seconds)
            case Set():
                self.model.clock.jump(hours=step.hours)
            case Guess():
                await self._call(step.place, "", step.change, step.code)
            case Call():
                code = None if step.code is None else _spelt(self._issued(step.code), step.spelt)
                await self._call(step.place, step.principal, step.change, code)
            case Retry() if self.model.issued:
                own = self.model.issued[step.code % len(self.model.issued)]
                principal = own.principal if step.principal is None else step.principal
                await self._call(step.place or own.place, principal, step.change or own.change, own.code)

    def _issued(self, number: int) -> str:
        return self.model.issued[number % len(self.model.issued)].code if self.model.issued else "A" * CODE_LENGTH

    async def _call(self, place: str, principal: Principal, change: str, code: str | None) -> None:
        tool, arguments = CHANGES[change]
        right = None if code is None else self.model.right(place, principal, change, code)
        held = tool == SEND_SMS and self.model.holds(place, change)
        before = len(self.wire.requests)
        self.calling[0] = principal
        answer = await self.hosts[place].call(tool, arguments, confirm=code)
        reached = len(self.wire.requests) - before
        assert reached == (right is not None and not held), (place, principal, change, code, answer)
        if right is not None and not held:
            right.used = True
            assert answer["outcome"] in {"done", "refused"}
            if tool == SEND_SMS and answer["outcome"] == "done":
                self.model.accepted(place, change)
        elif right is not None:
            assert answer["outcome"] == "held_back"
        if "confirm" in answer:
            # A blank code may be taken for none, or for a wrong one.
            wrong = {"nothing_done"} if (code or "").strip() else {"preview", "nothing_done"}
            assert answer["outcome"] in ({"preview"} if code is None else wrong)
            self.model.note(place, principal, change, answer["confirm"])


def _spelt(code: str, how: str) -> str:
    match how:
        case "small":
            return code.lower()
        case "padded":
            return f" {code}\n"
        case "cut":
            return code[:-1]
        case "longer":
            return f"{code}A"
        case "other":
            return ("B" if code[0] == "A" else "A") + code[1:]
    return code


async def play(steps: list[Step], calling: list[Principal]) -> None:
    """Play `steps` at servers that share one folder and one wire."""
    clock = ManualClock()
    failure: AssertionError | None = None
    with tempfile.TemporaryDirectory() as folder, SandboxDatabase(clock=clock) as database:
        wire = Wire(Provider(database))
        async with AsyncExitStack() as open_:
            hosts = {}
            for number, (place, operators) in enumerate(PLACES.items()):
                shared = replace(operators, state_dir=Path(folder))
                mode = ERAS[number % 2]
                hosts[place] = await open_.enter_async_context(hosted(shared, mode=mode, clock=clock, wire=wire))
                # A cancellation is only previewed for an order that a report has shown.
                await hosts[place].call(GET_REPORTS)
            running = Play(hosts, wire, Model(clock), calling)
            try:
                for step in steps:
                    await running.step(step)
            except AssertionError as error:
                failure = error
    # Outside the hosts' task groups, which would wrap it.
    if failure is not None:
        raise failure


@pytest.fixture
def calling(monkeypatch: pytest.MonkeyPatch) -> list[Principal]:
    """In whose name the calls come, as a network's token would tell."""
    named: list[Principal] = [""]

    def caller(*given: Any, **more: Any) -> Caller:
        return replace(Caller(*given, **more), principal=named[0])

    monkeypatch.setattr(handlers, "Caller", caller)
    return named


@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    # An example takes half a second: making a failing one small would take minutes.
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(STEPS, min_size=8, max_size=24))
def test_only_a_right_code_reaches_the_wire_and_that_once(calling: list[Principal], steps: list[Step]) -> None:
    anyio.run(play, steps, calling)


@pytest.mark.parametrize(
    ("place", "change"),
    [
        *(("home", change) for change in ("send", "block", "unblock", "declare", "cancel")),
        *((place, "send") for place in PLACES if place != "home"),
    ],
)
def test_a_code_is_valid_only_for_its_own_change_account_and_principal(
    calling: list[Principal], place: str, change: str
) -> None:
    borrowed: list[Step] = [
        Call(place, "Ayşe", change),
        *(Retry(0, place=other) for other in PLACES if ACCOUNTS[other] != ACCOUNTS[place]),
        *(Retry(0, change=other) for other in CHANGES if other != change),
        Retry(0, principal="Can"),
        Retry(0, principal=""),
        Wait(_life - 1),
        Retry(0),
        Retry(0),
    ]
    anyio.run(play, borrowed, calling)
