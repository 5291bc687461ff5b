"""The warnings about what a campaign fills in: those of a single send, judged on the template and on what is filled in.

Cells are for people: a warning says in which rows something is, and quotes the template at most.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.ledger.attempts import PendingMessage
from iletimerkezi_mcp.lists.filling import Filling
from iletimerkezi_mcp.lists.flaws import FLAWS, Flaw, rows_with
from iletimerkezi_mcp.lists.table import RecipientList
from iletimerkezi_mcp.sms import content

ROWS_SHOWN = 5
"""Rows that one sentence names."""


def describe_rows(rows: Iterable[int], number: int) -> Text:
    """Return the first of `number` rows as Excel numbers them."""
    shown = [str(row) for _, row in zip(range(ROWS_SHOWN), rows, strict=False)]
    if number > len(shown):
        shown.append("…")
    return (Text("row {rows}", "satır {rows}") if number == 1 else Text("rows {rows}", "satırlar: {rows}")).format(
        rows=", ".join(shown)
    )


@dataclass(frozen=True, slots=True)
class _Question:
    """The warnings of a flaw in what is filled in: in these rows, or only in texts as a whole."""

    in_rows: Text
    in_texts: Text


_FLAWS: Mapping[Flaw, _Question] = {
    "promotion": _Question(
        Text(
            "Marked transactional, but what is filled in contains promotion, in {number} of the rows ({rows}). If it promotes "
            "something or sends festive or birthday wishes, it is commercial by law: do not send it like this.",
            "Bilgilendirme olarak işaretli ama doldurulan hücreler tanıtım içeriyor: {number} satır ({rows}). Bir şeyi tanıtıyor "
            "ya da kutluyorsa yasaya göre ticari iletidir: bu hâliyle göndermeyin.",
        ),
        Text(
            "Marked transactional, but filled in the text contains promotion. If it promotes something or sends festive or "
            "birthday wishes, it is commercial by law: do not send it like this.",
            "Bilgilendirme olarak işaretli ama doldurulunca metin tanıtım içeriyor. Bir şeyi tanıtıyor ya da kutluyorsa yasaya "
            "göre ticari iletidir: bu hâliyle göndermeyin.",
        ),
    ),
    "placeholder": _Question(
        Text(
            "Cells that are filled in hold a placeholder themselves, in {number} of the rows ({rows}).",
            "Doldurulan hücrelerin kendisi yer tutucu içeriyor: {number} satır ({rows}).",
        ),
        Text(
            "Filled in, the text contains what looks like a placeholder.",
            "Doldurulunca metin yer tutucuya benzeyen bir şey içeriyor.",
        ),
    ),
    "broken": _Question(
        Text(
            "Cells that are filled in hold damaged letters, or codes in place of characters, in {number} of the rows ({rows}).",
            "Doldurulan hücrelerde bozuk harf ya da karakter yerine kod var: {number} satır ({rows}).",
        ),
        Text(
            "Filled in, the text contains damaged letters, or codes in place of characters.",
            "Doldurulunca metinde bozuk harf ya da karakter yerine kod var.",
        ),
    ),
    "sheet_error": _Question(
        Text(
            "Cells that are filled in show an error of the spreadsheet, in {number} of the rows ({rows}).",
            "Doldurulan hücrelerde hesap tablosu hatası (#YOK gibi) var: {number} satır ({rows}).",
        ),
        Text(
            "Filled in, the text contains an error of the spreadsheet.",
            "Doldurulunca metin hesap tablosu hatası içeriyor.",
        ),
    ),
    "suffix": _Question(
        Text(
            "Cells that are filled in end with B186, in {number} of the rows ({rows}). The carrier adds that itself.",
            "Doldurulan hücreler B186 ile bitiyor: {number} satır ({rows}). Bu kodu operatör kendisi ekler.",
        ),
        Text(
            "Filled in, the text ends with B186. The carrier adds that itself.",
            "Doldurulunca metin B186 ile bitiyor. Bu kodu operatör kendisi ekler.",
        ),
    ),
}


def flaw_warnings(
    filling: Filling, reading: RecipientList, positions: Sequence[int], *, transactional: bool
) -> list[Text]:
    """Return a warning of each flaw that what is filled in has, and the template has not."""
    template = filling.template
    samples = [filling.text(row) for row in filling.samples(positions)]
    columns = [reading.cells[column] for column in template.columns]
    warnings = []
    looked_for = [flaw for flaw in _FLAWS if transactional or flaw != "promotion"]
    for flaw, rows in rows_with(looked_for, columns, positions).items():
        question = _FLAWS[flaw]
        if rows:
            named = describe_rows((reading.rows[row] for row in rows), len(rows))
            warnings.append(question.in_rows.format(number=len(rows), rows=named))
        elif any(FLAWS[flaw](text) for text in samples) and not FLAWS[flaw](template.bare):
            warnings.append(question.in_texts)
    return warnings


_ARRIVES_EMPTY = Text(
    "In English mode nothing of the text would be left for {number} ({rows}): the message would arrive empty.",
    "İngilizce modunda {number} kişi için metinden geriye bir şey kalmaz ({rows}): mesaj boş gider.",
)
_OVERLONG = Text(
    "For {number} ({rows}) the text is too long in one of the modes that the account may be in: their order is refused then.",
    "{number} kişi için metin, hesabın olası modlarından birinde çok uzun ({rows}): o durumda gönderim reddedilir.",
)


def size_warnings(filling: Filling, reading: RecipientList, positions: Sequence[int]) -> list[Text]:
    """Return a warning of the texts that would arrive empty, or be refused for their length, in some mode."""
    warnings = []
    for template, texts in (
        (_ARRIVES_EMPTY, {number for number, each in enumerate(filling.counts) if each.arrives_empty}),
        (_OVERLONG, {number for number, each in enumerate(filling.counts) if each.is_overlong}),
    ):
        rows = [row for row in positions if filling.text_numbers[row] in texts] if texts else []
        if rows:
            named = describe_rows((reading.rows[row] for row in rows), len(rows))
            warnings.append(template.format(number=len(rows), rows=named))
    return warnings


def text_warnings(
    filling: Filling, positions: Sequence[int], message: PendingMessage, now: datetime
) -> tuple[Text, ...]:
    """Return the warnings of a single send, judged on the template with nothing in its fields.

    If a refusal is offered is judged on the whole texts: the way to refuse may be in a column.
    """
    samples = [filling.text(row) for row in filling.samples(positions)]
    return content.warnings(
        filling.template.bare,
        message_type=message.message_type,
        iys_list=message.iys_list,
        when=message.send_at or now,
        sender=message.sender,
        says_how_to_refuse=all(map(content.offers_refusal, samples)),
    )
