"""The recipients of a list: who is in it, who is left out, and why."""

from __future__ import annotations

import asyncio
from pathlib import Path

import anyio
import pytest

from iletimerkezi_mcp.lists import recipients as module
from iletimerkezi_mcp.lists.cells import column_index, column_letter
from iletimerkezi_mcp.lists.error import ListError
from iletimerkezi_mcp.lists.folder import ListFolder
from iletimerkezi_mcp.lists.reading import read_list
from iletimerkezi_mcp.lists.table import ListOptions

from .files import AYSE, BORA, CEM, column, read


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("5,32E+09", "short form"),
        ("4.479E+11", "short form"),
        ("5.32123456E+9", "short form"),
        ("532123457", "too short"),
        ("05321234567 / 05331234567", "more than one number"),
        ("05321234567 05331234567", "more than one number"),
        ("0532 123 45 67 - 0533 123 45 67", "more than one number"),
        ("02121234567", "not a Turkish mobile number"),
        ("yok", "holds letters"),
        ("-", "no digits"),
    ],
)
def test_a_cell_that_is_no_number_is_refused_with_its_row_and_reason(cell: str, words: str, tmp_path: Path) -> None:
    recipients = read(tmp_path, f'Ad;GSM\nAyşe;05341234567\nBora;"{cell}"\n')
    assert (recipients.numbers, recipients.refused_count, recipients.row_count) == ((CEM,), 1, 2)
    (refused,) = recipients.refused
    assert refused.row == 3
    assert words in refused.reason.en


@pytest.mark.parametrize(
    "cell",
    [
        "5321234567",
        "05321234567",
        "'05321234567",
        "5.321234567E+9",
        "5,321234567E+09",
        "9.05321234567E+11",
        "5321234567.0",
        "+90 (532) 123 45 67",
        "tel:05321234567",
        " 0532 123 45 67 ",
    ],
)
def test_what_spreadsheets_make_of_a_number_is_that_number(cell: str, tmp_path: Path) -> None:
    assert read(tmp_path, f'Ad;GSM\nAyşe;"{cell}"\n').numbers == (AYSE,)


def test_a_number_comes_once_and_the_first_row_keeps_it(tmp_path: Path) -> None:
    recipients = read(tmp_path, "GSM;Ad\n05321234567;Ayşe\n05331234567;Bora\n5321234567;Can\n")
    assert (recipients.numbers, recipients.duplicates) == ((AYSE, BORA), 1)
    assert [(row.row, row.first) for row in recipients.repeated] == [(4, 2)]
    assert column(recipients, "Ad") == ["Ayşe", "Bora"]


def test_rows_without_a_number_are_counted_and_skipped(tmp_path: Path) -> None:
    recipients = read(tmp_path, "Firma;GSM\nA Ltd.;05321234567\nikinci yetkili;\nB Ltd.;05331234567\n")
    assert (recipients.skipped, recipients.skipped_rows, recipients.refused_count, recipients.row_count) == (
        (3,),
        1,
        0,
        3,
    )


def test_garbled_letters_are_never_sent(tmp_path: Path) -> None:
    recipients = read(tmp_path, "Ad;GSM\nGöktuÄŸ;05321234567\nBora;05331234567\nCem;05321234567\n")
    assert recipients.numbers == (BORA,)
    assert [(refused.row, "wrong encoding" in refused.reason.en) for refused in recipients.refused] == [(2, True)]
    assert column(recipients, "Ad") == ["Bora"]
    nobody = read(tmp_path, "Ad;GSM\nGöktuÄŸ;05321234567\n")
    assert (nobody.numbers, nobody.refused_count) == ((), 1)
    with pytest.raises(ListError, match="letters of the column names"):
        read(tmp_path, "MÃ¼ÅŸteri;GSM\nAyşe;05321234567\n")


def test_garbled_letters_in_a_column_that_is_not_used_do_no_harm(tmp_path: Path) -> None:
    text = "Şehir;GSM\nÄ°stanbul;05321234567\n"
    assert read(tmp_path, text, wanted=lambda columns: [1]).numbers == (AYSE,)
    assert read(tmp_path, text, wanted=None).numbers == ()


def test_a_row_refused_for_its_letters_leaves_its_number_to_a_later_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("iletimerkezi_mcp.lists.delimited.BATCH_ROWS", 1)
    recipients = read(tmp_path, "Ad;GSM\nGöktuÄŸ;05321234567\nCem;05321234567\n")
    assert (recipients.numbers, list(recipients.rows), recipients.duplicates) == ((AYSE,), [3], 0)


def test_columns_have_a_kind_their_longest_cell_and_their_empty_ones(tmp_path: Path) -> None:
    text = "Ad;GSM;Tarih;Tutar;Boş\nAyşe;05321234567;20/12/1978;1.250,50 TL;\nBora;05331234567;09 05 1979;12;\n;05341234567;;;\n"
    columns = read(tmp_path, text).columns
    assert [(column.name, column.letter, column.kind, column.longest, column.empty) for column in columns] == [
        ("Ad", "A", "text", 4, 1),
        ("GSM", "B", "number", 11, 0),
        ("Tarih", "C", "date", 10, 1),
        ("Tutar", "D", "amount", 11, 1),
        ("Boş", "E", "empty", 0, 3),
    ]
    assert columns[0].first_cells == ("Ayşe", "Bora")


