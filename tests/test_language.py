"""Both languages side by side."""

from __future__ import annotations

import locale

import pytest

from iletimerkezi_mcp.language import Text, count, plural, system_language


def test_a_text_is_rendered_in_either_language_and_joins_with_plain_strings() -> None:
    text = Text("one", "bir") + ", " + Text("two", "iki")
    assert (text.to("en"), text.to("tr")) == ("one, two", "bir, iki")
    assert Text.join("; ", [Text("a", "b"), "c"]) == Text("a; c", "b; c")


def test_numbers_have_the_marks_of_their_language() -> None:
    assert count(12_000) == Text("12,000", "12.000")
    assert plural(1, "part", "parts", "parça") == Text("1 part", "1 parça")
    assert plural(1_200, "part", "parts", "parça") == Text("1,200 parts", "1.200 parça")


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "tr_TR.UTF-8"}, "tr"),
        ({"LC_ALL": "en_US.UTF-8", "LANG": "tr_TR"}, "en"),
        ({"LC_MESSAGES": "TR"}, "tr"),
    ],
)
def test_the_language_is_turkish_where_the_locale_is(
    environment: dict[str, str], language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(variable, raising=False)
    for variable, value in environment.items():
        monkeypatch.setenv(variable, value)
    assert system_language() == language


@pytest.mark.parametrize(
    ("name", "language"), [("Turkish_Türkiye", "tr"), ("tr_TR", "tr"), ("de_DE", "en"), (None, "en")]
)
def test_without_variables_the_system_is_asked(
    name: str | None, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr(locale, "getlocale", lambda: (name, "UTF-8"))
    assert system_language() == language
