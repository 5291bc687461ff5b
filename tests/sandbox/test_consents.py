from __future__ import annotations

from typing import Any

import pytest

from iletimerkezi_mcp.sandbox.request_context import SimulatedAccount

from .bench import ALI, OK, VELI, Bench

ONAY, RET, TACIR_RET = "+905330000099", "+905330000098", "+905330000097"
NOT_VALID = {"status": {"code": 422, "message": "İstek içerisindeki değerler doğrulanamadı."}}


def record(recipient: object = ALI, **fields: Any) -> dict[str, Any]:
    ordinary = {
        "recipient": recipient,
        "recipientType": "BIREYSEL",
        "type": "MESAJ",
        "status": "ONAY",
        "source": "HS_WEB",
        "consentDate": "2026-11-20 10:30:00",
    }
    return {name: value for name, value in {**ordinary, **fields}.items() if value is not None}


def register(bench: Bench, *records: dict[str, Any], brand: object = "123456") -> dict[str, Any]:
    return bench.ask("consent/create", consent={"brandCode": brand, "list": list(records)})


def check(bench: Bench, recipient: object, *, brand: object = "123456", **fields: Any) -> dict[str, Any]:
    asked = {"recipientType": "BIREYSEL", "type": "MESAJ", **fields}
    return bench.ask("consent/show", consent={"brandCode": brand, "recipient": recipient, **asked})


def test_a_registered_consent_can_be_checked_and_lets_a_message_through(bench: Bench) -> None:
    assert register(bench, record(), brand=123456) == {"status": OK}
    assert check(bench, ALI) == {
        "status": OK,
        "consent": {
            "brandCode": 123456,
            "recipient": ALI,
            "recipientType": "BIREYSEL",
            "type": "MESAJ",
            "status": "ONAY",
            "source": "HS_WEB",
            "consentDate": "2026-11-20 10:30:00",
        },
    }
    assert bench.fates(bench.send(ALI, iys="1", iysList="BIREYSEL")) == [(ALI, 110)]


def test_a_refusal_on_file_is_told_with_the_registrys_own_source(bench: Bench) -> None:
    consent = check(bench, RET, brand=123456)["consent"]
    assert (consent["status"], consent["source"], consent["consentDate"]) == ("RET", "IYS_WEB", "2026-11-13 10:30:00")


def test_channels_and_types_are_records_of_their_own(bench: Bench) -> None:
    everything = [
        record(),
        record(recipientType="TACIR"),
        record(type="ARAMA"),
        record("+902121234567", type="ARAMA", source="HS_CAGRI_MERKEZI"),
        record("+491721234567"),
        record("ayse@example.com", type="EPOSTA"),
    ]
    assert register(bench, *everything) == {"status": OK}
    assert check(bench, "ayse@example.com", type="EPOSTA")["consent"]["status"] == "ONAY"
    assert check(bench, ALI, recipientType="TACIR")["consent"]["status"] == "ONAY"
    assert check(bench, ALI, type="EPOSTA") == NOT_VALID


@pytest.mark.parametrize(
    "fields",
    [
        {"recipient": "05330000011"},
        {"recipient": "+9053300000"},
        {"recipient": 5330000011},
        {"recipient": "ayse@example.com"},
        {"recipient": "ayse@example", "type": "EPOSTA"},
        {"recipient": ALI, "type": "EPOSTA"},
        {"recipientType": "INDIVIDUAL"},
        {"recipientType": ["BIREYSEL"]},
        {"type": "SMS"},
        {"type": None},
        {"status": "EVET"},
        {"status": None},
        {"source": "HS_KAPI"},
        {"source": "IYS_WEB"},
        {"source": ["HS_WEB"]},
        {"source": None},
        {"consentDate": None},
        {"consentDate": "20.11.2026 10:30"},
        {"consentDate": "2026-11-20"},
        {"consentDate": "2026-11-23 10:00:01"},
        {"consentDate": "2015-04-30 23:59:59"},
        {"consentDate": "2026-11-17 23:59:59"},
        {"source": "HS_2015"},
        {"source": "HS_2015", "consentDate": "2014-05-01 00:00:00"},
        {"source": "HS_WEB", "consentDate": "2015-05-01 00:00:00"},
        {"source": "HS_KARAR"},
        {"status": "RET"},
        {"status": "RET", "source": "HS_KARAR"},
    ],
)
def test_a_record_that_breaks_a_rule_is_422_and_takes_the_whole_batch_with_it(
    bench: Bench, fields: dict[str, Any]
) -> None:
    assert register(bench, record(VELI), {**record(), **fields}) == NOT_VALID
    assert check(bench, VELI) == NOT_VALID


