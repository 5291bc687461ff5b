"""The confirmation of changes: preview, a yes, execution. Every changing call passes here."""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import anyio
from anyio.abc import TaskGroup

from iletimerkezi_mcp.language import UNSAID, Text
from iletimerkezi_mcp.ledger.attempts import WAITING_LIFE, Attempt, ConfirmedBy, Identity, Overlap, Usage
from iletimerkezi_mcp.ledger.clock import UptimeClock
from iletimerkezi_mcp.ledger.confirmation_codes import canonical
from iletimerkezi_mcp.ledger.ledger import CodeFault, CodeInvalid, CodeUsed, Ledger, Started, Superseded
from iletimerkezi_mcp.ledger.rules import RuleFit
from iletimerkezi_mcp.ledger.unavailable import LedgerUnavailableError
from iletimerkezi_mcp.provider.client import ApiClient
from iletimerkezi_mcp.provider.errors import ApiError
from iletimerkezi_mcp.settings import Settings
from iletimerkezi_mcp.sms.clock import Clock

from . import change_result
from .approvals import Approvals, CardAnswer, CardDecision
from .audit import AuditUnavailableError, AuditWriter
from .audit_entry import attempt_entry, audit_entry
from .caller import Caller
from .change_result import CODE_LIFE, ChangeResult
from .client_ways import asks_in_form, client_ways, describe_client_ways, way_outside
from .declined import declined, needs_person
from .detached import DetachedRunner, ServerStoppedError
from .elicitation import QUESTION_LIFE, CannotAskError, FormAnswer, Question
from .execution import Execution, Executor, OnSettled, done_earlier
from .latest import Latest
from .pending_change import NoLongerPossibleError, PendingCall, PendingChange
from .pending_series import PendingSeries
from .policy import check_limits
from .repetition import with_repetition
from .series import ANSWER_SECONDS, CallKey, SeriesRunner
from .shown import ShownPreviews
from .standing_rule import fitting_rule, with_refusal
from .waiting import ApprovalPages, Place, WaitingChange, question_life

if TYPE_CHECKING:
    from iletimerkezi_mcp.provider.send_progress import OnSent

logger = logging.getLogger(__name__)


