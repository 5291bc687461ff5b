"""The search for the records for which the registry refuses a whole batch: pure, so that it can be tried on any batch.

One bad record fails its batch, and nothing says which (contract, section 10.1). After such a certain refusal nothing was
written, so the batch may be handed over again in halves. After anything uncertain it may not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

MAX_REQUESTS = 64
"""The most requests after the first refusal of a batch; what is refused by then is named as ranges."""


@dataclass(slots=True, eq=False)
class _Piece:
    """Positions that are handed over together. `is_bad` if one of them must be bad, because the other half was accepted."""

    positions: range
    is_bad: bool = False
    other_half: _Piece | None = None


@dataclass(slots=True)
class Halving:
    """A batch that is handed over in ever smaller pieces, the largest first, so that few records are left at the limit.

    `bad` are the positions that were refused alone.
    """

    batch: range
    bad: list[int] = field(default_factory=list)
    accepted: int = 0
    _pending: list[_Piece] = field(default_factory=list)
    _asked: _Piece | None = None
    _requests: int = 0

    def __post_init__(self) -> None:
        self._pending = [_Piece(self.batch)]

    @property
    def is_over(self) -> bool:
        """True if all positions are answered for, or the limit is reached."""
        return not self._pending or (self._asked is None and self._requests > MAX_REQUESTS)

    @property
    def pending(self) -> list[range]:
        """The pieces that were not accepted, in order; a bad record may be in each."""
        return sorted((piece.positions for piece in self._pending), key=lambda positions: positions.start)

    def next(self) -> range | None:
        """Return the positions to hand over now; None if all are answered for, or the limit is reached."""
        while self._pending and self._requests <= MAX_REQUESTS:
            piece = max(self._pending, key=lambda piece: len(piece.positions))
            # A single record is always asked for: the refusal may have been about the number of records.
            if piece.is_bad and len(piece.positions) > 1:
                self._split(piece)
                continue
            self._requests += 1
            self._asked = piece
            return piece.positions
        return None

    def accept(self) -> None:
        """Note that the positions handed over last were accepted."""
        piece = self._take()
        self.accepted += len(piece.positions)
        if piece.other_half is not None:
            piece.other_half.is_bad = True

    def refuse(self) -> None:
        """Note that the positions handed over last were refused, for at least one of them."""
        piece = self._take()
        if piece.other_half is not None:
            piece.other_half.other_half = None
        if len(piece.positions) == 1:
            self.bad.append(piece.positions.start)
        else:
            self._pending.append(piece)
            self._split(piece)

    def _take(self) -> _Piece:
        assert self._asked is not None
        piece, self._asked = self._asked, None
        self._pending.remove(piece)
        return piece

    def _split(self, piece: _Piece) -> None:
        self._pending.remove(piece)
        middle = piece.positions.start + len(piece.positions) // 2
        left, right = _Piece(range(piece.positions.start, middle)), _Piece(range(middle, piece.positions.stop))
        left.other_half, right.other_half = right, left
        self._pending += (left, right)


def merged(pieces: Iterable[range]) -> list[range]:
    """Return `pieces`, which are in order, with neighbours as one."""
    ranges: list[range] = []
    for piece in pieces:
        if ranges and ranges[-1].stop == piece.start:
            ranges[-1] = range(ranges[-1].start, piece.stop)
        else:
            ranges.append(piece)
    return ranges
