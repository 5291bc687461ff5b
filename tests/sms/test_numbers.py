from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iletimerkezi_mcp.sms.escape import escape
from iletimerkezi_mcp.sms.masking import mask_in_text
from iletimerkezi_mcp.sms.numbers import (
    NumberError,
    PhoneNumber,
    Recipients,
    RejectedEntry,
    RepeatedEntry,
    digest_of_recipients,
    mask,
    parse_number,
    parse_numbers,
)

CANONICAL = PhoneNumber("+905321234567")


@pytest.mark.parametrize(
    "spelling",
    [
        "905321234567",
        "+905321234567",
        "5321234567",
        "00905321234567",
        "+90 532 123 45 67",
        "0 (532) 123 45 67",
        "(0532) 123 45 67",
        "(+90) 532 123 45 67",
        "+90 (0)532 123 45 67",
        "0532-123-45-67",
        "0.532.123.45.67",
        "0532/123 45 67",
        "[0532] 1234567",
        "0532\u2013123\u201445\u221267",
        "0532\u00a0123\u202f45\u200967",
        "\t0532 123 45 67\r\n",
        "0532 123 45 67.",
        "\u202d+90 532 123 45 67\u202c",
        "\u2066+905321234567\u2069",
        "\ufeff05321234567\u200e",
        "0532\u200b1234567",
        "０５３２１２３４５６７",
        "＋９０（５３２）１２３４５６７",
        "٠٥٣٢١٢٣٤٥٦٧",
        "0532·123·45·67",
        "905321234567,0",
        "905321234567.00",
        "5321234567.0",
        "'05321234567",
        "’+905321234567’",
        "tel:+905321234567",
        "Tel: 0532 123 45 67",
        "sms:+905321234567",
        "0532 123 45 67;",
        "0532 123 45 67, ",
        '="05321234567"',
        "'905321234567,00 ;",
    ],
)
def test_every_spelling_of_a_number_has_one_canonical_form(spelling: str) -> None:
    assert parse_number(spelling) == parse_number(spelling, international=True) == CANONICAL


@pytest.mark.parametrize("prefix", ["501", "516", "522", "539", "542", "559", "561"])
def test_mobile_ranges_are_taken_beyond_those_of_the_contract(prefix: str) -> None:
    assert parse_number(f"0{prefix}0000099") == f"+90{prefix}0000099"


@pytest.mark.parametrize(
    ("raw", "beginning"),
    [
        ("", "has no digits"),
        (" \u200e ", "has no digits"),
        ("+", "has no digits"),
        ("112", "is too short, perhaps a short code"),
        ("444 0 532", "is too short: a Turkish mobile number has 10 digits from the 5 on and this one 7"),
        ("0532 123 45 6", "is too short: a Turkish mobile number has 10 digits from the 5 on and this one 9"),
        ("+90", "is too short, perhaps a short code"),
        ("9053212345", "is not a Turkish mobile number"),
        ("0532 123 45 678", "is too long for a Turkish number"),
        ("0532 123 45 67 / 68", "is too long for a Turkish number"),
        ("4917212345678", "is too long for a Turkish number"),
        ("0212 123 45 67", "is not a Turkish mobile number"),
        ("0850 123 45 67", "is not a Turkish mobile number"),
        ("0572 123 45 67", "is not a Turkish mobile number"),
        ("0090 599 999 99 99", "is not a Turkish mobile number"),
        ("532123456.0", "looks like a decimal number from a spreadsheet"),
        ("5321234567.5", "looks like a decimal number from a spreadsheet"),
        ("905321234567,5", "looks like a decimal number from a spreadsheet"),
        ("5,32E+09", "is in a spreadsheet's short form, which has lost its last digits"),
        ("9,05321E+11", "is in a spreadsheet's short form, which has lost its last digits"),
        ("9E+11", "is in a spreadsheet's short form, which has lost its last digits"),
        ("05321234567;05331234567", "seems to hold several numbers"),
        ("tel:05321234567;ext=5", "has an extension"),
        (";", "has no digits"),
        ("0532 123 45 6O", "holds letters or signs"),
        ("*532*1234567#", "holds letters or signs"),
        ("0532\u202e1234567", "holds letters or signs"),
        ("0532123456\u00b2", "holds letters or signs"),
        ("0532 +90 1234567", "holds letters or signs"),
        ("\ud8005321234567", "holds letters or signs"),
        ("0532 123 45 67 x12", "has an extension"),
        ("053x1112233", "holds letters or signs"),
        ("0532 123 45 67 dahili 5", "has an extension"),
        ("0532 123 45 67 #5", "has an extension"),
        ("05321234567, 05331234567", "seems to hold several numbers"),
        ("0532 555 66 04 - 0212 555 66 04", "seems to hold several numbers"),
        ("0532 123 45 67 / 0533 123 45 67", "seems to hold several numbers"),
        ("+90 532 123 45 67 +90 533 123 45 67", "seems to hold several numbers"),
        ("0532 123 45 67 ve 0533 123 45 67", "seems to hold several numbers"),
        ("+0532 123 45 67", "must have a country code"),
        ("+00905321234567", "must have a country code"),
    ],
)
def test_what_is_no_mobile_number_is_refused_with_what_to_do(raw: str, beginning: str) -> None:
    for international in (False, True):
        with pytest.raises(NumberError) as refused:
            parse_number(raw, international=international)
        assert refused.value.reason.en.startswith(beginning)
        assert refused.value.reason.tr
        assert str(refused.value) == refused.value.reason.en


