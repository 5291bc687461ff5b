"""The operator's settings for the network, one by one and as a whole."""

from __future__ import annotations

import pytest
from pydantic import SecretStr

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.settings import Settings, SettingsError, load_settings, secrets_in
from iletimerkezi_mcp.transports.config import NetworkService

A, B = "a" * 32, "b" * 32
C = "0123456789abcdef" * 2


def _settings(**variables: str) -> Settings:
    return load_settings({f"ILETIMERKEZI_{name}": value for name, value in {"TRANSPORT": "sse", **variables}.items()})


def test_every_setting_is_read() -> None:
    read = _settings(
        TRANSPORT="streamable-http",
        HTTP_HOST="IM.Example.com",
        HTTP_PORT="0",
        HTTP_PATH="/sms/mcp",
        HTTP_TOKEN=f"ali:{A},{B}",
        ALLOW_HOST="IM.example.com:8443, [2001:db8::1], 192.0.2.1",
        ALLOW_ORIGIN="https://app.example.com:8443,app://obsidian.md",
        STATELESS="1",
        GRACE="30",
        LANG="en",
    )
    assert read == Settings(
        transport="streamable-http",
        http_host="im.example.com",
        http_port=0,
        http_path="/sms/mcp",
        http_token=SecretStr(f"ali:{A},{B}"),
        allow_hosts=("im.example.com:8443", "[2001:db8::1]", "192.0.2.1"),
        allow_origins=("https://app.example.com:8443", "app://obsidian.md"),
        stateless=True,
        grace=30,
    )


def test_each_tokens_secret_is_one_that_must_not_leave_the_process() -> None:
    assert _settings(HTTP_TOKEN=f"ali:{A}, {B},").secrets == (A, B)
    assert set(secrets_in({"ILETIMERKEZI_HTTP_TOKEN": f"ali:{A},{B}", "OTHER": "x"})) >= {A, B}
    assert A not in repr(_settings(HTTP_TOKEN=A))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TRANSPORT", "http"),
        ("HTTP_HOST", "127.0.0.1:8000"),
        ("HTTP_HOST", "[::1]"),
        ("HTTP_HOST", "a b"),
        ("HTTP_PORT", "-1"),
        ("HTTP_PORT", "65536"),
        ("HTTP_PORT", "٣"),
        ("HTTP_PATH", "mcp"),
        ("HTTP_PATH", "/"),
        ("HTTP_PATH", "/a//b"),
        ("HTTP_PATH", "/healthz"),
        ("HTTP_TOKEN", "${TOKEN}"),
        ("ALLOW_HOST", "https://im.example.com"),
        ("ALLOW_HOST", "*"),
        ("ALLOW_HOST", "im.example.com:*"),
        ("ALLOW_HOST", "::1"),
        ("ALLOW_HOST", "[example.com]"),
        ("ALLOW_ORIGIN", "im.example.com"),
        ("ALLOW_ORIGIN", "https://im.example.com/"),
        ("ALLOW_ORIGIN", "https://*.example.com"),
        ("ALLOW_ORIGIN", "null"),
        ("NO_AUTH", "maybe"),
        ("STATELESS", "2"),
        ("GRACE", "0"),
    ],
)
def test_what_cannot_be_meant_is_one_sentence_that_names_the_variable(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"^ILETIMERKEZI_{name} "):
        _settings(**{name: value})


def test_loopback_is_known_by_its_names_alone_and_the_paths_have_defaults() -> None:
    streamable = NetworkService.of(_settings(TRANSPORT="streamable-http", HTTP_TOKEN=A))
    assert (streamable.address, streamable.port, streamable.path) == ("127.0.0.1", 8000, "/mcp")
    assert streamable.security.allowed_hosts == [
        "127.0.0.1",
        "127.0.0.1:*",
        "localhost",
        "localhost:*",
        "[::1]",
        "[::1]:*",
    ]
    assert "http://localhost:*" in streamable.security.allowed_origins
    assert streamable.security.enable_dns_rebinding_protection
    assert NetworkService.of(_settings(HTTP_TOKEN=A)).path == "/sse"


