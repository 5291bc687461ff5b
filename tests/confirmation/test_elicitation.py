"""A person's yes, where the host can ask one: both protocol eras, and hosts that only say they can."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import anyio
import mcp.types as mcp_types
import pytest
from mcp import MCPError
from mcp.server.session import ServerSession
from mcp.shared.exceptions import NoBackChannelError

from iletimerkezi_mcp.confirmation.elicitation import QUESTION_LIFE, Question
from iletimerkezi_mcp.confirmation.pending_change import QUESTION
from iletimerkezi_mcp.language import Language
from tests.calls import ADD_BLACKLIST, CANCEL_ORDER, DELETE_BLACKLIST, GET_BALANCE, IYS_REGISTER, SEND_SMS
from tests.calls import SEND_TO_TWO as SEND
from tests.hosting import ERAS, LIVE, Mode, hosted
from tests.loop_clock import LoopClock
from tests.tools.examples import EXAMPLES

from .scenes import CONSENT, YES, Asked

MANY = {**SEND, "recipients": [f"+9053{number:08}" for number in range(120)]}


@pytest.mark.parametrize("mode", ERAS)
async def test_a_yes_acts_in_that_same_call_and_no_code_is_issued(mode: Mode) -> None:
    asked = YES()
    async with hosted(mode=mode, elicitation_callback=asked) as host:
        answer = await host.call(SEND_SMS, SEND)
    assert answer["outcome"] == "done"
    assert "confirm" not in answer
    assert host.wire.paths() == ["send-sms"]
    (form,) = asked.shown
    assert form.message.startswith("LIVE, key …7f3a: send one SMS to 2 recipients")
    assert "| Siparişiniz yola çıktı." in form.message
    assert form.requested_schema["required"] == ["send"]
    assert form.requested_schema["properties"]["send"]["type"] == "boolean"


@pytest.mark.parametrize("language", ["en", "tr"])
@pytest.mark.parametrize("tool", [SEND_SMS, ADD_BLACKLIST, DELETE_BLACKLIST, IYS_REGISTER])
async def test_a_question_names_no_tool(tool: str, language: Language) -> None:
    """Who reads a form can call no tool."""
    asked = Asked("decline")
    async with hosted(replace(LIVE, language=language), elicitation_callback=asked) as host:
        await host.call(tool, EXAMPLES[tool])
    (form,) = asked.shown
    assert not [name for name in EXAMPLES if name in f"{form.message} {form.requested_schema}"]


@pytest.mark.parametrize("mode", ERAS)
async def test_on_such_a_host_confirm_is_ignored(mode: Mode) -> None:
    async with hosted(mode=mode, elicitation_callback=Asked("decline")) as host:
        answer = await host.call(SEND_SMS, SEND, confirm="AAAAAAAAAAAA")
    assert answer["outcome"] == "declined"


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize(
    ("typed", "outcome"),
    [
        ("1" * 5_000, "declined"),
        ("120", "done"),
        (120, "done"),
        (120.0, "done"),
        ("12", "declined"),
        ("yes", "declined"),
        (None, "declined"),
        (True, "declined"),
        (12.5, "declined"),
        ("", "declined"),
    ],
)
async def test_from_a_hundred_recipients_on_their_number_has_to_be_typed(mode: Mode, typed: Any, outcome: str) -> None:
    content = {"send": True} if typed is None else {"send": True, "count": typed}
    asked = Asked("accept", content)
    async with hosted(mode=mode, elicitation_callback=asked) as host:
        answer = await host.call(SEND_SMS, MANY)
    assert answer["outcome"] == outcome
    assert asked.shown[0].requested_schema["required"] == ["send", "count"]
    assert len(host.wire.requests) == (outcome == "done")


@pytest.mark.parametrize("typed", ["12000", "12.000", "12,000", " 12 000 "])
async def test_a_typed_number_may_have_the_marks_of_either_language(typed: str) -> None:
    many = {**SEND, "recipients": [f"+9053{number:08}" for number in range(12_000)]}
    settings = replace(LIVE, max_recipients=50_000)
    asked = Asked("accept", {"send": True, "count": typed})
    async with hosted(settings, mode="legacy", elicitation_callback=asked) as host:
        answer = await host.call(SEND_SMS, many)
    assert (answer["outcome"], answer["recipients"]) == ("done", 12_000)


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        (ADD_BLACKLIST, {"number": "05321234567"}),
        (DELETE_BLACKLIST, {"number": "+905330000091"}),
        (
            IYS_REGISTER,
            {
                "consents": [
                    {
                        "recipient": "05329998877",
                        "recipient_type": "BIREYSEL",
                        "channel": "MESAJ",
                        "status": "ONAY",
                        "source": "HS_WEB",
                        "consent_date": "2026-11-23T09:00:00",
                    }
                ]
            },
        ),
    ],
)
async def test_every_changing_tool_asks(mode: Mode, tool: str, arguments: dict[str, Any]) -> None:
    asked = YES()
    async with hosted(mode=mode, elicitation_callback=asked) as host:
        answer = await host.call(tool, arguments)
    assert (answer["outcome"], len(asked.shown)) == ("done", 1)


@pytest.mark.parametrize("mode", ERAS)
async def test_a_cancellation_asks_once_the_order_is_known(mode: Mode) -> None:
    asked = YES()
    async with hosted(mode=mode, elicitation_callback=asked) as host:
        sent = await host.call(SEND_SMS, SEND, send_at="2026-11-25T10:00", label="Kasım")
        cancelled = await host.call(CANCEL_ORDER, order_id=sent["order_id"])
    assert cancelled["outcome"] == "done"
    assert "10:00 on Wednesday 2026-11-25" in asked.shown[1].message
    assert "“Kasım”" in asked.shown[1].message


async def test_a_host_that_declares_forms_and_does_not_know_the_method_cannot_ask() -> None:
    async def unknown(_: Any, __: Any) -> mcp_types.ErrorData:
        return mcp_types.ErrorData(code=mcp_types.METHOD_NOT_FOUND, message="no such method")

    async with hosted(mode="legacy", elicitation_callback=unknown) as host:
        preview = await host.call(SEND_SMS, SEND)
        done = await host.call(SEND_SMS, SEND, confirm=preview["confirm"])
    assert (preview["outcome"], done["outcome"]) == ("preview", "done")


async def test_another_error_of_the_host_is_a_no() -> None:
    async def broken(_: Any, __: Any) -> mcp_types.ErrorData:
        return mcp_types.ErrorData(code=mcp_types.INTERNAL_ERROR, message="oops")

    async with hosted(mode="legacy", elicitation_callback=broken) as host:
        answer = await host.call(SEND_SMS, SEND)
    assert answer["outcome"] == "declined"
    assert answer["summary"] == "Nothing was done: this host failed to show the user the question."
    assert "iletimerkezi-mcp doctor" in answer["next_step"]


async def test_a_question_without_an_answer_is_a_no_and_reports_progress_meanwhile() -> None:
    said: list[tuple[float, float | None, str | None]] = []
    enough = anyio.Event()

    async def heard(progress: float, total: float | None, message: str | None) -> None:
        said.append((progress, total, message))
        if len(said) > 2:
            enough.set()

    async def silent(_: Any, __: Any) -> mcp_types.ElicitResult:
        await LoopClock().outlast(QUESTION_LIFE.total_seconds())

    with anyio.fail_after(600):
        async with hosted(mode="legacy", elicitation_callback=silent) as host:
            result = await host.client.call_tool(SEND_SMS, SEND, progress_callback=heard)
            answer = host.check(SEND_SMS, result)
            await enough.wait()
    assert answer["outcome"] == "declined"
    assert answer["summary"] == "Nothing was done: no answer came in the 5 minutes for which the question was open."
    assert host.wire.requests == []
    assert said[0][2] == "Waiting for the person's answer"


async def test_a_call_cancelled_while_its_question_is_open_does_nothing_even_if_a_yes_comes_later() -> None:
    opened, go = anyio.Event(), anyio.Event()

    async def slow(_: Any, __: Any) -> mcp_types.ElicitResult:
        opened.set()
        await go.wait()
        return mcp_types.ElicitResult(action="accept", content={"send": True})

    with anyio.fail_after(60):
        async with hosted(mode="legacy", elicitation_callback=slow) as host:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(host.client.call_tool, SEND_SMS, SEND)
                await opened.wait()
                tasks.cancel_scope.cancel()
            go.set()
            balance = await host.call(GET_BALANCE)
    assert balance["outcome"] == "ok"
    assert host.wire.paths() == ["get-balance"]


@pytest.mark.parametrize("mode", ERAS)
async def test_with_human_only_a_persons_yes_counts(mode: Mode) -> None:
    human = replace(LIVE, confirm="human")
    async with hosted(human, mode=mode) as host:
        refused = await host.call(SEND_SMS, SEND)
        with_code = await host.call(SEND_SMS, SEND, confirm="AAAAAAAAAAAA")
    assert [refused["outcome"], with_code["outcome"]] == ["nothing_done"] * 2
    assert "only a person's own yes" in refused["summary"]
    assert "ILETIMERKEZI_CONFIRM" not in refused["summary"] + refused["next_step"]
    assert "confirm" not in refused
    async with hosted(human, mode=mode, elicitation_callback=YES()) as host:
        assert (await host.call(SEND_SMS, SEND))["outcome"] == "done"


@pytest.mark.parametrize("mode", ERAS)
async def test_with_code_no_form_is_shown_and_codes_are_valid_for_any_size(mode: Mode) -> None:
    asked = YES()
    async with hosted(replace(LIVE, confirm="code"), mode=mode, elicitation_callback=asked) as host:
        answer = await host.confirm(SEND_SMS, MANY)
    assert (answer["outcome"], asked.shown) == ("done", [])


@pytest.mark.parametrize("mode", ERAS)
async def test_from_the_threshold_on_auto_wants_a_form(mode: Mode) -> None:
    async with hosted(mode=mode) as host:
        answer = await host.call(SEND_SMS, MANY)
        small = await host.call(SEND_SMS, {**MANY, "recipients": MANY["recipients"][:99]})
    assert answer["outcome"] == "nothing_done"
    assert "A code is enough only below 100 recipients" in answer["summary"]
    assert "Splitting the list or spreading it over hours is no way around it." in answer["next_step"]
    assert "iletimerkezi-mcp doctor" in answer["next_step"]
    assert "ILETIMERKEZI_CONFIRM" not in answer["summary"] + answer["next_step"]
    assert "confirm" not in answer
    assert small["outcome"] == "preview"


async def test_the_threshold_is_the_operators() -> None:
    asked = Asked("accept", {"send": True, "count": "2"})
    async with hosted(replace(LIVE, type_count_from=2), elicitation_callback=asked) as host:
        assert (await host.call(SEND_SMS, SEND))["outcome"] == "done"
    assert asked.shown[0].requested_schema["required"] == ["send", "count"]


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize(
    ("tool", "arguments", "title", "caution"),
    [
        (SEND_SMS, SEND, "Do you confirm this?", " A message that has gone out cannot be called back."),
        (
            SEND_SMS,
            {**SEND, "send_at": "2026-11-25T10:00"},
            "Do you confirm this?",
            " It can be cancelled until it begins to go out.",
        ),
        (
            CANCEL_ORDER,
            {"order_id": "1000001"},
            "Do you want to cancel this SMS order?",
            " A cancelled SMS order cannot be brought back.",
        ),
        (
            ADD_BLACKLIST,
            {"number": "05321234567"},
            "Do you confirm this?",
            " The number can be taken off the blacklist again.",
        ),
        (
            DELETE_BLACKLIST,
            {"number": "+905330000091"},
            "Do you confirm this?",
            " The number can be put on the blacklist again.",
        ),
        (
            IYS_REGISTER,
            {"consents": [CONSENT]},
            "Do you confirm this?",
            " Only a later record changes what is declared to İYS.",
        ),
    ],
)
async def test_the_form_says_what_can_be_taken_back(
    mode: Mode, tool: str, arguments: dict[str, Any], title: str, caution: str
) -> None:
    asked = YES()
    async with hosted(mode=mode, elicitation_callback=asked) as host:
        if tool == CANCEL_ORDER:
            sent = await host.call(SEND_SMS, SEND, send_at="2026-11-25T10:00")
            arguments = {"order_id": sent["order_id"]}
        await host.call(tool, arguments)
    field = asked.shown[-1].requested_schema["properties"]["send"]
    assert field["title"] == title
    assert field["description"] == "Say yes only if everything above is right." + caution


@pytest.mark.parametrize(
    ("counted", "title"), [("recipients", "Alıcı sayısı"), ("consents", "İzin kaydı sayısı"), (None, "Sayı")]
)
def test_the_form_asks_for_the_number_of_what_is_changed(counted: Any, title: str) -> None:
    question = Question(preview="", number=12_000, counted=counted, title=QUESTION, caution=None, language="tr")
    properties = question.schema()["properties"]
    assert properties["send"]["title"] == "Onaylıyor musunuz?"
    assert properties["count"]["title"] == title
    assert properties["count"]["description"].endswith(": 12.000.")


async def test_a_limit_stops_the_call_before_a_form_is_shown() -> None:
    asked = YES()
    async with hosted(replace(LIVE, max_recipients=1), elicitation_callback=asked) as host:
        answer = await host.call(SEND_SMS, SEND)
    assert (answer["outcome"], asked.shown) == ("nothing_done", [])


class Replaying:
    """The 2026 era by hand: what goes out with the question comes back as often as one likes."""

    def __init__(self, host: Any) -> None:
        self.session = host.client.session
        self.host = host

    async def first(self) -> mcp_types.InputRequiredResult:
        result = await self.session.call_tool(SEND_SMS, SEND, allow_input_required=True)
        assert isinstance(result, mcp_types.InputRequiredResult)
        return result

    async def again(self, asked: mcp_types.InputRequiredResult, content: dict[str, Any] | None) -> dict[str, Any]:
        action = "decline" if content is None else "accept"
        answer = mcp_types.ElicitResult.model_validate({"action": action, "content": content})
        result = await self.session.call_tool(
            SEND_SMS,
            SEND,
            input_responses={"confirm": answer},
            request_state=asked.request_state,
            allow_input_required=True,
        )
        assert isinstance(result, mcp_types.CallToolResult)
        checked: dict[str, Any] = self.host.check(SEND_SMS, result)
        return checked


async def test_a_replayed_answer_says_what_became_of_that_change_and_acts_once() -> None:
    async with hosted(elicitation_callback=YES()) as host:
        wire = Replaying(host)
        asked = await wire.first()
        first = await wire.again(asked, {"send": True})
        second = await wire.again(asked, {"send": True})
    assert (first["outcome"], second["outcome"]) == ("done", "done")
    assert second["order_id"] == first["order_id"]
    assert "Nothing more was done now" in second["summary"]
    assert host.wire.paths() == ["send-sms"]


async def test_a_no_that_comes_after_the_yes_says_what_was_done() -> None:
    async with hosted(elicitation_callback=YES()) as host:
        wire = Replaying(host)
        asked = await wire.first()
        first = await wire.again(asked, {"send": True})
        late_no = await wire.again(asked, None)
    assert (late_no["outcome"], late_no["order_id"]) == ("done", first["order_id"])
    assert host.wire.paths() == ["send-sms"]


async def test_a_yes_after_a_no_or_after_five_minutes_does_nothing() -> None:
    async with hosted(elicitation_callback=YES()) as host:
        wire = Replaying(host)
        asked = await wire.first()
        no = await wire.again(asked, None)
        late = await wire.again(asked, {"send": True})
        asked = await wire.first()
        host.clock.advance(minutes=5)
        expired = await wire.again(asked, {"send": True})
    assert [answer["outcome"] for answer in (no, late, expired)] == ["declined"] * 3
    assert "was no longer open" in late["summary"]
    assert "no answer came in the 5 minutes" in expired["summary"]
    assert host.wire.requests == []


async def test_an_answer_without_the_state_of_its_question_is_asked_again() -> None:
    async with hosted(elicitation_callback=YES()) as host:
        yes = mcp_types.ElicitResult(action="accept", content={"send": True})
        result = await host.client.session.call_tool(
            SEND_SMS, SEND, input_responses={"confirm": yes}, allow_input_required=True
        )
    assert isinstance(result, mcp_types.InputRequiredResult)
    assert host.wire.requests == []


@pytest.mark.parametrize(
    ("error", "asked"),
    [
        (NoBackChannelError("elicitation/create"), None),
        (MCPError(mcp_types.METHOD_NOT_FOUND, "no"), None),
        (MCPError(mcp_types.INVALID_PARAMS, "no"), "declined"),
    ],
)
async def test_a_missing_back_channel_and_a_missing_method_are_a_host_that_cannot_ask(
    error: MCPError, asked: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: Any, **__: Any) -> mcp_types.ElicitResult:
        raise error

    monkeypatch.setattr(ServerSession, "elicit_form", fails)
    async with hosted(mode="legacy", elicitation_callback=YES()) as host:
        answer = await host.call(SEND_SMS, SEND)
    assert answer["outcome"] == (asked or "preview")