@pytest.mark.parametrize(
    ("raw", "canonical"),
    [
        ("+49 172 1234567", "+491721234567"),
        ("0049-172-1234567", "+491721234567"),
        ("+44 (20) 7946.0958", "+442079460958"),
        ("+1 5551234", "+15551234"),
        ("+5321234567", "+5321234567"),
        ("＋４９１７２１２３４５６７", "+491721234567"),
    ],
)
def test_another_country_needs_abroad_mode(raw: str, canonical: str) -> None:
    assert parse_number(raw, international=True) == canonical
    with pytest.raises(NumberError) as refused:
        parse_number(raw)
    assert "ILETIMERKEZI_ABROAD=1" in refused.value.reason.en
    assert "ILETIMERKEZI_ABROAD=1" in refused.value.reason.tr
    assert "Settings > SMS > Abroad" in refused.value.reason.en


@pytest.mark.parametrize(
    ("raw", "beginning"),
    [
        ("+44 (0)20 7946 0958", "may be read in two ways"),
        ("+44 （٠） 20 7946 0958", "may be read in two ways"),
        ("+49 172 1234567/8", "may be read in two ways"),
        *(
            (raw, "has a digit after its country code that is dialled only inside that country")
            for raw in [
                "+44 07911 123456",
                "+44 (07911) 123456",
                "+44-0-7911-123456",
                "0044 0 7911 123456",
                "0044 00 7911 123456",
                "+4907911123456",
                "+358 040 1234567",
                "+1 0 212 555 0100",
                "+1 1 212 555 0100",
                "+7 8 912 345 67 89",
                "+36 06 30 123 4567",
                "+370 8 612 34567",
                "+375 8 029 123 45 67",
                "+52 1 55 1234 5678",
                "+996 0555 123456",
            ]
        ),
        *(
            (raw, "may be a Turkish number with a wrong beginning")
            for raw in ["0 0532 123 45 67", "00532 123 45 67", "00 0532 123 45 67", "00(532)1234567", "+542 123 45 67"]
        ),
        ("+49 172 123456.0", "looks like a decimal number"),
        ("+49 1234", "has 6 digits after the +"),
        ("+4917212345678901", "has 16 digits after the +"),
    ],
)
def test_a_foreign_number_is_never_guessed(raw: str, beginning: str) -> None:
    with pytest.raises(NumberError) as refused:
        parse_number(raw, international=True)
    assert refused.value.reason.en.startswith(beginning)


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        (["+44 7911 123456", "0044 7911-123456", "00 44 7911 123456"], "+447911123456"),
        (["+39 06 698 12345", "0039 06 69812345"], "+390669812345"),
        (["+225 07 01 23 45 67"], "+2250701234567"),
        (["+226 07 01 23 45"], "+22607012345"),
        (["+229 01 97 01 23 45"], "+2290197012345"),
        (["+241 06 01 23 45"], "+24106012345"),
        (["+242 06 612 3456"], "+242066123456"),
        (["+378 0549 123456"], "+3780549123456"),
        (["+992 00 123 4567"], "+992001234567"),
        (["+7 701 123 45 67"], "+77011234567"),
        (["+20 10 0123 4567"], "+201001234567"),
        (["+34 800 123 456"], "+34800123456"),
        (["+53 5212 3456"], "+5352123456"),
        (["+501 602 1234"], "+5016021234"),
        (["+90 0532 123 45 67", "0090 0 532 123 45 67", "+90 (0532) 123 45 67", "90 0532 1234567"], CANONICAL),
    ],
)
def test_one_person_abroad_has_one_number_and_a_zero_that_is_a_part_of_it_stays(
    written: list[str], canonical: str
) -> None:
    assert parse_numbers(written, international=True).numbers == (canonical,)