@dataclass(eq=False)
class Confirmation:
    """Decides if a change is previewed, asked about, or carried out, and has it recorded.

    `on_settled` and `on_sent` are those of its :class:`.Executor`. With `pages` a person whose host shows no forms decides in
    a browser on this machine. What waits for that is followed by `tasks`.
    """

    settings: Settings
    client: ApiClient
    ledger: Ledger
    runner: DetachedRunner
    tasks: TaskGroup
    audit: AuditWriter
    clock: Clock
    uptime: UptimeClock
    on_settled: Sequence[OnSettled] = ()
    on_sent: Sequence[OnSent] = ()
    pages: ApprovalPages | None = None

    def __post_init__(self) -> None:
        self._executor = Executor(
            self.client, self.ledger, self.audit, self.clock, self.uptime, self.on_settled, self.on_sent
        )
        seconds = math.inf if self.settings.audience == "person" else ANSWER_SECONDS
        self._series = SeriesRunner(self.ledger, self.runner, self.audit, self._executor, self.uptime, seconds)
        self._previews = ShownPreviews(self.settings)
        self._calls = Latest[bytes, CallKey](1_000)
        """The calls that were confirmed, by code: a repetition is recognised before it is planned."""
        self.approvals = Approvals(
            settings=self.settings,
            ledger=self.ledger,
            tasks=self.tasks,
            uptime=self.uptime,
            series=self._series,
            pages=self.pages,
            previews=self._previews,
            handle=self.handle,
            confirmed_already=self._confirmed_already,
            write_audit=self.write_audit,
        )

    @cached_property
    def _operator(self) -> str:
        """The caller whom no token names, looked up once: the system may have to ask for it."""
        return self.settings.unnamed_caller

    async def handle(
        self, change: PendingChange, confirm: str | None, caller: Caller, *, dry_run: bool = False
    ) -> ChangeResult:
        """Preview `change`, ask for a yes, or carry it out, and return the result; with `dry_run`, only look.

        Raises :class:`.elicitation.InputNeededError` if the host has to ask first.
        """
        try:
            self.audit.check()
            result = await (self._dry_run(change, caller) if dry_run else self._decide(change, confirm, caller))
        except LedgerUnavailableError as error:
            result = change_result.not_allowed(error.reason)
        except AuditUnavailableError as error:
            # The reason says already that there is no line.
            result = replace(change_result.not_allowed(error.reason), audited=True)
        result = change_result.for_type(change, result)
        if not (dry_run or result.outcome in ("preview", "waiting") or result.audited):
            entry = audit_entry(change, result, result.warnings, result.change_digest, self.audit.keeps_commercial_text)
            result = change_result.with_local_failures(result, self.write_audit(entry, caller))
        return result

    async def repeat(self, confirm: str | None, call: PendingCall, caller: Caller) -> ChangeResult | None:
        """Return what became of a call that was carried out already, or waits for a person; None for any other.

        Hosts repeat a call whose answer was lost, and by then the same arguments may come to another change, or to none: its
        time has passed, or the recipients of `skip_recent` are others. If the ledger cannot be read, that is said, and the
        outcome is unknown; :class:`.LedgerUnavailableError` if nothing can have been done.
        """
        answer, principal = caller.elicitation.answer(), self._identity(caller).principal
        if answer is None and (known := await self.approvals.of_call(call, caller, principal)) is not None:
            return known
        key = (principal, call.digest)
        code = confirm if answer is None else answer.code
        if code is not None and self._calls.get(canonical(code)) != key:
            return None
        try:
            attempt = self._series.untold(key) if code is None else await self.ledger.withdraw(code)
            if attempt is None:
                return None
            result = await self._confirmed_already(attempt)
        except LedgerUnavailableError as error:
            return change_result.confirmed_but_unreadable(error.reason)
        entry = {**attempt_entry(attempt), "outcome": result.outcome, "reason": "repeated"}
        return change_result.with_local_failures(result, self.write_audit(entry, caller))

    async def answer_card(self, code: str, decision: CardDecision, typed: object, caller: Caller) -> CardAnswer:
        """Act on a call of a card's script. Raises :class:`.LedgerUnavailableError`; what was decided is in the audit log."""
        return await self.approvals.answer_card(code, decision, typed, self._identity(caller).principal)

    async def _confirmed_already(self, attempt: Attempt) -> ChangeResult:
        try:
            return await self._series.repeated(attempt) or change_result.confirmed_already(attempt)
        except LedgerUnavailableError as error:
            return change_result.confirmed_but_unreadable(error.reason)

    def write_audit(self, entry: Mapping[str, Any], caller: Caller) -> Text | None:
        """Write `entry` to the audit log; return what prevented it, for the change is over by now."""
        return self.audit.write_afterwards(entry, self._identity(caller))

    def _identity(self, caller: Caller) -> Identity:
        return Identity(caller.principal or self._operator, caller.host)

    async def _dry_run(self, change: PendingChange, caller: Caller) -> ChangeResult:
        """Return the preview and what is against the change, which leaves no trace: no question, code or request."""
        _, usage = await self.ledger.look_up(change)
        fit = await fitting_rule(change, self.ledger)
        rule = None if fit is None or fit.reason is not None else fit.name
        obstacle, no_code = self._check_limits_and_overlap(change, usage), self._check_code_suffices(change, usage)
        by_size = client_ways(self.settings, caller)
        ways = by_size.below if no_code is None else by_size.above
        if obstacle is None and rule is None and not ways:
            obstacle = no_code
        how = describe_client_ways(ways) if obstacle is None and rule is None else UNSAID
        obstacle = None if obstacle is None else change_result.for_type(change, obstacle)
        preview = with_repetition(with_refusal(change, fit), usage, self._identity(caller).principal)
        return replace(
            change_result.dry_run(self._previews.answer(preview), obstacle, rule, how), warnings=preview.warnings
        )

    async def _decide(self, change: PendingChange, confirm: str | None, caller: Caller) -> ChangeResult:
        if confirm is None and caller.elicitation.answer() is None:
            decided = await self._apply_rules(change, caller)
            if isinstance(decided, ChangeResult):
                return decided
            change = decided
        if asks_in_form(self.settings, caller):
            with suppress(CannotAskError):
                return await self._ask_person(change, caller.elicitation.answer(), caller)
            if caller.way != "form":
                return declined("not_open")
        if confirm is None:
            return await self._preview(change, None, caller)
        return await self._check_and_execute(change, confirm, "code", caller)

    async def _apply_rules(self, change: PendingChange, caller: Caller) -> ChangeResult | PendingChange:
        """Carry `change` out if a standing rule lets it through; else return it, its preview with why one does not."""
        fit: RuleFit | Started | Overlap | ChangeResult | None = await fitting_rule(change, self.ledger)
        if isinstance(fit, RuleFit) and fit.reason is None:
            fit = await self.ledger.begin_by_rule(
                change,
                identity=self._identity(caller),
                audit_owed=self.audit.is_enabled,
                check_limits=lambda usage: self._check_limits(change, usage),
            )
        if isinstance(fit, Started):
            return await self._execute(change, fit, None, caller)
        if isinstance(fit, Overlap):
            fit = change_result.held_back(change, fit)
        if not isinstance(fit, ChangeResult):
            return with_refusal(change, fit)
        digest, _ = await self.ledger.look_up(change)
        return replace(fit, change_digest=digest)

    async def _ask_person(self, change: PendingChange, answer: FormAnswer | None, caller: Caller) -> ChangeResult:
        """Act on the answer to a question, or ask it.

        A question whose preview is no longer right is asked again, by calling this without an answer.
        """
        has_waited = caller.way != "form"
        if answer is None:
            question = await self._question(change, caller, QUESTION_LIFE)
            if isinstance(question, ChangeResult):
                return question
            answer = await caller.elicitation.ask(*question)
            caller = replace(caller, since=anyio.current_time(), uptime=self.uptime().seconds)
            has_waited = True
        if answer.verdict == "yes" and has_waited and change.plan_again is not None:
            try:
                change = await change.plan_again()
            except NoLongerPossibleError as error:
                await self.ledger.withdraw(answer.code)
                return ChangeResult("nothing_done", error.reason, error.next_step)
        if answer.verdict == "yes":
            return await self._check_and_execute(change, answer.code, "person", caller, number=answer.number)
        digest, _ = await self.ledger.look_up(change)
        shown = self._previews.digest(answer.code, "person")
        earlier = await self.ledger.withdraw(answer.code)
        result = (
            declined(answer.verdict, question_life(caller), answer.number, answer.typed)
            if earlier is None
            else await self._confirmed_already(earlier)
        )
        return replace(result, change_digest=digest, preview_digest=shown)

    async def _question(
        self, change: PendingChange, caller: Caller, life: timedelta
    ) -> tuple[Question, str] | ChangeResult:
        """Return the question to a person and its code, or the result if the change may not be made now."""
        # The code first: what is done from now on voids it, and what was done before is in the preview.
        code = await self.ledger.issue(change, self._identity(caller).principal, "person", life)
        digest, usage = await self.ledger.look_up(change)
        if (result := self._check_limits_and_overlap(change, usage)) is not None:
            return replace(result, change_digest=digest)
        self._previews.keep(code, with_repetition(change, usage, self._identity(caller).principal))
        return self._question_about(change, code, usage), code

    def _question_about(self, change: PendingChange, code: str, usage: Usage) -> Question:
        """Return the question whose preview is kept for a yes with `code`."""
        return Question(
            preview=self._previews.render(self._previews.get(code) or change.preview),
            number=self._number_to_type(change, usage),
            counted=change.counted,
            title=change.question,
            caution=change.caution,
            language=self.settings.language,
        )

    async def _wait_for_person(self, change: PendingChange, no_way: ChangeResult, caller: Caller) -> ChangeResult:
        """Have `change` wait for a person's decision on a card or page; return `no_way` if there is neither."""
        if (way := way_outside(self.settings, caller)) is None:
            return no_way
        question = await self._question(change, caller, WAITING_LIFE)
        if isinstance(question, ChangeResult):
            return question
        return await self.approvals.open(self._waiting_change(change, *question, caller, way), caller) or no_way

    def _waiting_change(
        self, change: PendingChange, question: Question, code: str, caller: Caller, place: Place
    ) -> WaitingChange:
        preview, identity = self._previews.get(code) or change.preview, self._identity(caller)
        assert change.call is not None
        return WaitingChange(
            call=change.call,
            change=change,
            question=question,
            code=code,
            principal=identity.principal,
            host=identity.host,
            preview=self._previews.answer(preview),
            warnings=preview.warnings,
            place=place,
        )

    def _number_to_type(self, change: PendingChange, usage: Usage) -> int | None:
        """Return the number that the person has to type: of a large change, and of one that completes a large sum."""
        threshold = self.settings.type_count_from
        before = usage.person_count_in_hour + usage.code_count_in_hour if change.counted else 0
        large = change.count >= threshold or before // threshold < (before + change.count) // threshold
        return change.count if large else None

    async def _preview(self, change: PendingChange, fault: CodeFault | None, caller: Caller) -> ChangeResult:
        # As above, the code first; it is told only with the preview.
        code = await self.ledger.issue(change, self._identity(caller).principal, "code", CODE_LIFE)
        digest, usage = await self.ledger.look_up(change)
        if (result := self._check_limits_and_overlap(change, usage)) is not None:
            return replace(result, change_digest=digest)
        if (result := self._check_code_suffices(change, usage)) is not None:
            return await self._wait_for_person(change, replace(result, change_digest=digest), caller)
        codes_last = not self.settings.sandbox or self.settings.state_dir is not None
        preview = self._previews.keep(code, with_repetition(change, usage, self._identity(caller).principal))
        result = change_result.previewed(change, code, self._previews.answer(preview), fault, codes_last=codes_last)
        result = replace(result, warnings=preview.warnings, change_digest=digest)
        if way_outside(self.settings, caller) == "card":
            question = self._question_about(change, code, usage)
            waiting = self._waiting_change(change, question, code, caller, "card_beside_code")
            result = await self.approvals.beside_code(result, waiting, caller)
        return result

    def _check_limits_and_overlap(self, change: PendingChange, usage: Usage) -> ChangeResult | None:
        """Return the result if the change may not be made now, before any question is asked."""
        if (result := self._check_limits(change, usage)) is not None:
            return result
        return None if usage.overlap is None else change_result.held_back(change, usage.overlap)

    def _check_code_suffices(self, change: PendingChange, usage: Usage) -> ChangeResult | None:
        """Return the result if a code does not suffice here, and a person would have to be asked."""
        settings = self.settings
        if "code" not in settings.ways:
            return needs_person(settings.ways)
        used = usage.code_count_in_hour if change.counted else 0
        if not settings.codes_only and used + change.count >= settings.type_count_from:
            return needs_person(settings.ways, settings.type_count_from, change.count, used)
        return None

    def _check_limits(self, change: PendingChange, usage: Usage) -> ChangeResult | None:
        """Return the result if the operator's limits are against the change."""
        now = self.clock()
        # This process may know the provider's clock better than the ledger, which may not have been there yet.
        difference = self.client.clock_difference
        usage = usage if difference is None else replace(usage, clock_difference=difference)
        if (reason := check_limits(self.settings, change, usage, now)) is not None:
            return change_result.not_allowed(reason)
        return None

    async def _check_and_execute(
        self, change: PendingChange, code: str, confirmed_by: ConfirmedBy, caller: Caller, *, number: int | None = None
    ) -> ChangeResult:
        """Check everything in the transaction that records the attempt, and carry the change out if it passes.

        `number` is what a person has typed. Several forms may be open at once, and the one that completes a large sum is
        known only now.
        """

        def check(usage: Usage) -> ChangeResult | CodeInvalid | None:
            if (result := self._check_limits(change, usage)) is not None:
                return result
            if confirmed_by == "code":
                return self._check_code_suffices(change, usage)
            if number is None and self._number_to_type(change, usage) is not None:
                return CodeInvalid("overtaken")
            return None

        answer: Started | CodeUsed | CodeInvalid | Superseded | Overlap | ChangeResult = await self.ledger.begin(
            change,
            code=code,
            confirmed_by=confirmed_by,
            identity=self._identity(caller),
            audit_owed=self.audit.is_enabled,
            check_limits=check,
            way="code" if confirmed_by == "code" else caller.way,
        )
        match answer:
            case Started():
                assert change.call is not None
                self._calls[canonical(code)] = (self._identity(caller).principal, change.call.digest)
                return await self._execute(change, answer, code, caller)
            case CodeUsed():
                earlier = answer.attempt
                return replace(await self._confirmed_already(earlier), change_digest=earlier.change_digest)
            case CodeInvalid() if confirmed_by == "code":
                return await self._preview(change, answer.fault, caller)
            case CodeInvalid("other_change" | "overtaken"):
                return await self._ask_person(change, None, caller)
            case CodeInvalid():
                result = declined("silence" if answer.fault == "expired" else "not_open", question_life(caller))
            case Overlap():
                result = change_result.held_back(change, answer)
            case Superseded():
                result = change_result.not_allowed(change_result.SUPERSEDED)
            case _:
                result = answer
        if result.reason == "needs_person":
            return await self._wait_for_person(change, result, caller)
        digest, _ = await self.ledger.look_up(change)
        return replace(result, change_digest=digest, preview_digest=self._previews.digest(code, confirmed_by))

    async def _execute(self, change: PendingChange, started: Started, code: str | None, caller: Caller) -> ChangeResult:
        """Carry `change` out, and return the result of what came of it."""
        # The preview of a code that another process issued is made anew.
        reader: ConfirmedBy = "code" if started.attempt.way == "code" else "person"
        preview, shown = (None, None) if code is None else self._previews.take(code, reader)
        preview = preview or with_repetition(change, started.usage, self._identity(caller).principal)
        confirmed = self._previews.answer(preview, advice=False, private=False)
        execution = Execution(change, started.attempt, caller.uptime, preview.warnings, started.since_preview, shown)
        if isinstance(change, PendingSeries):
            result = await self._series.run(change, execution, caller)
            return replace(result, preview=confirmed, warnings=preview.warnings)
        try:
            result = change_result.succeeded(await self.runner.run(partial(self._executor.make_request, execution)))
            if execution.outcome.outcome == "unknown":
                result = change_result.unknown(change, started.attempt, change_result.DUPLICATE_ORDER_NUMBER)
        except ApiError as error:
            result = change_result.failed(change, started.attempt, error, done_earlier=done_earlier(error, started))
        except AuditUnavailableError as error:
            result = change_result.not_allowed(error.reason)
        except ServerStoppedError:
            result = change_result.unknown(change, started.attempt, change_result.SERVER_STOPPED)
        except Exception:
            # A defect after the request may have left: the caller must not take it for "nothing was done".
            logger.exception("%s failed in an unforeseen way", change.tool)
            result = change_result.unknown(change, started.attempt, change_result.SERVER_FAILED)
        result = change_result.with_local_failures(result, *execution.local_failures)
        if result.outcome in ("done", "unknown"):
            result = replace(
                result,
                preview=confirmed,
                confirmed_by=started.attempt.confirmed_by,
                way=started.attempt.way,
                fields=change.answer_fields,
            )
            if code is None:
                result = change_result.with_local_failures(result, change_result.CONFIRMED_BY["rule"])
        return replace(result, warnings=preview.warnings, audited=True)
