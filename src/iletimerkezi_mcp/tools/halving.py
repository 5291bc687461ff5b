"""The search for the records for which the registry refuses a whole batch.

One bad record fails its batch, and nothing says which (contract, section 10.1). After such a certain refusal nothing was
written, so the batch may be handed over again in halves. After anything uncertain it may not.
"""

from __future__ import annotations

from collections import deque

from iletimerkezi_mcp.provider.consents import MAX_CONSENTS

MAX_REQUESTS = 64
"""The most requests after the first refusal of a batch; what is refused by then is named as ranges."""


class Halving:
    """The positions of a list, handed over in batches, and a refused batch in halves, the larger pieces first.

    `accepted` counts positions, `bad` are those that were refused alone, `undecided` are pieces of refused batches whose
    search has come to its limit, and `unknown` has the piece that may have been accepted.
    """

    def __init__(self, count: int) -> None:
        self.accepted = 0
        self.bad: list[int] = []
        self.undecided: list[range] = []
        self.unknown: list[range] = []
        self._batches = [range(start, min(start + MAX_CONSENTS, count)) for start in range(0, count, MAX_CONSENTS)]
        # A piece is True if it is a left half: its right half comes next.
        self._pieces: deque[tuple[range, bool]] = deque()
        self._requests = 0

    @property
    def left(self) -> list[range]:
        """The pieces that were not handed over, or not since their batch was refused."""
        return _merged([*(piece for piece, _ in self._pieces), *self._batches])

    def next(self) -> range | None:
        """Return what to hand over now; None if there is no more, or a whole search ended without one acceptance.

        Such a refusal has a cause of its own, like a wrong brand code.
        """
        if self._requests > MAX_REQUESTS:
            self.undecided += _merged([piece for piece, _ in self._pieces])
            self._pieces.clear()
        if not self._pieces:
            if not self._batches or (self.undecided and not self.accepted):
                return None
            self._pieces.append((self._batches.pop(0), False))
            self._requests = 0
        self._requests += 1
        return self._pieces[0][0]

    def accept(self) -> None:
        """Note that what was handed over last was accepted."""
        piece, is_left = self._pieces.popleft()
        self.accepted += len(piece)
        # The bad record is in the other half, then. Alone it is asked for: the refusal may have been for the number of them.
        if is_left and len(self._pieces[0][0]) > 1:
            self._split()

    def refuse(self) -> None:
        """Note that what was handed over last was refused, for at least one of it."""
        if len(self._pieces[0][0]) > 1:
            self._split()
        else:
            self.bad.append(self._pieces.popleft()[0].start)

    def lose(self) -> None:
        """Note that what was handed over last may have been accepted; nothing more may be handed over."""
        self.unknown.append(self._pieces.popleft()[0])

    def _split(self) -> None:
        piece, _ = self._pieces.popleft()
        middle = piece.start + len(piece) // 2
        self._pieces += ((range(piece.start, middle), True), (range(middle, piece.stop), False))


def _merged(pieces: list[range]) -> list[range]:
    """Return `pieces` in order, with neighbours as one."""
    ranges: list[range] = []
    for piece in sorted(pieces, key=lambda piece: piece.start):
        start = ranges.pop().start if ranges and ranges[-1].stop == piece.start else piece.start
        ranges.append(range(start, piece.stop))
    return ranges
