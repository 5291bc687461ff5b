"""send-sms and cancel-order (contract, sections 3 and 4)."""

from __future__ import annotations

import hashlib
import math
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

from iletimerkezi_mcp.sms.alphabet import CharacterMode, render
from iletimerkezi_mcp.sms.parts import measure, too_long

from . import envelope, moments, phones
from . import magic_numbers as magic
from .account import credits_left, is_sender
from .blacklist import blocked
from .consents import may_reach
from .fixtures import FIRST_ORDER
from .request_context import Account, Json, RefusalError, RequestContext

MOST_RECIPIENTS = 50_000
"""Recipients of one order (section 2). More give 453, "the order's size is exceeded": the code is a guess."""

REPEAT_SECONDS = 600
"""How long an equal order is refused as a repetition (section 3)."""

TEST_SENDER = "APITEST"
"""The sender that sends without İYS and with a text of its own (section 3)."""

TEST_TEXT = "Bu bir iletiMerkezi API test mesajidir."
"""What arrives from `TEST_SENDER`. The real wording is not known (section 14, point 8)."""

LONGEST_SENDER = 11
"""Characters of a sender, blanks included (section 2)."""


class Line(NamedTuple):
    """One recipient: the number, or what was given where it is `valid` as none."""

    number: str
    valid: bool


@dataclass(frozen=True, slots=True)
class Message:
    """One text and whom it goes to, each as often as listed."""

    text: str
    lines: tuple[Line, ...]


def _message(raw: object, account: Account) -> Message:
    if not isinstance(raw, dict):
        raise RefusalError(400)
    given = envelope.child(raw, "receipents").get("number")
    if isinstance(given, str | int):
        given = [given]
    if not isinstance(given, list) or any(isinstance(one, bool) or not isinstance(one, str | int) for one in given):
        raise RefusalError(400)
    lines = []
    for one in given:
        number = phones.read(str(one), abroad=account.abroad)
        lines.append(Line(str(one)[:20], valid=False) if number is None else Line(number, valid=True))
    return Message(envelope.text(raw, "text"), tuple(lines))


