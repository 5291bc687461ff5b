"""Declaring and reading İYS consents."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.hosting import ERAS, LIVE, Mode, hosted

WHO = {"recipient": "+905329998877", "recipient_type": "BIREYSEL", "channel": "MESAJ"}
RECORD: dict[str, Any] = {**WHO, "status": "ONAY", "source": "HS_WEB", "consent_date": "2026-11-23T09:00:00"}


@pytest.mark.parametrize("mode", ERAS)
async def test_a_consent_is_declared_after_its_preview_and_then_found(mode: Mode) -> None:
    async with hosted(mode=mode) as host:
        before = await host.call("iys_check", WHO)
        assert (before["outcome"], before["found"]) == ("ok", False)
        assert "no consent on file, or" in before["summary"]
        preview = await host.call("iys_register", consents=[RECORD])
        assert "1 × ONAY MESAJ BIREYSEL" in preview["preview"]
        assert "national registry" in preview["preview"]
        done = await host.call(
            "iys_register", consents=[{**RECORD, "recipient": "0532 999 88 77"}], confirm=preview["confirm"]
        )
        assert (done["outcome"], done["consents"], done["brand_code"]) == ("done", 1, "123456")
        after = await host.call("iys_check", WHO, brand_code=123456)
    assert (after["found"], after["status"], after["source"]) == (True, "ONAY", "HS_WEB")
    assert after["consent_date"] == "2026-11-23T09:00:00+03:00"
    assert host.wire.paths() == ["consent/show", "consent/create", "consent/show"]
    assert host.wire.requests[1][1]["consent"] == {
        "brandCode": "123456",
        "list": [
            {
                "recipient": "+905329998877",
                "recipientType": "BIREYSEL",
                "type": "MESAJ",
                "status": "ONAY",
                "source": "HS_WEB",
                "consentDate": "2026-11-23 09:00:00",
            }
        ],
    }


async def test_a_refusal_on_file_forbids_commercial_messages() -> None:
    async with hosted() as host:
        answer = await host.call("iys_check", {**WHO, "recipient": "+905330000098"})
    assert answer["status"] == "RET"
    assert "no commercial message" in answer["next_step"]


async def test_an_email_goes_with_the_email_channel() -> None:
    async with hosted() as host:
        answer = await host.call("iys_check", {**WHO, "recipient": "ornek@example.com", "channel": "EPOSTA"})
    assert (answer["found"], answer["status"]) == (True, "ONAY")


async def test_a_landline_can_be_called_but_gets_no_sms() -> None:
    async with hosted() as host:
        call = await host.call("iys_check", {**WHO, "recipient": "0212 555 44 33", "channel": "ARAMA"})
        sms = await host.call("iys_check", {**WHO, "recipient": "0212 555 44 33"})
    assert call["outcome"] == "ok"
    assert host.wire.requests[0][1]["consent"]["recipient"] == "+902125554433"
    assert sms["outcome"] == "nothing_done"


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"recipient": "nobody"}, "consents[0].recipient"),
        ({"recipient": "nobody", "channel": "EPOSTA"}, "e-mail"),
        ({"recipient_type": "KISI"}, "BIREYSEL or TACIR"),
        ({"status": "EVET"}, "ONAY or RET"),
        ({"source": "HS_FAX"}, "consents[0].source"),
        ({"source": "HS_KARAR"}, "RET only"),
        ({"source": "HS_2015"}, "2015-05-01 00:00:00"),
        ({"consent_date": "2026-11-23T10:00:01"}, "Monday 2026-11-23 10:00"),
        ({"consent_date": "2015-04-30T23:59:59"}, "2015-05-01"),
        ({"consent_date": "2026-11-23"}, "consent_date"),
        ({"consentDate": "2026-11-23T09:00:00"}, "consents[0].consentDate"),
        ({"consent_date": None}, "consents[0].consent_date"),
    ],
)
async def test_a_record_that_the_registry_would_refuse_is_refused_here(changed: dict[str, Any], named: str) -> None:
    async with hosted() as host:
        answer = await host.call("iys_register", consents=[{**RECORD, **changed}])
    assert answer["outcome"] == "nothing_done"
    assert named in answer["summary"]
    assert host.wire.requests == []


async def test_the_same_recipient_twice_in_one_batch_is_refused() -> None:
    async with hosted() as host:
        answer = await host.call("iys_register", consents=[RECORD, {**RECORD, "recipient": "0532 999 88 77"}])
    assert "consents[1] repeats consents[0]" in answer["summary"]


async def test_the_two_sources_with_rules_of_their_own_are_accepted_where_they_fit() -> None:
    async with hosted() as host:
        old = await host.call(
            "iys_register", consents=[{**RECORD, "source": "HS_2015", "consent_date": "2015-05-01T00:00:00"}]
        )
        decision = await host.call("iys_register", consents=[{**RECORD, "source": "HS_KARAR", "status": "RET"}])
    assert [old["outcome"], decision["outcome"]] == ["preview", "preview"]


@pytest.mark.parametrize("consents", [[], "x", [1], None])
async def test_a_batch_that_is_none_is_refused(consents: object) -> None:
    async with hosted() as host:
        answer = await host.call("iys_register", consents=consents)
    assert (answer["outcome"], host.wire.requests) == ("nothing_done", [])


async def test_more_than_five_thousand_records_are_refused() -> None:
    async with hosted() as host:
        answer = await host.call("iys_register", consents=[RECORD] * 5_001)
    assert "5,000" in answer["summary"]


async def test_a_batch_that_the_registry_refuses_is_refused_whole() -> None:
    async with hosted() as host:
        answer = await host.confirmed("iys_register", consents=[{**RECORD, "status": "RET"}])
    assert (answer["outcome"], answer["code"]) == ("refused", 422)


async def test_without_a_brand_code_both_ways_to_give_one_are_named() -> None:
    async with hosted(replace(LIVE, brand_code=None)) as host:
        register = await host.call("iys_register", consents=[RECORD])
        check = await host.call("iys_check", WHO)
        no_subscription = await host.call("iys_check", WHO, brand_code="403403")
    assert "ILETIMERKEZI_BRAND_CODE" in register["summary"]
    assert "ILETIMERKEZI_BRAND_CODE" in check["summary"]
    assert (no_subscription["outcome"], no_subscription["code"]) == ("refused", 403)


async def test_an_unknown_outcome_says_which_record_to_read() -> None:
    async with hosted() as host:
        answer = await host.confirmed("iys_register", consents=[{**RECORD, "recipient": "+905000000902"}])
    assert answer["outcome"] == "unknown"
    assert "iys_check at the first record (+905000000902, BIREYSEL, MESAJ)" in answer["next_step"]