@pytest.mark.parametrize("raw", ["0 0212 123 45 67", "000212 123 45 67"])
def test_a_landline_with_a_zero_too_many_is_not_taken_for_another_countrys(raw: str) -> None:
    with pytest.raises(NumberError, match="may be a Turkish number"):
        parse_number(raw, international=True, landline=True)


def test_a_zero_too_many_is_told_as_such_without_abroad_mode() -> None:
    with pytest.raises(NumberError, match="may be a Turkish number"):
        parse_number("0 0532 123 45 67")


SEPARATORS = st.text("  -.()/\u00a0\u2013\u200e", max_size=2)
MOBILES = st.from_regex(r"5[0-6][0-9]{8}", fullmatch=True)


@st.composite
def spellings(draw: st.DrawFn) -> tuple[str, str]:
    """A mobile number's ten digits, and one way to write it."""
    digits = draw(MOBILES)
    prefix = draw(st.sampled_from(["", "0", "90", "+90", "0090", "+90(0)", "900"]))
    # The last two digits stay together: a full stop before a last single one marks a decimal number.
    pieces = [prefix, *digits[:-2], digits[-2:]]
    return digits, "".join(piece + draw(SEPARATORS) for piece in pieces)


@given(spellings())
def test_no_digit_is_ever_lost(spelling: tuple[str, str]) -> None:
    digits, written = spelling
    assert parse_number(written) == "+90" + digits


@given(st.text("0123456789+ -.()/x", max_size=20), st.booleans())
def test_whatever_is_accepted_keeps_its_digits_and_is_its_own_canonical_form(raw: str, international: bool) -> None:
    try:
        number = parse_number(raw, international=international)
    except NumberError:
        return
    assert re.fullmatch(r"\+[1-9][0-9]{7,14}", number)
    assert parse_number(number, international=international) == number
    written = re.sub(r"\D", "", raw)
    assert written.endswith(number[3:])
    assert written.removesuffix(number[3:]) in {
        "",
        "0",
        "00",
        "90",
        "900",
        "0090",
        "00900",
        number[1:3],
        "00" + number[1:3],
    }


@given(st.text(max_size=20), st.booleans())
def test_any_text_is_a_number_or_refused(raw: str, international: bool) -> None:
    recipients = parse_numbers([raw], international=international)
    assert len(recipients.numbers) + len(recipients.rejected) == 1
    assert all(re.fullmatch(r"\+[1-9][0-9]{7,14}", number) for number in recipients.numbers)
    assert all(entry.reason.en != entry.reason.tr for entry in recipients.rejected)


def test_a_list_is_made_canonical_in_order_and_duplicates_are_counted() -> None:
    raws = ["0533 000 00 99", "905321234567", "+90 532 123 45 67", "5330000099", "05321234567"]
    assert parse_numbers(raws) == Recipients(
        numbers=(PhoneNumber("+905330000099"), CANONICAL),
        duplicates=3,
        repeated=(
            RepeatedEntry(2, 1, CANONICAL),
            RepeatedEntry(3, 0, PhoneNumber("+905330000099")),
            RepeatedEntry(4, 1, CANONICAL),
        ),
        rejected=(),
        rejected_count=0,
    )


