"""The limits of a call in time, tries and size, and of the calls at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """Seconds for each phase of a request and for a whole call; bytes of an answer; calls at once.

    `call_seconds` bounds everything, waiting and retries included, and stays below the 60 seconds
    after which hosts give up. `queue_seconds` bounds the wait for a slot and for the rate, so that there is time for
    the answer to a request that does begin. `tries` counts the first one. `backoff_seconds` is the longest
    first pause before a repeat; it doubles each time and a random part of it is taken.

    `at_once` is eight: against a server that answers after 20 ms, eight reads at once made 309 a second at
    24 ms each, four 153, sixteen 269 at 51 ms each. Eight changes, each on a connection of its own, made 202
    a second, twice what the provider lets an account send, at 36 ms each; sixteen 278 at 54 ms each.
    """

    connect_seconds: float = 8
    write_seconds: float = 10
    read_seconds: float = 30
    pool_seconds: float = 5
    queue_seconds: float = 15
    call_seconds: float = 40
    backoff_seconds: float = 0.5
    tries: int = 3
    at_once: int = 8
    answer_bytes: int = 4 * 1024 * 1024


DEFAULT_TIMEOUTS: Final = Timeouts()
