"""Whatever answers, it is read into the types of the client or told as one of its errors, and never as more than it is."""

from __future__ import annotations

import json
import math
import zlib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from iletimerkezi_mcp.provider import OPERATIONS as ALL
from iletimerkezi_mcp.provider.decoding import MAX_WORD, read_response, read_retry_after
from iletimerkezi_mcp.provider.errors import (
    AcceptedUntracked,
    AnswerUnreadable,
    ApiError,
    NotSent,
    OutcomeUnknown,
    Redirected,
    Refused,
)
from iletimerkezi_mcp.provider.timeouts import DEFAULT_TIMEOUTS
from iletimerkezi_mcp.sms.clock import ISTANBUL
from tests.calls import CANCEL_ORDER, GET_BALANCE, IYS_CHECK, SEND_SMS

from .answering import HASH, KEY, NOW, Answered, ask
from .effort import at_cost

ONES = (200, "200", 200.0, " 200 ")
"""Ways in which a body says that all is well (contract, section 1.2)."""

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from([KEY, HASH]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)

_WORDS = [
    *("id", "status", "message", "number", "sender", "senders", "amount", "sms", "count", "recipient", "price"),
    *("total", "delivered", "undelivered", "waiting", "submitAt", "sendAt", "order", "orders", "balance"),
    *("blacklist", "consent", "recipientType", "type", "source", "consentDate", "code"),
]
_LEAVES = (
    st.sampled_from([0, -1, 110, 111, 114, 200, "312891245", 312891245, 1.5, "1.5", "", " ", None, True, [], {}])
    | st.sampled_from(["+905330000001", 5301234567, "2026-11-23 10:00:00", "0000-00-00 00:00:00", "ONAY", "HS_WEB"])
    | st.sampled_from(["9" * 400, 10**400, -(10**18), 1e308, "\ud83d", "a\u202eb\x00c\nd", "x" * 500, KEY + HASH])
    | JSON
)
_RESULTS = st.recursive(
    st.dictionaries(st.sampled_from(_WORDS), _LEAVES, max_size=8),
    lambda inner: st.dictionaries(st.sampled_from(_WORDS), inner | st.lists(inner, max_size=3) | _LEAVES, max_size=6),
    max_leaves=6,
)

_CODES = (
    st.sampled_from([*ONES, 400, "401", 422, 429, "429", 451, 455, 474, 500, 503, 408, 0, -200, 200.5, 2e2, 1e999])
    | st.sampled_from([None, True, "", "OK", "200.0", "2OO", "٢٠٠", "+200", "2_00", [200], {"code": 200}, 10**30])
    | st.integers(-1000, 1000)
    | JSON
)
CODES: st.SearchStrategy[Any] = st.one_of(st.sampled_from(ONES), _CODES)
STATUSES = st.one_of(
    st.just(200),
    st.sampled_from([201, 204, 301, 302, 304, 307, 308, 408, 422, 429, 450, 474, 502, 503]),
    st.integers(200, 999),
)
OPERATIONS = st.sampled_from(sorted(ALL))

HEADERS = st.lists(
    st.tuples(
        st.sampled_from([b"retry-after", b"location", b"content-type", b"set-cookie", b"date", b"x-odd"]),
        st.sampled_from(
            [b"5", b"0", b"99999999999", b"-1", b"Mon, 23 Nov 2026 09:00:30 GMT", b"http://[::1", b"\xff\xfe"]
        )
        | st.binary(max_size=30),
    ),
    max_size=4,
).map(tuple)


def is_well(code: object) -> bool:
    """Return if a code is one of :data:`ONES`, by the same type and value."""
    return any(type(code) is type(one) and code == one for one in ONES)


@st.composite
def documents(draw: st.DrawFn) -> tuple[Any, bytes]:
    """Draw a body code and a body that holds it, with any result beside it, spelt as JSON can be spelt."""
    code = draw(CODES)
    response: dict[str, Any] = {**draw(_RESULTS), "status": {"code": code, "message": draw(_LEAVES)}}
    text = json.dumps({"response": response}, ensure_ascii=draw(st.booleans()), indent=draw(st.sampled_from([None, 2])))
    return code, draw(st.sampled_from([b"", b"\xef\xbb\xbf", b" \r\n"])) + text.encode("utf-8", "surrogatepass")


def judged(operation: str, answer: Answered) -> tuple[Any, int]:
    """Return what :func:`ask` does, after the checks of what always holds."""
    outcome, asked = ask(operation, answer)
    assert not isinstance(outcome, Exception) or isinstance(outcome, ApiError), repr(outcome)
    if ALL[operation].changes:
        assert asked == 1
    else:
        assert 1 <= asked <= DEFAULT_TIMEOUTS.tries
    if isinstance(outcome, ApiError):
        told = f"{outcome} {outcome.reason} {outcome.next_step}"
        assert outcome.reason.en.strip()
        assert outcome.next_step.tr.strip()
        assert outcome.__cause__ is None
    else:
        told = repr(outcome)
        check_plain(outcome)
    assert KEY not in told
    assert HASH not in told
    return outcome, asked


def check_plain(value: Any) -> None:
    """See that nothing has come through that a person or a host could not be shown."""
    if is_dataclass(value):
        for field in fields(value):
            check_plain(getattr(value, field.name))
    elif isinstance(value, tuple):
        for inner in value:
            check_plain(inner)
    elif isinstance(value, str):
        assert len(value) <= MAX_WORD
        assert value.isprintable()
        value.encode("utf-8")
    elif isinstance(value, datetime):
        assert value.utcoffset() == ISTANBUL.utcoffset(None)
    elif isinstance(value, float):
        assert math.isfinite(value)
    else:
        assert value is None or isinstance(value, int)


