"""Both languages side by side."""

from __future__ import annotations

import locale

import pytest

from iletimerkezi_mcp.language import (
    TELL_USER,
    ExplainedError,
    Text,
    count,
    either,
    for_onlooker,
    plural,
    system_language,
)


def test_a_text_is_rendered_in_either_language_and_joins_with_plain_strings() -> None:
    text = Text("one", "bir")
    assert (text.to("en"), text.to("tr")) == ("one", "bir")
    assert Text.join("; ", [Text("a", "b"), "c"]) == Text("a; c", "b; c")


def test_a_choice_has_its_or_before_the_last() -> None:
    assert either(["one"]) == Text("one", "one")
    assert either([Text("a", "b"), "c", "d"]) == Text("a, c or d", "b, c ya da d")


def test_a_template_is_filled_in_each_language() -> None:
    template = Text("{number} of {what} to {name}", "{name} için {number} {what}")
    filled = template.format(number=1_200, what=Text("parts", "boy"), name="{FIRMA}")
    assert filled == Text("1,200 of parts to {FIRMA}", "{FIRMA} için 1.200 boy")


def test_a_field_without_a_value_and_a_value_without_a_field_are_defects() -> None:
    with pytest.raises(KeyError, match="name"):
        Text("{name}", "{name}").format()
    with pytest.raises(ValueError, match="no field for name in: hiç"):
        Text("{name}", "hiç").format(name="FIRMA")


def test_an_explained_error_carries_its_sentence_in_both_languages() -> None:
    assert ExplainedError(Text("no", "hayır")).reason.tr == "hayır"
    assert str(ExplainedError("7")) == "7"


def test_numbers_have_the_marks_of_their_language() -> None:
    assert count(12_000) == Text("12,000", "12.000")
    assert plural(1, "part", "parts", "boy") == Text("1 part", "1 boy")
    assert plural(1_200, "part", "parts", "boy") == Text("1,200 parts", "1.200 boy")


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


def test_a_person_at_a_terminal_hears_their_own_words_through_every_composition() -> None:
    step = Text(
        "Ask the user for {what}.", "Kullanıcıdan {what} isteyin.", person=Text("Give {what}.", "{what} verin.")
    )
    filled = step.format(what=Text("it", "onu", person=Text("this", "bunu")))
    assert (filled.to("en"), filled.to("tr", "model")) == ("Ask the user for it.", "Kullanıcıdan onu isteyin.")
    assert (filled.to("en", "person"), filled.to("tr", "person")) == ("Give this.", "bunu verin.")
    joined = Text.join(" ", [Text("No.", "Hayır."), TELL_USER, filled])
    assert joined.to("en") == "No. Tell the user. Ask the user for it."
    assert joined.to("en", "person") == "No. Give this."
    assert (Text("a", "b").to("tr", "person"), TELL_USER.to("en", "person")) == ("b", "")


def test_who_reads_a_card_or_page_hears_of_no_flags() -> None:
    flag = Text("page 2", "page 2", person=Text("--page 2", "--page 2", person=Text("page 2", "page 2")))
    step = Text("Ask for {what}.", "{what} isteyin.", person=Text("Type {what}.", "{what} yazın."))
    joined = Text.join(" ", [TELL_USER, step.format(what=flag), step.format(what="it")])
    assert joined.to("en") == "Tell the user. Ask for page 2. Ask for it."
    assert joined.to("tr", "person") == "--page 2 yazın. it yazın."
    assert joined.to("en", "onlooker") == "Type page 2. Type it."
    assert TELL_USER.to("en", "onlooker") == ""


def test_who_can_only_ask_in_the_chat_hears_of_no_tool() -> None:
    step = for_onlooker(Text("look with {order}.", "{order} ile bakın."), "Ask in the chat.", "Sohbette sorun.")
    told = step.format(order="order_id 7")
    assert (told.to("en"), told.to("tr", "person")) == ("look with order_id 7.", "order_id 7 ile bakın.")
    assert (told.to("en", "onlooker"), told.to("tr", "onlooker")) == ("Ask in the chat.", "Sohbette sorun.")
