"""The sandbox as the operator's settings describe it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from iletimerkezi_mcp.sandbox.answers import Reply
from iletimerkezi_mcp.sandbox.opening import WORLD, open_provider
from iletimerkezi_mcp.sandbox.provider import Provider
from iletimerkezi_mcp.settings import Settings
from tests.hosting import Hands

WHO = {"recipient": "+905330000099", "recipientType": "BIREYSEL", "type": "MESAJ"}


def ask(provider: Provider, path: str, **fields: Any) -> dict[str, Any]:
    body = json.dumps({"request": {"authentication": {"key": "k", "hash": "h"}, **fields}}).encode()
    answer = provider.answer(path, body)
    assert isinstance(answer, Reply)
    response: dict[str, Any] = answer.body["response"]
    return response


def test_the_operators_own_sender_and_brand_are_known_there() -> None:
    with open_provider(Settings(sender="KENDI ADIM", brand_code="777"), Hands()) as provider:
        assert "KENDI ADIM" in ask(provider, "/v1/get-sender/json")["senders"]["sender"]
        consent = ask(provider, "/v1/consent/show/json", consent={**WHO, "brandCode": "777"})["consent"]
    assert (consent["brandCode"], consent["status"]) == (777, "ONAY")


def test_without_settings_it_is_the_usual_world() -> None:
    with open_provider(Settings(sender="FIRMAADI"), Hands()) as provider:
        assert ask(provider, "/v1/get-sender/json")["senders"]["sender"] == ["FIRMAADI", "APITEST", "DEMO FIRMA"]
        consent = ask(provider, "/v1/consent/show/json", consent={**WHO, "brandCode": "123456"})["consent"]
    assert consent["brandCode"] == 123456


def test_with_a_state_folder_the_world_lasts(tmp_path: Path) -> None:
    settings = Settings(state_dir=tmp_path)
    with open_provider(settings, Hands()) as provider:
        ask(provider, "/v1/add-blacklist/json", blacklist={"number": "905321234567"})
    with open_provider(settings, Hands()) as provider:
        assert ask(provider, "/v1/get-blacklist/json")["blacklist"]["count"] == 5
    assert (tmp_path / WORLD).exists()
