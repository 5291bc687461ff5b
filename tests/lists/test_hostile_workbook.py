"""Workbooks made to cost: each one costs its own process a bounded time and memory, and the caller a sentence."""

from __future__ import annotations

import io
import os
import struct
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path
from typing import Any

import anyio
import anyio.lowlevel
import pytest

from iletimerkezi_mcp.lists import package, workbook, workbook_process
from iletimerkezi_mcp.lists.error import ListError
from iletimerkezi_mcp.lists.folder import ListFolder
from iletimerkezi_mcp.lists.package import Package, RefusedError
from iletimerkezi_mcp.lists.reading import read_list
from iletimerkezi_mcp.lists.table import ListOptions

from .files import AYSE, read
from .workbooks import archive, ods, raw_xlsx, text_cell, xls, xlsx

ROOT = '<Relationships><Relationship Id="r" Type="x/officeDocument" Target="/xl/workbook.xml"/></Relationships>'
GOOD = f'<row r="1">{text_cell("A1", "GSM")}</row><row r="2"><c r="A2"><v>5321234567</v></c></row>'


@pytest.mark.parametrize(
    "data",
    [
        f'<row r="1">{text_cell("A1", "GSM")}</row><row r="1048576">{text_cell("XFD1048576", "x")}</row>',
        f'<row r="1">{text_cell("A1", "GSM")}{text_cell("XFD1048576", "x")}</row>',
        "<row r='1'><c r='A1'><v>1</v></c></row><row r='1048576'><c r='XFD1048576'><v>1</v></c></row>",
        "<row r='1000000'><c><v>1</v></c>" + "<c><v>1</v></c>" * 20 + "</row>",
    ],
    ids=["corners", "in one row", "quoted otherwise", "without references"],
)
def test_two_cells_far_apart_are_refused_before_they_are_read(data: str, tmp_path: Path) -> None:
    with pytest.raises(ListError, match="more than 10,000,000 cells"):
        read(tmp_path, raw_xlsx(data))


def test_a_million_columns_are_refused_by_their_number(tmp_path: Path) -> None:
    row = f'<row r="1">{text_cell("A1", "GSM")}' + "<c><v>5321234567</v></c>" * 1_000_000 + "</row>"
    with pytest.raises(ListError, match="more than 1,000 columns"):
        read(tmp_path, raw_xlsx(row))


def test_a_formula_without_a_value_far_to_the_right_is_a_column_too_many(tmp_path: Path) -> None:
    with pytest.raises(ListError, match="more than 1,000 columns"):
        read(tmp_path, raw_xlsx(GOOD + '<row r="3"><c r="BAA3"><f>1+1</f></c></row>'))


def test_formats_far_from_the_list_do_no_harm(tmp_path: Path) -> None:
    recipients = read(tmp_path, raw_xlsx(GOOD + '<row r="1048576"><c r="XFD1048576" s="0"/></row>'))
    assert recipients.numbers == (AYSE,)


