"""send-sms and cancel-order (contract, sections 3 and 4)."""

from __future__ import annotations

import hashlib
import math
import zlib
from typing import Any, NamedTuple

from iletimerkezi_mcp.sms.alphabet import CharacterMode, render
from iletimerkezi_mcp.sms.parts import measure

from . import envelope, moments, phones
from . import magic_numbers as magic
from .account import credits_left, is_sender
from .blacklist import blocked
from .consents import is_reachable
from .fixtures import FIRST_ORDER
from .request_context import Json, RefusalError, RequestContext, SimulatedAccount

MAX_ORDER_SIZE = 50_000
"""Recipients of one order (section 2). More give 453, "the order's size is exceeded": the code is a guess.

Of an order of several texts it may as well count the messages (section 16, point 6): one number makes it do so.
"""

REPEAT_SECONDS = 600
"""The seconds for which an equal order is refused as a repetition (section 3)."""

TEST_SENDER = "APITEST"
"""The sender that sends without İYS and with a text of its own (section 3)."""

TEST_TEXT = "Bu bir iletiMerkezi API test mesajidir."
"""The text that arrives from `TEST_SENDER`. The real wording is not known (section 14, point 8)."""

LONGEST_SENDER = 11
"""Characters of a sender, blanks included (section 2)."""


_REPEATED = "SELECT 1 FROM orders WHERE digest = ? AND accepted_at > ? AND stopped_at IS NULL"
_NEW_ORDER = """INSERT INTO orders (id, sender, accepted_at, send_at, digest, stopped_at)
    VALUES ((SELECT COALESCE(max(id) + 1, ?) FROM orders), ?, ?, ?, ?, ?) RETURNING id"""
_NEW_RECIPIENT = """INSERT INTO recipients (order_id, position, number, fate, settles_at, credits)
    VALUES (?, ?, ?, ?, ?, ?)"""


class Recipient(NamedTuple):
    """One recipient: the number, or, if it is not `valid`, what was given for one."""

    number: str
    valid: bool


class OrderMessage(NamedTuple):
    """One text and whom it goes to, each as often as listed."""

    text: str
    recipients: list[Recipient]


def send_sms(fields: Json, context: RequestContext) -> Json:
    """Accept an order, a text or several with their recipients, and return its number.

    Raises :class:`RefusalError`, in this order: 400 for a wrong shape; 459, 460, 450 for the sender; 468, 469, 470 for
    İYS; 454 for an empty text; 457 for the schedule; 453 for the size; 452 if no recipient can be reached; 451 for a
    repetition; 402 for the balance.
    """
    order = envelope.child(fields, "order")
    messages = _messages(order.get("message"), context.account)
    sender = envelope.text(order, "sender")
    magic.apply(context, (recipient.number for message in messages for recipient in message.recipients))
    _check_sender(sender, context)
    iys_list = None if sender == TEST_SENDER else _iys_list(order, context.account)
    if not all(message.text.strip() for message in messages):
        raise RefusalError(454)
    try:
        send_at = moments.read_schedule(order.get("sendDateTime"), context.now)
    except ValueError:
        raise RefusalError(457) from None
    effects = {magic.FATES.get(recipient.number) for message in messages for recipient in message.recipients}
    size = len(messages) if "messages_counted" in effects else sum(len(message.recipients) for message in messages)
    if size > MAX_ORDER_SIZE:
        raise RefusalError(453)
    digest = _digest(messages)
    if "first_text_only" in effects:
        del messages[1:]
    costs = _costs(messages, context.account.mode, test=sender == TEST_SENDER)
    block = blocked(context)
    if not any(recipient.valid and recipient.number not in block for recipient, _ in costs):
        raise RefusalError(452)
    if context.db.execute(_REPEATED, (digest, context.now - REPEAT_SECONDS)).fetchone() is not None:
        raise RefusalError(451)
    if sum(parts for _, parts in costs) > credits_left(context):
        raise RefusalError(402)
    stopped_at = context.now if "rejected" in effects else None
    row = (FIRST_ORDER, sender, context.now, send_at, digest, stopped_at)
    (order_id,) = context.db.execute(_NEW_ORDER, row).fetchone()
    reachable = is_reachable(context, iys_list)

    # Numbers on the blacklist are no part of the order: neither in its total nor in its report.
    costs = [(recipient, parts) for recipient, parts in costs if recipient.number not in block]

    def fate_of(recipient: Recipient) -> tuple[int, float]:
        if not recipient.valid or not reachable(recipient.number):
            return 112, send_at
        return _fate(recipient.number, order_id, send_at)

    context.db.executemany(
        _NEW_RECIPIENT,
        (
            (order_id, place, recipient.number, *fate_of(recipient), parts)
            for place, (recipient, parts) in enumerate(costs)
        ),
    )
    return {"order": {"id": str(order_id)}}


