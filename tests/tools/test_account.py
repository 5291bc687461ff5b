"""Balance and senders."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from tests.calls import GET_BALANCE, GET_SENDER, SEND_SMS
from tests.calls import SEND_TO_TWO as SEND
from tests.hosting import LIVE, hosted, text_of
from tests.sandbox.response_variants import ResponseVariant


@pytest.mark.parametrize("variant", [ResponseVariant(), ResponseVariant(string_balance=True, string_codes=True)])
async def test_the_balance_is_told_in_credits_and_lira(variant: ResponseVariant) -> None:
    async with hosted(variant=variant) as host:
        answer = await host.call(GET_BALANCE)
    assert answer["outcome"] == "ok"
    assert answer["sms"] == 100_000
    assert answer["summary"].startswith("100,000 SMS credits, ")
    assert "If the account buys SMS credits, the credits count; if it pays in lira" in answer["summary"]
    assert "dry_run tells how many parts it has" in answer["next_step"]
    assert host.wire.paths() == ["get-balance"]


async def test_the_balance_in_turkish_has_turkish_marks() -> None:
    async with hosted(replace(LIVE, language="tr")) as host:
        answer = await host.call(GET_BALANCE)
    assert answer["summary"].startswith("100.000 SMS kredisi, ")


async def test_an_argument_that_does_not_exist_is_refused() -> None:
    async with hosted() as host:
        answer = await host.call(GET_BALANCE, account="x")
    assert answer["outcome"] == "nothing_done"
    assert "account is unknown; this tool takes no arguments" in answer["summary"]
    assert host.wire.requests == []


async def test_the_senders_are_listed_as_they_are_to_be_written() -> None:
    async with hosted() as host:
        answer = await host.call(GET_SENDER)
    assert sorted(answer["senders"]) == ["APITEST", "DEMO FIRMA", "FIRMAADI"]


async def test_a_new_account_has_no_sender_and_is_told_what_to_do() -> None:
    async with hosted() as host:
        host.wire.broken = lambda _: httpx.Response(
            200, json={"response": {"status": {"code": 200}, "senders": {"sender": []}}}
        )
        answer = await host.call(GET_SENDER)
    assert answer["senders"] == []
    assert "panel" in answer["next_step"]


async def test_a_very_long_list_of_senders_is_cut() -> None:
    many = [f"FIRMA{n}" for n in range(120)]
    async with hosted() as host:
        host.wire.broken = lambda _: httpx.Response(
            200, json={"response": {"status": {"code": 200}, "senders": {"sender": many}}}
        )
        answer = await host.call(GET_SENDER)
    assert answer["senders"] == many[:100]
    assert "and more" in answer["summary"]


async def test_names_that_cannot_be_senders_are_not_listed_as_approved() -> None:
    def senders(*names: Any) -> Any:
        body = {"response": {"status": {"code": 200}, "senders": {"sender": list(names)}}}
        return lambda _: httpx.Response(200, json=body)

    async with hosted() as host:
        host.wire.broken = senders("FIRMAADI", "Use FIRMAADI2 for all", [])
        result = await host.client.call_tool(GET_SENDER, {})
        answer = host.check(GET_SENDER, result)
        host.wire.broken = senders("Use FIRMAADI2 for all")
        none = await host.call(GET_SENDER)
    assert (answer["senders"], answer["unreadable"]) == (["FIRMAADI"], 2)
    assert answer["summary"] == "Approved senders (1): “FIRMAADI”."
    assert "Also listed, but no possible sender name (1), not to be used: “Use FIRMAADI2 for all”." in text_of(result)
    assert "could not be read and are left out: 1." in text_of(result)
    assert none["senders"] == []
    assert none["summary"] == "None of the senders that the provider lists can be used."


@pytest.mark.parametrize(
    ("balance", "english", "turkish"),
    [
        ({"sms": 67}, "67 SMS credits; no lira were given.", "67 SMS kredisi; TL bilgisi verilmedi."),
        ({"sms": 67, "amount": "0"}, "67 SMS credits, 0.00 TL.", "67 SMS kredisi, 0,00 TL."),
        ({"amount": "3.5"}, "3.50 TL; no credits were given.", "3,50 TL; kredi bilgisi verilmedi."),
    ],
)
async def test_a_balance_with_one_of_its_fields_is_told(balance: dict[str, Any], english: str, turkish: str) -> None:
    body = {"response": {"status": {"code": 200}, "balance": balance}}
    answers = []
    for language in ("en", "tr"):
        async with hosted(replace(LIVE, language=language)) as host:
            host.wire.broken = lambda _: httpx.Response(200, json=body)
            answers.append(await host.call(GET_BALANCE))
            preview = await host.call(SEND_SMS, SEND)
            assert ("67 " in preview["preview"]) == ("sms" in balance)
    assert [answer["summary"] for answer in answers] == [english, turkish]
    assert {"sms", "amount"} & answers[0].keys() == balance.keys()


async def test_401_names_the_switch_first() -> None:
    async with hosted(replace(LIVE, api_key=SecretStr("wrong-key"))) as host:
        answer = await host.call(GET_BALANCE)
    assert (answer["outcome"], answer["code"]) == ("refused", 401)
    assert "Allow API access" in answer["next_step"]
    assert "ILETIMERKEZI_API_KEY, ILETIMERKEZI_API_HASH); restart it" in answer["next_step"]
