"""The reports that the provider posts by itself: one for each message and state (contract, section 11)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

from .decoding import optional, read_integer, read_json, read_number, read_object, read_word
from .orders import OrderId, read_order_id

PushedStatus = Literal["accepted", "delivered", "undelivered"]
"""The documented states: on its way, and the two final ones."""

_STATUSES: Final[dict[str, PushedStatus]] = {status: status for status in get_args(PushedStatus)}


@dataclass(frozen=True, slots=True)
class PushedReport:
    """One message's state. `recipient` is canonical if it is a phone number; `status` None if it is not documented."""

    message_id: int
    order_id: OrderId
    recipient: str
    status: PushedStatus | None


def read_pushed_report(body: bytes) -> PushedReport:
    """Read the body of a post, with the drift in types that the provider's answers have.

    The text of the message is not looked at. Raises :class:`.MalformedAnswerError`, which holds nothing of the body.
    """
    report = read_object(read_object(read_json(body)).get("report"))
    to, status = report.get("to"), report.get("status")
    return PushedReport(
        message_id=read_integer(report.get("id")),
        order_id=read_order_id(report.get("packet_id")),
        # The documents' own example hides some digits.
        recipient=optional(read_number, to) or read_word(to),
        status=_STATUSES.get(status.strip().lower()) if isinstance(status, str) else None,
    )
