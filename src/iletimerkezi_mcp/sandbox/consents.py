"""iys-register and iys-check: the consent registry as the provider reaches it (contract, section 10)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Self

from iletimerkezi_mcp.sms.clock import ISTANBUL

from . import envelope, moments
from .magic_numbers import UNSUBSCRIBED_BRAND
from .request_context import Account, Json, RefusalError, RequestContext

MOST_RECORDS = 5000
"""Records of one registration (section 10.1)."""

MOST_BUSINESS_DAYS = 3
"""How old a consent may be. Monday to Friday count; public holidays are not known here."""

MOST_A_DAY = 2
"""Changes that one record (recipient, type, channel) may see in one day (section 10.4)."""

FIRST_MOMENT = datetime(2015, 5, 1, tzinfo=ISTANBUL)
"""The registry's beginning and the one date of ``HS_2015``. Nothing older passes: other sources are days old."""

SOURCES = frozenset(
    {
        "HS_FIZIKSEL_ORTAM",
        "HS_ISLAK_IMZA",
        "HS_WEB",
        "HS_CAGRI_MERKEZI",
        "HS_SOSYAL_MEDYA",
        "HS_EPOSTA",
        "HS_MESAJ",
        "HS_MOBIL",
        "HS_EORTAM",
        "HS_ETKINLIK",
        "HS_2015",
        "HS_ATM",
        "HS_KARAR",
    }
)
"""Where a consent may come from (section 10.3)."""

_TURKISH = re.compile(r"\+90[2-58][0-9]{9}")
_FOREIGN = re.compile(r"\+(?!90)[1-9][0-9]{6,13}")
_EMAIL = re.compile(r"[A-Za-z0-9._%+\-]{1,64}@[A-Za-z0-9\-]+(\.[A-Za-z0-9\-]+)+")

_LATEST = """SELECT status, source, consent_date FROM consents
    WHERE brand_code = ? AND recipient = ? AND recipient_type = ? AND channel = ? ORDER BY id DESC LIMIT 1"""


def may_reach(desk: RequestContext, iys_list: str | None) -> Callable[[str], bool]:
    """Whether a message of the account's brand may go to a number, as far as İYS is asked.

    Without a list it is not. ``BIREYSEL`` needs an ONAY on file; for ``TACIR`` only a RET stands against it
    (section 10, Law 6563).
    """
    if iys_list is None:
        return lambda _number: True
    latest = dict(
        desk.db.execute(
            """SELECT recipient, status FROM consents WHERE id IN (
                SELECT max(id) FROM consents WHERE brand_code = ? AND recipient_type = ? AND channel = 'MESAJ'
                GROUP BY recipient)""",
            (desk.account.brand_code, iys_list),
        )
    )
    if iys_list == "BIREYSEL":
        return lambda number: latest.get(number) == "ONAY"
    return lambda number: latest.get(number) != "RET"


def business_days(then: date, now: date) -> int:
    """The days from Monday to Friday after `then` and up to `now`."""
    weeks, rest = divmod((now - then).days, 7)
    return weeks * 5 + sum((then + timedelta(days=more)).weekday() < 5 for more in range(1, rest + 1))


def _brand(consent: Json, account: Account) -> str:
    """The brand code asked about. Raises :class:`RefusalError` 403 without a subscription, 422 for no code at all."""
    number = envelope.whole_number(consent.get("brandCode"))
    if account.brand_code is None or str(number) == UNSUBSCRIBED_BRAND:
        raise RefusalError(403)
    if number is None:
        raise RefusalError(422)
    return str(number)


def _is_address(recipient: str, channel: str) -> bool:
    if channel == "EPOSTA":
        return _EMAIL.fullmatch(recipient) is not None
    return (_TURKISH.fullmatch(recipient) or _FOREIGN.fullmatch(recipient)) is not None


def _key(record: Json) -> tuple[str, str, str]:
    """Recipient, type and channel of `record`. Raises :class:`RefusalError` 422."""
    recipient, recipient_type, channel = (record.get(name) for name in ("recipient", "recipientType", "type"))
    if recipient_type not in ("BIREYSEL", "TACIR") or channel not in ("MESAJ", "ARAMA", "EPOSTA"):
        raise RefusalError(422)
    if not isinstance(recipient, str) or not _is_address(recipient, channel):
        raise RefusalError(422)
    return recipient, recipient_type, channel