def cancel_order(fields: Json, context: RequestContext) -> Json:
    """Stop a scheduled order before its time.

    Raises :class:`RefusalError` 400 without an id, 455 for an unknown order and for one sent, being sent or stopped
    already.
    """
    order_id = envelope.order_id(envelope.child(fields, "order"))
    rows = context.db.execute("SELECT number FROM recipients WHERE order_id = ? ORDER BY position", (order_id,))
    magic.apply(context, [number for (number,) in rows])
    stopped = context.db.execute(
        "UPDATE orders SET stopped_at = :now WHERE id = :id AND stopped_at IS NULL AND send_at > :now",
        {"id": order_id, "now": context.now},
    )
    if not stopped.rowcount:
        raise RefusalError(455)
    return {}


def _messages(raw: Any, account: SimulatedAccount) -> list[OrderMessage]:
    """Return the messages, from an object or from a list of objects. Raises :class:`RefusalError` 400."""
    messages = [_message(item, account) for item in (raw if isinstance(raw, list) else [raw])]
    if not messages:
        raise RefusalError(400)
    return messages


def _message(raw: object, account: SimulatedAccount) -> OrderMessage:
    if not isinstance(raw, dict):
        raise RefusalError(400)
    numbers = envelope.child(raw, "receipents").get("number")
    if isinstance(numbers, str | int):
        numbers = [numbers]
    if not isinstance(numbers, list) or any(isinstance(raw, bool) or not isinstance(raw, str | int) for raw in numbers):
        raise RefusalError(400)
    recipients = []
    for spelling in map(str, numbers):
        number = phones.read(spelling, abroad=account.abroad)
        recipients.append(Recipient(number or spelling[:20], valid=number is not None))
    return OrderMessage(envelope.text(raw, "text"), recipients)


def _check_sender(sender: str, context: RequestContext) -> None:
    if not sender.strip():
        raise RefusalError(459)
    if len(sender) > LONGEST_SENDER or not sender.isascii():
        raise RefusalError(460)
    if not is_sender(context, sender):
        raise RefusalError(450)


def _iys_list(order: Json, account: SimulatedAccount) -> str | None:
    """Return the İYS list to ask, None for an order without İYS."""
    iys, iys_list = order.get("iys"), order.get("iysList")
    if iys not in ("0", "1", 0, 1) or isinstance(iys, bool):
        raise RefusalError(468)
    if iys in ("0", 0):
        return None
    if iys_list not in ("BIREYSEL", "TACIR"):
        raise RefusalError(469)
    if account.brand_code is None:
        raise RefusalError(470)
    return str(iys_list)


def _costs(messages: list[OrderMessage], mode: CharacterMode, *, test: bool) -> list[tuple[Recipient, int]]:
    """Return each recipient with the parts, and so the credits, of its message in the account's `mode`.

    Raises :class:`RefusalError` 453 for a text above seven parts.
    """
    costs = []
    for message in messages:
        sent = render(TEST_TEXT if test else message.text, mode)
        size = measure(sent.text, sent.alphabet)
        if size.too_long:
            raise RefusalError(453)
        costs += [(recipient, size.parts) for recipient in message.recipients]
    return costs


def _digest(messages: list[OrderMessage]) -> str:
    """Return the same for the same texts to the same recipients, however often and in which order they come."""
    groups: dict[str, set[str]] = {}
    for message in messages:
        groups.setdefault(message.text, set()).update(recipient.number for recipient in message.recipients)
    digest = hashlib.sha256()
    for text in sorted(groups):
        digest.update("\0".join([text, *sorted(groups[text]), ""]).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _fate(number: str, order_id: int, send_at: float) -> tuple[int, float]:
    """Return what becomes of a message, and when: after two to eight seconds, the same on every machine."""
    settles_at = send_at + 2 + zlib.crc32(f"{order_id} {number}".encode()) % 7
    match magic.FATES.get(number):
        case "undelivered":
            return 112, settles_at
        case "waiting":
            return 110, math.inf
        case "slow":
            return 111, send_at + magic.SLOW_SECONDS
        case _:
            return 111, settles_at