def test_rejected_entries_are_described_with_their_position_and_do_not_hide_the_others() -> None:
    with pytest.raises(NumberError) as refused:
        parse_number("0212 123 45 67")
    landline = refused.value.reason
    assert parse_numbers(
        ["5321234567", "0212\u00a01234567\x1b", "0212 123 45 67", "+491721234567"], international=True
    ) == Recipients(
        numbers=(CANONICAL, PhoneNumber("+491721234567")),
        duplicates=0,
        repeated=(),
        rejected=(
            RejectedEntry(
                1,
                "0212\u00a01234567\x1b",
                replace(
                    landline,
                    en="holds letters or signs that belong to no phone number; write it like +905321234567",
                    tr="telefon numarasında bulunmayan harf ya da işaretler içeriyor; +905321234567 gibi yazın",
                ),
            ),
            RejectedEntry(2, "0212 123 45 67", landline),
        ),
        rejected_count=2,
    )


def test_of_many_refused_entries_five_are_described_and_all_are_counted() -> None:
    recipients = parse_numbers(["x" * 1000] * 50_000)
    assert recipients.numbers == ()
    assert recipients.duplicates == 0
    assert recipients.rejected_count == 50_000
    assert [entry.position for entry in recipients.rejected] == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("raw", ["0532 123 45 67" + " " * 51, "\u0660" * 65, "+" * 65])
def test_an_entry_of_more_than_sixty_four_characters_is_rejected(raw: str) -> None:
    with pytest.raises(NumberError, match="is too long for a phone number"):
        parse_number(raw, international=True)
    assert parse_number("0532 123 45 67" + " " * 50) == CANONICAL


@pytest.mark.parametrize("filling", [",", "x", " ", "1,", "1#", "(0"])
def test_an_endless_entry_is_refused_like_a_short_one(filling: str) -> None:
    recipients = parse_numbers(["1" + filling * 200_000])
    assert (recipients.numbers, recipients.rejected_count) == ((), 1)


def test_fifty_thousand_numbers_in_two_spellings_are_fifty_thousand_recipients_once() -> None:
    canonical = [f"+9053{index:08d}" for index in range(25_000)]
    messy = [f"0 (53{number[5]}) {number[6:9]} {number[9:11]}-{number[11:]}" for number in canonical]
    recipients = parse_numbers(messy + canonical)
    assert recipients.numbers == tuple(canonical)
    assert recipients.duplicates == 25_000
    assert [entry.position for entry in recipients.repeated] == [25_000, 25_001, 25_002, 25_003, 25_004]


def test_places_of_duplicates_count_the_rejected_entries_too() -> None:
    recipients = parse_numbers(["x", CANONICAL, "x", "05321234567"])
    assert recipients.repeated == (RepeatedEntry(3, 1, CANONICAL),)


@pytest.mark.parametrize(
    ("raw", "canonical"),
    [("+491721234567,00", "+491721234567"), ("+491721234567890.0", "+491721234567890"), ("49172.00", None)],
)
def test_a_decimal_number_is_read_if_it_has_one_reading(raw: str, canonical: str | None) -> None:
    assert parse_numbers([raw], international=True).numbers == ((canonical,) if canonical else ())


