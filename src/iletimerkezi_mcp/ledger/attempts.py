"""The records of the ledger: attempts to change something that cannot be undone, and what counts because of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from iletimerkezi_mcp.provider.outcomes import RequestOutcome
from iletimerkezi_mcp.sms.content import IysList, MessageType

State = Literal["in_flight", RequestOutcome, "not_found", "cancelled"]
"""The state of an attempt: its outcome, or one of three that only a ledger knows.

``in_flight``: recorded, no answer yet. ``not_found``: unknown, and a list of orders read since does not show it.
``cancelled``: a send that was done, and cancelled later.
"""

ConfirmedBy = Literal["code", "person"]
"""The source of a yes: a model that repeats a code, or a person in the host's form."""

REPEAT_HOLD = timedelta(minutes=10)
"""The time for which a send holds back an identical one; the provider's own span for code 451 (contract, section 3)."""

UNKNOWN_HOLD = timedelta(hours=24)
"""The time for which a send of unknown outcome holds back an identical one."""

FLIGHT = timedelta(seconds=60)
"""The longest time an attempt can be in flight: after it the process that made it has died, and it is unknown."""

TEXT_SPAN = timedelta(hours=1)
"""Sends of one text within this span count together."""


@dataclass(frozen=True, slots=True)
class Send:
    """The record of a message: keyed digests and figures, neither its text nor its recipients.

    `message_key` is equal for texts that read alike to equal recipients, whatever the sender, type or time; `text_key`
    for such texts. `credits` is the most it can cost. `label` is the user's own name for it, at most 60 characters.
    """

    message_key: bytes = field(repr=False)
    text_key: bytes = field(repr=False)
    credits: int
    sender: str
    message_type: MessageType
    iys_list: IysList | None = None
    send_at: datetime | None = None
    label: str | None = None


@dataclass(frozen=True, slots=True)
class NewAttempt:
    """An attempt that is about to be made.

    `account` is a digest of the account, the base address and the mode (sandbox or live), `arguments_digest` one of the
    whole change. `count` is how many recipients or consents it affects. `order_id` is the existing order that it is
    about, if there is one. `send` is set exactly for a message.
    """

    tool: str
    account: bytes = field(repr=False)
    arguments_digest: bytes = field(repr=False)
    count: int
    order_id: str | None = None
    send: Send | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt on record: what was attempted, `started` by the wall clock, and its state now.

    `order_id` is the accepted order's, or that of the order it was about; `code` is the provider's, if it gave one.
    """

    id: int
    tool: str
    account: bytes = field(repr=False)
    arguments_digest: bytes = field(repr=False)
    confirmed_by: ConfirmedBy
    count: int
    started: datetime
    state: State
    order_id: str | None = None
    code: int | None = None
    send: Send | None = None

    @property
    def outcome(self) -> RequestOutcome:
        """The outcome as far as it is known: an attempt that is still in flight may have been done."""
        if self.state == "in_flight" or self.state == "not_found":
            return "unknown"
        return "done" if self.state == "cancelled" else self.state


@dataclass(frozen=True, slots=True)
class Settled:
    """The outcome of an attempt, with the order that the provider made of a send, and the provider's code."""

    outcome: RequestOutcome
    order_id: str | None = None
    code: int | None = None


@dataclass(frozen=True, slots=True)
class Duplicate:
    """An identical send is on record and holds this one back until `until` (Istanbul time)."""

    attempt: Attempt
    until: datetime


@dataclass(frozen=True, slots=True)
class TextUse:
    """A send of the same text: its recipients count until `until`."""

    recipients: int
    until: datetime


@dataclass(frozen=True, slots=True)
class Usage:
    """The figures for limits and previews. Accepted, unknown and in-flight sends count; cancelled ones do not.

    `credits_today` is of the present day in Istanbul, which ends at `day_ends`. `same_text` is of the last hour, the
    oldest first. `duplicate` is the identical send that holds this one back longest. `not_found` is an identical send
    of the last 24 hours that may have been done although no list of orders shows it: this one may arrive twice.
    """

    credits_today: int
    day_ends: datetime
    same_text: tuple[TextUse, ...] = ()
    duplicate: Duplicate | None = None
    not_found: Attempt | None = None

    @property
    def recipients_of_text(self) -> int:
        """The recipients of the same text in the last hour."""
        return sum(use.recipients for use in self.same_text)

    def text_frees_at(self, allowed: int) -> datetime | None:
        """Return when :attr:`recipients_of_text` has gone down to `allowed` (at least 0); None if it already has."""
        left, until = self.recipients_of_text, None
        for use in self.same_text:
            if left <= allowed:
                break
            left -= use.recipients
            until = use.until
        return until
