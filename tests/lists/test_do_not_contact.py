"""The do-not-contact file: read whole or not at all, and again when it has changed."""

from __future__ import annotations

import asyncio
import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from iletimerkezi_mcp.lists.do_not_contact import DoNotContact
from iletimerkezi_mcp.lists.error import ListError
from tests.calls import SEND, SEND_SMS
from tests.hosting import ERAS, LIVE, Mode, hosted
from tests.lists.files import AYSE, BORA, CEM
from tests.lists.workbooks import sheets


def _numbers(path: Path | None) -> frozenset[str]:
    return asyncio.run(DoNotContact(path).numbers())


@pytest.mark.parametrize(
    ("content", "numbers"),
    [
        ("0532 123 45 67\n+905331234567\n", {AYSE, BORA}),
        ("Ad;Telefon\nAyşe;05321234567\n", {AYSE}),
        ("+491701234567\n", {"+491701234567"}),
        ("Ad;Cep;Diğer\nAyşe;05321234567;\nBora;;05331234567\n", {AYSE, BORA}),
        ("Ad;Cep;Diğer\nAyşe;05321234567;+90 533 123 45 67\nCan;05321234567;0212 555 44 33\n", {AYSE, BORA}),
        ("Ad;Cep;Diğer\nAyşe;05321234567;2026-11-23\nAda;05321234567;1.500.000,00 TL\nO;;53312345\n", {AYSE}),
        ("GSM;Cep\n05321234567;05331234567\n;05341234567\n", {AYSE, BORA, CEM}),
        ("GSM;GSM\n05321234567;05331234567\n", {AYSE, BORA}),
        ("05321234567;05331234567\n05341234567;\n", {AYSE, BORA, CEM}),
        ("Telefon\n", set()),
        ("", set()),
    ],
)
def test_it_is_numbers_line_by_line_or_any_list(tmp_path: Path, content: str, numbers: set[str]) -> None:
    (tmp_path / "ret.csv").write_text(content, encoding="utf-8")
    assert _numbers(tmp_path / "ret.csv") == numbers


def test_without_a_file_there_are_none() -> None:
    assert _numbers(None) == frozenset()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "cannot be read: No such file"),
        ("Ayşe\n", "cannot be read: The list has no column"),
        ("0532 123 45 67\n0532 12\n", "row 2 "),
        ("Ad;Cep;Not\nAyşe;05321234567;\nBora;;ayrıca 05331234567\n", "row 3 holds letters or signs"),
        ("Ad;Cep;Not\nAyşe;05321234567;0533 123 45 6\n", "row 2 "),
        ("Ad;Cep;Not\nAyşe;05321234567;5,33E+09\n", "row 2 "),
        ("GSM;Cep\n05321234567;05331234567\n;05341234567\n;0535 12\n", "row 4 "),
        ("GSM;Cep\n05321234567;05331234567\n;05341234567\n0535 123 45;\n", "row 4 "),
        ("Ad;Not\nAyşe;x\nBora;y\nCem;05341234567\n", "row 2 "),
    ],
)
def test_one_that_cannot_be_read_whole_is_an_error(tmp_path: Path, content: str | None, reason: str) -> None:
    path = tmp_path / "ret.csv"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(ListError, match=reason) as raised:
        _numbers(path)
    assert "ILETIMERKEZI_DO_NOT_CONTACT" in raised.value.reason.tr


@pytest.mark.parametrize(
    "others",
    [
        {"Diğer": [["GSM"], ["05331234567"]]},
        {"_Gizli": [["GSM"], ["05331234567"]]},
        {"Boş": [], "Diğer": [*[["Ad"]] * 1500, ["tel: 05331234567"]]},
    ],
)
@pytest.mark.parametrize("mode", ERAS)
async def test_a_workbook_of_several_filled_sheets_sends_nothing(
    tmp_path: Path, others: dict[str, list[list[str]]], mode: Mode
) -> None:
    path = tmp_path / "ret.xlsx"
    path.write_bytes(sheets(Liste=[["GSM"], ["05321234567"]], **others))
    async with hosted(replace(LIVE, do_not_contact=path), mode=mode) as host:
        commercial = {"message_type": "commercial", "iys_list": "BIREYSEL"}
        answer = await host.call(SEND_SMS, {**SEND, **commercial, "recipients": ["05331234567"]})
    assert (answer["outcome"], host.wire.paths()) == ("nothing_done", [])
    other = [*others][-1].strip("_")
    assert f"More than one sheet holds something, hidden ones included: “Liste”, “{other}”." in answer["summary"]
    assert "Save the sheet with the numbers as a file of its own, or as CSV." in answer["summary"]


@pytest.mark.parametrize(
    "book",
    [{"_Liste": [["GSM"], ["05321234567"]], "Boş": []}, {"Boş": [], "Liste": [["GSM", "Cep"], ["", "05321234567"]]}],
)
def test_the_only_filled_sheet_is_read_wherever_it_is(tmp_path: Path, book: dict[str, list[list[str]]]) -> None:
    (tmp_path / "ret.xlsx").write_bytes(sheets(**book))
    assert _numbers(tmp_path / "ret.xlsx") == {AYSE}


def test_a_workbook_without_a_filled_sheet_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "ret.xlsx").write_bytes(sheets(A=[], B=[]))
    with pytest.raises(ListError, match="has no column with mobile numbers"):
        _numbers(tmp_path / "ret.xlsx")


@pytest.mark.skipif(sys.platform == "win32", reason="pipes have no path")
def test_only_a_file_may_be_empty(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read, write = os.pipe()
    with os.fdopen(read), os.fdopen(write, "w"):
        for path in (pipe, Path(f"/dev/fd/{read}")):
            with pytest.raises(ListError, match="cannot be read"):
                _numbers(path)


@pytest.mark.parametrize("mode", ERAS)
async def test_who_is_in_another_column_gets_nothing(tmp_path: Path, mode: Mode) -> None:
    path = tmp_path / "ret.csv"
    path.write_text("Ad;Cep;Diğer\nAyşe;05321234567;\nBora;;05331234567\n", encoding="utf-8")
    async with hosted(replace(LIVE, do_not_contact=path), mode=mode) as host:
        commercial = {"message_type": "commercial", "iys_list": "BIREYSEL"}
        answer = await host.call(SEND_SMS, {**SEND, **commercial, "recipients": ["05331234567"]})
    assert (answer["outcome"], host.wire.paths()) == ("nothing_done", [])


def test_it_is_read_again_when_it_has_changed_and_only_then(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "ret.csv"
    path.write_text("05321234567\n", encoding="utf-8")

    async def play() -> None:
        file = DoNotContact(path)
        assert await file.numbers() == {AYSE}
        with monkeypatch.context() as patch:
            patch.setattr("iletimerkezi_mcp.lists.numbers_file.read_numbers", None)
            assert await file.numbers() == {AYSE}
        path.write_text("05331234567\n", encoding="utf-8")
        os.utime(path, ns=(1, 1))
        assert await file.numbers() == {BORA}
        # Another file of the same size and time of change is copied over it.
        copy = tmp_path / "copy.csv"
        copy.write_text("05341234567\n", encoding="utf-8")
        os.utime(copy, ns=(1, 1))
        copy.replace(path)
        assert await file.numbers() == {CEM}

    asyncio.run(play())
