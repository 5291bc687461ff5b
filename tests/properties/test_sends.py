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

NUMBERS = ["5330000011", "5330000012", "5330000013", "5330000014"]
TEXTS = ("Kod 1234", "Kod 1234", "KOD 1234", "Kod 5678", "a" * 200)
SPELLINGS = ("+90{}", "0{}", "90{}", "{}", "0090{}")

MAX_RECIPIENTS, MAX_CREDITS = 13, 27
LEAD = timedelta(minutes=2)

STEPS = (
    *("send",) * 3,
    *("send_again",) * 4,
    *("send_doubly",) * 2,
    *("send_in_parts",) * 2,
    *("send_the_rest",) * 3,
    *("lose_two",) * 2,
    *("overtake",) * 2,
    *("preview",) * 2,
    *("confirm",) * 3,
    *("break_next",) * 2,
    *("wait",) * 4,
    *("set_clock", "restart", "read_reports", "cancel"),
)
"""The steps, each as often as it is listed."""

# Few, so that identical ones are common.
_SETS = st.sampled_from(
    [NUMBERS[:1], NUMBERS[1:2], NUMBERS[:2], NUMBERS[1::-1], NUMBERS[1:3], NUMBERS[:3], NUMBERS[2:], NUMBERS]
).map(list)
_SPELT = st.lists(st.sampled_from(SPELLINGS), min_size=4, max_size=4)
# None of them adds up to a limit exactly: what holds at the very border is the ledger's own test.
_SPANS = st.sampled_from([1.25, 61.5, 301.75, 593.125, 607.375, 3_607.25, 50_411.5, 86_407.125])
_FAULTS: st.SearchStrategy[Fault] = st.sampled_from(
    ["none", "none", "none", "lost", "lost", "untracked", "busy", "page", "refused", "throttled"]
)


