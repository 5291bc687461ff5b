"""Completing arguments."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import mcp.types as mcp_types
import pytest
from mcp import MCPError

from iletimerkezi_mcp.server.prompts import completion
from iletimerkezi_mcp.server.resources.catalogue import CODE_TEMPLATE, ORDER_TEMPLATE
from iletimerkezi_mcp.settings import Settings
from tests.calls import ADD_BLACKLIST, SEND_SMS
from tests.hosting import ERAS, LIVE, Host, Mode, hosted

CAMPAIGN = mcp_types.PromptReference(name="send_campaign")
REVIEW = mcp_types.PromptReference(name="delivery_review")
ORDER = mcp_types.ResourceTemplateReference(uri=ORDER_TEMPLATE)
CODE = mcp_types.ResourceTemplateReference(uri=CODE_TEMPLATE)
Reference = mcp_types.PromptReference | mcp_types.ResourceTemplateReference


async def complete(host: Host, ref: Reference, name: str, typed: str) -> mcp_types.Completion:
    return (await host.client.complete(ref, {"name": name, "value": typed})).completion


def full(*values: str) -> mcp_types.Completion:
    return mcp_types.Completion(values=list(values), total=len(values), has_more=False)


@pytest.mark.parametrize("mode", ERAS)
async def test_senders_are_completed_by_one_request_whatever_the_case(mode: Mode) -> None:
    async with hosted(mode=mode) as host:
        assert await complete(host, CAMPAIGN, "sender", "") == full("FIRMAADI", "APITEST", "DEMO FIRMA")
        assert await complete(host, CAMPAIGN, "sender", "de") == full("DEMO FIRMA")
        assert await complete(host, CAMPAIGN, "sender", "x") == full()
    assert host.wire.paths() == ["get-sender"]


async def test_only_senders_that_the_operator_allows_are_offered() -> None:
    async with hosted(replace(LIVE, allowed_senders=("DEMO FIRMA", "OTHER"))) as host:
        assert await complete(host, CAMPAIGN, "sender", "") == full("DEMO FIRMA")


async def test_what_cannot_be_read_completes_to_nothing(tmp_path: Path) -> None:
    async with hosted(Settings()) as host:
        assert await complete(host, CAMPAIGN, "sender", "") == full()
    state = tmp_path / "state"
    async with hosted(replace(LIVE, state_dir=state)) as host:
        await host.call(SEND_SMS, order("first"))
        shutil.rmtree(state)
        state.write_text("no folder", encoding="utf-8")
        assert await complete(host, REVIEW, "order_id", "") == full()


def order(label: str | None, number: str = "+905321234567") -> dict[str, Any]:
    sending: dict[str, Any] = {"text": f"Siparişiniz yola çıktı: {label}", "message_type": "transactional"}
    return {**sending, "recipients": [number]} if label is None else {**sending, "recipients": [number], "label": label}


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize("ref", [REVIEW, ORDER])
async def test_the_latest_orders_are_completed_by_number_or_by_a_word_of_their_label(
    mode: Mode, ref: Reference
) -> None:
    async with hosted(mode=mode) as host:
        first, second, third = [
            (await host.confirm(SEND_SMS, order(label)))["order_id"]
            for label in ("Kasım indirimi", "Yılbaşı İndirimi", None)
        ]
        await host.confirm(ADD_BLACKLIST, number="+905331112233")
        asked = len(host.wire.requests)
        assert await complete(host, ref, "order_id", "") == full(third, second, first)
        assert await complete(host, ref, "order_id", third) == full(third)
        assert await complete(host, ref, "order_id", "KAS") == full(first)
        assert await complete(host, ref, "order_id", "indir") == full(second, first)
        assert await complete(host, ref, "order_id", "dirim") == full()
        assert len(host.wire.requests) == asked


async def test_of_many_values_the_first_are_given_and_how_many_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(completion, "MAX_VALUES", 2)
    async with hosted() as host:
        assert await complete(host, CAMPAIGN, "sender", "") == mcp_types.Completion(
            values=["FIRMAADI", "APITEST"], total=3, has_more=True
        )


async def test_codes_are_completed() -> None:
    async with hosted() as host:
        assert await complete(host, CODE, "code", "11") == full("113", "114", "115", "110", "111", "112")
        assert await complete(host, CODE, "code", "50") == full("503")


async def test_languages_are_completed_and_free_words_are_not() -> None:
    async with hosted() as host:
        assert await complete(host, CAMPAIGN, "language", "T") == full("tr")
        assert await complete(host, CAMPAIGN, "idea", "a") == full()


@pytest.mark.parametrize(
    ("ref", "name", "begins"),
    [
        (
            CAMPAIGN,
            "order_id",
            "order_id is not an argument here. The arguments are: idea, recipients, sender, language.",
        ),
        (mcp_types.PromptReference(name="x"), "sender", "There is no prompt of this name."),
        (
            mcp_types.ResourceTemplateReference(uri="iletimerkezi://x/{y}"),
            "y",
            "There is no such template. The templates are: iletimerkezi://orders/{order_id}, ",
        ),
        (CODE, "order_id", "order_id is not an argument here. The arguments are: code."),
    ],
)
async def test_what_is_not_there_is_the_protocols_error(ref: Reference, name: str, begins: str) -> None:
    async with hosted() as host:
        with pytest.raises(MCPError) as caught:
            await complete(host, ref, name, "")
    assert caught.value.error.code == mcp_types.INVALID_PARAMS
    assert caught.value.error.message.startswith(begins)


@pytest.mark.parametrize("typed", [f"{'x' * 50}{LIVE.secrets[0]}", f"{'x' * 50}05321234567"])
async def test_no_part_of_a_key_or_of_a_number_comes_back_in_an_error(typed: str) -> None:
    async with hosted() as host:
        with pytest.raises(MCPError) as caught:
            await complete(host, CAMPAIGN, typed, typed)
    assert "live" not in str(caught.value.error)
    assert "05321" not in str(caught.value.error)
