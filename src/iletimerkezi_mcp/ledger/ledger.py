"""The ledger of one account: every attempt to change something, and what became of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal, Protocol, TypeVar

from .attempts import (
    Attempt,
    AttemptOutcome,
    Change,
    ConfirmedBy,
    Counted,
    Identity,
    Overlap,
    PendingCampaign,
    StoredChange,
    Usage,
    Way,
)
from .campaigns import Campaign
from .pushed_reports import PushedCounts, PushedToNumber
from .rules import Rule, RuleFit

if TYPE_CHECKING:
    from iletimerkezi_mcp.provider.pushed import PushedReport

CodeFault = Literal["not_issued", "other_change", "withdrawn", "expired", "overtaken"]
"""The reason why a code is not valid: never issued, issued for another change, withdrawn, too old, or issued before an
attempt of which its preview would have warned."""


@dataclass(frozen=True, slots=True)
class Started:
    """The attempt is on record and the code is used up: the request may leave.

    The code was issued `since_preview` ago (None: a rule needs none); `usage` is what counted before this attempt.
    """

    attempt: Attempt
    since_preview: timedelta | None
    usage: Usage


@dataclass(frozen=True, slots=True)
class CodeUsed:
    """The code was used before, by `attempt`."""

    attempt: Attempt


@dataclass(frozen=True, slots=True)
class CodeInvalid:
    """The code is not valid for this change; it stays as it was."""

    fault: CodeFault


@dataclass(frozen=True, slots=True)
class Superseded:
    """The campaign was begun, continued or ended by another call since, or the series has ended."""


T = TypeVar("T")


class Ledger(Protocol):
    """A ledger of one account, which any number of processes may share. :class:`.sqlite.SqliteLedger` is the one there is.

    Each call is one transaction, and has reached the disk when it returns. Every method raises
    :class:`.unavailable.LedgerUnavailableError` if the ledger cannot be read or written within five seconds; then
    nothing has changed, and a later call tries again.
    """

    def request_state_key(self) -> bytes:
        """Return the 32 bytes that seal the state of a question; every process that shares the ledger has the same."""

    async def look_up(self, change: Change) -> tuple[bytes, Usage]:
        """Return the keyed digest of `change`, and what counts before it."""

    async def issue(self, change: Change, principal: str, confirmed_by: ConfirmedBy, life: timedelta) -> str:
        """Return a new code for exactly this change of `principal`, valid once and for `life`.

        Earlier codes stay valid. Only the code's digest is kept.
        """

    async def withdraw(self, code: str) -> Attempt | None:
        """Make `code` invalid: its question was answered with a no, or not in time.

        With it every code that a model was given for the same preview is invalid, for a no is to all of them.
        A code that was used before stays used; the attempt that used it is returned, for then it is too late for a no.
        """

    async def begin(
        self,
        change: Change,
        *,
        code: str,
        confirmed_by: ConfirmedBy,
        identity: Identity,
        audit_owed: bool,
        check_limits: Callable[[Usage], T | None],
        way: Way | None = None,
    ) -> Started | CodeUsed | CodeInvalid | Superseded | Overlap | T:
        """Check everything once more and, if nothing is wrong, use up `code` and put an attempt at `change` on record.

        Of any number of calls with one code, in any number of processes, one gets :class:`Started`. `check_limits` gets what
        counts so far, without this attempt, and returns None, or what is returned instead if the change may not be made;
        it must be quick, and must not call the ledger. The code stays valid then. `audit_owed` if the audit log needs a
        line once the outcome is known; `way` is how the yes came.

        A series takes several requests, each of which :meth:`begin_step` puts on record: its own attempt has neither
        message nor digests, and stays in flight until it is settled after the last one. A change with a campaign is one:
        the campaign is under way from then on, and this attempt runs it; one that it continues is taken over from the
        attempt that ran it before. :class:`Superseded` if another unfinished campaign has its template and file, if its
        name is taken, or if anything was begun in the one to be continued since the code was issued.
        """

    async def rules(self) -> list[Rule]:
        """Return the standing rules, the oldest first, also expired ones, but none that was edited in the file.

        Nothing here makes, changes or revokes one: that is for a person on the command line.
        """

    async def look_up_rule(self, change: Change) -> RuleFit | None:
        """Return the rule that would let the send `change` through now, else one that has its text; None if none has."""

    async def begin_by_rule(
        self,
        change: Change,
        *,
        identity: Identity,
        audit_owed: bool,
        check_limits: Callable[[Usage], T | None],
    ) -> Started | RuleFit | Overlap | T | None:
        """Put an attempt at the send `change` on record if a live rule lets it through, and count it towards its caps.

        Everything is checked as :meth:`begin` does. What no rule lets through is not begun: None, or the rule that has its text.
        """

    async def begin_step(self, parent: Attempt, step: Change, *, audit_owed: bool) -> Attempt | Superseded | Overlap:
        """Put an attempt at one `step` of the series `parent` on record: its request may leave, and is settled as any.

        Who confirmed is taken from `parent`; limits are not looked at, for they were when it was confirmed. A step of a
        campaign has the template as its text, and is held back from each person as any send is, and for seven days
        from those whom an earlier step of the same campaign may have reached. It is not compared with the other steps of
        `parent` if it is the part of the message that begins where they end. :class:`Superseded` if
        `parent` was settled, or no longer runs its campaign, or if that is not under way any more. Raises ValueError if
        more recipients or consents would be done than were confirmed.
        """

    async def steps(self, parent: Attempt) -> list[Attempt]:
        """Return the steps of a series, the oldest first."""

    async def settle(self, attempt: Attempt, outcome: AttemptOutcome, *, cancelled_order_id: str | None = None) -> bool:
        """Record the outcome of `attempt`; `cancelled_order_id` is the order that it cancelled, if it did.

        False if another send has the order number: it says nothing of this one then, whose outcome is recorded as unknown.

        The campaign that `attempt` runs, if it does and was not overtaken, has finished with it if it is done, and has
        stopped with any other outcome. An attempt that is never settled is unknown after a minute.
        """

    async def settle_unknown(self, attempt: Attempt, order_id: str | None) -> bool:
        """Settle a send of unknown outcome as this order, or (None) as not made: then it no longer holds anything back.

        False, with nothing changed, if the outcome is known or the order is on record as another send's.
        """

    async def usage(self, counted: Counted | None = None) -> Usage:
        """Return what counts towards the limits; those on recipients or on consents alone are filled for `counted`."""

    async def latest(self, limit: int) -> list[Attempt]:
        """Return the last `limit` attempts of any kind, the newest first."""

    async def unsettled_sends(self) -> list[Attempt]:
        """Return the sends that are in flight, whose outcome is unknown, or that were not found, the oldest first."""

    async def cancel(self, order_ids: Collection[str]) -> None:
        """Record that these accepted orders do not go out: the provider shows them as not sent, whoever cancelled them."""

    async def orders(self, order_ids: Collection[str]) -> dict[str, Attempt]:
        """Return those of these orders that were sent from here in the last 90 days, each with its attempt."""

    async def are_recipients(self, attempt: Attempt, numbers: Collection[str]) -> bool:
        """Return whether all of these canonical numbers are recipients of `attempt`. False if that is no longer known."""

    async def record_provider_time(self, time: datetime, *, create: bool = False) -> None:
        """Keep the provider's clock, as an answer has just shown it.

        If there is no ledger yet, it is created for that with `create`; else the time is kept with the first change.
        """

    async def unaudited_attempts(self) -> list[Attempt]:
        """Return the attempts that have ended and lack their line in the audit log, the oldest first."""

    async def mark_audited(self, attempt: Attempt) -> None:
        """Record that the audit log says what came of `attempt`."""

    async def cancel_campaign(self, name: str) -> bool:
        """Record that a campaign is cancelled: no step of it begins any more, whoever runs it, and it cannot be continued.

        False, with nothing changed, if it is finished or cancelled already, or not on record.
        """

    async def campaigns(self) -> list[Campaign]:
        """Return all campaigns of the last 90 days, the newest first."""

    async def campaign(self, name: str) -> Campaign | None:
        """Return the campaign of this name; None if none is on record."""

    async def unfinished_campaign(self, pending: PendingCampaign) -> Campaign | None:
        """Return the last campaign with the same template and the same file, by name or content, that may be continued.

        Only one that is being sent, or has people left.
        """

    async def handed_over(self, name: str, numbers: Collection[str], *, left_out: bool = False) -> set[str] | None:
        """Return those of the canonical `numbers` whom a campaign has handed over, or may have: it is not to be sent to them.

        With `left_out` those too who were left out of it because they had its text, or might have it. They are told by
        person, so that it does not matter who else is left out of the list by now. None if that is no longer known, from
        seven days after the last step.
        """

    async def keep_waiting(self, number: str, call: bytes, code: str, sealed: str) -> None:
        """Keep a change that waits for a person on a card, under its `number`.

        `call` identifies the caller and the call, `code` is what its yes uses up, and `sealed` the call itself. What the same
        call has kept before is deleted, and so is what has waited for :data:`.attempts.WAITING_LIFE`.
        """

    async def issue_card(self, number: str, principal: str, session: str) -> str | None:
        """Return the code of the card that shows this change in a `session` of a host: always the same, with 192 secret bits.

        It is for `principal` alone. None if the change is not kept any more.
        """

    async def show_card(self, code: str, principal: str) -> StoredChange | None:
        """Record that the script of the card `code` has called back, and return its change; None if the card is void.

        From then on it is the only card of its change. It is void if it did not call back within
        :data:`.attempts.SHOWING_TIME`, if a newer one was shown, or if its change is not kept any more.
        """

    async def change_on_card(self, code: str, principal: str) -> StoredChange | None:
        """Return the change on the card `code`; None unless it has called back and is not void."""

    async def waiting_change(self, number: str) -> StoredChange | None:
        """Return the change of this number, if it waits on a card or has in the last ten minutes."""

    async def waiting_call(self, call: bytes) -> StoredChange | None:
        """Return the change that `call` has kept, unless its outcome was told to a call already."""

    async def add_wrong_number(self, number: str) -> int:
        """Count a wrong number typed on a card of the change `number`, and return how many there were."""

    async def end_waiting(self, number: str, verdict: str | None) -> None:
        """Delete the sealed call of a change, and keep the `verdict` for ten minutes; with None delete all of it."""

    async def delete_unless_shown(self, number: str) -> bool:
        """Delete a change that no card has shown, so that it can be decided elsewhere; False if one has, or it is decided."""

    async def mark_told(self, number: str) -> None:
        """Record that a call had the outcome of this change for an answer."""

    async def several_texts_proven(self) -> bool:
        """Return whether an order of several texts has once shown the right total on this account."""

    async def record_several_texts_proven(self) -> None:
        """Record that an order of several texts has shown the right total on this account."""

    async def record_pushed(self, reports: Sequence[PushedReport]) -> None:
        """Keep what the provider pushed; reports of a status that is not documented are left out.

        Of a message the first final state holds, in whatever order its reports come and in however many processes; that a
        later final one was another is noted. A report of an order that is not on record is compared with the unsettled
        sends, for its number is not kept.
        """

    async def pushed(self, order_ids: Collection[str]) -> dict[str, PushedCounts]:
        """Return what was pushed about those of these orders that were sent from here."""

    async def pushed_to(self, order_id: str, numbers: Sequence[str]) -> dict[str, PushedToNumber]:
        """Return what was pushed about those of the canonical `numbers` that an order that was sent from here has."""

    async def pushed_claims(self) -> dict[int, dict[str, int]]:
        """Return, by unsettled send, the orders whose reports were all about people of that one send alone.

        Each with the number of these people. Only orders that are not on record. It proves nothing by itself.
        """

    async def last_pushed(self) -> datetime | None:
        """Return when the last report was pushed, about whichever order; None if none was."""

    async def late_orders(self) -> list[Attempt]:
        """Return sends on whose way something may have got lost, the newest first, at most ten.

        They were accepted and went out between an hour and seven days ago, and have no final report for a message or no
        report at all, although reports of other orders came before and after.
        """

    def exists(self) -> bool:
        """Return whether anything has been kept yet; False too if that cannot be looked up. Raises nothing."""

    async def prune(self) -> None:
        """Delete what is too old to be kept."""

    def close(self) -> None:
        """Close the ledger. One in memory is lost with this; the next call opens it anew."""
