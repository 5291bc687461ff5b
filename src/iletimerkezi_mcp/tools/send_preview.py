"""The words of a send: its preview, and what is said once it is accepted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from iletimerkezi_mcp.confirmation.pending_change import Acceptance, Preview
from iletimerkezi_mcp.confirmation.recent_reads import RecentReads
from iletimerkezi_mcp.language import Text, for_model, for_onlooker, plural, sentences
from iletimerkezi_mcp.ledger.attempts import PendingMessage
from iletimerkezi_mcp.sms import content
from iletimerkezi_mcp.sms.alphabet import Alphabet, CharacterMode, dotted_letters
from iletimerkezi_mcp.sms.clock import describe_time
from iletimerkezi_mcp.sms.content import IysList, MessageType
from iletimerkezi_mcp.sms.escape import escape
from iletimerkezi_mcp.sms.numbers import Recipients
from iletimerkezi_mcp.sms.parts import ALPHABETS, MAX_PARTS, MessageSize, Variant, describe_size

from .arguments import argument

RECIPIENTS_SHOWN = 5
"""The most recipients that a preview shows."""


MESSAGE_TYPES: Mapping[str, Text] = {
    "transactional": Text("transactional", "bilgilendirme (transactional)"),
    "commercial": Text("commercial", "ticari (commercial)"),
}
"""The types in words."""


_MODES: Mapping[CharacterMode, Text] = {
    CharacterMode.ENGLISH: Text("English", "İngilizce"),
    CharacterMode.TURKISH: Text("Turkish", "Türkçe"),
    CharacterMode.UNICODE: Text("Unicode", "Unicode"),
}


def preview(
    message: PendingMessage,
    written: str,
    size: MessageSize,
    recipients: Recipients,
    skipped: int | None,
    reads: RecentReads,
    now: datetime,
    *,
    sandbox: bool,
) -> Preview:
    """Return the preview of `message`, with notes from earlier `reads` and the text as each mode changes it.

    `written` is the text as it came. `skipped` is how many recipients were left out because they have the text already, or may have it.
    """
    warnings, advice = notes(message, reads, now)
    warnings += reads.describe_unreachable(message.recipients, message.iys_list, now)
    if size.arrives_empty:
        warnings.append(
            Text(
                "In English mode nothing of this text would be left: the message would arrive empty.",
                "İngilizce modunda bu metinden geriye bir şey kalmaz: mesaj boş gider.",
            )
        )
    warnings += [_overlong(size, variant) for variant in size.overlong]
    warnings += content.warnings(
        message.text,
        message_type=message.message_type,
        iys_list=message.iys_list,
        when=message.send_at or now,
        sender=message.sender,
    )
    if sandbox and message.iys_list == "BIREYSEL":
        advice.append(NO_REAL_CONSENTS)
    details = _details(message, size, recipients, skipped)
    if dots := dotted_letters(written):
        details.append(_DOTS_FOLDED.format(number=dots))
    details += [
        Text("Arrives in {mode} mode as: {text}", "{mode} modunda şöyle ulaşır: {text}").format(
            mode=_MODES[variant.mode], text=escape(variant.rendering.text)
        )
        for variant in size.variants
        # One changed sign is in the line on the length.
        if len(variant.rendering.substitutions) > 1 and not variant.rendering.is_empty
    ]
    return Preview(_headline(message, now), tuple(warnings), tuple(details), message.text, tuple(advice))


def notes(message: PendingMessage, reads: RecentReads, now: datetime) -> tuple[list[Text], list[Text]]:
    """Return what earlier reads have against a message, and the advice on it."""
    found = [
        note
        for note in (reads.describe_balance(message.credits, now), reads.describe_sender(message.sender, now))
        if note
    ]
    advice = [content.meaning(message.message_type, message.iys_list)]
    advice += [note.text for note in found if not note.against]
    return [note.text for note in found if note.against], advice


NO_REAL_CONSENTS = Text(
    "The sandbox does not ask the real İYS: recipients without an ONAY in the sandbox itself get nothing",
    "Deneme ortamı gerçek İYS'yi sorgulamaz: deneme ortamının kendisinde ONAY kaydı olmayan alıcıya mesaj gitmez",
)
"""The advice on a commercial send to consumers in the sandbox."""

SENDER = Text("Sender: {sender}", "Başlık: {sender}")
LABEL = Text("Label (stays here): {label}", "Etiket (burada kalır): {label}")
_DOTS_FOLDED = Text(
    "Letters i with a separate dot, sent as a plain i: {number}",
    "Noktası ayrı karakter olan, düz i olarak gönderilen i harfi: {number}",
)
_TOO_LONG = Text(
    "has {units} characters ({alphabet}), and {limit} parts, the most that is accepted, hold {most}; shorten it by {excess}",
    "{units} karakter ({alphabet}); kabul edilen en çok {limit} boya {most} karakter sığar; {excess} karakter kısaltın",
)
_MADE_TOO_LONG = Text(
    "{reason}, or take out what makes it {alphabet}: {cause}",
    "{reason} ya da {alphabet} gerektireni çıkarın: {cause}",
)
_OVERLONG = Text(
    "If the account is in {mode} mode, this is refused for its length: {units} characters ({alphabet}), and at most {most} "
    "are accepted.",
    "Hesap {mode} modundaysa bu gönderim uzunluğu yüzünden reddedilir: {units} karakter ({alphabet}), en çok {most} kabul "
    "edilir.",
)
_MADE_OVERLONG = Text("{warning} The cause is {cause}.", "{warning} Nedeni: {cause}.")


def too_long(size: MessageSize) -> Text:
    """Return why a text is too long in every mode that the account may be in, as a phrase for a refusal."""
    variant = min(size.variants, key=lambda each: each.size.units - each.size.most)
    reason = _TOO_LONG.format(**_length(variant), limit=MAX_PARTS, excess=variant.size.units - variant.size.most)
    cause = size.cause_of_length(variant)
    return (
        reason
        if cause is None
        else _MADE_TOO_LONG.format(reason=reason, alphabet=ALPHABETS[variant.size.alphabet], cause=cause)
    )


def _overlong(size: MessageSize, variant: Variant) -> Text:
    """Return the warning of a text that is too long only in a mode that the account may not be in."""
    mode = _MODES[variant.mode]
    if variant.mode is CharacterMode.UNICODE and variant.size.alphabet is Alphabet.TURKISH:
        mode = Text("Turkish or Unicode", "Türkçe ya da Unicode")
    warning = _OVERLONG.format(**_length(variant), mode=mode)
    cause = size.cause_of_length(variant)
    return warning if cause is None else _MADE_OVERLONG.format(warning=warning, cause=cause)


def _length(variant: Variant) -> dict[str, Text | str | int]:
    size = variant.size
    return {"units": size.units, "alphabet": ALPHABETS[size.alphabet], "most": size.most}


def describe_kind(message_type: MessageType, iys_list: IysList | None) -> Text:
    """Return the type of a message, and its list of İYS if it has one."""
    kind = MESSAGE_TYPES[message_type]
    return kind if iys_list is None else Text("{kind} {list}", "{kind} {list}").format(kind=kind, list=iys_list)


def describe_when(message: PendingMessage, now: datetime) -> Text:
    """Return when a message goes out, with the day of the week."""
    if message.send_at is None:
        return Text("now ({time})", "hemen ({time})").format(time=describe_time(now))
    return Text("at {time}", "{time}").format(time=describe_time(message.send_at))


def _headline(message: PendingMessage, now: datetime) -> Text:
    """Return the whole order in one line."""
    return Text(
        "send one SMS to {recipients}, {kind}, {when}, at most {credits}.",
        "{recipients} bir SMS gönderilecek: {kind}, {when}, en çok {credits}.",
    ).format(
        recipients=plural(len(message.recipients), "recipient", "recipients", "alıcıya"),
        kind=describe_kind(message.message_type, message.iys_list),
        when=describe_when(message, now),
        credits=_credits(message),
    )


def _details(message: PendingMessage, size: MessageSize, recipients: Recipients, skipped: int | None) -> list[Text]:
    numbers = ", ".join(message.recipients[:RECIPIENTS_SHOWN])
    more = len(message.recipients) - RECIPIENTS_SHOWN
    lines = [
        SENDER.format(sender=message.sender),
        Text("To: {numbers}", "Alıcılar: {numbers}").format(numbers=numbers)
        if more <= 0
        else Text("To: {numbers} and {more} more", "Alıcılar: {numbers} ve {more} alıcı daha").format(
            numbers=numbers, more=more
        ),
        Text("Length: {length}", "Uzunluk: {length}").format(length=describe_size(size)),
    ]
    if recipients.duplicates:
        lines.append(
            Text("Duplicates removed: {duplicates}", "Çıkarılan mükerrer numara: {duplicates}").format(
                duplicates=describe_duplicates(recipients)
            )
        )
    if skipped:
        lines.append(
            Text(
                "Left out: {number}; they have this text already, or may have it.",
                "Çıkarılan alıcı sayısı: {number}; bu metin daha önce gitti ya da gitmiş olabilir.",
            ).format(number=skipped)
        )
    if message.label is not None:
        lines.append(LABEL.format(label=message.label))
    return lines


def describe_duplicates(recipients: Recipients) -> Text:
    """Return how many entries repeat an earlier one, and the first of them with their places in the list, from 1."""
    entry = Text("entry {place} repeats entry {first}, {number}", "{place}. sıra {first}. sıranın aynısı, {number}")
    entries: list[Text | str] = [
        entry.format(place=repeated.position + 1, first=repeated.first + 1, number=repeated.number)
        for repeated in recipients.repeated
    ]
    if recipients.duplicates > len(entries):
        entries.append("…")
    return Text("{number} ({entries})", "{number} ({entries})").format(
        number=recipients.duplicates, entries=Text.join("; ", entries)
    )


_ACCEPTED = Text(
    "Accepted as order {order_id} for {recipients}, at most {credits}; accepted is not delivered.",
    "Kabul edildi, gönderim no {order_id}: {recipients}, en çok {credits}; kabul edilmesi iletildiği anlamına gelmez.",
)
_SCHEDULED = Text(
    "Accepted as order {order_id} for {recipients}, at most {credits}; scheduled for {time}.",
    "Kabul edildi, gönderim no {order_id}: {recipients}, en çok {credits}; gönderim zamanı {time}.",
)
_SAY_ACCEPTED = for_model(
    "Tell the user that it is accepted, with the order number {order_id}.",
    "Kullanıcıya kabul edildiğini gönderim numarasıyla ({order_id}) söyleyin.",
)
_SAY_SCHEDULED = for_model(
    "Tell the user that it is accepted and scheduled, with the order number {order_id}.",
    "Kullanıcıya kabul edildiğini ve gönderim zamanını gönderim numarasıyla ({order_id}) söyleyin.",
)
_SEE_REPORT = for_onlooker(
    Text("get_report with {order} shows what was delivered.", "Nelerin iletildiğini {order} ile get_report gösterir."),
    "Ask in the chat what was delivered.",
    "Nelerin iletildiğini sohbette sorun.",
)
_CAN_STOP = for_onlooker(
    Text("Until then cancel_order with {order} can stop it.", "O zamana kadar {order} ile cancel_order durdurabilir."),
    "Until then you can ask in the chat to have it cancelled.",
    "O zamana kadar iptal edilmesini sohbette isteyebilirsiniz.",
)


def acceptance(message: PendingMessage, order_id: str) -> Acceptance:
    """Return what to say once the provider has accepted the order."""
    summary, say, then = _ACCEPTED, _SAY_ACCEPTED, _SEE_REPORT
    facts: dict[str, Text | str] = {"recipients": _recipients(message), "credits": _credits(message)}
    if message.send_at is not None:
        summary, say, then = _SCHEDULED, _SAY_SCHEDULED, _CAN_STOP
        facts["time"] = describe_time(message.send_at)
    next_step = sentences(say.format(order_id=order_id), then.format(order=argument("order_id", order_id)))
    return Acceptance(summary.format(order_id=order_id, **facts), next_step, order_id)


def _recipients(message: PendingMessage) -> Text:
    return plural(len(message.recipients), "recipient", "recipients", "alıcı")


def _credits(message: PendingMessage) -> Text:
    return plural(message.credits, "credit", "credits", "kredi")
