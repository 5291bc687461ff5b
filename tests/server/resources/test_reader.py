"""Reading resources."""

from __future__ import annotations

from dataclasses import replace

import anyio
import httpx
import mcp.types as mcp_types
import pytest
from pydantic import SecretStr

from iletimerkezi_mcp.server.resources.catalogue import (
    BALANCE,
    FIXED,
    MESSAGE_LIMITS,
    SENDERS,
    STATUS_CODES,
    TEMPLATES,
)
from iletimerkezi_mcp.settings import Settings
from tests.calls import SEND_SMS
from tests.hosting import ERAS, LIVE, Mode, hosted
from tests.server.resources.following import SEND
from tests.server.resources.reads import read, refused


@pytest.mark.parametrize("mode", ERAS)
async def test_a_host_that_polls_makes_one_request_in_half_a_minute(mode: Mode) -> None:
    async with hosted(mode=mode) as host:
        for _ in range(5):
            await read(host, BALANCE)
            await read(host, SENDERS)
            host.clock.advance(seconds=5)
        assert host.wire.paths() == ["get-balance", "get-sender"]
        host.clock.advance(seconds=5)
        document = await read(host, BALANCE)
    assert host.wire.paths() == ["get-balance", "get-sender", "get-balance"]
    assert document["read_at"] == "2026-11-23T10:00:30+03:00"


async def test_hosts_that_read_at_once_share_one_request() -> None:
    async with hosted() as host, anyio.create_task_group() as tasks:
        for _ in range(10):
            tasks.start_soon(read, host, BALANCE)
    assert host.wire.paths() == ["get-balance"]


async def test_hosts_learn_how_long_an_answer_is_fresh_and_that_it_is_private() -> None:
    async with hosted() as host:
        order_id = (await host.confirm(SEND_SMS, SEND, recipients=["+905321234567"]))["order_id"]
        await read(host, BALANCE)
        host.clock.advance(seconds=10)
        uris = [BALANCE, STATUS_CODES, MESSAGE_LIMITS, "iletimerkezi://policy", f"iletimerkezi://orders/{order_id}"]
        results = [await host.client.read_resource(uri) for uri in uris]
    assert [result.ttl_ms for result in results] == [20_000, 3_600_000, 3_600_000, 0, 5_000]
    assert {result.cache_scope for result in results} == {"private"}


async def test_after_a_send_the_balance_is_read_anew() -> None:
    async with hosted() as host:
        before = await read(host, BALANCE)
        await host.confirm(SEND_SMS, SEND, recipients=["+905321234567"])
        after = await read(host, BALANCE)
    assert (before["sms"], after["sms"]) == (100_000, 99_999)


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize("uri", ["iletimerkezi://nothing", "iletimerkezi://orders/abc", "not a uri", ""])
async def test_what_does_not_exist_is_the_protocols_error_and_lists_what_does(mode: Mode, uri: str) -> None:
    async with hosted(mode=mode) as host:
        error = await refused(host, uri)
        assert host.wire.requests == []
    assert error.code == mcp_types.INVALID_PARAMS
    assert error.data == {"uri": uri, "resources": list(FIXED), "templates": list(TEMPLATES)}
    assert all(uri in error.message for uri in [*FIXED, *TEMPLATES])


async def test_an_order_that_the_account_does_not_have_is_not_found() -> None:
    async with hosted() as host:
        error = await refused(host, "iletimerkezi://orders/999")
    assert error.code == mcp_types.INVALID_PARAMS
    assert error.message.startswith("This account has no such order.")
    assert error.data["uri"] == "iletimerkezi://orders/999"


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize(
    ("uri", "masked"),
    [
        ("iletimerkezi://blacklist/+905321234567", "iletimerkezi://blacklist/+90532*****67"),
        (
            "iletimerkezi://blacklist/%2B90%20532%20123%2045%2067",
            # The %20 may be two digits behind a sign, too.
            "iletimerkezi://blacklist/%2B90%205**%*****%20**%2067",
        ),
        ("iletimerkezi://orders/905321234567", "iletimerkezi://orders/90532*****67"),
        ("iletimerkezi://x/0532%0A123%C2%A045%E2%80%9367", "iletimerkezi://x/0532%0A***%C2%A0**%E2%80%9367"),
        ("iletimerkezi://x/0532+123+45+67", "iletimerkezi://x/0532+***+**+67"),
    ],
)
async def test_an_error_masks_a_number_in_the_uri_if_numbers_are_masked(mode: Mode, uri: str, masked: str) -> None:
    for settings, shown in ((LIVE, uri), (replace(LIVE, mask_numbers=True), masked)):
        async with hosted(settings, mode=mode) as host:
            error = await refused(host, uri)
        assert error.data["uri"] == shown


async def test_a_failed_read_masks_a_number_in_the_uri() -> None:
    async with hosted(replace(LIVE, mask_numbers=True, api_key=SecretStr("wrong-key"))) as host:
        error = await refused(host, "iletimerkezi://orders/905321234567")
    assert error.data == {"uri": "iletimerkezi://orders/90532*****67", "code": 401}


@pytest.mark.parametrize("mode", ERAS)
async def test_without_credentials_it_says_how_to_set_them_and_tables_are_read_all_the_same(mode: Mode) -> None:
    async with hosted(Settings(), mode=mode) as host:
        error = await refused(host, BALANCE)
        assert (await read(host, MESSAGE_LIMITS))["max_parts"] == 7
        assert host.wire.requests == []
    assert error.code == mcp_types.INTERNAL_ERROR
    assert "ILETIMERKEZI_API_KEY" in error.message
    assert error.data == {"uri": BALANCE}


async def test_a_refusal_holds_the_providers_code_and_is_not_asked_for_again_at_once() -> None:
    async with hosted(replace(LIVE, api_key=SecretStr("wrong-key"), language="tr")) as host:
        error = await refused(host, SENDERS)
        assert await refused(host, SENDERS) == error
        assert host.wire.paths() == ["get-sender"]
        host.clock.advance(seconds=5)
        await refused(host, SENDERS)
        assert host.wire.paths() == ["get-sender"] * 2
    assert error.code == mcp_types.INTERNAL_ERROR
    assert error.data == {"uri": SENDERS, "code": 401}
    assert "API kullanımına izin ver" in error.message


async def test_no_secret_leaves_in_a_document_or_an_error() -> None:
    key = LIVE.secrets[0]
    async with hosted(replace(LIVE, api_hash=SecretStr("live-hash-91c2"))) as host:
        host.wire.broken = lambda _: httpx.Response(
            200, json={"response": {"status": {"code": 200}, "senders": {"sender": [key[:11], key]}}}
        )
        document = await read(host, SENDERS)
        error = await refused(host, f"iletimerkezi://{key}")
    assert key not in str(document)
    assert "[hidden]" in str(error)
    assert key not in str(error)


@pytest.mark.parametrize("mode", ERAS)
async def test_one_code_is_read_without_the_others_and_without_a_request(mode: Mode) -> None:
    async with hosted(mode=mode) as host:
        code = await read(host, f"{STATUS_CODES}/503")
        status = await read(host, f"{STATUS_CODES}/114")
        error = await refused(host, f"{STATUS_CODES}/199")
        assert host.wire.requests == []
    assert [row["code"] for row in code["codes"]] == [503]
    assert len(str(code)) < 1_000
    assert [row["status"] for row in status["orders"]] == [114]
    assert error.code == mcp_types.INVALID_PARAMS
