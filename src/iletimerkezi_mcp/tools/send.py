"""Sending an SMS order: `send_sms`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Annotated, Any

from anyio import to_thread
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from iletimerkezi_mcp.confirmation.pending_change import Acceptance, PendingChange, PreviewExpiry
from iletimerkezi_mcp.language import UNSAID, Text
from iletimerkezi_mcp.ledger.attempts import PendingMessage
from iletimerkezi_mcp.lists.error import ListError
from iletimerkezi_mcp.provider import orders as provider
from iletimerkezi_mcp.provider.client import ApiClient
from iletimerkezi_mcp.provider.codes import STAYS_COMMERCIAL
from iletimerkezi_mcp.provider.orders import MAX_ORDER_RECIPIENTS, OutgoingMessage, OutgoingOrder, Sender
from iletimerkezi_mcp.provider.send_progress import OnSent
from iletimerkezi_mcp.sms import content
from iletimerkezi_mcp.sms.alphabet import CharacterMode, compose
from iletimerkezi_mcp.sms.clock import ISTANBUL
from iletimerkezi_mcp.sms.content import TEST_SENDER, IysList, MessageType, quote_some
from iletimerkezi_mcp.sms.escape import escape, is_blank, within_quotes
from iletimerkezi_mcp.sms.numbers import Recipients, parse_numbers
from iletimerkezi_mcp.sms.parts import MAX_PARTS, MessageSize, size_message
from iletimerkezi_mcp.sms.senders import SenderError, parse_sender
from iletimerkezi_mcp.sms.times import TimeError, parse_send_at

from .answers import ChangeAnswer, iso
from .arguments import ChangeArguments
from .context import ServerContext
from .errors import PreconditionError, Problems
from .fields import ASKS_FIRST, ConfirmArgument, DryRunArgument, Flag, capped_text, numbers_as_text, quotable
from .send_preview import acceptance, describe_duplicates, preview, too_long
from .tool import ChangeTool

NIGHT = Text("it is night by now, from 21:00 on", "artık gece, saat 21:00'i geçti")

NO_LIST = "NONE"
"""The `iys_list` that is none, for hosts that have to fill in every argument. (A null branch would break others.)"""

CANNOT_BE_CALLED_BACK = Text("A message that has gone out cannot be called back.", "Giden mesaj geri alınamaz.")
CAN_BE_CANCELLED = Text("It can be cancelled until it begins to go out.", "Gönderim başlayana kadar iptal edilebilir.")

_USABLE = Text(
    "Usable entries: {usable} of {total}; leave the others out only if the user says so.",
    "Kullanılabilir: {total} kayıttan {usable} tanesi; diğerlerini ancak kullanıcı isterse çıkarın.",
    person=Text("Usable entries: {usable} of {total}.", "Kullanılabilir: {total} kayıttan {usable} tanesi."),
)
_ASK_FOR_SENDER = Text(
    "Ask the user for the sender; do not choose another yourself.",
    "Başlığı kullanıcıya sorun; kendiniz başka başlık seçmeyin.",
    person=UNSAID,
)

OPERATOR_MENDS = Text(
    "Tell the user: the operator has to mend the file.",
    "Kullanıcıya söyleyin: dosyayı yönetici düzeltmeli.",
    person=Text("The operator has to mend the file.", "Dosyayı yönetici düzeltir."),
)
NOTHING_DONE = Text("Nothing was done. {reason}", "Hiçbir şey yapılmadı. {reason}")
_BARRED = Text(
    "include numbers of the operator's do-not-contact file (ILETIMERKEZI_DO_NOT_CONTACT), to whom no commercial message goes: "
    "{numbers}",
    "yöneticinin iletişim kurulmayacaklar dosyasındaki (ILETIMERKEZI_DO_NOT_CONTACT), ticari ileti gönderilmeyen numaraları "
    "içeriyor: {numbers}",
)

SHORT_LIST = 500
"""Recipients up to which a list is read without a thread."""

MAX_LABEL = 60
"""Characters of a label."""


class SendArguments(ChangeArguments):
    recipients: Annotated[
        list[Annotated[str, capped_text(64)]],
        BeforeValidator(numbers_as_text),
        Field(
            min_length=1,
            max_length=MAX_ORDER_RECIPIENTS,
            description='1 to 50,000 mobile numbers, any usual spelling, e.g. ["+905321234567"].',
        ),
    ]
    text: Annotated[
        str,
        Field(
            min_length=1,
            max_length=2_000,
            description=f"Word for word, at most {MAX_PARTS} parts (1,000 characters; 440 with emoji), "
            'e.g. "Siparişiniz yola çıktı." Without B186, which the carrier adds.',
        ),
    ]
    message_type: Annotated[
        MessageType,
        Field(
            description="A legal statement about the content (Law 6563), not the number of recipients. "
            "transactional: only informs, about something the person has with the company (order, delivery, payment, "
            "debt, appointment, membership, security, one-time code) or as a notice to staff or the public (shift, closing hours, "
            "outage). commercial: promotes goods, services or the firm's name (campaign, discount, coupon, cart "
            "reminder, festive greeting, survey), even by one promotional word in a notice; its text must name a way to refuse "
            "(RET, İleti Yönetim). If unsure ask the user; never change it to get past a refusal."
        ),
    ]
    iys_list: Annotated[
        IysList | None,
        BeforeValidator(lambda value: None if value == NO_LIST else value),
        Field(
            description="Required with commercial: BIREYSEL consumers, TACIR merchants. NONE with transactional.",
            json_schema_extra=lambda schema: schema["enum"].append(NO_LIST),
        ),
    ] = None
    sender: Annotated[
        str | None,
        capped_text(
            64,
            "Approved name (get_sender), at most 11 characters, case exact, e.g. FIRMAADI. Left out: the default.",
        ),
    ] = None
    send_at: Annotated[
        str | None,
        capped_text(40, "ISO 8601 to the minute, Istanbul time without offset, e.g. 2026-12-25T10:00. Left out: now."),
    ] = None
    label: Annotated[
        str | None,
        Field(
            max_length=MAX_LABEL,
            description='Your own name for the order, not sent, e.g. "Kasım indirimi".',
        ),
    ] = None
    skip_recent: Annotated[
        Flag, Field(description="true, after outcome held_back: leaves out who has or may have this text.")
    ] = False
    dry_run: DryRunArgument = False
    confirm: ConfirmArgument | None = None

    @classmethod
    def end_of_refusal(cls, arguments: Mapping[str, Any]) -> Text | None:
        """Return the sentence for a commercial send: a model that is refused one tries the other type next."""
        return STAYS_COMMERCIAL if arguments.get("message_type") == "commercial" else None


class ArrivingText(BaseModel):
    """The text as it arrives if the account is in `mode`: a character mode, or `any` if all do the same."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    mode: str
    text: str