def test_a_repeated_row_of_ods_is_not_unrolled(tmp_path: Path) -> None:
    cell = '<table:table-cell office:value-type="string" table:number-columns-repeated="16384"><text:p>x</text:p></table:table-cell>'
    content = ods(f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>')
    with pytest.raises(ListError, match="more than 10,000,000 cells"):
        read(tmp_path, content)
    with pytest.raises(ListError, match="damaged"):
        read(tmp_path, ods('<table:table-row table:number-rows-repeated="-1"/>'))


def test_what_unpacks_to_too_much_is_counted_as_it_unpacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = raw_xlsx(GOOD + "<row/>" * 100_000, **{"xl/sharedStrings.xml": f"<sst>{' ' * 4_999_989}</sst>"})
    # The archive's own word on the size is not taken.
    lying = bomb.replace(struct.pack("<I", 5_000_000), struct.pack("<I", 5))
    monkeypatch.setattr(package, "MAX_UNPACKED", 1_000_000)
    for content in (bomb, lying):
        with pytest.raises(RefusedError, match="unpacked"):
            list(workbook_process.read(content, sheet=None, number_column=None, international=False))
    monkeypatch.setattr(package, "MAX_UNPACKED", 5_100_000)
    with pytest.raises(RefusedError, match="unpacked"):
        list(workbook_process.read(bomb, sheet=None, number_column=None, international=False))


def test_a_bomb_is_a_sentence(tmp_path: Path) -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    blanks = b"".join([*(packer.compress(b" " * 1_000_000) for _ in range(450)), packer.flush()])
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("_rels/.rels", ROOT)
        packed.writestr("xl/workbook.xml", "<workbook/>")
        packed.writestr("xl/_rels/workbook.xml.rels", "<Relationships/>")
        packed.writestr("xl/sharedStrings.xml", blanks)
    content = out.getvalue()
    # Stored as the packed bytes, and then said to be packed.
    place = content.index(b"PK\x03\x04", content.index(b"workbook.xml.rels"))
    for signature, offset in ((place, 8), (content.rindex(b"PK\x01\x02"), 10)):
        content = content[: signature + offset] + struct.pack("<H", 8) + content[signature + offset + 2 :]
    with pytest.raises(ListError, match="unpacks to more than 400 MB"):
        read(tmp_path, content)


@pytest.mark.parametrize(
    "content",
    [
        xlsx(["GSM"], ["05321234567"])[:-100],
        xlsx(["GSM"], ["05321234567"])[:200],
        b"PK\x03\x04" + os.urandom(500),
        xls(["GSM"], ["05321234567"])[:600],
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        archive(
            {"_rels/.rels": ROOT, "xl/workbook.xml": "<workbook", "xl/_rels/workbook.xml.rels": "<Relationships/>"}
        ),
        archive({"_rels/.rels": ROOT, "xl/workbook.xml": "<workbook/>"}),
        raw_xlsx(GOOD, target="worksheets/missing.xml"),
        raw_xlsx("<row r='x'/>"),
        raw_xlsx(GOOD, columns='<cols><col min="a" max="2" hidden="1"/></cols>'),
        raw_xlsx("hidden " + "<row " * 200_000),
        archive({"xl/workbook.xml": "<w/>", "xl/_rels/workbook.xml.rels": "<r/>"}, zipfile.ZIP_BZIP2),
    ],
    ids=[
        "cut",
        "cut early",
        "noise",
        "xls cut",
        "xls empty",
        "xml cut",
        "no relations",
        "no part",
        "row",
        "column",
        "rows without an end",
        "bzip2",
    ],
)
def test_a_damaged_workbook_is_a_sentence(content: bytes, tmp_path: Path) -> None:
    with pytest.raises(ListError, match=r"damaged|hidden"):
        read(tmp_path, content)


def test_an_archive_that_is_no_workbook_and_a_page_that_is_no_list_are_told(tmp_path: Path) -> None:
    with pytest.raises(ListError, match="an archive and not a workbook"):
        read(tmp_path, archive({"word/document.xml": "<x/>"}))
    with pytest.raises(ListError, match="an archive and not a workbook"):
        read(tmp_path, archive({}))
    for page in (b"\xef\xbb\xbf<html><table><tr><td>GSM", b"\n <?xml version='1.0'?><Workbook>", b"<TABLE>"):
        with pytest.raises(ListError, match="web page"):
            read(tmp_path, page)


def test_a_workbook_without_a_visible_sheet_says_so(tmp_path: Path) -> None:
    content = raw_xlsx(GOOD)
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(b'sheetId="1"', b'sheetId="1" state="hidden"')
    with pytest.raises(ListError, match="hidden; show one"):
        read(tmp_path, archive(parts))
    assert read(tmp_path, archive(parts), sheet="Liste").numbers == (AYSE,)


def test_a_row_that_is_too_long_has_too_many_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "_MAX_ROW", 1_000)
    with pytest.raises(RefusedError, match="columns"):
        Package(raw_xlsx("x" * 2_000_000)).facts("Liste")


def test_a_row_that_is_hidden_and_has_no_number_is_not_sent_to(tmp_path: Path) -> None:
    with pytest.raises(ListError, match="save it anew"):
        read(tmp_path, raw_xlsx("<row hidden='true'><c><v>5321234567</v></c></row>"))


def test_a_deflated_part_that_ends_early_is_damaged(tmp_path: Path) -> None:
    content = bytearray(raw_xlsx(GOOD))
    place = content.index(b"xl/worksheets/sheet1.xml") + len("xl/worksheets/sheet1.xml")
    for wrong in (b"\xff\xff\xff", b"\x00\x00\x00"):
        content[place : place + 3] = wrong
        with pytest.raises(ListError, match="damaged"):
            read(tmp_path, bytes(content))


