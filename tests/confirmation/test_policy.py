"""The operator's limits, at the preview and again at the act."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import mcp.types as mcp_types
import pytest
from mcp import MCPError

from iletimerkezi_mcp.confirmation.pending_change import PendingChange, Preview
from iletimerkezi_mcp.confirmation.pending_series import PendingSeries
from iletimerkezi_mcp.confirmation.policy import check_limits
from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.ledger.attempts import PendingCampaign, PendingMessage, Usage
from iletimerkezi_mcp.server.instructions import MAX_BYTES, instructions
from iletimerkezi_mcp.settings import Settings, load_settings
from iletimerkezi_mcp.tools.card_answer import CARD_ANSWER
from tests.calls import GET_BALANCE, GET_REPORT, IYS_REGISTER, SEND_SMS
from tests.calls import SEND_TO_TWO as SEND
from tests.hosting import ERAS, LIVE, MONDAY, ManualClock, Mode, hosted
from tests.tools.examples import EXAMPLES

from .scenes import people

CODE = replace(LIVE, confirm="code")
COMMERCIAL = {**SEND, "message_type": "commercial", "iys_list": "BIREYSEL"}
END = (
    "The operator set this and decides about it. Splitting the list or spreading it over hours is no way around it. Tell "
    "the user."
)


@pytest.mark.parametrize(
    ("limits", "arguments", "named"),
    [
        ({"max_recipients": 1}, SEND, "ILETIMERKEZI_MAX_RECIPIENTS"),
        ({"max_credits_per_day": 1}, SEND, "ILETIMERKEZI_MAX_CREDITS_PER_DAY"),
        ({"allow_commercial": False}, COMMERCIAL, "ILETIMERKEZI_ALLOW_COMMERCIAL"),
        ({"allowed_senders": ("DEMO FIRMA",)}, SEND, "ILETIMERKEZI_ALLOWED_SENDERS"),
        ({"allowed_recipients": ("+90532*",)}, SEND, "ILETIMERKEZI_ALLOWED_RECIPIENTS"),
        ({"allowed_recipients": ("+905321234567",)}, SEND, "+905331112233"),
    ],
)
@pytest.mark.parametrize("mode", ERAS)
async def test_a_limit_refuses_and_is_named(
    mode: Mode, limits: dict[str, Any], arguments: dict[str, Any], named: str
) -> None:
    async with hosted(replace(CODE, **limits), mode=mode) as host:
        answer = await host.call(SEND_SMS, arguments)
    assert answer["outcome"] == "nothing_done"
    assert named in answer["summary"]
    assert END in answer["summary"]
    assert "confirm" not in answer
    assert answer["next_step"].endswith("Do not send this as transactional.") == (arguments is COMMERCIAL)
    assert host.wire.requests == []


async def test_what_is_allowed_goes_through() -> None:
    limits = replace(CODE, allowed_recipients=("+90532*", "+905331112233"), allowed_senders=("FIRMAADI",))
    async with hosted(limits) as host:
        assert (await host.confirm(SEND_SMS, SEND))["outcome"] == "done"


async def test_sends_of_all_texts_within_an_hour_count_together_and_no_time_is_named() -> None:
    async with hosted(replace(CODE, max_recipients=5)) as host:
        assert (await host.confirm(SEND_SMS, {**SEND, "recipients": people(3)}))["outcome"] == "done"
        later = {**SEND, "text": "Başka bir bilgi.", "recipients": people(2), "send_at": "2026-11-25T10:00"}
        assert (await host.confirm(SEND_SMS, later))["outcome"] == "done"
        third = {**SEND, "text": "Üçüncü bilgi.", "recipients": people(1, 10)}
        answer = await host.call(SEND_SMS, third)
        assert answer["outcome"] == "nothing_done"
        assert "this has 1, and 5 were confirmed in the last hour. The operator set this" in answer["summary"]
        host.clock.advance(hours=1)
        assert (await host.confirm(SEND_SMS, third))["outcome"] == "done"


async def test_consents_of_a_day_count_together() -> None:
    consent = EXAMPLES[IYS_REGISTER]["consents"][0]
    lists = [[{**consent, "recipient": number} for number in people(2, first)] for first in (0, 10, 20)]
    async with hosted(replace(CODE, max_consents_per_day=4)) as host:
        for consents in lists[:2]:
            assert (await host.confirm(IYS_REGISTER, consents=consents))["outcome"] == "done"
        answer = await host.call(IYS_REGISTER, consents=lists[2])
        assert answer["outcome"] == "nothing_done"
        assert "At most 4 consents a day" in answer["summary"]
        assert "the count is reset at 00:00 on Tuesday 2026-11-24" in answer["summary"]
        host.clock.advance(hours=14)
        assert (await host.confirm(IYS_REGISTER, consents=lists[2]))["outcome"] == "done"


async def test_the_days_credits_count_what_is_accepted_or_unknown_and_begin_again_at_midnight() -> None:
    async with hosted(replace(CODE, max_credits_per_day=4)) as host:
        assert (await host.confirm(SEND_SMS, SEND))["outcome"] == "done"
        unknown = await host.confirm(SEND_SMS, {**SEND, "recipients": ["+905000000900"]})
        assert unknown["outcome"] == "unknown"
        refused = await host.confirm(SEND_SMS, {**SEND, "recipients": ["+905000000402"]})
        assert refused["outcome"] == "refused"
        answer = await host.call(SEND_SMS, {**SEND, "text": "Bir başka bilgi."})
        assert "3 are used today and this needs up to 2" in answer["summary"]
        assert "00:00 on Tuesday 2026-11-24" in answer["summary"]
        host.clock.advance(hours=14)
        assert (await host.confirm(SEND_SMS, {**SEND, "text": "Bir başka bilgi."}))["outcome"] == "done"


async def test_limits_are_checked_again_when_the_code_is_used() -> None:
    async with hosted(replace(CODE, max_recipients=3)) as host:
        first = await host.call(SEND_SMS, SEND)
        second = await host.call(SEND_SMS, {**SEND, "recipients": people(2, 50)})
        assert (await host.call(SEND_SMS, SEND, confirm=first["confirm"]))["outcome"] == "done"
        late = await host.call(SEND_SMS, {**SEND, "recipients": people(2, 50)}, confirm=second["confirm"])
    assert late["outcome"] == "nothing_done"
    assert "ILETIMERKEZI_MAX_RECIPIENTS" in late["summary"]
    assert host.wire.paths() == ["send-sms"]


async def test_a_send_time_must_still_be_two_minutes_ahead_when_it_is_confirmed() -> None:
    scheduled = {**SEND, "send_at": "2026-11-23T10:05"}
    async with hosted(CODE) as host:
        preview = await host.call(SEND_SMS, scheduled)
        host.clock.advance(minutes=3, seconds=1)
        late = await host.call(SEND_SMS, scheduled, confirm=preview["confirm"])
        soon = await host.call(SEND_SMS, {**SEND, "send_at": "2026-11-23T10:04"})
        works = await host.confirm(SEND_SMS, {**SEND, "send_at": "2026-11-23T10:06"})
    assert [late["outcome"], soon["outcome"], works["outcome"]] == ["nothing_done", "nothing_done", "done"]
    assert "two minutes ahead" in late["summary"]
    assert "The earliest that works is 10:06 on Monday 2026-11-23, if it is confirmed at once" in late["summary"]
    assert host.wire.paths() == ["send-sms"]


async def test_the_count_is_lifted_by_none() -> None:
    settings = load_settings({"ILETIMERKEZI_MAX_CREDITS_PER_DAY": "none", "ILETIMERKEZI_MAX_RECIPIENTS": "1"})
    lifted = replace(CODE, max_credits_per_day=settings.max_credits_per_day, max_recipients=30)
    long = "a" * 700
    async with hosted(lifted) as host:
        assert (await host.confirm(SEND_SMS, {**SEND, "text": long, "recipients": people(30)}))["outcome"] == "done"


@pytest.mark.parametrize("mode", ERAS)
async def test_read_only_lists_and_runs_no_changing_tool_whatever_else_is_set(mode: Mode) -> None:
    async with hosted(replace(LIVE, read_only=True, tools=(SEND_SMS, GET_BALANCE)), mode=mode) as host:
        assert list(host.schemas) == [GET_BALANCE]
        with pytest.raises(MCPError) as caught:
            await host.client.call_tool(SEND_SMS, SEND)
        assert "for reading only" in (host.client.instructions or "")
    assert caught.value.error.code == mcp_types.INVALID_PARAMS


async def test_only_the_named_tools_are_offered() -> None:
    async with hosted(replace(LIVE, tools=(GET_BALANCE, SEND_SMS))) as host:
        assert list(host.schemas) == [SEND_SMS, GET_BALANCE, CARD_ANSWER.name]


def test_the_instructions_give_the_limits_briefly_and_lists_by_their_length_only() -> None:
    busy = replace(
        LIVE,
        max_recipients=12_345,
        allowed_recipients=tuple(people(400)),
        allowed_senders=("FIRMAADI",),
        allow_commercial=False,
        mask_numbers=True,
    )
    for settings in (busy, replace(busy, language="tr"), replace(busy, confirm="human"), replace(busy, sandbox=True)):
        assert len(instructions(settings).encode()) <= MAX_BYTES
    told = instructions(busy)
    for part in (
        "12,345 recipients",
        "123,450 credits",
        "400 allowed recipients",
        "1 allowed sender;",
        "no commercial",
    ):
        assert part in told
    assert "+9053" not in told
    assert "codes for any size" in instructions(replace(LIVE, confirm="code"))
    assert "credits a day" not in instructions(replace(LIVE, max_credits_per_day=0))


async def test_answers_show_masked_numbers_and_forms_whole_ones() -> None:
    seen: list[str] = []

    async def yes(_: Any, params: Any) -> mcp_types.ElicitResult:
        seen.append(params.message)
        return mcp_types.ElicitResult(action="accept", content={"send": True})

    masked = replace(LIVE, mask_numbers=True)
    async with hosted(masked, elicitation_callback=yes) as host:
        sent = await host.call(SEND_SMS, {**SEND, "recipients": ["05321234567", "+905000000112"]})
        host.clock.advance(minutes=1)
        result = await host.client.call_tool(GET_REPORT, {"order_id": sent["order_id"], "show": "all"})
        report = host.check(GET_REPORT, result)
    assert "+905321234567" in seen[0]
    assert report["delivered_numbers"] == ["+90532*****67"]
    assert report["undelivered_numbers"] == ["+90500*****12"]
    assert "+905321234567" not in str(result)
    async with hosted(masked) as host:
        preview = await host.client.call_tool(SEND_SMS, SEND)
    assert "+905321234567" not in str(preview)
    assert "+90532*****67" in str(preview)


@pytest.mark.parametrize("mode", ERAS)
async def test_numbers_within_text_and_label_are_masked_for_the_model_and_sent_whole(mode: Mode) -> None:
    written = {
        "text": "Sipariş 312891248: 0533-000 00\u00a099 arayın, 28.11.2026 12:05.",
        "label": "Ayşe 0(533) 000.00.99",
    }
    async with hosted(replace(LIVE, mask_numbers=True, confirm="code"), mode=mode) as host:
        preview = await host.client.call_tool(SEND_SMS, {**SEND, **written})
        sent = await host.confirm(SEND_SMS, {**SEND, **written, "label": "Ayşe"})
        (request,) = (body for path, body in host.wire.requests if "send-sms" in path)
    assert "Sipariş 312891248: 0533-***" in str(preview)
    assert "28.11.2026 12:05" in str(preview)
    assert not re.search("000.?.?00", str(preview))
    assert sent["outcome"] == "done"
    assert "0533-000 00\u00a099" in json.dumps(request, ensure_ascii=False)


async def test_limits_are_per_account_and_address(tmp_path: Path) -> None:
    from pydantic import SecretStr

    shared = replace(CODE, state_dir=tmp_path, max_recipients=2)
    hands = ManualClock()
    async with hosted(shared, clock=hands) as host:
        assert (await host.confirm(SEND_SMS, SEND))["outcome"] == "done"
    more = {**SEND, "recipients": people(2, 70)}
    async with hosted(shared, clock=hands) as host:
        assert (await host.call(SEND_SMS, more))["outcome"] == "nothing_done"
    for other in (replace(shared, api_key=SecretStr("another-account")), replace(shared, api_url="http://127.0.0.1:9")):
        async with hosted(other, clock=hands) as host:
            assert (await host.call(SEND_SMS, more))["outcome"] == "preview"


def test_by_default_the_days_credits_are_ten_times_the_recipients() -> None:
    told = instructions(Settings(api_key=LIVE.api_key, max_recipients=50))
    assert "500 credits a day" in told


async def test_a_text_with_an_invisible_mark_or_a_blank_more_counts_as_the_same_text() -> None:
    async with hosted(replace(CODE, max_recipients=2)) as host:
        await host.confirm(SEND_SMS, SEND)
        for disguised in (SEND["text"] + "\u200b", SEND["text"].replace(" ", "  "), "\u2060" + SEND["text"] + "\n"):
            answer = await host.call(SEND_SMS, {**SEND, "text": disguised, "recipients": ["+905330000077"]})
            assert answer["outcome"] == "nothing_done"
            assert "ILETIMERKEZI_MAX_RECIPIENTS" in answer["summary"]


def _campaign(count: int) -> PendingChange:
    """Return a change that sends to so many people of a list."""
    numbers = tuple(people(count))
    message = PendingMessage(
        text="Sayın {Ad}",
        recipients=numbers,
        recipients_digest=b"",
        sender="FIRMAADI",
        message_type="transactional",
        iys_list=None,
        send_at=None,
        credits=count,
    )
    campaign = PendingCampaign(
        name="k-1",
        file="liste.csv",
        file_digest=bytes(32),
        template="Sayın {Ad}",
        columns=(0,),
        sheet=None,
        number_column=None,
    )
    words = Text("x", "x")
    return PendingSeries(
        tool="send_list",
        canonical={},
        preview=Preview(words),
        answer_fields={},
        how_to_verify=words,
        run=lambda _: pytest.fail("nothing runs"),
        count=count,
        counted="recipients",
        message=message,
        campaign=campaign,
    )


def test_a_campaign_has_a_limit_of_its_own_and_no_hour() -> None:
    limits = Settings(max_recipients=3, max_list_recipients=5)
    usage = Usage(credits_today=0, day_ends=MONDAY, recipients_in_hour=3)
    assert check_limits(limits, _campaign(5), usage, MONDAY) is None
    reason = check_limits(limits, _campaign(6), usage, MONDAY)
    assert reason is not None
    assert "at most 5 recipients here (ILETIMERKEZI_MAX_LIST_RECIPIENTS); this has 6." in reason.en


def test_people_of_a_list_who_are_not_allowed_are_counted_and_not_named() -> None:
    usage = Usage(credits_today=0, day_ends=MONDAY)
    reason = check_limits(Settings(allowed_recipients=("+90599*",)), _campaign(2), usage, MONDAY)
    assert reason is not None
    assert (
        "2 of 2 recipients not allowed here (ILETIMERKEZI_ALLOWED_RECIPIENTS): their numbers are in the file."
        in reason.en
    )
    assert "+90" not in reason.en + reason.tr


def test_with_a_folder_of_lists_the_credits_of_a_day_follow_the_limit_of_a_campaign(tmp_path: Path) -> None:
    assert Settings().daily_credits == 10_000
    assert Settings(files_dir=tmp_path).daily_credits == 100_000
    assert Settings(files_dir=tmp_path, max_list_recipients=7).daily_credits == 70