def test_a_full_stop_that_may_be_between_two_digits_is_not_taken_for_a_decimal_one() -> None:
    with pytest.raises(NumberError, match="looks like a decimal number from a spreadsheet"):
        parse_number("+491721234567.00", international=True)
    assert parse_number("053212345.00") == "+905321234500"


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("+905330000099", "+90533*****99"),
        ("905330000099", "90533*****99"),
        ("+491721234567", "+49172*****67"),
        ("+15551234", "+1*****34"),
        ("+123456789012345", "+12345********45"),
        ("1234567", "*****67"),
        ("123456", "******"),
        ("", ""),
    ],
)
def test_a_masked_number_keeps_its_beginning_and_its_last_two_digits(number: str, masked: str) -> None:
    assert mask(number) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("0533-000-00-99", "0533-***-**-99"),
        ("0533.000.00.99", "0533.***.**.99"),
        ("(0533) 000 00 99", "(0533) *** ** 99"),
        ("+90 533 000 00 99", "+90 533 *** ** 99"),
        ("0090 533 0000099", "0090 533 *****99"),
        ("90 (533) 000/00/99", "90 (533) ***/**/99"),
        ("+90533111 22 99", "+90533*** ** 99"),
        ("0533\u00a0000\u201100\u201099", "0533\u00a0***\u2011**\u201099"),
        ("\u200e0533\u200b000\u00ad00 99", "\u200e0533\u200b***\u00ad** 99"),
        ("\uff10\uff15\uff13\uff13 \uff10\uff10\uff10 00 99", "\uff10\uff15\uff13\uff13 *** ** 99"),
        (escape("0533\u00a0000\t00\u200b99"), r"0533\u00a0***\u0009**\u200b99"),
        ("Ali (tel:0533 000 00 99), Ayşe 532.1112233!", "Ali (tel:0533 *** ** 99), Ayşe 532.*****33!"),
        ("05331112299,05321112233", "0533*****99,0532*****33"),
        ("To +905331112299 3 parts", "To +90533*****99 3 parts"),
        ("To +4915112345678 3 parts", "To +49151******78 3 parts"),
        ("+49 151 1234567, 0049 151 1234567", "+49 151 *****67, 0049 151 *****67"),
        ("+49123456 78", "+491***** 78"),
        ("0212 555 12 34, 0850 123 45 67, +90 (312) 555 12 34", "0212 *** ** 34, 0850 *** ** 67, +90 (312) *** ** 34"),
        ("order 312891248 to 0533 000 00 99", "order 312891248 to 0533 *** ** 99"),
        ("Tel:00491511234599, sms:0049 151 1234599", "Tel:0049151*****99, sms:0049 151 *****99"),
        ("Tel.00491511234599, x,00 49 151 1234599", "Tel.0049151*****99, x,00 49 151 *****99"),
        ("1,00491511234599; 5:00491511234599", "1,0049151*****99; 5:0049151*****99"),
        ("00491511234599,00447911123456", "0049151*****99,0044791*****56"),
        ("00447911123456:00491511234599.0049*151*1234599", "0044791*****56:0049151*****99.0049*151******99"),
    ],
)
def test_a_number_in_a_text_is_masked_in_whatever_spelling(text: str, masked: str) -> None:
    assert mask_in_text(text) == masked


_BLANKS = "\u00a0\u1680\u2003\u2800\u3000\u3164\u180e\u200b\u2060\u202e\u0332\ufe0f\u20e3"


