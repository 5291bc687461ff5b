"""The words of a campaign from a list: its preview, and what is said of its orders.

Whatever a cell holds is for people. It is in the private lines alone; a warning about what is filled in says in which rows
it is, and quotes the template at most.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from iletimerkezi_mcp.confirmation.pending_change import Preview
from iletimerkezi_mcp.language import Text, for_model, for_onlooker, plural
from iletimerkezi_mcp.ledger.attempts import PendingMessage
from iletimerkezi_mcp.lists.division import Slice
from iletimerkezi_mcp.lists.filling import Filling
from iletimerkezi_mcp.lists.table import Column, FileKind, RecipientList, RefusedRow
from iletimerkezi_mcp.sms.alphabet import CharacterMode
from iletimerkezi_mcp.sms.clock import describe_time
from iletimerkezi_mcp.sms.escape import quoted
from iletimerkezi_mcp.sms.parts import describe_briefly, size_message

from .consent_list import ConsentList
from .list_text import CampaignPlan
from .list_warnings import ROWS_SHOWN, describe_rows, flaw_warnings, size_warnings, text_warnings
from .send_preview import LABEL, NO_REAL_CONSENTS, SENDER, describe_kind, describe_when, notes

FILE_NAME = 60
"""Characters of a file's name that are shown."""


_EMPTY = Text("Left out, an empty field: {number} ({rows})", "Dışarıda, alan boş: {number} ({rows})")
_TOO_LONG = Text("Left out, too long: {number} ({rows})", "Dışarıda, metin çok uzun: {number} ({rows})")
DO_NOT_CONTACT = Text(
    "Left out, in the do-not-contact file: {number} ({rows})",
    "Dışarıda, iletişim kurulmayacaklar dosyasında: {number} ({rows})",
)
HAVE_IT = Text(
    "Left out, they have this text already, or may have it: {number} ({rows})",
    "Dışarıda, bu metin daha önce gitti ya da gitmiş olabilir: {number} ({rows})",
)
HANDED_OVER = Text(
    "Left out, in earlier orders of this campaign: {number} ({rows})",
    "Dışarıda, bu kampanyanın önceki gönderimlerinde: {number} ({rows})",
)
_IN_DOUBT = Text(
    "{number} of those left out are in orders of this campaign whose outcome is unknown (begun {time}). {settle}; a yes to "
    "this leaves these people without the message if those orders were not made.",
    "Dışarıda kalanlardan {number} kişi bu kampanyanın sonucu bilinmeyen gönderimlerinde (başlangıç: {time}). {settle}; bunu "
    "onaylarsanız o gönderimler yapılmadıysa bu kişiler mesajı almaz.",
)
_SETTLE = for_onlooker(
    Text("get_reports of that day settles them", "O günün get_reports listesi bunu netleştirir"),
    "Ask in the chat to have those settled first",
    "Önce bunların netleştirilmesini sohbette isteyin",
)
_DUPLICATES = Text(
    "Left out, the number came before: {number} ({rows})", "Dışarıda, mükerrer numara: {number} ({rows})"
)
_REFUSED = Text("Left out, no usable number: {number} ({rows})", "Dışarıda, numara kullanılamıyor: {number} ({rows})")
_REFUSED_ROW = Text("row {rows}: {reason}", "satır {rows}: {reason}")
_REFUSED_ROWS = Text("rows {rows}: {reason}", "satır {rows}: {reason}")
_NO_NUMBER = Text("Left out, no number: {number} ({rows})", "Dışarıda, numara yok: {number} ({rows})")
_HIDDEN = Text("Left out, hidden: {number}", "Dışarıda, gizli satır: {number}")
_HIDDEN_INCLUDED = Text("Hidden rows and columns are included", "Gizli satır ve sütunlar dâhil")
_HIDDEN_UNKNOWN = Text(
    "In {kind} files hidden (filtered) rows cannot be told from others: they are in. Save it as XLSX to leave them out.",
    "{kind} dosyalarında gizli (filtrelenmiş) satırlar ayırt edilemez, listeye dâhildir. Çıkarmak için dosyayı XLSX olarak "
    "kaydedin.",
)

