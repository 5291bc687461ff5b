"""Numbers, by digits that the test keeps for itself."""

from __future__ import annotations

import contextlib
import re
import unicodedata

from hypothesis import assume, given
from hypothesis import strategies as st

from iletimerkezi_mcp.provider.decoding import read_number
from iletimerkezi_mcp.sms.escape import escape
from iletimerkezi_mcp.sms.masking import mask_in_text
from iletimerkezi_mcp.sms.numbers import (
    MAX_WRITTEN,
    SHOWN_REJECTED,
    NumberError,
    mask,
    parse_number,
    parse_numbers,
)

from .effort import at_cost

MOBILES = st.from_regex(r"5[0-6][0-9]{8}", fullmatch=True)
FIXED = st.from_regex(r"[2348][0-9]{9}", fullmatch=True)
# Real beginnings, of countries whose numbers have a 0 there and of others.
INTERNATIONAL = st.from_regex(r"(?:1[2-9]|4[49][1-9]|351[1-9]|390?|2250?|9920?)[0-9]{6,11}", fullmatch=True)

# Zero of each script; the other nine digits follow it.
_ZEROS = "0٠۰०০௦๐０𝟎"
_BETWEEN = st.text(" -./\u00a0\u2009\u2011\u2013\uff0d\u200e\u200f\u202a\u202c\u2066\u2069\ufeff\t", max_size=2)
_PREFIXES = st.sampled_from(["", "0", "90", "+90", "0090", "+90 (0)", "90(0)", "＋90", "(0"])


@st.composite
def spelt(draw: st.DrawFn, digits: str, prefix: str, between: st.SearchStrategy[str] = _BETWEEN) -> str:
    """Draw one way to write `digits` behind `prefix`: in any script's digits, with signs between them."""
    zero = ord(draw(st.sampled_from(_ZEROS)))
    closing = ")" if prefix.count("(") > prefix.count(")") else ""
    written = [chr(zero + int(digit)) for digit in digits]
    # The last two digits stay together: a full stop before a last single one marks a decimal number.
    pieces = [prefix, *written[:3], closing, *written[3:-2], "".join(written[-2:])]
    text = "".join(piece + draw(between) for piece in pieces if piece)
    assume(len(text) <= MAX_WRITTEN)
    return text


@given(st.data(), MOBILES)
def test_every_spelling_of_a_number_meets_the_one_canonical_form(data: st.DataObject, digits: str) -> None:
    written = [data.draw(spelt(digits, data.draw(_PREFIXES))) for _ in range(3)]
    found = parse_numbers(written)
    assert found.numbers == ("+90" + digits,)
    assert (found.duplicates, found.rejected_count) == (2, 0)
    assert parse_numbers(found.numbers).numbers == found.numbers


@given(st.data(), MOBILES, st.integers(0, 9), st.integers(0, 9))
def test_another_digit_is_another_number_or_none(data: st.DataObject, digits: str, place: int, other: int) -> None:
    changed = digits[:place] + str(other) + digits[place + 1 :]
    assume(changed != digits)
    prefix = data.draw(_PREFIXES)
    try:
        assert parse_number(data.draw(spelt(changed, prefix))) != parse_number(data.draw(spelt(digits, prefix)))
    except NumberError:
        assert not re.fullmatch("5[0-6][0-9]{8}", changed)


@given(st.data(), MOBILES, st.integers(1, 9))
def test_a_number_with_a_digit_too_few_or_too_many_is_no_number(data: st.DataObject, digits: str, more: int) -> None:
    prefix = data.draw(_PREFIXES)
    for wrong in (digits[:-1], digits + str(more)):
        assert parse_numbers([data.draw(spelt(wrong, prefix))]).rejected_count == 1


@given(st.data(), INTERNATIONAL, st.sampled_from(["+", "00", "＋"]))
def test_a_foreign_number_keeps_every_digit_and_needs_abroad_mode(
    data: st.DataObject, digits: str, prefix: str
) -> None:
    written = data.draw(spelt(digits, prefix, st.text(" -.\u00a0\u2011\u200e", max_size=1)))
    assert parse_numbers([written], international=True).numbers == ("+" + digits,)
    assert parse_numbers([written]).rejected_count == 1


@given(st.data(), FIXED)
def test_a_fixed_line_is_taken_only_where_it_is_asked_for(data: st.DataObject, digits: str) -> None:
    written = data.draw(spelt(digits, data.draw(_PREFIXES)))
    assert parse_number(written, landline=True) == "+90" + digits
    assert parse_numbers([written]).rejected_count == 1


_ANYTHING = (
    st.text(max_size=70)
    | st.text(st.characters() | st.sampled_from("0123456789+ -.()/\x00\ud83d\u202e"), max_size=30)
    | st.sampled_from(["", "+", "00", "+" * 64, "0" * 64, "5" * 10_000, "\ud800", "5.321234567E+9", "5321234567.0"])
)


