"""The product's arithmetic beside the bits that would leave the mast."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iletimerkezi_mcp.sms.alphabet import Alphabet, CharacterMode, alphabet_of, compose, forcing_character, render
from iletimerkezi_mcp.sms.parts import MAX_PARTS, PART_SIZES, measure, size_message

from . import air
from .effort import at_cost

SUFFIX = " B186"
CODINGS = {Alphabet.GSM7: air.GSM7, Alphabet.TURKISH: air.TURKISH, Alphabet.UCS2: air.UCS2}

_CHARACTERS = st.one_of(
    st.sampled_from("abcdefgABC 0123456789"),
    st.sampled_from(air.DEFAULT.replace("\x1b", "")),
    st.sampled_from(air.TURKISH_LOCKING.replace("\x1b", "")),
    st.sampled_from("".join(air.EXTENSION.values())),
    st.sampled_from("âêîşğıİ🎉👨‍👩‍👧🇹🇷\u0301\u0327\u0307\u00a0\u200b"),
    st.characters(exclude_categories=["Cs"]),
)


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Draw a text of few or many different characters, of a length from none to far too long."""
    varied = st.text(_CHARACTERS, min_size=1, max_size=draw(st.sampled_from([1, 2, 5, 30])))
    piece = draw(varied | st.sampled_from(["a", "[", "ş", "ş[", "🎉", "🎉â"]))
    if draw(st.booleans()):
        length = draw(st.integers(0, 1_100))
    else:
        # About where a part ends, in characters of one unit or of two.
        room, of_two = draw(st.sampled_from([153, 148, 63])), draw(st.sampled_from([1, 2]))
        length = max(0, draw(st.integers(1, 8)) * room // of_two + draw(st.integers(-6, 2)))
    text = (piece * (length // len(piece) + 1))[:length]
    return text + draw(st.text(_CHARACTERS, max_size=3))


def carried(text: str) -> Alphabet:
    """Return the first alphabet whose tables hold all of `text`, as the product writes it: composed."""
    composed = compose(text)
    return next(alphabet for alphabet, coding in CODINGS.items() if coding.sequences(composed) is not None)


@at_cost(1)
@given(texts())
def test_the_alphabet_is_the_first_whose_tables_hold_the_text(text: str) -> None:
    assert alphabet_of(text) is carried(text)


@at_cost(1)
@given(texts())
def test_the_units_are_those_that_the_encoder_lays_down(text: str) -> None:
    composed = compose(text)
    for alphabet, coding in CODINGS.items():
        sequences = coding.sequences(composed)
        if sequences is None:
            with pytest.raises(ValueError, match="does not fit"):
                measure(text, alphabet)
        else:
            assert measure(text, alphabet).units == sum(map(len, sequences))


@at_cost(1)
@given(texts())
def test_a_text_is_one_part_exactly_where_it_fits_one_sms_with_the_carriers_suffix(text: str) -> None:
    composed = compose(text)
    for alphabet, coding in CODINGS.items():
        if coding.sequences(composed) is not None:
            parts = air.encode(composed + SUFFIX, coding)
            assert parts is not None
            assert (measure(text, alphabet).parts == 1) is (len(parts) == 1)


@at_cost(1)
@given(texts())
def test_no_more_parts_go_over_the_air_than_were_told_and_at_most_one_fewer(text: str) -> None:
    composed = compose(text)
    alphabet = carried(text)
    parts = len(air.encode(composed + SUFFIX, CODINGS[alphabet]) or [])
    size = measure(text)
    # Beyond the most that is accepted the provider refuses, and it does so by a figure of its own.
    if min(parts, size.parts) < MAX_PARTS:
        assert parts <= size.parts <= parts + 1


@at_cost(1)
@given(texts())
def test_the_parts_told_are_the_published_ones_with_no_character_torn(text: str) -> None:
    composed = compose(text)
    alphabet = carried(text)
    first, following = PART_SIZES[alphabet]
    sequences = CODINGS[alphabet].sequences(composed + SUFFIX)
    assert sequences is not None
    size = measure(text)
    alone = size.units <= first
    needed = 1 if alone else len(air.cut(sequences, following))
    assert size.parts == needed or (size.parts == MAX_PARTS < needed and not size.too_long)


@at_cost(1)
@given(texts())
def test_a_dearer_way_than_needed_is_never_told_as_the_cheaper_one(text: str) -> None:
    """A provider may code ş behind an escape and leave è beside it, which no locking table can: fewer parts, not more."""
    composed = compose(text)
    if carried(text) is Alphabet.UCS2:
        parts = air.encode(composed + SUFFIX, air.TURKISH_BY_SINGLE_SHIFT)
        assert parts is None or len(parts) <= measure(text).parts


@at_cost(1)
@given(texts())
def test_the_forcing_character_is_one_that_the_cheaper_tables_lack(text: str) -> None:
    composed = compose(text)
    forcing = forcing_character(text)
    if carried(text) is Alphabet.GSM7:
        assert forcing is None
    else:
        assert forcing is not None
        assert forcing.alphabet is carried(text)
        assert composed[forcing.position - 1] == forcing.character
        before = composed[: forcing.position - 1]
        assert carried(forcing.character) is Alphabet.UCS2 or carried(before).dearness < forcing.alphabet.dearness


@at_cost(2)
@given(texts(), st.sampled_from(CharacterMode))
def test_what_a_mode_makes_of_a_text_is_carried_by_the_tables_of_its_variant(text: str, mode: CharacterMode) -> None:
    rendering = render(text, mode)
    parts = air.encode(rendering.text, CODINGS[rendering.alphabet])
    assert parts is not None
    assert air.decode(parts) == rendering.text
    # What the tables of the mode hold is left as it is.
    composed = compose(text)
    if carried(text).dearness <= list(CharacterMode).index(mode):
        assert rendering.text == composed
        assert rendering.substitutions == ()


@at_cost(2)
@given(texts())
def test_the_credits_told_cover_every_mode_that_the_account_may_be_in(text: str) -> None:
    told = size_message(text, None)
    for mode in CharacterMode:
        rendering = render(text, mode)
        parts = len(air.encode(rendering.text + SUFFIX, CODINGS[rendering.alphabet]) or [])
        if measure(rendering.text, rendering.alphabet).too_long:
            # Refused, and free.
            continue
        if min(parts, told.parts) < MAX_PARTS:
            assert parts <= told.parts
            assert told.credits_at_most(3) >= 3 * parts