_HELD_OPEN = Text(
    "The file is open in another program: what is not saved there is not in this.",
    "Dosya başka bir programda açık: orada kaydedilmemiş değişiklikler burada yok.",
)


def reading_warnings(reading: RecipientList | ConsentList) -> list[Text]:
    """Return why the file may not be read as its owner sees it."""
    warnings = []
    if not reading.hidden_known:
        warnings.append(_HIDDEN_UNKNOWN.format(kind=reading.kind.upper()))
    if reading.held_open:
        warnings.append(_HELD_OPEN)
    return warnings


def describe_reading(reading: RecipientList, most: int = ROWS_SHOWN) -> list[Text]:
    """Return what the reading of the file left out, each reason with its number and its first rows, at most so many."""
    lines = []
    if reading.refused_count:
        rows = describe_refused(reading.refused[:most], reading.refused_count)
        lines.append(_REFUSED.format(number=reading.refused_count, rows=rows))
    if reading.duplicates:
        lines.append(
            describe_left_out(_DUPLICATES, reading.duplicates, [repeated.row for repeated in reading.repeated])
        )
    if reading.skipped_rows:
        lines.append(describe_left_out(_NO_NUMBER, reading.skipped_rows, reading.skipped))
    if reading.hidden_rows:
        lines.append(_HIDDEN.format(number=reading.hidden_rows))
    if reading.include_hidden:
        lines.append(_HIDDEN_INCLUDED)
    return lines


def describe_left_out(template: Text, number: int, rows: Iterable[int]) -> Text:
    """Return a sentence about `number` rows that are left out, with the first of them."""
    return template.format(number=number, rows=describe_rows(rows, number))


def describe_unsendable(reading: RecipientList, filling: Filling) -> list[Text]:
    """Return whom their own row leaves out: no text can be made of it."""
    found = ((_EMPTY, filling.empty), (_TOO_LONG, filling.too_long))
    return [
        describe_left_out(template, len(positions), (reading.rows[position] for position in positions))
        for template, positions in found
        if positions
    ]


def describe_refused(refused: Sequence[RefusedRow], number: int) -> Text:
    """Return the first of `number` rows that cannot be used, by the reason."""
    by_reason: dict[Text, list[str]] = {}
    for row in refused:
        by_reason.setdefault(row.reason, []).append(str(row.row))
    rows: list[Text | str] = [
        (_REFUSED_ROWS if len(group) > 1 else _REFUSED_ROW).format(rows=", ".join(group), reason=reason)
        for reason, group in by_reason.items()
    ]
    return Text.join("; ", [*rows, "…"] if number > len(refused) else rows)


def _headline(message: PendingMessage, reading: RecipientList, filling: Filling, orders: int, now: datetime) -> Text:
    """Return the whole campaign in one line, with how many rows of the list are left out."""
    all_rows = Text(
        "send {recipients} of the list {file} {sms}: {terms}.",
        "{file} listesindeki {recipients} {sms} gönderilecek: {terms}.",
    )
    some_rows = Text(
        "of the {rows} rows in the list {file}, send {recipients} {sms} and leave out {left_out}: {terms}.",
        "{file} listesindeki {rows} satırdan {recipients} {sms} gönderilecek, {left_out} satır dışarıda: {terms}.",
    )
    terms = Text("{kind}, {when}, in {orders}, at most {credits}", "{kind}, {when}, {orders}, en çok {credits}").format(
        kind=describe_kind(message.message_type, message.iys_list),
        when=describe_when(message, now),
        orders=plural(orders, "order", "orders", "gönderimde"),
        credits=plural(message.credits, "credit", "credits", "kredi"),
    )
    template, counts = all_rows, dict[str, int]()
    if left_out := reading.row_count - len(message.recipients):
        template, counts = some_rows, {"rows": reading.row_count, "left_out": left_out}
    return template.format(
        file=quoted(reading.name, FILE_NAME),
        recipients=plural(len(message.recipients), "recipient", "recipients", "alıcıya"),
        sms=Text("their own SMS", "kişiselleştirilmiş SMS") if filling.template.fields else Text("one SMS", "bir SMS"),
        terms=terms,
        **counts,
    )


