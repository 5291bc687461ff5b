"""The warnings about what a campaign fills in: those of a single send, judged on the template and on what is filled in.

Cells are for people: a warning says in which rows something is, and quotes the template at most.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.ledger.attempts import PendingMessage
from iletimerkezi_mcp.lists.filling import Filling
from iletimerkezi_mcp.lists.flaws import FLAWS, Flaw, rows_with
from iletimerkezi_mcp.sms import content

if TYPE_CHECKING:
    from iletimerkezi_mcp.lists.table import RecipientList

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


_FLAWS: Mapping[Flaw, Text] = {
    "promotion": Text(
        "Marked transactional, but filled in, the text contains promotion, {where}. If it promotes something or sends festive "
        "or birthday wishes, it is commercial by law: do not send it like this.",
        "Bilgilendirme olarak işaretli ama doldurulunca metin tanıtım içeriyor: {where}. Bir şeyi tanıtıyor ya da kutluyorsa "
        "yasaya göre ticari iletidir: bu hâliyle göndermeyin.",
    ),
    "placeholder": Text(
        "Filled in, the text contains what looks like a placeholder, {where}.",
        "Doldurulunca metin yer tutucuya benzeyen bir şey içeriyor: {where}.",
    ),
    "broken": Text(
        "Filled in, the text contains damaged letters, or codes in place of characters, {where}.",
        "Doldurulunca metinde bozuk harf ya da karakter yerine kod var: {where}.",
    ),
    "sheet_error": Text(
        "Filled in, the text contains an error of the spreadsheet, {where}.",
        "Doldurulunca metin hesap tablosu hatası (#YOK gibi) içeriyor: {where}.",
    ),
    "suffix": Text(
        "Filled in, the text contains B186, {where}. The carrier adds that itself.",
        "Doldurulunca metin B186 içeriyor: {where}. Bu kodu operatör kendisi ekler.",
    ),
}
_IN_ROWS = Text("in {number} of the rows ({rows})", "{number} satırda ({rows})")
_FOR_EXAMPLE = Text("for example in {rows}", "örneğin {rows}")


def flaw_warnings(
    filling: Filling, reading: RecipientList, positions: Sequence[int], *, transactional: bool
) -> list[Text]:
    """Return a warning of each flaw that what is filled in has, and the template has not.

    If no cell has it, only the texts of the samples as a whole are looked at.
    """
    template = filling.template
    samples = sorted(set(filling.samples(positions)))
    columns = [reading.cells[column] for column in template.columns]
    warnings = []
    looked_for = [flaw for flaw in _FLAWS if transactional or flaw != "promotion"]
    for flaw, rows in rows_with(looked_for, columns, positions).items():
        where = _IN_ROWS.format(number=len(rows), rows=_named(rows, reading))
        if not rows and not FLAWS[flaw](template.bare):
            rows = [row for row in samples if FLAWS[flaw](filling.text(row))]  # noqa: PLW2901 - in place of none
            where = _FOR_EXAMPLE.format(rows=_named(rows, reading))
        if rows:
            warnings.append(_FLAWS[flaw].format(where=where))
    return warnings


def _named(positions: Sequence[int], reading: RecipientList) -> Text:
    return describe_rows((reading.rows[row] for row in positions), len(positions))


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
            warnings.append(template.format(number=len(rows), rows=_named(rows, reading)))
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
