"""`skip_recent`: the recipients who have the text, or may have it, are left out, and the others get it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.calls import SEND_SMS
from tests.calls import SEND_TO_TWO as SEND
from tests.confirmation.scenes import Asked, unknown
from tests.hosting import ERAS, LIVE, Host, Mode, hosted

A, B, C, D = "+905321234567", "+905331112233", "+905341112244", "+905351112255"
REST = {**SEND, "recipients": [A, C, B, D], "skip_recent": True}


def sent_to(host: Host) -> list[list[str]]:
    """Return the recipients of each order that reached the wire."""
    return [
        list(body["order"]["message"]["receipents"]["number"]) for path, body in host.wire.requests if "send" in path
    ]


@pytest.mark.parametrize("mode", ERAS)
async def test_the_others_get_it_under_a_preview_and_a_code_of_their_own(mode: Mode) -> None:
    async with hosted(mode=mode) as host:
        await host.confirm(SEND_SMS, SEND)
        preview = await host.call(SEND_SMS, REST)
        facts = {"outcome": "preview", "recipients": 2, "skipped": 2, "credits": 2, "duplicates": 0}
        assert {name: preview[name] for name in facts} == facts
        assert "send one SMS to 2 recipients" in preview["preview"].splitlines()[0]
        assert "- Left out: 2; they have this text already, or may have it." in preview["preview"].splitlines()
        assert f"- To: {C}, {D}" in preview["preview"].splitlines()
        for other in ({**REST, "skip_recent": False}, {**REST, "recipients": [C]}):
            assert (await host.call(SEND_SMS, other, confirm=preview["confirm"]))["outcome"] in {
                "nothing_done",
                "held_back",
            }
        done = await host.call(SEND_SMS, REST, confirm=preview["confirm"])
    assert (done["outcome"], done["recipients"], done["skipped"]) == ("done", 2, 2)
    assert sent_to(host) == [[A, B], [C, D]]


@pytest.mark.parametrize("mode", ERAS)
async def test_a_person_is_asked_about_the_others(mode: Mode) -> None:
    asked = Asked("accept", {"send": True})
    async with hosted(mode=mode, elicitation_callback=asked) as host:
        await host.call(SEND_SMS, SEND)
        done = await host.call(SEND_SMS, REST)
    assert (done["outcome"], done["skipped"]) == ("done", 2)
    assert "- Left out: 2;" in asked.shown[1].message
    assert sent_to(host) == [[A, B], [C, D]]


@pytest.mark.parametrize("mode", ERAS)
async def test_those_whom_an_unknown_send_holds_are_left_out_too(mode: Mode) -> None:
    async with hosted(mode=mode) as host:
        await unknown(host)
        await host.confirm(SEND_SMS, SEND, recipients=[D])
        host.clock.advance(minutes=5)
        done = await host.confirm(SEND_SMS, REST)
        assert (done["outcome"], done["skipped"]) == ("done", 3)
        host.clock.advance(minutes=6)
        half = await host.call(SEND_SMS, REST)
        assert (half["outcome"], half["skipped"], half["recipients"]) == ("preview", 3, 1)
        host.clock.advance(hours=24)
        preview = await host.call(SEND_SMS, REST)
        assert (preview["outcome"], preview["skipped"]) == ("preview", 0)
        assert "Left out" not in preview["preview"]
        assert preview["preview"].splitlines()[1].startswith("! This may arrive twice")
    assert sent_to(host) == [[A, B], [D], [C]]


@pytest.mark.parametrize("mode", ERAS)
async def test_if_none_is_left_nothing_is_done_and_it_says_so(mode: Mode) -> None:
    async with hosted(mode=mode) as host:
        first = await host.confirm(SEND_SMS, SEND)
        for recipients in ([A, B], [B], [A, "0532 123 45 67"]):
            answer = await host.call(SEND_SMS, SEND, recipients=recipients, skip_recent=True)
            assert (answer["outcome"], answer["order_id"]) == ("held_back", first["order_id"])
            assert "skip_recent" not in answer["next_step"]
            assert "confirm" not in answer
        assert "to all 2 recipients" in (await host.call(SEND_SMS, SEND, skip_recent=True))["summary"]
    assert sent_to(host) == [[A, B]]


async def test_without_an_earlier_send_it_is_an_ordinary_one() -> None:
    async with hosted() as host:
        preview = await host.call(SEND_SMS, SEND, skip_recent=True)
        assert (preview["recipients"], preview["skipped"]) == (2, 0)
        done = await host.call(SEND_SMS, SEND, confirm=preview["confirm"])
        assert done["outcome"] == "done"
        assert "skipped" not in done


async def test_a_code_is_void_once_others_are_held_than_it_showed() -> None:
    async with hosted() as host:
        await host.confirm(SEND_SMS, SEND)
        early = await host.call(SEND_SMS, REST)
        await host.confirm(SEND_SMS, SEND, recipients=[C])
        answer = await host.call(SEND_SMS, REST, confirm=early["confirm"])
        assert (answer["outcome"], answer["recipients"], answer["skipped"]) == ("nothing_done", 1, 3)
        assert "issued for something else" in answer["summary"]
        host.clock.advance(minutes=9, seconds=59)
        late = await host.call(SEND_SMS, REST)
        host.clock.advance(seconds=1)
        answer = await host.call(SEND_SMS, REST, confirm=late["confirm"])
        assert (answer["outcome"], answer["recipients"], answer["skipped"]) == ("nothing_done", 4, 0)
        done = await host.call(SEND_SMS, REST, confirm=answer["confirm"])
    assert done["outcome"] == "done"
    assert sent_to(host) == [[A, B], [C], [A, C, B, D]]


@pytest.mark.parametrize("mode", ERAS)
async def test_a_form_that_was_open_while_others_came_to_be_held_does_not_send_to_them(
    mode: Mode, tmp_path: Path
) -> None:
    settings = replace(LIVE, state_dir=tmp_path)
    async with hosted(settings) as elsewhere:
        asked = Interrupted(elsewhere)
        await elsewhere.confirm(SEND_SMS, SEND)
        async with hosted(
            settings, mode=mode, clock=elsewhere.clock, wire=elsewhere.wire, elicitation_callback=asked
        ) as host:
            answer = await host.call(SEND_SMS, REST)
    assert all(C not in numbers or numbers == [C] for numbers in sent_to(elsewhere))
    assert (answer["outcome"], answer["skipped"], len(asked.shown)) == ("done", 3, 2)
    assert sent_to(elsewhere)[-1] == [D]


class Interrupted(Asked):
    """A person who says yes, and before the first yes somebody else sends the text to C."""

    def __init__(self, elsewhere: Host) -> None:
        super().__init__("accept", {"send": True})
        self._elsewhere = elsewhere

    async def __call__(self, context: Any, params: Any) -> Any:
        answer = await super().__call__(context, params)
        if len(self.shown) == 1:
            await self._elsewhere.confirm(SEND_SMS, SEND, recipients=[C])
        return answer


async def test_the_preview_says_it_in_turkish() -> None:
    async with hosted(replace(LIVE, language="tr")) as host:
        await host.confirm(SEND_SMS, SEND)
        held = await host.call(SEND_SMS, {**REST, "skip_recent": False})
        preview = await host.call(SEND_SMS, REST)
    assert "skip_recent true ile yalnızca bunları çıkarır" in held["next_step"]
    assert (
        "- Çıkarılan alıcı sayısı: 2; bu metin daha önce gitti ya da gitmiş olabilir."
        in preview["preview"].splitlines()
    )


@pytest.mark.parametrize("value", ["yes", "1", 1, 1.0, []])
async def test_it_is_true_or_false_and_nothing_else(value: Any) -> None:
    async with hosted() as host:
        answer = await host.call(SEND_SMS, SEND, skip_recent=value)
    assert answer["outcome"] == "nothing_done"
    assert "skip_recent must be true or false" in answer["summary"]


async def test_a_long_list_without_those_who_have_it() -> None:
    many = [f"+9053{number:08}" for number in range(3_000)]
    async with hosted(replace(LIVE, confirm="code", max_recipients=10_000)) as host:
        await host.confirm(SEND_SMS, SEND, recipients=many[:900])
        preview = await host.call(SEND_SMS, SEND, recipients=many, skip_recent=True)
    assert (preview["recipients"], preview["skipped"]) == (2_100, 900)
    assert "- Left out: 900;" in preview["preview"]