@dataclass(frozen=True, slots=True)
class SendSms:
    """One order: a sender, a schedule, and a text or several with their recipients."""

    sender: str
    schedule: object
    iys: object
    iys_list: object
    messages: tuple[Message, ...]

    @classmethod
    def read(cls, fields: Json, account: Account) -> Self:
        """``message`` is an object, or a list of objects in one order.

        Raises :class:`RefusalError` 400 for another shape.
        """
        order = envelope.child(fields, "order")
        raw: Any = order.get("message")
        messages = tuple(_message(one, account) for one in (raw if isinstance(raw, list) else [raw]))
        if not messages:
            raise RefusalError(400)
        sender = envelope.text(order, "sender")
        return cls(sender, order.get("sendDateTime"), order.get("iys"), order.get("iysList"), messages)

    def numbers(self, _desk: RequestContext) -> Iterator[str]:
        """All recipients, in order."""
        return (line.number for message in self.messages for line in message.lines)

    def act(self, desk: RequestContext) -> Json:
        """Accept the order and give its number.

        Raises :class:`RefusalError`, in this order: 459, 460, 450 for the sender; 468, 469, 470 for İYS; 454 for an
        empty text; 457 for the schedule; 453 for the size; 452 where nobody can be reached; 451 for a
        repetition; 402 for the balance.
        """
        self._check_sender(desk)
        iys_list = self._checked_iys_list(desk.account)
        if not all(message.text.strip() for message in self.messages):
            raise RefusalError(454)
        try:
            send_at = moments.read_schedule(self.schedule, desk.now)
        except ValueError:
            raise RefusalError(457) from None
        costs = self._costs(desk.account.mode)
        block = blocked(desk)
        if not any(line.valid and line.number not in block for line, _ in costs):
            raise RefusalError(452)
        digest = self._digest()
        if _is_repeated(desk, digest):
            raise RefusalError(451)
        if sum(parts for _, parts in costs) > credits_left(desk):
            raise RefusalError(402)
        rejected = any(magic.FATES.get(line.number) == "rejected" for line, _ in costs)
        (order_id,) = desk.db.execute(
            "INSERT INTO orders (id, sender, accepted_at, send_at, digest, stopped_at) VALUES"
            " ((SELECT COALESCE(max(id) + 1, ?) FROM orders), ?, ?, ?, ?, ?) RETURNING id",
            (FIRST_ORDER, self.sender, desk.now, send_at, digest, desk.now if rejected else None),
        ).fetchone()
        reaches = may_reach(desk, iys_list)
        desk.db.executemany(
            "INSERT INTO recipients (order_id, position, number, fate, settles_at, credits) VALUES (?, ?, ?, ?, ?, ?)",
            (
                (order_id, place, line.number, *_end(line, order_id, send_at, block, reaches), parts)
                for place, (line, parts) in enumerate(costs)
            ),
        )
        return {"order": {"id": str(order_id)}}

    def _check_sender(self, desk: RequestContext) -> None:
        if not self.sender.strip():
            raise RefusalError(459)
        if len(self.sender) > LONGEST_SENDER or not self.sender.isascii():
            raise RefusalError(460)
        if not is_sender(desk, self.sender):
            raise RefusalError(450)

    def _checked_iys_list(self, account: Account) -> str | None:
        """The İYS list to ask, None for an order without İYS. The test sender never asks."""
        if self.sender == TEST_SENDER:
            return None
        if self.iys not in ("0", "1", 0, 1) or isinstance(self.iys, bool):
            raise RefusalError(468)
        if self.iys in ("0", 0):
            return None
        if self.iys_list not in ("BIREYSEL", "TACIR"):
            raise RefusalError(469)
        if account.brand_code is None:
            raise RefusalError(470)
        return str(self.iys_list)

    def _costs(self, mode: CharacterMode) -> list[tuple[Line, int]]:
        """Each recipient with the parts, and so the credits, of its message in the account's `mode`.

        Raises :class:`RefusalError` 453 for a text above seven parts and for too many recipients.
        """
        costs = []
        for message in self.messages:
            sent = render(TEST_TEXT if self.sender == TEST_SENDER else message.text, mode)
            if too_long(sent.text, sent.alphabet):
                raise RefusalError(453)
            parts = measure(sent.text, sent.alphabet).parts
            costs += [(line, parts) for line in message.lines]
        if len(costs) > MOST_RECIPIENTS:
            raise RefusalError(453)
        return costs

    def _digest(self) -> str:
        """The same for the same texts to the same recipients, however often and in which order they stand."""
        groups: dict[str, set[str]] = {}
        for message in self.messages:
            groups.setdefault(message.text, set()).update(line.number for line in message.lines)
        digest = hashlib.sha256()
        for text in sorted(groups):
            digest.update("\0".join([text, *sorted(groups[text]), ""]).encode("utf-8", "surrogatepass"))
        return digest.hexdigest()


def _is_repeated(desk: RequestContext, digest: str) -> bool:
    """Whether an equal order was accepted in the last ten minutes and has not been stopped since."""
    found = desk.db.execute(
        "SELECT 1 FROM orders WHERE digest = ? AND accepted_at > ? AND stopped_at IS NULL",
        (digest, desk.now - REPEAT_SECONDS),
    )
    return found.fetchone() is not None


def _end(
    line: Line, order_id: int, send_at: float, block: set[str], reaches: Callable[[str], bool]
) -> tuple[int, float]:
    """What becomes of one message, and when: after two to eight seconds, the same on every machine."""
    number = line.number
    if not line.valid or number in block or not reaches(number):
        return 112, send_at
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


@dataclass(frozen=True, slots=True)
class CancelOrder:
    """Stop a scheduled order before its time. `order_id` None is a number that no order can have."""

    order_id: int | None

    @classmethod
    def read(cls, fields: Json, _account: Account) -> Self:
        """Raises :class:`RefusalError` 400 without an id."""
        order = envelope.child(fields, "order")
        if "id" not in order:
            raise RefusalError(400)
        return cls(envelope.whole_number(order["id"]))

    def numbers(self, desk: RequestContext) -> list[str]:
        """The order's recipients."""
        rows = desk.db.execute("SELECT number FROM recipients WHERE order_id = ? ORDER BY position", (self.order_id,))
        return [number for (number,) in rows]

    def act(self, desk: RequestContext) -> Json:
        """Raises :class:`RefusalError` 455 for an unknown order and for one sent, being sent or stopped already."""
        stopped = desk.db.execute(
            "UPDATE orders SET stopped_at = :now WHERE id = :id AND stopped_at IS NULL AND send_at > :now",
            {"id": self.order_id, "now": desk.now},
        )
        if not stopped.rowcount:
            raise RefusalError(455)
        return {}
