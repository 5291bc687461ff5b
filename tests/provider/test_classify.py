from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from iletimerkezi_mcp.provider.account import GET_BALANCE
from iletimerkezi_mcp.provider.classify import judge, read_retry_after
from iletimerkezi_mcp.provider.errors import AnswerUnreadable, ApiError, Redirected, Refused, ServerFailed, Throttled
from iletimerkezi_mcp.provider.orders import SEND_SMS


def _body(code: object, **rest: object) -> bytes:
    return json.dumps({"response": {"status": {"code": code, "message": "mesaj"}, **rest}}).encode()


@pytest.mark.parametrize("status", [200, 201, 202])
@pytest.mark.parametrize("code", [200, "200", 200.0])
def test_success_is_http_2xx_and_a_body_code_of_200(status: int, code: object) -> None:
    response = judge(GET_BALANCE, status, _body(code, balance={"sms": 1}))
    assert response == {"status": {"code": code, "message": "mesaj"}, "balance": {"sms": 1}}


HTML = b"<html>ok</html>"


@pytest.mark.parametrize(
    ("status", "body", "kind", "code"),
    [
        (200, _body("401"), Refused, 401),
        (450, _body(450), Refused, 450),
        (401, _body("401"), Refused, 401),
        (500, _body(451), Refused, 451),
        (302, _body(455), Refused, 455),
        (200, _body(499), Refused, 499),
        (403, HTML, Refused, 403),
        (450, b"", Refused, 450),
        (413, HTML, Refused, 413),
        (429, HTML, Throttled, 429),
        (429, _body(429), Throttled, 429),
        (200, _body("429"), Throttled, 429),
        (503, _body(429), Throttled, 429),
        (503, _body(503), ServerFailed, 503),
        (200, _body(503), ServerFailed, 503),
        (500, HTML, ServerFailed, 500),
        (502, _body(200), ServerFailed, 502),
        (503, _body(0), ServerFailed, 503),
        (408, HTML, ServerFailed, 408),
        (200, _body(408), ServerFailed, 408),
        (200, HTML, AnswerUnreadable, None),
        (200, b"", AnswerUnreadable, None),
        (200, b"{}", AnswerUnreadable, None),
        (200, _body(None), AnswerUnreadable, None),
        (200, _body("ok"), AnswerUnreadable, None),
        (200, _body(True), AnswerUnreadable, None),
        (200, _body(0), AnswerUnreadable, None),
        (200, _body(201), AnswerUnreadable, None),
        (400, _body(200), AnswerUnreadable, None),
        (302, _body(200), AnswerUnreadable, None),
        (303, HTML, AnswerUnreadable, None),
        (304, b"", AnswerUnreadable, None),
        (301, HTML, Redirected, None),
        (307, _body(200), Redirected, None),
        (308, b"", Redirected, None),
    ],
)
def test_everything_else_is_the_failure_that_it_is(
    status: int, body: bytes, kind: type[ApiError], code: int | None
) -> None:
    with pytest.raises(ApiError) as caught:
        judge(SEND_SMS, status, body)
    assert (type(caught.value), caught.value.code) == (kind, code)


def test_a_refusal_keeps_the_providers_message_and_a_throttle_its_waiting_time() -> None:
    with pytest.raises(Refused) as refused:
        judge(SEND_SMS, 200, _body(402))
    assert refused.value.upstream == "mesaj"
    with pytest.raises(Throttled) as throttled:
        judge(SEND_SMS, 429, _body(429), 7.0)
    assert (throttled.value.retry_after, throttled.value.upstream) == (7.0, "mesaj")
    with pytest.raises(ServerFailed) as failed:
        judge(SEND_SMS, 503, b"", 8.0)
    assert failed.value.retry_after == 8.0


NOW = datetime(2026, 11, 23, 4, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("9" * 30, None),
        ("120", 120.0),
        (" 7 ", 7.0),
        ("Mon, 23 Nov 2026 04:01:30 GMT", 90.0),
        ("Mon, 23 Nov 2026 04:01:30 -0000", 90.0),
        ("Mon, 23 Nov 2026 03:59:00 GMT", 0.0),
        ("Mon, 23 Nov 99999999999999999999 04:01:30 GMT", None),
    ],
)
def test_a_retry_after_is_seconds_or_a_date(value: str | None, seconds: float | None) -> None:
    assert read_retry_after(value, NOW) == seconds


def test_a_code_in_any_json_type_never_crashes() -> None:
    odd: list[Any] = [[], {}, 10**400, 1.5, -1, "٢٠٠", "200 ", " 200"]
    for code in odd:
        try:
            judge(SEND_SMS, 200, _body(code))
        except AnswerUnreadable:
            assert code not in ("200 ", " 200")
        else:
            assert code in ("200 ", " 200")
