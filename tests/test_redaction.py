"""Nothing that leaves the process contains a secret."""

from __future__ import annotations

import io
import logging

import pytest

from iletimerkezi_mcp.redaction import HIDDEN, Redactor, ScrubbedFormatter


def test_a_secret_is_taken_out_of_text_wherever_it_stands() -> None:
    redactor = Redactor(("key-51f0", "hash+.*"))
    assert redactor.text("a key-51f0, b=hash+.*;key-51f0") == f"a {HIDDEN}, b={HIDDEN};{HIDDEN}"


def test_a_secret_that_is_part_of_another_leaves_no_rest() -> None:
    assert Redactor(("abcd", "abcdefgh")).text("abcdefgh abcd") == f"{HIDDEN} {HIDDEN}"


@pytest.mark.parametrize("written", ["key-51f0\r", " key-51f0 ", '"key-51f0"', "'key-51f0'\n"])
def test_what_is_around_a_secret_in_its_variable_does_not_protect_it(written: str) -> None:
    redactor = Redactor((written,))
    assert redactor.text("a key-51f0.") == f"a {HIDDEN}."
    assert redactor.has_secret(["x", "key-51f0"])


@pytest.mark.parametrize("secrets", [(), ("",), ("abc",), ("  abc  ",)])
def test_without_a_secret_worth_the_name_text_stays_as_it_is(secrets: tuple[str, ...]) -> None:
    assert Redactor(secrets).text("abc") == "abc"


def test_data_is_cleaned_through_and_through() -> None:
    told = Redactor(("key-51f0",)).redact({"a": ["key-51f0", {"b": "x key-51f0"}], "n": 1, "none": None, "yes": True})
    assert told == {"a": [HIDDEN, {"b": f"x {HIDDEN}"}], "n": 1, "none": None, "yes": True}


def test_numbers_keep_their_middle_unless_they_are_masked() -> None:
    said = {"to": ["+905331112299"], "text": "To +905331112299, 3 parts, order 312891248."}
    assert Redactor(()).redact(said) == said
    assert Redactor((), mask_numbers=True).redact(said) == {
        "to": ["+90533*****99"],
        "text": "To +90533*****99, 3 parts, order 312891248.",
    }


def test_numbers_are_masked_as_the_provider_and_people_write_them() -> None:
    answer = {"message": "0533-000-00-99 is blocked", "label": "Ayşe 0(533) 000 00 99", "order_id": "312891248"}
    assert Redactor((), mask_numbers=True).redact(answer) == {
        "message": "0533-***-**-99 is blocked",
        "label": "Ayşe 0(533) *** ** 99",
        "order_id": "312891248",
    }


def test_a_log_line_is_clean_with_its_arguments_and_its_traceback() -> None:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(ScrubbedFormatter(Redactor(("key-51f0",), mask_numbers=True)))
    logger = logging.Logger("ours")
    logger.addHandler(handler)
    try:
        raise ValueError("key-51f0 is wrong")
    except ValueError:
        logger.exception("Asked with %s of %s.", "key-51f0", "0532_123_45_67")
    first, *_, last = written.getvalue().splitlines()
    assert (first, last) == (f"ERROR ours: Asked with {HIDDEN} of 0532_***_**_67.", f"ValueError: {HIDDEN} is wrong")