@dataclass(slots=True)
class Code:
    """A code, what it was given for, and the arguments in which that was said.

    `whole` is the message to all who were named, if those who have it were to be left out. `sends` is how many sends
    there were before it.
    """

    code: str
    message: Message
    arguments: dict[str, Any]
    issued: float
    whole: Message
    sends: int
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

    def send_in_parts(self, data: st.DataObject) -> None:
        """Send a text to each of a list alone and to all of it, in either order."""
        text, numbers = data.draw(st.sampled_from(TEXTS)), data.draw(_SETS)
        lists = [[number] for number in numbers]
        for part in data.draw(st.sampled_from([[*lists, numbers], [numbers, *lists]])):
            self._send(text, part, data)

    def send_the_rest(self, data: st.DataObject) -> None:
        """Send to those of a list who do not have the text yet."""
        sent = [one.message.text for one in self._truth.sent[-3:]]
        self._send(data.draw(st.sampled_from(sent or TEXTS)), data.draw(_SETS), data, skip_recent=True)

    def lose_two(self, data: st.DataObject) -> None:
        """Send a text to two lists, and get no answer for either."""
        text = data.draw(st.sampled_from(TEXTS))
        for _ in range(2):
            self._truth.fault = data.draw(st.sampled_from(["lost", "page", "busy"]))
            self._send(text, data.draw(_SETS), data)

    def overtake(self, data: st.DataObject) -> None:
        """Preview a message, send the same or nearly the same to others, and confirm the first."""
        texts = st.sampled_from(["Kod 1234", "KOD 1234"])
        codes, numbers = len(self._codes), data.draw(_SETS)
        self._preview(data.draw(texts), numbers, data.draw(_SPELT), days=0)
        if len(self._codes) > codes:
            self._send(data.draw(texts), data.draw(_SETS), data)
            self._confirm(self._codes[codes], numbers, data.draw(_SPELT), times=1)

    def confirm(self, data: st.DataObject) -> None:
        """Call with a code, the list in another order and spelling; perhaps several times at once."""
        if self._codes:
            code = data.draw(st.sampled_from(self._codes[-4:]))
            numbers = data.draw(st.permutations(sorted(number.removeprefix("+90") for number in code.whole.recipients)))
            self._confirm(code, numbers, data.draw(_SPELT), times=data.draw(st.sampled_from([1, 1, 1, 2, 3])))

    def _send(self, text: str, numbers: list[str], data: st.DataObject, *, skip_recent: bool = False) -> None:
        codes = len(self._codes)
        days = data.draw(st.sampled_from([0, 0, 0, 3]))
        self._preview(text, numbers, data.draw(_SPELT), days, skip_recent=skip_recent)
        if len(self._codes) > codes:
            self._confirm(self._codes[-1], numbers, data.draw(_SPELT), times=1)

    def _preview(
        self, text: str, numbers: list[str], spelt: list[str], days: int, *, skip_recent: bool = False
    ) -> None:
        """Call without a code: nothing leaves, and a code comes if nothing forbids it."""
        arguments = _arguments(text, numbers, spelt)
        send_at = None
        if days:
            send_at = (self._clock.now + timedelta(days=days)).replace(second=0, microsecond=0)
            arguments["send_at"] = f"{send_at:%Y-%m-%dT%H:%M}"
        whole = message = Message(text, frozenset("+90" + number for number in numbers), send_at=send_at)
        if skip_recent:
            arguments["skip_recent"] = True
        before = len(self._truth.sent)
        answer = self._line.call(SEND_SMS, arguments)
        assert len(self._truth.sent) == before
        if answer["outcome"] != "preview":
            self._check_refused(message, answer)
            if skip_recent and answer["outcome"] == "held_back":
                assert message.recipients <= self._truth.may_be_held(message)
            return
        if skip_recent:
            message = replace(message, recipients=_shown(answer))
            left_out = whole.recipients - message.recipients
            assert answer["skipped"] == len(left_out)
            assert left_out <= self._truth.may_be_held(whole)
        assert self._against(message) is None
        assert answer["credits"] == len(message.recipients) * parts(text)
        assert answer["recipients"] == len(message.recipients)
        assert answer["confirm"] not in {one.code for one in self._codes}
        self._check_warned(message, answer)
        self._codes.append(
            Code(answer["confirm"], message, arguments, self._clock.up, whole, sends=len(self._truth.sent))
        )

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
            if not self._is_outdated(code):
                for answer in answers:
                    self._check_refused(code.message, answer)
            return
        # Once, and what leaves is what was shown.
        assert against is None
        [sent] = new
        assert sent.message == code.message
        # Nothing was confirmed since its preview of which that would have warned.
        assert not self._truth.reads_alike(sent.message, since=code.sends)
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

    def _is_outdated(self, code: Code) -> bool:
        """Return if the preview would be another one by now: of other recipients, or with a warning more."""
        left_out = code.whole.recipients - code.message.recipients
        held, may_be_held = self._truth.held(code.whole), self._truth.may_be_held(code.whole)
        later = self._truth.sent[code.sends :]
        return any(code.message.resembles(sent.message) or code.message.repeats(sent.message) for sent in later) or (
            "skip_recent" in code.arguments and not held == left_out == may_be_held
        )

    def _check_warned(self, message: Message, answer: dict[str, Any]) -> None:
        """See that the first line after the headline warns if somebody may get a text, or nearly the same, twice."""
        first, *_ = answer.get("warnings", [""])
        assert answer["preview"].splitlines()[1].removeprefix("! ") == first or not first
        if self._truth.may_arrive_twice(message):
            assert first.startswith("This may arrive twice")
        if self._truth.reads_alike(message):
            assert any("reads nearly alike" in warning for warning in answer["warnings"][:2])

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


def _shown(answer: dict[str, Any]) -> frozenset[str]:
    """Return the recipients whom a preview names: all, for the lists here are short."""
    [line] = [line for line in answer["preview"].splitlines() if line.startswith("- To: ")]
    return frozenset(line.removeprefix("- To: ").split(", "))


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
