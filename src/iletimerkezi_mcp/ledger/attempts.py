"""The records of the ledger: attempts to change something that cannot be undone, and what counts because of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal, Protocol, Self

from iletimerkezi_mcp.provider.outcomes import RequestOutcome
from iletimerkezi_mcp.settings.ways import ConfirmWay
from iletimerkezi_mcp.sms.content import IysList, MessageType
from iletimerkezi_mcp.sms.numbers import digest_of_recipients

State = Literal["in_flight", RequestOutcome, "not_found", "cancelled"]
"""The state of an attempt: its outcome, or one of three that only a ledger knows.

``in_flight``: recorded, no answer yet. ``not_found``: unknown, and a list of orders read since does not show it.
``cancelled``: a send that was done, and cancelled later.
"""

ConfirmedBy = Literal["code", "person"]
"""The source of a yes: a model that repeats a code, or a person."""

Way = Literal[ConfirmWay, "rule"]
"""The way of a yes: one that the operator allows, or a rule."""

REPEAT_HOLD = timedelta(minutes=10)
"""The time for which a send holds back the same text to the same people; the provider's own span for code 451
(contract, section 3). For a scheduled send it begins at its time."""

UNKNOWN_HOLD = timedelta(hours=24)
"""The least time for which a send of unknown outcome holds back the same text to the same people."""

WAITING_LIFE = timedelta(minutes=10)
"""The time for which a change waits for a decision, and then for which its outcome can be asked for."""

SHOWING_TIME = timedelta(seconds=10)
"""The time that a card's script has to call back: a host that shows no card would never do so."""

MAX_FLIGHT_TIME = timedelta(seconds=60)
"""The longest time an attempt can be in flight: after it the process that made it has died, and it is unknown."""

LIMIT_SPAN = timedelta(hours=1)
"""The span of the limits on recipients and on what codes confirm."""

RULE_SPAN = timedelta(hours=24)
"""The span of a standing rule's daily caps, which ends at no midnight: no setting of the clock begins another. Meanwhile the
digest of a recipient is kept, by which messages to one person are counted."""

RUN_GAP = timedelta(seconds=120)
"""The longest time from one step of a series to the next: after it the process that made them has died."""

DIGEST_RETENTION = timedelta(days=7)
"""The least time after the last step of a campaign for which the digests of its recipients are kept: until then it can
be continued."""

NEVER_LEFT = ("refused", "nothing_done", "not_found")
"""The states of an attempt that certainly came to nothing, or is taken for that."""

Counted = Literal["recipients", "consents"]
"""The things that are counted towards the limits on what is confirmed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingMessage:
    """A message as limits and ledger see it.

    `recipients` are canonical, each once, in the caller's order; `recipients_digest` is 32 bytes that equal sets of
    recipients share and no others. `credits` is the most it can cost. `label` is the user's own name for it, at most 60
    characters. Without `held` it is outside all holds, as a message to the operator's own number is.

    Of a campaign, and of each of its steps, `text` is the template, whatever is filled in. `start` is set of a part
    of it, which a step sends: the number of recipients before the part.
    """

    text: str
    recipients: tuple[str, ...]
    recipients_digest: bytes
    sender: str
    message_type: MessageType
    iys_list: IysList | None
    send_at: datetime | None
    credits: int
    label: str | None = None
    held: bool = True
    start: int | None = None

    def part(self, start: int, stop: int, credits_: int) -> Self:
        """Return the message to the recipients from `start` up to but not including `stop`, which costs `credits_` at most."""
        recipients = self.recipients[start:stop]
        digest = digest_of_recipients(recipients)
        return replace(self, recipients=recipients, recipients_digest=digest, credits=credits_, start=start)

    @property
    def commercial(self) -> bool:
        """True if the law's rules for commercial messages apply."""
        return self.message_type == "commercial"


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingCampaign:
    """A campaign as a confirmation is asked for it: one list and one template, sent in steps.

    `name` is public and new, unless it `continues` the campaign of that name. `file` is the list's relative name and
    `file_digest` 32 bytes that identify its content; with `sheet`, `number_column` (as it was named, if it had to be) and
    `include_hidden` it is read in the same way again. `columns` are the indexes of those that the template uses. Of
    `template` only a keyed digest is kept. `left_out` are those of the list who have the text, or may have it.
    """

    name: str
    file: str
    file_digest: bytes
    template: str
    columns: tuple[int, ...]
    sheet: str | None
    number_column: str | None
    include_hidden: bool = False
    continues: bool = False
    left_out: tuple[str, ...] = ()


