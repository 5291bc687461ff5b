from __future__ import annotations

from collections.abc import Iterator

import pytest

from iletimerkezi_mcp.provider import OPERATIONS, errors
from iletimerkezi_mcp.provider.account import GET_BALANCE
from iletimerkezi_mcp.provider.codes import lookup
from iletimerkezi_mcp.provider.errors import (
    AcceptedUntracked,
    AnswerLate,
    ApiError,
    NoCredentials,
    NotSent,
    OutcomeUnknown,
    Refused,
    ServerFailed,
    Throttled,
)
from iletimerkezi_mcp.provider.orders import CANCEL_ORDER, SEND_SMS


def _below(root: type[ApiError]) -> Iterator[type[ApiError]]:
    for kind in root.__subclasses__():
        yield kind
        yield from _below(kind)


NOT_SENT: list[type[NotSent]] = [kind for kind in _below(NotSent) if issubclass(kind, NotSent)]


def test_the_tree_in_the_docstring_is_the_tree() -> None:
    drawn = {word for line in (errors.__doc__ or "").splitlines() for word in line.split() if word[0].isupper()}
    assert {kind.__name__ for kind in _below(ApiError)} <= drawn


@pytest.mark.parametrize("kind", NOT_SENT)
def test_what_never_left_says_so_in_both_languages(kind: type[NotSent]) -> None:
    error = kind()
    assert (error.outcome, error.code) == ("nothing_done", None)
    for text in (error.reason, error.next_step):
        assert text.en.endswith(".")
        assert text.tr.endswith(".")
    assert str(error) == error.reason.en


def test_without_credentials_a_person_learns_where_they_are_and_how_to_try_without() -> None:
    advice = NoCredentials().next_step
    for words in (
        "Settings > Security > API Access",
        "Allow API access",
        "ILETIMERKEZI_API_KEY",
        "ILETIMERKEZI_API_HASH",
        "--sandbox",
    ):
        assert words in advice.en
    assert "API kullanımına izin ver" in advice.tr
    assert errors.AddressUnusable().next_step.en == "Ask the operator to check ILETIMERKEZI_API_URL."


def test_a_refusal_has_the_words_of_its_code() -> None:
    error = Refused(455, CANCEL_ORDER)
    assert error.outcome == "refused"
    assert error.code == 455
    assert (error.reason, error.next_step) == (error.row.meaning, error.row.next_step)
    assert error.row == lookup(455, CANCEL_ORDER)


@pytest.mark.parametrize(
    ("retry_after", "words"), [(None, "Wait a minute"), (0.2, "in 1 s"), (90.4, "in 90 s")], ids=str
)
def test_a_throttle_tells_how_long_to_wait(retry_after: float | None, words: str) -> None:
    error = Throttled(SEND_SMS, retry_after)
    assert (error.code, error.retry_after, error.outcome) == (429, retry_after, "refused")
    assert words in error.next_step.en


@pytest.mark.parametrize("name", [name for name, each in OPERATIONS.items() if each.changes])
def test_after_an_unknown_change_it_is_verified_before_anything_is_repeated(name: str) -> None:
    error = AnswerLate(OPERATIONS[name])
    assert error.outcome == "unknown"
    assert error.next_step.en == "Find out first whether it was done."


def test_after_a_read_without_an_answer_it_is_simply_tried_again() -> None:
    assert AnswerLate(GET_BALANCE).next_step.en.startswith("Nothing was changed")


def test_a_failed_server_tells_its_code() -> None:
    assert (ServerFailed(SEND_SMS, 503).code, ServerFailed(SEND_SMS, 503).reason) == (503, lookup(503).meaning)
    assert (ServerFailed(SEND_SMS, 502).code, ServerFailed(SEND_SMS, 502).reason) == (502, lookup(500).meaning)


def test_a_failed_server_that_names_a_time_is_left_alone_until_then_after_a_read() -> None:
    assert ServerFailed(GET_BALANCE, 503, 300.0).next_step.en == "Try again in 300 s, not before."
    assert ServerFailed(SEND_SMS, 503, 300.0).next_step == ServerFailed(SEND_SMS, 503).next_step


def test_an_order_that_was_accepted_without_a_number_is_neither_done_nor_failed() -> None:
    error = AcceptedUntracked(SEND_SMS)
    assert isinstance(error, OutcomeUnknown)
    assert (error.outcome, error.code) == ("unknown", 200)
    assert "accepted" in error.reason.en
