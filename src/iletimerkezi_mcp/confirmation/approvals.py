"""The yes of a person outside the call that asked for it: on a card in the chat, or on a page in their browser."""

from __future__ import annotations

import hmac
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal, cast

import anyio
from anyio.abc import TaskGroup
from mcp.server.request_state import AESGCMRequestStateCodec, InvalidRequestState

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.ledger.attempts import SHOWING_TIME, WAITING_LIFE, Attempt, StoredChange
from iletimerkezi_mcp.ledger.clock import UptimeClock
from iletimerkezi_mcp.ledger.ledger import Ledger
from iletimerkezi_mcp.ledger.unavailable import LedgerUnavailableError
from iletimerkezi_mcp.settings import Settings

from . import change_result
from .caller import Caller
from .change_result import ChangeResult
from .client_ways import way_outside
from .declined import declined
from .elicitation import FormAnswer, Verdict, typed_number
from .latest import Latest
from .pending_change import NoLongerPossibleError, PendingCall, PendingChange
from .series import CallKey, SeriesRunner
from .shown import ShownPreviews
from .waiting import (
    MAX_WAITING,
    NO_LONGER_POSSIBLE,
    OR_ON_CARD,
    TOO_MANY_WAIT,
    ApprovalPages,
    Decision,
    Place,
    WaitingChange,
    no_progress,
    waits,
)

logger = logging.getLogger(__name__)

WRONG_NUMBERS = 5
"""Wrong numbers that may be typed on one card or page; the last one counts as a no."""

CardDecision = Literal["shown", "approve", "reject"]

CardState = Literal["open", "under_way", "decided", "void"]
"""The state of a card: a person can decide, has decided, and the outcome is there; or it shows nothing any more."""


@dataclass(frozen=True, slots=True)
class CardAnswer:
    """The answer to a card's script: the state of the card, the change that is `open` on it, or else what came of it.

    `wrong_number` if another number than the one to be typed was typed just now.
    """

    state: CardState
    waiting: WaitingChange | None = None
    result: ChangeResult | None = None
    wrong_number: bool = False