def describe_parts(parts: Mapping[int, int]) -> Text:
    """Return how many recipients have a text of how many parts."""
    row = Text("{parts} for {recipients}", "{recipients} {parts}")
    rows = [
        row.format(
            parts=plural(number, "part", "parts", "boy"),
            recipients=plural(recipients, "recipient", "recipients", "alıcıda"),
        )
        for number, recipients in parts.items()
    ]
    return Text("Length: {rows}", "Uzunluk: {rows}").format(rows=Text.join(", ", rows))


_CAUTIOUS = Text(
    "Different texts in one order have not been tried on this account: they go to {recipients} first, and to the rest if the "
    "provider has counted those rightly",
    "Bir gönderimde farklı metinler bu hesapta henüz denenmedi: önce {recipients} gider, sağlayıcı bunları doğru saydıysa "
    "kalanlara da gider",
)


def describe_orders(slices: Sequence[Slice]) -> list[Text]:
    """Return how the recipients are divided into orders, if there is something to say of it."""
    lines = []
    if len(slices) > 1:
        lines.append(
            Text(
                "Orders: {orders}, one after the other; if one is not accepted, those after it do not go",
                "Gönderimler: {orders} tane, art arda; biri kabul edilmezse sonrakiler gitmez",
            ).format(orders=len(slices))
        )
    # After the last one there is no rest.
    cautious = next((each for each in slices[:-1] if each.is_cautious), None)
    if cautious is not None:
        recipients = plural(cautious.recipients, "recipient", "recipients", "alıcıya")
        lines.append(_CAUTIOUS.format(recipients=recipients))
    return lines


def describe_file(reading: RecipientList) -> Text:
    """Return the file, its time, and its sheet if it has one."""
    facts: dict[str, Text | str] = {"file": quoted(reading.name, FILE_NAME), "time": describe_time(reading.modified)}
    if reading.sheet is None:
        return Text("List: {file}, changed {time}", "Liste: {file}, değişiklik: {time}").format(**facts)
    return Text(
        "List: {file}, sheet {sheet}, changed {time}", "Liste: {file}, sayfa {sheet}, değişiklik: {time}"
    ).format(**facts, sheet=quoted(reading.sheet))


def _describe_numbers(column: Column) -> Text:
    """Return which column the numbers are from: another one may be somebody else's."""
    name = f"{quoted(column.name, FILE_NAME)} ({column.letter})" if column.name else column.letter
    return Text("Numbers: column {column}", "Numaralar: {column} sütunu").format(column=name)


def amounts_written(kind: FileKind, columns: Iterable[Column]) -> list[Text]:
    """Return how amounts in these columns of a workbook are written, whose format there is not known, if there are any."""
    return [_WRITTEN_AS] if kind != "csv" and any(column.kind == "amount" for column in columns) else []


_WRITTEN_AS = Text(
    "Numbers from the list are filled in as 1.250,50, whole ones without decimals, and a cell of 20% as 0,20, whatever format the sheet gives them",
    "Listedeki sayılar metne 1.250,50 biçiminde, tam sayılar ondalıksız, %20 olan hücre 0,20 olarak girer; sayfadaki biçime bakılmaz",
)
_SAMPLES = (
    Text("First text (row {row}, {number}): {size}\n{text}", "İlk metin (satır {row}, {number}): {size}\n{text}"),
    Text("Longest text (row {row}, {number}): {size}\n{text}", "En uzun metin (satır {row}, {number}): {size}\n{text}"),
    Text(
        "Dearest text (row {row}, {number}): {size}\n{text}",
        "En pahalı metin (satır {row}, {number}): {size}\n{text}",
    ),
)


def filled_texts(
    filling: Filling, reading: RecipientList, positions: Sequence[int], mode: CharacterMode | None, most: int = 3
) -> tuple[Text, ...]:
    """Return the first filled text, the longest and the dearest, each once, for people alone."""
    samples = list(zip(_SAMPLES, filling.samples(positions), strict=True))[:most]
    shown: dict[int, Text] = {}
    for template, row in samples:
        number = filling.text_numbers[row]
        if number not in shown:
            text = filling.texts[number]
            size = describe_briefly(size_message(text, mode))
            shown[number] = template.format(
                row=str(reading.rows[row]), number=reading.numbers[row], size=size, text=text
            )
    return tuple(shown.values())


