from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest

from iletimerkezi_mcp.provider.consents import (
    IYS_CHECK,
    IYS_REGISTER,
    BrandCode,
    Consent,
    ConsentDeclaration,
    ConsentQuery,
    ConsentRecord,
)
from iletimerkezi_mcp.provider.decoding import MalformedAnswerError
from iletimerkezi_mcp.sms.clock import ISTANBUL

BRAND = BrandCode("123456")
NOON = datetime(2026, 11, 20, 12, 0, 5, tzinfo=ISTANBUL)
QUERY = ConsentQuery(BRAND, "+905330000099", "BIREYSEL", "MESAJ")


def _consent(response: Mapping[str, Any]) -> Consent | None:
    return IYS_CHECK.decode(response, QUERY)


def test_a_declaration_has_its_documented_fields() -> None:
    records = (ConsentRecord("a@example.com", "TACIR", "EPOSTA", "RET", "HS_WEB", NOON),)
    assert IYS_REGISTER.encode(ConsentDeclaration(BRAND, records)) == {
        "consent": {
            "brandCode": "123456",
            "list": [
                {
                    "recipient": "a@example.com",
                    "recipientType": "TACIR",
                    "type": "EPOSTA",
                    "status": "RET",
                    "source": "HS_WEB",
                    "consentDate": "2026-11-20 12:00:05",
                }
            ],
        }
    }


def test_a_look_up_has_its_documented_fields() -> None:
    assert IYS_CHECK.encode(QUERY) == {
        "consent": {
            "brandCode": "123456",
            "recipient": "+905330000099",
            "recipientType": "BIREYSEL",
            "type": "MESAJ",
        }
    }


FOUND = {
    "brandCode": 123456,
    "recipient": "+905330000099",
    "recipientType": "BIREYSEL",
    "type": "MESAJ",
    "status": "ONAY",
    "source": "IYS_KISA_LINK",
    "consentDate": "2025-12-10 00:00:00",
}
KNOWN = Consent("+905330000099", "BIREYSEL", "MESAJ", "ONAY", "IYS_KISA_LINK", datetime(2025, 12, 10, tzinfo=ISTANBUL))


def test_a_consent_as_documented_with_any_source() -> None:
    assert _consent({"consent": FOUND}) == KNOWN
    assert _consent({"consent": [FOUND]}) == KNOWN
    assert _consent({"consent": {**FOUND, "recipient": 5330000099}}) == KNOWN


def test_what_a_consent_leaves_out_is_what_was_asked() -> None:
    assert _consent({"consent": {"status": "RET"}}) == Consent("+905330000099", "BIREYSEL", "MESAJ", "RET", None, None)


@pytest.mark.parametrize("nothing", [[], {}, None, ""])
def test_a_missing_consent_is_none(nothing: object) -> None:
    assert _consent({"consent": nothing}) is None


@pytest.mark.parametrize("response", [{}, {"consent": {"source": "HS_WEB"}}, {"consent": [5]}, {"consent": "ONAY"}])
def test_a_consent_without_its_status_is_not_readable(response: dict[str, Any]) -> None:
    with pytest.raises(MalformedAnswerError):
        _consent(response)
