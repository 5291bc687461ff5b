"""The terms of a message besides its text and recipients, the same for one order and for a campaign: read, checked, in words."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from iletimerkezi_mcp.confirmation.pending_change import PreviewExpiry
from iletimerkezi_mcp.language import TELL_USER, Text, for_model, sentences
from iletimerkezi_mcp.ledger.attempts import PendingMessage
from iletimerkezi_mcp.lists.error import ListError
from iletimerkezi_mcp.provider.codes import STAYS_COMMERCIAL
from iletimerkezi_mcp.provider.orders import OutgoingMessage, OutgoingOrder, Sender
from iletimerkezi_mcp.sms.content import TEST_SENDER, IysList, MessageType, is_night, next_night
from iletimerkezi_mcp.sms.escape import is_blank, within_quotes
from iletimerkezi_mcp.sms.numbers import PhoneNumber, digest_of_recipients
from iletimerkezi_mcp.sms.senders import SenderError, parse_sender
from iletimerkezi_mcp.sms.times import TimeError, parse_send_at

from .answers import iso
from .arguments import ChangeArguments
from .context import ServerContext
from .errors import NOTHING_DONE, PreconditionError, Problems

MAX_LABEL = 60
"""Characters of a label."""

_NIGHT = Text("it is night by now, from 21:00 on", "artık gece, saat 21:00'i geçti")

NO_LIST = "NONE"
"""The `iys_list` that is none, for hosts that have to fill in every argument. (A null branch would break others.)"""

CANNOT_BE_CALLED_BACK = Text("A message that has gone out cannot be called back.", "Giden mesaj geri alınamaz.")
CAN_BE_CANCELLED = Text("It can be cancelled until it begins to go out.", "Gönderim başlayana kadar iptal edilebilir.")


class SendingArguments(ChangeArguments):
    """The arguments of a tool that sends something."""

    if TYPE_CHECKING:
        text: str
        message_type: MessageType
        iys_list: IysList | None
        sender: str | None
        send_at: str | None
        label: str | None

    @classmethod
    def end_of_refusal(cls, arguments: Mapping[str, Any]) -> Text | None:
        """Return the sentence for a commercial send: a model that is refused one tries the other type next."""
        return STAYS_COMMERCIAL if arguments.get("message_type") == "commercial" else None


@dataclass(frozen=True, slots=True)
class SendingTerms:
    """The arguments of a call besides its text and its recipients, checked."""

    sender: Sender
    message_type: MessageType
    iys_list: IysList | None
    send_at: datetime | None
    label: str | None

    @classmethod
    def read(
        cls, arguments: SendingArguments, context: ServerContext, now: datetime, problems: Problems
    ) -> SendingTerms:
        """Return the terms of a call; what is wrong with them, or with a blank text, goes to `problems`."""
        if is_blank(arguments.text):
            problems.add("text", Text("must not be blank", "boş olamaz"))
        sender = _choose_sender(arguments.sender, context, problems)
        _check_type(arguments.message_type, arguments.iys_list, sender, problems)
        send_at = _read_send_at(arguments.send_at, now, problems)
        label = within_quotes(arguments.label.strip(), MAX_LABEL) if arguments.label else None
        return cls(Sender(sender), arguments.message_type, arguments.iys_list, send_at, label)

    def message(
        self,
        text: str,
        numbers: tuple[PhoneNumber, ...],
        credits_: int,
        *,
        digest: bytes | None = None,
        held: bool = True,
    ) -> PendingMessage:
        """Return the message to these canonical numbers, whose `digest` may be known, as limits and ledger see it."""
        return PendingMessage(
            text=text,
            recipients=numbers,
            recipients_digest=digest or digest_of_recipients(numbers),
            sender=self.sender,
            message_type=self.message_type,
            iys_list=self.iys_list,
            send_at=self.send_at,
            credits=credits_,
            label=self.label,
            held=held,
        )

    def order(self, messages: tuple[OutgoingMessage, ...]) -> OutgoingOrder:
        """Return the order of these messages."""
        return OutgoingOrder(self.sender, messages, self.iys_list, self.send_at)


def canonical(message: PendingMessage) -> dict[str, Any]:
    """Return what a person confirms of a message, in one spelling."""
    return {
        "recipients": message.recipients_digest.hex(),
        "text": message.text,
        "message_type": message.message_type,
        "iys_list": message.iys_list,
        "sender": message.sender,
        "send_at": iso(message.send_at),
        "label": message.label,
    }


def message_fields(message: PendingMessage) -> dict[str, Any]:
    """Return the fields that an answer has of a message."""
    return {
        "recipients": len(message.recipients),
        "sender": message.sender,
        "message_type": message.message_type,
        "send_at": message.send_at.isoformat(timespec="minutes") if message.send_at else "now",
        "credits": message.credits,
        "label": message.label,
    }


def at_night(message: PendingMessage, now: datetime) -> tuple[bool, PreviewExpiry | None]:
    """Return True for a commercial message that goes out at night; and if it does so by day, when the night begins."""
    if not message.commercial or message.send_at is not None:
        return False, None
    if is_night(now):
        return True, None
    return False, PreviewExpiry(next_night(now), _NIGHT)


async def do_not_contact(context: ServerContext) -> Collection[str]:
    """Return the numbers of the operator's file of people not to be contacted. Raises :class:`.PreconditionError`."""
    try:
        return await context.do_not_contact.numbers()
    except ListError as error:
        raise PreconditionError(NOTHING_DONE.format(reason=error.reason), _OPERATOR_MENDS) from None


def _choose_sender(raw: str | None, context: ServerContext, problems: Problems) -> str:
    """Return the sender that the call names, else the operator's; what is wrong with it goes to `problems`."""
    sender = context.settings.sender if raw is None else raw
    notes = [*context.recent_reads.approved_senders(), _ASK_FOR_SENDER]
    if sender is None:
        problems.add(
            "sender",
            Text(
                "is missing; name one (get_sender lists them); the operator can also set ILETIMERKEZI_SENDER",
                "eksik; bir başlık verin (onaylıları get_sender listeler); ILETIMERKEZI_SENDER ile yönetici de ayarlayabilir",
            ),
        )
        problems.add_note(sentences(*notes))
        return ""
    try:
        return parse_sender(sender)
    except SenderError as error:
        problems.add("sender", error.reason)
        problems.add_note(sentences(*notes))
        return sender


def _read_send_at(raw: str | None, now: datetime, problems: Problems) -> datetime | None:
    """Return the time that the call names, None for now; what is wrong with it goes to `problems`."""
    try:
        return None if raw is None else parse_send_at(raw, now)
    except TimeError as error:
        problems.add_time("send_at", error, now)
        return None


def _check_type(message_type: MessageType, iys_list: IysList | None, sender: str, problems: Problems) -> None:
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


_ASK_FOR_SENDER = for_model(
    "Ask the user for the sender; do not choose another yourself.",
    "Başlığı kullanıcıya sorun; kendiniz başka başlık seçmeyin.",
)


_OPERATOR_MENDS = sentences(TELL_USER, Text("The operator has to mend the file.", "Dosyayı yönetici düzeltir."))
