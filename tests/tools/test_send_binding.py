"""A code confirms the preview that was shown: it is void if the same call would be shown differently by now."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from iletimerkezi_mcp.sms.alphabet import CharacterMode
from iletimerkezi_mcp.sms.clock import ISTANBUL
from tests.calls import IYS_REGISTER, SEND_SMS
from tests.calls import SEND_TO_TWO as SEND
from tests.confirmation.scenes import Asked
from tests.hosting import ERAS, LIVE, ManualClock, Mode, hosted

from .examples import EXAMPLES

CAMPAIGN = {**SEND, "text": "Sezon indirimi. RET yazıp 3300'e.", "message_type": "commercial", "iys_list": "BIREYSEL"}
NIGHT = "at night (21:00 to 09:00)"


def evening() -> ManualClock:
    return ManualClock(datetime(2026, 11, 23, 20, 59, tzinfo=ISTANBUL))


@pytest.mark.parametrize("mode", ERAS)
async def test_a_campaign_previewed_before_the_night_is_previewed_again_in_it(mode: Mode) -> None:
    async with hosted(mode=mode, clock=evening()) as host:
        preview = await host.call(SEND_SMS, CAMPAIGN)
        assert NIGHT not in str(preview)
        host.clock.advance(minutes=2)
        answer = await host.call(SEND_SMS, CAMPAIGN, confirm=preview["confirm"])
        assert (answer["outcome"], host.wire.requests) == ("nothing_done", [])
        assert "issued for something else" in answer["summary"]
        assert NIGHT in answer["warnings"][0]
        host.clock.advance(minutes=9)
        done = await host.call(SEND_SMS, CAMPAIGN, confirm=answer["confirm"])
    assert done["outcome"] == "done"


@pytest.mark.parametrize("arguments", [SEND, {**CAMPAIGN, "send_at": "2026-11-24T10:00"}])
async def test_what_goes_out_by_day_or_informs_keeps_its_code_into_the_night(arguments: dict[str, Any]) -> None:
    async with hosted(clock=evening()) as host:
        preview = await host.call(SEND_SMS, arguments)
        host.clock.advance(minutes=2)
        assert (await host.call(SEND_SMS, arguments, confirm=preview["confirm"]))["outcome"] == "done"


@pytest.mark.parametrize("language", ["en", "tr"])
@pytest.mark.parametrize("mode", ERAS)
async def test_a_form_answered_in_the_night_does_not_stand_for_the_warning(mode: Mode, language: Any) -> None:
    clock = evening()
    asked = Asked("accept", {"send": True})

    async def slow(context: Any, params: Any) -> Any:
        clock.advance(minutes=2)
        return await asked(context, params)

    async with hosted(replace(LIVE, language=language), mode=mode, clock=clock, elicitation_callback=slow) as host:
        answer = await host.call(SEND_SMS, CAMPAIGN)
    assert (answer["outcome"], len(asked.shown)) == ("done", 2)
    night = NIGHT if language == "en" else "gece (21:00-09:00)"
    assert [night in form.message for form in asked.shown] == [False, True]


@pytest.mark.parametrize("mode", ERAS)
async def test_a_code_is_bound_to_the_character_mode(mode: Mode, tmp_path: Path) -> None:
    settings = replace(LIVE, state_dir=tmp_path)
    async with hosted(settings, mode=mode) as first:
        preview = await first.call(SEND_SMS, SEND)
        english = replace(settings, character_mode=CharacterMode.ENGLISH)
        async with hosted(english, mode=mode, clock=first.clock, wire=first.wire) as second:
            answer = await second.call(SEND_SMS, SEND, confirm=preview["confirm"])
            assert answer["outcome"] == "nothing_done"
            assert "issued for something else" in answer["summary"]
            assert (preview["alphabet"], answer["alphabet"]) == ("Turkish", "GSM-7")
            assert first.wire.requests == []
        assert (await first.call(SEND_SMS, SEND, confirm=preview["confirm"]))["outcome"] == "done"


AGING = {
    **EXAMPLES[IYS_REGISTER],
    "consents": [{**EXAMPLES[IYS_REGISTER]["consents"][0], "consent_date": "2026-11-18T10:30:00"}],
}
OLD = "Records older than three working days: 1."


@pytest.mark.parametrize("mode", ERAS)
async def test_a_declaration_that_grows_too_old_at_midnight_is_previewed_again(mode: Mode) -> None:
    async with hosted(mode=mode, clock=ManualClock(datetime(2026, 11, 23, 23, 59, tzinfo=ISTANBUL))) as host:
        preview = await host.call(IYS_REGISTER, AGING)
        assert OLD not in str(preview)
        host.clock.advance(minutes=2)
        answer = await host.call(IYS_REGISTER, AGING, confirm=preview["confirm"])
        assert (answer["outcome"], host.wire.requests) == ("nothing_done", [])
        assert any(warning.startswith(OLD) for warning in answer["warnings"])
        host.wire.broken = lambda _: httpx.Response(200, json={"response": {"status": {"code": 200}}})
        done = await host.call(IYS_REGISTER, AGING, confirm=answer["confirm"])
        assert done["outcome"] == "done"
        again = await host.call(IYS_REGISTER, AGING)
        assert again["warnings"][0].startswith("The same was declared at 00:01 on Tuesday 2026-11-24")


async def test_a_form_on_a_declaration_that_grows_too_old_meanwhile_is_asked_anew() -> None:
    clock = ManualClock(datetime(2026, 11, 23, 23, 59, tzinfo=ISTANBUL))
    asked = Asked("accept", {"send": True})

    async def slow(context: Any, params: Any) -> Any:
        if asked.shown:
            return await Asked("decline")(context, params)
        clock.advance(minutes=2)
        return await asked(context, params)

    async with hosted(mode="legacy", clock=clock, elicitation_callback=slow) as host:
        answer = await host.call(IYS_REGISTER, AGING)
    assert (answer["outcome"], host.wire.requests) == ("declined", [])