class Change(Protocol):
    """A change as the ledger sees it, before it is an attempt.

    `digest` is 32 bytes that two changes share exactly if they would do the same thing, and `binding` if they would be
    previewed alike too. `count` is how many recipients or consents it affects, and `counted` says which of the two.
    `order_id` is the existing order that it is about, if there is one. `message` is set exactly for a send, and for a
    campaign, as one message to all recipients; `campaign` is set for the latter: if it continues one, both are of the
    rest. `records` are what a declaration declares, each in one spelling. `is_series` if it takes several requests.
    """

    @property
    def tool(self) -> str: ...

    @property
    def digest(self) -> bytes: ...

    @property
    def binding(self) -> bytes: ...

    @property
    def count(self) -> int: ...

    @property
    def counted(self) -> Counted | None: ...

    @property
    def order_id(self) -> str | None: ...

    @property
    def campaign(self) -> PendingCampaign | None: ...

    @property
    def message(self) -> PendingMessage | None: ...

    @property
    def records(self) -> Collection[str]: ...

    @property
    def is_series(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Send:
    """The record of a message: neither its text nor its recipients."""

    credits: int
    sender: str
    message_type: MessageType
    iys_list: IysList | None = None
    send_at: datetime | None = None
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """The identity of a caller: the `principal` who confirms, and the name and version of the MCP application."""

    principal: str
    host: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt on record: what was attempted, when, and its state now.

    `confirmed_by` is a :data:`ConfirmedBy`, or ``rule:NAME`` if a standing rule let it through (:mod:`.rules`).
    `identity` is that of who confirmed it, or called, and `way` how it was confirmed. `order_id` is the accepted order's, or that of the order it was about;
    `status_code` is the provider's, if it gave one.

    `started` is what the wall clock showed, which may have been set since; `corrected_start` and `corrected_end` are by
    the wall clock as it is now. The end is when its outcome was recorded, or when it must have ended if its process died;
    still in flight, when it will at the latest.

    A confirmed change that takes several requests, a series, is an attempt, and each of its steps is one more, whose
    `parent` is the former's id. The series has no `send`, and is in flight until it is settled or no step has begun for
    :data:`RUN_GAP`. `campaign` is the name of the campaign that both belong to.
    """

    id: int
    tool: str
    change_digest: bytes = field(repr=False)
    confirmed_by: str
    identity: Identity
    count: int
    started: datetime
    state: State
    corrected_start: datetime
    corrected_end: datetime
    order_id: str | None = None
    status_code: int | None = None
    send: Send | None = None
    parent: int | None = None
    campaign: str | None = None
    way: Way = "form"

    @property
    def outcome(self) -> RequestOutcome:
        """The outcome as far as it is known: an attempt that is still in flight may have been done."""
        if self.state == "in_flight" or self.state == "not_found":
            return "unknown"
        return "done" if self.state == "cancelled" else self.state


@dataclass(frozen=True, slots=True)
class AttemptOutcome:
    """The outcome of an attempt, with the order that the provider made of a send, and the provider's status code."""

    outcome: RequestOutcome
    order_id: str | None = None
    status_code: int | None = None


@dataclass(frozen=True, slots=True)
class Overlap:
    """Recipients of a send to whom the same text went a moment ago, or may have gone: they hold it back.

    `recipients` are theirs in this send's order; all of it, if an older version recorded the attempt. `attempt` is the
    send that holds back longest, until `until` (Istanbul time), of `sends` that do.
    """

    attempt: Attempt
    recipients: tuple[str, ...]
    until: datetime
    sends: int = 1


@dataclass(frozen=True, slots=True)
class Usage:
    """The figures for limits and previews. Accepted, unknown and in-flight changes count; cancelled sends do not.

    `credits_today` and `count_today` are of the present day in Istanbul, which ends at `day_ends`; the former includes
    what is left of campaigns under way and of other series of sends. `count_today` is of what the change in question counts, recipients or consents,
    and so is what was confirmed in the last hour by codes alone (`code_count_in_hour`) and by a person
    (`person_count_in_hour`), whatever came of it. A series is confirmed once: its steps are not counted again.
    `recipients_in_hour` is of all sends confirmed in the last hour; a campaign is none of them.

    `overlap` holds a send back. `unsettled_attempt` is an earlier send of the same text to some of its people that may
    have been made and holds nothing back any more, and `recent_attempt` one of a text that reads nearly alike, until ten
    minutes after it goes out. For another change, `unsettled_attempt` is an identical attempt of unknown outcome, and
    `recent_attempt` an identical one of the last ten minutes; for a declaration, one of a record of it suffices, and
    `unsettled_records` and `recent_records` are all that such attempts have of its records.

    `clock_difference` is the provider's clock minus this machine's, if an answer has shown it.
    """

    credits_today: int
    day_ends: datetime
    recipients_in_hour: int = 0
    count_today: int = 0
    code_count_in_hour: int = 0
    person_count_in_hour: int = 0
    overlap: Overlap | None = None
    unsettled_attempt: Attempt | None = None
    recent_attempt: Attempt | None = None
    unsettled_records: tuple[str, ...] = ()
    recent_records: tuple[str, ...] = ()
    clock_difference: timedelta | None = None


@dataclass(frozen=True, slots=True)
class StoredChange:
    """A change that waits for a person on a card, or waited a moment ago.

    `sealed` is the call that asked for it, None once it is decided. `is_shown` if a card that shows it has called back.
    `attempt` is the one that its code was used for.
    """

    number: str
    sealed: str | None
    verdict: str | None
    wrong_numbers: int
    is_shown: bool
    attempt: Attempt | None

    @property
    def is_decided(self) -> bool:
        """True if a person has decided, or its code was used otherwise."""
        return self.verdict is not None or self.attempt is not None
