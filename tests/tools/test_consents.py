"""Declaring and reading İYS consents."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import httpx
import pytest

from tests.calls import IYS_CHECK, IYS_REGISTER
from tests.hosting import ERAS, LIVE, Host, Mode, hosted

WHO = {"recipient": "+905329998877", "recipient_type": "BIREYSEL", "channel": "MESAJ"}
RECORD: dict[str, Any] = {**WHO, "status": "ONAY", "source": "HS_WEB", "consent_date": "2026-11-23T09:00:00"}


async def test_a_consent_is_declared_after_its_preview_and_then_found() -> None:
    async with hosted() as host:
        before = await host.call(IYS_CHECK, WHO)
        assert (before["outcome"], before["found"]) == ("ok", False)
        assert before["brand_confirmed"] is False
        preview = await host.call(IYS_REGISTER, consents=[RECORD])
        assert preview["preview"].splitlines()[2:] == [
            "- Record 1: +905329998877, ONAY MESAJ BIREYSEL, HS_WEB, 2026-11-23 09:00:00"
        ]
        assert "national registry" in preview["preview"]
        done = await host.call(
            IYS_REGISTER, consents=[{**RECORD, "recipient": "0532 999 88 77"}], confirm=preview["confirm"]
        )
        assert (done["outcome"], done["consents"], done["brand_code"]) == ("done", 1, "123456")
        after = await host.call(IYS_CHECK, WHO, brand_code=123456)
    assert (after["found"], after["brand_confirmed"]) == (True, True)
    assert (after["status"], after["source"]) == ("ONAY", "HS_WEB")
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
        answer = await host.call(IYS_CHECK, {**WHO, "recipient": "+905330000098"})
    assert answer["status"] == "RET"
    assert "no commercial message" in answer["next_step"]


@pytest.mark.parametrize("mode", ERAS)
async def test_the_brand_code_is_in_doubt_until_it_has_had_a_record_of_anyone(mode: Mode) -> None:
    async with hosted(mode=mode) as host:
        doubtful = await host.call(IYS_CHECK, WHO)
        known = await host.call(IYS_CHECK, {**WHO, "recipient": "+905330000099"})
        certain = await host.call(IYS_CHECK, WHO)
        foreign = await host.call(IYS_CHECK, WHO, brand_code="696422")
    who = "+905329998877 BIREYSEL MESAJ"
    consumer = (
        "Send this consumer no commercial message on this channel: an ONAY has to come first. Nor is there anything to take "
        "back: a RET would be refused. A record as TACIR or on another channel is a separate one."
    )
    assert doubtful["summary"] == (
        f"{who}: no consent on file. This server has seen no record of brand 123456 since it started; a wrong code would "
        "answer the same."
    )
    # The operator's own code needs no check with the user; one that came with the call does.
    assert doubtful["next_step"] == consumer
    assert foreign["next_step"] == f"Check the brand code with the user. {consumer}"
    assert (certain["summary"], certain["next_step"]) == (f"{who}: no consent on file.", consumer)
    assert [answer["brand_confirmed"] for answer in (doubtful, known, certain, foreign)] == [False, True, True, False]
    assert "696422" in foreign["summary"]


async def test_a_declaration_confirms_the_brand_code() -> None:
    async with hosted() as host:
        await host.confirm(IYS_REGISTER, consents=[RECORD])
        answer = await host.call(IYS_CHECK, {**WHO, "recipient": "+905321111111"})
    assert (answer["found"], answer["brand_confirmed"]) == (False, True)


async def test_a_merchant_needs_no_consent_beforehand() -> None:
    async with hosted(replace(LIVE, language="tr")) as host:
        turkish = await host.call(IYS_CHECK, {**WHO, "recipient_type": "TACIR"})
    async with hosted() as host:
        english = await host.call(IYS_CHECK, {**WHO, "recipient_type": "TACIR"})
    assert (
        "A merchant needs no ONAY beforehand: commercial messages are allowed until there is a RET."
        in (english["next_step"])
    )
    assert turkish["next_step"].startswith("Tacirden önceden ONAY almak gerekmez")
    assert turkish["summary"].endswith(
        "Bu sunucu başladığından beri 123456 markasının hiçbir kaydını görmedi; yanlış bir kod da aynı yanıtı verir."
    )


async def test_an_email_goes_with_the_email_channel() -> None:
    async with hosted() as host:
        answer = await host.call(IYS_CHECK, {**WHO, "recipient": "ornek@example.com", "channel": "EPOSTA"})
    assert (answer["found"], answer["status"]) == (True, "ONAY")


async def test_a_landline_can_be_called_but_gets_no_sms() -> None:
    async with hosted() as host:
        call = await host.call(IYS_CHECK, {**WHO, "recipient": "0212 555 44 33", "channel": "ARAMA"})
        sms = await host.call(IYS_CHECK, {**WHO, "recipient": "0212 555 44 33"})
    assert call["outcome"] == "ok"
    assert host.wire.requests[0][1]["consent"]["recipient"] == "+902125554433"
    assert sms["outcome"] == "nothing_done"


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"recipient": "nobody"}, "consents.recipient, entry 1 (“"),
        ({"recipient": "nobody", "channel": "EPOSTA"}, "e-mail"),
        ({"recipient_type": "KISI"}, "BIREYSEL or TACIR"),
        ({"status": "EVET"}, "ONAY or RET"),
        ({"source": "HS_FAX"}, "consents[0].source"),
        ({"source": "HS_KARAR"}, "RET only"),
        ({"source": "HS_2015"}, "2015-05-01 00:00:00"),
        ({"consent_date": "2026-11-23T10:00:01"}, "10:00 on Monday 2026-11-23"),
        ({"consent_date": "2015-04-30T23:59:59"}, "2015-05-01"),
        ({"consent_date": "2026-11-23T09:00"}, "consent_date"),
        ({"consentDate": "2026-11-23T09:00:00"}, "consents[0].consentDate"),
        ({"consent_date": None}, "consents[0].consent_date"),
    ],
)
async def test_a_record_that_the_registry_would_refuse_is_refused_here(changed: dict[str, Any], named: str) -> None:
    async with hosted() as host:
        answer = await host.call(IYS_REGISTER, consents=[{**RECORD, **changed}])
    assert answer["outcome"] == "nothing_done"
    assert named in answer["summary"]
    assert host.wire.requests == []


async def test_the_same_recipient_twice_in_one_batch_is_refused() -> None:
    async with hosted() as host:
        answer = await host.call(IYS_REGISTER, consents=[RECORD, {**RECORD, "recipient": "0532 999 88 77"}])
    assert "consents[1] repeats consents[0]" in answer["summary"]


async def test_an_e_mail_address_in_other_case_is_the_same_recipient() -> None:
    mail = {**RECORD, "channel": "EPOSTA", "recipient": "Ali@example.com"}
    async with hosted() as host:
        answer = await host.call(IYS_REGISTER, consents=[mail, {**mail, "recipient": "ali@EXAMPLE.com"}])
    assert "consents[1] repeats consents[0]" in answer["summary"]


async def test_the_two_sources_with_rules_of_their_own_are_accepted_where_they_fit() -> None:
    async with hosted() as host:
        old = await host.call(
            IYS_REGISTER, consents=[{**RECORD, "source": "HS_2015", "consent_date": "2015-05-01T00:00:00"}]
        )
        decision = await host.call(IYS_REGISTER, consents=[{**RECORD, "source": "HS_KARAR", "status": "RET"}])
    assert [old["outcome"], decision["outcome"]] == ["preview", "preview"]


@pytest.mark.parametrize("consents", [[], "x", [1], None])
async def test_a_batch_that_is_none_is_refused(consents: object) -> None:
    async with hosted() as host:
        answer = await host.call(IYS_REGISTER, consents=consents)
    assert (answer["outcome"], host.wire.requests) == ("nothing_done", [])


async def test_more_than_five_thousand_records_are_refused() -> None:
    async with hosted() as host:
        answer = await host.call(IYS_REGISTER, consents=[RECORD] * 5_001)
    assert "5,000" in answer["summary"]


async def test_a_batch_that_the_registry_refuses_is_refused_whole() -> None:
    async with hosted() as host:
        answer = await host.confirm(IYS_REGISTER, consents=[{**RECORD, "status": "RET"}])
        old = {"status": "RET", "consent_date": "2026-11-02T09:00:00"}
        await host.call(IYS_CHECK, {**WHO, "recipient": "+905330000099"})
        known = await host.confirm(IYS_REGISTER, consents=[{**RECORD, **old}])
        again = await host.confirm(IYS_REGISTER, consents=[{**RECORD, "recipient": "+905330000099"}])
    async with hosted(replace(LIVE, language="tr")) as host:
        turkish = await host.confirm(IYS_REGISTER, consents=[{**RECORD, "status": "RET"}])
    assert (answer["outcome"], answer["code"]) == ("refused", 422)
    stored = "a stored record with the same status or a later date"
    causes = [one["next_step"].split(": ")[1].split(". ")[0] for one in (answer, known, again)]
    assert causes == [
        f"a RET without an ONAY on file; {stored}; a wrong brand code",
        f"a RET without an ONAY on file; a date older than three working days; {stored}",
        stored,
    ]
    assert turkish["next_step"].startswith("Olası neden: kayıtlı ONAY'ı olmayan bir RET; aynı durumda ya da daha yeni")


@pytest.mark.parametrize("mode", ERAS)
async def test_a_first_refusal_is_warned_of_if_a_look_up_of_the_last_hour_found_nothing(mode: Mode) -> None:
    refusal = {**RECORD, "status": "RET"}
    warning = "Records with RET for which the registry had nothing when asked within the last hour: 1. The registry will probably refuse"

    async def warned(host: Host, **change: str) -> bool:
        preview = await host.call(IYS_REGISTER, consents=[{**refusal, **change}], dry_run=True)
        return f"! {warning}" in preview["preview"]

    async with hosted(mode=mode) as host:
        assert not await warned(host)
        await host.call(IYS_CHECK, WHO)
        assert await warned(host)
        assert not await warned(host, status="ONAY")
        assert not await warned(host, recipient_type="TACIR")
        await host.confirm(IYS_REGISTER, consents=[RECORD])
        assert not await warned(host)
        await host.call(IYS_CHECK, {**WHO, "recipient": "+905321111111"})
        host.clock.advance(minutes=61)
        assert not await warned(host, recipient="+905321111111")


async def test_without_a_brand_code_both_ways_to_give_one_are_named() -> None:
    async with hosted(replace(LIVE, brand_code=None)) as host:
        register = await host.call(IYS_REGISTER, consents=[RECORD])
        check = await host.call(IYS_CHECK, WHO)
        no_subscription = await host.call(IYS_CHECK, WHO, brand_code="403403")
        undeclared = await host.confirm(IYS_REGISTER, consents=[RECORD], brand_code="403403")
    assert "ILETIMERKEZI_BRAND_CODE" in register["summary"]
    assert "ILETIMERKEZI_BRAND_CODE" in check["summary"]
    assert (no_subscription["outcome"], no_subscription["code"]) == ("refused", 403)
    assert (undeclared["outcome"], undeclared["code"]) == ("refused", 403)
    assert "Probable cause" not in undeclared["next_step"]


async def test_an_unknown_outcome_says_which_record_to_read() -> None:
    async with hosted() as host:
        answer = await host.confirm(IYS_REGISTER, consents=[{**RECORD, "recipient": "+905000000902"}])
    assert answer["outcome"] == "unknown"
    assert "iys_check at the first record (+905000000902, BIREYSEL, MESAJ)" in answer["next_step"]


def records(*changes: dict[str, Any]) -> list[dict[str, Any]]:
    return [{**RECORD, "recipient": f"+9053299988{index:02}", **change} for index, change in enumerate(changes)]


@pytest.mark.parametrize(
    ("changes", "english", "turkish"),
    [
        (({},), "1 record (ONAY)", "1 izin kaydı (ONAY)"),
        (({"status": "RET"},), "1 record (RET)", "1 izin kaydı (RET)"),
        (
            ({}, {"status": "RET"}, {}),
            "3 records (2 ONAY, 1 RET)",
            "3 izin kaydı (2 ONAY, 1 RET)",
        ),
    ],
)
async def test_a_refusal_is_never_called_a_consent(
    changes: tuple[dict[str, Any], ...], english: str, turkish: str
) -> None:
    async with hosted() as host:
        preview = await host.call(IYS_REGISTER, consents=records(*changes))
    async with hosted(replace(LIVE, language="tr")) as host:
        onizleme = await host.call(IYS_REGISTER, consents=records(*changes))
    assert preview["preview"].splitlines()[0] == f"LIVE, key …7f3a: declare {english} to İYS for brand 123456."
    assert onizleme["preview"].splitlines()[0] == (
        f"CANLI, anahtar …7f3a: 123456 markası için İYS'ye {turkish} bildirilecek."
    )


async def test_what_was_declared_is_told_by_its_status() -> None:
    async with hosted() as host:
        done = await host.confirm(IYS_REGISTER, consents=[RECORD])
    async with hosted(replace(LIVE, language="tr")) as host:
        bildirildi = await host.confirm(IYS_REGISTER, consents=[RECORD])
    assert done["summary"] == "Declared 1 record (ONAY) to İYS for brand 123456."
    assert bildirildi["summary"] == "123456 markası için İYS'ye bildirildi: 1 izin kaydı (ONAY)."


async def test_a_preview_shows_every_source_with_its_dates_and_the_first_records() -> None:
    changes: list[dict[str, Any]] = [{"source": "HS_ATM", "consent_date": f"2026-11-20T10:30:{n:02}"} for n in range(5)]
    consents = records({"consent_date": "2026-11-20T10:30:00"}, *changes)
    async with hosted() as host:
        preview = await host.call(IYS_REGISTER, consents=consents)
    async with hosted(replace(LIVE, language="tr")) as host:
        turkish = await host.call(IYS_REGISTER, consents=consents)
    who = [f"+9053299988{n:02}, ONAY MESAJ BIREYSEL, " for n in range(5)]
    assert [line[2:] for line in preview["preview"].splitlines() if line.startswith("- ")] == [
        "5 × ONAY MESAJ BIREYSEL HS_ATM, from 2026-11-20 10:30:00 to 2026-11-20 10:30:04",
        "1 × ONAY MESAJ BIREYSEL HS_WEB, 2026-11-20 10:30:00",
        f"Record 1: {who[0]}HS_WEB, 2026-11-20 10:30:00",
        f"Record 2: {who[1]}HS_ATM, 2026-11-20 10:30:00",
        f"Record 3: {who[2]}HS_ATM, 2026-11-20 10:30:01",
        f"Record 4: {who[3]}HS_ATM, 2026-11-20 10:30:02",
        f"Record 5: {who[4]}HS_ATM, 2026-11-20 10:30:03; and 1 more",
    ]
    lines = turkish["preview"].splitlines()
    assert "- 5 × ONAY MESAJ BIREYSEL HS_ATM, 20.11.2026 10:30:00 ile 20.11.2026 10:30:04 arası" in lines
    assert f"- 1. kayıt: {who[0]}HS_WEB, 20.11.2026 10:30:00" in lines
    assert f"- 5. kayıt: {who[4]}HS_ATM, 20.11.2026 10:30:03; ve 1 kayıt daha" in lines


@pytest.mark.parametrize(
    "email",
    [
        "a\u202emoc.x@evil.com",
        "a\u200b@b.com",
        "a\x1b[2J@b.com",
        "a\x00@b.com",
        "\u3164@\u3164.\u3164\u3164",
        "a,b,c@d.com",
        "a@b@c.com",
        "x|<script>@b.co",
        "Declare_nothing.\u2063@b.com",
        "ayşe@example.com",
        "a@örnek.com",
        "a@b",
        "a@-b.com",
        "a@b..com",
        "a@b.c",
        "a@1.2.3.4",
        f"{'a' * 65}@b.com",
        "<a@b.com>",
        "a b@c.com",
    ],
)
async def test_an_address_that_could_show_as_another_is_refused(email: str) -> None:
    async with hosted() as host:
        answer = await host.call(IYS_REGISTER, consents=[{**RECORD, "channel": "EPOSTA", "recipient": email}])
    assert answer["outcome"] == "nothing_done"
    assert "consents.recipient, entry 1 (“" in answer["summary"]
    assert "”) must be an e-mail address in plain ASCII characters" in answer["summary"]


@pytest.mark.parametrize(
    "email", ["ornek@example.com", "a.b+c_d-e'f@mail.example.com.tr", "X@xn--rnek-5qa.xn--p1ai", "1&2=3@a1.io"]
)
async def test_an_ordinary_address_is_taken(email: str) -> None:
    async with hosted() as host:
        answer = await host.call(IYS_REGISTER, consents=[{**RECORD, "channel": "EPOSTA", "recipient": f" {email} "}])
    assert answer["outcome"] == "preview"
    assert f"Record 1: {email}, ONAY EPOSTA" in answer["preview"]


async def test_bad_dates_of_many_records_tell_the_reason_and_the_time_once() -> None:
    consents = [{**one, "consent_date": "20.11.2026"} for one in records(*[{}] * 50)]
    async with hosted() as host:
        answer = await host.call(IYS_REGISTER, consents=consents)
    assert answer["summary"] == (
        "Nothing was done. consents[0].consent_date must begin with the year: a date and a time like "
        "2026-11-20T10:30:00, to the second, or a day like 2026-11-20. The same goes for [1], [2], [3], [4] and 45 more. "
        "It is now 10:00 on Monday 2026-11-23 in Istanbul."
    )


async def test_an_unknown_field_of_a_record_is_measured_by_the_records_own_fields() -> None:
    async with hosted() as host:
        answer = await host.call(IYS_REGISTER, consents=[{**RECORD, "brand": 1, "recipients": "x"}])
    assert "consents[0].recipients is unknown; did you mean recipient?" in answer["summary"]
    assert "the possible names are recipient, recipient_type, channel" in answer["summary"]


async def test_old_records_are_warned_of_whatever_their_status() -> None:
    async with hosted() as host:
        answer = await host.call(IYS_REGISTER, consents=[{**RECORD, "consent_date": "2026-11-02T09:00:00"}])
    assert any(warning.startswith("Records older than three working days: 1.") for warning in answer["warnings"])


async def test_a_consent_is_read_although_the_provider_leaves_out_its_date_and_source() -> None:
    body = {"response": {"status": {"code": 200}, "consent": {"status": "RET"}}}
    async with hosted() as host:
        host.wire.broken = lambda _: httpx.Response(200, json=body)
        answer = await host.call(IYS_CHECK, WHO)
    assert answer["summary"] == "+905329998877 BIREYSEL MESAJ: RET."
    assert "source" not in answer
    assert "consent_date" not in answer


@pytest.mark.parametrize("mode", ERAS)
async def test_a_date_may_be_a_day_and_the_preview_says_which_time_is_declared(mode: Mode) -> None:
    consents = [{**RECORD, "consent_date": "2026-11-20"}, {**RECORD, "recipient": "05321112233"}]
    async with hosted(mode=mode) as host:
        preview = await host.call(IYS_REGISTER, consents=consents)
        whole = [{**RECORD, "consent_date": "2026-11-20T00:00:00"}, consents[1]]
        # It is the same declaration, but its preview did not say that the time was made up.
        other = await host.call(IYS_REGISTER, consents=whole, confirm=preview["confirm"])
        done = await host.confirm(IYS_REGISTER, consents=consents)
    warning = (
        "! Records dated with a day and no time: 1. What is declared is 00:00:00 of that day. Ask for the time first."
    )
    assert warning in preview["preview"].split("\n")
    assert "2026-11-20 00:00:00" in preview["preview"]
    assert (other["outcome"], warning in other["preview"]) == ("nothing_done", False)
    assert done["outcome"] == "done"
    assert "2026-11-20 00:00:00" in str(host.wire.requests[-1])


async def test_the_day_from_which_all_older_consents_count_may_be_written_as_a_day() -> None:
    consents = [{**RECORD, "source": "HS_2015", "consent_date": "2015-05-01"}]
    async with hosted() as host:
        assert (await host.call(IYS_REGISTER, consents=consents))["outcome"] == "preview"