class SendAnswer(ChangeAnswer):
    order_id: str | None = None
    recipients: int | None = None
    duplicates: int | None = None
    skipped: int | None = None
    sender: str | None = None
    message_type: str | None = None
    send_at: str | None = None
    alphabet: str | None = None
    parts: int | None = None
    credits: int | None = None
    label: str | None = None
    arrives_as: list[ArrivingText] | None = None


async def plan_send(arguments: SendArguments, context: ServerContext) -> PendingChange:
    """Return the whole change of a `send_sms` call. Raises :class:`.BadArgumentsError`; makes no request."""
    now = context.clock()
    problems = Problems()
    recipients = await _recipients(arguments.recipients, context, problems)
    size = _size(arguments.text, context, problems)
    sender = choose_sender(arguments.sender, context, problems)
    check_type(arguments.message_type, arguments.iys_list, sender, problems)
    send_at = read_send_at(arguments.send_at, now, problems)
    if arguments.message_type == "commercial":
        await _check_do_not_contact(recipients, context, problems)
    problems.raise_if_any()
    plan = partial(_plan, arguments, context, sender=Sender(sender), size=size, send_at=send_at, now=now)
    whole = plan(recipients)
    if not arguments.skip_recent:
        return whole
    _, usage = await context.ledger.look_up(whole)
    held = () if usage.overlap is None else usage.overlap.recipients
    rest = recipients.without(held)
    # If none is left the whole list is held back, with the reason.
    return plan(rest, skipped=len(held)) if rest.numbers else whole