def test_on_a_network_only_the_named_hosts_and_origins_are_known() -> None:
    service = NetworkService.of(
        _settings(
            HTTP_HOST="0.0.0.0",
            HTTP_TOKEN=A,
            ALLOW_HOST="a.example,b.example:8443,[::9],[::9]:8",
            ALLOW_ORIGIN="app://x",
        )
    )
    assert service.security.allowed_hosts == [
        *("a.example", "a.example:*", "b.example:8443", "[::9]", "[::9]:*", "[::9]:8"),
    ]
    assert service.security.allowed_origins == ["app://x"]


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({}, "ILETIMERKEZI_HTTP_TOKEN is required for sse: "),
        ({"TRANSPORT": "streamable-http"}, "ILETIMERKEZI_HTTP_TOKEN is required for streamable-http: "),
        ({"HTTP_TOKEN": "short"}, "ILETIMERKEZI_HTTP_TOKEN: token 1 needs a secret "),
        (
            {"NO_AUTH": "1", "HTTP_TOKEN": A},
            "ILETIMERKEZI_NO_AUTH and ILETIMERKEZI_HTTP_TOKEN cannot be used together; remove one.",
        ),
        (
            {"NO_AUTH": "1", "HTTP_HOST": "192.0.2.1", "ALLOW_HOST": "h"},
            "ILETIMERKEZI_NO_AUTH can only be used on loopback, and ILETIMERKEZI_HTTP_HOST is ",
        ),
        (
            {"NO_AUTH": "1", "HTTP_HOST": "im.example.com"},
            "ILETIMERKEZI_NO_AUTH can only be used on loopback, and ILETIMERKEZI_HTTP_HOST is ",
        ),
        (
            {"HTTP_HOST": "0.0.0.0", "HTTP_TOKEN": A},
            "--allow-host (ILETIMERKEZI_ALLOW_HOST) is required if ILETIMERKEZI_HTTP_HOST is 0.0.0.0: ",
        ),
        (
            {"HTTP_HOST": "::", "HTTP_TOKEN": A},
            "--allow-host (ILETIMERKEZI_ALLOW_HOST) is required if ILETIMERKEZI_HTTP_HOST is ::: ",
        ),
        ({"STATELESS": "1", "HTTP_TOKEN": A}, "ILETIMERKEZI_STATELESS cannot be used if ILETIMERKEZI_TRANSPORT is sse"),
        (
            {"HTTP_TOKEN": f"ali:{A},{C}", "DELIVERY_SECRET": C},
            "ILETIMERKEZI_DELIVERY_SECRET must not be the secret of a ",
        ),
        (
            {"HTTP_TOKEN": A, "DELIVERY_SECRET": C, "HTTP_PATH": "/delivery"},
            "ILETIMERKEZI_HTTP_PATH must not be below /delivery if ILETIMERKEZI_DELIVERY_SECRET is set",
        ),
        (
            {"HTTP_TOKEN": A, "DELIVERY_SECRET": C, "HTTP_PATH": "/delivery/mcp"},
            "ILETIMERKEZI_HTTP_PATH must not be below /delivery if ILETIMERKEZI_DELIVERY_SECRET is set",
        ),
    ],
)
def test_what_must_not_start_does_not(variables: dict[str, str], said: str) -> None:
    with pytest.raises(SettingsError) as refused:
        NetworkService.of(_settings(**variables))
    assert refused.value.reason.en.startswith(said)
    assert A not in refused.value.reason.en + refused.value.reason.tr
    assert C not in refused.value.reason.en + refused.value.reason.tr
    assert refused.value.reason.tr != refused.value.reason.en


def test_the_operator_is_told_what_the_choice_means() -> None:
    def said(**variables: str) -> list[Text]:
        return NetworkService.of(_settings(**variables)).notices()

    assert said(TRANSPORT="streamable-http", HTTP_TOKEN=A) == []
    [deprecated] = said(HTTP_TOKEN=A)
    [stateless] = said(TRANSPORT="streamable-http", STATELESS="1", HTTP_TOKEN=A)
    [_, open_to_all] = said(NO_AUTH="1")
    assert "deprecated SSE" in deprecated.en
    assert "--confirm-mode human" in stateless.en
    assert "every program on this machine" in open_to_all.en


def test_it_says_where_it_is_and_whose_tokens_are_good_but_not_which() -> None:
    there = "http://127.0.0.1:8000/sse"
    named = NetworkService.of(_settings(HTTP_TOKEN=f"ali:{A},{B}"))
    assert named.announcement(there).en == f"MCP is served over sse at {there} to the tokens ali, token-2."
    open_to_all = NetworkService.of(_settings(NO_AUTH="1"))
    assert open_to_all.announcement(there).en == f"MCP is served over sse at {there}."


def test_it_says_where_pushed_reports_are_taken_but_not_the_secret() -> None:
    there = "http://127.0.0.1:8000/mcp"
    without = NetworkService.of(_settings(TRANSPORT="streamable-http", HTTP_TOKEN=A, HTTP_PATH="/delivery"))
    assert (without.delivery, without.delivery_announcement(there)) == (None, [])
    for access in ({"HTTP_TOKEN": A}, {"NO_AUTH": "1"}):
        service = NetworkService.of(_settings(TRANSPORT="streamable-http", DELIVERY_SECRET=C, **access))
        [text] = service.delivery_announcement(there)
        expected = "Pushed reports are taken at http://127.0.0.1:8000/delivery/ and the value of "
        assert text.en == f"{expected}ILETIMERKEZI_DELIVERY_SECRET."
        assert C not in repr(service)
