"""Consents in İYS, the national register of commercial messages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, NewType

from iletimerkezi_mcp.language import Text, for_onlooker
from iletimerkezi_mcp.sms.times import read_moment, wire_moment

from .decoding import MalformedAnswerError, optional, read_list, read_number, read_object, read_word
from .operation import Fields, Operation, no_answer

BrandCode = NewType("BrandCode", str)
"""A brand's code in İYS: digits only, as a string."""

RecipientType = Literal["BIREYSEL", "TACIR"]
Channel = Literal["MESAJ", "ARAMA", "EPOSTA"]
ConsentStatus = Literal["ONAY", "RET"]

Source = Literal[
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
]
"""The places where a consent can be given (contract, section 10.3)."""

MAX_CONSENTS = 5_000
"""Consent records in one registration (contract, section 10.1)."""

NOT_VALIDATED: Final = 422
"""The code of a batch with a bad record; for a look-up it also means "no record" (contract, sections 10.1, 10.2)."""


@dataclass(frozen=True, slots=True)
class ConsentRecord:
    """One consent to declare to İYS. `recipient` is a canonical number, or an e-mail address for EPOSTA."""

    recipient: str
    recipient_type: RecipientType
    channel: Channel
    status: ConsentStatus
    source: Source
    consent_date: datetime


@dataclass(frozen=True, slots=True)
class ConsentDeclaration:
    brand_code: BrandCode
    records: tuple[ConsentRecord, ...]


@dataclass(frozen=True, slots=True)
class ConsentQuery:
    brand_code: BrandCode
    recipient: str
    recipient_type: RecipientType
    channel: Channel


@dataclass(frozen=True, slots=True)
class Consent:
    """A consent as İYS holds it. `status` and `source` are passed on as the register spells them."""

    recipient: str
    recipient_type: str
    channel: str
    status: str
    source: str | None
    consent_date: datetime | None


def _declaration(declaration: ConsentDeclaration) -> Fields:
    return {
        "consent": {
            "brandCode": declaration.brand_code,
            "list": [
                {
                    **_key(record),
                    "status": record.status,
                    "source": record.source,
                    "consentDate": wire_moment(record.consent_date),
                }
                for record in declaration.records
            ],
        }
    }


def _query(query: ConsentQuery) -> Fields:
    return {"consent": {"brandCode": query.brand_code, **_key(query)}}


def _key(consent: ConsentRecord | ConsentQuery) -> Fields:
    return {"recipient": consent.recipient, "recipientType": consent.recipient_type, "type": consent.channel}


def _consent(response: Mapping[str, Any], query: ConsentQuery) -> Consent | None:
    if "consent" not in response:
        raise MalformedAnswerError("no consent")
    consents = read_list(response["consent"])
    if not consents:
        return None
    if len(consents) > 1:
        raise MalformedAnswerError("several consents")
    consent = read_object(consents[0])
    brand_code = optional(read_word, consent.get("brandCode"))
    if brand_code is not None and brand_code.strip() != query.brand_code:
        raise MalformedAnswerError("the consent of another brand")
    recipient = consent.get("recipient")
    answered = (
        optional(read_number, recipient) or optional(read_word, recipient) or query.recipient,
        optional(read_word, consent.get("recipientType")) or query.recipient_type,
        optional(read_word, consent.get("type")) or query.channel,
    )
    asked = (query.recipient, query.recipient_type, query.channel)
    if [word.casefold() for word in answered] != [word.casefold() for word in asked]:
        raise MalformedAnswerError("the consent of another recipient, type or channel")
    return Consent(
        recipient=query.recipient,
        recipient_type=query.recipient_type,
        channel=query.channel,
        status=read_word(consent.get("status")),
        source=optional(read_word, consent.get("source")),
        consent_date=read_moment(consent.get("consentDate")),
    )


def _first_record(declaration: ConsentDeclaration) -> Text:
    first = declaration.records[0]
    return for_onlooker(
        Text("Look with iys_check at the first record ({record}).", "iys_check ile ilk kayda bakın ({record})."),
        "Ask in the chat what İYS has on the first record ({record}).",
        "İlk kaydın İYS'deki durumunu sohbette sorun ({record}).",
    ).format(record=f"{first.recipient}, {first.recipient_type}, {first.channel}")


IYS_REGISTER: Final[Operation[ConsentDeclaration, None]] = Operation(
    name="iys_register",
    path="/v1/consent/create/json",
    changes=True,
    encode=_declaration,
    decode=no_answer,
    how_to_verify=_first_record,
    own_codes={
        NOT_VALIDATED: (
            Text(
                "At least one record breaks İYS's rules, so the whole batch was refused.",
                "En az bir kayıt İYS kurallarına uymadığı için listenin tamamı reddedildi.",
            ),
            Text(
                "Probable cause: a RET without an ONAY on file; a date older than three working days; a stored record "
                "with the same status or a later date; a wrong brand code. Look with iys_check. Never change a date or "
                "a source to get past this.",
                "Olası neden: kayıtlı ONAY'ı olmayan bir RET; üç iş gününden eski bir tarih; aynı durumda ya da daha "
                "yeni bir kayıt; yanlış marka kodu. iys_check ile bakın. Bunu aşmak için tarihi ya da kaynağı asla "
                "değiştirmeyin.",
            ),
        )
    },
)
"""Declare records to İYS: all of them or, with one bad one among them, none (422; contract, section 10.1)."""

IYS_CHECK: Final[Operation[ConsentQuery, Consent | None]] = Operation(
    name="iys_check",
    path="/v1/consent/show/json",
    changes=False,
    encode=_query,
    decode=_consent,
    own_codes={},
    answer_for_code={NOT_VALIDATED: None},
)
"""The consent that İYS holds (contract, section 10.2).

None means that there is no record or that the brand is not this account's; the two cannot be told apart.
"""
