"""Which row is the header, and which column holds the numbers."""

from __future__ import annotations

import pytest

from iletimerkezi_mcp.lists.error import ListError
from iletimerkezi_mcp.lists.layout import Layout, NoNumberColumnError, find_layout, is_number_name

A, B = "0532 123 45 67", "0533 123 45 67"


def layout(*rows: list[str], column: str | None = None, hidden: frozenset[int] = frozenset()) -> Layout:
    return find_layout(rows, column, hidden, international=False)


@pytest.mark.parametrize(
    "name",
    [
        "Telefon",
        "Telefon No",
        "TELEFON NUMARASI",
        "Tel",
        "Tel.",
        "Cep",
        "Cep Tel",
        "CEP TELEFONU",
        "Cep Telefonu (GSM)",
        "GSM",
        "Gsm No",
        "gsm_no",
        "Mobil",
        "Müşteri Telefon",
        "Fatura Telefon",
        "Veli Cep Tel",
        "Phone",
        "phone_number",
        "Mobile",
        "MSISDN",
        "Numara",
        "Alıcı",
        "Telefon2",
        "İŞ TELEFONU",
        "CepTel",
    ],
)
def test_what_people_call_the_number_column_is_known(name: str) -> None:
    assert is_number_name(name)


@pytest.mark.parametrize(
    "name", ["", "Ad", "Otel", "Hotel", "Motel Adı", "Recep", "Fatura Numarası", "Cephe", "Tel yok", "t" * 90]
)
def test_other_names_are_not_taken_for_it(name: str) -> None:
    assert not is_number_name(name)


def test_the_header_is_the_first_row_with_a_known_name_and_a_number_below() -> None:
    assert layout(["Telefon listesi"], ["01.11.2026", ""], ["Ad", "GSM"], ["Ayşe", A]) == Layout(2, 1, is_named=True)
    merged = ["GSM listesi"] * 3
    assert layout(merged, ["Ad", "GSM", "Borç"], ["Bora", B, "5"]) == Layout(1, 1, is_named=True)


@pytest.mark.parametrize("name", ["GSM", "İletişim"])
def test_people_without_a_number_at_the_top_are_not_taken_for_names(name: str) -> None:
    rows = (
        ["Ad", name, "Borç"],
        ["Cem", "whatsapp" if name == "GSM" else "tel yok", "250"],
        ["Deniz", "-", ""],
        ["Ayşe", A, "5"],
        *[["Bora", B, "5"]] * 3,
    )
    assert layout(*rows).header == 0
    assert layout(*rows, column="B").header == 0
    assert layout(*rows, column=name).header == 0


def test_a_known_name_without_a_usable_number_is_taken_if_there_is_nothing_else() -> None:
    assert layout(["Ad", "GSM"], ["Ayşe", "5,32E+09"]) == Layout(0, 1, is_named=True)


def test_without_a_known_name_the_only_column_with_numbers_is_taken() -> None:
    assert layout([A], [B]) == Layout(None, 0, is_named=False)
    assert layout(["Ad", "İletişim"], ["Ayşe", A], ["Bora"]) == Layout(0, 1, is_named=False)
    assert layout(["", "12345"], ["Ayşe", A]) == Layout(None, 1, is_named=False)
    assert layout(["x"], ["Ayşe", A]) == Layout(None, 1, is_named=False)


def test_a_column_with_few_numbers_is_asked_for_unless_its_name_says_so() -> None:
    rows = ["Cem", "1234567890"], ["Bora", "2345678901"], ["Ayşe", "5321234567"]
    with pytest.raises(ListError, match=r"not certain .* the first 4 rows: “Vergi No” 1\."):
        layout(["Firma", "Vergi No"], *rows)
    assert layout(["Firma", "Vergi No"], *rows, column="Vergi No") == Layout(0, 1, is_named=True)
    assert layout(["Firma", "Tel"], *rows) == Layout(0, 1, is_named=True)


def test_a_column_with_a_number_now_and_then_is_not_preferred() -> None:
    rows = [["1", A], ["5321234567", B], ["3", A]]
    assert layout(*rows).number_column == 1
    assert layout(["Ayşe"], ["Bora"], [A]).number_column == 0


def test_several_columns_are_asked_for_by_name() -> None:
    with pytest.raises(ListError, match=r"the first 3 rows: “Ev Tel” 1, “Cep” 2\. .* number_column") as refused:
        layout(["Ev Tel", "Cep"], [A, B], ["", B])
    assert refused.value.reason.for_person().en.endswith(" Give one with --number-column.")
    with pytest.raises(ListError, match="A 2, B 2"):
        layout([A, B], [B, A])
    with pytest.raises(ListError, match=r"“İlk” 2, B 2"):
        layout(["İlk"], [A, B], [B, A])


