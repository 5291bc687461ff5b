"""Campaigns from a list, through a real client in both protocol versions."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest

from iletimerkezi_mcp.tools import campaign_run
from tests.calls import GET_REPORT, GET_REPORTS, SEND_LIST, SEND_SMS
from tests.confirmation.scenes import Person
from tests.hosting import ERAS, LIVE, Mode, hosted, text_of
from tests.lists.workbooks import xlsx
from tests.tools.list_sends import (
    CAMPAIGN,
    NAMES,
    TEXT,
    Failing,
    name,
    number,
    orders,
    refused,
    texts,
    with_lists,
    write_list,
)

COMMERCIAL = {
    **CAMPAIGN,
    "text": "Sayın {Ad Soyad}, kış indirimi başladı. Ret için RET yazıp 3300'e gönderin.",
    "message_type": "commercial",
    "iys_list": "BIREYSEL",
}


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(campaign_run, "CHECK_PAUSE", 0)


@pytest.mark.parametrize("mode", ERAS)
async def test_a_preview_says_all_and_sends_nothing(tmp_path: Path, mode: Mode) -> None:
    write_list(tmp_path, 25, extra="Boş;;\n;05329999999;1\nKısa;0532;2\nTekrar;05321000001;3\n")
    async with with_lists(tmp_path, mode) as host:
        preview = await host.call(SEND_LIST, CAMPAIGN)
        assert host.wire.paths() == ["get-balance"]
    facts = {
        "outcome": "preview",
        "recipients": 25,
        "left_out": 4,
        "sender": "FIRMAADI",
        "message_type": "transactional",
        "send_at": "now",
        "credits": 25,
    }
    assert {key: preview[key] for key in facts} == facts
    assert "warnings" not in preview
    lines = preview["preview"].splitlines()
    assert lines[0] == (
        "LIVE, key …7f3a: of the 29 rows in the list “musteriler.csv”, send 25 recipients their own SMS and leave out 4: "
        "transactional, now (10:00 on Monday 2026-11-23), in 2 orders, at most 25 credits."
    )
    assert lines[1].startswith("- Left out, no usable number: 1 (row 29: is too short")
    assert lines[2:11] == [
        "- Left out, the number came before: 1 (row 30)",
        "- Left out, no number: 1 (row 27)",
        "- Left out, an empty field: 1 (row 28)",
        lines[5],
        "- Numbers: column “GSM” (B)",
        "- Sender: FIRMAADI",
        "- Length: 1 part for 25 recipients",
        "- Orders: 2, one after the other; if one is not accepted, those after it do not go",
        (
            "- Different texts in one order have not been tried on this account: they go to 20 recipients first, and to the rest "
            "if the provider has counted those rightly"
        ),
    ]
    assert lines[5].startswith("- List: “musteriler.csv”, changed ")
    assert "Balance: 100,000 credits (read just now); this needs at most 25" in lines[12]
    assert lines[-2:] == ["The text:", f"| {TEXT}"]


@pytest.mark.parametrize("mode", ERAS)
async def test_a_code_sends_each_person_their_own_text(tmp_path: Path, mode: Mode) -> None:
    write_list(tmp_path, 25)
    async with with_lists(tmp_path, mode) as host:
        done = await host.confirm(SEND_LIST, CAMPAIGN)
        assert host.wire.paths() == ["get-balance", "send-sms", "get-reports", "send-sms"]
        again = await host.call(SEND_LIST, {**CAMPAIGN, "text": "Sayın {Ad Soyad}, siparişiniz hazır."})
    assert done["outcome"] == "done"
    assert [(order["recipients"], order["outcome"]) for order in done["orders"]] == [(20, "done"), (5, "done")]
    assert done["campaign"].startswith("k-")
    numbers = ", ".join(order["order_id"] for order in done["orders"])
    assert f"Campaign {done['campaign']}: 2 orders accepted ({numbers}), 25 recipients" in done["summary"]
    assert texts(host) == [(number(place), f"Sayın {name(place)}, siparişiniz yola çıktı.") for place in range(25)]
    # Several texts in one order are proven by now.
    assert "in 1 order," in again["preview"]
    assert "have not been tried" not in again["preview"]


@pytest.mark.parametrize("mode", ERAS)
async def test_a_person_is_shown_filled_texts_and_no_model_ever_is(tmp_path: Path, mode: Mode) -> None:
    write_list(tmp_path, 30, extra=f"{'Uzun ' * 50};05321000099;1\nDışarıdan;+4915112345678;1\n")
    person = Person()
    shown: list[str] = []

    async def ask(context: Any, params: Any) -> Any:
        shown.append(params.message)
        return await person(context, params)

    async with with_lists(tmp_path, mode, elicitation_callback=ask) as host:
        result = await host.client.call_tool(SEND_LIST, CAMPAIGN)
    assert host.check(SEND_LIST, result)["outcome"] == "done"
    (form,) = shown
    assert "First text (row 2, +905321000000): " in form
    assert f"| Sayın {name(0)}, siparişiniz yola çıktı." in form
    assert f"| Sayın {('Uzun ' * 50).strip()}, siparişiniz" in form
    assert "Length: 1 part for 30 recipients, 2 parts for 1 recipient" in form
    assert "Longest text (row 32, +905321000099): " in form
    assert len(texts(host)) == 31
    # What speaks to a model or an operator is not for whoever decides.
    assert "Left out, no usable number: 1 (row 33: is a number of another country)" in form
    assert "ILETIMERKEZI" not in form
    assert "test true" not in form
    _assert_no_cell(text_of(result), json.dumps(result.structured_content, ensure_ascii=False))


def _assert_no_cell(*read: str) -> None:
    for text in read:
        for cell in (*NAMES, "Uzun Uzun", "+90532", "0532", "05321", "12,50"):
            assert cell not in text, text


async def test_the_operator_may_let_a_model_see_filled_texts(tmp_path: Path) -> None:
    write_list(tmp_path, 1)
    async with with_lists(tmp_path, settings=replace(LIVE, show_cells=True)) as host:
        preview = await host.call(SEND_LIST, CAMPAIGN)
        done = await host.call(SEND_LIST, CAMPAIGN, confirm=preview["confirm"])
    assert f"| Sayın {name(0)}, siparişiniz yola çıktı." in preview["preview"]
    # After the yes it is not shown once more.
    assert name(0) not in done["preview"]


async def test_one_text_for_all_is_one_order_without_care(tmp_path: Path) -> None:
    write_list(tmp_path, 30)
    async with with_lists(tmp_path) as host:
        done = await host.confirm(SEND_LIST, {**CAMPAIGN, "text": "Bugün kapalıyız."}, label=" Kapalı “gün” ")
        held = await host.call(SEND_SMS, recipients=[number(3)], text="Bugün kapalıyız.", message_type="transactional")
    assert host.wire.paths() == ["get-balance", "send-sms"]
    ((message,),) = [order["message"] for order in orders(host)]
    assert message == {"text": "Bugün kapalıyız.", "receipents": {"number": [number(place) for place in range(30)]}}
    assert (done["credits"], done["label"]) == (30, 'Kapalı "gün"')
    assert "send 30 recipients of the list “musteriler.csv” one SMS" in done["preview"]
    # What a list has reached holds a single send back, too.
    assert held["outcome"] == "held_back"


async def test_the_texts_of_an_order_are_bounded_and_equal_ones_are_one_message(tmp_path: Path) -> None:
    path = tmp_path / "l.csv"
    cities = ["Ankara", "Bursa", "Ankara", "Ankara", "Çorum", "Bursa"]
    rows = [f"{city};{number(place)}" for place, city in enumerate(cities)]
    path.write_text("İl;GSM\n" + "\n".join(rows), encoding="utf-8")
    campaign = {"file": "l.csv", "text": "{il} mağazamız açık.", "message_type": "transactional"}
    async with with_lists(tmp_path, settings=replace(LIVE, texts_per_order=2)) as host:
        done = await host.confirm(SEND_LIST, campaign)
    assert [order["recipients"] for order in done["orders"]] == [4, 2]
    first, second = orders(host)
    assert [(message["text"], len(message["receipents"]["number"])) for message in first["message"]] == [
        ("Ankara mağazamız açık.", 3),
        ("Bursa mağazamız açık.", 1),
    ]
    assert [message["text"] for message in second["message"]] == ["Çorum mağazamız açık.", "Bursa mağazamız açık."]


@pytest.mark.parametrize("mode", ERAS)
async def test_a_wrong_total_of_the_first_order_stops_the_rest(tmp_path: Path, mode: Mode) -> None:
    write_list(
        tmp_path, 3, extra="Fatma;+905000000920;1\n" + "".join(f"{name(p)};{number(p)};1\n" for p in range(4, 40))
    )
    async with with_lists(tmp_path, mode) as host:
        stopped = await host.confirm(SEND_LIST, CAMPAIGN)
        again = await host.call(SEND_LIST, CAMPAIGN)
    assert stopped["outcome"] == "stopped"
    assert "the first of several texts, shows 1 recipient where it has 20 recipients:" in stopped["summary"]
    assert [order["outcome"] for order in stopped["orders"]] == ["done"]
    assert len(orders(host)) == 1
    assert again["outcome"] == "nothing_done"
    assert (
        f"this text and list have an unfinished campaign: {stopped['campaign']}; left: 20 recipients"
        in again["summary"]
    )


ALIKE = (
    "Sayın {AD SOYAD}, siparişiniz yola çıktı.",
    "Sayın { ad-soyad }, siparişiniz yola çıktı.",
    "Sayın {Ad Soyad},  siparişiniz\u200b yola çıktı.",
)
"""Texts that are filled in as :data:`TEXT` is, but for what nobody sees."""


@pytest.mark.parametrize("text", ALIKE)
async def test_another_spelling_of_a_field_makes_no_other_campaign(tmp_path: Path, text: str) -> None:
    write_list(tmp_path, 35)
    async with with_lists(tmp_path, settings=replace(LIVE, texts_per_order=10)) as host:
        host.wire.broken = failing = Failing(2, refused(402))
        stopped = await host.confirm(SEND_LIST, CAMPAIGN)
        host.wire.broken = None
        host.clock.advance(minutes=30)
        anew = await host.call(SEND_LIST, CAMPAIGN, text=text)
        rest = await host.confirm(SEND_LIST, CAMPAIGN, text=text, campaign=stopped["campaign"])
    assert (stopped["outcome"], anew["outcome"], rest["outcome"]) == ("stopped", "nothing_done", "done")
    assert f"unfinished campaign: {stopped['campaign']}; left: 15 recipients" in anew["summary"]
    assert [recipient for recipient, _ in failing.handed_over(host)] == [number(place) for place in range(35)]


@pytest.mark.parametrize("text", ALIKE)
async def test_a_template_is_held_back_however_its_fields_are_written(tmp_path: Path, text: str) -> None:
    write_list(tmp_path, 5)
    write_list(tmp_path, 5, file="kopya.csv", extra="Yeni Kişi;05329999999;1\n")
    async with with_lists(tmp_path) as host:
        host.wire.broken = Failing(0, lambda _: httpx.Response(504))
        unknown = await host.confirm(SEND_LIST, CAMPAIGN)
        host.wire.broken = None
        host.clock.advance(hours=23)
        held = await host.call(SEND_LIST, CAMPAIGN, text=text)
        copied = await host.call(SEND_LIST, CAMPAIGN, text=text, file="kopya.csv")
    assert (unknown["outcome"], held["outcome"]) == ("unknown", "held_back")
    assert (copied["outcome"], copied["recipients"]) == ("preview", 1)


async def test_people_whom_the_provider_leaves_out_of_the_first_order_stop_nothing(tmp_path: Path) -> None:
    write_list(
        tmp_path, 3, extra="Fatma;+905000000452;1\n" + "".join(f"{name(p)};{number(p)};1\n" for p in range(4, 40))
    )
    async with with_lists(tmp_path) as host:
        sent = await host.confirm(SEND_LIST, CAMPAIGN)
        rows = (await host.call(GET_REPORT, order_id=sent["orders"][0]["order_id"]))["total"]
    assert (sent["outcome"], [order["recipients"] for order in sent["orders"]]) == ("done", [20, 20])
    assert rows == 19


async def test_a_first_order_with_too_few_recipients_and_no_report_stops_the_rest(tmp_path: Path) -> None:
    write_list(
        tmp_path, 3, extra="Fatma;+905000000452;1\n" + "".join(f"{name(p)};{number(p)};1\n" for p in range(4, 40))
    )
    async with with_lists(tmp_path) as host:
        stopped = await host.confirm(SEND_LIST, {**CAMPAIGN, "send_at": "2026-11-24T10:00"})
    assert stopped["outcome"] == "stopped"
    assert "shows 19 recipients where it has 20 recipients:" in stopped["summary"]


async def test_a_first_order_that_no_list_shows_stops_the_rest(tmp_path: Path) -> None:
    write_list(tmp_path, 30)

    def hides(request: httpx.Request) -> httpx.Response | None:
        if "get-reports" not in request.url.path:
            return None
        return httpx.Response(200, json={"response": {"status": {"code": 200}, "count": 0, "orders": []}})

    async with with_lists(tmp_path) as host:
        preview = await host.call(SEND_LIST, CAMPAIGN)
        host.wire.broken = hides
        stopped = await host.call(SEND_LIST, CAMPAIGN, confirm=preview["confirm"])
        assert host.wire.paths().count("get-reports") == campaign_run.CHECKS
        host.wire.broken = None
        rest = await host.confirm(SEND_LIST, CAMPAIGN, campaign=stopped["campaign"])
    assert stopped["outcome"] == "stopped"
    assert f"{GET_REPORTS} does not show order" in stopped["summary"]
    assert (rest["outcome"], rest["recipients"]) == ("done", 10)
    assert sorted(texts(host)) == sorted(
        (number(place), f"Sayın {name(place)}, siparişiniz yola çıktı.") for place in range(30)
    )


async def test_how_amounts_are_written_is_said_if_the_text_uses_one_of_a_workbook(tmp_path: Path) -> None:
    (tmp_path / "liste.xlsx").write_bytes(xlsx(["Ad", "GSM", "İndirim"], ["Ayşe", "05321234567", 0.2]))
    async with with_lists(tmp_path) as host:
        said = []
        for field in ("{İndirim}", "{Ad}"):
            call = {**CAMPAIGN, "file": "liste.xlsx", "text": f"Sayın {field}"}
            said.append("20% as 0,20" in (await host.call(SEND_LIST, call))["preview"])
    assert said == [True, False]


async def test_everybody_who_has_the_text_is_left_out_and_if_that_is_everybody_it_is_held_back(tmp_path: Path) -> None:
    write_list(tmp_path, 5)
    path = write_list(tmp_path, 7, file="yeni.csv")
    async with with_lists(tmp_path) as host:
        first = await host.confirm(SEND_LIST, CAMPAIGN)
        held = await host.call(SEND_LIST, CAMPAIGN)
        others = await host.call(SEND_LIST, {**CAMPAIGN, "file": path.name})
        done = await host.call(SEND_LIST, {**CAMPAIGN, "file": path.name}, confirm=others["confirm"])
    assert held["outcome"] == "held_back"
    assert held["order_id"] == first["orders"][0]["order_id"]
    assert held["next_step"].startswith("Tell the user. After that time the same call sends it to them.")
    _assert_no_cell(json.dumps(held, ensure_ascii=False))
    assert "Left out, they have this text already, or may have it: 5 (rows 2, 3, 4, 5, 6)" in others["preview"]
    assert (others["recipients"], others["left_out"], done["outcome"]) == (2, 5, "done")
    assert len(texts(host)) == 7


async def test_nobody_of_the_do_not_contact_file_is_reached(tmp_path: Path) -> None:
    write_list(tmp_path, 5)
    barred = tmp_path / "ret.csv"
    barred.write_text(f"{number(1)}\n{number(3)}\n", encoding="utf-8")
    async with with_lists(tmp_path, settings=replace(LIVE, do_not_contact=barred)) as host:
        done = await host.confirm(SEND_LIST, CAMPAIGN)
        barred.write_text("Ayşe\n", encoding="utf-8")
        unreadable = await host.call(SEND_LIST, {**CAMPAIGN, "text": "{Ad Soyad}, iyi günler."})
    assert "Left out, in the do-not-contact file: 2 (rows 3, 5)" in done["preview"]
    assert [recipient for recipient, _ in texts(host)] == [number(0), number(2), number(4)]
    assert unreadable["outcome"] == "nothing_done"
    assert "ILETIMERKEZI_DO_NOT_CONTACT" in unreadable["summary"]
    assert unreadable["next_step"] == "Tell the user. The operator has to mend the file."


@pytest.mark.parametrize("mode", ERAS)
async def test_a_test_goes_to_the_operators_own_number_only_and_outside_holds(tmp_path: Path, mode: Mode) -> None:
    write_list(tmp_path, 5, extra=f"{'Uzun ' * 50};05321000099;1\n")
    own = replace(LIVE, test_number="+905399999999")
    async with with_lists(tmp_path, mode, settings=own) as host:
        preview = await host.call(SEND_LIST, CAMPAIGN, test=True, send_at="2026-11-24T10:00")
        assert host.wire.requests == []
        done = await host.call(SEND_LIST, CAMPAIGN, test=True, send_at="2026-11-24T10:00", confirm=preview["confirm"])
        # The provider itself takes no equal order within ten minutes.
        host.clock.advance(minutes=11)
        again = await host.confirm(SEND_LIST, CAMPAIGN, test=True)
        host.wire.broken = lambda request: refused(402)(request) if "send-sms" in request.url.path else None
        stopped = await host.confirm(SEND_LIST, CAMPAIGN, test=True)
        host.wire.broken = None
        campaign = await host.confirm(SEND_LIST, CAMPAIGN)
    assert preview["preview"].startswith(
        "LIVE, key …7f3a: send 2 texts of a test to your own number +905399999999, filled in from the list “musteriler.csv”, "
        "transactional, now, at most 3 credits."
    )
    assert (done["outcome"], again["outcome"], campaign["outcome"]) == ("done", "done", "done")
    assert [order["outcome"] for order in done["orders"]] == ["done", "done"]
    assert "campaign" not in done
    assert "The test is accepted: 2 texts to your own number." in done["summary"]
    first = ("+905399999999", f"Sayın {name(0)}, siparişiniz yola çıktı.")
    longest = ("+905399999999", f"Sayın {('Uzun ' * 50).strip()}, siparişiniz yola çıktı.")
    assert texts(host)[:4] == [first, longest] * 2
    assert (stopped["outcome"], [order["outcome"] for order in stopped["orders"]]) == ("stopped", ["refused"])
    assert "The test has stopped." in stopped["summary"]


@pytest.mark.parametrize("mode", ERAS)
async def test_the_texts_of_a_test_count_within_the_hour(tmp_path: Path, mode: Mode) -> None:
    write_list(tmp_path, 5, extra=f"{'Uzun ' * 50};05321000099;1\n")
    own = replace(LIVE, test_number="+905399999999", max_recipients=3)
    async with with_lists(tmp_path, mode, settings=own) as host:
        done = await host.confirm(SEND_LIST, CAMPAIGN, test=True)
        more = await host.call(SEND_LIST, CAMPAIGN, text="{Ad Soyad}, bu başka", test=True)
        single = {"recipients": ["05321000001", "05321000002"], "text": "Üç.", "message_type": "transactional"}
        refused_too = await host.call(SEND_SMS, single)
        campaign = await host.confirm(SEND_LIST, CAMPAIGN)
        # What never left counts no more than elsewhere.
        host.clock.advance(minutes=61)
        host.wire.broken = lambda request: refused(402)(request) if "send-sms" in request.url.path else None
        stopped = await host.confirm(SEND_LIST, CAMPAIGN, text="{Ad Soyad}, bu başka", test=True)
        host.wire.broken = None
        again = await host.confirm(SEND_SMS, {**single, "recipients": [*single["recipients"], "05321000003"]})
    assert [answer["outcome"] for answer in (done, campaign, stopped, again)] == ["done", "done", "stopped", "done"]
    for answer in (more, refused_too):
        assert answer["outcome"] == "nothing_done"
        assert "At most 3 recipients may be sent to within an hour" in answer["summary"]
        assert "this has 2, and 2 were confirmed in the last hour" in answer["summary"]


@pytest.mark.parametrize("mode", ERAS)
async def test_tests_that_are_begun_together_stay_within_the_credits_of_the_day(tmp_path: Path, mode: Mode) -> None:
    write_list(tmp_path, 5, extra=f"{'Uzun ' * 50};05321000099;1\n")
    own = replace(LIVE, test_number="+905399999999", max_credits_per_day=6)
    first, answers = anyio.Event(), list[dict[str, Any]]()
    async with with_lists(tmp_path, mode, settings=own) as host:
        host.wire.waiting["/v1/send-sms/json"] = first
        calls = [{**CAMPAIGN, "text": f"Sayın {{Ad Soyad}}, {place}", "test": True} for place in range(4)]
        codes = [(await host.call(SEND_LIST, call))["confirm"] for call in calls]

        async def confirm(place: int) -> None:
            answers.append(await host.call(SEND_LIST, calls[place], confirm=codes[place]))
            if len(answers) == 2:
                first.set()

        with anyio.fail_after(60):
            async with anyio.create_task_group() as tasks:
                for place in range(4):
                    tasks.start_soon(confirm, place)
    assert [answer["outcome"] for answer in answers] == ["nothing_done"] * 2 + ["done"] * 2
    assert "6 are used today and this needs up to 3" in answers[0]["summary"]
    assert len(orders(host)) == 4


async def test_a_test_is_warned_of_as_its_campaign_is(tmp_path: Path) -> None:
    write_list(tmp_path, 2)
    promotion = {**CAMPAIGN, "text": "Sayın {Ad Soyad}, bugün her şeyde %50İNDİRİM."}
    async with with_lists(tmp_path, settings=replace(LIVE, test_number="+905399999999")) as host:
        campaign = await host.call(SEND_LIST, promotion)
        tested = await host.call(SEND_LIST, promotion, test=True)
    assert "“İNDİRİM”" in tested["warnings"][0]
    assert tested["warnings"] == campaign["warnings"]


async def test_without_a_number_or_a_text_there_is_no_test(tmp_path: Path) -> None:
    write_list(tmp_path, 0, extra=";05321000001;1\n")
    async with with_lists(tmp_path) as host:
        no_number = await host.call(SEND_LIST, CAMPAIGN, test=True)
    async with with_lists(tmp_path, settings=replace(LIVE, test_number="+905399999999")) as host:
        nobody = await host.call(SEND_LIST, CAMPAIGN, test=True)
        nobody_either = await host.call(SEND_LIST, CAMPAIGN)
    assert "ILETIMERKEZI_TEST_NUMBER" in no_number["summary"]
    assert f"{SEND_SMS} can send one text as a test, with sample values" in no_number["next_step"]
    for answer in (nobody, nobody_either):
        assert answer["outcome"] == "nothing_done"
        assert "nobody in the list can be sent to" in answer["summary"]
        assert "Left out, an empty field: 1 (row 3)" in answer["summary"]


@pytest.mark.parametrize("mode", ERAS)
async def test_a_commercial_campaign_ends_with_what_refusals_need(tmp_path: Path, mode: Mode) -> None:
    write_list(tmp_path, 2)
    async with with_lists(tmp_path, mode) as host:
        done = await host.confirm(SEND_LIST, COMMERCIAL)
        missing = await host.call(SEND_LIST, {**COMMERCIAL, "iys_list": None})
        transactional = await host.call(SEND_LIST, {**CAMPAIGN, "text": "{Ad Soyad}, %20 indirim!"})
    assert done["outcome"] == "done"
    assert "commercial BIREYSEL" in done["preview"]
    assert "panel only, and are due in İYS within three business days" in done["next_step"]
    assert orders(host)[0]["iysList"] == "BIREYSEL"
    assert "iys_list" in missing["summary"]
    assert missing["next_step"].endswith("Do not send this as transactional.")
    assert "it contains promotion: “%20”, “indirim”" in transactional["warnings"][0]


@pytest.mark.parametrize(
    ("cells", "text", "message_type", "warned"),
    [
        ("Büyük kampanya", TEXT, "transactional", "filled in, the text contains promotion, in 1 of the rows (row 2)"),
        ("{ad}", TEXT, "transactional", "what looks like a placeholder, in 1 of the rows (row 2)"),
        (
            "Ay\\u015fe",
            TEXT,
            "transactional",
            "contains damaged letters, or codes in place of characters, in 1 of the rows",
        ),
        ("#YOK", TEXT, "transactional", "contains an error of the spreadsheet, in 1 of the rows (row 2)"),
        ("Firma B186", "{Ad Soyad}", "transactional", "contains B186, in 1 of the rows (row 2)"),
        ("50", "Sepette %{Ad Soyad} indirim", "transactional", "it contains promotion: “Sepette”, “indirim”"),
        (
            "ücretsiz",
            "{Ad Soyad} kargo",
            "transactional",
            "filled in, the text contains promotion, for example in row 2",
        ),
        ("🎉", "{Ad Soyad}", "transactional", "nothing of the text would be left for 1 (row 2)"),
        ("ş" * 500, "{Ad Soyad}🎉", "transactional", "For 1 (row 2) the text is too long in one of the modes"),
        ("Ayşe", "{Ad Soyad}, indirim!", "commercial", "does not say how to refuse"),
        ("Ayşe", "{Ad Soyad} [İSİM]", "transactional", "Placeholder not filled in: “[İSİM]”"),
        ("Ayşe", "{Ad Soyad} SipariÅŸ", "transactional", "wrong encoding: “SipariÅŸ”"),
    ],
)
async def test_every_warning_of_a_single_send_is_judged_on_what_is_filled_in_too(
    tmp_path: Path, cells: str, text: str, message_type: str, warned: str
) -> None:
    (tmp_path / "l.csv").write_text(f"Ad Soyad;GSM\n{cells};05321000001\n", encoding="utf-8")
    campaign = {"file": "l.csv", "text": text, "message_type": message_type}
    if message_type == "commercial":
        campaign["iys_list"] = "TACIR"
    async with with_lists(tmp_path) as host:
        preview = await host.call(SEND_LIST, campaign)
    assert any(warned in warning for warning in preview["warnings"]), preview
    if len(cells) > 3:
        assert cells not in json.dumps(preview, ensure_ascii=False)


async def test_a_way_to_refuse_may_be_in_a_column(tmp_path: Path) -> None:
    (tmp_path / "l.csv").write_text("Link;GSM\nRet için https://x.tr/1;05321000001\n", encoding="utf-8")
    campaign = {"file": "l.csv", "text": "İndirim! {Link}", "message_type": "commercial", "iys_list": "TACIR"}
    async with with_lists(tmp_path) as host:
        assert "warnings" not in await host.call(SEND_LIST, campaign)


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"file": "yok.csv"}, "There is no file “yok.csv”"),
        ({"file": "../musteriler.csv"}, "is not the name of a file"),
        ({"text": "Sayın {Soyad}"}, "text has fields that no column of the list has: “{Soyad}”"),
        ({"text": "Sayın [Ad Soyad]"}, "text names columns in a form that is not filled in: “[Ad Soyad]”"),
        ({"text": " \n"}, "text must not be blank"),
        ({"sender": "ÇOKUZUN"}, "sender"),
        ({"send_at": "2026-11-23T09:00"}, "send_at"),
        ({"number_column": "Yok"}, "The list has no column “Yok”"),
        ({"recipients": ["+905321234567"]}, "recipients"),
    ],
)
async def test_what_cannot_be_sent_is_refused_by_name_before_any_request(
    tmp_path: Path, arguments: dict[str, Any], named: str
) -> None:
    write_list(tmp_path, 3)
    async with with_lists(tmp_path) as host:
        answer = await host.call(SEND_LIST, {**CAMPAIGN, **arguments})
    assert answer["outcome"] == "nothing_done"
    assert named in answer["summary"]
    assert host.wire.requests == []


async def test_too_little_balance_is_said_first_and_an_unreadable_one_is_said(tmp_path: Path) -> None:
    write_list(tmp_path, 30)

    def little(_: httpx.Request) -> httpx.Response:
        answer = {"status": {"code": 200, "message": "x"}, "balance": {"amount": "3.0", "sms": "10"}}
        return httpx.Response(200, json={"response": answer})

    async with with_lists(tmp_path) as host:
        host.wire.broken = little
        low = await host.call(SEND_LIST, CAMPAIGN)
        host.wire.broken = refused(401)
        unread = await host.call(SEND_LIST, {**CAMPAIGN, "text": "{Ad Soyad}"})
    assert (
        low["preview"]
        .splitlines()[1]
        .startswith("! Balance: 10 credits (read just now); this needs up to 30, which is not")
    )
    # What was read before is shown too, with its age.
    assert any(warning.startswith("The balance could not be read: ") for warning in unread["warnings"])


async def test_a_campaign_does_not_use_up_the_hour_and_has_a_limit_of_its_own(tmp_path: Path) -> None:
    write_list(tmp_path, 5)
    async with with_lists(tmp_path, settings=replace(LIVE, max_recipients=2, max_list_recipients=5)) as host:
        done = await host.confirm(SEND_LIST, CAMPAIGN)
        single = {"recipients": [number(50), number(51)], "text": "Bilgi.", "message_type": "transactional"}
        assert (await host.confirm(SEND_SMS, single))["outcome"] == "done"
        write_list(tmp_path, 6)
        above = await host.call(SEND_LIST, {**CAMPAIGN, "text": "{Ad Soyad}"})
    assert done["outcome"] == "done"
    assert above["outcome"] == "nothing_done"
    assert "at most 5 recipients here (ILETIMERKEZI_MAX_LIST_RECIPIENTS); this has 6." in above["summary"]


async def test_a_dry_run_is_the_preview_and_leaves_no_trace(tmp_path: Path) -> None:
    write_list(tmp_path, 3)
    async with with_lists(tmp_path) as host:
        looked = await host.call(SEND_LIST, CAMPAIGN, dry_run=True)
        done = await host.confirm(SEND_LIST, CAMPAIGN)
    assert (looked["outcome"], looked["recipients"], done["outcome"]) == ("dry_run", 3, "done")
    assert "confirm" not in looked


async def test_a_large_list_needs_a_person_who_types_its_number(tmp_path: Path) -> None:
    write_list(tmp_path, 120)
    person = Person()
    async with with_lists(tmp_path, elicitation_callback=person) as host:
        done = await host.call(SEND_LIST, CAMPAIGN)
    async with hosted(replace(LIVE, files_dir=tmp_path)) as host:
        alone = await host.call(SEND_LIST, {**CAMPAIGN, "text": "{Ad Soyad}"})
    assert (done["outcome"], person.numbers) == ("done", ["120"])
    assert alone["outcome"] == "nothing_done"


async def test_it_is_all_turkish_for_turks(tmp_path: Path) -> None:
    write_list(tmp_path, 25, extra="Boş;;1\n")
    async with with_lists(tmp_path, settings=replace(LIVE, language="tr")) as host:
        preview = await host.call(SEND_LIST, {**CAMPAIGN, "send_at": "2026-11-24T10:00"})
        done = await host.call(SEND_LIST, {**CAMPAIGN, "send_at": "2026-11-24T10:00"}, confirm=preview["confirm"])
    assert preview["preview"].startswith(
        "CANLI, anahtar …7f3a: “musteriler.csv” listesindeki 26 satırdan 25 alıcıya kişiselleştirilmiş SMS gönderilecek, "
        "1 satır dışarıda: bilgilendirme (transactional), 24.11.2026 Salı 10:00, 2 gönderimde, en çok 25 kredi."
    )
    assert "2 gönderim kabul edildi (" in done["summary"]


@pytest.mark.parametrize("sandbox", [True, False])
async def test_in_a_sandbox_it_is_said_that_the_real_registry_is_not_asked(tmp_path: Path, sandbox: bool) -> None:
    write_list(tmp_path, 2)
    single = {
        "text": COMMERCIAL["text"],
        "recipients": [number(0)],
        **{name: COMMERCIAL[name] for name in ("message_type", "iys_list")},
    }
    async with with_lists(tmp_path, settings=replace(LIVE, sandbox=sandbox)) as host:
        previews = [
            await host.call(SEND_LIST, COMMERCIAL, dry_run=True),
            await host.call(
                SEND_SMS, {**single, "text": "Kış indirimi başladı. Ret için RET yazıp 3300'e gönderin."}, dry_run=True
            ),
            await host.call(SEND_LIST, COMMERCIAL, iys_list="TACIR", dry_run=True),
        ]
    said = ["The sandbox does not ask the real İYS" in each["preview"] for each in previews]
    assert said == [sandbox, sandbox, False]
