"""get-blacklist, add-blacklist and delete-blacklist (contract, section 9)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from . import envelope, moments, phones
from .magic_numbers import FATES
from .request_context import Account, Json, RefusalError, RequestContext

_COUNT = "SELECT count(*) FROM blacklist WHERE CAST(added_at AS INTEGER) BETWEEN :start AND :end"
_PAGE = """SELECT number FROM blacklist WHERE CAST(added_at AS INTEGER) BETWEEN :start AND :end
    ORDER BY added_at, rowid LIMIT :rows OFFSET :skip"""


_FOR_EVER = frozenset(number for number, fate in FATES.items() if fate == "blacklisted")


def blocked(desk: RequestContext) -> set[str]:
    """The numbers to which nothing may be sent."""
    listed = {number for (number,) in desk.db.execute("SELECT number FROM blacklist")}
    return listed | _FOR_EVER


@dataclass(frozen=True, slots=True)
class GetBlacklist:
    """One page of the list, and the moments (seconds since 1970) between which a number was added."""

    page: int
    rows: int
    start: float
    end: float

    @classmethod
    def read(cls, fields: Json, _account: Account) -> Self:
        """Everything is optional and stands under ``blacklist``; what stands beside it is not seen."""
        inner = envelope.child(fields, "blacklist") if "blacklist" in fields else {}
        between = envelope.child(inner, "filter") if "filter" in inner else {}
        try:
            start = moments.read(between["start"]).timestamp() if "start" in between else 0.0
            end = moments.read(between["end"]).timestamp() if "end" in between else float("inf")
        except ValueError:
            raise RefusalError(400) from None
        return cls(envelope.page(inner), envelope.row_count(inner), start, end)

    def numbers(self, _desk: RequestContext) -> tuple[str, ...]:
        """None: a read of the whole list."""
        return ()

    def act(self, desk: RequestContext) -> Json:
        """The page, oldest first. ``count`` follows the filter, not the page (section 14, point 6: undocumented)."""
        span = {"start": self.start, "end": self.end}
        (count,) = desk.db.execute(_COUNT, span).fetchone()
        rows = desk.db.execute(_PAGE, {**span, "rows": self.rows, "skip": envelope.offset(self.page, self.rows)})
        return {"blacklist": {"count": count, "number": [number for (number,) in rows]}}


@dataclass(frozen=True, slots=True)
class _OneNumber:
    """A request about exactly one number; `number` is None where it is no Turkish mobile."""

    number: str | None

    @classmethod
    def read(cls, fields: Json, account: Account) -> Self:
        """Raises :class:`RefusalError` 400 unless ``blacklist.number`` is one string or a bare number."""
        raw = envelope.child(fields, "blacklist").get("number")
        if isinstance(raw, bool) or not isinstance(raw, str | int):
            raise RefusalError(400)
        return cls(phones.read(str(raw), abroad=account.abroad))

    def numbers(self, _desk: RequestContext) -> tuple[str, ...]:
        """The number, if it is one."""
        return () if self.number is None else (self.number,)

    def _valid(self) -> str:
        if self.number is None:
            raise RefusalError(466)
        return self.number


@dataclass(frozen=True, slots=True)
class AddBlacklist(_OneNumber):
    """Block a number; a number that is blocked already is blocked, and that is no error (section 9.2)."""

    def act(self, desk: RequestContext) -> Json:
        """Raises :class:`RefusalError` 466."""
        desk.db.execute(
            "INSERT INTO blacklist (number, added_at) VALUES (?, ?) ON CONFLICT DO NOTHING", (self._valid(), desk.now)
        )
        return {}


@dataclass(frozen=True, slots=True)
class DeleteBlacklist(_OneNumber):
    """Take a number off; one that is not on it is an error (section 9.3)."""

    def act(self, desk: RequestContext) -> Json:
        """Raises :class:`RefusalError` 466, or 474 where nothing was there to take off."""
        number = self._valid()
        listed = desk.db.execute("DELETE FROM blacklist WHERE number = ?", (number,)).rowcount
        if not listed or number in _FOR_EVER:
            raise RefusalError(474)
        return {}
