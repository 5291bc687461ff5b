"""The operator's settings."""

from __future__ import annotations

import getpass
from pathlib import Path

import pytest
from pydantic import SecretStr

from iletimerkezi_mcp.settings import SETTINGS, Settings, SettingsError, language_for, load_settings, secrets_in
from iletimerkezi_mcp.settings.ways import ConfirmWay
from iletimerkezi_mcp.sms.alphabet import CharacterMode
from tests.calls import GET_REPORT, GET_SENDER, SEND_SMS


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


def test_what_lists_need_is_read(tmp_path: Path) -> None:
    loaded = load_settings(
        {
            "ILETIMERKEZI_MAX_LIST_RECIPIENTS": "50_000",
            "ILETIMERKEZI_TEXTS_PER_ORDER": "1",
            "ILETIMERKEZI_TEST_NUMBER": "0532 123 45 67",
            "ILETIMERKEZI_DO_NOT_CONTACT": str(tmp_path / "no.csv"),
        }
    )
    assert (loaded.max_list_recipients, loaded.texts_per_order) == (50_000, 1)
    assert (loaded.test_number, loaded.do_not_contact) == ("+905321234567", tmp_path / "no.csv")


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


def test_secrets_are_in_no_repr_and_have_no_flag() -> None:
    loaded = load_settings({"ILETIMERKEZI_API_KEY": "canary-key", "ILETIMERKEZI_API_HASH": "canary-hash"})
    assert "canary" not in repr(loaded)
    assert [setting.flag for setting in SETTINGS if setting.secret] == [None] * 4


