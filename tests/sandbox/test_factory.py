"""The sandbox as the operator's settings describe it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from iletimerkezi_mcp.sandbox import factory as opening
from iletimerkezi_mcp.sandbox.answers import JsonAnswer
from iletimerkezi_mcp.sandbox.factory import DATABASE_FILE, open_provider
from iletimerkezi_mcp.sandbox.provider import Provider
from iletimerkezi_mcp.settings import Settings, SettingsError
from tests.hosting import ManualClock

WHO = {"recipient": "+905330000099", "recipientType": "BIREYSEL", "type": "MESAJ"}


def ask(provider: Provider, path: str, **fields: Any) -> dict[str, Any]:
    body = json.dumps({"request": {"authentication": {"key": "k", "hash": "h"}, **fields}}).encode()
    answer = provider.answer(path, body)
    assert isinstance(answer, JsonAnswer)
    response: dict[str, Any] = answer.body["response"]
    return response


def test_the_operators_own_sender_and_brand_are_known_there() -> None:
    with open_provider(Settings(sender="KENDI ADIM", brand_code="777"), ManualClock()) as provider:
        assert "KENDI ADIM" in ask(provider, "/v1/get-sender/json")["senders"]["sender"]
        consent = ask(provider, "/v1/consent/show/json", consent={**WHO, "brandCode": "777"})["consent"]
    assert (consent["brandCode"], consent["status"]) == (777, "ONAY")


def test_without_settings_it_is_the_usual_world() -> None:
    with open_provider(Settings(sender="FIRMAADI"), ManualClock()) as provider:
        assert ask(provider, "/v1/get-sender/json")["senders"]["sender"] == ["FIRMAADI", "APITEST", "DEMO FIRMA"]
        consent = ask(provider, "/v1/consent/show/json", consent={**WHO, "brandCode": "123456"})["consent"]
    assert consent["brandCode"] == 123456


def test_with_a_state_folder_the_world_lasts(tmp_path: Path) -> None:
    settings = Settings(state_dir=tmp_path)
    with open_provider(settings, ManualClock()) as provider:
        ask(provider, "/v1/add-blacklist/json", blacklist={"number": "905321234567"})
    with open_provider(settings, ManualClock()) as provider:
        assert ask(provider, "/v1/get-blacklist/json")["blacklist"]["count"] == 5
    assert (tmp_path / DATABASE_FILE).exists()


def test_a_new_sandbox_begins_with_the_credits_that_the_operator_gives_it(tmp_path: Path) -> None:
    for first_or_later in (7, 9):
        with open_provider(Settings(state_dir=tmp_path, sandbox_credits=first_or_later), ManualClock()) as provider:
            assert ask(provider, "/v1/get-balance/json")["balance"]["sms"] == 7


def _damaged(path: Path) -> None:
    path.parent.mkdir()
    path.write_text("this is no database", encoding="utf-8")


def _no_folder(path: Path) -> None:
    path.parent.write_text("", encoding="utf-8")


def _a_folder(path: Path) -> None:
    path.mkdir(parents=True)


@pytest.mark.parametrize(
    ("prepare", "said"),
    [
        (_damaged, "it is damaged or from another version"),
        (_no_folder, "name another folder in ILETIMERKEZI_STATE_DIR"),
        (_a_folder, "name another folder in ILETIMERKEZI_STATE_DIR"),
    ],
)
def test_a_world_that_cannot_be_kept_there_is_told_in_one_sentence(
    prepare: Callable[[Path], None], said: str, tmp_path: Path
) -> None:
    prepare(tmp_path / DATABASE_FILE)
    with pytest.raises(SettingsError) as caught, open_provider(Settings(state_dir=tmp_path), ManualClock()):
        raise AssertionError
    assert said in caught.value.reason.en
    assert str(tmp_path / DATABASE_FILE) in caught.value.reason.tr


def test_a_world_that_another_process_holds_is_told_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def held(*_: object) -> None:
        raise sqlite3.OperationalError("database is locked")

    monkeypatch.setattr(opening, "SandboxDatabase", held)
    with (
        pytest.raises(SettingsError, match=r"\(database is locked\)"),
        open_provider(Settings(state_dir=tmp_path), ManualClock()),
    ):
        raise AssertionError