@given(_ANYTHING, st.booleans(), st.booleans())
def test_no_garbage_breaks_it_or_becomes_a_number_that_its_digits_do_not_say(
    raw: str, international: bool, landline: bool
) -> None:
    with contextlib.suppress(NumberError):
        _check_kept(
            raw,
            parse_number(raw, international=international, landline=landline),
            international=international,
            landline=landline,
        )


def _check_kept(raw: str, number: str, *, international: bool, landline: bool) -> None:
    digits = "".join(str(unicodedata.decimal(each)) for each in raw if unicodedata.decimal(each, None) is not None)
    # What was written ends with what is kept; only a prefix may have been taken off or put on.
    decimals = re.search(r"[.,·](\d{1,2})\W*\Z", raw)
    assert digits.endswith(number[3:]) or (
        decimals is not None
        and int(decimals[1]) == 0
        and digits.removesuffix("0" * len(decimals[1])).endswith(number[3:])
    )
    assert parse_number(number, international=international, landline=landline) == number


@at_cost(2)
@given(st.lists(_ANYTHING | MOBILES | MOBILES.map("+90{}".format) | MOBILES.map("0{}".format), max_size=25))
def test_a_list_is_the_sum_of_its_entries(raws: list[str]) -> None:
    found = parse_numbers(raws)
    alone = [parse_numbers([raw]) for raw in raws]
    numbers = [number for each in alone for number in each.numbers]
    refused = [place for place, each in enumerate(alone) if each.rejected_count]
    assert found.numbers == tuple(dict.fromkeys(numbers))
    assert found.duplicates == len(numbers) - len(found.numbers)
    assert found.rejected_count == len(refused)
    assert [each.position for each in found.rejected] == refused[:SHOWN_REJECTED]


@given(MOBILES | INTERNATIONAL, st.sampled_from(["", "+", "00", "90", "+90", "0090"]))
def test_a_mask_hides_at_least_five_digits_and_adds_none(digits: str, prefix: str) -> None:
    number = prefix + digits
    hidden = mask(number)
    assert len(hidden) == len(number)
    assert hidden.count("*") >= 5
    assert all(shown in ("*", real) for shown, real in zip(hidden, number, strict=True))


@given(st.data(), MOBILES)
def test_no_spelling_that_is_read_as_a_number_comes_through_a_mask(data: st.DataObject, digits: str) -> None:
    written = data.draw(spelt(digits, data.draw(_PREFIXES)))
    assert parse_number(written) == "+90" + digits
    _check_masked(mask_in_text(written), written)
    escaped = escape(written)
    _check_masked(mask_in_text(escaped), escaped)


@given(
    st.data(),
    MOBILES,
    st.sampled_from(["{}", "Tel: {}", "Ayşe ({}), 3 SMS", "312891248 {} 312891248", "28.11.2026 12:30 - {}."]),
    st.sampled_from([(3, 3, 2, 2), (3, 3, 4), (3, 7), (10,)]),
)
def test_no_number_in_a_text_comes_through_a_mask(
    data: st.DataObject, digits: str, around: str, groups: tuple[int, ...]
) -> None:
    zero, signs = ord(data.draw(st.sampled_from(_ZEROS))), iter(digits)
    words = ["".join(chr(zero + int(next(signs))) for _ in range(size)) for size in groups]
    between = data.draw(st.sampled_from([*" -./_,:*'|~=\"", "\u00a0", "\u2011", "\u200b", "\t", " | "]))
    prefix = data.draw(st.sampled_from(["", "0", "0 ", "90 ", "+90", "+90 ", "0090 ", "+90 (0)"]))
    written = prefix + between.join(words)
    masked = mask_in_text(around.format(written))
    before, after = around.split("{}")
    assert masked.startswith(before)
    assert masked.endswith(after)
    _check_masked(masked[len(before) : len(masked) - len(after)], written)


@given(st.text(max_size=200))
def test_a_mask_hides_digits_and_nothing_else(text: str) -> None:
    for shown, real in zip(mask_in_text(text), text, strict=True):
        assert shown == real or (shown == "*" and real.isdigit())


def _check_masked(masked: str, written: str) -> None:
    assert len(masked) == len(written)
    hidden = [place for place, sign in enumerate(masked) if sign == "*" and written[place] != "*"]
    assert len(hidden) >= 5
    assert all(written[place].isdecimal() for place in hidden)


@given(MOBILES, st.sampled_from(["{}", "0{}", "90{}", "+90{}", "0090{}"]), st.booleans())
def test_what_the_provider_writes_meets_the_same_form_as_what_a_person_writes(
    digits: str, way: str, bare: bool
) -> None:
    written = way.format(digits)
    sent: object = int(written) if bare and written[0] not in "+0" else written
    assert read_number(sent) == parse_number(written)
