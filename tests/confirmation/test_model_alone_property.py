"""A model that calls whatever tool, with whatever it was ever shown, approves nothing that waits on a card."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import anyio
import mcp.types as mcp_types
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from iletimerkezi_mcp.confirmation.approvals import CardDecision
from iletimerkezi_mcp.tools.card_answer import CARD_ANSWER
from tests.calls import GET_REPORT, SEND, SEND_SMS
from tests.confirmation.cards import LARGE, Chat, chat
from tests.hosting import ERAS, Mode

SENDS = {"small": SEND, "large": LARGE}


@dataclass(frozen=True, slots=True)
class Send:
    """A model's call of `send_sms`, with a word that it was shown in `confirm`, or without."""

    send: str
    word: int | None


@dataclass(frozen=True, slots=True)
class Answer:
    """A model's call of the card's own tool, with a word that it was shown for the code."""

    word: int
    decision: CardDecision
    count: str


@dataclass(frozen=True, slots=True)
class Report:
    """A model's look at an order, or at a change that waits."""

    word: int


@dataclass(frozen=True, slots=True)
class Shown:
    """The call of the script of the card that came last, which the host makes."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Let time pass."""

    seconds: int


Step = Send | Answer | Report | Shown | Wait

_words = st.integers(0, 2) | st.integers(0, 10_000)
STEPS = st.one_of(
    st.builds(Send, st.sampled_from(sorted(SENDS)), st.none() | _words),
    st.builds(
        Answer, _words, st.sampled_from(["approve", "approve", "reject", "shown"]), st.sampled_from(["100", "1"])
    ),
    st.builds(Report, _words),
    st.just(Shown()),
    st.builds(Wait, st.sampled_from([1, 11, 599, 601])),
)


class Model:
    """All words that a model was shown, the longest first, as codes are; `card` is the last card's code, which it was not."""

    def __init__(self, at: Chat) -> None:
        self.at = at
        self.card = ""
        self._words: set[str] = set()

    def read(self, *texts: str) -> None:
        for text in texts:
            self._words.update(word[:100] for word in re.findall(r"[\w-]+", text))

    def word(self, number: int) -> str:
        return sorted(self._words, key=lambda word: (-len(word), word))[number % len(self._words)]

    async def call(self, tool: str, arguments: dict[str, Any]) -> None:
        """Call a tool and read the result as a host shows it, without `_meta`."""
        result: mcp_types.CallToolResult = await self.at.host.client.call_tool(tool, arguments)
        shown = result.model_dump_json(exclude={"meta"})
        card = ((result.meta or {}).get("iletimerkezi.com/card") or {}).get("code")
        self.card = card or self.card
        assert not self.card or self.card not in shown
        self.read(shown)

    async def step(self, step: Step) -> None:
        match step:
            case Send(send, word):
                confirm = {} if word is None else {"confirm": self.word(word)}
                await self.call(SEND_SMS, {**SENDS[send], **confirm})
            case Answer(word, decision, count):
                answer = {"code": self.word(word), "decision": decision, "count": count}
                await self.call(CARD_ANSWER.name, answer)
            case Report(word):
                await self.call(GET_REPORT, {"order_id": self.word(word)})
            case Shown():
                await self.at.press(self.card, "shown")
            case Wait(seconds):
                self.at.host.clock.advance(seconds=seconds)


async def play(steps: list[Step], mode: Mode) -> tuple[int, str]:
    """Play `steps`; return how much was sent, and the outcome of what a person then approves."""
    async with chat(mode, confirm="human") as at:
        model = Model(at)
        model.read(at.host.client.instructions or "", (await at.host.client.list_tools()).model_dump_json())
        for step in steps:
            await model.step(step)
        sends = at.sends
        at.host.clock.advance(minutes=11)
        _, code = await at.show(LARGE)
        done, _ = await at.press(code, "approve", 100)
        return sends, done["outcome"]


@settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    # An example takes half a second: making a failing one small would take minutes.
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
@given(steps=st.lists(STEPS, min_size=12, max_size=30), mode=st.sampled_from(ERAS))
def test_a_model_alone_approves_and_rejects_nothing(steps: list[Step], mode: Mode) -> None:
    assert anyio.run(play, steps, mode) == (0, "done")
