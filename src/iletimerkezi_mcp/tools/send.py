"""Sending an SMS order: `send_sms`."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Annotated

from anyio import to_thread
from pydantic import BeforeValidator, Field

from iletimerkezi_mcp.confirmation.pending_change import Acceptance, PendingChange
from iletimerkezi_mcp.language import Text, for_model, sentences
from iletimerkezi_mcp.ledger.attempts import PendingMessage
from iletimerkezi_mcp.provider import orders as provider
from iletimerkezi_mcp.provider.client import ApiClient
from iletimerkezi_mcp.provider.orders import MAX_ORDER_RECIPIENTS, OutgoingMessage
from iletimerkezi_mcp.provider.send_progress import OnSent
from iletimerkezi_mcp.sms.alphabet import CharacterMode, compose
from iletimerkezi_mcp.sms.clock import ISTANBUL
from iletimerkezi_mcp.sms.content import TEST_SENDER, IysList, MessageType, quote_some
from iletimerkezi_mcp.sms.escape import escape
from iletimerkezi_mcp.sms.numbers import Recipients, parse_numbers
from iletimerkezi_mcp.sms.parts import MAX_PARTS, MessageSize, size_message

from .answers import AnswerPart, ChangeAnswer
from .context import ServerContext
from .errors import Problems
from .fields import ASKS_FIRST, ConfirmArgument, DryRunArgument, Flag, capped_text, numbers_as_text, quotable
from .send_preview import acceptance, describe_duplicates, preview, too_long
from .sending_terms import (
    CAN_BE_CANCELLED,
    CANNOT_BE_CALLED_BACK,
    MAX_LABEL,
    NO_LIST,
    SendingArguments,
    SendingTerms,
    at_night,
    canonical,
    do_not_contact,
    message_fields,
)
from .tool import ChangeTool

_USABLE = sentences(
    Text("Usable entries: {usable} of {total}.", "Kullanılabilir: {total} kayıttan {usable} tanesi."),
    for_model("Leave the others out only if the user says so.", "Diğerlerini ancak kullanıcı isterse çıkarın."),
)
_BARRED = Text(
    "include numbers of the operator's do-not-contact file (ILETIMERKEZI_DO_NOT_CONTACT), to whom no commercial message goes: "
    "{numbers}",
    "yöneticinin iletişim kurulmayacaklar dosyasındaki (ILETIMERKEZI_DO_NOT_CONTACT), ticari ileti gönderilmeyen numaraları "
    "içeriyor: {numbers}",
)

SHORT_LIST = 500
"""Recipients up to which a list is read without a thread."""


class SendArguments(SendingArguments):
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


class ArrivingText(AnswerPart):
    """The text as it arrives if the account is in `mode`: a character mode, or `any` if all do the same."""

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
    size = size_message(arguments.text, context.settings.character_mode)
    if size.too_long:
        problems.add("text", too_long(size))
    terms = SendingTerms.read(arguments, context, now, problems)
    if terms.message_type == "commercial":
        barred = await do_not_contact(context)
        if numbers := [number for number in recipients.numbers if number in barred]:
            problems.add("recipients", _BARRED.format(numbers=quote_some(numbers)))
    problems.raise_if_any()
    plan = partial(_plan, arguments, terms, size, context, now)
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
    terms: SendingTerms,
    size: MessageSize,
    context: ServerContext,
    now: datetime,
    recipients: Recipients,
    *,
    skipped: int | None = None,
) -> PendingChange:
    """Return the change that sends to `recipients`, of whom `skipped` were left out because they have the text."""
    numbers, text = recipients.numbers, compose(arguments.text)
    order = terms.order((OutgoingMessage(text, numbers),))
    credits_ = size.credits_at_most(len(numbers))
    message = terms.message(text, numbers, credits_)
    by_night, expiry = at_night(message, now)

    async def execute(client: ApiClient, on_sent: OnSent) -> Acceptance:
        order_id = await client.call(provider.SEND_SMS, order, on_sent=on_sent)
        return acceptance(message, order_id)

    return PendingChange(
        tool="send_sms",
        canonical=canonical(message),
        preview_conditions={"character_mode": context.settings.character_mode, "at_night": by_night},
        preview=preview(
            message,
            arguments.text,
            size,
            recipients,
            skipped,
            context.recent_reads,
            now,
            sandbox=context.settings.sandbox,
        ),
        answer_fields={
            **message_fields(message),
            "duplicates": recipients.duplicates,
            "alphabet": size.dearest.rendering.alphabet.value,
            "parts": size.parts,
            "skipped": skipped,
            "arrives_as": _arrives_as(message, size, context.settings.character_mode),
        },
        how_to_verify=provider.SEND_SMS.how_to_verify(order).format(day=f"{now.astimezone(ISTANBUL):%Y-%m-%d}"),
        execute=execute,
        caution=CANNOT_BE_CALLED_BACK if message.send_at is None else CAN_BE_CANCELLED,
        count=len(message.recipients),
        counted="recipients",
        message=message,
        rules_apply=True,
        preview_expiry=expiry,
    )


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
