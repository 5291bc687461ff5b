"""What the ledger knows of an attempt to do something that cannot be taken back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from iletimerkezi_mcp.provider.outcomes import RequestOutcome

State = Literal["in_flight", RequestOutcome, "not_found", "cancelled"]
"""The state of an attempt: its outcome, or one of three that only a ledger knows.

``in_flight``: recorded, no answer yet. ``not_found``: unknown, and a list of orders read since does not show it.
``cancelled``: a send that was done, and cancelled later.
"""

ConfirmedBy = Literal["code", "person"]
"""Who says yes: a model that repeats a code, or a person whom the host asked."""

MessageType = Literal["transactional", "commercial"]
IysList = Literal["BIREYSEL", "TACIR"]

REPEAT_HOLD = timedelta(minutes=10)
"""How long a send holds back an identical one; the provider's own span for code 451 (contract, section 3)."""

UNKNOWN_HOLD = timedelta(hours=24)
"""How long a send of unknown outcome holds back an identical one."""

FLIGHT = timedelta(seconds=60)
"""No call lasts so long: an attempt in flight for longer was left behind by a process that died, and is unknown."""

TEXT_SPAN = timedelta(hours=1)
"""Sends of one text within this span count together."""


@dataclass(frozen=True, slots=True)
class Send:
    """What is kept of a message: keyed digests and figures, neither its text nor its recipients.

    `message_key` is equal for texts that read alike to equal recipients, whatever sender, type or time; `text_key` for such texts.
    `credits` is the most it can cost. `label` is the operator's own name for it, at most 60 characters.
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
    """What is about to be tried.

    `account` is a digest of the account, the base address and sandbox or live; `arguments_digest` one of all that is done.
    `count` is how many recipients or consents it touches. `order_id` is the order that it is about, where there is
    one already. `send` is there exactly for a message.
    """

    tool: str
    account: bytes = field(repr=False)
    arguments_digest: bytes = field(repr=False)
    count: int
    order_id: str | None = None
    send: Send | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt on record: what was tried, at `started` by the wall clock, and its state now.

    `order_id` is the accepted order's, or that of the order it was about; `code` the provider's, where it gave one.
    """

    id: int
    tool: str
    account: bytes = field(repr=False)
    arguments_digest: bytes = field(repr=False)
    kind: ConfirmedBy
    count: int
    started: datetime
    state: State
    order_id: str | None = None
    code: int | None = None
    send: Send | None = None

    @property
    def outcome(self) -> RequestOutcome:
        """The outcome as far as it is known: one that is still in flight may have been done."""
        if self.state == "in_flight" or self.state == "not_found":
            return "unknown"
        return "done" if self.state == "cancelled" else self.state


@dataclass(frozen=True, slots=True)
class Settled:
    """The outcome of an attempt, with the order that the provider made of a send, and its code."""

    outcome: RequestOutcome
    order_id: str | None = None
    code: int | None = None


@dataclass(frozen=True, slots=True)
class Duplicate:
    """An identical send is on record and holds this one back until `until` (Istanbul's time)."""

    attempt: Attempt
    until: datetime


@dataclass(frozen=True, slots=True)
class TextUse:
    """A send of the same text: its recipients count until `until`."""

    recipients: int
    until: datetime


@dataclass(frozen=True, slots=True)
class Usage:
    """What limits and previews reckon with. Accepted, unknown and in-flight sends count; cancelled ones do not.

    `credits_today` is of the present day in Istanbul, which ends at `day_ends`. `same_text` is of the last hour, the
    first to go first. `duplicate` is the identical send that holds this one back longest. `not_found` is an identical send
    of the last 24 hours that may have been done although no list of orders shows it: this one may arrive twice.
    """

    credits_today: int
    day_ends: datetime
    same_text: tuple[TextUse, ...] = ()
    duplicate: Duplicate | None = None
    not_found: Attempt | None = None

    @property
    def recipients_of_text(self) -> int:
        """How many recipients the same text had in the last hour."""
        return sum(use.recipients for use in self.same_text)

    def text_frees_at(self, allowed: int) -> datetime | None:
        """When :attr:`recipients_of_text` has gone down to `allowed` (not below 0); None where it has already."""
        left, moment = self.recipients_of_text, None
        for use in self.same_text:
            if left <= allowed:
                break
            left -= use.recipients
            moment = use.until
        return moment
