"""The attempts of one account: the ledger, off the event loop."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.ledger.attempts import Attempt, ConfirmedBy, Duplicate, NewAttempt, Send, Settled, Usage
from iletimerkezi_mcp.sms.normalize import comparison_key

from .group_commit import GroupCommit
from .pending_change import PendingChange, PendingMessage

if TYPE_CHECKING:
    from iletimerkezi_mcp.ledger.store import CodeInvalid, CodeUsed, Ledger, RejectedByPolicy, Started

RECENT = 500
"""The number of latest attempts that are searched for an earlier one at the same change."""


class AttemptLog:
    """The attempts on one account (key, base address, sandbox or live).

    Every method raises :class:`.unavailable.LedgerUnavailableError` if the ledger cannot be used.
    """

    def __init__(self, ledger: Ledger, account: tuple[str, ...]) -> None:
        self._account = tuple(part.encode("utf-8", "surrogatepass") for part in account)
        self._queue = GroupCommit(ledger)

    async def look_up(self, change: PendingChange) -> tuple[NewAttempt, Usage]:
        """Return `change` as the attempt that it would be, and what counts before it."""

        def read(ledger: Ledger) -> tuple[NewAttempt, Usage]:
            attempt = self._attempt(ledger, change)
            if (send := attempt.send) is None:
                return attempt, ledger.usage(attempt.account)
            return attempt, ledger.usage(attempt.account, text_key=send.text_key, message_key=send.message_key)

        return await self._queue.read(read)

    async def issue(self, change: PendingChange, principal: str, confirmed_by: ConfirmedBy, life: timedelta) -> str:
        """Return a new code, valid for exactly this change, account and, on the network, `principal`'s token."""
        return await self._queue.write(
            lambda ledger: ledger.issue(self._binding(ledger, change, principal), confirmed_by=confirmed_by, life=life)
        )

    async def withdraw(self, code: str) -> Attempt | None:
        """Make a code invalid; return the attempt that has used it already, if there is one."""
        return await self._queue.write(lambda ledger: ledger.withdraw(code))

    async def begin(
        self,
        change: PendingChange,
        principal: str,
        code: str,
        confirmed_by: ConfirmedBy,
        judge: Callable[[Usage], Text | None],
    ) -> tuple[NewAttempt, Started | CodeUsed | CodeInvalid | Duplicate | RejectedByPolicy]:
        """Check everything and record the attempt, in one transaction; return the attempt and the result."""

        def write(ledger: Ledger) -> tuple[NewAttempt, Started | CodeUsed | CodeInvalid | Duplicate | RejectedByPolicy]:
            attempt, binding = self._attempt(ledger, change), self._binding(ledger, change, principal)
            return attempt, ledger.begin(attempt, code=code, binding=binding, confirmed_by=confirmed_by, judge=judge)

        return await self._queue.write(write)

    async def settle(self, attempt: Attempt, settled: Settled, *, cancelled: str | None = None) -> None:
        """Record the outcome of `attempt`; `cancelled` is the order that it cancelled, if it did."""

        def write(ledger: Ledger) -> None:
            ledger.settle(attempt.id, settled)
            if cancelled is not None:
                ledger.cancelled(attempt.account, cancelled)

        await self._queue.write(write)

    async def may_be_done_already(self, attempt: Attempt) -> bool:
        """Return True if an earlier attempt of unknown outcome at the same change may have made it."""

        def search(ledger: Ledger) -> bool:
            return any(
                earlier.id < attempt.id
                and earlier.arguments_digest == attempt.arguments_digest
                and earlier.state == "unknown"
                for earlier in ledger.recent(attempt.account, RECENT)
            )

        return await self._queue.read(search)

    async def order(self, order_id: str) -> Attempt | None:
        """Return the send that became this order, if it was made here."""
        return await self._queue.read(lambda ledger: ledger.order(self._of(ledger), order_id))

    async def labels(self, order_ids: tuple[str, ...]) -> dict[str, str]:
        """Return the labels that these orders were given here."""

        def search(ledger: Ledger) -> dict[str, str]:
            account = self._of(ledger)
            attempts = {order_id: ledger.order(account, order_id) for order_id in order_ids}
            return {
                order_id: attempt.send.label
                for order_id, attempt in attempts.items()
                if attempt is not None and attempt.send is not None and attempt.send.label
            }

        return await self._queue.read(search)

    async def usage(self) -> Usage:
        """Return what counts towards the limits that are not a single text's."""
        return await self._queue.read(lambda ledger: ledger.usage(self._of(ledger)))

    async def orders(self) -> list[Attempt]:
        """Return the latest sends that became orders, the newest first, each order once."""

        def search(ledger: Ledger) -> list[Attempt]:
            sends = [attempt for attempt in ledger.recent(self._of(ledger), RECENT) if attempt.send is not None]
            return list({send.order_id: send for send in reversed(sends) if send.order_id is not None}.values())[::-1]

        return await self._queue.read(search)

    async def unknown_sends(self) -> list[Attempt]:
        """Return the sends whose outcome is unknown, the oldest first."""
        return await self._queue.read(lambda ledger: ledger.unknown_sends(self._of(ledger)))

    async def reconcile(self, attempt: Attempt, order_id: str) -> bool:
        """Settle an unknown send as this order; False if the order is another send's."""
        return await self._queue.write(lambda ledger: ledger.reconcile(attempt.id, order_id))

    async def mark_missing(self, attempt: Attempt) -> bool:
        """Record that a list of orders does not show an unknown send; False if its outcome is known."""
        return await self._queue.write(lambda ledger: ledger.mark_missing(attempt.id))

    def _of(self, ledger: Ledger) -> bytes:
        return ledger.digest(b"account", *self._account)

    def _attempt(self, ledger: Ledger, change: PendingChange) -> NewAttempt:
        account = self._of(ledger)
        send = None if change.message is None else _send(ledger, account, change.message)
        digest = ledger.digest(b"deed", change.digest)
        return NewAttempt(change.tool, account, digest, change.count, change.order_id, send)

    def _binding(self, ledger: Ledger, change: PendingChange, principal: str) -> bytes:
        """Return the digest of all that a confirmation is valid for."""
        return ledger.digest(b"binding", self._of(ledger), change.digest, principal.encode("utf-8", "surrogatepass"))


def _send(ledger: Ledger, account: bytes, message: PendingMessage) -> Send:
    """Return a record that is equal for equal text and recipients: the provider's own sense of identical.

    Texts are equal that read alike: an invisible mark or a blank more makes no other message, nor evades a limit.
    """
    text = comparison_key(message.text).encode()
    return Send(
        message_key=ledger.digest(b"same", account, text, message.recipients_digest),
        text_key=ledger.digest(b"text", account, text),
        credits=message.credits,
        sender=message.sender,
        message_type=message.message_type,
        iys_list=message.iys_list,
        send_at=message.send_at,
        label=message.label,
    )
