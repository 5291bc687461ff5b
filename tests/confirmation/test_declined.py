"""The reasons why no yes came of a question: told apart, audited, and never followed by a change."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

import mcp.types as mcp_types
import pytest
from mcp.client.session import ClientSession
from pydantic import TypeAdapter

from iletimerkezi_mcp.confirmation.declined import needs_person
from iletimerkezi_mcp.settings import Settings
from tests.calls import SEND_SMS
from tests.calls import SEND_TO_TWO as SEND
from tests.hosting import ERAS, LIVE, Host, Mode, hosted

from .scenes import YES, people

pytestmark = pytest.mark.filterwarnings("ignore:Pydantic serializer warnings")

MANY = {**SEND, "recipients": people(120)}

PERSONAL = "Ayşe 0532 123 45 67"


class Answering:
    """A host that brings back whatever it likes, whether the protocol allows it or not."""

    def __init__(self, **answer: Any) -> None:
        self._answer = answer

    async def __call__(self, _: Any, __: Any) -> mcp_types.ElicitResult:
        return mcp_types.ElicitResult.model_construct(**self._answer)


def lines(log: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]


async def declined(host: Host, log: Path, arguments: dict[str, Any] = SEND) -> tuple[dict[str, Any], str]:
    """Return the answer to a declined send, and the reason in the audit log."""
    answer = await host.call(SEND_SMS, arguments)
    assert answer["outcome"] == "declined", answer
    assert host.wire.requests == []
    assert "ILETIMERKEZI_CONFIRM" not in answer["summary"] + answer["next_step"]
    (line,) = lines(log)
    assert line["outcome"] == "declined"
    return answer, line["reason"]


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize(
    ("arguments", "answer", "reason", "summary", "next_step"),
    [
        (SEND, {"action": "decline"}, "no", "the answer to the question was no.", "the host answered for them"),
        (
            SEND,
            {"action": "accept", "content": {"send": False}},
            "no",
            "the answer to the question was no.",
            "do not ask again",
        ),
        (SEND, {"action": "cancel"}, "closed", "the question was closed without an answer.", "if they saw a question"),
        (
            MANY,
            {"action": "accept", "content": {"send": True, "count": "12"}},
            "wrong_number",
            "the answer was yes, but 12 was typed, and the number is 120.",
            "This is not a no: ask the user which number is right.",
        ),
        (
            MANY,
            {"action": "accept", "content": {"send": True, "count": None}},
            "wrong_number",
            "the answer was yes, but the number typed was not 120.",
            "The same call asks again",
        ),
    ],
)
async def test_each_reason_has_its_own_words(
    mode: Mode,
    arguments: dict[str, Any],
    answer: dict[str, Any],
    reason: str,
    summary: str,
    next_step: str,
    tmp_path: Path,
) -> None:
    log = tmp_path / "audit"
    settings = replace(LIVE, audit_log=log)
    async with hosted(settings, mode=mode, elicitation_callback=Answering(**answer)) as host:
        result, logged = await declined(host, log, arguments)
    assert logged == reason
    assert result["summary"] == f"Nothing was done: {summary}"
    assert next_step in result["next_step"]


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"action": "dismiss", "content": {"send": True}},
        {"action": "accept"},
        {"action": "accept", "content": {}},
        {"action": "accept", "content": PERSONAL},
        {"action": "accept", "content": {"send": True, "note": {"nested": PERSONAL}}},
        {"action": "accept", "content": {"send": PERSONAL}},
        {"action": "accept", "content": {"send": "true"}},
        {"action": "accept", "content": {"send": 1}},
        {"action": "accept", "content": {"send": None}},
        {"action": "accept", "content": [True]},
        {"action": ["accept"], "content": {"send": True}},
    ],
)
async def test_a_malformed_answer_is_a_no_without_a_traceback_and_quotes_nobody(
    mode: Mode,
    answer: dict[str, Any],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if mode == "legacy":
        # The SDK's client checks the answers of its own callback.
        async def raw(*_: Any) -> dict[str, Any]:
            return answer

        monkeypatch.setattr(ClientSession, "_on_request", raw)
    log = tmp_path / "audit"
    settings = replace(LIVE, audit_log=log)
    with caplog.at_level(logging.DEBUG, "iletimerkezi_mcp"):
        async with hosted(settings, mode=mode, elicitation_callback=Answering(**answer)) as host:
            result, logged = await declined(host, log)
    assert logged == "unreadable"
    assert "neither a yes nor a no, which counts as a no" in result["summary"]
    assert "Ayşe" not in str(result) + log.read_text(encoding="utf-8") + caplog.text
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize(
    "responses",
    [
        "yes",
        ["confirm"],
        {"confirm": None},
        {"confirm": "yes"},
        {"confirm": {"roots": []}},
        {"other": {"action": "accept", "content": {"send": True}}},
    ],
)
async def test_no_form_of_the_2026_answers_is_an_error_or_a_yes(responses: Any) -> None:
    async with hosted(elicitation_callback=YES()) as host:
        session = host.client.session
        asked = await session.call_tool(SEND_SMS, SEND, allow_input_required=True)
        assert isinstance(asked, mcp_types.InputRequiredResult)

        async def again(answers: Any) -> Any:
            params = mcp_types.CallToolRequestParams.model_construct(
                name=SEND_SMS, arguments=SEND, input_responses=answers, request_state=asked.request_state
            )
            request = mcp_types.CallToolRequest.model_construct(params=params)
            return await session.send_request(request, TypeAdapter(dict[str, Any]))

        result = await again(responses)
        assert result["resultType"] == "input_required" or result["structuredContent"]["outcome"] == "declined"
        if result["resultType"] != "input_required":
            # Its code is void: a yes that comes behind it is too late.
            late = await again({"confirm": {"action": "accept", "content": {"send": True}}})
            assert late["structuredContent"]["outcome"] == "declined"
    assert host.wire.requests == []


def test_at_a_terminal_a_form_helps_only_if_it_is_allowed() -> None:
    told = [
        needs_person(Settings(confirm=ways).ways).next_step.to("en", "person") for ways in ("form,page", "card,page")
    ]
    assert told[0].startswith("Run it on a terminal, where you are asked.")
    assert told[1].startswith("To be asked on a terminal, allow form in ILETIMERKEZI_CONFIRM.")
