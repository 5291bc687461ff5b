"""Any sequence of previews, confirmations, restarts, faults and clocks, against what really reached the wire.

What is a model here is small: who was sent what, and when by a clock that nobody sets. Codes that are wrong, borrowed
or misspelt are in `tests/confirmation/test_codes_property.py`, the start of the machine in `tests/ledger/test_sqlite_model.py`.
"""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import anyio
from anyio.from_thread import BlockingPortal
from hypothesis import Phase, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from iletimerkezi_mcp.sandbox.database import SandboxDatabase
from iletimerkezi_mcp.sandbox.provider import Provider
from tests.calls import CANCEL_ORDER, GET_REPORTS, SEND_SMS
from tests.hosting import ERAS, LIVE, ManualClock, Wire

from .hosts import Line, line, portal
from .truth import CODE_LIFE, Fault, Message, Sent, Truth, parts

NUMBERS = ["5330000011", "5330000012", "5330000013"]
TEXTS = ("Kod 1234", "Kod 5678", "a" * 200)
SPELLINGS = ("+90{}", "0{}", "90{}", "{}", "0090{}")

MAX_RECIPIENTS, MAX_CREDITS = 8, 14
LEAD = timedelta(minutes=2)

STEPS = (
    *("send",) * 3,
    *("send_again",) * 4,
    *("send_doubly",) * 2,
    *("preview",) * 2,
    *("confirm",) * 3,
    *("break_next",) * 2,
    *("wait",) * 4,
    *("set_clock", "restart", "read_reports", "cancel"),
)
"""The steps, each as often as it is listed."""

# Few, so that identical ones are common.
_SETS = st.sampled_from([NUMBERS[:1], NUMBERS[1:2], NUMBERS[:2], NUMBERS[1::-1], NUMBERS[:3]]).map(list)
_SPELT = st.lists(st.sampled_from(SPELLINGS), min_size=3, max_size=3)
# None of them adds up to a limit exactly: what holds at the very border is the ledger's own test.
_SPANS = st.sampled_from([1.25, 61.5, 301.75, 593.125, 607.375, 3_607.25, 50_411.5, 86_407.125])
_FAULTS: st.SearchStrategy[Fault] = st.sampled_from(
    ["none", "none", "none", "lost", "lost", "untracked", "busy", "page", "refused", "throttled"]
)


@dataclass(slots=True)
class Code:
    """A code, what it was given for, and the arguments in which that was said."""

    code: str
    message: Message
    arguments: dict[str, Any]
    issued: float
    acted: Sent | None = None


