"""The run of a confirmed series: its steps, one after the other, and what an answer says of it meanwhile."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import anyio

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.ledger.attempts import RUN_GAP, Attempt, AttemptOutcome, Identity, Overlap
from iletimerkezi_mcp.ledger.clock import UptimeClock
from iletimerkezi_mcp.ledger.ledger import Ledger, Started, Superseded
from iletimerkezi_mcp.ledger.unavailable import LedgerUnavailableError
from iletimerkezi_mcp.provider.errors import ApiError

from . import change_result, series_result
from .audit import AuditUnavailableError
from .audit_entry import audit_entry
from .audit_writer import AuditWriter
from .caller import Caller
from .change_result import ChangeResult, ShownPreview
from .detached import DetachedRunner
from .execution import Execution, Executor
from .pending_change import PendingChange
from .pending_series import PendingSeries, SeriesStopped, StepResult

if TYPE_CHECKING:
    from iletimerkezi_mcp.provider.send_progress import OnSent

logger = logging.getLogger(__name__)

ANSWER_SECONDS = 45.0
"""The longest time from a model's call, or the yes in it, to its answer: hosts give up on a call after a minute."""

STEP_SECONDS = 10.0
"""The time that a step under way gets to come to its end when the host has gone."""

RUNS_REMEMBERED = 100
"""The number of series that can be told of again from memory: the latest ones."""

CallKey = tuple[str, int]
"""The principal, and the fingerprint of the call."""


@dataclass(slots=True, kw_only=True)
class _Run:
    """A confirmed series while it is carried out, and after it.

    `begun` are the steps on record, `outcomes` those of the ones that have ended. `may_be_under_way` while a request may have
    left whose outcome is not recorded. `touched` is when the yes came or the last step began, in seconds of the machine's
    uptime. `changed` is set when a step ends. `result` is set at the end, and `is_told` once an answer had it.
    """

    started: Started
    identity: Identity
    shown: ShownPreview
    call: CallKey
    series: PendingSeries | None
    touched: float
    begun: int = 0
    outcomes: list[str] = field(default_factory=list)
    may_be_under_way: bool = False
    local_failures: list[Text] = field(default_factory=list)
    changed: anyio.Event = field(default_factory=anyio.Event)
    result: ChangeResult | None = None
    is_told: bool = False


