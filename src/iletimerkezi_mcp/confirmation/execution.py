"""The execution of a confirmed change: its request, and the record of what came of it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import anyio

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.ledger.attempts import Attempt, AttemptOutcome
from iletimerkezi_mcp.ledger.clock import UptimeClock
from iletimerkezi_mcp.ledger.ledger import Ledger, Started
from iletimerkezi_mcp.ledger.unavailable import LedgerUnavailableError
from iletimerkezi_mcp.provider.client import ApiClient
from iletimerkezi_mcp.provider.errors import ApiError, ConfirmationTooOld
from iletimerkezi_mcp.sms.clock import Clock

from .audit import AuditWriter
from .audit_entry import audit_entry
from .pending_change import Acceptance, PendingChange

if TYPE_CHECKING:
    from iletimerkezi_mcp.provider.send_progress import OnSent

logger = logging.getLogger(__name__)

YES_LIFE = timedelta(seconds=45)
"""The longest time from the call with a yes to its request, which ends in 40 seconds; an attempt counts as unknown after 60.

A machine that slept, or a process that was paused, takes longer. The message may be out of date then, and another
process may have sent it again.
"""

MAY_BE_DONE_ALREADY = frozenset({455, 474, 422})
"""Codes with which the provider refuses what an earlier call has done already."""

OnSettled = Callable[[PendingChange, AttemptOutcome], None]
"""Called with the outcome of a change, even if its caller no longer waits; it must neither block nor raise."""


@dataclass(slots=True)
class Execution:
    """A change while it is carried out.

    `confirmed_uptime` is when the yes came, with its call or in it, in seconds of the machine's uptime: setting its clock
    makes no yes old. Its code was issued `since_preview` before, with
    the preview of `preview_digest`, if this process showed it; a step has none. `outcome` is what it has come to so far:
    unknown, too, if the provider accepted it with the number of an earlier order. `local_failures` say what this machine
    failed to keep of it.
    """

    change: PendingChange
    attempt: Attempt
    confirmed_uptime: float
    warnings: tuple[Text, ...] = ()
    since_preview: timedelta | None = None
    preview_digest: str | None = None
    outcome: AttemptOutcome = field(default_factory=lambda: AttemptOutcome("nothing_done"))
    local_failures: list[Text] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Executor:
    """Makes the requests of confirmed changes, each between its two lines in the audit log.

    `on_sent` is called when a request is about to leave, after which stopping undoes nothing; it must neither block nor
    raise.
    """

    client: ApiClient
    ledger: Ledger
    audit: AuditWriter
    clock: Clock
    uptime: UptimeClock
    on_settled: Sequence[OnSettled]
    on_sent: Sequence[OnSent]

    async def make_request(self, execution: Execution, on_sent: OnSent) -> Acceptance:
        """Make the request of a change and settle its attempt, also if the caller has hung up meanwhile.

        Raises :class:`.ApiError`, and :class:`.AuditUnavailableError` if nothing was done for want of a line.
        """

        def sent() -> None:
            if self._is_too_late(execution):
                raise ConfirmationTooOld
            execution.outcome = AttemptOutcome("unknown")
            on_sent()
            for notify in self.on_sent:
                notify()

        change = execution.change
        try:
            self.write_start(execution)
            acceptance = await change.execute(self.client, sent)
            order_id = None if change.message is None else acceptance.order_id
            execution.outcome = AttemptOutcome("done", order_id=order_id)
            return acceptance
        except ApiError as error:
            execution.outcome = AttemptOutcome(error.outcome, status_code=error.code)
            raise
        finally:
            with anyio.CancelScope(shield=True):
                await self.settle(execution)
            for notify in self.on_settled:
                notify(change, execution.outcome)

    def write_start(self, execution: Execution) -> None:
        """Write the line that says what is about to be done. Raises :class:`.AuditUnavailableError`."""
        self.audit.write(self._entry(execution, None), execution.attempt.identity)

    def _is_too_late(self, execution: Execution) -> bool:
        """Return whether the yes may no longer be used, because of the time since, or because its preview has expired."""
        age = timedelta(seconds=self.uptime().seconds - execution.confirmed_uptime)
        expiry = execution.change.preview_expiry
        return age > YES_LIFE or (expiry is not None and self.clock() >= expiry.at)

    async def settle(self, execution: Execution, **fields: object) -> None:
        """Record and audit the outcome of a change; `fields` are further ones of its line. No failure here undoes it."""
        change, attempt = execution.change, execution.attempt
        try:
            cancelled_order_id = change.order_id if execution.outcome.outcome == "done" else None
            if not await self.ledger.settle(attempt, execution.outcome, cancelled_order_id=cancelled_order_id):
                execution.outcome = AttemptOutcome("unknown")
        except LedgerUnavailableError as error:
            logger.warning("%s", error)
            execution.local_failures.append(error.reason)
        entry = {**self._entry(execution, execution.outcome), **fields}
        if (missing := self.audit.write_afterwards(entry, attempt.identity)) is not None:
            execution.local_failures.append(missing)
        elif self.audit.is_enabled:
            with suppress(LedgerUnavailableError):
                await self.ledger.mark_audited(attempt)

    def _entry(self, execution: Execution, outcome: AttemptOutcome | None) -> Mapping[str, Any]:
        return audit_entry(
            execution.change,
            outcome,
            execution.warnings,
            execution.attempt.change_digest,
            self.audit.keeps_commercial_text,
            attempt=execution.attempt,
            since_preview=execution.since_preview,
            preview_digest=execution.preview_digest,
        )


def done_earlier(error: ApiError, started: Started) -> bool:
    """Return whether an earlier attempt of unknown outcome has probably made the change."""
    unsettled_attempt = started.usage.unsettled_attempt
    return (
        error.code in MAY_BE_DONE_ALREADY
        and unsettled_attempt is not None
        and unsettled_attempt.send is None
        and unsettled_attempt.change_digest == started.attempt.change_digest
    )
