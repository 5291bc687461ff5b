"""Declaring the consents of a list to İYS: `register_list`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from iletimerkezi_mcp.confirmation.pending_change import Acceptance, PendingChange, Preview
from iletimerkezi_mcp.confirmation.pending_series import PendingSeries, SeriesStopped, Step, StepResult
from iletimerkezi_mcp.language import Text, plural
from iletimerkezi_mcp.lists.error import ListError
from iletimerkezi_mcp.lists.folder import ListFile
from iletimerkezi_mcp.lists.reading import read_table
from iletimerkezi_mcp.lists.table import ListOptions, Table
from iletimerkezi_mcp.provider.consents import (
    MAX_CONSENTS,
    NOT_VALIDATED,
    BrandCode,
    ConsentDeclaration,
)

from .answers import SeriesAnswer
from .arguments import ChangeArguments
from .consent_list import ConsentList, ConsentReader
from .consent_list_preview import list_preview, rows_in_words
from .consent_preview import is_old, number_of
from .consents import ChannelArgument, RecipientTypeArgument, brand_code_of
from .context import ServerContext
from .declaration import consent_key, declare, preview_expiry, record_key, spelling
from .errors import BadArgumentsError, PreconditionError, Problems
from .fields import ASKS_FIRST, BrandCodeArgument, ConfirmArgument, DryRunArgument
from .halving import Halving, merged
from .open_list import FileArgument, NumberColumnArgument, RefusedRowAnswer, SheetArgument
from .tool import ChangeTool

TOOL = "register_list"

RANGES_NAMED = 10
"""The most ranges of rows that a sentence names."""


class RegisterListArguments(ChangeArguments):
    file: FileArgument
    brand_code: BrandCodeArgument | None = None
    recipient_type: RecipientTypeArgument
    channel: ChannelArgument
    sheet: SheetArgument | None = None
    number_column: NumberColumnArgument | None = None
    dry_run: DryRunArgument = False
    confirm: ConfirmArgument | None = None


class RegisterListAnswer(SeriesAnswer):
    """`refused` rows cannot be declared as they are; İYS refused `rejected_rows`, and something in `undecided`.

    `declared` counts what it took. `unknown` may have been declared, `left` counts what was not. Rows are like 2-5001.
    """

    file: str | None = None
    brand_code: str | None = None
    consents: int | None = None
    refused: int | None = None
    refused_rows: list[RefusedRowAnswer] | None = None
    declared: int | None = None
    rejected_rows: list[int] | None = None
    undecided: list[str] | None = None
    unknown: str | None = None
    left: int | None = None


async def plan_register_list(arguments: RegisterListArguments, context: ServerContext) -> PendingSeries:
    """Return the change of a `register_list` call; makes no request.

    Raises :class:`.BadArgumentsError`, and :class:`.PreconditionError` if no row can be declared.
    """
    now = context.clock()
    problems = Problems()
    brand_code = brand_code_of(arguments.brand_code, context, problems)
    problems.raise_if_any()
    reader = ConsentReader(
        arguments.recipient_type,
        arguments.channel,
        international=context.settings.abroad,
        now=now,
        number_column=arguments.number_column,
    )
    options = ListOptions(arguments.file, arguments.sheet, arguments.number_column)
    try:
        consents, file, table = await read_table(
            context.folder, options, partial(_read, reader), international=context.settings.abroad
        )
    except ListError as error:
        raise BadArgumentsError(error.reason) from error
    if not consents.records:
        raise PreconditionError(_nothing_to_declare(consents), _CORRECT_ROWS)
    reads = context.recent_reads
    first = sum(
        record.status == "RET" and reads.lacks_consent(consent_key(brand_code, record), now)
        for record in consents.records
    )
    preview = list_preview(brand_code, consents, file, table, now, first=first)
    registration = _Registration(brand_code, consents, now, context)
    row_in_words = context.say(_ROW)
    spellings = [spelling(record) for record in consents.records]
    return PendingSeries(
        tool=TOOL,
        canonical={
            "file": file.name,
            "content": file.digest.hex(),
            "brand_code": brand_code,
            "consents": sorted(spellings),
        },
        preview_conditions={
            "warnings": [warning.en for warning in preview.warnings],
            "refused": consents.refused_count,
            "duplicates": consents.duplicates,
            "hidden": consents.hidden,
        },
        preview_expiry=preview_expiry(consents.records, now),
        preview=preview,
        answer_fields={
            "file": file.name,
            "brand_code": brand_code,
            "consents": len(consents.records),
            "refused": consents.refused_count,
            "refused_rows": [RefusedRowAnswer(row=row.row, reason=context.say(row.reason)) for row in consents.refused]
            or None,
        },
        how_to_verify=_LOOK_AT_ROW.format(row=str(consents.rows[0])),
        count=len(consents.records),
        counted="consents",
        caution=Text(
            "Only a later record changes what is declared to İYS.",
            "İYS'ye bildirilen kayıt yalnızca daha sonraki bir kayıtla değişir.",
        ),
        audit_fields={"brand_code": brand_code},
        records={
            record_key(brand_code, spelled): row_in_words.format(row=row)
            for spelled, row in zip(spellings, consents.rows, strict=True)
        },
        run=registration.run,
        fields=registration.fields,
    )


def _nothing_to_declare(consents: ConsentList) -> Text:
    rows = [_REFUSED_ROW.format(row=str(row.row), reason=row.reason) for row in consents.refused]
    return Text.join(" ", [_NOTHING_TO_DECLARE.format(number=consents.refused_count), *rows])


def _read(
    reader: ConsentReader, table: Table, file: ListFile, check: Callable[[], None]
) -> tuple[ConsentList, ListFile, Table]:
    return reader.read(table, check), file, table


class _Registration:
    """The declaring of a list, request by request, as far as it has come.

    Old records are declared last, in batches of their own: they would have whole batches of others refused.
    """

    def __init__(self, brand_code: BrandCode, consents: ConsentList, now: datetime, context: ServerContext) -> None:
        self._brand_code = brand_code
        self._consents = consents
        self._now = now
        self._context = context
        places = range(len(consents.records))
        old = [is_old(record, now) for record in consents.records]
        self._order = sorted(places, key=old.__getitem__)
        self._batches = [
            range(start, min(start + MAX_CONSENTS, end))
            for begin, end in ((0, old.count(False)), (old.count(False), len(old)))
            for start in range(begin, end, MAX_CONSENTS)
        ]
        self._begun: list[Halving] = []
        self._unknown: range | None = None

    def fields(self) -> dict[str, Any]:
        """Return the fields of the answer as they are now."""
        return {
            "declared": self._declared,
            "rejected_rows": self._rejected or None,
            "undecided": [self._rows(piece) for piece in self._undecided] or None,
            "unknown": None if self._unknown is None else self._rows(self._unknown),
            "left": sum(map(len, self._left)),
        }

    async def run(self, step: Step) -> Acceptance:
        """Declare one batch after the other; one that is certainly refused is handed over again in halves."""
        cause: Text | None = None
        for batch in self._batches:
            halving = Halving(batch)
            self._begun.append(halving)
            while (piece := halving.next()) is not None:
                result = await step(self._step(piece))
                if result.outcome == "done":
                    halving.accept()
                elif result.error is not None and result.error.code == NOT_VALIDATED:
                    halving.refuse()
                    cause = result.error.next_step
                else:
                    raise self._stopped(piece, result)
            if not self._declared and self._undecided:
                # So many refusals without one acceptance have a cause of their own, such as a wrong brand code.
                break
        summary, next_step = self._summary(), cause or _READ_BACK
        if self._undecided or not self._declared:
            raise SeriesStopped(summary, next_step)
        return Acceptance(summary, next_step)

    @property
    def _declared(self) -> int:
        return sum(halving.accepted for halving in self._begun)

    @property
    def _rejected(self) -> list[int]:
        return sorted(self._row(place) for halving in self._begun for place in halving.bad)

    @property
    def _undecided(self) -> list[range]:
        """The ranges of the batches whose search has come to its limit."""
        return merged(piece for halving in self._begun if halving.is_over for piece in halving.pending)

    @property
    def _left(self) -> list[range]:
        """The ranges that were not handed over, or not since their batch was refused."""
        under_way = [piece for halving in self._begun if not halving.is_over for piece in halving.pending]
        return merged([piece for piece in under_way if piece != self._unknown] + self._batches[len(self._begun) :])

    def _row(self, place: int) -> int:
        return self._consents.rows[self._order[place]]

    def _rows(self, piece: range) -> str:
        rows = [self._row(place) for place in piece]
        return f"{min(rows)}-{max(rows)}"

    def _step(self, piece: range) -> PendingChange:
        records = tuple(self._consents.records[self._order[place]] for place in piece)
        spellings = [spelling(record) for record in records]
        declaration = ConsentDeclaration(self._brand_code, records)
        return PendingChange(
            tool=TOOL,
            canonical={"brand_code": self._brand_code, "consents": sorted(spellings)},
            preview=Preview(_STEP.format(records=number_of(records))),
            preview_expiry=preview_expiry(records, self._now),
            answer_fields={},
            how_to_verify=_LOOK_AT_ROW.format(row=str(self._row(piece[0]))),
            execute=partial(declare, declaration, self._context),
            count=len(records),
            counted="consents",
            audit_fields={"brand_code": self._brand_code},
            records=dict.fromkeys((record_key(self._brand_code, spelled) for spelled in spellings), ""),
        )

    def _stopped(self, piece: range, result: StepResult) -> SeriesStopped:
        error = result.error
        if result.outcome == "unknown":
            self._unknown = piece
            next_step = _LOOK_FIRST.format(row=str(self._row(piece[0])))
            return SeriesStopped(self._summary(), next_step, "unknown")
        summary = self._summary() if error is None else Text.join(" ", [self._summary(), error.reason])
        return SeriesStopped(summary, _READ_BACK if error is None else error.next_step)

    def _summary(self) -> Text:
        sentences = [
            _DECLARED.format(
                declared=self._declared,
                records=plural(len(self._consents.records), "record", "records", "izin kaydı"),
                brand_code=self._brand_code,
            )
        ]
        if rejected := self._rejected:
            sentences.append(_REJECTED.format(rows=rows_in_words(rejected)))
        for template, pieces in (
            (_UNDECIDED, self._undecided),
            (_UNKNOWN, [] if self._unknown is None else [self._unknown]),
            (_LEFT, self._left),
        ):
            if pieces:
                sentences.append(template.format(ranges=self._ranges(pieces)))
        return Text.join(" ", sentences)

    def _ranges(self, pieces: Sequence[range]) -> Text:
        named: list[Text | str] = [
            _RANGE.format(rows=self._rows(piece), number=len(piece)) for piece in pieces[:RANGES_NAMED]
        ]
        if len(pieces) > RANGES_NAMED:
            named.append("…")
        return Text.join(", ", named)


_NOTHING_TO_DECLARE = Text(
    "Nothing was done. No row of the list can be declared; refused: {number}.",
    "Hiçbir şey yapılmadı. Listede bildirilebilecek satır yok; reddedilen: {number}.",
)
_CORRECT_ROWS = Text(
    "Tell the user; only the rows themselves can be corrected, never a date or a source to get past this.",
    "Kullanıcıya söyleyin; yalnızca satırların kendisi düzeltilebilir, bunu aşmak için tarih ya da kaynak asla değiştirilmez.",
    person=Text(
        "Correct the rows themselves, but never a date or a source to get past this.",
        "Satırların kendisini düzeltin, ama bunu aşmak için tarihi ya da kaynağı asla değiştirmeyin.",
    ),
)
_REFUSED_ROW = Text("Row {row} {reason}.", "{row}. satır: {reason}.")
_ROW = Text("row {row}", "{row}. satır")
_STEP = Text("declare {records} of a list to İYS.", "listeden İYS'ye {records} bildirilecek.")
_READ_BACK = Text("iys_check reads one of them back.", "Kayıtlardan birini iys_check ile doğrulayabilirsiniz.")
_LOOK_AT_ROW = Text(
    "Look with iys_check at the recipient of row {row} of the list.",
    "Listenin {row}. satırındaki alıcıya iys_check ile bakın.",
)
_LOOK_FIRST = Text(
    "Ask the user for the recipient of row {row} and look with iys_check: all of these rows were declared or none. Then put "
    "the rows that are not declared into a file of their own; İYS refuses what it has already.",
    "{row}. satırdaki alıcıyı kullanıcıya sorup iys_check ile bakın: bu satırların ya hepsi bildirildi ya hiçbiri. Sonra "
    "bildirilmemiş satırları ayrı bir dosyaya koyun; İYS, kendisinde olanı reddeder.",
    person=Text(
        "Look with iys_check at the recipient of row {row}: all of these rows were declared or none. Then put the rows that are "
        "not declared into a file of their own; İYS refuses what it has already.",
        "{row}. satırdaki alıcıya iys_check ile bakın: bu satırların ya hepsi bildirildi ya hiçbiri. Sonra bildirilmemiş "
        "satırları ayrı bir dosyaya koyun; İYS, kendisinde olanı reddeder.",
    ),
)
_DECLARED = Text(
    "Declared to İYS for brand {brand_code}: {declared} of {records}.",
    "{brand_code} markası için İYS'ye bildirildi: {declared} / {records}.",
)
_REJECTED = Text("İYS refused {rows}.", "İYS'nin reddettiği {rows}.")
_UNDECIDED = Text(
    "Refused without being narrowed down further: {ranges}.", "Daha fazla ayrıştırılmadan reddedilen: {ranges}."
)
_UNKNOWN = Text("Of unknown outcome: {ranges}.", "Sonucu bilinmeyen: {ranges}.")
_LEFT = Text("Not declared: {ranges}.", "Bildirilmeyen: {ranges}.")
_RANGE = Text("rows {rows} ({number} records)", "{rows} satırları ({number} kayıt)")

REGISTER_LIST = ChangeTool(
    name=TOOL,
    title="Declare a list of consents to İYS",
    description="Declares to İYS the consents of a list, as iys_register does: its columns hold recipient, status, source and "
    "date. Up to 5,000 a request; of a refused batch the bad rows are searched for, in at most 64 more. A legal statement: "
    f"nothing is altered to fit. stopped or unknown: tell the user which rows. {ASKS_FIRST}",
    summary=Text("declares the consents of a list to İYS", "bir listedeki izinleri İYS'ye bildirir"),
    arguments=RegisterListArguments,
    answer=RegisterListAnswer,
    idempotent=False,
    plan=plan_register_list,
    example={"file": "izinler.csv", "recipient_type": "BIREYSEL", "channel": "MESAJ"},
)