def _plan(
    arguments: SendArguments,
    context: ServerContext,
    recipients: Recipients,
    *,
    sender: Sender,
    size: MessageSize,
    send_at: datetime | None,
    now: datetime,
    skipped: int | None = None,
) -> PendingChange:
    """Return the change that sends to `recipients`, of whom `skipped` were left out because they have the text."""
    text = OutgoingMessage(compose(arguments.text), recipients.numbers)
    order = OutgoingOrder(sender, (text,), arguments.iys_list, send_at)
    message = _message(arguments, order, recipients, size)
    commercial_now = message.commercial and message.send_at is None
    at_night = commercial_now and content.is_night(now)

    async def execute(client: ApiClient, on_sent: OnSent) -> Acceptance:
        order_id = await client.call(provider.SEND_SMS, order, on_sent=on_sent)
        return acceptance(message, order_id)

    return PendingChange(
        tool="send_sms",
        canonical=_canonical(message),
        preview_conditions={"character_mode": context.settings.character_mode, "at_night": at_night},
        preview=preview(message, arguments.text, size, recipients, skipped, context.recent_reads, now),
        answer_fields={
            **_answer_fields(message, size, recipients.duplicates),
            "skipped": skipped,
            "arrives_as": _arrives_as(message, size, context.settings.character_mode),
        },
        how_to_verify=provider.SEND_SMS.how_to_verify(order).format(day=f"{now.astimezone(ISTANBUL):%Y-%m-%d}"),
        execute=execute,
        caution=CANNOT_BE_CALLED_BACK if message.send_at is None else CAN_BE_CANCELLED,
        count=len(message.recipients),
        counted="recipients",
        message=message,
        preview_expiry=PreviewExpiry(content.next_night(now), NIGHT) if commercial_now and not at_night else None,
    )


def _message(
    arguments: SendArguments, order: OutgoingOrder, recipients: Recipients, size: MessageSize
) -> PendingMessage:
    return PendingMessage(
        text=order.messages[0].text,
        recipients=recipients.numbers,
        recipients_digest=recipients.recipients_digest,
        sender=order.sender,
        message_type=arguments.message_type,
        iys_list=order.iys_list,
        send_at=order.send_at,
        credits=size.credits_at_most(len(recipients.numbers)),
        label=within_quotes(arguments.label.strip(), MAX_LABEL) if arguments.label else None,
    )


def _canonical(message: PendingMessage) -> dict[str, Any]:
    """Return all that a person confirms, in one spelling."""
    return {
        "recipients": message.recipients_digest.hex(),
        "text": message.text,
        "message_type": message.message_type,
        "iys_list": message.iys_list,
        "sender": message.sender,
        "send_at": iso(message.send_at),
        "label": message.label,
    }


def _answer_fields(message: PendingMessage, size: MessageSize, duplicates: int) -> dict[str, Any]:
    return {
        "recipients": len(message.recipients),
        "duplicates": duplicates,
        "sender": message.sender,
        "message_type": message.message_type,
        "send_at": message.send_at.isoformat(timespec="minutes") if message.send_at else "now",
        "alphabet": size.dearest.rendering.alphabet.value,
        "parts": size.parts,
        "credits": message.credits,
        "label": message.label,
    }


def _arrives_as(message: PendingMessage, size: MessageSize, mode: CharacterMode | None) -> list[ArrivingText] | None:
    """Return the text as it arrives, in each mode that makes a difference; None if the provider sends a text of its own."""
    if message.sender == TEST_SENDER:
        return None
    any_mode = mode is None and len(size.variants) == 1
    return [
        ArrivingText(
            mode="any" if any_mode else variant.mode.value,
            text="\n".join(map(escape, variant.rendering.text.split("\n"))),
        )
        for variant in size.variants
    ]


async def _recipients(raws: list[str], context: ServerContext, problems: Problems) -> Recipients:
    """Make `raws` canonical; a long list in a thread, for 50,000 in any spelling take up to 400 ms."""
    parse = partial(parse_numbers, raws, international=context.settings.abroad)
    long = len(raws) > SHORT_LIST
    recipients = await to_thread.run_sync(parse, abandon_on_cancel=True) if long else parse()
    for rejected in recipients.rejected:
        problems.add(f"recipients[{rejected.position}]", rejected.reason, quotable(rejected.written, context))
    problems.add_more(recipients.rejected_count - len(recipients.rejected))
    if recipients.rejected_count and recipients.numbers:
        problems.add_note(_USABLE.format(usable=len(raws) - recipients.rejected_count, total=len(raws)))
    if recipients.duplicates:
        note = Text("Duplicates: {duplicates}.", "Mükerrer numaralar: {duplicates}.")
        problems.add_note(note.format(duplicates=describe_duplicates(recipients)))
    return recipients


