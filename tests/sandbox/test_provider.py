from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from iletimerkezi_mcp.sandbox.answers import JsonAnswer
from iletimerkezi_mcp.sandbox.provider import OPERATIONS

from .bench import Bench, body, order

PATHS = [f"/v1/{operation}/json" for operation in OPERATIONS]
BALANCE = "/v1/get-balance/json"


def code(answer: object) -> int:
    assert isinstance(answer, JsonAnswer)
    number: int = answer.body["response"]["status"]["code"]
    assert answer.http_status == number
    return number


@pytest.mark.parametrize(
    "path", ["/", "/v1/get-balance", "/v1/get-balance/json/", "/v2/get-balance/json", "/V1/get-balance/json"]
)
def test_an_unknown_path_is_404_before_anything_else(bench: Bench, path: str) -> None:
    assert bench.provider.answer(path, b"nonsense") == JsonAnswer(
        404, {"response": {"status": {"code": 404, "message": "API istek yapılan yönteme sahip değil"}}}
    )


def test_another_method_than_post_is_404(bench: Bench) -> None:
    assert code(bench.provider.answer(BALANCE, body(), method="GET")) == 404


@pytest.mark.parametrize("path", PATHS)
def test_a_body_without_envelope_is_400_before_the_credentials(bench: Bench, path: str) -> None:
    assert code(bench.provider.answer(path, b"{}")) == 400
    assert code(bench.provider.answer(path, b'{"request": {}}')) == 400


@pytest.mark.parametrize(("key", "secret"), [("", "h"), ("k", ""), ("wrong-key", "h")])
def test_wrong_credentials_are_401_before_the_operation(bench: Bench, key: str, secret: str) -> None:
    assert code(bench.provider.answer("/v1/send-sms/json", body(key=key, secret=secret))) == 401


def test_any_other_key_and_hash_will_do(bench: Bench) -> None:
    assert code(bench.provider.answer(BALANCE, body(key="anything", secret="at all"))) == 200


@pytest.mark.parametrize("path", sorted(set(PATHS) - {BALANCE, "/v1/get-sender/json", "/v1/get-blacklist/json"}))
def test_an_operation_without_its_own_field_is_400(bench: Bench, path: str) -> None:
    assert code(bench.provider.answer(path, body())) == 400


def test_a_world_that_is_locked_or_cannot_be_written_is_503(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("iletimerkezi_mcp.sandbox.database.BUSY_SECONDS", 0.0)
    bench = Bench(path=tmp_path / "w")
    holder = sqlite3.connect(tmp_path / "w", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    assert bench.refused("+905330000011") == 503
    holder.close()
    assert bench.refused("+905330000011") == 200
    bench.database.close()


FIELDS = [
    *("order", "message", "text", "receipents", "number", "sender", "iys", "iysList", "sendDateTime", "id"),
    *("page", "rowCount", "filter", "start", "end", "blacklist", "brandCode", "list"),
    *("recipient", "recipientType", "type", "status", "source", "consentDate"),
]
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12)
JSON = st.recursive(
    SCALARS | st.sampled_from(["1", "+905330000011", "MESAJ", "BIREYSEL", "2026-11-20 10:30:00"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=6),
    max_leaves=12,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(PATHS), st.sampled_from(["order", "filter", "blacklist", "consent"]), JSON)
def test_whatever_a_client_sends_is_answered(path: str, field: str, value: object) -> None:
    bench = Bench()
    assert 200 <= code(bench.provider.answer(path, body({field: value}))) < 500
    bench.database.close()


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(["sender", "iys", "iysList", "sendDateTime", "message"]), JSON)
def test_an_order_with_one_strange_field_is_answered(field: str, value: object) -> None:
    bench = Bench()
    request = body(order={**order("+905330000011", iys="1", iysList="TACIR"), field: value})
    assert 200 <= code(bench.provider.answer("/v1/send-sms/json", request)) < 500
    bench.database.close()