@pytest.mark.parametrize(("content", "word"), [(raw_xlsx(GOOD), None), (b"PK\x05\x06" + bytes(18), "not_a_workbook")])
def test_the_process_says_what_it_found(
    content: bytes, word: str | None, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    out = started(content, monkeypatch, capsysbinary)
    assert ("error" in out[0]) == (word is not None)
    assert (word or "end") in out[-1]


@pytest.mark.parametrize(
    ("error", "word"),
    [(MemoryError(), "memory"), (ValueError(), "damaged")],
)
def test_the_process_says_why_it_failed(
    error: Exception, word: str, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    def failing(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(workbook_process, "read", failing)
    (line,) = started(b"", monkeypatch, capsysbinary)
    assert f'"error":"{word}"' in line


def started(content: bytes, monkeypatch: pytest.MonkeyPatch, capture: pytest.CaptureFixture[bytes]) -> list[str]:
    """Run the process's function here, without its limits, and return the lines that it wrote."""
    monkeypatch.setattr(workbook_process, "_limit_resources", lambda: None)
    monkeypatch.setattr("gc.disable", lambda: None)
    monkeypatch.setattr(sys, "argv", ["x", '{"sheet": null, "number_column": null, "international": false}'])
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    workbook_process.main()
    return capture.readouterr().out.decode().splitlines()


def test_the_limits_are_set_where_there_are_any(monkeypatch: pytest.MonkeyPatch) -> None:
    import resource

    limits: dict[int, tuple[int, int]] = {}
    monkeypatch.setattr(
        resource, "getrlimit", lambda limit: (1, resource.RLIM_INFINITY if limit == resource.RLIMIT_AS else 5)
    )

    def set_limit(limit: int, most: tuple[int, int]) -> None:
        if 0 <= most[1] < most[0]:
            raise ValueError
        limits[limit] = most

    monkeypatch.setattr(resource, "setrlimit", set_limit)
    workbook_process._limit_resources()
    assert limits == {resource.RLIMIT_AS: (package.MEMORY, resource.RLIM_INFINITY)}

    monkeypatch.setitem(sys.modules, "resource", None)
    workbook_process._limit_resources()


def test_more_memory_than_the_limit_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # A cell's row and column are two bytes each, so that the corners of this kind of sheet are 65,536 apart.
    far = xls(["GSM"], ["05321234567"]).replace(struct.pack("<HHH", 1, 0, 0), struct.pack("<HHH", 65535, 65535, 0))
    with pytest.raises(ListError, match=r"1,536 MB of memory|damaged"):
        read(tmp_path, far)


@pytest.mark.parametrize("words", ["", "print('half', end='')"])
def test_a_process_that_dies_is_a_sentence(words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def dying(_: object, **options: Any) -> subprocess.Popen[bytes]:
        return REAL_POPEN([sys.executable, "-c", words], **options)

    monkeypatch.setattr(subprocess, "Popen", dying)
    with pytest.raises(ListError, match="1,536 MB of memory"):
        read(tmp_path, raw_xlsx(GOOD))


def test_a_process_that_takes_too_long_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "SECONDS", 0.0)
    monkeypatch.setattr(subprocess, "Popen", sleeping)
    with pytest.raises(ListError, match="took longer than 60 seconds"):
        read(tmp_path, raw_xlsx(GOOD))


def sleeping(_: object, **options: Any) -> subprocess.Popen[bytes]:
    """A process that never answers, in place of the one that is started."""
    return REAL_POPEN(
        [sys.executable, "-c", "import time; print('half', end='', flush=True); time.sleep(600)"], **options
    )


REAL_POPEN = subprocess.Popen


async def test_cancelling_kills_the_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    processes: list[subprocess.Popen[bytes]] = []

    def recording(*arguments: object, **options: Any) -> subprocess.Popen[bytes]:
        processes.append(sleeping(*arguments, **options))
        return processes[0]

    monkeypatch.setattr(subprocess, "Popen", recording)
    (tmp_path / "liste.xlsx").write_bytes(raw_xlsx(GOOD))
    with anyio.fail_after(60):
        async with anyio.create_task_group() as tasks:
            options = ListOptions("liste.xlsx")
            tasks.start_soon(lambda: read_list(ListFolder(tmp_path), options, international=False))
            while not processes:
                await anyio.lowlevel.checkpoint()
            tasks.cancel_scope.cancel()
        await anyio.to_thread.run_sync(processes[0].wait)
    assert processes[0].returncode != 0


def test_the_process_gets_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    environments: list[dict[str, str]] = []

    def recording(command: list[str], **options: Any) -> subprocess.Popen[bytes]:
        environments.append(options["env"])
        return REAL_POPEN(command, **options)

    monkeypatch.setenv("ILETIMERKEZI_API_KEY", "secret")
    monkeypatch.setattr(subprocess, "Popen", recording)
    assert read(tmp_path, raw_xlsx(GOOD)).numbers == (AYSE,)
    assert [name for name in environments[0] if name.startswith("ILETIMERKEZI_")] == []
