"""The search for bad records: none is missed, none is blamed, and few requests are needed."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from iletimerkezi_mcp.tools.halving import MAX_REQUESTS, Halving


def hand_over(size: int, bad: set[int]) -> tuple[Halving, list[range]]:
    """Hand a list over to a registry that refuses any piece with a bad position in it."""
    halving, asked = Halving(size), list[range]()
    while (piece := halving.next()) is not None:
        asked.append(piece)
        if bad & set(piece):
            halving.refuse()
        else:
            halving.accept()
    return halving, asked


def test_a_good_batch_takes_one_request() -> None:
    halving, asked = hand_over(5_000, set())
    assert (asked, halving.accepted, halving.bad, halving.undecided) == ([range(5_000)], 5_000, [], [])


def test_one_bad_record_of_five_thousand_is_named_in_few_requests() -> None:
    halving, asked = hand_over(5_000, {777})
    assert (halving.bad, halving.accepted, halving.undecided, halving.left) == ([777], 4_999, [], [])
    assert len(asked) < 28


def test_each_batch_has_a_search_of_its_own() -> None:
    halving, asked = hand_over(12_000, {777, 5_001, 11_999})
    assert (halving.bad, halving.accepted, halving.undecided) == ([777, 5_001, 11_999], 11_997, [])
    assert [piece for piece in asked if len(piece) > 2_500] == [range(5_000), range(5_000, 10_000)]
    assert range(10_000, 12_000) in asked


def test_many_bad_records_are_named_as_ranges_after_the_limit() -> None:
    bad = set(range(0, 5_000, 40))
    halving, asked = hand_over(5_000, bad)
    assert len(asked) == MAX_REQUESTS + 1
    left = {position for piece in halving.undecided for position in piece}
    assert bad <= left | set(halving.bad)
    assert halving.accepted + len(left) + len(halving.bad) == 5_000
    assert all(before.stop < after.start for before, after in pairwise(halving.undecided))
    assert halving.left == []


def test_the_batches_after_one_of_which_nothing_is_accepted_are_left() -> None:
    halving, asked = hand_over(12_000, set(range(5_000)))
    assert (len(asked), halving.accepted) == (MAX_REQUESTS + 1, 0)
    assert (halving.undecided, halving.left) == ([range(5_000)], [range(5_000, 12_000)])


def test_what_was_handed_over_last_may_have_been_accepted() -> None:
    halving = Halving(6_000)
    halving.next()
    halving.refuse()
    assert halving.next() == range(2_500)
    halving.lose()
    assert (halving.unknown, halving.left) == ([range(2_500)], [range(2_500, 6_000)])


def test_a_batch_that_is_refused_for_its_size_blames_no_record() -> None:
    halving = Halving(8)
    while (piece := halving.next()) is not None:
        if len(piece) > 3:
            halving.refuse()
        else:
            halving.accept()
    assert (halving.bad, halving.accepted, halving.undecided) == ([], 8, [])


@given(st.integers(1, 300), st.sets(st.integers(0, 299)))
def test_every_position_is_accepted_named_or_left_in_a_range(size: int, bad: set[int]) -> None:
    bad = {position for position in bad if position < size}
    halving, asked = hand_over(size, bad)
    left = {position for piece in halving.undecided for position in piece}
    assert set(halving.bad) <= bad <= set(halving.bad) | left
    assert halving.accepted == size - len(halving.bad) - len(left)
    assert len(asked) <= MAX_REQUESTS + 1
