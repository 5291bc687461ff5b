from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from iletimerkezi_mcp.provider import OPERATIONS
from iletimerkezi_mcp.provider.decoding import MalformedAnswerError
from iletimerkezi_mcp.provider.errors import AcceptedUntracked
from iletimerkezi_mcp.provider.operation import request_body
from tests.calls import ADD_BLACKLIST, CANCEL_ORDER, DELETE_BLACKLIST, IYS_CHECK, IYS_REGISTER, SEND_SMS
from tests.properties.answering import REQUESTS


def test_every_operation_has_a_path_of_its_own() -> None:
    assert len({operation.path for operation in OPERATIONS.values()}) == len(OPERATIONS)


def test_the_paths_are_those_of_the_contract() -> None:
    assert OPERATIONS[SEND_SMS].path == "/v1/send-sms/json"
    assert OPERATIONS[IYS_REGISTER].path == "/v1/consent/create/json"
    assert OPERATIONS[IYS_CHECK].path == "/v1/consent/show/json"
    assert all(
        operation.path.startswith("/v1/") and operation.path.endswith("/json") for operation in OPERATIONS.values()
    )


def test_every_change_names_the_read_that_shows_if_it_was_made() -> None:
    changes = {name for name, operation in OPERATIONS.items() if operation.changes}
    assert changes == {SEND_SMS, CANCEL_ORDER, ADD_BLACKLIST, DELETE_BLACKLIST, IYS_REGISTER}
    for name, operation in OPERATIONS.items():
        sentence = operation.how_to_verify(REQUESTS[name]).en
        reads = [read for read, other in OPERATIONS.items() if not other.changes and read in sentence]
        assert bool(reads) is operation.changes


def test_a_request_wraps_the_fields_beside_key_and_hash() -> None:
    body = request_body("k", "h", {"order": {"id": "1"}})
    assert body == b'{"request":{"authentication":{"key":"k","hash":"h"},"order":{"id":"1"}}}'


def test_turkish_goes_out_as_it_is_in_utf_8() -> None:
    assert "şİıŞ😀".encode() in request_body("k", "h", {"text": "şİıŞ😀"})


def test_an_unpaired_surrogate_goes_out_as_a_question_mark() -> None:
    assert json.loads(request_body("k", "h", {"text": "a\ud83db"}))["request"]["text"] == "a?b"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
FIELDS = st.sampled_from(["order", "orders", "count", "balance", "senders", "blacklist", "consent"])
INNER = st.sampled_from(["id", "status", "message", "number", "sender", "amount", "sms", "count", "recipient", "price"])


@settings(deadline=None)
@given(
    st.sampled_from(list(OPERATIONS)),
    st.dictionaries(FIELDS, JSON | st.dictionaries(INNER, JSON, max_size=6), max_size=4),
)
def test_no_response_crashes_its_reader(name: str, response: dict[str, Any]) -> None:
    try:
        OPERATIONS[name].decode(response, REQUESTS[name])
    except (MalformedAnswerError, AcceptedUntracked):
        return