@dataclass(eq=False, kw_only=True)
class Approvals:
    """The changes that wait for a person on a card or a page, of this process and of others that share the ledger.

    `handle` carries a decision out, `confirmed_already` says what became of an attempt, and `write_audit` writes a line.
    `plan` plans a call that another process has kept.
    """

    settings: Settings
    ledger: Ledger
    tasks: TaskGroup
    uptime: UptimeClock
    series: SeriesRunner
    pages: ApprovalPages | None
    previews: ShownPreviews
    handle: Callable[[PendingChange, None, Caller], Awaitable[ChangeResult]]
    confirmed_already: Callable[[Attempt], Awaitable[ChangeResult]]
    write_audit: Callable[[Mapping[str, Any], Caller], Text | None]
    plan: Callable[[PendingCall], Awaitable[PendingChange]] | None = None
    _waiting: Latest[CallKey, WaitingChange] = field(default_factory=lambda: Latest(100))
    _turn: anyio.Lock = field(default_factory=anyio.Lock)

    def _shows_cards(self, caller: Caller) -> bool:
        return way_outside(self.settings, caller) == "card"

    async def of_call(self, call: PendingCall, caller: Caller, principal: str) -> ChangeResult | None:
        """Return what is known of the change that an identical call waits for, or whose outcome no call was told yet.

        None if there is none, and if the model may answer it itself: with the code that it was given.
        """
        waiting = self._waiting.get((principal, call.digest))
        if waiting is not None and (waiting.is_told or not waiting.is_current()):
            waiting = None
        if waiting is None or waiting.may_be_decided_elsewhere:
            stored = None
            if self._shows_cards(caller) and self.ledger.exists():
                stored = await self.ledger.waiting_call(_call(principal, call.digest))
            if stored is None:
                return None
            if not stored.is_decided:
                waiting = waiting or self._adopt(stored)
                if waiting is None or waiting.place == "card_beside_code":
                    return None
            elif stored.verdict is None and stored.attempt is not None and stored.attempt.way == "code":
                # The call that used the code had the outcome for its answer.
                return None
            if (recorded := await self._recorded(stored)) is not None:
                if stored.verdict is not None and _state(recorded, stored.attempt) == "decided":
                    await self._try(self.ledger.mark_told(stored.number))
                return recorded
        assert waiting is not None
        return await self._tell(waiting, caller)

    async def of_number(self, number: str) -> ChangeResult | None:
        """Return what is known of the change of this number, which waits or was decided a moment ago."""
        waiting = self._by_number(number)
        if waiting is None or waiting.may_be_decided_elsewhere:
            stored = await self.ledger.waiting_change(number) if self.ledger.exists() else None
            if stored is None:
                return None
            if (recorded := await self._recorded(stored)) is not None:
                return recorded
            waiting = waiting or self._adopt(stored)
        elif not waiting.is_current():
            return None
        return None if waiting is None else await self._result(waiting) or waits(waiting)

    def _by_number(self, number: str) -> WaitingChange | None:
        return next((waiting for waiting in self._waiting.values() if waiting.number == number), None)

    def _adopt(self, stored: StoredChange) -> WaitingChange | None:
        """Follow a change that another process has kept, or this one before it was started anew.

        None if it was edited, or kept by a version with another form.
        """
        assert stored.sealed is not None
        try:
            waiting = WaitingChange.from_json(self._codec.unseal(stored.sealed))
        except (InvalidRequestState, ValueError):
            return None
        if waiting.number != stored.number:
            return None
        self._waiting[waiting.principal, waiting.call.digest] = waiting
        self.tasks.start_soon(self._follow, waiting)
        return waiting

    async def _recorded(self, stored: StoredChange) -> ChangeResult | None:
        """Return what the ledger says of a change that was decided, None if it was not."""
        if stored.attempt is not None:
            return await self.confirmed_already(stored.attempt)
        if stored.verdict is None:
            return None
        verdict = cast("Verdict", stored.verdict)
        return NO_LONGER_POSSIBLE if verdict == "yes" else declined(verdict, WAITING_LIFE)

    async def _result(self, waiting: WaitingChange) -> ChangeResult | None:
        """Return what came of `waiting`, as far as it is by now; None if nothing has."""
        result = waiting.result
        call = (waiting.principal, waiting.call.digest)
        is_under_way = result is not None and result.outcome == "under_way"
        if is_under_way and (attempt := self.series.begun_by(call)) is not None:
            result = await self.confirmed_already(attempt)
            if result.outcome != "under_way":
                # The series tells its end once; whoever asks by a card must not take that from the model.
                waiting.end(replace(result, reason=None))
        return result

    async def _tell(self, waiting: WaitingChange, caller: Caller) -> ChangeResult:
        if (result := await self._result(waiting)) is None:
            return await self.with_card(waits(waiting), waiting, caller)
        waiting.is_told = result.outcome != "under_way"
        if waiting.way == "card" and waiting.is_told:
            await self._try(self.ledger.mark_told(waiting.number))
        return result

    async def with_card(self, result: ChangeResult, waiting: WaitingChange, caller: Caller) -> ChangeResult:
        """Return `result` with the code of the card that shows `waiting`, if it does and `caller` shows cards."""
        if waiting.way != "card" or waiting.decided.is_set() or not self._shows_cards(caller):
            return result
        return replace(result, card=await self.ledger.issue_card(waiting.number, waiting.principal, caller.session))

    async def beside_code(self, result: ChangeResult, waiting: WaitingChange, caller: Caller) -> ChangeResult:
        """Return the preview `result` with a card beside its code, unless too many have one."""
        async with self._turn:
            if self._undecided({"card_beside_code"}) >= MAX_WAITING:
                return result
            await self._show_on_card(waiting)
        next_step = Text.join(" ", [result.next_step, OR_ON_CARD])
        return await self.with_card(replace(result, next_step=next_step), waiting, caller)

    def _undecided(self, places: Collection[Place]) -> int:
        return sum(each.place in places and not each.decided.is_set() for each in self._waiting.values())

    async def open(self, waiting: WaitingChange, caller: Caller) -> ChangeResult | None:
        """Show `waiting` where it waits, and return the result of its call; None if that cannot be done."""
        key = (waiting.principal, waiting.call.digest)
        # An identical call may come at the same time.
        async with self._turn:
            other = self._waiting.get(key)
            if other is not None and not (other.place == "card_beside_code" or other.decided.is_set()):
                stored = await self._stored(other)
                if other.way == "page" or (stored is not None and not stored.is_decided):
                    return await self._tell(other, caller)
            if self._undecided({"card", "page"}) >= MAX_WAITING:
                return change_result.not_allowed(TOO_MANY_WAIT)
            if waiting.way == "card":
                await self._show_on_card(waiting)
            else:
                self._waiting[key] = waiting
        if waiting.way == "page" and not await self._show_on_page(waiting):
            return None
        return await self._tell(waiting, caller)

    async def _show_on_card(self, waiting: WaitingChange) -> None:
        call = _call(waiting.principal, waiting.call.digest)
        await self.ledger.keep_waiting(waiting.number, call, waiting.code, self._codec.seal(waiting.to_json()))
        self._waiting[waiting.principal, waiting.call.digest] = waiting
        self.tasks.start_soon(self._follow, waiting)

    async def _show_on_page(self, waiting: WaitingChange) -> bool:
        assert self.pages is not None
        opened = False
        try:
            opened = await self.pages.show(waiting)
        finally:
            if not opened:
                self._forget(waiting)
        if opened:
            self.tasks.start_soon(self._follow, waiting)
        return opened

    async def _follow(self, waiting: WaitingChange) -> None:
        """End a change that is not decided in time; one whose card no host shows goes to a page, if there is one."""
        with anyio.move_on_after(WAITING_LIFE.total_seconds()):
            if waiting.way == "card":
                with anyio.move_on_after(SHOWING_TIME.total_seconds()):
                    await waiting.decided.wait()
                await self._give_up_unless_shown(waiting)
            await waiting.decided.wait()
        if waiting.decided.is_set():
            return
        stored = await self._stored(waiting)
        is_decided = stored is not None and stored.is_decided
        if waiting.place == "card_beside_code" and not is_decided:
            await self._try(self.ledger.end_waiting(waiting.number, None))
        # What another process has planned it ends itself.
        if is_decided or waiting.place == "card_beside_code" or waiting.change is None:
            self._forget(waiting)
        else:
            await self.decide(waiting, "silence")

    async def _stored(self, waiting: WaitingChange) -> StoredChange | None:
        """Return what the ledger has of a change on a card; None, too, if it cannot be read now."""
        try:
            return await self.ledger.waiting_change(waiting.number) if waiting.way == "card" else None
        except LedgerUnavailableError as error:
            logger.warning("%s", error)
            return None

    async def _give_up_unless_shown(self, waiting: WaitingChange) -> None:
        try:
            if not await self.ledger.delete_unless_shown(waiting.number):
                return
        except LedgerUnavailableError as error:
            logger.warning("%s", error)
            return
        if waiting.place == "card_beside_code":
            self._forget(waiting)
            waiting.decided.set()
            return
        opened = False
        if self.pages is not None:
            waiting.place = "page"
            opened = await self.pages.show(waiting)
        if not opened:
            await self.decide(waiting, "no_card")

    def _forget(self, waiting: WaitingChange) -> None:
        key = (waiting.principal, waiting.call.digest)
        if self._waiting.get(key) is waiting:
            del self._waiting[key]

    async def answer(self, waiting: WaitingChange, decision: str | None, typed: object) -> bool:
        """Act on what a person pressed and typed; return whether they approve, but with a wrong number.

        Anything but ``approve`` and ``reject`` decides nothing. The fifth wrong number is a no.
        """
        if decision == "reject":
            await self._refuse(waiting, "no")
        if decision != "approve" or waiting.decided.is_set():
            return False
        number = waiting.question.number
        if number is None or typed_number(typed) == number:
            await self.decide(waiting, "yes")
            return False
        waiting.wrong_numbers += 1
        if waiting.way == "card":
            waiting.wrong_numbers = await self.ledger.add_wrong_number(waiting.number)
        if waiting.wrong_numbers < WRONG_NUMBERS:
            return True
        await self._refuse(waiting, "wrong_number")
        return False

    async def _refuse(self, waiting: WaitingChange, verdict: Verdict) -> None:
        """Carry out a no. Nobody is told of it before the code that the model has is void."""
        if waiting.place == "card_beside_code":
            await self.ledger.withdraw(waiting.code)
        await self.decide(waiting, verdict)

    async def answer_card(self, code: str, decision: CardDecision, typed: object, principal: str) -> CardAnswer:
        """Act on a call of a card's script. Raises :class:`.LedgerUnavailableError`."""
        if not self.ledger.exists():
            return CardAnswer("void")
        look = self.ledger.show_card if decision == "shown" else self.ledger.change_on_card
        stored = await look(code, principal)
        if stored is None:
            return CardAnswer("void")
        waiting = self._by_number(stored.number)
        if waiting is None or waiting.may_be_decided_elsewhere:
            if (recorded := await self._recorded(stored)) is not None:
                return CardAnswer(_state(recorded, stored.attempt), result=recorded)
            waiting = waiting or self._adopt(stored)
        if waiting is None or waiting.way != "card":
            return CardAnswer("void")
        wrong_number = await self.answer(waiting, decision, typed)
        if waiting.result is not None and waiting.may_be_decided_elsewhere:
            return await self.answer_card(code, "shown", None, principal)
        result = await self._result(waiting)
        if result is not None:
            return CardAnswer(_state(result), result=result)
        if waiting.decided.is_set():
            return CardAnswer("under_way", result=waits(waiting))
        return CardAnswer("open", waiting, wrong_number=wrong_number)

    async def decide(self, waiting: WaitingChange, verdict: Verdict) -> None:
        """Carry out, once, what a person has decided, or that it is too late; return when that is done.

        It goes on if the caller is cancelled.
        """
        if not waiting.decided.is_set():
            waiting.decided.set()
            done = anyio.Event()
            self.tasks.start_soon(self._carry_out, waiting, verdict, done)
            await done.wait()

    async def _carry_out(self, waiting: WaitingChange, verdict: Verdict, done: anyio.Event) -> None:
        answer = FormAnswer(waiting.code, waiting.question.number, verdict)
        now = self.uptime().seconds
        caller = Caller(Decision(answer), no_progress, now, waiting.principal, waiting.host, way=waiting.way)
        try:
            if waiting.change is None:
                self.previews.keep_text(waiting.code, waiting.question.preview)
                waiting.change = await self._planned(waiting, caller)
            result = await self.handle(waiting.change, None, caller)
        except NoLongerPossibleError as error:
            result = ChangeResult("nothing_done", error.reason, error.next_step)
        except Exception:
            logger.exception("the decision about %s failed in an unforeseen way", waiting.number)
            result = NO_LONGER_POSSIBLE if verdict == "yes" else declined(verdict, WAITING_LIFE)
            if waiting.change is not None:
                result = ChangeResult("unknown", change_result.SERVER_FAILED, waiting.change.how_to_verify)
        waiting.end(result)
        if waiting.way == "card":
            await self._try(self.ledger.end_waiting(waiting.number, verdict))
        done.set()

    async def _planned(self, waiting: WaitingChange, caller: Caller) -> PendingChange:
        """Return the change that another process has planned, planned anew."""
        assert self.plan is not None
        try:
            return await self.plan(waiting.call)
        except NoLongerPossibleError:
            await self.ledger.withdraw(waiting.code)
            entry = {"tool": waiting.call.tool, "outcome": "nothing_done", "reason": "precondition"}
            self.write_audit(entry, caller)
            raise

    async def _try(self, write: Awaitable[None]) -> None:
        """Write what no answer depends on: at worst an outcome is told once more, or a sealed call deleted when it is too old."""
        try:
            await write
        except LedgerUnavailableError as error:
            logger.warning("%s", error)

    @cached_property
    def _codec(self) -> AESGCMRequestStateCodec:
        """The seal of what is kept, under a key of its own that is derived from the ledger's."""
        return AESGCMRequestStateCodec([hmac.digest(self.ledger.request_state_key(), b"waiting change", "sha256")])


def _state(result: ChangeResult, attempt: Attempt | None = None) -> CardState:
    in_flight = attempt is not None and attempt.state == "in_flight"
    return "under_way" if in_flight or result.outcome == "under_way" else "decided"


def _call(principal: str, digest: bytes) -> bytes:
    return digest + principal.encode("utf-8", "surrogatepass")
