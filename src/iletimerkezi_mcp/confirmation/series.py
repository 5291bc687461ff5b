"""The run of a confirmed series: its steps, one after the other, and what an answer says of it meanwhile."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import anyio

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.ledger.attempts import RUN_GAP, Attempt, AttemptOutcome, Overlap
from iletimerkezi_mcp.ledger.clock import UptimeClock
from iletimerkezi_mcp.ledger.ledger import Ledger, Superseded
from iletimerkezi_mcp.ledger.unavailable import LedgerUnavailableError
from iletimerkezi_mcp.provider.errors import ApiError
from iletimerkezi_mcp.provider.outcomes import RequestOutcome

from . import change_result, series_result
from .audit import AuditUnavailableError, AuditWriter
from .caller import Caller
from .change_result import ChangeResult
from .detached import DetachedRunner
from .execution import Execution, Executor
from .latest import Latest
from .pending_change import Acceptance, PendingChange
from .pending_series import PendingSeries, SeriesStopped, StepResult
from .series_result import EarlyEnd

if TYPE_CHECKING:
    from iletimerkezi_mcp.provider.send_progress import OnSent

logger = logging.getLogger(__name__)

ANSWER_SECONDS = 45.0
"""The longest time from a model's call, or the yes in it, to its answer: hosts give up on a call after a minute."""

STEP_SECONDS = 10.0
"""The time that a step under way gets to come to its end when the host has gone."""

CallKey = tuple[str, bytes]
"""The principal, and the digest of the call."""


@dataclass(slots=True, kw_only=True)
class _Run:
    """A confirmed series while it is carried out, and after it: `series` is let go then, a long list may hang on it.

    `outcomes` are those of the steps that have ended, and `is_in_step` is set while one is under way. `touched` is when the
    yes came or the last step began, in seconds of the machine's uptime. `changed` is set when a step ends. `result` is set
    at the end, and `is_told` once an answer had it.
    """

    attempt: Attempt
    call: CallKey
    series: PendingSeries | None
    touched: float
    outcomes: list[RequestOutcome] = field(default_factory=list)
    is_in_step: bool = False
    changed: anyio.Event = field(default_factory=anyio.Event)
    result: ChangeResult | None = None
    is_told: bool = False

    def how_to_verify(self) -> Text:
        assert self.series is not None
        return self.series.how_to_verify if self.series.look is None else self.series.look()

    def ended(self, word: EarlyEnd, reason: Text | None = None) -> SeriesStopped:
        return series_result.ended_early(word, self.outcomes, self.how_to_verify(), reason)


