from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iletimerkezi_mcp.provider.decoding import MAX_WORD, MalformedAnswerError
from iletimerkezi_mcp.provider.pushed import PushedReport, read_pushed_report

DOCUMENTED = {
    "id": 1599558518,
    "packet_id": 104525848,
    "status": "delivered",
    "to": "+90505702xxxx",
    "body": "Webhook test mesaji",
}


def _body(**fields: Any) -> bytes:
    return json.dumps({"report": {**DOCUMENTED, **fields}}, ensure_ascii=False).encode()


def _without(field: str) -> bytes:
    return json.dumps({"report": {name: value for name, value in DOCUMENTED.items() if name != field}}).encode()


def test_the_documents_own_example_is_read() -> None:
    expected = PushedReport(1599558518, "104525848", "+90505702xxxx", "delivered")  # type: ignore[arg-type]
    assert read_pushed_report(_body()) == expected
    assert read_pushed_report(_without("body")) == expected
    assert read_pushed_report(b"\xef\xbb\xbf" + _body(body=[{}], more=None)) == expected
    assert read_pushed_report(_body(body="?").replace(b"?", b"\xfe\xff")) == expected


@pytest.mark.parametrize("value", [7, "7", " 7 ", 7.0])
def test_numbers_are_read_in_any_type(value: object) -> None:
    report = read_pushed_report(_body(id=value, packet_id=value))
    assert (report.message_id, report.order_id) == (7, "7")


def test_an_order_has_one_spelling() -> None:
    assert read_pushed_report(_body(packet_id="0104525848")).order_id == "104525848"


@pytest.mark.parametrize(
    ("to", "recipient"),
    [
        ("+905321234567", "+905321234567"),
        ("905321234567", "+905321234567"),
        (905321234567, "+905321234567"),
        ("0532 123 45 67", "+905321234567"),
        ("05321234567", "+905321234567"),
        ("+90 505 *** ** 12", "+90 505 *** ** 12"),
        ("kimse", "kimse"),
        ("x" * 200, "x" * MAX_WORD),
    ],
)
def test_a_number_is_canonical_if_it_is_one(to: object, recipient: str) -> None:
    assert read_pushed_report(_body(to=to)).recipient == recipient


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("accepted", "accepted"),
        (" Delivered\n", "delivered"),
        ("UNDELIVERED", "undelivered"),
        ("expired", None),
        ("", None),
        (111, None),
        (None, None),
        (["delivered"], None),
    ],
)
def test_a_status_is_a_documented_one_or_none(status: object, expected: str | None) -> None:
    assert read_pushed_report(_body(status=status)).status == expected


def test_a_report_without_a_status_has_none() -> None:
    assert read_pushed_report(_without("status")).status is None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"report=1",
        b"null",
        b"[]",
        b"{}",
        b'{"report": []}',
        b'{"report": null}',
        b"[" + _body() + b"]",
        json.dumps([DOCUMENTED]).encode(),
        _without("id"),
        _without("packet_id"),
        _without("to"),
        _body(id="1e3"),
        _body(id=True),
        _body(id=1.5),
        _body(packet_id=0),
        _body(packet_id=-5),
        _body(packet_id="12a"),
        _body(to=" "),
        _body(to=None),
        _body(to=["+905321234567"]),
        _body(id=float("nan")),
        _body(more=float("inf")),
        _body().replace(b'"id": 1599558518', b'"id": 1, "id": 2'),
        _body().replace(b'"packet_id"', b'"packet_id": 5, "packet_id"'),
        _body().replace(b"1599558518", b"9" * 5000),
        b'{"report":' + b"[" * 100_000,
        _body()[:-1],
    ],
)
def test_what_names_no_message_is_refused_without_being_repeated(body: bytes) -> None:
    with pytest.raises(MalformedAnswerError) as raised:
        read_pushed_report(body)
    assert "1599558518" not in repr(raised.value)
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__ or raised.value.__context__ is None


@given(
    st.binary(max_size=200)
    | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(lambda x: json.dumps(x).encode())
)
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    with pytest.raises(MalformedAnswerError):
        read_pushed_report(body)


@given(
    st.fixed_dictionaries(
        {}, optional={name: st.none() | st.integers() | st.floats() | st.text() for name in DOCUMENTED}
    )
)
def test_any_fields_are_read_or_refused(fields: dict[str, Any]) -> None:
    try:
        report = read_pushed_report(json.dumps({"report": {**DOCUMENTED, **fields}}).encode())
    except MalformedAnswerError:
        return
    assert len(report.recipient) <= MAX_WORD
    assert report.recipient.isprintable()
    assert report.order_id.isdigit()
    assert abs(report.message_id) < 10**18