def test_two_columns_of_one_name_are_refused() -> None:
    with pytest.raises(ListError, match=r"More than one column is called “GSM”: A, C"):
        layout(["GSM", "Ad", "gsm"], [A, "Ayşe", B])
    with pytest.raises(ListError, match=r"More than one column is called “g.s.m”: A, C"):
        layout(["GSM", "Ad", "gsm"], [A, "Ayşe", B], column="g.s.m")


def test_the_column_may_be_named_or_given_by_its_letter() -> None:
    rows = ["Ev Tel", "Cep", "Ek"], [A, B, ""]
    assert layout(*rows, column="cep") == Layout(0, 1, is_named=True)
    assert layout(*rows, column="a") == Layout(0, 0, is_named=True)
    assert layout([A, B], [B, A], column="B") == Layout(None, 1, is_named=True)
    assert layout(["x", "y"], column="B") == Layout(None, 1, is_named=True)
    assert layout(["GSM", "Ad", "gsm"], [A, "Ayşe", B], column="gsm") == Layout(0, 2, is_named=True)


@pytest.mark.parametrize("name", ["Faks", "Z", "!"])
def test_a_column_that_is_not_there_is_answered_with_those_that_are(name: str) -> None:
    with pytest.raises(ListError, match=r"“Ev Tel”, “Cep”"):
        layout(["Başlık", ""], ["Ev Tel", "Cep"], [A, B], column=name)


def test_a_cell_of_a_person_is_no_name_of_a_column() -> None:
    rows = ["Ad", "Şube", "Sınıf", "Veli Tel"], ["Ayşe", "D", "3", A], ["Bora", "C", "4", B]
    assert layout(*rows, column="D") == Layout(0, 3, is_named=True)
    for cell in ("Ayşe", A):
        with pytest.raises(ListError, match="its columns are “Ad”, “Şube”, “Sınıf”, “Veli Tel”"):
            layout(*rows, column=cell)


def test_a_row_above_a_number_is_no_header_if_it_holds_another() -> None:
    people = ["Ayşe", "+49 151 12345678", "yok"], ["Cem", A, "yok"], ["Bora", B, A]
    assert layout(["Ad", "Cep", "Ev"], *people, column="C") == Layout(0, 2, is_named=True)
    assert layout(*people, column="C") == Layout(None, 2, is_named=True)
    with pytest.raises(ListError, match=r"not certain .*: B 1, C 2"):
        layout(["Ayşe", A, "Tel"], ["Bora", "", B], ["Cem", "", A])
    with pytest.raises(ListError, match="its columns are A, B, C"):
        layout(*people, column="Ayşe")
    assert layout(["yok", A], [A, "x"], [B, "x"], [B, "x"]) == Layout(None, 0, is_named=False)


def test_a_row_is_quoted_only_if_it_is_above_numbers() -> None:
    for rows in (["Ayşe", A], ["Bora", B]), (["KEY=canary", "x"], ["y", "z"]):
        with pytest.raises(ListError, match="its columns are A, B"):
            layout(*rows, column="Telefon")
    with pytest.raises(ListError, match="its columns are A"):
        layout(column="Telefon")
    with pytest.raises(NoNumberColumnError):
        layout(["Sayın müdürüm,"], ["tel numarası 123"])


@pytest.mark.parametrize("cell", ["", "-", "yok", "Tel yok", "?"])
def test_a_person_without_a_number_above_the_others_is_not_quoted(cell: str) -> None:
    people = ["Ayşe", "Ankara", cell], ["Bora", "x", B], ["Cem", "y", A]
    assert layout(*people) == Layout(None, 2, is_named=False)
    with pytest.raises(ListError, match="its columns are A, B, C"):
        layout(*people, column="Telefon")


def test_hidden_columns_are_not_looked_at() -> None:
    assert layout(["Ev Tel", "Cep"], [A, B], hidden=frozenset({0})).number_column == 1
    with pytest.raises(NoNumberColumnError, match="1 are hidden"):
        layout(["Ad", "GSM"], ["Ayşe", A], hidden=frozenset({1}))


def test_a_list_without_numbers_says_so() -> None:
    with pytest.raises(NoNumberColumnError, match="no column with mobile numbers"):
        layout(["Ad"], ["Ayşe"])
    with pytest.raises(NoNumberColumnError):
        layout()
