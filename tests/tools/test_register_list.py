"""Declaring the consents of a list, through a real client."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import anyio
import httpx
import mcp.types as mcp_types
import pytest

from iletimerkezi_mcp.confirmation.detached import DetachedRunner, DetachedWork
from iletimerkezi_mcp.confirmation.pending_change import Acceptance
from iletimerkezi_mcp.provider.client import ApiClient
from iletimerkezi_mcp.provider.consents import ConsentDeclaration
from iletimerkezi_mcp.provider.send_progress import OnSent
from iletimerkezi_mcp.settings import Settings
from iletimerkezi_mcp.tools import declaration, register_list
from iletimerkezi_mcp.tools.context import ServerContext
from tests.calls import IYS_CHECK, IYS_REGISTER, REGISTER_LIST
from tests.hosting import ERAS, LIVE, Host, Mode, hosted, text_of
from tests.lists.workbooks import xlsx

LEGAL_STATEMENT = (
    "! This is a declaration to a national registry about other people; only a later record changes it. Date and source must "
    "be those of the consent or refusal itself."
)
OLD_RECORD = "! Records older than three working days: 1 (row 4). The registry will probably refuse them. Do not change the date."
CALL = {"file": "izinler.csv", "recipient_type": "BIREYSEL", "channel": "MESAJ"}
HEADER = "Ad Soyad;Telefon;İzin Durumu;İzin Kaynağı;İzin Tarihi"
RECENT, OLD = "20.11.2026 11:47:13", "02.11.2026 11:47:13"


def phone(number: int) -> str:
    return f"0532{number:07}"


def line(number: int, date: str = RECENT, status: str = "ONAY", source: str = "HS_WEB") -> str:
    return f"Ayşe Kuş {number};{phone(number)};{status};{source};{date}"


@asynccontextmanager
async def with_list(folder: Path, *lines: str, settings: Settings = LIVE, **options: Any) -> AsyncIterator[Host]:
    """Give a host whose folder of lists holds one of these rows."""
    (folder / "izinler.csv").write_text("\n".join((HEADER, *lines)), encoding="utf-8")
    own = replace(settings, files_dir=folder, state_dir=folder / "state", max_consents_per_day=50_000)
    async with hosted(own, **options) as host:
        yield host


def refusing(host: Host, bad: Collection[int], *, code: int = 422) -> list[int]:
    """Have the provider refuse every declaration with one of these numbers; return the sizes of all declarations."""
    sizes: list[int] = []
    known = {f"+9{phone(number)}" for number in bad}

    def answer(request: httpx.Request) -> httpx.Response | None:
        consent = json.loads(request.content)["request"]["consent"]
        if "list" not in consent:
            return None
        sizes.append(len(consent["list"]))
        status = code if known & {record["recipient"] for record in consent["list"]} else 200
        return httpx.Response(200, json={"response": {"status": {"code": status, "message": ""}}})

    host.wire.broken = answer
    return sizes


@pytest.mark.parametrize("mode", ERAS)
async def test_a_list_is_previewed_declared_and_found(mode: Mode, tmp_path: Path) -> None:
    async with with_list(tmp_path, line(1), line(2, status="Ret", source="web"), mode=mode) as host:
        preview = await host.call(REGISTER_LIST, CALL)
        assert host.wire.requests == []
        await host.confirm(IYS_REGISTER, consents=[consent(2)])
        done = await host.call(REGISTER_LIST, CALL, confirm=preview["confirm"])
        found = await host.call(IYS_CHECK, recipient=phone(1), recipient_type="BIREYSEL", channel="MESAJ")
    lines = preview["preview"].splitlines()
    assert lines[0].startswith(
        "LIVE, key …7f3a: declare 2 records (1 ONAY, 1 RET) of the list “izinler.csv” (changed at "
    )
    assert lines[0].endswith(") to İYS for brand 123456.")
    assert lines[1].startswith("! This is a declaration to a national registry about other people")
    assert lines[2:] == [
        "- Columns, by row 1: recipient “Telefon”, status “İzin Durumu”, source “İzin Kaynağı”, date “İzin Tarihi”",
        "- 1 × ONAY MESAJ BIREYSEL HS_WEB",
        "- 1 × RET MESAJ BIREYSEL HS_WEB",
        "- Rows left out: refused: 0; repeated: 0; without a recipient: 0; hidden: 0",
    ]
    assert (preview["consents"], preview["refused"], preview["file"]) == (2, 0, "izinler.csv")
    assert (done["outcome"], done["declared"], done["left"]) == ("done", 2, 0)
    assert done["summary"] == "Declared to İYS for brand 123456: 2 of 2 records."
    assert (found["status"], found["consent_date"]) == ("ONAY", "2026-11-20T11:47:13+03:00")


def consent(number: int) -> dict[str, Any]:
    return {
        "recipient": phone(number),
        "recipient_type": "BIREYSEL",
        "channel": "MESAJ",
        "status": "ONAY",
        "source": "HS_WEB",
        "consent_date": "2026-11-19T10:00:00",
    }


async def test_a_date_without_a_time_is_said_first_of_all_and_refused_rows_by_their_row(tmp_path: Path) -> None:
    rows = [
        line(1, "20.11.2026"),
        line(2, "20.11.2026 10:30"),
        line(3, OLD),
        line(4, "?"),
        line(1, "20.11.2026"),
        "x;;;;",
    ]
    async with with_list(tmp_path, *rows) as host:
        preview = await host.call(REGISTER_LIST, CALL)
        dry_run = await host.call(REGISTER_LIST, CALL, dry_run=True)
    assert preview["preview"].splitlines()[1:] == [
        "! Records dated with a day and no time: 1. What is declared is 00:00:00 of that day. Ask for the time first.",
        LEGAL_STATEMENT,
        OLD_RECORD,
        "- Columns, by row 1: recipient “Telefon”, status “İzin Durumu”, source “İzin Kaynağı”, date “İzin Tarihi”",
        "- 3 × ONAY MESAJ BIREYSEL HS_WEB",
        "- Rows left out: refused: 1; repeated: 1; without a recipient: 1; hidden: 0",
        "- row 5: date must be a date like 20.11.2026 or 20.11.2026 10:30:00, with the day first",
    ]
    assert preview["refused_rows"] == [
        {"row": 5, "reason": "date must be a date like 20.11.2026 or 20.11.2026 10:30:00, with the day first"}
    ]
    assert dry_run["outcome"] == "dry_run"


@pytest.mark.parametrize("mode", ERAS)
async def test_a_model_reads_no_cell_and_a_person_in_a_form_reads_the_first(mode: Mode, tmp_path: Path) -> None:
    shown: list[str] = []

    async def answer(_: object, params: mcp_types.ElicitRequestParams) -> mcp_types.ElicitResult:
        shown.append(params.message)
        return mcp_types.ElicitResult(action="accept", content={"send": True})

    rows = [
        line(1),
        line(2, "19.11.2026 08:15:30"),
        line(3, "kanarya"),
        line(4, source="kanarya"),
        "Canary;kanarya;ONAY;x;y",
    ]
    async with with_list(tmp_path, *rows, mode=mode) as host:
        result = await host.client.call_tool(REGISTER_LIST, CALL)
    async with with_list(tmp_path, *rows, mode=mode, elicitation_callback=answer) as host:
        confirmed = await host.client.call_tool(REGISTER_LIST, CALL)
    for read in (result, confirmed):
        whole = text_of(read) + json.dumps(read.structured_content, ensure_ascii=False)
        for cell in ("kanarya", "Canary", "Ayşe", "5320000001", "0000002", "11:47", "08:15", "19.11", "2026-11-19"):
            assert cell not in whole
    assert confirmed.structured_content is not None
    assert confirmed.structured_content["outcome"] == "done"
    assert "Dates: from 2026-11-19 08:15:30 to 2026-11-20 11:47:13" in shown[0]
    assert "Record 1: +905320000001, ONAY MESAJ BIREYSEL, HS_WEB, 2026-11-20 11:47:13" in shown[0]


@pytest.mark.parametrize("mode", ERAS)
async def test_the_bad_rows_of_a_refused_batch_are_named_and_the_others_declared(mode: Mode, tmp_path: Path) -> None:
    async with with_list(tmp_path, *map(line, range(40)), mode=mode) as host:
        sizes = refusing(host, {7, 31})
        done = await host.confirm(REGISTER_LIST, CALL)
    assert (done["outcome"], done["declared"], done["left"]) == ("stopped", 38, 0)
    assert done["rejected_rows"] == [9, 33]
    assert done["summary"] == "Declared to İYS for brand 123456: 38 of 40 records. İYS refused these rows: 9, 33."
    assert done["next_step"].startswith("Probable cause: a stored record with the same status or a later date")
    assert sizes[0] == 40
    assert len(sizes) < 20


@pytest.mark.parametrize("mode", ERAS)
async def test_addresses_are_declared_for_the_channel_of_e_mail(mode: Mode, tmp_path: Path) -> None:
    (tmp_path / "adresler.csv").write_text(
        "E-posta;Durum;Kaynak;Tarih\nali@example.com;ONAY;HS_WEB;20.11.2026 10:30:00\n", encoding="utf-8"
    )
    async with with_list(tmp_path, mode=mode) as host:
        done = await host.confirm(REGISTER_LIST, {**CALL, "file": "adresler.csv", "channel": "EPOSTA"})
    assert (done["outcome"], done["declared"]) == ("done", 1)
    assert host.wire.requests[0][1]["consent"]["list"][0]["recipient"] == "ali@example.com"


async def test_one_bad_row_is_named_alone(tmp_path: Path) -> None:
    async with with_list(tmp_path, line(1), line(2, status="RET"), settings=replace(LIVE, language="tr")) as host:
        done = await host.confirm(REGISTER_LIST, CALL)
    assert done["summary"] == "123456 markası için İYS'ye bildirildi: 1 / 2 izin kaydı. İYS'nin reddettiği satırlar: 3."


async def test_the_first_twenty_bad_rows_are_in_the_summary_and_all_in_the_structure(tmp_path: Path) -> None:
    async with with_list(tmp_path, *map(line, range(30))) as host:
        refusing(host, range(5, 30))
        done = await host.confirm(REGISTER_LIST, CALL)
    named = ", ".join(map(str, range(7, 27)))
    assert done["summary"] == f"Declared to İYS for brand 123456: 5 of 30 records. İYS refused these rows: {named}, …."
    assert done["rejected_rows"] == list(range(7, 32))


async def test_more_than_five_thousand_go_in_several_requests(tmp_path: Path) -> None:
    rows = [line(number) for number in range(6_000)]
    async with with_list(tmp_path, *rows, settings=replace(LIVE, type_count_from=10_000)) as host:
        sizes = refusing(host, {0, 5_999})
        done = await host.confirm(REGISTER_LIST, CALL)
    assert sizes[:3] == [5_000, 2_500, 2_500]
    assert sizes.count(1_000) == 1
    assert (done["outcome"], done["declared"], done["rejected_rows"]) == ("stopped", 5_998, [2, 6_001])


async def test_after_the_limit_of_requests_ranges_are_named(tmp_path: Path) -> None:
    rows = [line(number) for number in range(3_000)]
    async with with_list(tmp_path, *rows, settings=replace(LIVE, type_count_from=10_000)) as host:
        sizes = refusing(host, range(0, 3_000, 150))
        stopped = await host.confirm(REGISTER_LIST, CALL)
    assert stopped["outcome"] == "stopped"
    assert len(sizes) == 65
    assert stopped["declared"] > 0
    assert "Refused without being narrowed down further: rows " in stopped["summary"]
    assert len(stopped["undecided"]) > 10
    assert ", ".join(stopped["undecided"][:20]) in stopped["summary"]


async def test_a_list_of_which_nothing_is_taken_is_not_tried_to_the_end(tmp_path: Path) -> None:
    rows = [line(number) for number in range(5_200)]
    async with with_list(tmp_path, *rows, settings=replace(LIVE, type_count_from=10_000)) as host:
        sizes = refusing(host, range(5_200))
        stopped = await host.confirm(REGISTER_LIST, CALL)
    assert (stopped["outcome"], stopped["declared"], stopped["left"], len(sizes)) == ("stopped", 0, 200, 65)
    assert stopped["undecided"] == ["2-5001"]
    assert "Not declared: rows 5002-5201." in stopped["summary"]
    assert stopped["next_step"].endswith("Never change a date or a source to get past this.")
    assert "a wrong brand code" in stopped["next_step"]


@pytest.mark.parametrize("mode", ERAS)
async def test_after_an_uncertain_answer_it_stops_and_says_which_rows_are_unknown(mode: Mode, tmp_path: Path) -> None:
    async with with_list(tmp_path, *map(line, range(40)), mode=mode) as host:
        sizes = refusing(host, {7})
        refused = host.wire.broken

        def lost(request: httpx.Request) -> httpx.Response | None:
            assert refused is not None
            answer = refused(request)
            return httpx.Response(504) if len(sizes) == 3 else answer

        host.wire.broken = lost
        unknown = await host.confirm(REGISTER_LIST, CALL)
    assert sizes == [40, 20, 20]
    assert (unknown["outcome"], unknown["unknown"], unknown["declared"], unknown["left"]) == ("unknown", "22-41", 0, 20)
    assert unknown["summary"] == (
        "Declared to İYS for brand 123456: 0 of 40 records. Of unknown outcome: rows 22-41. Not declared: rows 2-21."
    )
    assert unknown["next_step"].startswith("Ask the user for the recipient of row 22. Look with iys_check at")


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize("has_left", [True, False])
@pytest.mark.parametrize("stopped", [True, False])
async def test_rows_whose_request_is_cut_off_are_unknown_if_it_has_left(
    stopped: bool, has_left: bool, mode: Mode, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    works: list[DetachedWork[Any]] = []
    start = DetachedRunner.start

    def noted(runner: DetachedRunner, *arguments: Any, **options: Any) -> DetachedWork[Any]:
        works.append(start(runner, *arguments, **options))
        return works[-1]

    async def cut_off(
        declared: ConsentDeclaration, context: ServerContext, client: ApiClient, on_sent: OnSent
    ) -> Acceptance:
        if len(sizes) < 2:
            return await declaration.declare(declared, context, client, on_sent)
        if has_left:
            on_sent()
        if stopped:
            # As at the server's end.
            works[-1].scope.cancel()
            await anyio.sleep_forever()
        raise RuntimeError

    monkeypatch.setattr(DetachedRunner, "start", noted)
    monkeypatch.setattr(register_list, "declare", cut_off)
    async with with_list(tmp_path, *map(line, range(40)), mode=mode) as host:
        sizes = refusing(host, {7})
        ended = await host.confirm(REGISTER_LIST, CALL)
    expected = ("unknown", "22-41", 20) if has_left else ("stopped", None, 40)
    assert (ended["outcome"], ended.get("unknown"), ended["left"]) == expected
    assert f"the recipient of row {22 if has_left else 2} of the list." in ended["next_step"]


async def test_the_next_step_of_one_that_is_cut_off_names_the_first_row_that_is_not_declared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail_later(
        declared: ConsentDeclaration, context: ServerContext, client: ApiClient, on_sent: OnSent
    ) -> Acceptance:
        if len(sizes) == 1:
            raise RuntimeError
        return await declaration.declare(declared, context, client, on_sent)

    monkeypatch.setattr(register_list, "declare", fail_later)
    rows = map(line, range(5_040))
    async with with_list(tmp_path, *rows, settings=replace(LIVE, type_count_from=10_000)) as host:
        sizes = refusing(host, ())
        ended = await host.confirm(REGISTER_LIST, CALL)
    assert (ended["outcome"], ended["declared"], ended["left"]) == ("stopped", 5_000, 40)
    assert ended["next_step"].endswith("Look with iys_check at the recipient of row 5002 of the list.")


async def test_another_refusal_than_that_of_a_record_stops_it(tmp_path: Path) -> None:
    async with with_list(tmp_path, *map(line, range(4))) as host:
        sizes = refusing(host, {0}, code=403)
        stopped = await host.confirm(REGISTER_LIST, CALL)
    assert sizes == [4]
    assert (stopped["outcome"], stopped["left"]) == ("stopped", 4)
    assert "Not declared: rows 2-5." in stopped["summary"]


async def test_nothing_more_is_declared_after_the_midnight_that_makes_a_consent_older(tmp_path: Path) -> None:
    async with with_list(tmp_path, line(1, "18.11.2026 10:00:00"), line(2)) as host:
        host.clock.advance(hours=13, minutes=55)
        preview = await host.call(REGISTER_LIST, CALL)
        sizes = refusing(host, {2})
        refused = host.wire.broken

        def late(request: httpx.Request) -> httpx.Response | None:
            host.clock.jump(minutes=6)
            return refused(request) if refused is not None else None

        host.wire.broken = late
        stopped = await host.call(REGISTER_LIST, CALL, confirm=preview["confirm"])
    assert sizes == [2]
    assert (stopped["outcome"], stopped["declared"], stopped["left"]) == ("stopped", 0, 2)
    assert "Not declared: rows 2-3." in stopped["summary"]


async def test_a_file_that_changes_needs_a_new_preview(tmp_path: Path) -> None:
    async with with_list(tmp_path, line(1)) as host:
        preview = await host.call(REGISTER_LIST, CALL)
        (tmp_path / "izinler.csv").write_text(f"{HEADER}\n{line(1)}\n{line(2)}", encoding="utf-8")
        again = await host.call(REGISTER_LIST, CALL, confirm=preview["confirm"])
    assert (again["outcome"], host.wire.requests) == ("nothing_done", [])


async def test_what_was_declared_a_moment_ago_is_warned_of_by_its_row(tmp_path: Path) -> None:
    async with with_list(tmp_path, line(1), line(2)) as host:
        refusing(host, ())
        await host.confirm(REGISTER_LIST, CALL)
        (tmp_path / "izinler.csv").write_text(f"{HEADER}\n{line(1)}\n{line(3)}", encoding="utf-8")
        preview = await host.call(REGISTER_LIST, CALL)
    assert preview["warnings"][0].startswith("Of these 2 records 1 were declared before")
    assert "“row 2”" in preview["warnings"][0]


@pytest.mark.parametrize("status", [200, 504])
async def test_what_was_declared_before_is_named_by_its_rows_and_never_by_its_cells(
    status: int, tmp_path: Path
) -> None:
    cells = [line(number) for number in range(1, 8)]
    async with with_list(tmp_path, *cells[:6]) as host:
        refusing(host, ())
        if status != 200:
            host.wire.broken = lambda _: httpx.Response(status)
        await host.confirm(REGISTER_LIST, CALL)
        (tmp_path / "izinler.csv").write_text("\n".join([HEADER, *reversed(cells)]), encoding="utf-8")
        result = await host.client.call_tool(REGISTER_LIST, CALL)
    read = text_of(result) + json.dumps(result.structured_content, ensure_ascii=False)
    assert "“row 3”, “row 4”, “row 5”, “row 6”, “row 7”, …" in read
    assert ("with unknown outcome" in read) == (status != 200)
    assert not [cell for cell in ("Ayşe", "0532", "90532", "11:47:13", "11.2026") if cell in read]


@pytest.mark.parametrize("mode", ERAS)
async def test_a_large_list_needs_its_number_from_a_person_and_the_day_has_its_limit(
    mode: Mode, tmp_path: Path
) -> None:
    numbers: list[Any] = []

    async def answer(_: object, params: mcp_types.ElicitRequestParams) -> mcp_types.ElicitResult:
        assert isinstance(params, mcp_types.ElicitRequestFormParams)
        numbers.append(params.requested_schema["properties"])
        return mcp_types.ElicitResult(action="decline")

    rows = [line(number) for number in range(150)]
    async with with_list(tmp_path, *rows, mode=mode) as host:
        code = await host.call(REGISTER_LIST, CALL)
    async with with_list(tmp_path, *rows, mode=mode, elicitation_callback=answer) as host:
        await host.client.call_tool(REGISTER_LIST, CALL)
    settings = replace(LIVE, files_dir=tmp_path, max_consents_per_day=100)
    async with hosted(settings, mode=mode, elicitation_callback=answer) as host:
        limited = await host.call(REGISTER_LIST, CALL)
    assert code["outcome"] == "nothing_done"
    assert "A code is enough only below 100 recipients or consents within an hour" in code["summary"]
    assert len(numbers) == 1
    assert len(numbers[0]) == 2
    assert "ILETIMERKEZI_MAX_CONSENTS_PER_DAY" in limited["summary"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"file": "yok.csv"}, "yok.csv"),
        ({"channel": "EPOSTA"}, "for EPOSTA the address"),
        ({"recipient_type": "KISI"}, "BIREYSEL or TACIR"),
    ],
)
async def test_what_cannot_be_read_is_said(change: dict[str, Any], message: str, tmp_path: Path) -> None:
    async with with_list(tmp_path, line(1)) as host:
        answer = await host.call(REGISTER_LIST, {**CALL, **change})
    assert answer["outcome"] == "nothing_done"
    assert message in answer["summary"]


async def test_without_a_brand_code_or_a_row_that_can_be_declared_nothing_is_done(tmp_path: Path) -> None:
    async with with_list(tmp_path, line(1, "?"), settings=replace(LIVE, brand_code=None)) as host:
        without = await host.call(REGISTER_LIST, CALL)
        nothing = await host.call(REGISTER_LIST, CALL, brand_code="123456")
    assert "ILETIMERKEZI_BRAND_CODE" in without["summary"]
    assert nothing["summary"].startswith(
        "Nothing was done, for no row of the list can be declared; row 2: date must be a date like 20.11.2026"
    )


async def test_a_refusal_without_a_consent_on_file_is_warned_of(tmp_path: Path) -> None:
    async with with_list(tmp_path, line(1, status="RET")) as host:
        await host.call(IYS_CHECK, recipient=phone(1), recipient_type="BIREYSEL", channel="MESAJ")
        preview = await host.call(REGISTER_LIST, CALL)
    assert any(
        "for which the registry had nothing when asked within the last hour: 1 (row 2)." in one
        for one in preview["warnings"]
    )


async def test_a_workbooks_date_cells_are_declared_to_the_second_and_its_hidden_rows_left_out(tmp_path: Path) -> None:
    def hide(_: Any, sheet: Any) -> None:
        sheet.set_row(2, None, None, {"hidden": True})

    # A sheet's dates have no offset.
    moment = datetime.fromisoformat("2026-11-20T11:47:13")
    content = xlsx(
        ("Telefon", "Durum", "Kaynak", "Tarih"),
        (5320000001, "ONAY", "HS_WEB", moment),
        (5320000002, "ONAY", "HS_WEB", moment),
        (5320000003, "ONAY", "HS_WEB", moment.replace(second=0)),
        (5320000004, "ONAY", "HS_WEB", date(2026, 11, 20)),
        finish=hide,
    )
    (tmp_path / "izinler.xlsx").write_bytes(content)
    async with with_list(tmp_path) as host:
        done = await host.confirm(REGISTER_LIST, {**CALL, "file": "izinler.xlsx"})
    records = host.wire.requests[0][1]["consent"]["list"]
    assert [(record["recipient"], record["consentDate"]) for record in records] == [
        ("+905320000001", "2026-11-20 11:47:13"),
        ("+905320000003", "2026-11-20 11:47:00"),
        ("+905320000004", "2026-11-20 00:00:00"),
    ]
    assert "without a recipient: 0; hidden: 1" in done["preview"]
    assert "! Records dated with a day and no time: 1." in done["preview"]