class SeriesRunner:
    """Runs confirmed series in the background, and knows how far each of them is.

    A call waits for the end at most `seconds` since it came, or since its person said yes, and then answers what is so far.
    """

    def __init__(
        self,
        ledger: Ledger,
        runner: DetachedRunner,
        audit: AuditWriter,
        executor: Executor,
        uptime: UptimeClock,
        seconds: float,
    ) -> None:
        self._ledger = ledger
        self._runner = runner
        self._audit = audit
        self._executor = executor
        self._uptime = uptime
        self._seconds = seconds
        self._runs: OrderedDict[int, _Run] = OrderedDict()

    async def run(
        self,
        series: PendingSeries,
        started: Started,
        identity: Identity,
        confirmed_uptime: float,
        shown: ShownPreview,
        caller: Caller,
    ) -> ChangeResult:
        """Carry `series` out, and return the result so far when it has ended, or the time for an answer has passed.

        A caller that is cancelled before anything was sent stops it; afterwards it goes on.
        """
        run = _Run(
            series=series,
            started=started,
            identity=identity,
            shown=shown,
            call=(identity.principal, series.call),
            touched=confirmed_uptime,
        )
        self._runs[started.attempt.id] = run
        if len(self._runs) > RUNS_REMEMBERED:
            self._runs.popitem(last=False)
        work = self._runner.start(
            partial(self._carry_out, run, series), patience=lambda: STEP_SECONDS if run.may_be_under_way else 0.0
        )
        try:
            with anyio.CancelScope(deadline=caller.since + self._seconds):
                reported, before = 0, caller.elicitation.waited
                while run.result is None:
                    await run.changed.wait()
                    run.changed = anyio.Event()
                    if len(run.outcomes) > reported:
                        reported = len(run.outcomes)
                        await caller.on_progress(before + reported, series.steps and before + series.steps)
        except anyio.get_cancelled_exc_class():
            work.abandon()
            raise
        return replace(
            self._result_so_far(run),
            preview=shown.confirmed,
            confirmed_by=started.attempt.confirmed_by,
            warnings=shown.warnings,
            audited=True,
        )

    async def repeated(self, attempt: Attempt) -> ChangeResult | None:
        """Return what is known of the confirmed `attempt`, which was to be made once more; None if it is no series."""
        if (run := self._runs.get(attempt.id)) is not None:
            return series_result.repeated(attempt, self._result_so_far(run))
        if attempt.send is not None or not (steps := await self._ledger.steps(attempt)):
            return None
        return series_result.recorded(attempt, steps)

    def untold(self, call: CallKey) -> Attempt | None:
        """Return the series that this very call has begun here, if it is under way or no answer has told its end."""
        for run in self._runs.values():
            if run.call == call and not run.is_told:
                return run.started.attempt
        return None

    def _result_so_far(self, run: _Run) -> ChangeResult:
        if run.result is not None:
            run.is_told = True
            return run.result
        assert run.series is not None
        result = series_result.under_way(
            len(run.outcomes), run.series.steps, run.series.how_to_verify, _fields(run.series)
        )
        return replace(result, confirmed_by=run.started.attempt.confirmed_by)

    async def _carry_out(self, run: _Run, series: PendingSeries, on_sent: OnSent) -> None:
        """Make the requests of a series between its own two lines in the audit log, and record its end."""
        result: ChangeResult | None = None
        word: str | None = None
        try:
            self._audit.write(self._entry(run, series, None), run.identity)
            result = change_result.succeeded(await series.run(partial(self._step, run, series, on_sent)))
        except SeriesStopped as stop:
            result, word = series_result.stopped(stop), stop.word
        except AuditUnavailableError as error:
            result, word = change_result.not_allowed(error.reason), "audit_log"
        except Exception:
            logger.exception("%s failed in an unforeseen way", series.tool)
            reason = series_result.SERVER_FAILED_IN_STEP if run.may_be_under_way else series_result.SERVER_FAILED
            result, word = self._ended_early(run, series, reason, "failure")
        finally:
            if result is None and not self._runner.is_stopping:
                result, word = self._ended_early(run, series, series_result.CALL_CANCELLED, "call_cancelled")
            elif result is None:
                reason = series_result.SERVER_STOPPED_IN_STEP if run.may_be_under_way else series_result.SERVER_STOPS
                result, word = self._ended_early(run, series, reason, "server_stopped")
            with anyio.CancelScope(shield=True):
                await self._settle(run, series, result, word)
            run.changed.set()

    @staticmethod
    def _ended_early(run: _Run, series: PendingSeries, reason: Text, word: str) -> tuple[ChangeResult, str]:
        end = series_result.ended_early(reason, series.how_to_verify, word, unknown=run.may_be_under_way)
        return series_result.stopped(end), word

    async def _step(self, run: _Run, series: PendingSeries, on_sent: OnSent, change: PendingChange) -> StepResult:
        """Make the request of one step; see :data:`.pending_series.Step`."""
        now = self._uptime().seconds
        if self._runner.is_stopping:
            raise series_result.ended_early(series_result.SERVER_STOPS, series.how_to_verify, "server_stopped")
        if run.begun and now - run.touched >= RUN_GAP.total_seconds():
            # The ledger counts it as interrupted by now, and another call may have been told so.
            raise series_result.ended_early(series_result.PAUSED, series.how_to_verify, "paused")
        try:
            begun = await self._ledger.begin_step(run.started.attempt, change, audit_owed=self._audit.is_enabled)
        except LedgerUnavailableError as error:
            raise series_result.ended_early(error.reason, series.how_to_verify, "ledger") from None
        match begun:
            case Superseded():
                raise series_result.ended_early(series_result.OVERTAKEN, series.how_to_verify, "overtaken")
            case Overlap():
                return StepResult("held_back", overlap=begun)
        # The yes is for the first step; what is on record for a later one has to leave as soon.
        execution = Execution(change, begun, run.identity, now if run.begun else run.touched, ())
        run.begun, run.touched = run.begun + 1, now
        result = await self._make_request(run, series, execution, on_sent)
        run.may_be_under_way = False
        run.outcomes.append(result.outcome)
        run.changed.set()
        return result

    async def _make_request(
        self, run: _Run, series: PendingSeries, execution: Execution, on_sent: OnSent
    ) -> StepResult:
        attempt = execution.started.attempt

        def sent() -> None:
            run.may_be_under_way = True
            on_sent()

        try:
            acceptance = await self._executor.make_request(execution, sent)
        except ApiError as error:
            return StepResult(error.outcome, attempt, error=error)
        except AuditUnavailableError as error:
            raise series_result.ended_early(error.reason, series.how_to_verify, "audit_log") from None
        finally:
            run.local_failures += execution.local_failures
        if not execution.has_own_order:
            return StepResult("unknown", attempt)
        return StepResult("done", attempt, acceptance.order_id)

    async def _settle(self, run: _Run, series: PendingSeries, result: ChangeResult, word: str | None) -> None:
        """Record and audit the end of a series. Nothing that fails here undoes what was done."""
        attempt = run.started.attempt
        try:
            if attempt.campaign is not None:
                await self._ledger.end_campaign(attempt, "stopped" if word else "finished", word)
            await self._ledger.settle(attempt, _outcome(run, result))
        except LedgerUnavailableError as error:
            logger.warning("%s", error)
            run.local_failures.append(error.reason)
        entry = {**self._entry(run, series, result), "reason": word}
        if (missing := self._audit.write_afterwards(entry, run.identity)) is not None:
            run.local_failures.append(missing)
        elif self._audit.is_enabled:
            try:
                await self._ledger.mark_audited(attempt)
            except LedgerUnavailableError as error:
                logger.warning("%s", error)
        result = replace(result, fields=_fields(series), confirmed_by=attempt.confirmed_by)
        run.result = change_result.with_local_failures(result, *dict.fromkeys(run.local_failures))
        run.series = None

    def _entry(self, run: _Run, series: PendingSeries, result: ChangeResult | None) -> dict[str, Any]:
        started, keep = run.started, self._audit.keeps_commercial_text
        digest = started.attempt.change_digest
        entry = audit_entry(series, result, run.shown.warnings, digest, keep, started=started)
        return {**entry, "steps": run.begun or None}


def _fields(series: PendingSeries) -> Mapping[str, Any]:
    return {**series.answer_fields, **series.fields()}


def _outcome(run: _Run, result: ChangeResult) -> AttemptOutcome:
    """Return the outcome of a series as the ledger keeps it: unknown if it ended early and anything may have been done."""
    if result.outcome == "done":
        return AttemptOutcome("done")
    if run.may_be_under_way or {"done", "unknown"}.intersection(run.outcomes):
        return AttemptOutcome("unknown")
    return AttemptOutcome("refused" if "refused" in run.outcomes else "nothing_done")
