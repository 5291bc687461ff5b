"""What goes over the wire to the provider: the exact JSON of each operation, with the wire's own spellings.

Pure functions from plain types to the fields that stand beside ``authentication`` in the
request (contract, sections 3 to 10). What comes back is read in :mod:`.answers`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from iletimerkezi_mcp.sms.numbers import PhoneNumber
from iletimerkezi_mcp.sms.times import wire_day, wire_moment, wire_send_at

from .types import BrandCode, Channel, ConsentRecord, OrderId, OutgoingOrder, RecipientType

Fields = Mapping[str, Any]
"""The operation's part of a request."""


def request_body(key: str, hash_: str, fields: Fields, numbers: Sequence[PhoneNumber] = ()) -> bytes:
    """The whole request as it is posted, in UTF-8.

    `numbers` fill the empty list that `fields` end in: nothing in a number has to be escaped, and joining 50,000 of them
    takes a fifth of the time of encoding each.

    Half a surrogate pair is no character and has no UTF-8; it goes out as ``?``. The alternatives are
    worse: failing here would be a crash over one bad character of a text, U+FFFD would push a plain text
    into the dearest alphabet, and ASCII escapes would leave the choice to the provider's parser.
    """
    envelope = {"request": {"authentication": {"key": key, "hash": hash_}, **fields}}
    body = json.dumps(envelope, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    if not numbers:
        return body
    before, _, end = body.rpartition(b"[]")
    assert not end.strip(b"}")
    return b"".join((before, b'["', '","'.join(numbers).encode("ascii"), b'"]', end))


def nothing() -> Fields:
    """No fields: the balance, the senders."""
    return {}


def order(outgoing: OutgoingOrder) -> Fields:
    """One message to many (contract, section 3): ``receipents`` is spelt so, and stands inside ``message``.

    Its numbers are left to :func:`request_body`.
    """
    iys: dict[str, str] = {"iys": "0"}
    if outgoing.iys_list is not None:
        iys = {"iys": "1", "iysList": outgoing.iys_list}
    return {
        "order": {
            "sender": outgoing.sender,
            "sendDateTime": [] if outgoing.send_at is None else [wire_send_at(outgoing.send_at)],
            **iys,
            "message": {"text": outgoing.text, "receipents": {"number": []}},
        }
    }


def cancellation(order_id: OrderId) -> Fields:
    """The order to cancel (contract, section 4)."""
    return {"order": {"id": order_id}}


def report(order_id: OrderId, page: int, page_size: int) -> Fields:
    """One page of one order's report (contract, section 5); the numbers go as strings, as the documents have them."""
    return {"order": {"id": order_id, "page": str(page), "rowCount": str(page_size)}}


def reports(start: date, end: date, page: int) -> Fields:
    """The orders of a date range (contract, section 6): beside the filter `page` would have no effect."""
    return {"filter": {"start": wire_day(start), "end": wire_day(end), "page": page}}


def blacklist(page: int, page_size: int, added_from: datetime | None, added_to: datetime | None) -> Fields:
    """One page of the blacklist (contract, section 9.1): outside ``blacklist`` the fields would have no effect."""
    bounds = {"start": added_from, "end": added_to}
    given = {name: wire_moment(moment) for name, moment in bounds.items() if moment is not None}
    filtered: dict[str, Any] = {"filter": given} if given else {}
    return {"blacklist": {**filtered, "page": str(page), "rowCount": str(page_size)}}


def blocked(number: PhoneNumber) -> Fields:
    """The one number to put on the blacklist or to take off it (contract, sections 9.2 and 9.3)."""
    return {"blacklist": {"number": number}}


def consents(brand_code: BrandCode, records: Sequence[ConsentRecord]) -> Fields:
    """Consents to declare to İYS (contract, section 10.1)."""
    return {
        "consent": {
            "brandCode": brand_code,
            "list": [
                {
                    "recipient": record.recipient,
                    "recipientType": record.recipient_type,
                    "type": record.channel,
                    "status": record.status,
                    "source": record.source,
                    "consentDate": wire_moment(record.consent_date),
                }
                for record in records
            ],
        }
    }


def consent(brand_code: BrandCode, recipient: str, recipient_type: RecipientType, channel: Channel) -> Fields:
    """The one consent to look up (contract, section 10.2)."""
    return {
        "consent": {
            "brandCode": brand_code,
            "recipient": recipient,
            "recipientType": recipient_type,
            "type": channel,
        }
    }