def test_only_the_columns_that_were_asked_for_are_kept(tmp_path: Path) -> None:
    text = "Ad;GSM\nAyşe;05321234567\n"
    assert read(tmp_path, text, wanted=None).cells == {}
    kept = read(tmp_path, text, wanted=lambda columns: [c for c, column in enumerate(columns) if column.kind == "text"])
    assert kept.cells == {0: ["Ayşe"]}


def test_nothing_shows_a_cell_in_its_repr(tmp_path: Path) -> None:
    shown = repr(read(tmp_path, "Ad;GSM\nAyşe;05321234567\n"))
    assert "Ayşe" not in shown
    assert "5321234567" not in shown


def test_what_decides_who_gets_what_changes_the_digest(tmp_path: Path) -> None:
    text = "Ev Tel;GSM\n05321234567;05331234567\n"
    one = read(tmp_path, text, number_column="GSM")
    assert one.digest == read(tmp_path, text, number_column="gsm").digest
    assert one.digest != read(tmp_path, text, number_column="Ev Tel").digest
    assert one.digest != read(tmp_path, text, number_column="GSM", include_hidden=True).digest
    assert one.digest != read(tmp_path, text + "05321234567;05341234567\n", number_column="GSM").digest


def test_numbers_of_other_countries_are_taken_if_they_are_allowed(tmp_path: Path) -> None:
    text = "GSM\n+447911123456\n05321234567\n"
    assert read(tmp_path, text).refused_count == 1
    assert read(tmp_path, text, international=True).numbers == ("+447911123456", AYSE)


def test_only_the_first_refused_and_repeated_rows_are_named(tmp_path: Path) -> None:
    recipients = read(tmp_path, "GSM\n05321234567\n" + "123\n" * 30 + "05321234567\n" * 30)
    assert (recipients.refused_count, len(recipients.refused)) == (30, 20)
    assert (recipients.duplicates, len(recipients.repeated)) == (30, 20)


def test_rows_and_columns_have_a_limit_that_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ListError, match="more than 1,000 columns"):
        read(tmp_path, "GSM;" + ";".join(map(str, range(1_000_000))) + "\n05321234567\n")
    monkeypatch.setattr(module, "MAX_ROWS", 2)
    with pytest.raises(ListError, match="more than 2 rows"):
        read(tmp_path, "GSM\n05321234567\n05331234567\n")


def test_many_rows_are_read_in_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("iletimerkezi_mcp.lists.delimited.BATCH_ROWS", 7)
    text = "Ad;GSM\n" + "".join(f"Kişi {row};053{row:08}\n" for row in range(20_000_000, 20_003_000))
    recipients = read(tmp_path, text)
    assert len(recipients.numbers) == len(recipients.rows) == len(column(recipients, "Ad")) == 3_000
    assert (recipients.rows[-1], column(recipients, "Ad")[-1]) == (3_001, "Kişi 20002999")


async def test_cancelling_ends_the_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "liste.csv").write_text("GSM\n" + "05321234567\n" * 20)
    begun, cancelled, ended = asyncio.Event(), asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    real = module.read_recipients

    def slow(*arguments: object, check: object, **options: object) -> object:
        assert callable(check)
        asyncio.run_coroutine_threadsafe(_set(begun), loop).result(60)
        asyncio.run_coroutine_threadsafe(_wait(cancelled), loop).result(60)
        try:
            return real(*arguments, check=check, **options)  # type: ignore[arg-type]
        except ListError:
            loop.call_soon_threadsafe(ended.set)
            raise

    monkeypatch.setattr("iletimerkezi_mcp.lists.reading.read_recipients", slow)
    with anyio.fail_after(60):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(lambda: read_list(ListFolder(tmp_path), ListOptions("liste.csv"), international=False))
            await begun.wait()
            tasks.cancel_scope.cancel()
        cancelled.set()
        await ended.wait()


async def _set(event: asyncio.Event) -> None:
    event.set()


async def _wait(event: asyncio.Event) -> None:
    await event.wait()


def test_columns_are_lettered_as_in_a_sheet() -> None:
    assert [column_letter(index) for index in (0, 25, 26, 701, 702, 16_383)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]
    assert all(column_index(column_letter(index)) == index for index in range(0, 16_384, 37))
    assert column_index("xfd") == 16_383


def test_a_number_that_came_in_an_earlier_batch_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("iletimerkezi_mcp.lists.delimited.BATCH_ROWS", 2)
    numbers = [5321234560 + place for place in (0, 1, 2, 0, 3, 4, 3, 5, 6, 6)]
    recipients = read(tmp_path, "GSM\n9\n" + "".join(f"{number}\n" for number in numbers))
    assert recipients.numbers == tuple(f"+90{5321234560 + place}" for place in range(7))
    assert [(repeated.row, repeated.first) for repeated in recipients.repeated] == [(6, 3), (9, 7), (12, 11)]
    assert list(recipients.rows) == [3, 4, 5, 7, 8, 10, 11]


def test_garbled_names_of_columns_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ListError, match="column"):
        read(tmp_path, "MÃ¼ÅŸteri AdÄ±;GSM\nAyşe;05321234567\n")


def test_a_list_with_a_number_twice_is_never_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def add(reader: module._Reader, *_: object) -> bool:
        reader.numbers += [AYSE]
        return True

    monkeypatch.setattr("iletimerkezi_mcp.lists.delimited.BATCH_ROWS", 1)
    monkeypatch.setattr(module._Reader, "_add_together", add)
    with pytest.raises(RuntimeError, match="a number twice"):
        read(tmp_path, "GSM\n05321234567\n05331234567\n")
