"""The consents of a list: its columns, the words of its cells, and what is refused of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from iletimerkezi_mcp.lists.cells import UNCALCULATED
from iletimerkezi_mcp.lists.delimited import read_delimited
from iletimerkezi_mcp.lists.error import ListError
from iletimerkezi_mcp.lists.folder import ListFile
from iletimerkezi_mcp.lists.table import Batch, Table
from iletimerkezi_mcp.sms.clock import ISTANBUL
from iletimerkezi_mcp.tools.consent_list import ConsentList, ConsentReader
from tests.hosting import MONDAY

READER = ConsentReader("BIREYSEL", "MESAJ", international=False, now=MONDAY)
FILE = ListFile("izinler.csv", 0, MONDAY, held_open=False, content=b"")
HEADER = "Telefon;İzin Durumu;İzin Kaynağı;İzin Tarihi"


def read(text: str, reader: ConsentReader = READER, **table: Any) -> ConsentList:
    whole = read_delimited(text.encode(), None, international=reader.international)
    return reader.read(replace(whole, **table), FILE, lambda: None)


def row(
    phone: str = "05329998877", status: str = "ONAY", source: str = "HS_WEB", date: str = "20.11.2026 10:30"
) -> str:
    return f"{HEADER}\n{phone};{status};{source};{date}"


def reasons(consents: ConsentList) -> dict[int, str]:
    return {refused.row: refused.reason.en for refused in consents.refused}


def test_a_row_becomes_a_record_and_its_row_is_known() -> None:
    consents = read(f"Mağaza listesi\n\n{HEADER}\n0532 999 88 77;Onay;HS_WEB;20.11.2026 10:30:15\n;;;\n")
    (record,) = consents.records
    assert (record.recipient, record.recipient_type, record.channel) == ("+905329998877", "BIREYSEL", "MESAJ")
    assert (record.status, record.source) == ("ONAY", "HS_WEB")
    assert record.consent_date == datetime(2026, 11, 20, 10, 30, 15, tzinfo=ISTANBUL)
    assert (list(consents.rows), consents.header_row) == ([4], 3)
    assert consents.names == {
        "recipient": "Telefon",
        "status": "İzin Durumu",
        "source": "İzin Kaynağı",
        "consent_date": "İzin Tarihi",
    }
    assert (consents.days, consents.refused_count, consents.skipped) == (0, 0, 0)


@pytest.mark.parametrize(
    "header",
    [
        "GSM;Durum;Kaynak;Tarih",
        "phone;status;source;date",
        "Mobile Phone;Consent Status;Consent Source;Consent Date",
        "CEP TELEFONU;iys durumu;İYS KAYNAĞI;onay tarihi",
    ],
)
def test_columns_are_found_by_the_names_that_people_use(header: str) -> None:
    assert len(read(f"{header}\n05329998877;ONAY;HS_WEB;20.11.2026").records) == 1


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("Telefon;Durum;Tarih;x", "the source, HS_WEB for example (İzin Kaynağı, Kaynak, Source)"),
        ("Ad;Durum;Kaynak;Tarih", "the number (Telefon, GSM, Phone)"),
        ("Telefon;Durum;Kaynak;Tarih;İzin", "More than one column may be the one that is needed: “Durum”, “İzin”."),
        ("Telefon;Durum;Kaynak;Tarih;GSM", "More than one column may be the one that is needed: “Telefon”, “GSM”."),
    ],
)
def test_a_list_whose_columns_are_not_certain_is_not_read(header: str, message: str) -> None:
    with pytest.raises(ListError) as caught:
        read(f"{header}\n05329998877;ONAY;HS_WEB;20.11.2026{';05321112233' if header.count(';') > 3 else ''}\n")
    assert message in caught.value.reason.en


def test_a_list_without_a_header_is_not_read() -> None:
    rows = "05329998877;ONAY;HS_WEB;20.11.2026\n" * 200
    with pytest.raises(ListError, match="no row of column names with all that a consent needs"):
        read(rows)


def test_the_reading_may_be_ended() -> None:
    def stop() -> None:
        raise ListError("stopped")

    with pytest.raises(ListError, match="stopped"):
        READER.read(read_delimited(row().encode(), None, international=False), FILE, stop)


@pytest.mark.parametrize(
    ("written", "status"),
    [("ONAY", "ONAY"), ("Onay", "ONAY"), ("onaylı", "ONAY"), ("RET", "RET"), (" Ret ", "RET"), ("Red", "RET")],
)
def test_a_status_is_read_as_people_write_it(written: str, status: str) -> None:
    assert read(row(status=written)).records[0].status == status


@pytest.mark.parametrize("written", ["", "evet", "1", "izinsiz", "ONAY/RET", "ONAY?", "(onay)", "O\u0336NAY"])
def test_a_status_that_may_mean_anything_is_refused(written: str) -> None:
    assert reasons(read(row(status=written))) == {2: "has no status that can be read: ONAY or RET"}


@pytest.mark.parametrize(
    ("written", "source"),
    [
        ("hs_web", "HS_WEB"),
        ("Web", "HS_WEB"),
        ("Fiziksel Ortam", "HS_FIZIKSEL_ORTAM"),
        ("ÇAĞRI MERKEZİ", "HS_CAGRI_MERKEZI"),
        ("E-posta", "HS_EPOSTA"),
        ("Islak İmza", "HS_ISLAK_IMZA"),
    ],
)
def test_a_source_is_the_registrys_word_with_or_without_its_mark(written: str, source: str) -> None:
    assert read(row(source=written)).records[0].source == source


def test_a_source_that_the_registry_does_not_know_is_refused() -> None:
    assert reasons(read(row(source="Faks"))) == {2: "has no source that the registry knows, such as HS_WEB"}


@pytest.mark.parametrize(
    ("written", "read_as", "days"),
    [
        ("20.11.2026", "2026-11-20 00:00:00", 1),
        ("20/11/2026", "2026-11-20 00:00:00", 1),
        ("2026-11-20", "2026-11-20 00:00:00", 1),
        ("1.11.2026 9:05", "2026-11-01 09:05:00", 0),
        ("20.11.2026 10:30", "2026-11-20 10:30:00", 0),
        ("20.11.2026 10:30:15", "2026-11-20 10:30:15", 0),
        ("2026-11-20T10:30:00", "2026-11-20 10:30:00", 0),
        ("2026-11-20T07:30:00.123Z", "2026-11-20 10:30:00", 0),
        ("2026/11/20 10:30:00", "2026-11-20 10:30:00", 0),
    ],
)
def test_a_date_is_read_as_lists_hold_it(written: str, read_as: str, days: int) -> None:
    consents = read(row(date=written))
    assert f"{consents.records[0].consent_date:%Y-%m-%d %H:%M:%S}" == read_as
    assert consents.days == days


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("", "date must be a date like 20.11.2026 or 20.11.2026 10:30:00, with the day first"),
        ("46346", "date must be a date like 20.11.2026"),
        ("20.11.26", "date must be a date like 20.11.2026"),
        ("31.11.2026", "date is a date or time that does not exist"),
        ("24.11.2026", "date lies in the future"),
        ("30.04.2015", "date is before 2015-05-01 00:00:00"),
        ("20.11.2026 25:00", "date is a date or time that does not exist"),
    ],
)
def test_a_date_that_the_registry_would_refuse_is_refused_here(written: str, reason: str) -> None:
    assert reasons(read(row(date=written)))[2].startswith(reason)


def test_one_date_with_the_month_first_makes_all_of_them_doubtful() -> None:
    rows = "\n".join(f"053299988{n};ONAY;HS_WEB;{date}" for n, date in ((77, "11/05/2026"), (78, "11/20/2026")))
    with pytest.raises(ListError, match="Row 3 has a date with the month before the day"):
        read(f"{HEADER}\n{rows}")


@pytest.mark.parametrize(
    ("status", "source", "date", "reason"),
    [
        ("ONAY", "HS_KARAR", "20.11.2026", "source: HS_KARAR goes with RET only"),
        ("ONAY", "HS_2015", "20.11.2026", "date must be 2015-05-01 00:00:00 with source HS_2015"),
    ],
)
def test_a_row_keeps_the_rules_of_a_record(status: str, source: str, date: str, reason: str) -> None:
    assert reasons(read(row(status=status, source=source, date=date)))[2].startswith(reason)


def test_a_number_that_cannot_be_used_is_refused_and_a_row_without_one_skipped() -> None:
    consents = read(f"{HEADER}\n532123457;ONAY;HS_WEB;20.11.2026\n;ONAY;HS_WEB;20.11.2026\n;;;\n")
    assert list(reasons(consents)) == [2]
    assert reasons(consents)[2].startswith("recipient ")
    assert "532123457" not in str(consents.refused)
    assert (consents.skipped, consents.records) == (1, ())


def test_a_formula_without_a_value_is_refused() -> None:
    rows = [
        HEADER.split(";"),
        [UNCALCULATED, "ONAY", "HS_WEB", "20.11.2026"],
        ["05329998877", UNCALCULATED, "HS_WEB", "20.11.2026"],
    ]
    table = Table(kind="xlsx", batches=iter([Batch(range(1, 4), list(zip(*rows, strict=True)))]))
    assert reasons(READER.read(table, FILE, lambda: None)) == {
        2: "recipient has a formula without a value; open the file in Excel and save it",
        3: "has no status that can be read: ONAY or RET",
    }


def test_hidden_rows_and_columns_are_left_out() -> None:
    text = f"Durum;{HEADER}\nx;05329998877;ONAY;HS_WEB;20.11.2026\nx;05329998878;ONAY;HS_WEB;20.11.2026\n"
    consents = read(f"{HEADER}\n{text}", hidden_rows={1, 3}, hidden_columns={0})
    assert (list(consents.rows), consents.hidden) == ([4], 1)


def test_the_same_twice_is_one_record_and_a_contradiction_none() -> None:
    consents = read(
        f"{HEADER}\n"
        "05329998877;ONAY;HS_WEB;20.11.2026\n"
        "0532 999 88 77;Onay;web;20.11.2026 00:00:00\n"
        "05321112233;ONAY;HS_WEB;20.11.2026\n"
        "05321112233;RET;HS_WEB;21.11.2026\n"
    )
    assert (list(consents.rows), consents.duplicates, consents.refused_count) == ([2], 1, 2)
    assert set(reasons(consents)) == {4, 5}
    assert "says something else of the same recipient" in reasons(consents)[4]


def test_only_the_first_twenty_refused_rows_are_named() -> None:
    rows = "\n".join(f"05329998877;?{n};HS_WEB;20.11.2026" for n in range(30))
    consents = read(f"{HEADER}\n{rows}")
    assert (len(consents.refused), consents.refused_count) == (20, 30)


def test_addresses_are_recipients_of_e_mail_and_landlines_of_calls() -> None:
    mail = read(
        "E-posta;Durum;Kaynak;Tarih\nornek@example.com;ONAY;HS_WEB;20.11.2026\nayşe@example.com;ONAY;HS_WEB;20.11.2026",
        replace(READER, channel="EPOSTA"),
    )
    call = read(row(phone="0212 555 44 33"), replace(READER, channel="ARAMA"))
    assert [record.recipient for record in (*mail.records, *call.records)] == ["ornek@example.com", "+902125554433"]
    assert list(reasons(mail)) == [3]
    assert list(reasons(read(row(phone="0212 555 44 33")))) == [2]
    with pytest.raises(ListError, match="for EPOSTA the address"):
        read(row(), replace(READER, channel="EPOSTA"))


def test_a_row_of_another_type_or_channel_than_the_call_is_refused() -> None:
    consents = read(
        f"{HEADER};Alıcı Tipi;Kanal\n"
        "05329998871;ONAY;HS_WEB;20.11.2026;Bireysel;SMS\n"
        "05329998872;ONAY;HS_WEB;20.11.2026;TACİR;MESAJ\n"
        "05329998873;ONAY;HS_WEB;20.11.2026;;Arama\n"
        "05329998874;ONAY;HS_WEB;20.11.2026;;\n"
    )
    assert list(consents.rows) == [2, 5]
    assert reasons(consents) == {
        3: "is of another recipient type or channel than this call",
        4: "is of another recipient type or channel than this call",
    }
