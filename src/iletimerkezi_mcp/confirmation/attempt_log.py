"""The ledger as the approval uses it: for one account, and off the event loop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.ledger.attempts import Attempt, ConfirmedBy, Duplicate, NewAttempt, Send, Settled, Usage
from iletimerkezi_mcp.sms.normalize import comparison_key

from .group_commit import GroupCommit
from .pending_change import Message, PendingChange

if TYPE_CHECKING:
    from iletimerkezi_mcp.ledger.store import CodeInvalid, CodeUsed, Ledger, Rejected, Started

RECENT = 500
"""How many of the latest attempts are searched for an earlier one of the same deed."""


@dataclass(frozen=True, slots=True)
class Case:
    """A deed as the ledger knows it: what a code is bound to, the attempt to record, and what counts so far."""

    binding: bytes
    attempt: NewAttempt
    usage: Usage


class AttemptLog:
    """What was attempted on one account (key, base address, sandbox or live).

    Every method raises :class:`.unavailable.LedgerUnavailableError` where the ledger cannot be used.
    """

    def __init__(self, ledger: Ledger, account: tuple[str, ...]) -> None:
        self._account = tuple(part.encode("utf-8", "surrogatepass") for part in account)
        self._queue = GroupCommit(ledger)

    async def case(self, deed: PendingChange, principal: str) -> Case:
        """What the ledger has to say about `deed` before anything is confirmed.

        The binding holds all that a confirmation is good for: the deed, the account and, on the network,
        whose token asked.
        """
        return await self._queue.read(lambda ledger: self._case(ledger, deed, principal))

    async def issue(self, binding: bytes, kind: ConfirmedBy, life: timedelta) -> str:
        """A new code."""
        return await self._queue.write(lambda ledger: ledger.issue(binding, confirmed_by=kind, life=life))

    async def withdraw(self, code: str) -> Attempt | None:
        """Make a code useless; the attempt that has used it already, if one has."""
        return await self._queue.write(lambda ledger: ledger.withdraw(code))

    async def begin(
        self, deed: PendingChange, principal: str, code: str, kind: ConfirmedBy, judge: Callable[[Usage], Text | None]
    ) -> tuple[NewAttempt, Started | CodeUsed | CodeInvalid | Duplicate | Rejected]:
        """Check everything and record the attempt, in one transaction; the attempt, and what came of that."""

        def write(ledger: Ledger) -> tuple[NewAttempt, Started | CodeUsed | CodeInvalid | Duplicate | Rejected]:
            binding, attempt = self._named(ledger, deed, principal)
            return attempt, ledger.begin(attempt, code=code, binding=binding, confirmed_by=kind, judge=judge)

        return await self._queue.write(write)

    async def settle(self, attempt: Attempt, outcome: Settled, *, cancelled: str | None = None) -> None:
        """Write down what came of `attempt`; `cancelled` is the order that it cancelled, if it did."""

        def write(ledger: Ledger) -> None:
            ledger.settle(attempt.id, outcome)
            if cancelled is not None:
                ledger.cancelled(attempt.account, cancelled)

        await self._queue.write(write)

    async def doubtful(self, attempt: Attempt) -> bool:
        """Whether an earlier attempt at the same deed may have done it already."""

        def search(ledger: Ledger) -> bool:
            return any(
                earlier.id < attempt.id
                and earlier.arguments_digest == attempt.arguments_digest
                and earlier.state == "unknown"
                for earlier in ledger.recent(attempt.account, RECENT)
            )

        return await self._queue.read(search)

    async def order(self, order_id: str) -> Attempt | None:
        """The send that became this order, where it was made here."""
        return await self._queue.read(lambda ledger: ledger.order(self._of(ledger), order_id))

    async def labels(self, order_ids: tuple[str, ...]) -> dict[str, str]:
        """The labels that these orders were given here."""

        def search(ledger: Ledger) -> dict[str, str]:
            account = self._of(ledger)
            found = {order_id: ledger.order(account, order_id) for order_id in order_ids}
            return {
                order_id: attempt.send.label
                for order_id, attempt in found.items()
                if attempt is not None and attempt.send is not None and attempt.send.label
            }

        return await self._queue.read(search)

    async def usage(self) -> Usage:
        """What counts towards the limits that are not a single text's."""
        return await self._queue.read(lambda ledger: ledger.usage(self._of(ledger)))

    async def orders(self) -> list[Attempt]:
        """The latest sends that became orders, the newest first, each order once."""

        def search(ledger: Ledger) -> list[Attempt]:
            sends = [attempt for attempt in ledger.recent(self._of(ledger), RECENT) if attempt.send is not None]
            return list({send.order_id: send for send in reversed(sends) if send.order_id is not None}.values())[::-1]

        return await self._queue.read(search)

    async def unknown_sends(self) -> list[Attempt]:
        """The sends whose outcome is unknown, the oldest first."""
        return await self._queue.read(lambda ledger: ledger.unknown_sends(self._of(ledger)))

    async def reconcile(self, attempt: Attempt, order_id: str) -> bool:
        """Settle an unknown send as this order; False where the order is another send's."""
        return await self._queue.write(lambda ledger: ledger.reconcile(attempt.id, order_id))

    async def mark_missing(self, attempt: Attempt) -> bool:
        """Note that a list of orders does not show an unknown send."""
        return await self._queue.write(lambda ledger: ledger.mark_missing(attempt.id))

    def _of(self, ledger: Ledger) -> bytes:
        return ledger.digest(b"account", *self._account)

    def _named(self, ledger: Ledger, deed: PendingChange, principal: str) -> tuple[bytes, NewAttempt]:
        """What a code for `deed` is bound to, and the attempt at it."""
        account = self._of(ledger)
        send = None if deed.message is None else _send(ledger, account, deed.message)
        attempt = NewAttempt(deed.tool, account, ledger.digest(b"deed", deed.digest), deed.count, deed.order_id, send)
        binding = ledger.digest(b"binding", account, deed.digest, principal.encode("utf-8", "surrogatepass"))
        return binding, attempt

    def _case(self, ledger: Ledger, deed: PendingChange, principal: str) -> Case:
        binding, attempt = self._named(ledger, deed, principal)
        send, account = attempt.send, attempt.account
        usage = (
            ledger.usage(account, text_key=send.text_key, message_key=send.message_key)
            if send
            else ledger.usage(account)
        )
        return Case(binding, attempt, usage)


def _send(ledger: Ledger, account: bytes, message: Message) -> Send:
    """Equal for equal text and recipients, whatever sender, type or time: the provider's own sense of identical.

    Texts are equal that read alike: an unseen mark or a blank more makes no other message, nor gets past a limit.
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
