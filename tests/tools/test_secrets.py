"""A call whose arguments hold the account's key or hash is refused; the provider and the audit log never see it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from tests.calls import ADD_BLACKLIST, CANCEL_ORDER, DELETE_BLACKLIST, GET_BLACKLIST, IYS_REGISTER, SEND_SMS
from tests.calls import SEND_TO_TWO as SEND
from tests.hosting import ERAS, LIVE, Mode, hosted

from .examples import EXAMPLES

KEY, HASH, TOKEN = "live-key-7f3a", "live-hash-91c2", "token-of-a-host-5e"
SETTINGS = replace(LIVE, http_token=SecretStr(f"office:{TOKEN}"))
CONSENT = EXAMPLES[IYS_REGISTER]["consents"][0]

CALLS: list[tuple[str, dict[str, Any], str]] = [
    (SEND_SMS, {**SEND, "text": f"Anahtar {KEY}."}, "text"),
    (SEND_SMS, {**SEND, "text": f"{HASH}"}, "text"),
    (SEND_SMS, {**SEND, "text": TOKEN}, "text"),
    (SEND_SMS, {**SEND, "text": "live\u200b-key\u2060-7f3a"}, "text"),
    (SEND_SMS, {**SEND, "text": "\uff4cive-key-7f3a"}, "text"),
    (SEND_SMS, {**SEND, "label": KEY}, "label"),
    (SEND_SMS, {**SEND, "sender": KEY}, "sender"),
    (SEND_SMS, {**SEND, "confirm": KEY}, "confirm"),
    (SEND_SMS, {**SEND, "send_at": KEY}, "send_at"),
    (ADD_BLACKLIST, {"number": KEY}, "number"),
    (DELETE_BLACKLIST, {"number": HASH}, "number"),
    (CANCEL_ORDER, {"order_id": KEY}, "order_id"),
    (IYS_REGISTER, {"brand_code": KEY, "consents": [CONSENT]}, "brand_code"),
    (IYS_REGISTER, {"consents": [{**CONSENT, "recipient": f"{KEY}@firma.com", "channel": "EPOSTA"}]}, "consents"),
    (IYS_REGISTER, {"consents": [{**CONSENT, HASH: 1}]}, "consents"),
    (GET_BLACKLIST, {"number": KEY}, "number"),
    (SEND_SMS, {**SEND, "recipients": ["05321234567", f"{'x' * 25}{HASH}"]}, "recipients"),
    (SEND_SMS, {**SEND, "x": ["a", HASH]}, "x"),
    (SEND_SMS, {**SEND, "x": ["a", {HASH: 1}]}, "x"),
]


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize(("tool", "arguments", "field"), CALLS)
async def test_a_secret_in_an_argument_is_refused_unseen(
    mode: Mode, tool: str, arguments: dict[str, Any], field: str, tmp_path: Path
) -> None:
    log = tmp_path / "audit.jsonl"
    async with hosted(replace(SETTINGS, audit_log=log), mode=mode) as host:
        result = await host.client.call_tool(tool, arguments)
        answer = host.check(tool, result)
    assert answer["outcome"] == "nothing_done"
    assert (
        f"{field} holds a secret of this server (its API key, its hash or a token); take it out." in answer["summary"]
    )
    written = log.read_text(encoding="utf-8") if log.exists() else ""
    for secret in (KEY, HASH, TOKEN, "[hidden]"):
        assert secret not in str(result)
        assert secret not in written
    assert host.wire.requests == []


async def test_it_is_said_in_turkish_and_no_form_is_shown() -> None:
    shown: list[Any] = []

    async def ask(_: Any, params: Any) -> Any:
        shown.append(params)

    async with hosted(replace(SETTINGS, language="tr"), elicitation_callback=ask) as host:
        answer = await host.call(SEND_SMS, SEND, text=f"{KEY} {KEY}")
    assert (
        "text bu sunucunun bir gizli değerini (API anahtarı, hash ya da token) içeriyor; çıkarın." in answer["summary"]
    )
    assert shown == []


async def test_an_unknown_argument_whose_name_is_a_secret_is_refused_without_it() -> None:
    async with hosted() as host:
        result = await host.client.call_tool(SEND_SMS, {**SEND, KEY: 1})
        assert host.check(SEND_SMS, result)["outcome"] == "nothing_done"
    assert KEY not in str(result)


async def test_no_part_of_one_is_in_the_answer_to_an_unknown_argument() -> None:
    async with hosted() as host:
        result = await host.client.call_tool(SEND_SMS, {**SEND, f"{'x' * 30}{HASH}": ["x"]})
        assert host.check(SEND_SMS, result)["outcome"] == "nothing_done"
    assert "live" not in str(result)


@pytest.mark.parametrize("text", ["live-key-7f3", "live-key", "LIVE", "7f3a"])
async def test_a_part_of_one_is_no_secret(text: str) -> None:
    async with hosted() as host:
        assert (await host.call(SEND_SMS, SEND, text=text))["outcome"] == "preview"