def campaign_preview(plan: CampaignPlan, now: datetime) -> Preview:
    """Return the preview of a campaign, with notes from earlier reads."""
    message, reading, filling = plan.message, plan.filled.reading, plan.filled.filling
    reads, mode = plan.context.recent_reads, plan.context.settings.character_mode
    warnings, advice = notes(message, reads, now)
    warnings += reading_warnings(reading)
    if plan.balance_unknown is not None:
        warnings.append(_BALANCE_UNKNOWN.format(reason=plan.balance_unknown))
    details = []
    if plan.continued is not None:
        unknown = sum(step.count for step in plan.continued.in_doubt)
        if unknown:
            time = describe_time(plan.continued.in_doubt[0].started)
            warnings.append(_IN_DOUBT.format(number=unknown, time=time, settle=_SETTLE))
        counts = {"accepted": plan.continued.position - unknown, "unknown": unknown, "now": len(plan.positions)}
        details.append(_CONTINUES.format(campaign=plan.name, **counts))
    warnings += reads.describe_unreachable(message.recipients, message.iys_list, now, named=False)
    warnings += size_warnings(filling, reading, plan.positions)
    warnings += text_warnings(filling, plan.positions, message, now)
    key = message.recipients_digest, message.message_type == "transactional"
    if key not in plan.filled.flaw_warnings:
        plan.filled.flaw_warnings[key] = flaw_warnings(filling, reading, plan.positions, transactional=key[1])
    warnings += plan.filled.flaw_warnings[key]
    details += [
        *describe_reading(reading),
        *plan.left_out,
        describe_file(reading),
        _describe_numbers(reading.columns[reading.number_column]),
        SENDER.format(sender=message.sender),
        describe_parts(filling.parts(plan.positions)),
        *describe_orders(plan.slices),
        *amounts_written(reading.kind, (reading.columns[column] for column in filling.template.columns)),
    ]
    if any(reading.columns[column].uncalculated for column in filling.template.columns):
        details.append(_UNCALCULATED)
    if plan.context.settings.sandbox and message.iys_list == "BIREYSEL":
        advice.append(NO_REAL_CONSENTS)
    if message.label is not None:
        details.append(LABEL.format(label=message.label))
    if filling.template.columns and not plan.context.shows_cells:
        advice.append(_FILLED_FOR_PEOPLE)
    return Preview(
        _headline(message, reading, filling, len(plan.slices), now),
        tuple(warnings),
        tuple(details),
        message.text,
        tuple(advice),
        private=filled_texts(filling, reading, plan.positions, mode),
    )


_FILLED_FOR_PEOPLE = for_model(
    "Texts as they are filled in are for people: a form, card or page shows up to three, and test true sends two to the operator's own number",
    "Doldurulmuş metinler kişiler içindir: form, kart ya da sayfa en çok üçünü gösterir, test true ikisini yöneticinin numarasına gönderir",
)
_UNCALCULATED = Text(
    "Some of these cells have a formula without a value: open the file in Excel and save it",
    "Bu hücrelerin bazılarında değeri hesaplanmamış formül var: dosyayı Excel'de açıp kaydedin",
)
_BALANCE_UNKNOWN = Text("The balance could not be read: {reason}", "Bakiye okunamadı: {reason}")
_CONTINUES = Text(
    "Goes on with campaign {campaign}: accepted {accepted}, of unknown outcome {unknown}, to be sent now {now}",
    "Sürdürülen kampanya {campaign}: kabul edilen {accepted}, sonucu bilinmeyen {unknown}, şimdi gönderilecek {now}",
)
_NOBODY_LEFT = Text(
    "Nothing was done: nobody in the list can be sent to. {reasons}",
    "Hiçbir şey yapılmadı: listede gönderilebilecek kimse yok. {reasons}",
)


def nobody_left(reading: RecipientList, left_out: Sequence[Text]) -> Text:
    """Return that there is nobody to send to, and why."""
    reasons = [*describe_reading(reading), *left_out]
    return _NOBODY_LEFT.format(reasons=Text.join("; ", reasons))
