"""Division into orders: how many recipients and texts each has, and care where several texts are not proven."""

from __future__ import annotations

import random

from iletimerkezi_mcp.lists.division import Slice, divide


def test_one_text_needs_no_care() -> None:
    assert divide([0] * 120, most_texts=5, proven=False, most=50) == (
        Slice(0, 50, 1),
        Slice(50, 100, 1),
        Slice(100, 120, 1),
    )


def test_an_order_ends_before_the_text_that_is_one_too_many() -> None:
    texts = [0, 1, 1, 0, 2, 3, 3, 4]
    assert divide(texts, most_texts=2, proven=True) == (Slice(0, 4, 2), Slice(4, 7, 2), Slice(7, 8, 1))


def test_before_it_is_proven_the_first_order_of_several_texts_is_small() -> None:
    assert divide(range(100), most_texts=60, proven=False) == (
        Slice(0, 20, 20, is_cautious=True),
        Slice(20, 80, 60),
        Slice(80, 100, 20),
    )
    assert divide(range(100), most_texts=60, proven=False)[0].recipients == 20
    assert divide([0, 1], most_texts=60, proven=False) == (Slice(0, 2, 2, is_cautious=True),)


def test_many_who_share_one_text_come_first_without_care() -> None:
    texts = [7] * 20 + list(range(30))
    assert divide(texts, most_texts=100, proven=False) == (
        Slice(0, 20, 1),
        Slice(20, 40, 20, is_cautious=True),
        Slice(40, 50, 10),
    )


def test_one_text_an_order_is_never_several() -> None:
    assert divide([0, 1, 1], most_texts=1, proven=False) == (Slice(0, 1, 1), Slice(1, 3, 1))


def test_no_recipients_make_no_order() -> None:
    assert divide([], most_texts=1, proven=False) == ()


def test_the_slices_are_the_whole_list_within_the_bounds_whatever_it_is() -> None:
    chance = random.Random(3)
    for _ in range(300):
        texts = [chance.randrange(chance.choice((1, 3, 60))) for _ in range(chance.randrange(1, 200))]
        most, most_texts, proven = chance.randrange(1, 90), chance.randrange(1, 30), chance.random() < 0.5
        slices = divide(texts, most_texts=most_texts, proven=proven, most=most)
        assert [place for each in slices for place in range(each.start, each.stop)] == list(range(len(texts)))
        for each in slices:
            assert each.texts == len(set(texts[each.start : each.stop])) <= most_texts
            assert each.recipients <= (min(most, 20) if each.is_cautious else most)
        several = [each for each in slices if each.texts > 1]
        assert [each.is_cautious for each in several] == [not proven, *[False] * (len(several) - 1)][: len(several)]
