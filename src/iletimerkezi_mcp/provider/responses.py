"""What comes back from the provider, with all its drift in types absorbed (contract, section 1.2).

:func:`envelope` reads a body as far as its code; the ``read_…`` functions turn the rest
into the plain types of :mod:`.types`. Whatever cannot be read raises :class:`UnreadableError`
and nothing else, however odd the bytes are. Every string that is let through is cut to a
length and holds no control character. Written by hand and not as pydantic models: those
would sit between the answer and the same dataclasses, cost the server's start 15 ms and
the first answer a hundred, and every field here needs a reader of its own anyway.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from iletimerkezi_mcp.sms.times import read_moment

from .errors import printable
from .types import (
    Balance,
    BlacklistPage,
    Channel,
    Consent,
    MessageRow,
    OrderId,
    OrderList,
    OrderReport,
    OrderSummary,
    RecipientType,
)

MAX_WORD: Final = 80
"""Characters of a name, a number, an address or a source that are let through."""

_WHOLE = re.compile(r"-?[0-9]{1,18}")
_AMOUNT = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")
_ORDER_ID = re.compile(r"[0-9]{1,20}")


T = TypeVar("T")


class UnreadableError(ValueError):
    """Raised where an answer is not the documented one. It holds nothing of the answer."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """An answer as far as every answer is alike. `code` is None where none can be read; `message` is as it came."""

    code: int | None
    message: str
    response: Mapping[str, Any]


def envelope(body: bytes) -> Envelope:
    """The envelope of an answer's bytes.

    Bytes that are not UTF-8 are replaced, for they can only stand in the message. A key that stands twice
    with two values leaves open which one counts, so such an answer is not readable. Raises :class:`UnreadableError`.
    """
    with suppress(ValueError, RecursionError):
        document = json.loads(
            body.decode("utf-8-sig", "replace"), object_pairs_hook=_unambiguous, parse_constant=_no_constant
        )
        response = document.get("response") if isinstance(document, dict) else None
        status = response.get("status") if isinstance(response, dict) else None
        if isinstance(response, dict) and isinstance(status, dict):
            message = status.get("message")
            return Envelope(
                _optional(_whole, status.get("code")), message if isinstance(message, str) else "", response
            )
    # Outside the block, so that the error does not carry the parser's own, which holds the whole body.
    raise UnreadableError("no envelope")


def _unambiguous(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs) and any(made[key] != value for key, value in pairs):
        raise UnreadableError("one key, two values")
    return made


def _no_constant(name: str) -> float:
    raise UnreadableError("a number that is none")


def _whole(value: object) -> int:
    if isinstance(value, str) and _WHOLE.fullmatch(value.strip()):
        return int(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**18:
        return value
    raise UnreadableError("not a whole number")


def _amount(value: object) -> float:
    if isinstance(value, str) and _AMOUNT.fullmatch(value.strip()):
        return float(value)
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 10**15:
        return float(value)
    raise UnreadableError("not an amount")


def _order_id(value: object) -> OrderId:
    plain = str(value) if isinstance(value, str) else str(_whole(value))
    if not _ORDER_ID.fullmatch(plain.strip()):
        raise UnreadableError("not an order number")
    return OrderId(plain.strip())


def _word(value: object) -> str:
    word = value if isinstance(value, str) else str(_whole(value))
    if not word.strip():
        raise UnreadableError("an empty word")
    return printable(word, MAX_WORD)


def _number(value: object) -> str:
    """A phone number made canonical where that is certain, else as it came: a read refuses nothing."""
    raw = _word(value).strip()
    plain = raw.lstrip("+").replace(" ", "")
    if not (plain.isascii() and plain.isdigit()):
        return raw
    digits = plain.removeprefix("00")
    if raw.startswith(("+", "00")) or (len(digits) == 12 and digits.startswith("90")):
        return f"+{digits}"
    if len(digits) == 11 and digits.startswith("05"):
        return f"+9{digits}"
    if len(digits) == 10 and digits.startswith("5"):
        return f"+90{digits}"
    return raw


def _optional(read: Callable[[object], T], value: object) -> T | None:
    """What `read` makes of `value`; None where it can make nothing of it, for older answers lack such fields."""
    with suppress(UnreadableError):
        return read(value)
    return None


def _count(value: object) -> int | None:
    number = _optional(_whole, value)
    return number if number is not None and number >= 0 else None


def _mapping(value: object) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise UnreadableError("not an object")
    return value


def _several(value: object) -> list[Any]:
    """A list, also where the backend turned an empty one into ``{}``, ``""`` or null, and one element into itself."""
    if value is None or value in ("", {}):
        return []
    if isinstance(value, list):
        return value
    if isinstance(value, dict) and all(_WHOLE.fullmatch(key) for key in value):
        return list(value.values())
    return [value]


def _object(answer: Mapping[str, Any], field: str) -> Mapping[str, Any]:
    value = answer.get(field)
    if not isinstance(value, dict):
        raise UnreadableError(f"no {field}")
    return value


def _inner(answer: Mapping[str, Any], field: str, inner: str) -> Mapping[str, Any]:
    """A wrapper object, also where the backend sent its inner list bare, or an empty list for an empty wrapper."""
    if field not in answer:
        raise UnreadableError(f"no {field}")
    value = answer[field]
    return value if isinstance(value, dict) else {inner: value}


def read_order_id(response: Mapping[str, Any]) -> OrderId:
    """The number of a new order (contract, section 3). Raises :class:`UnreadableError`."""
    return _order_id(_object(response, "order").get("id"))


def read_report(response: Mapping[str, Any], order_id: OrderId) -> OrderReport:
    """One page of a report on `order_id` (contract, section 5). Raises :class:`UnreadableError`."""
    order = _object(response, "order")
    rows = (_mapping(row) for row in _several(order.get("message")))
    return OrderReport(
        _summary({"id": order_id, **order}),
        tuple(MessageRow(_number(row.get("number")), _whole(row.get("status"))) for row in rows),
    )


def read_orders(response: Mapping[str, Any]) -> OrderList:
    """One page of orders (contract, section 6). Raises :class:`UnreadableError`."""
    count = _count(response.get("count"))
    if count is None and "orders" not in response:
        raise UnreadableError("neither orders nor their count")
    orders = tuple(_summary(_mapping(order)) for order in _several(response.get("orders")))
    return OrderList(len(orders) if count is None else count, orders)


def read_balance(response: Mapping[str, Any]) -> Balance:
    """What is left on the account (contract, section 7). Raises :class:`UnreadableError`."""
    balance = _object(response, "balance")
    return Balance(_amount(balance.get("amount")), _amount(balance.get("sms")))


def read_senders(response: Mapping[str, Any]) -> tuple[str, ...]:
    """The approved senders, spaces and case as they are (contract, section 8). Raises :class:`UnreadableError`."""
    return tuple(_word(sender) for sender in _several(_inner(response, "senders", "sender").get("sender")))


def read_blacklist(response: Mapping[str, Any]) -> BlacklistPage:
    """One page of blocked numbers (contract, section 9.1). Raises :class:`UnreadableError`."""
    page = _inner(response, "blacklist", "number")
    numbers = tuple(_number(number) for number in _several(page.get("number")))
    count = _count(page.get("count"))
    return BlacklistPage(len(numbers) if count is None else count, numbers)


def read_consent(
    response: Mapping[str, Any], recipient: str, recipient_type: RecipientType, channel: Channel
) -> Consent | None:
    """The consent that was asked for, None for an empty list (contract, section 10.2). Raises :class:`UnreadableError`.

    What the answer leaves out of the address is what was asked.
    """
    if "consent" not in response:
        raise UnreadableError("no consent")
    found = _several(response["consent"])
    if not found:
        return None
    consent = _mapping(found[0])
    return Consent(
        recipient=recipient if _optional(_word, consent.get("recipient")) is None else _number(consent["recipient"]),
        recipient_type=_optional(_word, consent.get("recipientType")) or recipient_type,
        channel=_optional(_word, consent.get("type")) or channel,
        status=_word(consent.get("status")),
        source=_optional(_word, consent.get("source")),
        consent_date=read_moment(consent.get("consentDate")),
    )


def _summary(order: Mapping[str, Any]) -> OrderSummary:
    return OrderSummary(
        order_id=_order_id(order.get("id")),
        status=_whole(order.get("status")),
        total=_count(order.get("total")),
        delivered=_count(order.get("delivered")),
        undelivered=_count(order.get("undelivered")),
        waiting=_count(order.get("waiting")),
        submitted_at=read_moment(order.get("submitAt")),
        send_at=read_moment(order.get("sendAt")),
        sender=_optional(_word, order.get("sender")),
        price=_optional(_amount, order.get("price")),
    )
