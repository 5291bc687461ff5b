"""The cards in a real browser: a real server on stdio, behind the bridge that hosts of MCP Apps are built on."""

from __future__ import annotations

from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import anyio
import pytest

from tests.calls import GET_CAMPAIGNS, GET_REPORT, GET_REPORTS, SEND_LIST, SEND_SMS
from tests.e2e.card_host import CardHost, card_host, needs_chromium
from tests.e2e.network import started
from tests.hosting import Mode
from tests.node.tools import needs_node_tools
from tests.transports.served import bearer

pytestmark = [needs_node_tools, needs_chromium]

PEOPLE = [f"+90532000{place:04}" for place in range(30)]
STILL_WAITING = "+905000000110"
SEND = {"recipients": PEOPLE, "text": "Siparişiniz yola çıktı.", "message_type": "transactional"}

VIEWS = [("en", 360, "light"), ("en", 1200, "dark"), ("tr", 360, "dark"), ("tr", 1200, "light")]


async def sent(host: CardHost, arguments: dict[str, Any], tool: str = SEND_SMS) -> dict[str, Any]:
    """Send as a model does that repeats the code; return the answer."""
    preview = await host.call(tool, arguments)
    return await host.call(tool, {**arguments, "confirm": preview["confirm"]})


def check(looked: dict[str, Any], language: str, theme: str) -> None:
    """Check what holds of every card, however it is shown."""
    assert looked["problems"] == []
    assert looked["violations"] == []
    assert not looked["wide"]
    assert not looked["tall"]
    assert looked["language"] == language
    red = int(looked["background"].partition("(")[2].partition(",")[0])
    assert (red < 128) == (theme == "dark")
    # The one request is the host's own, for the card.
    [request] = looked["requests"]
    assert urlsplit(request).path.endswith(".html")