@dataclass(frozen=True, slots=True)
class RegisterConsents:
    """A batch that is taken as a whole or not at all."""

    consent: Json
    records: list[Json]

    @classmethod
    def read(cls, fields: Json, _account: Account) -> Self:
        """Raises :class:`RefusalError` 400 unless ``consent.list`` is a list of objects."""
        consent = envelope.child(fields, "consent")
        records = consent.get("list")
        if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
            raise RefusalError(400)
        return cls(consent, records)

    def numbers(self, _desk: RequestContext) -> list[str]:
        """The recipients, in order."""
        found = [record.get("recipient") for record in self.records]
        return [recipient for recipient in found if isinstance(recipient, str)]

    def act(self, desk: RequestContext) -> Json:
        """Raises :class:`RefusalError` 403 without a subscription and 422 for any broken rule of section 10.4."""
        brand = _brand(self.consent, desk.account)
        if brand != desk.account.brand_code or not 1 <= len(self.records) <= MOST_RECORDS:
            raise RefusalError(422)
        keys = [_key(record) for record in self.records]
        if len(set(keys)) < len(keys):
            raise RefusalError(422)
        today = moments.today(desk.now)
        for key, record in zip(keys, self.records, strict=True):
            status, source, when = self._checked(record, desk.now, today)
            self._compare(desk, (brand, *key), status, when, today)
            desk.db.execute(
                "INSERT INTO consents (brand_code, recipient, recipient_type, channel, status, source, consent_date,"
                " recorded_on) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (brand, *key, status, source, when, today.isoformat()),
            )
        return {}

    @staticmethod
    def _checked(record: Json, now: float, today: date) -> tuple[str, str, str]:
        """Status, source and date, each right in itself."""
        status, source = record.get("status"), record.get("source")
        try:
            when = moments.read(record.get("consentDate"))
        except ValueError:
            raise RefusalError(422) from None
        if (
            status not in ("ONAY", "RET")
            or not isinstance(source, str)
            or source not in SOURCES
            or when.timestamp() > now
            or (source == "HS_KARAR" and status != "RET")
        ):
            raise RefusalError(422)
        if source == "HS_2015":
            if when != FIRST_MOMENT:
                raise RefusalError(422)
        elif business_days(when.date(), today) > MOST_BUSINESS_DAYS:
            raise RefusalError(422)
        return status, source, moments.write(when.timestamp())

    @staticmethod
    def _compare(desk: RequestContext, key: tuple[str, str, str, str], status: str, when: str, today: date) -> None:
        """The record beside what is on file: RET only after ONAY, never the same again, never older."""
        stored = desk.db.execute(_LATEST, key).fetchone()
        if stored is None:
            if status == "RET":
                raise RefusalError(422)
            return
        if stored[0] == status or when <= stored[2]:
            raise RefusalError(422)
        (changes,) = desk.db.execute(
            "SELECT count(*) FROM consents WHERE brand_code = ? AND recipient = ? AND recipient_type = ?"
            " AND channel = ? AND recorded_on = ?",
            (*key, today.isoformat()),
        ).fetchone()
        if changes >= MOST_A_DAY:
            raise RefusalError(422)


@dataclass(frozen=True, slots=True)
class CheckConsent:
    """What is on file for one recipient."""

    consent: Json

    @classmethod
    def read(cls, fields: Json, _account: Account) -> Self:
        """Raises :class:`RefusalError` 400 without ``consent``."""
        return cls(envelope.child(fields, "consent"))

    def numbers(self, _desk: RequestContext) -> tuple[str, ...]:
        """The recipient."""
        recipient = self.consent.get("recipient")
        return (recipient,) if isinstance(recipient, str) else ()

    def act(self, desk: RequestContext) -> Json:
        """The record, or an empty list for another's brand and for TACIR by message (section 10.2).

        Raises :class:`RefusalError` 403 without a subscription, 422 for a wrong value and where nothing is on file.
        """
        brand = _brand(self.consent, desk.account)
        recipient, recipient_type, channel = _key(self.consent)
        if brand != desk.account.brand_code:
            return {"consent": []}
        stored = desk.db.execute(_LATEST, (brand, recipient, recipient_type, channel)).fetchone()
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
