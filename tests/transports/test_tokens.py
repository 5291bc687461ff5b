"""Bearer tokens."""

from __future__ import annotations

import pytest

from iletimerkezi_mcp.settings import SettingsError
from iletimerkezi_mcp.transports.tokens import fresh_token, parse_tokens

A, B = "a" * 32, "B0._~+/-" * 5 + "=="


def test_named_and_bare_tokens_are_told_apart_by_name() -> None:
    tokens = parse_tokens(f"ali:{A}, {B} ")
    assert tokens.names == ("ali", "token-2")
    assert tokens.principal(f"Bearer {A}") == "ali"
    assert tokens.principal(f"bearer   {B} ") == "token-2"


@pytest.mark.parametrize(
    "header",
    [
        *("", "Bearer", "Bearer ", "Bearer x", f"Basic {A}", A, f"Bearer {A[1:]}", f"Bearer {A}a", f"Bearer ali:{A}"),
        *("Bearer \xff", f"Bearer{A}"),
    ],
)
def test_another_secret_has_no_principal(header: str) -> None:
    assert parse_tokens(f"ali:{A}").principal(header) is None


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("a" * 31, "token 1 needs a secret of at least 32"),
        (f"{A},short", "token 2 needs a secret"),
        (f"{A},", "token 2 needs a secret"),
        (f"{A} {A}", "token 1 needs a secret"),
        (f"ş{A}", "token 1 needs a secret"),
        (f"ali:{A}:x", "token 1 needs a secret"),
        (f":{A}", "token 1 needs a name"),
        (f"ali veli:{A}", "token 1 needs a name"),
        ("n" * 41 + f":{A}", "token 1 needs a name"),
        (f"ali:{A},ali:{B}", "token 2 has the name or the secret of an earlier one"),
        (f"ali:{A},veli:{A}", "token 2 has the name or the secret of an earlier one"),
        (f"token-2:{A},{B}", "token 2 has the name or the secret of an earlier one"),
    ],
)
def test_what_cannot_be_a_token_is_one_sentence_without_any_secret(value: str, said: str) -> None:
    with pytest.raises(SettingsError) as refused:
        parse_tokens(value)
    for sentence in (refused.value.reason.en, refused.value.reason.tr):
        assert sentence.startswith("ILETIMERKEZI_HTTP_TOKEN: ")
        assert "aaa" not in sentence
    assert said in refused.value.reason.en


def test_a_fresh_token_is_good_as_it_is_and_differs_from_the_last() -> None:
    one, other = fresh_token(), fresh_token()
    assert one != other
    assert parse_tokens(f"{one},{other}").names == ("token-1", "token-2")
