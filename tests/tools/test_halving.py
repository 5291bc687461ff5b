"""The search for bad records: none is missed, none is blamed, and few requests are needed."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from iletimerkezi_mcp.tools.halving import MAX_REQUESTS, Halving, merged


def hand_over(size: int, bad: set[int], start: int = 0) -> tuple[Halving, list[range]]:
    """Hand a batch over to a registry that refuses any piece with a bad position in it."""
    halving, asked = Halving(range(start, start + size)), list[range]()
    while (piece := halving.next()) is not None:
        asked.append(piece)
        if bad & set(piece):
            halving.refuse()
        else:
            halving.accept()
    return halving, asked


def test_a_good_batch_takes_one_request() -> None:
    halving, asked = hand_over(5_000, set())
    assert (asked, halving.accepted, halving.bad, merged(halving.pending)) == ([range(5_000)], 5_000, [], [])


def test_one_bad_record_of_five_thousand_is_named_in_few_requests() -> None:
    halving, asked = hand_over(5_000, {10_777}, start=10_000)
    assert (halving.bad, halving.accepted, merged(halving.pending)) == ([10_777], 4_999, [])
    assert len(asked) < 28


def test_many_bad_records_are_named_as_ranges_after_the_limit() -> None:
    bad = set(range(0, 5_000, 40))
    halving, asked = hand_over(5_000, bad)
    assert len(asked) == MAX_REQUESTS + 1
    left = {position for piece in merged(halving.pending) for position in piece}
    assert bad <= left | set(halving.bad)
    assert halving.accepted + len(left) + len(halving.bad) == 5_000
    ranges = merged(halving.pending)
    assert all(before.stop < after.start for before, after in pairwise(ranges))
    assert halving.is_over


def test_a_batch_that_is_refused_for_its_size_blames_no_record() -> None:
    halving = Halving(range(8))
    while (piece := halving.next()) is not None:
        if len(piece) > 3:
            halving.refuse()
        else:
            halving.accept()
    assert (halving.bad, halving.accepted, merged(halving.pending)) == ([], 8, [])


@given(st.integers(1, 300), st.sets(st.integers(0, 299)), st.integers(0, 50))
def test_every_position_is_accepted_named_or_left_in_a_range(size: int, bad: set[int], start: int) -> None:
    bad = {start + position for position in bad if position < size}
    halving, asked = hand_over(size, bad, start)
    left = {position for piece in merged(halving.pending) for position in piece}
    assert set(halving.bad) <= bad <= set(halving.bad) | left
    assert halving.accepted == size - len(halving.bad) - len(left)
    assert len(asked) <= MAX_REQUESTS + 1