async def _check_do_not_contact(recipients: Recipients, context: ServerContext, problems: Problems) -> None:
    """Note the recipients who are in the operator's file of people not to be contacted."""
    try:
        barred = await context.do_not_contact.numbers()
    except ListError as error:
        raise PreconditionError(NOTHING_DONE.format(reason=error.reason), OPERATOR_MENDS) from None
    if numbers := [number for number in recipients.numbers if number in barred]:
        problems.add("recipients", _BARRED.format(numbers=quote_some(numbers)))


def _size(text: str, context: ServerContext, problems: Problems) -> MessageSize:
    size = size_message(text, context.settings.character_mode)
    if is_blank(text):
        problems.add("text", Text("must not be blank", "boş olamaz"))
    elif size.too_long:
        problems.add("text", too_long(size))
    return size


def choose_sender(raw: str | None, context: ServerContext, problems: Problems) -> str:
    """Return the sender that the call names, else the operator's; what is wrong with it goes to `problems`."""
    sender = context.settings.sender if raw is None else raw
    notes = [*context.recent_reads.approved_senders(), _ASK_FOR_SENDER]
    if sender is None:
        problems.add(
            "sender",
            Text(
                "is missing; name one here (get_sender lists them), or ask the operator to set ILETIMERKEZI_SENDER",
                "eksik; burada verin (onaylıları get_sender listeler) ya da yöneticiden ILETIMERKEZI_SENDER ayarlamasını "
                "isteyin",
                person=Text(
                    "is missing; name one with --sender (get_sender lists them), or set ILETIMERKEZI_SENDER",
                    "eksik; --sender ile verin (onaylıları get_sender listeler) ya da ILETIMERKEZI_SENDER ayarlayın",
                ),
            ),
        )
        problems.add_note(Text.join(" ", notes))
        return ""
    try:
        return parse_sender(sender)
    except SenderError as error:
        problems.add("sender", error.reason)
        problems.add_note(Text.join(" ", notes))
        return sender


def read_send_at(raw: str | None, now: datetime, problems: Problems) -> datetime | None:
    """Return the time that the call names, None for now; what is wrong with it goes to `problems`."""
    try:
        return None if raw is None else parse_send_at(raw, now)
    except TimeError as error:
        problems.add_time("send_at", error, now)
        return None


def check_type(message_type: MessageType, iys_list: IysList | None, sender: str, problems: Problems) -> None:
    """Note in `problems` if type, list of İYS and sender do not go together."""
    if message_type == "commercial" and iys_list is None:
        problems.add(
            "iys_list",
            Text(
                "is required with commercial: BIREYSEL for consumers, TACIR for merchants",
                "ticari iletide zorunlu: tüketiciler için BIREYSEL, tacirler için TACIR",
            ),
        )
    if message_type == "commercial" and sender == TEST_SENDER:
        problems.add(
            "sender",
            Text(
                "APITEST sends no commercial message: it checks no consent in İYS and replaces the text",
                "APITEST ticari ileti göndermez: İYS'ye sormaz ve metni değiştirir",
            ),
        )
    if message_type == "transactional" and iys_list is not None:
        problems.add(
            "iys_list",
            Text(
                "does not go with transactional; leave it out, or give {none}",
                "transactional iletide kullanılmaz; çıkarın ya da {none} verin",
            ).format(none=NO_LIST),
        )


SEND_SMS = ChangeTool(
    name="send_sms",
    title="Send an SMS",
    description="Sends one SMS text to one or many numbers, now or at send_at; different texts need separate calls. Costs up to "
    "one credit per part and recipient: dry_run tells how many. What has gone out cannot be called back; cancel_order stops "
    f"what is scheduled. {ASKS_FIRST} Outcome done means accepted: get_report tells delivery; unknown may have gone out: look "
    "in get_reports, do not repeat.",
    summary=Text(
        "sends one text to 1 to 50,000 numbers, now or later",
        "bir metni 1-50.000 numaraya, hemen ya da ileri bir zamanda gönderir",
    ),
    arguments=SendArguments,
    answer=SendAnswer,
    idempotent=False,
    plan=plan_send,
    example={"recipients": ["05321234567"], "text": "Siparişiniz yola çıktı.", "message_type": "transactional"},
)
