"""What was worked out of the lists that were previewed last, so that the confirmed call need not do it again.

It holds numbers and sentences without a cell, and nothing that a yes depends on: a list itself is read again each time.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import TypeVar, cast

T = TypeVar("T")

MOST = 8
"""Results that are kept: the latest ones."""


class ListMemory:
    """The latest results, each by all that it follows from."""

    def __init__(self) -> None:
        self._results: OrderedDict[Hashable, object] = OrderedDict()

    def recall(self, key: Hashable, work_out: Callable[[], T]) -> T:
        """Return the result of `key`, worked out if it is not remembered."""
        if key not in self._results:
            self._results[key] = work_out()
            if len(self._results) > MOST:
                self._results.popitem(last=False)
        return cast("T", self._results[key])
