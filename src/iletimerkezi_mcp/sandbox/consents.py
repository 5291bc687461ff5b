"""iys-register and iys-check: the consent registry as the provider reaches it (contract, section 10)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import get_args

from iletimerkezi_mcp.provider.consents import Source
from iletimerkezi_mcp.sms.clock import ISTANBUL, working_days_since
from iletimerkezi_mcp.sms.times import EARLIEST_CONSENT

from . import envelope, moments
from . import magic_numbers as magic
from .request_context import Json, RefusalError, RequestContext, SimulatedAccount

MAX_RECORDS = 5000
"""Records of one registration (section 10.1)."""

MAX_WORKING_DAYS = 3
"""The greatest age of a consent. Monday to Friday count; public holidays are not known here."""

MAX_A_DAY = 2
"""Changes that one record (recipient, type, channel) may see in one day (section 10.4)."""

_TURKISH = re.compile(r"\+90[2-58][0-9]{9}")
_FOREIGN = re.compile(r"\+(?!90)[1-9][0-9]{6,13}")
_EMAIL = re.compile(r"[A-Za-z0-9._%+\-]{1,64}@[A-Za-z0-9\-]+(\.[A-Za-z0-9\-]+)+")

INSERT = """INSERT INTO consents
    (brand_code, recipient, recipient_type, channel, status, source, consent_date, recorded_on)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)"""
_LATEST = """SELECT status, source, consent_date FROM consents
    WHERE brand_code = ? AND recipient = ? AND recipient_type = ? AND channel = ? ORDER BY id DESC LIMIT 1"""
_CHANGES = """SELECT count(*) FROM consents
    WHERE brand_code = ? AND recipient = ? AND recipient_type = ? AND channel = ? AND recorded_on = ?"""
_STATUSES = """SELECT recipient, status FROM consents WHERE id IN (
    SELECT max(id) FROM consents WHERE brand_code = ? AND recipient_type = ? AND channel = 'MESAJ'
    GROUP BY recipient)"""


def is_reachable(context: RequestContext, iys_list: str | None) -> Callable[[str], bool]:
    """Return a function that says if İYS lets a message of the account's brand go to a number.

    Without a list İYS is not asked. ``BIREYSEL`` needs an ONAY on file; for ``TACIR`` only a RET forbids it
    (section 10, Law 6563).
    """
    if iys_list is None:
        return lambda _number: True
    rows = context.db.execute(_STATUSES, (context.account.brand_code, iys_list))
    statuses: dict[str, str] = dict(rows.fetchall())
    if iys_list == "BIREYSEL":
        return lambda number: statuses.get(number) == "ONAY"
    return lambda number: statuses.get(number) != "RET"


def register_consents(fields: Json, context: RequestContext) -> Json:
    """Take a batch as a whole or not at all.

    Raises :class:`RefusalError` 400 for a wrong shape, 403 without a subscription and 422 for any broken rule of
    section 10.4.
    """
    consent = envelope.child(fields, "consent")
    records = consent.get("list")
    if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
        raise RefusalError(400)
    recipients = [record.get("recipient") for record in records]
    magic.apply(context, [recipient for recipient in recipients if isinstance(recipient, str)])
    brand = _brand(consent, context.account)
    if brand != context.account.brand_code or not 1 <= len(records) <= MAX_RECORDS:
        raise RefusalError(422)
    keys = [_key(record) for record in records]
    if len(set(keys)) < len(keys):
        raise RefusalError(422)
    today = moments.today(context.now)
    for key, record in zip(keys, records, strict=True):
        status, source, when = _content(record, context.now)
        _compare(context, (brand, *key), status, when, today)
        context.db.execute(INSERT, (brand, *key, status, source, when, today.isoformat()))
    return {}


def check_consent(fields: Json, context: RequestContext) -> Json:
    """Return the record, or an empty list for another's brand and for TACIR by message (section 10.2).

    Raises :class:`RefusalError` 400 without ``consent``, 403 without a subscription, 422 for a wrong value and if
    nothing is on file.
    """
    consent = envelope.child(fields, "consent")
    recipient = consent.get("recipient")
    magic.apply(context, [recipient] if isinstance(recipient, str) else [])
    brand = _brand(consent, context.account)
    recipient, recipient_type, channel = _key(consent)
    if brand != context.account.brand_code:
        return {"consent": []}
    stored = context.db.execute(_LATEST, (brand, recipient, recipient_type, channel)).fetchone()
    if stored is None:
        if (recipient_type, channel) == ("TACIR", "MESAJ"):
            return {"consent": []}
        raise RefusalError(422)
    status, source, when = stored
    return {
        "consent": {
            "brandCode": int(brand),
            "recipient": recipient,
            "recipientType": recipient_type,
            "type": channel,
            "status": status,
            "source": source,
            "consentDate": when,
        }
    }


def _brand(consent: Json, account: SimulatedAccount) -> str:
    """Return the brand code. Raises :class:`RefusalError` 403 without a subscription, 422 for no code at all."""
    number = envelope.whole_number(consent.get("brandCode"))
    if account.brand_code is None or str(number) == magic.UNSUBSCRIBED_BRAND:
        raise RefusalError(403)
    if number is None:
        raise RefusalError(422)
    return str(number)


def _key(record: Json) -> tuple[str, str, str]:
    """Return recipient, type and channel of `record`. Raises :class:`RefusalError` 422."""
    recipient, recipient_type, channel = (record.get(name) for name in ("recipient", "recipientType", "type"))
    if recipient_type not in ("BIREYSEL", "TACIR") or channel not in ("MESAJ", "ARAMA", "EPOSTA"):
        raise RefusalError(422)
    patterns = [_EMAIL] if channel == "EPOSTA" else [_TURKISH, _FOREIGN]
    if not isinstance(recipient, str) or not any(pattern.fullmatch(recipient) for pattern in patterns):
        raise RefusalError(422)
    return recipient, recipient_type, channel


def _content(record: Json, now: float) -> tuple[str, str, str]:
    """Return status, source and date, each right in itself. Raises :class:`RefusalError` 422."""
    status, source = record.get("status"), record.get("source")
    try:
        when = moments.read(record.get("consentDate"))
    except ValueError:
        raise RefusalError(422) from None
    if (
        status not in ("ONAY", "RET")
        or not isinstance(source, str)
        or source not in get_args(Source)
        or when.timestamp() > now
        or (source == "HS_KARAR" and status != "RET")
        or (source == "HS_2015" and when != EARLIEST_CONSENT)
        or (source != "HS_2015" and working_days_since(when, datetime.fromtimestamp(now, ISTANBUL)) > MAX_WORKING_DAYS)
    ):
        raise RefusalError(422)
    return status, source, moments.write(when.timestamp())


def _compare(context: RequestContext, key: tuple[str, str, str, str], status: str, when: str, today: date) -> None:
    """Raise :class:`RefusalError` 422 unless it fits what is on file: RET only after ONAY, not the same again, not older."""
    stored = context.db.execute(_LATEST, key).fetchone()
    if stored is None:
        if status == "RET":
            raise RefusalError(422)
        return
    (changes,) = context.db.execute(_CHANGES, (*key, today.isoformat())).fetchone()
    if stored[0] == status or when <= stored[2] or changes >= MAX_A_DAY:
        raise RefusalError(422)
