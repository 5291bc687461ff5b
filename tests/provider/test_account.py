from __future__ import annotations

from typing import Any

import pytest

from iletimerkezi_mcp.provider.account import GET_BALANCE, GET_SENDER, Balance, SenderList
from iletimerkezi_mcp.provider.decoding import MalformedAnswerError


def test_neither_read_has_fields() -> None:
    assert (GET_BALANCE.encode(None), GET_SENDER.encode(None)) == ({}, {})


@pytest.mark.parametrize(
    ("balance", "read"),
    [
        ({"amount": 10.584, "sms": 67}, Balance(10.584, 67.0)),
        ({"amount": "0", "sms": "18343"}, Balance(0.0, 18343.0)),
        ({"amount": "10.584", "sms": 67.0}, Balance(10.584, 67.0)),
        ({"amount": "-3.5", "sms": 0}, Balance(-3.5, 0.0)),
        ({"amount": 5}, Balance(5.0, None)),
        ({"amount": "1,5", "sms": 1}, Balance(None, 1.0)),
        ({"amount": True, "sms": 1}, Balance(None, 1.0)),
        ({"amount": None, "sms": 1}, Balance(None, 1.0)),
    ],
)
def test_a_balance_is_read_in_either_type(balance: dict[str, Any], read: Balance) -> None:
    assert GET_BALANCE.decode({"balance": balance}, None) == read


@pytest.mark.parametrize(
    "response",
    [
        {},
        {"balance": "5"},
        {"balance": {}},
        {"balance": {"amount": float("inf"), "sms": None}},
        {"balance": {"amount": 10**400}},
        {"balance": {"amount": "٥", "sms": "x"}},
    ],
)
def test_a_balance_is_never_guessed(response: dict[str, Any]) -> None:
    with pytest.raises(MalformedAnswerError):
        GET_BALANCE.decode(response, None)


@pytest.mark.parametrize(
    ("senders", "read"),
    [
        ({"sender": ["APITEST", "DEMO  Firma"]}, ("APITEST", "DEMO  Firma")),
        ({"sender": "FIRMAADI"}, ("FIRMAADI",)),
        ({"sender": []}, ()),
        ({"sender": {}}, ()),
        ({}, ()),
        ([], ()),
        (None, ()),
        (["FIRMAADI"], ("FIRMAADI",)),
        ({"sender": [4448123]}, ("4448123",)),
        ({"sender": ["A\u202eB\x00" + "C" * 200]}, ("AB" + "C" * 78,)),
    ],
)
def test_senders_are_read_in_every_shape_with_their_own_spelling(senders: object, read: tuple[str, ...]) -> None:
    assert GET_SENDER.decode({"senders": senders}, None) == SenderList(read)


def test_senders_that_cannot_be_read_are_counted() -> None:
    assert GET_SENDER.decode({"senders": {"sender": ["A", [], ""]}}, None) == SenderList(("A",), 2)


@pytest.mark.parametrize("response", [{}, {"senders": {"sender": [[]]}}, {"senders": {"sender": [""]}}])
def test_senders_none_of_which_can_be_read_are_not_taken_for_none(response: dict[str, Any]) -> None:
    with pytest.raises(MalformedAnswerError):
        GET_SENDER.decode(response, None)