@pytest.mark.parametrize(
    ("variable", "value", "reason"),
    [
        ("ILETIMERKEZI_API_KEY", "${ILETIMERKEZI_API_KEY}", "placeholder"),
        ("ILETIMERKEZI_API_URL", "http://api.example.com", "https://"),
        ("ILETIMERKEZI_API_URL", "https://api.example.com/v1", "without a path"),
        ("ILETIMERKEZI_API_URL", "https://user:word@example.com", "must not contain a user name and password"),
        ("ILETIMERKEZI_API_URL", "https://user@example.com", "must not contain a user name and password"),
        ("ILETIMERKEZI_API_URL", "ftp://example.com", "must be an address"),
        ("ILETIMERKEZI_API_URL", "https://[::1", "must be an address"),
        ("ILETIMERKEZI_API_URL", "https://example.com:port", "must be an address"),
        ("ILETIMERKEZI_SENDER", "ŞİRKET", "Turkish letters"),
        ("ILETIMERKEZI_BRAND_CODE", "12a", "digits"),
        ("ILETIMERKEZI_CHARSET", "utf8", "english, turkish or unicode"),
        ("ILETIMERKEZI_ABROAD", "maybe", "1 or 0"),
        ("ILETIMERKEZI_LANG", "de", "en or tr"),
        ("ILETIMERKEZI_STATE_DIR", __file__, "folder"),
        ("ILETIMERKEZI_STATE_DIR", "/" + "x" * 300, "cannot be accessed"),
        ("ILETIMERKEZI_STATE_DIR", "~no-such-user-here/state", "no home folder"),
        ("ILETIMERKEZI_CONFIRM", "never", "must be one of the words auto, human and code"),
        ("ILETIMERKEZI_CONFIRM", "form,rule", "or the ways that are allowed, each once"),
        ("ILETIMERKEZI_CONFIRM", ",", "form, card, page, code (for example form,page)"),
        ("ILETIMERKEZI_CONFIRM", "form,form", "each once"),
        ("ILETIMERKEZI_CONFIRM", "auto,form", "one of the words"),
        ("ILETIMERKEZI_TYPE_COUNT_FROM", "0", "at least 1"),
        ("ILETIMERKEZI_MAX_RECIPIENTS", "many", "at least 1"),
        ("ILETIMERKEZI_MAX_CREDITS_PER_DAY", "-1", "at least 1"),
        ("ILETIMERKEZI_ALLOWED_RECIPIENTS", "0212 444 00 00", "contains 0212 444 00 00, which is not a Turkish mobile"),
        ("ILETIMERKEZI_ALLOWED_RECIPIENTS", "+90x*", "not the prefix of a number"),
        ("ILETIMERKEZI_ALLOWED_RECIPIENTS", "@/no/such/file", "cannot be read: /no/such/file"),
        ("ILETIMERKEZI_ALLOWED_RECIPIENTS", ",", "contains only commas"),
        ("ILETIMERKEZI_ALLOWED_SENDERS", ",", "contains only commas"),
        ("ILETIMERKEZI_TOOLS", " , ,", "contains only commas"),
        ("ILETIMERKEZI_MAX_LIST_RECIPIENTS", "0", "at least 1"),
        ("ILETIMERKEZI_TEXTS_PER_ORDER", "0", "at least 1"),
        ("ILETIMERKEZI_TEST_NUMBER", "0212 444 00 00", "is not a Turkish mobile"),
        ("ILETIMERKEZI_DO_NOT_CONTACT", str(Path(__file__).parent), "must be a file"),
        ("ILETIMERKEZI_AUDIT_LOG", str(Path(__file__).parent), "must be a file"),
        ("ILETIMERKEZI_AUDIT_TEXT", "all", "none or commercial"),
        ("ILETIMERKEZI_OPERATOR_NAME", "x" * 81, "at most 80 characters"),
    ],
)
def test_a_value_that_does_not_parse_is_one_sentence_that_names_the_variable(
    variable: str, value: str, reason: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings({variable: value})
    message = str(caught.value)
    assert message.startswith(variable)
    assert message.endswith(".")
    assert reason in message


def test_a_wrong_flag_is_named_with_its_variable() -> None:
    with pytest.raises(SettingsError, match=r"^--charset \(ILETIMERKEZI_CHARSET\) must be"):
        load_settings({}, {"character_mode": "x"})


def test_the_source_of_a_value_is_the_flag_only_if_the_flag_gave_it() -> None:
    loaded = load_settings({"ILETIMERKEZI_SENDER": "FIRMAADI"}, {"tools": SEND_SMS, "sender": None})
    assert loaded.source("tools") == "--tools (ILETIMERKEZI_TOOLS)"
    assert loaded.source("sender") == "ILETIMERKEZI_SENDER"
    assert loaded.source("transport") == "ILETIMERKEZI_TRANSPORT"


@pytest.mark.parametrize(
    ("value", "origin"),
    [
        ("http://127.0.0.1:8186", "http://127.0.0.1:8186"),
        ("http://localhost", "http://localhost"),
        ("http://[::1]:80/", "http://[::1]:80"),
        ("https://API.Example.com", "https://api.example.com"),
    ],
)
def test_plain_http_is_for_loopback_only(value: str, origin: str) -> None:
    assert load_settings({"ILETIMERKEZI_API_URL": value}).api_url == origin


@pytest.mark.parametrize("key", ["$ecretKEY99", "%ecretKEY99%", "${half", "a${b}c"])
def test_a_key_that_only_looks_like_a_placeholder_is_a_key(key: str) -> None:
    loaded = load_settings({"ILETIMERKEZI_API_KEY": key})
    assert loaded.api_key is not None
    assert loaded.api_key.get_secret_value() == key


def test_a_placeholder_is_refused_without_being_repeated() -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings({"ILETIMERKEZI_API_KEY": "${env:canary}"})
    assert "canary" not in caught.value.reason.en + caught.value.reason.tr


@pytest.mark.parametrize(
    "host",
    [
        "xn--",
        "xn--a",
        "xn--zzzzzzz99",
        "a\x7fb",
        "a b",
        "..",
        ".",
        "a..b",
        "*",
        "a,b",
        "-a",
        "a-",
        "a_b",
        "a%20b",
        "örnek.com",
        "1.2.3.256",
        "1",
        "[fe80::1%25eth0]",
        "x" * 64,
        "a." * 130 + "a",
    ],
)
def test_a_host_that_no_request_could_reach_is_refused_at_the_start(host: str) -> None:
    with pytest.raises(SettingsError, match="must contain a hostname"):
        load_settings({"ILETIMERKEZI_API_URL": f"https://{host}"})


@pytest.mark.parametrize("host", ["a", "a.", "proxy-1.example.com", "1.2.3.4", "[2001:db8::1]", "xn--rnek-5qa.com"])
def test_a_name_and_an_address_are_hosts(host: str) -> None:
    assert load_settings({"ILETIMERKEZI_API_URL": f"https://{host}"}).api_url == f"https://{host}"


def test_a_wrong_sender_is_explained_to_the_operator_and_not_to_a_model() -> None:
    for variable in ("ILETIMERKEZI_SENDER", "ILETIMERKEZI_ALLOWED_SENDERS"):
        with pytest.raises(SettingsError) as caught:
            load_settings({variable: "ON UC KARAKTER"})
        reason = caught.value.reason
        assert (
            reason.en
            == f"{variable} must be a sender name as the panel shows it: at most 11 characters, no Turkish letters."
        )
        assert GET_SENDER not in reason.tr


def test_the_reason_is_in_turkish_too() -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings({}, {"confirm": "never"})
    assert caught.value.reason.tr == (
        "--confirm-mode (ILETIMERKEZI_CONFIRM) auto, human ve code sözcüklerinden biri ya da izin verilen yolların virgülle "
        "ayrılmış listesi olmalı, her yol bir kez: form, card, page, code (örneğin form,page)."
    )
    with pytest.raises(SettingsError, match="must be english, turkish or unicode"):
        load_settings({}, {"character_mode": "never"})


@pytest.mark.parametrize(
    ("value", "confirm", "ways"),
    [
        ("AUTO", "auto", {"form", "card", "page", "code"}),
        ("human", "human", {"form", "card", "page"}),
        ("code", "code", {"code"}),
        ("code,", "code", {"code"}),
        (" page , Form ", "form,page", {"form", "page"}),
        ("code,card", "card,code", {"card", "code"}),
    ],
)
def test_the_ways_to_confirm_are_a_word_or_a_list(value: str, confirm: str, ways: set[ConfirmWay]) -> None:
    loaded = load_settings({"ILETIMERKEZI_CONFIRM": value})
    assert loaded.confirm == confirm
    assert loaded.ways == ways
    assert loaded.codes_only == (ways == {"code"})


def test_a_page_can_be_had_only_with_a_browser() -> None:
    assert Settings().ways_here == ("form", "card", "code")
    assert Settings(page=True).ways_here == ("form", "card", "page", "code")
    assert Settings(page=True, confirm="code").ways_here == ("code",)
    assert Settings(confirm="page").ways_here == ()


@pytest.mark.parametrize(
    ("environment", "flags", "language"),
    [
        ({"ILETIMERKEZI_LANG": "tr", "ILETIMERKEZI_CHARSET": "wrong"}, {}, "tr"),
        ({"ILETIMERKEZI_LANG": "tr"}, {"language": "en"}, "en"),
        ({"ILETIMERKEZI_LANG": "de"}, {}, "tr"),
        ({}, {"language": "de"}, "tr"),
    ],
)
def test_there_is_a_language_whatever_else_is_wrong(
    environment: dict[str, str], flags: dict[str, str], language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "tr_TR.UTF-8")
    assert language_for(environment, flags) == language


def test_settings_that_a_command_does_not_need_are_not_read() -> None:
    wrong = {"ILETIMERKEZI_SENDER": "ŞİRKET", "ILETIMERKEZI_LANG": "tr", "ILETIMERKEZI_API_KEY": "key"}
    assert load_settings(wrong, only=("language",)) == Settings(language="tr")


def test_the_sandbox_needs_neither_sender_nor_brand_code_and_keeps_those_that_are_set() -> None:
    on = {"ILETIMERKEZI_SANDBOX": "1"}
    own = {"ILETIMERKEZI_SENDER": "KENDI ADIM", "ILETIMERKEZI_BRAND_CODE": "777"}
    names = [(settings.sender, settings.brand_code) for settings in map(load_settings, (on, {**on, **own}, {}))]
    assert names == [("FIRMAADI", "123456"), ("KENDI ADIM", "777"), (None, None)]
    assert load_settings({**on, "ILETIMERKEZI_ALLOWED_SENDERS": "ACME,FIRMAADI"}).sender == "ACME"


def test_limits_are_read_as_they_are_written(tmp_path: Path) -> None:
    people = tmp_path / "people.txt"
    people.write_text("0533 111 22 33\n+44 20 7946 0018\n0532*\n00905*\n+1*\n", encoding="utf-8")
    loaded = load_settings(
        {
            "ILETIMERKEZI_LANG": "en",
            "ILETIMERKEZI_CONFIRM": "Human",
            "ILETIMERKEZI_TYPE_COUNT_FROM": "50",
            "ILETIMERKEZI_READ_ONLY": "1",
            "ILETIMERKEZI_TOOLS": f"{SEND_SMS}, {GET_REPORT}",
            "ILETIMERKEZI_ALLOWED_RECIPIENTS": f"@{people}",
            "ILETIMERKEZI_ALLOWED_SENDERS": "FIRMAADI, DEMO FIRMA",
            "ILETIMERKEZI_MAX_RECIPIENTS": "12_000",
            "ILETIMERKEZI_MAX_CREDITS_PER_DAY": "None",
            "ILETIMERKEZI_ALLOW_COMMERCIAL": "off",
            "ILETIMERKEZI_MASK_NUMBERS": "1",
            "ILETIMERKEZI_AUDIT_LOG": str(tmp_path / "audit"),
            "ILETIMERKEZI_AUDIT_TEXT": "commercial",
            "ILETIMERKEZI_OPERATOR_NAME": "Ayşe",
        }
    )
    assert loaded == Settings(
        confirm="human",
        type_count_from=50,
        read_only=True,
        tools=(SEND_SMS, GET_REPORT),
        allowed_recipients=("+905331112233", "+442079460018", "+90532*", "+905*", "+1*"),
        allowed_senders=("FIRMAADI", "DEMO FIRMA"),
        max_recipients=12_000,
        max_credits_per_day=0,
        allow_commercial=False,
        mask_numbers=True,
        audit_log=tmp_path / "audit",
        audit_text="commercial",
        operator_name="Ayşe",
    )
    assert loaded.operator == "Ayşe"


def test_the_operator_is_the_login_name_if_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(getpass, "getuser", lambda: "ayse")
    assert Settings().operator == "ayse"

    def no_login() -> str:
        raise KeyError

    monkeypatch.setattr(getpass, "getuser", no_login)
    assert Settings().operator == "not identified"


def test_over_the_network_only_a_name_that_was_set_stands_for_a_caller_without_a_token(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(getpass, "getuser", lambda: "ayse")
    assert Settings().unnamed_caller == "ayse"
    assert Settings(transport="sse").unnamed_caller == "not identified"
    assert Settings(transport="sse", operator_name="Ayşe").unnamed_caller == "Ayşe"


def test_secrets_are_known_before_the_settings_are_read() -> None:
    secrets = secrets_in({"ILETIMERKEZI_API_KEY": "the key", "ILETIMERKEZI_SENDER": "FIRMAADI"})
    assert secrets == ("the key",)
    assert load_settings({"ILETIMERKEZI_API_KEY": "the key"}).secrets == secrets


HEX = "0123456789abcdef" * 2


@pytest.mark.parametrize("value", [HEX, f" {HEX}\r\n", "Az09-_xy" * 6])
def test_a_delivery_secret_is_32_random_characters_or_more_that_need_no_escapes(value: str) -> None:
    settings = load_settings({"ILETIMERKEZI_DELIVERY_SECRET": value})
    assert settings.delivery_secret == SecretStr(value.strip())
    assert settings.secrets == (value.strip(),)
    assert value.strip() not in repr(settings)
    assert value in secrets_in({"ILETIMERKEZI_DELIVERY_SECRET": value})


@pytest.mark.parametrize(
    "value", [HEX[:-1], "a" * 64, "abcdefg" * 8, HEX + "/", HEX + "é", HEX + "+", f"{HEX} {HEX}", "${SECRET}" * 8]
)
def test_what_cannot_be_a_delivery_secret_is_refused_and_not_repeated(value: str) -> None:
    with pytest.raises(SettingsError) as refused:
        load_settings({"ILETIMERKEZI_DELIVERY_SECRET": value})
    assert str(refused.value).startswith("ILETIMERKEZI_DELIVERY_SECRET must be at least 32 random letters")
    assert value not in str(refused.value)
