"""The consent records of a list: its columns by their names, each row's words as the registry's, and what is left out.

Cells are for people: a reason says what is wrong with a row and never quotes it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Final, Literal, TypeVar, get_args

from iletimerkezi_mcp.language import ExplainedError, Text
from iletimerkezi_mcp.lists.error import ListError
from iletimerkezi_mcp.lists.layout import is_number_name
from iletimerkezi_mcp.lists.number_cell import read_number
from iletimerkezi_mcp.lists.table import ROWS_NAMED, UNCALCULATED, RefusedRow, Table, column_letter
from iletimerkezi_mcp.lists.template import comparison_name
from iletimerkezi_mcp.provider.consents import Channel, ConsentRecord, ConsentStatus, RecipientType, Source
from iletimerkezi_mcp.sms.content import quote_some
from iletimerkezi_mcp.sms.times import MonthFirstError, Precision, TimeError, parse_written_consent_date

from .consent_records import RecipientError, broken_rules, parse_recipient

HEADER_WITHIN = 100
"""Rows at the beginning among which the header is."""

CHECKED_EVERY = 2_000
"""Rows between two looks at whether the reading is still wanted."""

ColumnRole = Literal["recipient", "status", "source", "consent_date", "recipient_type", "channel"]

# In the spelling of comparison_name(). A name that speaks of consent is taken before one that may be of anything.
_NAMES: Final[Mapping[ColumnRole, tuple[frozenset[str], frozenset[str]]]] = {
    "status": (
        frozenset({"izindurumu", "onaydurumu", "iysdurumu", "iysizindurumu", "izin", "consentstatus", "consent"}),
        frozenset({"durum", "durumu", "status"}),
    ),
    "source": (
        frozenset({"izinkaynagi", "onaykaynagi", "iyskaynagi", "iyskaynak", "consentsource"}),
        frozenset({"kaynak", "kaynagi", "source"}),
    ),
    "consent_date": (
        frozenset({"izintarihi", "onaytarihi", "izinzamani", "izinalinmatarihi", "consentdate", "consenttime"}),
        frozenset({"tarih", "tarihi", "date"}),
    ),
    "recipient_type": (frozenset({"alicitipi", "alicituru", "recipienttype"}), frozenset()),
    "channel": (frozenset({"kanal", "izinkanali", "iletisimkanali", "izinturu", "izintipi", "channel"}), frozenset()),
}
_REQUIRED: Final[Mapping[ColumnRole, Text]] = {
    "status": Text(
        "the status, ONAY or RET, under a name like İzin Durumu, Durum or Status",
        "ONAY ya da RET olan durum; adı İzin Durumu, Durum ya da Status gibi",
    ),
    "source": Text(
        "the source, HS_WEB for example, under a name like İzin Kaynağı, Kaynak or Source",
        "HS_WEB gibi kaynak; adı İzin Kaynağı, Kaynak ya da Source gibi",
    ),
    "consent_date": Text(
        "the date, under a name like İzin Tarihi, Tarih or Date", "tarih; adı İzin Tarihi, Tarih ya da Date gibi"
    ),
    "recipient": Text(
        "the number, under a name like Telefon, GSM or Phone", "numara; adı Telefon, GSM ya da Phone gibi"
    ),
}
_NAMED_COLUMN: Final = Text("the column that number_column names", "number_column ile adı verilen sütun")
_ADDRESS: Final = Text("the address, under a name like E-posta or E-mail", "adres; adı E-posta ya da E-mail gibi")
_ADDRESS_NAMES: Final = frozenset(
    {"eposta", "epostaadresi", "email", "emailadresi", "emailaddress", "mail", "mailadresi", "alici", "recipient"}
)

STATUSES: Final[Mapping[str, ConsentStatus]] = {
    **dict.fromkeys(("onay", "onayli", "onayladi", "onayverdi", "approval", "approve", "approved"), "ONAY"),
    **dict.fromkeys(("ret", "red", "reddetti", "retverdi", "reject", "rejected", "rejection"), "RET"),
}
"""The words for a status, in the spelling of :func:`.comparison_name`."""

SOURCES: Final[Mapping[str, Source]] = {
    **{comparison_name(source): source for source in get_args(Source)},
    **{comparison_name(source.removeprefix("HS_")): source for source in get_args(Source)},
    "websitesi": "HS_WEB",
    "website": "HS_WEB",
    "wetsignature": "HS_ISLAK_IMZA",
    "callcenter": "HS_CAGRI_MERKEZI",
    "callcentre": "HS_CAGRI_MERKEZI",
    "socialmedia": "HS_SOSYAL_MEDYA",
    "email": "HS_EPOSTA",
    "sms": "HS_MESAJ",
    "mobile": "HS_MOBIL",
    "mobiluygulama": "HS_MOBIL",
    "elektronikortam": "HS_EORTAM",
    "event": "HS_ETKINLIK",
}
"""The words for a source: the registry's own, with HS_ or without, and a few of people's."""

_TYPES: Final[Mapping[str, RecipientType]] = {
    **dict.fromkeys(("bireysel", "tuketici", "consumer", "individual"), "BIREYSEL"),
    **dict.fromkeys(("tacir", "merchant"), "TACIR"),
}
_CHANNELS: Final[Mapping[str, Channel]] = {
    **dict.fromkeys(("mesaj", "sms", "message"), "MESAJ"),
    **dict.fromkeys(("arama", "call"), "ARAMA"),
    **dict.fromkeys(("eposta", "email"), "EPOSTA"),
}

_NO_COLUMN = Text(
    "The list has no row of column names with all that a consent needs. Missing: {missing}.",
    "Listede bir izin için gereken sütunların hepsini adlandıran bir satır yok. Eksik: {missing}.",
)
_SEVERAL_COLUMNS = Text(
    "More than one column may be the one that is needed: {names}. Rename the others in the file, or keep only one.",
    "Gereken sütun birden çok sütun olabilir: {names}. Dosyada diğerlerinin adını değiştirin ya da yalnızca birini bırakın.",
)
_SEVERAL_RECIPIENTS = Text(
    "Several columns may hold the recipients: {names}. Ask which one to use and give it as number_column.",
    "Alıcılar birden çok sütunda olabilir: {names}. Hangisinin kullanılacağını sorup number_column olarak verin.",
)
_MONTH_FIRST = Text(
    "Row {row} has a date with the month before the day, so all dates of this column may be written so, and most would be "
    "read as other days. Nothing is declared from it; have the dates written as day.month.year.",
    "{row}. satırdaki tarihte ay günden önce; bu sütundaki bütün tarihler böyle yazılmış olabilir ve çoğu başka bir gün olarak "
    "okunurdu. Listeden hiçbir şey bildirilmez; tarihler gün.ay.yıl olarak yazılmalı.",
)
_UNCALCULATED = Text(
    "has a formula without a value; open the file in Excel and save it",
    "değeri hesaplanmamış bir formül içeriyor; dosyayı Excel'de açıp kaydedin",
)
_NO_STATUS = Text("has no status that can be read: ONAY or RET", "ONAY ya da RET olarak okunabilen bir durum içermiyor")
_NO_SOURCE = Text(
    "has no source that the registry knows, such as HS_WEB", "İYS'nin bildiği, HS_WEB gibi bir kaynak içermiyor"
)
_OTHER_TYPE = Text("is of another recipient type than this call", "bu çağrıdakinden başka bir alıcı türünde")
_OTHER_CHANNEL = Text("is of another channel than this call", "bu çağrıdakinden başka bir kanalda")
_RECIPIENT = Text("recipient {reason}", "alıcı {reason}")
_DATE = Text("date {reason}", "tarih {reason}")
_SOURCE = Text("source: {reason}", "kaynak: {reason}")
_CONTRADICTS = Text(
    "says something else of the same recipient than another row; which one holds is for a person to say",
    "aynı alıcı için başka bir satırdan farklı bir şey söylüyor; hangisinin geçerli olduğuna bir kişi karar vermeli",
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ConsentColumns:
    """The columns of a list of consents, by what they hold, and the row of their names."""

    header_row: int
    names: Mapping[ColumnRole, str]
    places: Mapping[ColumnRole, int]


@dataclass(frozen=True)
class ConsentList:
    """The consents of a list, and what is left out of it.

    `rows` has the row of each record; `days` of the records are dated with a day alone, and `minutes` without seconds. The
    first of the `refused_count` rows that cannot be declared are in `refused`; `duplicates` repeat another row word for
    word, and `skipped` rows have no recipient.
    """

    columns: ConsentColumns
    records: tuple[ConsentRecord, ...] = field(repr=False)
    rows: Sequence[int] = field(repr=False)
    days: int
    minutes: int
    refused: tuple[RefusedRow, ...]
    refused_count: int
    duplicates: int
    skipped: int
    hidden: int

    @cached_property
    def row_of(self) -> Mapping[ConsentRecord, int]:
        """The row of each record."""
        return dict(zip(self.records, self.rows, strict=True))


@dataclass(frozen=True, slots=True)
class ConsentReader:
    """The constants of a call, by which each row is read."""

    recipient_type: RecipientType
    channel: Channel
    international: bool
    now: datetime
    number_column: str | None = None

    def read(self, table: Table, check: Callable[[], None] = lambda: None) -> ConsentList:
        """Return the consents of a list; `check` is called on the way, and may raise to end it.

        Raises :class:`.ListError` if the columns or dates of the list cannot be relied on.
        """
        columns = self._find_columns(table)
        by_recipient: dict[str, list[tuple[int, ConsentRecord, Precision]]] = {}
        refused: dict[int, Text] = {}
        hidden = skipped = 0
        for place, (row, cells) in enumerate(table.rows):
            if place % CHECKED_EVERY == 0:
                check()
            if row in table.hidden_rows:
                hidden += any(map(str.strip, cells))
                continue
            values = {
                role: cells[place].strip() if place < len(cells) else "" for role, place in columns.places.items()
            }
            if not values["recipient"]:
                skipped += any(map(str.strip, cells))
                continue
            try:
                record, precision = self._record(values)
            except MonthFirstError:
                raise ListError(_MONTH_FIRST.format(row=str(row))) from None
            except _RefusedRowError as error:
                refused[row] = error.reason
            else:
                by_recipient.setdefault(record.recipient.casefold(), []).append((row, record, precision))
        return _without_repetition(columns, by_recipient, refused, skipped=skipped, hidden=hidden)

    def _find_columns(self, table: Table) -> ConsentColumns:
        """Return the columns by the first row that names all of them; the table then gives the rows below it."""
        required = dict(_REQUIRED)
        if self.number_column is not None:
            required["recipient"] = _NAMED_COLUMN
        elif self.channel == "EPOSTA":
            required["recipient"] = _ADDRESS
        missing: Sequence[ColumnRole] = list(required)
        for _, (row, cells) in zip(range(HEADER_WITHIN), table.rows, strict=False):
            if row in table.hidden_rows:
                continue
            visible = (place for place in range(len(cells)) if place not in table.hidden_columns)
            names = {place: cells[place].strip() for place in visible if cells[place].strip()}
            candidates = {role: _named(role, names) for role in _NAMES} | {"recipient": self._recipients(names)}
            lacking = [role for role in required if not candidates[role]]
            if not lacking:
                return _columns(row, names, candidates)
            missing = min(missing, lacking, key=len)
        raise ListError(_NO_COLUMN.format(missing=Text.join("; ", [required[role] for role in missing])))

    def _recipients(self, names: Mapping[int, str]) -> list[int]:
        if self.number_column is not None:
            key = comparison_name(self.number_column)
            if same := [place for place, name in names.items() if comparison_name(name) == key]:
                return same
            letter = self.number_column.strip().upper()
            return [place for place in names if column_letter(place) == letter]
        if self.channel == "EPOSTA":
            return [place for place, name in names.items() if comparison_name(name) in _ADDRESS_NAMES]
        return [place for place, name in names.items() if is_number_name(name)]

    def _record(self, values: Mapping[ColumnRole, str]) -> tuple[ConsentRecord, Precision]:
        """Return the record of a row. Raises :class:`_RefusedRowError`."""
        if UNCALCULATED in values.values():
            raise _RefusedRowError(_UNCALCULATED)
        _require(values.get("recipient_type"), _TYPES, self.recipient_type, _OTHER_TYPE)
        _require(values.get("channel"), _CHANNELS, self.channel, _OTHER_CHANNEL)
        if (status := STATUSES.get(comparison_name(values["status"]))) is None:
            raise _RefusedRowError(_NO_STATUS)
        if (source := SOURCES.get(comparison_name(values["source"]))) is None:
            raise _RefusedRowError(_NO_SOURCE)
        try:
            date, precision = parse_written_consent_date(values["consent_date"], self.now)
        except MonthFirstError:
            raise
        except TimeError as error:
            raise _RefusedRowError(_DATE.format(reason=error.reason)) from None
        for name, reason in broken_rules(status, source, date):
            raise _RefusedRowError((_DATE if name == "consent_date" else _SOURCE).format(reason=reason))
        recipient = self._recipient(values["recipient"])
        return ConsentRecord(recipient, self.recipient_type, self.channel, status, source, date), precision

    def _recipient(self, cell: str) -> str:
        if self.channel == "MESAJ":
            number = read_number(cell, international=self.international)
            if isinstance(number, Text):
                raise _RefusedRowError(_RECIPIENT.format(reason=number))
            return number
        try:
            return parse_recipient(cell, self.channel, international=self.international)
        except RecipientError as error:
            raise _RefusedRowError(_RECIPIENT.format(reason=error.reason)) from None


class _RefusedRowError(ExplainedError):
    """A row that cannot be declared; `reason` reads on from its number."""


def _require(cell: str | None, words: Mapping[str, T], value: T, reason: Text) -> None:
    """Raise :class:`_RefusedRowError` if a cell says something else than the call."""
    if cell and words.get(comparison_name(cell)) != value:
        raise _RefusedRowError(reason)


def _named(role: ColumnRole, names: Mapping[int, str]) -> list[int]:
    """Return the columns whose name is one of `role`; of those that may be of anything only if no other is there."""
    places: list[int] = []
    for known in _NAMES[role]:
        places = places or [place for place, name in names.items() if comparison_name(name) in known]
    return places


def _columns(row: int, names: Mapping[int, str], candidates: Mapping[ColumnRole, list[int]]) -> ConsentColumns:
    for role, places in candidates.items():
        if len(places) > 1:
            several = _SEVERAL_RECIPIENTS if role == "recipient" else _SEVERAL_COLUMNS
            raise ListError(several.format(names=quote_some([names[place] for place in places])))
    found = {role: places[0] for role, places in candidates.items() if places}
    return ConsentColumns(row, {role: names[place] for role, place in found.items()}, found)


def _without_repetition(
    columns: ConsentColumns,
    by_recipient: Mapping[str, list[tuple[int, ConsentRecord, Precision]]],
    refused: dict[int, Text],
    *,
    skipped: int,
    hidden: int,
) -> ConsentList:
    """Return the list with one record for each recipient; rows that contradict each other are refused."""
    kept: list[tuple[int, ConsentRecord, Precision]] = []
    duplicates = 0
    for entries in by_recipient.values():
        said = {(record.status, record.source, record.consent_date) for _, record, _ in entries}
        if len(said) > 1:
            refused.update(dict.fromkeys((row for row, _, _ in entries), _CONTRADICTS))
        else:
            kept.append(entries[0])
            duplicates += len(entries) - 1
    precisions = Counter(precision for _, _, precision in kept)
    return ConsentList(
        columns=columns,
        records=tuple(record for _, record, _ in kept),
        rows=[row for row, _, _ in kept],
        days=precisions["day"],
        minutes=precisions["minute"],
        refused=tuple(RefusedRow(row, refused[row]) for row in sorted(refused)[:ROWS_NAMED]),
        refused_count=len(refused),
        duplicates=duplicates,
        skipped=skipped,
        hidden=hidden,
    )