@at_cost(2)
@given(OPERATIONS, STATUSES, documents(), HEADERS)
def test_an_answer_is_a_success_only_where_status_and_code_say_so(
    operation: str, status: int, document: tuple[Any, bytes], headers: tuple[tuple[bytes, bytes], ...]
) -> None:
    code, body = document
    outcome, _ = judged(operation, Answered(status, body, headers))
    if isinstance(outcome, ApiError):
        if is_well(code) and 200 <= status < 300:
            # Nobody may take a message that was accepted for one that was not.
            assert isinstance(outcome, OutcomeUnknown)
    elif operation == IYS_CHECK and outcome is None:
        assert status < 500
    else:
        assert is_well(code)
        assert 200 <= status < 300


@at_cost(2)
@given(st.sampled_from(sorted(name for name in ALL if ALL[name].changes)), STATUSES, documents())
def test_a_change_is_told_undone_only_where_somebody_said_so(
    operation: str, status: int, document: tuple[Any, bytes]
) -> None:
    code, body = document
    outcome, _ = judged(operation, Answered(status, body))
    if isinstance(outcome, Refused):
        assert 400 <= outcome.code < 500
        assert str(outcome.code) in {str(code).strip().removesuffix(".0"), str(status)}
    elif isinstance(outcome, NotSent):
        assert isinstance(outcome, Redirected)
        assert status in {301, 307, 308}


def _constants(body: str) -> list[str]:
    """Refuse the words for NaN and infinity, which Python writes and JSON does not know."""
    found: list[str] = []
    json.loads(body, parse_constant=found.append)
    return found


@at_cost(2)
@given(st.sampled_from(ONES), _RESULTS)
def test_an_accepted_order_has_its_number_or_is_told_as_untracked(one: object, result: dict[str, Any]) -> None:
    body = json.dumps({"response": {**result, "status": {"code": one}}})
    outcome, _ = judged(SEND_SMS, Answered(200, body.encode()))
    if isinstance(outcome, ApiError):
        assert isinstance(outcome, AnswerUnreadable if _constants(body) else AcceptedUntracked)
    else:
        assert outcome.isascii()
        assert outcome.isdigit()
        assert outcome in str(result["order"]["id"]).replace(".0", "")


@at_cost(2)
@given(OPERATIONS, STATUSES, st.binary(max_size=300) | JSON.map(lambda value: json.dumps(value).encode()), HEADERS)
@example(SEND_SMS, 200, b"[" * 100_000, ())
@example(GET_BALANCE, 200, b'{"response":' * 50_000, ())
@example(SEND_SMS, 200, b"1" * 10_000, ())
@example(CANCEL_ORDER, 200, b'{"response":{"status":{"code":200,"code":401}}}', ())
@example(CANCEL_ORDER, 200, b'{"response":{"status":{"code":NaN}}}', ())
def test_a_body_that_is_no_answer_is_never_a_success(
    operation: str, status: int, body: bytes, headers: tuple[tuple[bytes, bytes], ...]
) -> None:
    outcome, _ = judged(operation, Answered(status, body, headers))
    assert isinstance(outcome, ApiError) or (operation == IYS_CHECK and outcome is None and status == 422)


@at_cost(2)
@given(
    st.sampled_from([b"gzip", b"deflate", b"br", b"identity", b"GZIP", b"gzip, gzip", b"\xff", b"zstd"]),
    st.sampled_from(["plain", "gzip", "torn", "bomb"]),
)
def test_an_encoding_makes_no_success_of_what_cannot_be_read(encoding: bytes, how: str) -> None:
    body = b'{"response":{"status":{"code":200}}}'
    packer = zlib.compressobj(wbits=31)
    packed = (
        packer.compress(body if how != "bomb" else b" " * (DEFAULT_TIMEOUTS.answer_bytes + 1) + body) + packer.flush()
    )
    sent = {"plain": body, "gzip": packed, "torn": packed[:-9], "bomb": packed}[how]
    outcome, _ = judged(CANCEL_ORDER, Answered(200, sent, ((b"content-encoding", encoding),)))
    # Which of the two foldings it is shows in its first bytes, whatever the header calls it.
    folded = encoding.lower() in {b"gzip", b"deflate"}
    readable = (how == "plain" and encoding == b"identity") or (how == "gzip" and folded)
    assert (outcome is None) is readable


@given(OPERATIONS, st.integers(), documents(), st.none() | st.floats(0, 1e9))
def test_an_answer_is_read_as_a_response_or_an_error_for_any_status(
    operation: str, status: int, document: tuple[Any, bytes], retry_after: float | None
) -> None:
    code, body = document
    try:
        response = read_response(ALL[operation], status, body, retry_after)
    except ApiError:
        return
    assert isinstance(response, Mapping)
    assert is_well(code)
    assert 200 <= status < 300


_DATES = st.builds(
    "{}, {:02d} {} {} {:02d}:{:02d}:{:02d} {}".format,
    st.sampled_from(["Mon", "Fri", ""]),
    st.integers(0, 40),
    st.sampled_from(["Jan", "Dec", "Foo"]),
    st.integers(0, 99999),
    st.integers(0, 30),
    st.integers(0, 70),
    st.integers(0, 70),
    st.sampled_from(["GMT", "+0300", "-9999", "+99999999999", "", "PST"]),
)


@given(st.text() | _DATES | st.integers().map(str))
@example("Fri, 31 Dec 9999 23:59:59 -2359")
@example("Mon, 01 Jan 0001 00:00:00 +2359")
def test_a_retry_after_is_seconds_or_nothing(value: str) -> None:
    seconds = read_retry_after(value, NOW)
    assert seconds is None or (math.isfinite(seconds) and seconds >= 0)
