"""Calls alone approve nothing, whatever a model makes of all that it was ever shown: that takes a person, or their code."""

from __future__ import annotations

import json
import re
import tempfile
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

import anyio
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from mcp import MCPError

from iletimerkezi_mcp.confirmation import approvals
from iletimerkezi_mcp.ledger.attempts import LIMIT_SPAN, WAITING_LIFE
from iletimerkezi_mcp.sandbox.database import SandboxDatabase
from iletimerkezi_mcp.sandbox.provider import Provider
from iletimerkezi_mcp.tools.answers import CARD_META
from iletimerkezi_mcp.tools.card_answer import CARD_ANSWER
from tests.calls import ADD_BLACKLIST, GET_REPORT, IYS_REGISTER, SEND_SMS
from tests.confirmation.scenes import Asked
from tests.hosting import CARDS, ERAS, LIVE, Host, ManualClock, Wire, hosted
from tests.server.browsing import FakeBrowser, let_threads_run
from tests.tools.examples import EXAMPLES

THRESHOLD = 5

PLACES: dict[str, dict[str, Any]] = {
    "cards": {"cards": True},
    "other cards": {"cards": True},
    "cards and page": {"cards": True, "page": True},
    "page": {"page": True},
    "form": {"form": True},
    "neither": {},
    "human with cards": {"human": True, "cards": True},
    "human with page": {"human": True, "page": True},
}
"""Servers that share one state folder: what their hosts show, and what their operators allow. Nobody ever presses anything."""

ONLY_PERSONS = {"form", "human with cards", "human with page"}


def _send(count: int, text: str = "Siparişiniz yola çıktı.") -> tuple[str, dict[str, Any]]:
    people = [f"+90532{count:03}{place:04}" for place in range(count)]
    return SEND_SMS, {"recipients": people, "text": text, "message_type": "transactional"}


_CONSENT = EXAMPLES[IYS_REGISTER]["consents"][0]

CHANGES: dict[str, tuple[str, dict[str, Any]]] = {
    **{f"send to {count}": _send(count) for count in (1, 2, 3, 4, THRESHOLD, THRESHOLD + 2)},
    "send something else": _send(THRESHOLD, "Yarın kapalıyız."),
    "block": (ADD_BLACKLIST, {"number": "05330000077"}),
    "declare": (IYS_REGISTER, {"consents": [_CONSENT]}),
}

CHANGING = {
    "send-sms": SEND_SMS,
    "add-blacklist": ADD_BLACKLIST,
    "consent/create": IYS_REGISTER,
    "delete-blacklist": "",
    "cancel-order": "",
}
"""The paths of requests that change something, each with the tool that may make them here."""


@dataclass(frozen=True, slots=True)
class Word:
    """One of the words that the model was shown, changed in some way, or joined with another one."""

    place: int
    spelt: Literal["plain", "small", "large", "cut", "joined", "dotted"] = "plain"
    other: int = 0


@dataclass(frozen=True, slots=True)
class Ask:
    """A call for a change, with a word as its code or without one."""

    place: str
    change: str
    confirm: Word | None = None


@dataclass(frozen=True, slots=True)
class Repeat:
    """The last preview's call, with its own code: what a model may do below the threshold."""

    place: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A call of the card's own tool."""

    place: str
    code: Word
    decision: str
    count: Word | int | None


@dataclass(frozen=True, slots=True)
class Look:
    """A read: of what a word names, of a resource or of a prompt."""

    place: str
    what: Literal["report", "resource", "prompt"]
    word: Word


@dataclass(frozen=True, slots=True)
class Shown:
    """The host shows a card; its script calls back."""

    card: int


@dataclass(frozen=True, slots=True)
class Wait:
    """Time passes, or the wall clock is set."""

    seconds: int
    hours: int = 0


Step = Ask | Repeat | Answer | Look | Shown | Wait

_places = st.sampled_from(sorted(PLACES))
_words = st.builds(
    Word,
    place=st.integers(0, 5_000),
    spelt=st.sampled_from(("plain", "plain", "plain", "small", "large", "cut", "joined", "dotted")),
    other=st.integers(0, 5_000),
)
_life = int(WAITING_LIFE.total_seconds())

