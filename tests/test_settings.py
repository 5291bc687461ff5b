"""The operator's settings."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from iletimerkezi_mcp.settings import SETTINGS, Settings, SettingsError, load_settings
from iletimerkezi_mcp.sms.alphabet import CharacterMode


def test_every_setting_is_read_from_the_environment(tmp_path: Path) -> None:
    environment = {
        "ILETIMERKEZI_API_KEY": "the key",
        "ILETIMERKEZI_API_HASH": "the hash",
        "ILETIMERKEZI_API_URL": "https://example.com:8443/",
        "ILETIMERKEZI_SENDER": "FIRMAADI",
        "ILETIMERKEZI_BRAND_CODE": "123456",
        "ILETIMERKEZI_CHARSET": "Turkish",
        "ILETIMERKEZI_ABROAD": "1",
        "ILETIMERKEZI_LANG": "TR",
        "ILETIMERKEZI_STATE_DIR": str(tmp_path),
        "ILETIMERKEZI_SANDBOX": "yes",
    }
    assert load_settings(environment) == Settings(
        api_key=SecretStr("the key"),
        api_hash=SecretStr("the hash"),
        api_url="https://example.com:8443",
        sender="FIRMAADI",
        brand_code="123456",
        character_mode=CharacterMode.TURKISH,
        abroad=True,
        language="tr",
        state_dir=tmp_path,
        sandbox=True,
    )


def test_an_empty_variable_is_an_unset_one() -> None:
    empty = load_settings({setting.variable: "  " for setting in SETTINGS} | {"ILETIMERKEZI_LANG": "en"})
    assert empty == Settings()
    assert not empty.has_credentials


def test_a_flag_wins_over_its_variable() -> None:
    loaded = load_settings({"ILETIMERKEZI_SENDER": "FIRMAADI"}, {"sender": "DEMO FIRMA", "abroad": "0"})
    assert (loaded.sender, loaded.abroad) == ("DEMO FIRMA", False)


def test_key_and_hash_are_taken_as_given() -> None:
    loaded = load_settings({"ILETIMERKEZI_API_KEY": " k$1 {x} ", "ILETIMERKEZI_API_HASH": "%2F"})
    assert loaded.api_key is not None
    assert loaded.api_key.get_secret_value() == " k$1 {x} "
    assert loaded.has_credentials


def test_secrets_never_stand_in_a_repr_and_have_no_flag() -> None:
    loaded = load_settings({"ILETIMERKEZI_API_KEY": "canary-key", "ILETIMERKEZI_API_HASH": "canary-hash"})
    assert "canary" not in repr(loaded)
    assert [setting.flag for setting in SETTINGS if setting.secret] == [None, None]


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("ILETIMERKEZI_API_KEY", "${ILETIMERKEZI_API_KEY}", "placeholder"),
        ("ILETIMERKEZI_API_HASH", "%API_HASH%", "placeholder"),
        ("ILETIMERKEZI_API_URL", "http://api.example.com", "https://"),
        ("ILETIMERKEZI_API_URL", "https://api.example.com/v1", "without a path"),
        ("ILETIMERKEZI_API_URL", "https://user@example.com", "without a path"),
        ("ILETIMERKEZI_API_URL", "ftp://example.com", "must be an address"),
        ("ILETIMERKEZI_API_URL", "https://[::1", "must be an address"),
        ("ILETIMERKEZI_API_URL", "https://example.com:port", "must be an address"),
        ("ILETIMERKEZI_SENDER", "ŞİRKET", "Turkish letters"),
        ("ILETIMERKEZI_BRAND_CODE", "12a", "digits"),
        ("ILETIMERKEZI_CHARSET", "utf8", "english, turkish or unicode"),
        ("ILETIMERKEZI_ABROAD", "maybe", "1 or 0"),
        ("ILETIMERKEZI_LANG", "de", "en or tr"),
        ("ILETIMERKEZI_STATE_DIR", __file__, "folder"),
    ],
)
def test_a_value_that_does_not_parse_is_one_sentence_that_names_the_variable(
    variable: str, value: str, said: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings({variable: value})
    message = str(caught.value)
    assert message.startswith(variable)
    assert message.endswith(".")
    assert said in message


def test_a_wrong_flag_is_named_with_its_variable() -> None:
    with pytest.raises(SettingsError, match=r"^--charset \(ILETIMERKEZI_CHARSET\) must be"):
        load_settings({}, {"character_mode": "x"})


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("http://127.0.0.1:8186", "http://127.0.0.1:8186"),
        ("http://localhost", "http://localhost"),
        ("http://[::1]:80/", "http://[::1]:80"),
        ("https://API.Example.com", "https://api.example.com"),
    ],
)
def test_plain_http_is_for_loopback_only(given: str, taken: str) -> None:
    assert load_settings({"ILETIMERKEZI_API_URL": given}).api_url == taken
