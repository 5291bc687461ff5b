"""The warnings that the ledger adds to a preview: what was done before, and whose order it is."""

from __future__ import annotations

from dataclasses import replace

from iletimerkezi_mcp.language import Text, for_onlooker, sentences
from iletimerkezi_mcp.ledger.attempts import Usage
from iletimerkezi_mcp.settings import NOT_IDENTIFIED
from iletimerkezi_mcp.sms.clock import describe_time
from iletimerkezi_mcp.sms.escape import quoted

from .pending_change import PendingChange, Preview

_MAY_ARRIVE_TWICE = Text(
    "This may arrive twice: the same text may have been sent to {whom} at {started}, its outcome is unknown, and the list of "
    "orders did not show it.",
    "Bu mesaj iki kez ulaşabilir: aynı metin {whom} gönderilmiş olabilir ({started}), sonucu bilinmiyor ve gönderim "
    "listesinde görünmedi.",
)
_STILL_UNKNOWN = Text(
    "This may arrive twice: the same text may have been sent to {whom} at {started}, and nothing has shown its outcome "
    "since.",
    "Bu mesaj iki kez ulaşabilir: aynı metin {whom} gönderilmiş olabilir ({started}), sonucu o zamandan beri belli olmadı.",
)
_READS_ALIKE = Text(
    "A text that reads nearly alike was sent to {whom} at {started}.",
    "Neredeyse aynı okunan bir metin {whom} gönderildi ({started}).",
)
_LOOK_FIRST = for_onlooker(
    Text("Look with iys_check before declaring again.", "Yeniden bildirmeden önce iys_check ile bakın."),
    "Have it looked up in the chat before you approve.",
    "Onaylamadan önce sohbette sorgulatın.",
)
_DECLARED_UNKNOWN = sentences(
    Text(
        "The same may have been declared at {started}, and its outcome is unknown.",
        "Aynı beyan daha önce verilmiş olabilir ({started}), sonucu bilinmiyor.",
    ),
    _LOOK_FIRST,
)
_DECLARED = Text(
    "The same was declared at {started}, and the provider accepted it.",
    "Aynı beyan daha önce verildi ({started}) ve sağlayıcı kabul etti.",
)
_PARTLY_DECLARED_UNKNOWN = sentences(
    Text(
        "Of these {total} records {number} may have been declared before, last at {started}, with unknown outcome: {records}.",
        "Bu {total} izin kaydından {number} tanesi daha önce bildirilmiş olabilir (son bildirim: {started}), sonucu bilinmiyor: "
        "{records}.",
    ),
    _LOOK_FIRST,
)
_PARTLY_DECLARED = Text(
    "Of these {total} records {number} were declared before, last at {started}, and the provider accepted them: {records}.",
    "Bu {total} izin kaydından {number} tanesi daha önce bildirildi (son bildirim: {started}) ve sağlayıcı kabul etti: "
    "{records}.",
)
_RECORDS_NAMED = 5
_RECORD_LENGTH = 300
_THIS_ONE = Text("this recipient", "bu alıcıya")
_SOME = Text("some of these recipients", "bu alıcıların bazılarına")
_UNNAMED_ORDER = Text("Who sent this order is not known.", "Bu gönderimi kimin yaptığı bilinmiyor.")
_OTHERS_ORDER = Text("This order was sent by {owner}, not by you.", "Bu gönderimi siz değil, {owner} yaptı.")


def with_repetition(change: PendingChange, usage: Usage, principal: str) -> Preview:
    """Return the preview of `change`, its first warnings on an earlier attempt like it and on another's order."""
    warnings = []
    if change.message is not None:
        whom = _THIS_ONE if change.count == 1 else _SOME
        if (unsettled_attempt := usage.unsettled_attempt) is not None:
            template = _MAY_ARRIVE_TWICE if unsettled_attempt.state == "not_found" else _STILL_UNKNOWN
            warnings.append(template.format(whom=whom, started=describe_time(unsettled_attempt.started)))
        if (recent_attempt := usage.recent_attempt) is not None:
            warnings.append(_READS_ALIKE.format(whom=whom, started=describe_time(recent_attempt.started)))
    elif change.counted == "consents":
        for whole, partly, earlier, records in (
            (_DECLARED_UNKNOWN, _PARTLY_DECLARED_UNKNOWN, usage.unsettled_attempt, usage.unsettled_records),
            (_DECLARED, _PARTLY_DECLARED, usage.recent_attempt, usage.recent_records),
        ):
            if earlier is not None and len(records) == change.count:
                warnings.append(whole.format(started=describe_time(earlier.started)))
            elif earlier is not None:
                # In quotation marks, so that the audit log leaves them out.
                named = [quoted(change.records[record], _RECORD_LENGTH) for record in records[:_RECORDS_NAMED]]
                more = ["…"] if len(records) > _RECORDS_NAMED else []
                warnings.append(
                    partly.format(
                        total=change.count,
                        number=len(records),
                        started=describe_time(earlier.started),
                        records=", ".join(named + more),
                    )
                )
    if change.owner and change.owner != principal:
        others = _UNNAMED_ORDER if change.owner == NOT_IDENTIFIED else _OTHERS_ORDER.format(owner=change.owner)
        warnings.append(others)
    return replace(change.preview, warnings=(*warnings, *change.preview.warnings))