@pytest.mark.parametrize(
    "fields",
    [
        {"consentDate": "2026-11-23 10:00:00"},
        {"consentDate": "2026-11-18 00:00:00"},
        {"source": "HS_2015", "consentDate": "2015-05-01 00:00:00"},
    ],
)
def test_a_date_at_the_edge_of_the_rules_is_taken(bench: Bench, fields: dict[str, Any]) -> None:
    assert register(bench, record(**fields)) == {"status": OK}


def test_a_refusal_follows_a_consent_and_is_not_given_twice(bench: Bench) -> None:
    refusal = {"status": "RET", "consentDate": "2026-11-23 09:00:00"}
    assert register(bench, record(ONAY, **refusal)) == {"status": OK}
    assert check(bench, ONAY)["consent"]["status"] == "RET"
    assert register(bench, record(ONAY, **{**refusal, "consentDate": "2026-11-23 09:00:01"})) == NOT_VALID


def test_a_court_may_refuse_for_somebody_who_consented(bench: Bench) -> None:
    assert register(bench, record(ONAY, status="RET", source="HS_KARAR")) == {"status": OK}


def test_the_same_status_again_is_422(bench: Bench) -> None:
    assert register(bench, record(ONAY)) == NOT_VALID


@pytest.mark.parametrize("when", ["2026-11-20 10:30:00", "2026-11-20 10:29:59"])
def test_a_record_must_be_later_than_the_one_on_file(bench: Bench, when: str) -> None:
    register(bench, record())
    assert register(bench, record(status="RET", consentDate=when)) == NOT_VALID


def test_a_record_changes_twice_a_day_at_most(bench: Bench) -> None:
    changes = [
        record(status=status, consentDate=f"2026-11-20 10:3{place}:00")
        for place, status in enumerate(["ONAY", "RET"] * 2)
    ]
    assert [register(bench, change)["status"]["code"] for change in changes[:3]] == [200, 200, 422]
    bench.wait(14 * 3600)
    assert [register(bench, change)["status"]["code"] for change in changes[2:]] == [200, 200]


def test_one_batch_may_not_name_a_record_twice(bench: Bench) -> None:
    assert register(bench, record(), record(status="RET", consentDate="2026-11-20 10:31:00")) == NOT_VALID


def test_a_batch_holds_one_to_five_thousand_records(bench: Bench) -> None:
    records = [record(f"+90534{place:07d}") for place in range(5001)]
    assert register(bench) == NOT_VALID
    assert register(bench, *records) == NOT_VALID
    assert register(bench, *records[:-1]) == {"status": OK}


@pytest.mark.parametrize("consent", [None, [], {}, {"list": {}}, {"brandCode": "123456", "list": ["+905330000011"]}])
def test_a_batch_of_another_shape_is_400(bench: Bench, consent: object) -> None:
    assert bench.code("consent/create", consent=consent) == 400


def test_a_foreign_or_missing_brand_cannot_register(bench: Bench) -> None:
    assert [register(bench, record(), brand=brand) for brand in ("999999", None, "x")] == [NOT_VALID] * 3


def test_without_a_subscription_everything_is_403(bench: Bench) -> None:
    none = {"status": {"code": 403, "message": "Aktif abonelik bulunamadı"}}
    assert register(bench, record(), brand="403403") == none
    assert check(bench, ONAY, brand=403403) == none
    bare = Bench(account=SimulatedAccount(brand_code=None))
    assert (register(bare, record()), check(bare, ONAY)) == (none, none)
    bare.database.close()


def test_no_record_is_422_or_for_merchants_by_message_an_empty_list(bench: Bench) -> None:
    assert check(bench, ALI) == NOT_VALID
    assert check(bench, ALI, recipientType="TACIR") == {"status": OK, "consent": []}
    assert check(bench, TACIR_RET, recipientType="TACIR")["consent"]["status"] == "RET"
    assert check(bench, ALI, recipientType="TACIR", type="ARAMA") == NOT_VALID


def test_anothers_brand_is_an_empty_list(bench: Bench) -> None:
    assert check(bench, ONAY, brand="999999") == {"status": OK, "consent": []}


def test_a_check_that_cannot_be_read_is_422(bench: Bench) -> None:
    assert [check(bench, recipient) for recipient in ("5330000099", "", None, 7)] == [NOT_VALID] * 4
    assert check(bench, ONAY, type="SMS") == NOT_VALID
    assert check(bench, ONAY, brand="x") == NOT_VALID
    assert bench.code("consent/show", consent="x") == 400