@pytest.mark.parametrize(
    "sign", [*"_,:*'|;~=·•\"`´’“”«»/\\^&%@!?<>{}#", *_BLANKS, "\ufe0f\u20e3", "|\u3000", " : ", " | ", "--", "%20", "+"]
)
@pytest.mark.parametrize(
    ("written", "masked"),
    [
        ("0533 000 00 99", "0533 *** ** 99"),
        ("+90 533 000 00 99", "+90 533 *** ** 99"),
        ("90 533 0000099", "90 533 *****99"),
        ("533 000 00 99", "533 *** ** 99"),
        ("533 0000099", "533 *****99"),
        ("0 5 3 3 0 0 0 0 0 9 9", "0 5 3 3 * * * * * 9 9"),
        ("0212 555 12 34", "0212 *** ** 34"),
        ("+44 7911 123456", "+44 791* ****56"),
        ("0044 7911 123456", "0044 791* ****56"),
    ],
)
def test_a_number_is_masked_whatever_signs_are_between_its_digits(sign: str, written: str, masked: str) -> None:
    spelt = mask_in_text(f"Tel {written.replace(' ', sign)}!")
    visible = f"Tel {masked.replace('*', '').replace(' ', sign)}!".replace("*", "")
    if "%" in sign:
        # Where the digits behind it may belong to it or not, both are hidden.
        visible = visible.replace("%20", "%")
        spelt = spelt.replace("%20", "%")
        assert len(re.sub(r"\D", "", spelt)) <= len(re.sub(r"\D", "", visible))
        return
    assert spelt.replace("*", "") == visible
    assert mask_in_text(escape(f"Tel {written.replace(' ', sign)}!")).count("*") >= spelt.count("*")


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("0533, 000, 00, 99", "0533, ***, **, 99"),
        ("id;0533*000*00*99", "id;0533********99"),
        ("⓪⑤③③⓪⓪⓪⓪⓪⑨⑨, ⁰⁵³³ ⁰⁰⁰⁰⁰⁹⁹", "⓪⑤③③*****⑨⑨, ⁰⁵³³ *****⁹⁹"),
        ("iletimerkezi://x/%2B44%207911%20123456", "iletimerkezi://x/%2B44%20791*%20****56"),
        ("x/0533%0A000%0a00%0D%0A99 x/0533%09000%090099", "x/0533%0A***%0a**%0D%0A99 x/0533%09***%09**99"),
        ("x/0533%C2%A0000%c2%a000%E2%80%9399", "x/0533%C2%A0***%c2%a0**%E2%80%9399"),
        ("x/0533+000+00+99, 0533++0000099, (0533)+000+00+99", "x/0533+***+**+99, 0533++*****99, (0533)+***+**+99"),
        ("0533%200%00%99, 0533%000%00%99", "0533%***%**%99, 0533%***%**%99"),
        ("x/0533%C3%BC000 00 99, x/0533%FF0000099", "x/0533%C3%BC000 00 99, x/0533%FF*****99"),
        ("0533*000*00*99+905330000099", "0533********99+90533*****99"),
        ("+1 212*555*0123 +1 212*555*0124", "+1 212*******23 +1 212*******24"),
        ("፭፫፫ ፩፩፩ ፩፩ ፱፱, 🄀🄅🄃🄃🄀🄀🄀🄀🄀🄉🄉", "፭፫፫ *** ** ፱፱, 🄀🄅🄃🄃*****🄉🄉"),
        (r"0533\u3164000\u202e00\U000e004199\u0061", r"0533\u3164***\u202e**\U000e004199\u0061"),
        ("①05330000099, ❷ 0533 000 00 99¹", "①0533*****99, ❷ 0533 *** ** 99¹"),
        ("٣05330000099⁾ 5330000099₂ 0²533 000 0099", "٣0533*****99⁾ 533*****99₂ 0²533 *** **99"),
        ("1٠٥٣٣٠٠٠٠٠٩٩ 0٥٣٣0000٠99", "1٠٥٣٣*****٩٩ 0٥٣٣*****99"),
        ("| 0533\n| \n| \n| 000 00 99\n|1", "| 0533\n| \n| \n| *** ** 99\n|1"),
        (
            "105330000099, 053300000991, 9053300000991, 15330000099",
            "10533*****99, 0533*****991, 90533*****991, 15330000099",
        ),
        ("533: 000 00 99, *533* 000 00 99", "533: *** ** 99, *533* *** ** 99"),
        ("| 533 | 000 00 99 | 533_00_00_099", "| 533 | *** ** 99 | 533_**_**_*99"),
        ("533_0000|099 5330_000_099 `533` 0000099", "533_****|*99 533*_***_*99 `533` *****99"),
    ],
)
def test_a_number_is_masked_in_a_list_raised_circled_and_escaped(text: str, masked: str) -> None:
    assert mask_in_text(text) == masked
    assert mask_in_text(masked) == masked


@pytest.mark.parametrize(
    "text",
    [
        "312891248",
        "Order 312891248, 5. 312891248, 05 312891248.",
        "5. 312891248\n6. 312891249",
        "28.11.2026 12:05 312891248",
        "28.11.2026 12.53 12345678",
        "2026-11-05 312891248",
        "2026-11-05T05:30:12+03:00",
        "05.05.2026 100 SMS, 5/06/2026 312 adet",
        "05.30-06.30, 08.30 - 17.30, 10:00 28.11.2026 10, 10.00 28.11.2026 10",
        "12:00 2026-11-23 10, 1.500,00 312891248, 1.00 12345678, 00:00: 28.11.2026 10",
        "1.234,50 TL, 5,312,345,678, 50.000 kişi, 5.123.456 kredi, 12.345.678,00",
        "2026-11-05T00:15:30+03:00, 05:30:12|3128912, 12:05; 312891248, +11:00 1234567",
        "05.30, 3128912, 5/12/2026|312|12|12, 05:30 - 06:30, 07:30",
        "5,312,345,678 TL, 905,321,234,567 TL, +1,234,567.89, +1.234.567,89 TL",
        "532, 123, 45, 67, | 500 | 600 | 70 |, 5, 3, 1, 2, 4, 5, 6, 7, 8, 9, 90, 532, 123, 45, 67",
        "1+2+3+4+5+6+7+8+9, 00; 12, 34, 56, 78",
        "ABCD5312EFGH",
        "5333",
        "",
    ],
)
def test_orders_dates_amounts_and_times_are_not_masked(text: str) -> None:
    assert mask_in_text(text) == text


