"""The division of a campaign into orders: slices of its recipients in the order of the list, one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

MAX_SLICE_RECIPIENTS = 50_000
"""Recipients of one order (contract, section 2)."""

CAUTIOUS_RECIPIENTS = 20
"""Recipients, and so texts, of the order that shows if the provider takes several texts in one as its documents say."""


@dataclass(frozen=True, slots=True)
class Slice:
    """The recipients of one order, from `start` up to but not including `stop`, who get `texts` different texts.

    `is_cautious` of the first order of several texts on an account on which no such order has shown the right total.
    """

    start: int
    stop: int
    texts: int
    is_cautious: bool = False

    @property
    def recipients(self) -> int:
        """The number of its recipients."""
        return self.stop - self.start


def divide(
    texts: Sequence[int], *, most_texts: int, proven: bool, most: int = MAX_SLICE_RECIPIENTS
) -> tuple[Slice, ...]:
    """Return the orders for recipients whose texts have these numbers, in their order.

    An order holds at most `most` recipients and `most_texts` different texts. Unless several texts in one order are
    `proven`, the first order of several is a small one. Recipients before it who share one text need no such care.
    """
    slices: list[Slice] = []
    start = 0
    while start < len(texts):
        piece = _longest(texts, start, most, most_texts)
        if not proven and piece.texts > 1:
            alone = _longest(texts, start, most, 1)
            proven = alone.recipients < CAUTIOUS_RECIPIENTS
            piece = (
                replace(_longest(texts, start, min(most, CAUTIOUS_RECIPIENTS), most_texts), is_cautious=True)
                if proven
                else alone
            )
        slices.append(piece)
        start = piece.stop
    return tuple(slices)


def _longest(texts: Sequence[int], start: int, most: int, most_texts: int) -> Slice:
    """Return the longest slice from `start` on within these bounds."""
    texts = texts[start : start + most]
    different = len(set(texts))
    if different > most_texts:
        first_places = dict(zip(reversed(texts), reversed(range(len(texts))), strict=True))
        texts, different = texts[: sorted(first_places.values())[most_texts]], most_texts
    return Slice(start, start + len(texts), different)
