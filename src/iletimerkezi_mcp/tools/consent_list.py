"""The consent records of a list: its columns by their names, each row's words as the registry's, and what is left out.

Cells are for people: a reason says what is wrong with a row and never quotes it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal, get_args

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.lists.error import ListError
from iletimerkezi_mcp.lists.folder import ListFile
from iletimerkezi_mcp.lists.layout import is_number_name
from iletimerkezi_mcp.lists.number_cell import read_number
from iletimerkezi_mcp.lists.table import ROWS_NAMED, FileKind, RefusedRow, Table
from iletimerkezi_mcp.lists.template import comparison_name
from iletimerkezi_mcp.provider.consents import Channel, ConsentRecord, ConsentStatus, RecipientType, Source
from iletimerkezi_mcp.sms.content import quote_some
from iletimerkezi_mcp.sms.normalize import fold
from iletimerkezi_mcp.sms.times import MonthFirstError, TimeError, parse_written_consent_date

from .declaration import broken_rules, parse_recipient

HEADER_WITHIN = 100
"""Rows at the beginning among which the header is."""

ColumnRole = Literal["recipient", "status", "source", "consent_date", "recipient_type", "channel"]

# All words are in the spelling of comparison_name().
_NAMES: Final[Mapping[ColumnRole, frozenset[str]]] = {
    "status": frozenset({"izin", "izindurumu", "onaydurumu", "iysdurumu", "durum", "consentstatus", "status"}),
    "source": frozenset({"izinkaynagi", "onaykaynagi", "iyskaynagi", "kaynak", "consentsource", "source"}),
    "consent_date": frozenset({"izintarihi", "onaytarihi", "tarih", "consentdate", "date"}),
    "recipient_type": frozenset({"alicitipi", "alicituru", "recipienttype"}),
    "channel": frozenset({"kanal", "izinturu", "izintipi", "channel"}),
}
_OPTIONAL: Final = ("recipient_type", "channel")
_ADDRESS_NAMES: Final = frozenset({"eposta", "epostaadresi", "email", "emailaddress", "mail", "alici", "recipient"})
# A mark beside the word may be a doubt: of these nothing but case and Turkish marks is free.
_STATUSES: Final[Mapping[str, ConsentStatus]] = {"onay": "ONAY", "onayli": "ONAY", "ret": "RET", "red": "RET"}
_SOURCES: Final[Mapping[str, Source]] = {
    comparison_name(word): source for source in get_args(Source) for word in (source, source.removeprefix("HS_"))
}
_CONSTANTS: Final[Mapping[str, RecipientType | Channel]] = {
    "bireysel": "BIREYSEL",
    "tacir": "TACIR",
    "mesaj": "MESAJ",
    "sms": "MESAJ",
    "arama": "ARAMA",
    "eposta": "EPOSTA",
}

_NO_HEADER = Text(
    "The list has no row of column names with all that a consent needs: the number (Telefon, GSM, Phone) or for EPOSTA the "
    "address (E-posta, E-mail), the status, ONAY or RET (İzin Durumu, Durum, Status), the source, HS_WEB for example (İzin "
    "Kaynağı, Kaynak, Source), and the date (İzin Tarihi, Tarih, Date).",
    "Listede bir izin için gereken sütunların hepsini adlandıran bir satır yok: numara (Telefon, GSM, Phone) ya da EPOSTA için "
    "adres (E-posta, E-mail), ONAY ya da RET olan durum (İzin Durumu, Durum, Status), HS_WEB gibi kaynak (İzin Kaynağı, "
    "Kaynak, Source) ve tarih (İzin Tarihi, Tarih, Date).",
)
_SEVERAL_COLUMNS = Text(
    "More than one column may be the one that is needed: {names}. Rename the others in the file, or keep only one.",
    "Gereken sütun birden çok sütun olabilir: {names}. Dosyada diğerlerinin adını değiştirin ya da yalnızca birini bırakın.",
)
_MONTH_FIRST = Text(
    "Row {row} has a date with the month before the day, so all dates of this column may be written so, and most would be "
    "read as other days. Nothing is declared from it; have the dates written as day.month.year.",
    "{row}. satırdaki tarihte ay günden önce; bu sütundaki bütün tarihler böyle yazılmış olabilir ve çoğu başka bir gün olarak "
    "okunurdu. Listeden hiçbir şey bildirilmez; tarihler gün.ay.yıl olarak yazılmalı.",
)
_NO_STATUS = Text("has no status that can be read: ONAY or RET", "ONAY ya da RET olarak okunabilen bir durum içermiyor")
_NO_SOURCE = Text(
    "has no source that the registry knows, such as HS_WEB", "İYS'nin bildiği, HS_WEB gibi bir kaynak içermiyor"
)
_OTHER_CONSTANT = Text(
    "is of another recipient type or channel than this call", "bu çağrıdakinden başka bir alıcı türünde ya da kanalda"
)
_RECIPIENT = Text("recipient {reason}", "alıcı {reason}")
_SOURCE = Text("source: {reason}", "kaynak: {reason}")
_DATE = Text("date {reason}", "tarih {reason}")
_CONTRADICTS = Text(
    "says something else of the same recipient than another row; which one holds is for a person to say",
    "aynı alıcı için başka bir satırdan farklı bir şey söylüyor; hangisinin geçerli olduğuna bir kişi karar vermeli",
)


@dataclass(frozen=True, kw_only=True)
class ConsentList:
    """The consents of a list, and what is left out of it.

    `rows` has the row of each record, in order; `days` of the records are dated with a day alone. The first of the
    `refused_count` rows that cannot be declared are in `refused`; `duplicates` repeat another row word for word, and
    `skipped` rows have no recipient. `names` are those of the columns, in `header_row`.
    """

    file: ListFile
    header_row: int
    names: Mapping[ColumnRole, str]
    records: tuple[ConsentRecord, ...] = field(repr=False)
    rows: Sequence[int] = field(repr=False)
    days: int
    refused: tuple[RefusedRow, ...]
    refused_count: int
    duplicates: int
    skipped: int
    hidden: int
    kind: FileKind
    hidden_known: bool
    held_open: bool


@dataclass(frozen=True, slots=True)
class ConsentReader:
    """The constants of a call, by which each row is read."""

    recipient_type: RecipientType
    channel: Channel
    international: bool
    now: datetime

    def read(self, table: Table, file: ListFile, check: Callable[[], None]) -> ConsentList:
        """Return the consents of a list; `check` is called on the way, and may raise to end it.

        Raises :class:`.ListError` if the columns or dates of the list cannot be relied on.
        """
        header_row, names = self._find_columns(table)
        by_recipient: dict[str, list[tuple[int, ConsentRecord, bool]]] = {}
        refused: dict[int, Text] = {}
        hidden = skipped = 0
        for row, cells in table.rows:
            check()
            values = {role: cells[place].strip() if place < len(cells) else "" for role, (place, _) in names.items()}
            if row in table.hidden_rows:
                hidden += any(map(str.strip, cells))
            elif not values["recipient"]:
                skipped += any(map(str.strip, cells))
            else:
                try:
                    record, is_day = self._record(values)
                except MonthFirstError:
                    raise ListError(_MONTH_FIRST.format(row=str(row))) from None
                except TimeError as error:
                    refused[row] = _DATE.format(reason=error.reason)
                except ListError as error:
                    refused[row] = error.reason
                else:
                    by_recipient.setdefault(record.recipient.casefold(), []).append((row, record, is_day))
        kept = []
        duplicates = 0
        for entries in by_recipient.values():
            # The case of an address says nothing else.
            if len({(record.status, record.source, record.consent_date) for _, record, _ in entries}) > 1:
                refused.update((row, _CONTRADICTS) for row, _, _ in entries)
            else:
                kept.append(entries[0])
                duplicates += len(entries) - 1
        return ConsentList(
            file=file,
            header_row=header_row,
            names={role: name for role, (_, name) in names.items()},
            records=tuple(record for _, record, _ in kept),
            rows=[row for row, _, _ in kept],
            days=sum(is_day for _, _, is_day in kept),
            refused=tuple(RefusedRow(row, refused[row]) for row in sorted(refused)[:ROWS_NAMED]),
            refused_count=len(refused),
            duplicates=duplicates,
            skipped=skipped,
            hidden=hidden,
            kind=table.kind,
            hidden_known=table.hidden_known,
            held_open=file.held_open,
        )

    def _find_columns(self, table: Table) -> tuple[int, dict[ColumnRole, tuple[int, str]]]:
        """Return the first row that names all that is needed, and each column's place and name in it.

        The table then gives the rows below it.
        """
        for _, (row, cells) in zip(range(HEADER_WITHIN), table.rows, strict=False):
            if row in table.hidden_rows:
                continue
            names = [
                (place, name)
                for place, cell in enumerate(cells)
                if place not in table.hidden_columns and (name := cell.strip())
            ]
            columns: dict[ColumnRole, list[tuple[int, str]]] = {
                "recipient": [(place, name) for place, name in names if self._is_recipient(name)]
            }
            for role, known in _NAMES.items():
                columns[role] = [(place, name) for place, name in names if comparison_name(name) in known]
            if all(columns[role] or role in _OPTIONAL for role in columns):
                for places in columns.values():
                    if len(places) > 1:
                        raise ListError(_SEVERAL_COLUMNS.format(names=quote_some([name for _, name in places])))
                return row, {role: places[0] for role, places in columns.items() if places}
        raise ListError(_NO_HEADER)

    def _is_recipient(self, name: str) -> bool:
        return comparison_name(name) in _ADDRESS_NAMES if self.channel == "EPOSTA" else is_number_name(name)

    def _record(self, values: Mapping[ColumnRole, str]) -> tuple[ConsentRecord, bool]:
        """Return the record of a row, and True if its date is a day alone.

        Raises :class:`.ListError`, and :class:`.TimeError` for the date.
        """
        written = (values.get("recipient_type"), self.recipient_type), (values.get("channel"), self.channel)
        for cell, constant in written:
            if cell and _CONSTANTS.get(comparison_name(cell)) != constant:
                raise ListError(_OTHER_CONSTANT)
        if (status := _STATUSES.get(fold(values["status"]))) is None:
            raise ListError(_NO_STATUS)
        if (source := _SOURCES.get(comparison_name(values["source"]))) is None:
            raise ListError(_NO_SOURCE)
        date, is_day = parse_written_consent_date(values["consent_date"], self.now)
        for name, reason in broken_rules(status, source, date):
            raise ListError((_DATE if name == "consent_date" else _SOURCE).format(reason=reason))
        recipient = (
            read_number(values["recipient"], international=self.international)
            if self.channel == "MESAJ"
            else parse_recipient(values["recipient"], self.channel, international=self.international)
        )
        if isinstance(recipient, Text):
            raise ListError(_RECIPIENT.format(reason=recipient))
        return ConsentRecord(recipient, self.recipient_type, self.channel, status, source, date), is_day
