"""The campaigns of the ledger: one list and one template, sent in steps under one confirmation or several."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from iletimerkezi_mcp.lists.template import comparison_text

from .attempts import NEVER_LEFT, RUN_GAP, Attempt, AttemptOutcome, PendingCampaign, PendingMessage, State
from .clock import instant, microseconds
from .overlaps import COUNTS
from .recipients import digest_set, recipient_digests
from .rows import Rows

if TYPE_CHECKING:
    import sqlite3

CampaignState = Literal["under_way", "finished", "stopped", "cancelled"]
"""The state of a campaign on record; one that is under way and not running was interrupted."""

_OPEN = ("under_way", "stopped")
"""The states of a campaign that can be continued."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """A campaign on record, with its steps, the oldest first: each the attempt at one order.

    `recipients` is how many it is for in all, also those whom earlier confirmations were for. `file_digest` is the list's,
    as it was handed in; `sheet`, `number_column` and `include_hidden` say how it was read. `running` if a process sends it now; `runner` is the id of the attempt that was confirmed last, of
    which its steps are. `started` and `touched` (its last step or confirmation) are by the wall clock.
    """

    name: str
    file: str
    file_digest: bytes = field(repr=False)
    template_digest: bytes = field(repr=False)
    columns: tuple[int, ...]
    sheet: str | None
    number_column: str | None
    include_hidden: bool
    recipients: int
    state: CampaignState
    runner: int
    running: bool
    started: datetime
    touched: datetime
    steps: tuple[Attempt, ...]

    @property
    def position(self) -> int:
        """The number of recipients who were handed over, or may have been."""
        return sum(step.count for step in self.steps if step.state not in NEVER_LEFT)

    @property
    def in_doubt(self) -> tuple[Attempt, ...]:
        """The steps whose outcome is not known, or not yet."""
        return tuple(step for step in self.steps if step.state in ("unknown", "in_flight"))

    def recipients_of(self, state: State) -> int:
        """Return the number of recipients of the steps in this state."""
        return sum(step.count for step in self.steps if step.state == state)

    @property
    def left(self) -> int:
        """The number of recipients who were certainly not handed over."""
        return max(0, self.recipients - self.position)

    @property
    def can_continue(self) -> bool:
        """True if it has recipients left, and was neither finished nor cancelled, and is not sent now."""
        return self.state in _OPEN and not self.running and self.left > 0

    @property
    def interrupted(self) -> bool:
        """True if the process that sent it has ended on the way."""
        return self.state == "under_way" and not self.running


class Campaigns(Rows):
    """The campaigns of an account: written and looked up."""

    def campaigns(self) -> list[Campaign]:
        return self._read("account = ? ORDER BY id DESC")

    def campaign(self, name: str) -> Campaign | None:
        # Names are ASCII, and what is not a character at all would be an error of SQLite's.
        return next(iter(self._read("account = ? AND name = ?", name)), None) if name.isascii() else None

    def unfinished_campaign(self, pending: PendingCampaign) -> Campaign | None:
        for campaign in self._read("account = ? AND template = ? ORDER BY id DESC", self._template(pending)):
            same_file = campaign.file == pending.file or campaign.file_digest == pending.file_digest
            if same_file and campaign.state in _OPEN and (campaign.running or campaign.left):
                return campaign
        return None

    def is_superseded(self, pending: PendingCampaign, latest_attempt_id: int) -> bool:
        """Return whether `pending` is no longer what was previewed when `latest_attempt_id` was the last attempt.

        A new one is if its name is taken, or if another one of its template and file is unfinished; one that is continued,
        if it is being sent or anything was begun in it since, or if it cannot be continued at all.
        """
        campaign = self.campaign(pending.name)
        if not pending.continues:
            return campaign is not None or self.unfinished_campaign(pending) is not None
        return (
            campaign is None
            or campaign.state not in _OPEN
            or campaign.running
            or (campaign.file_digest, campaign.template_digest) != (pending.file_digest, self._template(pending))
            or max([campaign.runner, *(step.id for step in campaign.steps)]) > latest_attempt_id
        )

    def start_campaign(self, pending: PendingCampaign, message: PendingMessage, runner: Attempt) -> None:
        """Put `pending` on record as under way, or let `runner` take it over: the earlier one's next step is refused."""
        campaign = self.campaign(pending.name)
        row: dict[str, object] = {
            "account": self._account,
            "name": pending.name,
            "file": pending.file.encode("utf-8", "surrogatepass"),
            "file_digest": self._sealed(pending.name, pending.file_digest),
            "template": self._template(pending),
            "columns": ",".join(map(str, pending.columns)),
            "sheet": _stored(pending.sheet),
            "number_column": _stored(pending.number_column),
            "include_hidden": pending.include_hidden,
            "started": self._now.wall,
            "recipients": len(message.recipients) + (0 if campaign is None else campaign.position),
            "credits_left": message.credits,
            "runner": runner.id,
            "touched": self._now.ledger,
            "state": "under_way",
        }
        names, values = ", ".join(row), ", ".join(f":{name}" for name in row)
        taken_over = ", ".join(f"{name} = :{name}" for name in [*row][-5:])
        self._connection.execute(
            f"INSERT INTO campaign ({names}) VALUES ({values}) "  # noqa: S608 - constants
            f"ON CONFLICT (account, name) DO UPDATE SET {taken_over}",
            row,
        )

    def begun_before(self, parent: Attempt, count: int) -> int | None:
        """Return how many recipients or consents the steps of `parent` so far are for; None if it may begin no more.

        It may not if it was ended or superseded. Raises ValueError if a step of `count` would do more than was confirmed.
        """
        row = self._connection.execute(
            "SELECT count, counted, "  # noqa: S608 - a constant
            "(SELECT coalesce(sum(count), 0) FROM attempt AS step WHERE step.parent = attempt.id) AS begun, "
            f"(SELECT coalesce(sum(count), 0) FROM attempt AS step WHERE step.parent = attempt.id AND {COUNTS}) AS done "
            "FROM attempt WHERE id = ? AND state = 'in_flight' AND (campaign IS NULL OR EXISTS (SELECT 1 FROM campaign "
            "WHERE account = attempt.account AND name = attempt.campaign AND runner = attempt.id AND state = 'under_way'))",
            (parent.id,),
        ).fetchone()
        if row is not None and row["counted"] is not None and row["done"] + count > row["count"]:
            raise ValueError(f"{row['count']} were confirmed, {row['done']} are done, and {count} more are to be")
        return None if row is None else int(row["begun"])

    def advance_campaign(self, step: Attempt) -> None:
        """Record that `step` has begun, in its campaign if it is of one."""
        credits_ = 0 if step.send is None else step.send.credits
        self._connection.execute(
            "UPDATE campaign SET touched = ?, credits_left = max(0, credits_left - ?) WHERE account = ? AND name = ?",
            (self._now.ledger, credits_, self._account, step.campaign),
        )

    def end_campaign(self, runner: Attempt, outcome: AttemptOutcome) -> None:
        """Record that the campaign is no longer under way, unless `runner` does not run it, or not any more."""
        self._connection.execute(
            "UPDATE campaign SET state = ? WHERE account = ? AND name = ? AND runner = ? AND state = 'under_way'",
            ("finished" if outcome.outcome == "done" else "stopped", self._account, runner.campaign, runner.id),
        )

    def cancel_campaign(self, name: str) -> bool:
        cancelled = self._connection.execute(
            f"UPDATE campaign SET state = 'cancelled' WHERE account = ? AND name = ? AND state IN {_OPEN}",  # noqa: S608
            (self._account, name),
        )
        return cancelled.rowcount > 0

    def handed_over(self, name: str, numbers: Collection[str], *, left_out: bool = False) -> set[str] | None:
        others = "OR credits IS NULL" if left_out else ""
        steps = self._connection.execute(
            "SELECT recipients.alike, digests FROM attempt LEFT JOIN recipients ON attempt = id "  # noqa: S608 - a constant
            f"WHERE account = ? AND campaign = ? AND (credits IS NOT NULL AND state NOT IN {NEVER_LEFT} {others})",
            (self._account, name),
        ).fetchall()
        if not steps:
            return set()
        key = steps[0]["alike"]
        if any(step["digests"] is None or step["alike"] != key for step in steps):
            return None
        reached = set[int]().union(*(digest_set(step["digests"]) for step in steps))
        own = recipient_digests(self._keys.recipients_key(key), [*numbers])
        return {number for number, digest in zip(numbers, own, strict=True) if digest in reached}

    def several_texts_proven(self) -> bool:
        row = self._connection.execute("SELECT 1 FROM several_texts_proven WHERE account = ?", (self._account,))
        return row.fetchone() is not None

    def record_several_texts_proven(self) -> None:
        self._connection.execute("INSERT OR IGNORE INTO several_texts_proven VALUES (?)", (self._account,))

    def _template(self, pending: PendingCampaign) -> bytes:
        return self._keys.digest(b"template", self._account, comparison_text(pending.template).encode())

    def _sealed(self, name: str, file_digest: bytes) -> bytes:
        """Return `file_digest` under a pad of the campaign's own, or from it: a short list could be tried by its digest."""
        pad = self._keys.digest(b"file", self._account, name.encode())
        return bytes(one ^ other for one, other in zip(file_digest, pad, strict=True))

    def _read(self, condition: str, *values: object) -> list[Campaign]:
        rows = self._connection.execute(
            f"SELECT * FROM campaign WHERE {condition}",  # noqa: S608 - constants
            (self._account, *values),
        ).fetchall()
        return [self._campaign(row) for row in rows]

    def _campaign(self, row: sqlite3.Row) -> Campaign:
        steps = self._all("account = ? AND campaign = ? AND parent IS NOT NULL ORDER BY id", self._account, row["name"])
        state: CampaignState = row["state"]
        recent = self._now.ledger - row["touched"] < microseconds(RUN_GAP)
        return Campaign(
            name=row["name"],
            file=row["file"].decode("utf-8", "surrogatepass"),
            file_digest=self._sealed(row["name"], row["file_digest"]),
            template_digest=row["template"],
            columns=tuple(int(index) for index in row["columns"].split(",") if index),
            sheet=_restored(row["sheet"]),
            number_column=_restored(row["number_column"]),
            include_hidden=bool(row["include_hidden"]),
            recipients=row["recipients"],
            state=state,
            runner=row["runner"],
            running=state == "under_way" and recent,
            started=instant(row["started"]),
            touched=self._by_wall(row["touched"]),
            steps=tuple(steps),
        )


def _stored(name: str | None) -> bytes | None:
    # Names of files and columns may hold what is not a character at all.
    return None if name is None else name.encode("utf-8", "surrogatepass")


def _restored(name: bytes | None) -> str | None:
    return None if name is None else name.decode("utf-8", "surrogatepass")
