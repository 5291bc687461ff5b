"""Whatever stands on a line, it is a message or is answered; nothing of it comes back but an id."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st
from mcp.types import INVALID_REQUEST, PARSE_ERROR
from pydantic import ValidationError

from iletimerkezi_mcp.transports.messages import parse, refusal

from .arguments import CANARY

_MEMBERS = st.fixed_dictionaries(
    {},
    optional={
        "jsonrpc": st.sampled_from(["2.0", "1.0", 2, CANARY]),
        "id": st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["seven", "\ud83d", 10**50]),
        "method": st.sampled_from(["tools/call", "tools/list", 7, None, CANARY]),
        "params": st.sampled_from([{}, [], None, {"name": CANARY}, CANARY, {"text": "\ud83d" + CANARY}, [CANARY]]),
        "result": st.sampled_from([{}, {"x": CANARY}, "\udc00"]),
        "error": st.sampled_from([{}, {"code": CANARY}, {"code": 1, "message": CANARY}]),
        "more": st.just(CANARY),
    },
)


@st.composite
def lines(draw: st.DrawFn) -> bytes:
    """Draw JSON-RPC as it may come from a careless host, perhaps torn or with a byte too many."""
    value: Any = draw(_MEMBERS | st.lists(_MEMBERS, max_size=2))
    line = json.dumps(value, ensure_ascii=draw(st.booleans())).encode("utf-8", "surrogatepass")
    if draw(st.integers(0, 3)) == 0:
        place = draw(st.integers(0, len(line)))
        line = line[:place] + draw(st.sampled_from([b"", b"\xff", b"\x00", b"[" * 500])) + line[place + 1 :]
    return line


@given(lines() | st.binary(max_size=200))
@example(b'{"jsonrpc":"2.0","id":7,"method":"tools/call","params":' + b"[" * 100_000)
@example(b"9" * 100_000)
def test_a_line_is_a_message_or_is_answered_with_nothing_of_it_but_its_id(line: bytes) -> None:
    try:
        parse(line)
    except ValidationError as error:
        answers = [refusal(line, error), refusal(line, error, "tr")]
        sent = [json.loads(answer.model_dump_json(by_alias=True, exclude_unset=True)) for answer in answers]
        assert sent[0]["id"] == sent[1]["id"]
        assert sent[0]["id"] is None or isinstance(sent[0]["id"], int | str)
        for one in sent:
            assert one["error"]["code"] in {PARSE_ERROR, INVALID_REQUEST}
            assert CANARY not in json.dumps(one)
            assert len(one["error"]["message"]) < 300