STEPS: st.SearchStrategy[Step] = st.one_of(
    st.builds(Ask, place=_places, change=st.sampled_from(sorted(CHANGES))),
    st.builds(Ask, place=_places, change=st.sampled_from(sorted(CHANGES))),
    st.builds(Ask, place=_places, change=st.sampled_from(sorted(CHANGES)), confirm=_words),
    st.builds(Repeat),
    st.builds(Repeat, place=_places),
    st.builds(
        Answer,
        place=_places,
        code=_words,
        decision=st.sampled_from(("shown", "approve", "approve", "reject")),
        count=st.one_of(st.none(), _words, st.sampled_from((1, THRESHOLD, THRESHOLD + 2))),
    ),
    st.builds(Look, place=_places, what=st.sampled_from(("report", "resource", "prompt")), word=_words),
    st.builds(Shown, card=st.integers(0, 50)),
    st.builds(
        Wait, seconds=st.sampled_from((1, 9, 11, _life - 1, _life, 3600)), hours=st.sampled_from((0, 0, -24, 24))
    ),
)


@dataclass(slots=True)
class Play:
    """One history: what the model was shown, what it was not, and what reached the wire because of it."""

    hosts: dict[str, Host]
    browsers: dict[str, FakeBrowser]
    wire: Wire
    clock: ManualClock
    words: dict[str, None] = field(default_factory=dict)
    read: list[str] = field(default_factory=list)
    cards: list[tuple[str, str]] = field(default_factory=list)
    preview: tuple[str, str, str] | None = None
    confirmed: list[tuple[float, str, int]] = field(default_factory=list)

    def show(self, text: str) -> None:
        """Let the model read `text`."""
        self.read.append(text)
        for word in re.findall(r"[\w.:+@/-]{3,}", text):
            self.words[word.strip(".,:")] = None

    def word(self, word: Word) -> str:
        """Return what the model makes of words that it has read; the latest come first."""
        known = list(reversed(self.words))
        plain, other = known[word.place % len(known)], known[word.other % len(known)]
        return {
            "plain": plain,
            "small": plain.lower(),
            "large": plain.upper(),
            "cut": plain[: len(plain) // 2],
            "joined": plain + other,
            "dotted": f"{plain}.{other}",
        }[word.spelt]

    async def step(self, step: Step) -> None:
        """Take `step`, and look at what came of it."""
        before = len(self.wire.requests)
        place, tool = "", ""
        match step:
            case Wait():
                self.clock.advance(seconds=step.seconds)
                self.clock.jump(hours=step.hours)
            case Shown() if self.cards:
                place, code = self.cards[step.card % len(self.cards)]
                # What comes of it is for the card alone.
                await self.hosts[place].client.call_tool(CARD_ANSWER.name, {"code": code, "decision": "shown"})
            case Ask():
                place, (tool, arguments) = step.place, CHANGES[step.change]
                confirm = {} if step.confirm is None else {"confirm": self.word(step.confirm)}
                answer = await self._call(place, tool, {**arguments, **confirm})
                if "confirm" in answer:
                    self.preview = (place, step.change, answer["confirm"])
            case Repeat() if self.preview is not None:
                asked, change, code = self.preview
                place, (tool, arguments) = step.place or asked, CHANGES[change]
                await self._call(place, tool, {**arguments, "confirm": code})
            case Answer():
                place, tool = step.place, CARD_ANSWER.name
                count = self.word(step.count) if isinstance(step.count, Word) else step.count
                arguments = {"code": self.word(step.code), "decision": step.decision, "count": count}
                answer = await self._call(place, tool, arguments)
                assert answer.get("state", "void") == "void"
                assert answer.get("outcome", "nothing_done") == "nothing_done"
            case Look():
                await self._look(step)
        # What is to follow a preview does.
        for _ in range(5):
            await let_threads_run()
        for path, request in self.wire.requests[before:]:
            self._check(place, tool, path.removeprefix("/v1/").removesuffix("/json"), request)
        self._check_secrets()

    async def _call(self, place: str, tool: str, arguments: dict[str, Any]) -> dict[str, Any]:
        try:
            result = await self.hosts[place].client.call_tool(tool, arguments)
        except MCPError as error:
            self.show(str(error))
            return {}
        self.show(json.dumps([block.model_dump(mode="json") for block in result.content], ensure_ascii=False))
        self.show(json.dumps(result.structured_content, ensure_ascii=False))
        if code := ((result.meta or {}).get(CARD_META) or {}).get("code"):
            self.cards.append((place, code))
        return result.structured_content or {}

    async def _look(self, look: Look) -> None:
        client = self.hosts[look.place].client
        if look.what == "report":
            await self._call(look.place, GET_REPORT, {"order_id": self.word(look.word)})
        elif look.what == "resource":
            resources = (await client.list_resources()).resources
            read = await client.read_resource(resources[look.word.place % len(resources)].uri)
            self.show(read.model_dump_json())
        else:
            prompts = (await client.list_prompts()).prompts
            prompt = prompts[look.word.place % len(prompts)]
            arguments = {argument.name: self.word(look.word) for argument in prompt.arguments or []}
            try:
                self.show((await client.get_prompt(prompt.name, arguments)).model_dump_json())
            except MCPError as error:
                self.show(str(error))

    def _check(self, place: str, tool: str, path: str, request: dict[str, Any]) -> None:
        """Check a request: a change is one that codes may confirm, and only at a place where they may."""
        if path not in CHANGING:
            return
        assert CHANGING[path] == tool, (place, tool, request)
        assert place not in ONLY_PERSONS, (place, request)
        if tool != ADD_BLACKLIST:
            count = 1
            if tool == SEND_SMS:
                count = len(request["order"]["message"]["receipents"]["number"])
            span = LIMIT_SPAN.total_seconds()
            self.confirmed.append((self.clock.up, tool, count))
            together = [one for at, what, one in self.confirmed if what == tool and self.clock.up - at < span]
            assert sum(together) < THRESHOLD, (place, together)

    def _check_secrets(self) -> None:
        """Check that the model has read no card's code and no page's link."""
        links = [link.rpartition("/")[2] for browser in self.browsers.values() for link in browser.links]
        read = "\n".join(self.read).lower()
        for secret in [*links, *(code.partition(".")[2] for _, code in self.cards)]:
            assert len(secret) >= 32
            assert secret.lower() not in read
        self.read.clear()


async def play(steps: list[Step]) -> Play:
    """Play `steps` at servers that share one folder and one wire."""
    clock = ManualClock()
    failure: AssertionError | None = None
    with tempfile.TemporaryDirectory() as folder, SandboxDatabase(clock=clock) as database:
        wire = Wire(Provider(database))
        async with AsyncExitStack() as open_:
            hosts, browsers = {}, {}
            for number, (place, has) in enumerate(PLACES.items()):
                options: dict[str, Any] = dict(CARDS) if "cards" in has else {}
                if "form" in has:
                    options["elicitation_callback"] = Asked("cancel")
                if "page" in has:
                    home = Path(folder) / f"home-{number}"
                    home.mkdir()
                    options["browser"] = browsers[place] = FakeBrowser(home)
                operators = replace(
                    LIVE,
                    state_dir=Path(folder) / "state",
                    type_count_from=THRESHOLD,
                    confirm="human" if "human" in has else "auto",
                )
                host = hosted(operators, mode=ERAS[number % 2], clock=clock, wire=wire, **options)
                hosts[place] = await open_.enter_async_context(host)
            running = Play(hosts, browsers, wire, clock)
            running.show("iletiMerkezi 100 w-00000000")
            try:
                for step in steps:
                    await running.step(step)
            except AssertionError as error:
                failure = error
    # Outside the hosts' task groups, which would wrap it.
    if failure is not None:
        raise failure
    return running


@pytest.mark.parametrize("seconds", [10, 0])
@settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    # An example takes half a second: making a failing one small would take minutes.
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(STEPS, min_size=15, max_size=40))
def test_a_model_that_repeats_all_that_it_is_shown_approves_nothing(
    monkeypatch: pytest.MonkeyPatch, seconds: int, steps: list[Step]
) -> None:
    monkeypatch.setattr(approvals, "SHOWING_TIME", timedelta(seconds=seconds))
    anyio.run(play, steps)


def test_the_history_of_a_model_has_all_that_there_is_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(approvals, "SHOWING_TIME", timedelta(0))
    every: list[Step] = [Ask(place, change) for place in PLACES for change in ("send to 2", "send something else")]
    small: list[Step] = [Ask("cards", "send to 3"), Repeat(), Ask("neither", "send to 4"), Repeat()]
    played = anyio.run(play, [*every, Shown(0), *small, Look("cards", "resource", Word(0))])
    assert played.confirmed == [(played.clock.up, SEND_SMS, 3)]
    assert len(played.cards) > 3
    assert all(browser.links for browser in played.browsers.values())