def moved(result: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """Return a report with other figures."""
    return {**result, "structuredContent": {**result["structuredContent"], **fields}}


async def test_the_delivery_card_shows_in_every_view_what_was_delivered(tmp_path: Path) -> None:
    async with card_host(tmp_path) as host:
        for language in ("en", "tr"):
            await host.start("--lang", language)
            order = {"order_id": (await sent(host, SEND))["order_id"]}
            report = await host.do("call", tool=GET_REPORT, input=order)
            figures = {"delivered": 1_480, "undelivered": 2, "waiting": 20, "undelivered_numbers": ["+90532***0001"]}
            for view in VIEWS:
                if view[0] == language:
                    _, width, theme = view
                    options = {"tool": GET_REPORT, "input": order, "width": width, "theme": theme}
                    await host.do("open", **options, result=moved(report, **figures))
                    await host.do("wait", words="+90532***0001")
                    looked = await host.do("look")
                    check(looked, language, theme)
                    count, percent = ("1,480", "98 %") if language == "en" else ("1.480", "%98")
                    assert count in looked["text"]
                    assert percent in looked["bar"]
                    assert looked["news"] == report["structuredContent"]["summary"]
                    assert looked["buttons"] == [["Refresh" if language == "en" else "Yenile", False]]


async def test_the_delivery_card_is_read_again_while_something_waits_and_no_longer(tmp_path: Path) -> None:
    async with card_host(tmp_path) as host:
        await host.start(mode="legacy")
        order = {"order_id": (await sent(host, SEND))["order_id"], "show": "undelivered"}
        first = await host.do("call", tool=GET_REPORT, input=order)
        half = moved(first, delivered=15, undelivered=0, waiting=15)
        whole = moved(first, delivered=28, undelivered=2, waiting=0, status="finished", summary="It is over.")
        await host.do("script", results=[half, {"content": [], "isError": True}, whole])
        await host.do("open", tool=GET_REPORT, input=order, result=first, speed=50)
        assert "it refreshes by itself" in await host.do("wait", words="Delivered: 15")
        assert "Delivered: 15" in await host.do("wait", words="It could not be refreshed: There was no answer.")
        assert "by itself" not in await host.do("wait", words="Delivered: 28")
        looked = await host.do("look")
        assert looked["calls"] == [{"name": GET_REPORT, "arguments": order}] * 3
        assert looked["news"] == "It is over."
        # What nobody waits for is read again only when somebody asks for it: by the keyboard, which stays on the button.
        await host.do("script", results=None)
        await host.do("focus", selector="button")
        await host.do("press", key="Enter")
        await host.do("waitCalls", number=4)
        await host.do("wait", words=first["structuredContent"]["order_id"])
        await host.do("wait", words="It is over.", gone=True)
        assert "Refresh" in (await host.do("look", check=False))["focus"]


async def test_the_delivery_card_slows_down_and_gives_up_after_an_hour(tmp_path: Path) -> None:
    async with card_host(tmp_path) as host:
        await host.start()
        order = {"order_id": (await sent(host, {**SEND, "recipients": [STILL_WAITING]}))["order_id"]}
        await host.do("open", tool=GET_REPORT, input=order, speed=2_000)
        await host.do("wait", words="it no longer refreshes by itself")
        assert 5 <= len((await host.do("look", check=False))["calls"]) <= 35


async def test_the_delivery_card_is_read_again_on_the_screen_of_a_host_that_lets_it_and_follows_its_theme(
    tmp_path: Path,
) -> None:
    async with card_host(tmp_path) as host:
        await host.start()
        order = {"order_id": (await sent(host, {**SEND, "recipients": [STILL_WAITING]}))["order_id"]}
        await host.do("open", tool=GET_REPORT, input=order, speed=100)
        await host.do("waitCalls", number=1)
        await host.do("scroll", away=True)
        await host.do("until", condition="isDue && !isReading")
        calls = (await host.do("look", check=False))["calls"]
        await host.do("scroll", away=False)
        await host.do("waitCalls", number=len(calls) + 1)
        await host.do("tearDown")
        await host.do("open", tool=GET_REPORT, input=order, server=False)
        assert "by itself" not in await host.do("wait", words="As of")
        assert (await host.do("look", check=False))["buttons"] == []
        colours = {"--color-background-primary": "rgb(1, 2, 3)", "--color-text-primary": "#fff", "font": "serif"}
        await host.do("open", tool=GET_REPORT, input=order, theme="dark", variables=colours)
        await host.do("wait", words="As of")
        assert (await host.do("look", check=False))["background"] == "rgb(1, 2, 3)"
        await host.do("context", theme="light", styles={"variables": {"--color-background-primary": "rgb(250, 2, 3)"}})
        await host.do("until", condition="getComputedStyle(document.body).backgroundColor === 'rgb(250, 2, 3)'")
        assert await host.do("until", condition="document.documentElement.style.colorScheme") == "light"


async def test_the_delivery_card_shows_campaigns_and_what_could_not_be_read(tmp_path: Path) -> None:
    lists = anyio.Path(tmp_path / "lists")
    await lists.mkdir()
    rows = ["Ad;Telefon", *(f"Ayşe;0532 000 00 {place:02}" for place in range(5))]
    await (lists / "liste.csv").write_text("\n".join(rows), encoding="utf-8")
    campaign = {"file": "liste.csv", "text": "Sayın {Ad}, siparişiniz hazır.", "message_type": "transactional"}
    async with card_host(tmp_path) as host:
        await host.start("--files-dir", str(lists), "--state-dir", str(tmp_path / "state"))
        name = {"campaign": (await sent(host, campaign, SEND_LIST))["campaign"]}
        await host.do("open", tool=GET_CAMPAIGNS, input=name, width=360)
        told = await host.do("wait", words="As of")
        assert f"Campaign {name['campaign']}" in told
        assert "still sending" in told
        check(await host.do("look"), "en", "light")
        listing = await host.do("call", tool=GET_CAMPAIGNS, input={})
        two = listing["structuredContent"]["campaigns"] * 2
        await host.do("open", tool=GET_CAMPAIGNS, input={}, result=moved(listing, campaigns=two), width=360)
        told = await host.do("wait", words="liste.csv")
        assert "all orders accepted" in told
        assert "by itself" not in told
        check(await host.do("look"), "en", "light")
        await host.do("open", tool=GET_REPORT, input={"order_id": "1"})
        told = await host.do("wait", words="As of")
        assert "This account has no such order" in told
        assert GET_REPORTS not in told, "a person cannot call a tool"
        await host.do("open", tool=GET_REPORT, input={"order_id": "1"}, cancelled=True)
        assert "The call was cancelled." in await host.do("wait", words="cancelled")


LARGE = {
    **SEND,
    "recipients": [f"+90532000{place:04}" for place in range(120)],
    "text": "Mağazamız <b>yarın</b> kapalı.",
}


async def asked(host: CardHost, arguments: dict[str, Any], **view: Any) -> dict[str, Any]:
    """Send as a model does, wait until its card can be answered, and return the answer of the call."""
    result = (await host.do("open", tool=SEND_SMS, input=arguments, **view))["result"]
    await host.do("until", condition="state === 'open' && !card.querySelector('button').disabled")
    answer: dict[str, Any] = result["structuredContent"]
    return answer


async def outcome(host: CardHost, change: str) -> dict[str, Any]:
    """Return what the server says of a change by its number."""
    return await host.call(GET_REPORT, {"order_id": change})


async def test_the_approval_card_shows_what_is_asked_in_every_view(tmp_path: Path) -> None:
    async with card_host(tmp_path) as host:
        for language in ("en", "tr"):
            await host.start("--lang", language)
            for place, (_, width, theme) in enumerate(view for view in VIEWS if view[0] == language):
                arguments = {**LARGE, "text": f"{LARGE['text']} {place}"}
                waiting = await asked(host, arguments, width=width, theme=theme)
                looked = await host.do("look")
                check(looked, language, theme)
                assert waiting["outcome"] == "waiting"
                assert f"Mağazamız <b>yarın</b> kapalı. {place}" in looked["text"]
                assert "Reddet" in looked["text"] or language == "en"
                assert [name for name, is_disabled in looked["buttons"] if not is_disabled] == (
                    ["Approve", "Reject"] if language == "en" else ["Onayla", "Reddet"]
                )
                # A person may be typing elsewhere when it appears.
                assert looked["focus"].startswith("<body")
                await host.do("type", selector="#count", text="120", enter=True)
                told = await host.do("wait", words="312891")
                assert "<b>" not in told
                check(await host.do("look"), language, theme)
                assert (await outcome(host, waiting["change"]))["order_id"] in told


@pytest.mark.parametrize(("mode", "over_http"), [("legacy", False), ("legacy", True), ("auto", True)])
async def test_a_click_on_the_card_approves_once_and_the_model_is_told(
    tmp_path: Path, mode: Mode, over_http: bool
) -> None:
    async with card_host(tmp_path) as host, AsyncExitStack() as stack:
        if over_http:
            at = await stack.enter_async_context(started("streamable-http", "--sandbox"))
            await host.do("connect", address=at.address, headers=bearer(), mode=mode)
        else:
            await host.start(mode=mode)
        waiting = await asked(host, LARGE)
        looked = await host.do("look", check=False)
        assert "120 recipients" in looked["news"]
        assert looked["news"] in looked["text"]
        for wrong in ("", "121"):
            if wrong:
                await host.do("type", selector="#count", text=wrong)
            await host.do("click", selector="button[value=approve]")
            await host.do("wait", words="that was not 120")
            await host.do("until", condition="!card.querySelector('button').disabled")
            looked = await host.do("look")
            assert looked["violations"] == []
            assert 'id="count"' in looked["focus"]
            assert "that was not 120" in looked["news"]
        await host.do("type", selector="#count", text="120")
        await host.do("click", selector="button[value=approve]")
        told = await host.do("wait", words="312891")
        order_id = (await outcome(host, waiting["change"]))["order_id"]
        assert order_id in told
        looked = await host.do("look")
        assert looked["buttons"] == []
        assert looked["focus"].startswith("<h1")
        [context] = looked["context"]
        assert order_id in context["content"][0]["text"]
        assert [call["arguments"]["decision"] for call in looked["calls"]] == ["shown", *["approve"] * 3]
        await host.do("open", again=True)
        await host.do("wait", words=order_id)
        looked = await host.do("look")
        assert (looked["buttons"], looked["violations"], looked["context"]) == ([], [], [])
        assert [call["arguments"]["decision"] for call in looked["calls"]] == ["shown"]


async def test_a_no_and_a_superseded_card_show_that(tmp_path: Path) -> None:
    async with card_host(tmp_path) as host:
        await host.start()
        first = await asked(host, LARGE)
        await host.do("click", selector="button[value=reject]")
        await host.do("wait", words="you did not say yes")
        assert "the answer to the question was no" in (await host.do("look"))["context"][0]["content"][0]["text"]
        assert "Nothing was done" in (await outcome(host, first["change"]))["summary"]
        small = {**SEND, "recipients": PEOPLE[:2]}
        preview = await asked(host, small)
        await host.call(SEND_SMS, {**small, "confirm": preview["confirm"]})
        # What the model has confirmed meanwhile, the card notices by itself.
        await host.do("click", selector="button[value=approve]")
        await host.do("wait", words="The provider accepted it")
        assert (await host.do("look"))["buttons"] == []


async def test_an_open_card_notices_by_itself_what_was_decided_elsewhere_and_keeps_what_is_typed(
    tmp_path: Path,
) -> None:
    async with card_host(tmp_path) as host:
        await host.start()
        small = {**SEND, "recipients": PEOPLE[:2]}
        preview = await asked(host, small, speed=60)
        await host.do("waitCalls", number=3)
        assert (await host.do("look"))["buttons"] == [["Approve", False], ["Reject", False]]
        await host.call(SEND_SMS, {**small, "confirm": preview["confirm"]})
        await host.do("wait", words="The provider accepted it")
        looked = await host.do("look", check=False)
        assert {call["arguments"]["decision"] for call in looked["calls"]} == {"shown"}
        assert looked["context"] == []


async def test_a_lost_answer_is_never_asked_for_twice_and_the_card_only_looks(tmp_path: Path) -> None:
    async with card_host(tmp_path) as host:
        await host.start("--lang", "tr")
        waiting = await asked(host, LARGE)
        await host.do("type", selector="#count", text="120")
        await host.do("breakOff", message="offline")
        await host.do("click", selector="button[value=approve]")
        told = await host.do("wait", words="bilinmiyor")
        assert "Onayla" not in told
        looked = await host.do("look")
        assert (looked["violations"], looked["buttons"]) == ([], [["Yeniden sor", False]])
        await host.do("breakOff", message="")
        await host.do("click", selector="#problem button")
        await host.do("until", condition="state === 'open' && !card.querySelector('button').disabled")
        assert [call["arguments"]["decision"] for call in (await host.do("look"))["calls"]] == [
            "shown",
            "approve",
            "shown",
        ]
        assert (await host.call(SEND_SMS, LARGE))["change"] == waiting["change"]


async def test_what_is_under_way_is_asked_for_until_it_is_decided(tmp_path: Path) -> None:
    async with card_host(tmp_path) as host:
        await host.start()
        waiting = await asked(host, LARGE, speed=50)
        shown = await host.do("call", tool=SEND_SMS, input=LARGE)

        def state(name: str, html: str) -> dict[str, Any]:
            content = {**shown["structuredContent"], "state": name, "summary": html}
            return {
                **shown,
                "structuredContent": content,
                "_meta": {"iletimerkezi.com/card": {"html": f"<h1>{html}</h1>"}},
            }

        nothing = {**shown, "structuredContent": {"outcome": "nothing_done", "summary": "Nothing was done: locked."}}
        nothing["_meta"] = {}
        results = [nothing, state("under_way", "Going."), state("under_way", "Half."), state("decided", "Over.")]
        # A click counts though a look of the card is not answered.
        await host.do("script", results=["never", *results[:1]])
        await host.do("until", condition="host.waiting.size === 1")
        await host.do("click", selector="button[value=approve]")
        await host.do("wait", words="Nothing was done: locked.")
        await host.do("script", results=results[1:])
        await host.do("until", condition="!card.querySelector('button[value=approve]').disabled")
        await host.do("click", selector="button[value=approve]")
        await host.do("wait", words="Over.")
        looked = await host.do("look")
        assert looked["violations"] == []
        assert [call["arguments"]["decision"] for call in looked["calls"]].count("approve") == 2
        assert len(looked["context"]) == 1
        assert (await outcome(host, waiting["change"]))["outcome"] == "ok"


async def test_without_its_script_a_card_decides_nothing_and_is_void(tmp_path: Path) -> None:
    async with card_host(tmp_path) as host:
        await host.start()
        result = (await host.do("open", tool=SEND_SMS, input=LARGE, sandbox=""))["result"]
        assert "runs no scripts" in await host.do("wait", words="the answer is in the chat")
        change = result["structuredContent"]["change"]
        with anyio.fail_after(60):
            while "Nothing was done" not in (told := await outcome(host, change))["summary"]:
                """Each call takes a moment of the ten seconds."""
        assert "card" in told["summary"]
        await host.do("open", again=True)
        await host.do("wait", words="card")
        assert (await host.do("look"))["buttons"] == []


async def test_a_card_whose_host_lets_it_call_nothing_shows_the_answer_alone(tmp_path: Path) -> None:
    async with card_host(tmp_path) as host:
        await host.start()
        await host.do("open", tool=SEND_SMS, input=LARGE, server=False)
        told = await host.do("wait", words="Mağazamız")
        looked = await host.do("look")
        check(looked, "en", "light")
        assert (looked["buttons"], looked["calls"]) == ([], [])
        assert "120 recipients" in told
        await host.do("open", tool=SEND_SMS, input={**LARGE, "dry_run": True}, width=360)
        told = await host.do("wait", words="Mağazamız <b>yarın</b> kapalı.")
        assert "end your turn" not in told
        check(await host.do("look"), "en", "light")
        await host.do("open", tool=SEND_SMS, input={**LARGE, "send_at": "yesterday"})
        assert "send_at" in await host.do("wait", words="Nothing was done")
        await host.do("open", tool=SEND_SMS, input=LARGE, cancelled=True)
        await host.do("wait", words="cancelled")