@pytest.mark.parametrize(
    ("raw", "number"),
    [("0212 555 44 33", "+902125554433"), ("+90 850 222 11 00", "+908502221100"), ("0532 123 45 67", "+905321234567")],
)
def test_a_landline_is_taken_where_one_may_be_called(raw: str, number: str) -> None:
    assert parse_number(raw, landline=True) == number
    with pytest.raises(NumberError):
        parse_number("0900 123", landline=True)


_SPELLINGS = ("+90532{:07}", "0532{:07}", "90 532 {:07}", "0 (532) {:07}", "00 90-532.{:07}", "\t532/{:07}\r")
_ODD = [
    "+905720000001",
    "+904320000001",
    "+915320000001",
    "+955320000001",
    "+805320000001",
    "0905320000001",
    "(0)",
    "x",
]
_ODD += [
    "90+5320000001",
    "+905320000+01",
    "+90532000000x",
    "05320000001,",
    "0532000000.1",
    "0532.000000.1-",
    "02125554433",
]
_ODD += ["", " ", "0532 123 45 67", "+905320000001", "05320000001" + " " * 54, "0532000000.1 ", "+9 05320000001"]
_ODD += ["+91532000000 ", "+9053200000\u06601", "+9053200000\ud8001", "0532 000 00 0\u0661", "0532 000 00 01\x1c"]
_ODD += ["+905320000001\n+905320000002", "+905320000001\n", "+905320000\n01", "\n+90532000001", "0532\n0000001"]


@given(st.data())
def test_a_list_is_read_as_its_entries_are_however_long_it_is(data: st.DataObject) -> None:
    spelling = data.draw(st.sampled_from(_SPELLINGS))
    raws = [spelling.format(place) for place in range(1_200)]
    for place, raw in data.draw(st.dictionaries(st.integers(0, 1_199), st.sampled_from(_ODD), max_size=4)).items():
        raws[place] = raw
    _check_read_as_its_entries(raws)


@pytest.mark.parametrize(
    "raws",
    [
        *([raw] for raw in _ODD),
        # As long as canonical numbers, all of them together, and with the right signs in the right columns but for one.
        ["+90532123456", "+9905321234567"],
        ["+9053212", "12345+905321234567"],
        ["19053+1234567"],
        # As many numbers as entries, though not one in each.
        ["05321234567\n05321234568", "x"],
    ],
)
def test_no_list_looks_in_order_only_as_a_whole(raws: list[str]) -> None:
    _check_read_as_its_entries(raws)


def _check_read_as_its_entries(raws: list[str]) -> None:
    numbers, refused = [], []
    for position, raw in enumerate(raws):
        try:
            numbers.append(parse_number(raw))
        except NumberError:
            refused.append(position)
    found = parse_numbers(raws)
    assert found.numbers == tuple(dict.fromkeys(numbers))
    assert digest_of_recipients(found.numbers) == digest_of_recipients(reversed(found.numbers))
    assert not found.numbers or digest_of_recipients(found.numbers) != digest_of_recipients(found.numbers[1:])
    assert [rejected.position for rejected in found.rejected] == refused
    assert (found.rejected_count, found.duplicates) == (len(refused), len(numbers) - len(found.numbers))


@pytest.mark.parametrize(
    "filling",
    [
        *"0+9 5,_",
        "5_",
        "00 ",
        "+1_",
        "555,",
        "0, ",
        "5 5",
        "%20",
        r"\u0020",
        "⓪",
        "0____",
        "①5",
        "533_0",
        "\n| 5",
        "5+",
        "%0A5",
        "%C2%A0",
        "5%21",
        "፭",
    ],
)
def test_a_text_that_nearly_holds_numbers_is_searched_at_once(filling: str) -> None:
    mask_in_text(filling * (400_000 // len(filling)) + "x")
