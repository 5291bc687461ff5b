"""Declaring the consents of a list to İYS: `register_list`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from iletimerkezi_mcp.confirmation.pending_change import Acceptance, PendingChange, Preview
from iletimerkezi_mcp.confirmation.pending_series import PendingSeries, SeriesStopped, Step, StepResult
from iletimerkezi_mcp.language import TELL_USER, Text, for_model, for_onlooker, plural, sentences
from iletimerkezi_mcp.lists.error import ListError
from iletimerkezi_mcp.lists.reading import read_table
from iletimerkezi_mcp.lists.table import ROWS_NAMED, ListOptions
from iletimerkezi_mcp.provider.client import ApiClient
from iletimerkezi_mcp.provider.consents import NOT_VALIDATED, ConsentDeclaration
from iletimerkezi_mcp.provider.send_progress import OnSent
from iletimerkezi_mcp.sms.clock import describe_time
from iletimerkezi_mcp.sms.escape import quoted

from .answers import SeriesAnswer
from .arguments import ChangeArguments
from .consent_list import ConsentList, ConsentReader
from .consents import ChannelArgument, RecipientTypeArgument, brand_code_of
from .context import ServerContext
from .declaration import (
    READ_BACK,
    dates_in_words,
    declare,
    first_records,
    groups,
    number_of,
    shared_fields,
    warnings,
)
from .errors import BadArgumentsError, PreconditionError, Problems
from .fields import ASKS_FIRST, BrandCodeArgument, ConfirmArgument, DryRunArgument
from .halving import Halving
from .list_preview import describe_refused, reading_warnings
from .open_list import FileArgument, RefusedRowAnswer, SheetArgument
from .paging import first_of
from .tool import ChangeTool

TOOL = "register_list"


class RegisterListArguments(ChangeArguments):
    file: FileArgument
    brand_code: BrandCodeArgument | None = None
    recipient_type: RecipientTypeArgument
    channel: ChannelArgument
    sheet: SheetArgument | None = None
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
    now, international = context.clock(), context.settings.abroad
    problems = Problems()
    brand_code = brand_code_of(arguments.brand_code, context, problems)
    problems.raise_if_any()
    reader = ConsentReader(arguments.recipient_type, arguments.channel, international, now)
    options = ListOptions(arguments.file, arguments.sheet)
    try:
        consents = await read_table(context.folder, options, reader.read, international=international)
    except ListError as error:
        raise BadArgumentsError(error.reason) from error
    if not consents.records:
        raise PreconditionError(Text.join("; ", [_NOTHING_TO_DECLARE, *_refused(consents)]), _CORRECT_ROWS)
    declaration = ConsentDeclaration(brand_code, consents.records)
    registration = _Registration(declaration, consents.rows, now, context)
    row_in_words = context.say(_ROW)
    shared = shared_fields(
        declaration, [row_in_words.format(row=row) for row in consents.rows], days=consents.days, now=now
    )
    shared["canonical"] |= {"file": consents.file.name, "content": consents.file.digest.hex()}
    shared["audit_fields"] |= {"file_digest": consents.file.digest.hex()}
    return PendingSeries(
        tool=TOOL,
        preview=_preview(declaration, consents, context),
        answer_fields={
            "file": consents.file.name,
            "brand_code": brand_code,
            "consents": len(consents.records),
            "refused": consents.refused_count,
            "refused_rows": [RefusedRowAnswer(row=row.row, reason=context.say(row.reason)) for row in consents.refused]
            or None,
        },
        how_to_verify=_LOOK_AT_ROW.format(row=str(consents.rows[0])),
        run=registration.run,
        fields=registration.fields,
        look=registration.look,
        **shared,
    )


def _preview(declaration: ConsentDeclaration, consents: ConsentList, context: ServerContext) -> Preview:
    """Return the preview, whose lines with dates and recipients are for people only."""
    records, names = consents.records, consents.names
    return Preview(
        _HEADLINE.format(
            records=number_of(records),
            file=quoted(consents.file.name),
            modified=describe_time(consents.file.modified),
            brand_code=declaration.brand_code,
        ),
        warnings=(
            *warnings(declaration, consents.days, context, consents.rows),
            *reading_warnings(consents),
        ),
        details=(
            _COLUMNS.format(
                recipient=quoted(names["recipient"]),
                status=quoted(names["status"]),
                source=quoted(names["source"]),
                date=quoted(names["consent_date"]),
                row=str(consents.header_row),
            ),
            *groups(records, dated=False),
            _LEFT_OUT.format(
                refused=consents.refused_count,
                duplicates=consents.duplicates,
                skipped=consents.skipped,
                hidden=consents.hidden,
            ),
            *_refused(consents),
        ),
        private=(
            _DATES.format(dates=dates_in_words([record.consent_date for record in records])),
            *first_records(records),
        ),
    )


def _refused(consents: ConsentList) -> list[Text]:
    return [describe_refused(consents.refused, consents.refused_count)] if consents.refused else []


class _Registration:
    """The declaring of a list, request by request, as far as it has come."""

    def __init__(
        self, declaration: ConsentDeclaration, rows: Sequence[int], now: datetime, context: ServerContext
    ) -> None:
        self._declaration, self._rows, self._now, self._context = declaration, rows, now, context
        self._halving = Halving(len(rows))
        self._has_left = False

    def fields(self) -> dict[str, Any]:
        """Return the fields of the answer as they are now."""
        halving = self._halving
        return {
            "declared": halving.accepted,
            "rejected_rows": self._rejected or None,
            "undecided": self._ranges(halving.undecided) or None,
            "unknown": ", ".join(self._ranges(halving.unknown)) or None,
            "left": sum(map(len, halving.left)),
        }

    def look(self) -> Text:
        """Return which read shows how far it is: that of the first row in doubt, or else not declared."""
        pieces = [*self._halving.unknown, *self._halving.left, range(1)]
        return _LOOK_AT_ROW.format(row=str(self._rows[pieces[0].start]))

    async def run(self, step: Step) -> Acceptance:
        """Declare one batch after the other; one that is certainly refused is handed over again in halves."""
        halving = self._halving
        next_step = READ_BACK
        while (piece := halving.next()) is not None:
            self._has_left = False
            try:
                result = await step(self._step(piece))
            except BaseException:
                if self._has_left:
                    halving.lose()
                raise
            if result.outcome == "done":
                halving.accept()
            elif result.error is not None and result.error.code == NOT_VALIDATED:
                halving.refuse()
                next_step = result.error.next_step
            else:
                raise self._stopped(piece, result)
        if halving.bad or halving.undecided:
            raise SeriesStopped(self._summary(), next_step)
        return Acceptance(self._summary(), next_step)

    @property
    def _rejected(self) -> list[int]:
        return sorted(self._rows[place] for place in self._halving.bad)

    def _ranges(self, pieces: Sequence[range]) -> list[str]:
        return [f"{self._rows[piece[0]]}-{self._rows[piece[-1]]}" for piece in pieces]

    def _step(self, piece: range) -> PendingChange:
        declaration = replace(self._declaration, records=self._declaration.records[piece.start : piece.stop])

        async def execute(client: ApiClient, on_sent: OnSent) -> Acceptance:
            def sent() -> None:
                on_sent()
                self._has_left = True

            return await declare(declaration, self._context, client, sent)

        return PendingChange(
            tool=TOOL,
            preview=Preview(number_of(declaration.records)),
            answer_fields={},
            how_to_verify=_LOOK_AT_ROW.format(row=str(self._rows[piece.start])),
            execute=execute,
            **shared_fields(declaration, [""] * len(piece), days=0, now=self._now),
        )

    def _stopped(self, piece: range, result: StepResult) -> SeriesStopped:
        if result.outcome == "unknown":
            self._halving.lose()
            return SeriesStopped(self._summary(), _LOOK_FIRST.format(row=str(self._rows[piece.start])), "unknown")
        error = result.error
        summary = self._summary() if error is None else sentences(self._summary(), error.reason)
        return SeriesStopped(summary, READ_BACK if error is None else error.next_step)

    def _summary(self) -> Text:
        halving = self._halving
        reasons = [
            _DECLARED.format(
                declared=halving.accepted,
                records=plural(len(self._rows), "record", "records", "izin kaydı"),
                brand_code=self._declaration.brand_code,
            )
        ]
        for template, rows in (
            (_REJECTED, list(map(str, self._rejected))),
            (_UNDECIDED, self._ranges(halving.undecided)),
            (_UNKNOWN, self._ranges(halving.unknown)),
            (_LEFT, self._ranges(halving.left)),
        ):
            if rows:
                reasons.append(template.format(rows=first_of(rows, ROWS_NAMED)))
        return sentences(*reasons)


_HEADLINE = Text(
    "declare {records} of the list {file} (changed at {modified}) to İYS for brand {brand_code}.",
    "{brand_code} markası için İYS'ye {file} listesinden (değişiklik: {modified}) {records} bildirilecek.",
)
_COLUMNS = Text(
    "Columns, by row {row}: recipient {recipient}, status {status}, source {source}, date {date}",
    "Sütunlar ({row}. satıra göre): alıcı {recipient}, durum {status}, kaynak {source}, tarih {date}",
)
_DATES = Text("Dates: {dates}", "Tarihler: {dates}")
_LEFT_OUT = Text(
    "Rows left out: refused: {refused}; repeated: {duplicates}; without a recipient: {skipped}; hidden: {hidden}",
    "Dışarıda kalan satırlar: reddedilen: {refused}; mükerrer: {duplicates}; alıcısız: {skipped}; gizli: {hidden}",
)
_ROW = Text("row {row}", "{row}. satır")
_NOTHING_TO_DECLARE = Text(
    "Nothing was done, for no row of the list can be declared",
    "Hiçbir şey yapılmadı; listede bildirilebilecek satır yok",
)
_CORRECT_ROWS = sentences(
    TELL_USER,
    Text(
        "Only the rows themselves can be corrected, never a date or a source to get past this.",
        "Yalnızca satırların kendisi düzeltilebilir; bunu aşmak için tarih ya da kaynak asla değiştirilmez.",
    ),
)
_LOOK_AT_ROW = for_onlooker(
    Text(
        "Look with iys_check at the recipient of row {row} of the list.",
        "Listenin {row}. satırındaki alıcıya iys_check ile bakın.",
    ),
    "Ask in the chat what İYS has on the recipient of row {row} of the list.",
    "Listenin {row}. satırındaki alıcının İYS'deki durumunu sohbette sorun.",
)
_LOOK_FIRST = sentences(
    for_model("Ask the user for the recipient of row {row}.", "{row}. satırdaki alıcıyı kullanıcıya sorun."),
    _LOOK_AT_ROW,
    Text(
        "All of these rows were declared or none. Then put the rows that are not declared into a file of their own; İYS "
        "refuses what it has already.",
        "Bu satırların ya hepsi bildirildi ya hiçbiri. Sonra bildirilmemiş satırları ayrı bir dosyaya koyun; İYS, kendisinde "
        "olanı reddeder.",
    ),
)
_DECLARED = Text(
    "Declared to İYS for brand {brand_code}: {declared} of {records}.",
    "{brand_code} markası için İYS'ye bildirildi: {declared} / {records}.",
)
_REJECTED = Text("İYS refused these rows: {rows}.", "İYS'nin reddettiği satırlar: {rows}.")
_UNDECIDED = Text(
    "Refused without being narrowed down further: rows {rows}.",
    "Daha fazla ayrıştırılmadan reddedilen satırlar: {rows}.",
)
_UNKNOWN = Text("Of unknown outcome: rows {rows}.", "Sonucu bilinmeyen satırlar: {rows}.")
_LEFT = Text("Not declared: rows {rows}.", "Bildirilmeyen satırlar: {rows}.")

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
