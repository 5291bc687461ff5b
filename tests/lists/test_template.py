"""Templates: which fields a text has, and what is never sent as it stands."""

from __future__ import annotations

import pytest

from iletimerkezi_mcp.lists.template import Template, TemplateError, parse_template

COLUMNS = ("Ad Soyad", "GSM", "Öğrenci Adı", "TUTAR", "İl", "", "%")


@pytest.mark.parametrize(
    ("written", "column"),
    [
        ("{Ad Soyad}", 0),
        ("{ad soyad}", 0),
        ("{ADSOYAD}", 0),
        ("{ ad_soyad }", 0),
        ("{ogrenci_adi}", 2),
        ("{ÖĞRENCİ ADI}", 2),
        ("{Tutar}", 3),
        ("{il}", 4),
        ("{IL}", 4),
        ("{İL}", 4),
        ("{%}", 6),
    ],
)
def test_a_field_means_the_column_that_reads_the_same(written: str, column: int) -> None:
    template = parse_template(f"Sayın {written}.", COLUMNS)
    assert [field.column for field in template.fields] == [column]
    assert template.literals == ("Sayın ", ".")
    assert template.bare == "Sayın ."
    assert template.text == f"Sayın {written}."


def test_rows_are_filled_as_they_are_written() -> None:
    template = parse_template("%20 {ad soyad}, {Tutar} TL ({ad soyad})", COLUMNS[:4])
    assert template.columns == (0, 3)
    cells = {0: ["Ayşe %s", "{Tutar}"], 3: ["1.250,50", "i\u0307"]}
    assert template.fill(cells) == ["%20 Ayşe %s, 1.250,50 TL (Ayşe %s)", "%20 {Tutar}, i TL ({Tutar})"]


def test_a_text_without_fields_is_itself() -> None:
    assert parse_template("Kapalıyız. :{ (bilgi) [1] #ad %20 {", COLUMNS) == Template(
        "Kapalıyız. :{ (bilgi) [1] #ad %20 {", ("Kapalıyız. :{ (bilgi) [1] #ad %20 {",)
    )


@pytest.mark.parametrize("written", ["{soyad}", "{}", "{ }", "{0}", "{2,3}", "{Ad Soyad:s}", "{Vade} {Vade}"])
def test_a_field_that_no_column_has_is_refused_with_the_columns(written: str) -> None:
    with pytest.raises(TemplateError) as raised:
        parse_template(f"Sayın {written}", COLUMNS)
    assert written.split("}")[0] + "}" in raised.value.reason.en
    assert raised.value.reason.en.count("“{") == 1
    assert "“Ad Soyad”, “GSM”, “Öğrenci Adı”, “TUTAR”, “İl” and 1 more" in raised.value.reason.en


def test_a_list_without_names_has_no_field() -> None:
    with pytest.raises(TemplateError, match="none with a name"):
        parse_template("Sayın {Ad}", ("",))


@pytest.mark.parametrize(
    "written",
    [
        "[Ad Soyad]",
        "[[ad soyad]]",
        "(Ad Soyad)",
        "((adsoyad))",
        "<ad soyad>",
        "<<Ad Soyad>>",
        "«Ad Soyad»",
        "‹Ad Soyad›",
        "｛Ad Soyad｝",
        "【Ad Soyad】",
        "{{Ad Soyad}}",
        "{{ ad soyad }}",
        "${Ad Soyad}",
        "#{adsoyad}",
        "%Ad Soyad%",
        "#ad soyad#",
        "##AdSoyad##",
        "@adsoyad@",
        "__ad_soyad__",
        "*Ad Soyad*",
        "$adsoyad",
        "{Ad Soyad, merhaba",
        "{Ad Soyad",
        "Ad Soyad}",
    ],
)
def test_a_column_in_any_other_form_is_refused_with_the_right_one(written: str) -> None:
    with pytest.raises(TemplateError) as raised:
        parse_template(f"Sayın {written}", COLUMNS)
    assert "{Ad Soyad}" in raised.value.reason.en
    assert "not filled in" in raised.value.reason.en


def test_two_columns_that_read_the_same_are_told_apart_by_their_exact_name_only() -> None:
    columns = ("Ad", "AD", "Borç", "borc", "Borç")
    assert parse_template("{AD}", columns).columns == (1,)
    for field in ("{ad}", "{Borç}"):
        with pytest.raises(TemplateError, match="columns of the list could mean"):
            parse_template(field, columns)