@dataclass(slots=True, eq=False)
class SeriesRunner:
    """Runs confirmed series in the background, and knows how far each of them is.

    A call waits for the end at most `seconds` since it came, or since its person said yes, and then answers what is so far.
    """

    ledger: Ledger
    runner: DetachedRunner
    audit: AuditWriter
    executor: Executor
    uptime: UptimeClock
    seconds: float
    runs: Latest[int, _Run] = field(default_factory=lambda: Latest(100))

    async def run(self, series: PendingSeries, execution: Execution, caller: Caller) -> ChangeResult:
        """Carry `series` out, and return the result so far when it has ended, or the time for an answer has passed.

        A caller that is cancelled before anything was sent stops it; afterwards it goes on.
        """
        attempt = execution.attempt
        run = _Run(
            attempt=attempt,
            call=(attempt.identity.principal, b"" if series.call is None else series.call.digest),
            series=series,
            touched=execution.confirmed_uptime,
        )
        self.runs[attempt.id] = run
        work = self.runner.start(
            partial(self._carry_out, run, series, execution), patience=lambda: STEP_SECONDS if run.is_in_step else 0.0
        )
        try:
            with anyio.CancelScope(deadline=caller.since + self.seconds):
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
        return replace(self._result_so_far(run), audited=True)

    async def repeated(self, attempt: Attempt) -> ChangeResult | None:
        """Return what is known of the confirmed `attempt`, which was to be made once more; None if it is no series."""
        if (run := self.runs.get(attempt.id)) is not None:
            return series_result.repeated(attempt, self._result_so_far(run))
        if attempt.send is not None or not (steps := await self.ledger.steps(attempt)):
            return None
        return series_result.recorded(attempt, steps)

    def untold(self, call: CallKey) -> Attempt | None:
        """Return the series that this very call has begun here, if it is under way or no answer has told its end."""
        for run in self.runs.values():
            if run.call == call and not run.is_told:
                return run.attempt
        return None

    def begun_by(self, call: CallKey) -> Attempt | None:
        """Return the last series that this very call has begun here."""
        return next((run.attempt for run in reversed(self.runs.values()) if run.call == call), None)

    def _result_so_far(self, run: _Run) -> ChangeResult:
        if run.result is not None:
            run.is_told = True
            return run.result
        assert run.series is not None
        return series_result.under_way(run.attempt, len(run.outcomes), run.how_to_verify(), _fields(run.series))

    async def _carry_out(self, run: _Run, series: PendingSeries, execution: Execution, on_sent: OnSent) -> None:
        """Make the requests of a series between its own two lines in the audit log, and record its end."""
        end: Acceptance | SeriesStopped | None = None
        try:
            self.executor.write_start(execution)
            end = await series.run(partial(self._step, run, execution, on_sent))
        except SeriesStopped as stop:
            end = stop
        except AuditUnavailableError as error:
            end = run.ended("audit_log", error.reason)
        except LedgerUnavailableError as error:
            end = run.ended("ledger", error.reason)
        except Exception:
            logger.exception("%s failed in an unforeseen way", series.tool)
            end = run.ended("failure")
        finally:
            if end is None:
                end = run.ended("server_stopped" if self.runner.is_stopping else "call_cancelled")
            with anyio.CancelScope(shield=True):
                await self._settle(run, series, execution, end)
            run.changed.set()

    async def _step(self, run: _Run, whole: Execution, on_sent: OnSent, change: PendingChange) -> StepResult:
        """Make the request of one step; see :data:`.pending_series.Step`."""
        now = self.uptime().seconds
        if self.runner.is_stopping:
            raise run.ended("server_stopped")
        if run.outcomes and now - run.touched >= RUN_GAP.total_seconds():
            # The ledger counts it as interrupted by now, and another call may have been told so.
            raise run.ended("paused")
        begun = await self.ledger.begin_step(run.attempt, change, audit_owed=self.audit.is_enabled)
        match begun:
            case Superseded():
                raise run.ended("overtaken")
            case Overlap():
                return StepResult("held_back", overlap=begun)
        # The yes is for the first step; what is on record for a later one has to leave as soon.
        step = Execution(change, begun, now if run.outcomes else run.touched)
        error: ApiError | None = None
        run.touched, run.is_in_step = now, True
        try:
            await self.executor.make_request(step, on_sent)
        except ApiError as failure:
            error = failure
        finally:
            run.is_in_step = False
            run.outcomes.append(step.outcome.outcome)
            whole.local_failures += step.local_failures
            run.changed.set()
        return StepResult(step.outcome.outcome, step.outcome.order_id, error)

    async def _settle(
        self, run: _Run, series: PendingSeries, execution: Execution, end: Acceptance | SeriesStopped
    ) -> None:
        """Record and audit the end of a series. Nothing that fails here undoes what was done."""
        word: str | None = None
        if isinstance(end, Acceptance):
            execution.outcome, result = AttemptOutcome("done"), change_result.succeeded(end)
        else:
            execution.outcome, word = _outcome(run.outcomes), end.word
            result = ChangeResult(end.outcome, end.reason, end.next_step)
        await self.executor.settle(execution, outcome=result.outcome, reason=word, steps=len(run.outcomes) or None)
        result = replace(result, fields=_fields(series), confirmed_by=run.attempt.confirmed_by, way=run.attempt.way)
        run.result = change_result.with_local_failures(result, *dict.fromkeys(execution.local_failures))
        run.series = None


def _fields(series: PendingSeries) -> Mapping[str, Any]:
    return {**series.answer_fields, **series.fields()}


def _outcome(outcomes: list[RequestOutcome]) -> AttemptOutcome:
    """Return the outcome of a series that ended early as the ledger keeps it: unknown if anything may have been done."""
    if "done" in outcomes or "unknown" in outcomes:
        return AttemptOutcome("unknown")
    return AttemptOutcome("refused" if "refused" in outcomes else "nothing_done")