class Sending(RuleBasedStateMachine):
    """One account, one state folder, and one server process after another."""

    def __init__(self) -> None:
        super().__init__()
        self._life = ExitStack()
        self._folder = Path(self._life.enter_context(tempfile.TemporaryDirectory()))
        self._portal: BlockingPortal = self._life.enter_context(portal())
        self._clock = ManualClock()
        database = self._life.enter_context(SandboxDatabase(clock=self._clock))
        self._truth = Truth(self._clock, Wire(Provider(database)))
        self._codes: list[Code] = []
        self._starts = 0
        self._process = ExitStack()
        self._start()

    def teardown(self) -> None:
        self._process.close()
        self._life.close()

    def _start(self) -> None:
        operators = replace(
            LIVE, state_dir=self._folder, max_recipients=MAX_RECIPIENTS, max_credits_per_day=MAX_CREDITS
        )
        mode = ERAS[self._starts % 2]
        self._starts += 1
        self._line: Line = self._process.enter_context(
            line(self._portal, operators, mode=mode, clock=self._clock, wire=self._truth.wire)
        )

    def restart(self, _: st.DataObject) -> None:
        """End the server, and begin another one on the same folder."""
        self._process.close()
        self._start()

    def wait(self, data: st.DataObject) -> None:
        """Let time pass."""
        span = data.draw(_SPANS)
        self._clock.advance(seconds=span)

    def set_clock(self, data: st.DataObject) -> None:
        """Set the clock, as a person or a time server does."""
        hours = data.draw(st.sampled_from([-30, -3, 3, 30]))
        self._clock.jump(hours=hours)

    def break_next(self, data: st.DataObject) -> None:
        """Break the next order's exchange."""
        self._truth.fault = data.draw(_FAULTS)

    def preview(self, data: st.DataObject) -> None:
        """Preview a message, and leave it at that for now."""
        days = data.draw(st.sampled_from([0, 0, 0, 3]))
        self._preview(data.draw(st.sampled_from(TEXTS)), data.draw(_SETS), data.draw(_SPELT), days)

    def send(self, data: st.DataObject) -> None:
        """Preview a message, and confirm it."""
        self._send(data.draw(st.sampled_from(TEXTS)), data.draw(_SETS), data)

    def send_again(self, data: st.DataObject) -> None:
        """Send what was sent before."""
        if self._truth.sent:
            message = data.draw(st.sampled_from(self._truth.sent[-3:])).message
            self._send(message.text, sorted(number.removeprefix("+90") for number in message.recipients), data)

    def send_doubly(self, data: st.DataObject) -> None:
        """Ask for two codes for the same message, and then use both."""
        text, numbers = data.draw(st.sampled_from(TEXTS)), data.draw(_SETS)
        codes = len(self._codes)
        for _ in range(2):
            self._preview(text, numbers, data.draw(_SPELT), days=0)
        for code in self._codes[codes:]:
            self._confirm(code, numbers, data.draw(_SPELT), times=1)

    def confirm(self, data: st.DataObject) -> None:
        """Call with a code, the list in another order and spelling; perhaps several times at once."""
        if self._codes:
            code = data.draw(st.sampled_from(self._codes[-4:]))
            numbers = data.draw(
                st.permutations(sorted(number.removeprefix("+90") for number in code.message.recipients))
            )
            self._confirm(code, numbers, data.draw(_SPELT), times=data.draw(st.sampled_from([1, 1, 1, 2, 3])))

    def _send(self, text: str, numbers: list[str], data: st.DataObject) -> None:
        codes = len(self._codes)
        self._preview(text, numbers, data.draw(_SPELT), data.draw(st.sampled_from([0, 0, 0, 3])))
        if len(self._codes) > codes:
            self._confirm(self._codes[-1], numbers, data.draw(_SPELT), times=1)

    def _preview(self, text: str, numbers: list[str], spelt: list[str], days: int) -> None:
        """Call without a code: nothing leaves, and a code comes if nothing forbids it."""
        arguments = _arguments(text, numbers, spelt)
        send_at = None
        if days:
            send_at = (self._clock.now + timedelta(days=days)).replace(second=0, microsecond=0)
            arguments["send_at"] = f"{send_at:%Y-%m-%dT%H:%M}"
        message = Message(text, frozenset("+90" + number for number in numbers), send_at=send_at)
        before = len(self._truth.sent)
        answer = self._line.call(SEND_SMS, arguments)
        assert len(self._truth.sent) == before
        if answer["outcome"] == "preview":
            assert self._against(message) is None
            assert answer["credits"] == len(numbers) * parts(text)
            assert answer["recipients"] == len(numbers)
            assert answer["confirm"] not in {one.code for one in self._codes}
            self._codes.append(Code(answer["confirm"], message, arguments, self._clock.up))
        else:
            self._check_refused(message, answer)

    def _confirm(self, code: Code, numbers: list[str], spelt: list[str], times: int) -> None:
        arguments = {**code.arguments, "recipients": _written(numbers, spelt), "confirm": code.code}
        against = self._against(code.message)
        expired = self._clock.up - code.issued >= CODE_LIFE
        late = code.message.send_at is not None and code.message.send_at < self._clock.now + LEAD
        before = len(self._truth.sent)
        answers = self._together(arguments, times)
        new = self._truth.sent[before:]
        note(f"{[answer['outcome'] for answer in answers]} {new}")
        if code.acted is not None or expired or late:
            assert new == []
            assert all(answer["outcome"] != "preview" for answer in answers)
            if late or (expired and code.acted is None):
                assert {answer["outcome"] for answer in answers} <= {"nothing_done", "held_back"}
            return
        if not new:
            for answer in answers:
                self._check_refused(code.message, answer)
            return
        # Once, and what leaves is what was shown.
        assert against is None
        [sent] = new
        assert sent.message == code.message
        code.acted = sent
        told = [answer for answer in answers if answer["outcome"] != "unknown" or sent.told == "unknown"]
        # A call that comes while the first is on its way cannot know yet; the first always does.
        assert told
        for answer in told:
            self._check_told(sent, answer)

    def read_reports(self, _: st.DataObject) -> None:
        """Read a list of orders: what it does not show may be sent again, what it shows may not."""
        answer = self._line.call(GET_REPORTS)
        assert answer["outcome"] == "ok"
        for sent in self._truth.sent:
            sent.looked_for = True

    def cancel(self, data: st.DataObject) -> None:
        """Cancel an order whose time is still to come."""
        scheduled = [sent for sent in self._truth.sent if sent.order_id and sent.message.send_at]
        if not scheduled:
            return
        sent = data.draw(st.sampled_from(scheduled))
        preview = self._line.call(CANCEL_ORDER, order_id=sent.order_id)
        if preview["outcome"] == "preview":
            done = self._line.call(CANCEL_ORDER, order_id=sent.order_id, confirm=preview["confirm"])
            assert done["outcome"] in {"done", "refused"}
            sent.cancelled = sent.cancelled or done["outcome"] == "done"

    @rule(what=st.sampled_from(STEPS), data=st.data())
    def step(self, what: str, data: st.DataObject) -> None:
        """Take any step. It is one rule for all: of several, most runs would have some switched off."""
        getattr(self, what)(data)

    @invariant()
    def nothing_was_made_twice(self) -> None:
        """See that nobody gets one text twice within ten minutes, whatever was said of the first order."""
        made = [sent for sent in self._truth.sent if sent.made and not sent.cancelled]
        for place, later in enumerate(made):
            for earlier in made[:place]:
                assert not later.message.repeats(earlier.message) or later.at - earlier.at >= earlier.ahead + 600

    @invariant()
    def no_limit_is_passed(self) -> None:
        """See that the operator's limits held, whatever was tried."""
        assert self._truth.recipients_within_the_hour() <= MAX_RECIPIENTS

    def _together(self, arguments: dict[str, Any], times: int) -> list[dict[str, Any]]:
        answers: list[dict[str, Any]] = []
        host = self._line.host

        async def one() -> None:
            answers.append(await host.call(SEND_SMS, arguments))

        async def all_at_once() -> None:
            with anyio.fail_after(60):
                async with anyio.create_task_group() as tasks:
                    for _ in range(times):
                        tasks.start_soon(one)

        self._portal.call(all_at_once)
        return answers

    def _against(self, message: Message) -> str | None:
        """Return what must keep `message` from leaving now."""
        if self._truth.held(message):
            return "held"
        if self._truth.recipients_within_the_hour() + len(message.recipients) > MAX_RECIPIENTS:
            return "recipients"
        if self._truth.credits_today() + len(message.recipients) * parts(message.text) > MAX_CREDITS:
            return "credits"
        return None

    def _check_refused(self, message: Message, answer: dict[str, Any]) -> None:
        """See that nothing left, and for a reason: nothing is refused that could have been done."""
        note(f"refused: {answer['summary']}")
        if answer["outcome"] == "held_back":
            assert self._truth.may_be_held(message)
        else:
            assert answer["outcome"] == "nothing_done"
            assert self._against(message) in {"recipients", "credits"} or self._truth.may_be_held(message)

    def _check_told(self, sent: Sent, answer: dict[str, Any]) -> None:
        """See that the answer says what became of the order, and no more than can be known."""
        if sent.told == "accepted":
            assert answer["outcome"] == "done"
            assert answer["order_id"] == sent.order_id
        elif sent.told == "refused":
            assert answer["outcome"] == "refused"
        else:
            assert answer["outcome"] == "unknown"


def _arguments(text: str, numbers: list[str], spelt: list[str]) -> dict[str, Any]:
    return {"recipients": _written(numbers, spelt), "text": text, "message_type": "transactional"}


def _written(numbers: list[str], spelt: list[str]) -> list[str]:
    return [way.format(number) for number, way in zip(numbers, spelt, strict=False)]


TestSending = Sending.TestCase
TestSending.settings = settings(
    max_examples=max(10, settings().max_examples // 8),
    stateful_step_count=30,
    deadline=None,
    # An example takes a third of a second: making a failing one small would take minutes.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
