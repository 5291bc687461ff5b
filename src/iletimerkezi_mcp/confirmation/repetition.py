"""The warnings that the ledger adds to a preview: what was done before, and whose order it is."""

from __future__ import annotations

from dataclasses import replace

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.ledger.attempts import Attempt, Usage
from iletimerkezi_mcp.sms.clock import describe_time

from .pending_change import PendingChange, Preview

_MAY_ARRIVE_TWICE = Text(
    "This may arrive twice: the same text was sent to some of these people at {started}, its outcome is unknown, and "
    "get_reports did not show it.",
    "Bu mesaj iki kez ulaşabilir: aynı metin bu kişilerin bazılarına gönderildi ({started}), sonucu bilinmiyor ve "
    "get_reports listesinde görünmedi.",
)
_STILL_UNKNOWN = Text(
    "This may arrive twice: the same text was sent to some of these people at {started}, and nothing has shown its "
    "outcome since.",
    "Bu mesaj iki kez ulaşabilir: aynı metin bu kişilerin bazılarına gönderildi ({started}) ve sonucu o zamandan beri "
    "belli olmadı.",
)
_READS_ALIKE = Text(
    "A text that reads nearly alike was sent to some of these people at {started}.",
    "Neredeyse aynı okunan bir metin bu kişilerin bazılarına gönderildi ({started}).",
)
_DECLARED_UNKNOWN = Text(
    "The same was declared at {started}, and its outcome is unknown: look with iys_check before declaring it again.",
    "Aynı beyan daha önce verildi ({started}) ve sonucu bilinmiyor: yeniden vermeden önce iys_check ile bakın.",
)
_DECLARED = Text(
    "The same was declared at {started}, and the provider accepted it.",
    "Aynı beyan daha önce verildi ({started}) ve sağlayıcı kabul etti.",
)
_OTHERS_ORDER = Text("This order was sent by {owner}, not by you.", "Bu gönderimi siz değil, {owner} yaptı.")


def with_repetition(change: PendingChange, usage: Usage, principal: str) -> Preview:
    """Return the preview of `change`, its first warnings on an earlier attempt like it and on another's order."""
    found: list[tuple[Text, Attempt | None]] = []
    if change.message is not None:
        not_found = usage.doubt is not None and usage.doubt.state == "not_found"
        found = [(_MAY_ARRIVE_TWICE if not_found else _STILL_UNKNOWN, usage.doubt), (_READS_ALIKE, usage.similar)]
    elif change.counted == "consents":
        found = [(_DECLARED_UNKNOWN, usage.doubt), (_DECLARED, usage.similar)]
    warnings = [words.format(started=describe_time(earlier.started)) for words, earlier in found if earlier is not None]
    if change.owner and change.owner != principal:
        warnings.append(_OTHERS_ORDER.format(owner=change.owner))
    return replace(change.preview, warnings=(*warnings, *change.preview.warnings))
