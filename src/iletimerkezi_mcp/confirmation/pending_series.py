"""The pending series: a change that takes several requests, its steps, under one confirmation."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from iletimerkezi_mcp.language import ExplainedError, Text
from iletimerkezi_mcp.ledger.attempts import Overlap
from iletimerkezi_mcp.provider.errors import ApiError
from iletimerkezi_mcp.provider.outcomes import RequestOutcome

from .pending_change import Acceptance, PendingChange

if TYPE_CHECKING:
    from iletimerkezi_mcp.provider.client import ApiClient
    from iletimerkezi_mcp.provider.send_progress import OnSent


@dataclass(frozen=True, slots=True)
class StepResult:
    """The outcome of one step.

    ``held_back`` if an `overlap` held it back. `order_id` is that of the order that it made. `error` is set if its request
    failed; without one, ``unknown`` is an order with the number of an earlier one.
    """

    outcome: RequestOutcome | Literal["held_back"]
    order_id: str | None = None
    error: ApiError | None = None
    overlap: Overlap | None = None


Step = Callable[[PendingChange], Awaitable[StepResult]]
"""Makes the one request of a step, on record before it leaves, and returns what came of it.

The step is told apart in the ledger by its `canonical`. It expires with its `preview_expiry`: ``nothing_done`` then. Nothing
else of its preview is used, and no limit is looked at: that was done for the series. It raises if no step may begin any
more: let that pass.
"""


class SeriesStopped(ExplainedError):  # noqa: N818 - it is the end that a series has, not a mistake
    """Raised to end a series before its last step; `reason` is the answer's summary.

    ``unknown`` if the last step may have been made, ``stopped`` if it is known what was. `word` is the reason in the audit
    log; it is no sentence.
    """

    def __init__(
        self,
        reason: Text,
        next_step: Text,
        outcome: Literal["stopped", "unknown"] = "stopped",
        *,
        word: str = "stopped",
    ) -> None:
        super().__init__(reason)
        self.next_step = next_step
        self.outcome: Literal["stopped", "unknown"] = outcome
        self.word = word


async def _no_request(client: ApiClient, on_sent: OnSent) -> Acceptance:
    raise NotImplementedError("the steps of a series make its requests")


@dataclass(frozen=True, kw_only=True)
class PendingSeries(PendingChange):
    """A change that takes several requests, ready to be previewed, confirmed and carried out.

    It is previewed, limited and confirmed as one change of `count`, and ``message``, if it has one, is to all recipients.
    `run` makes its requests one by one, each by awaiting the :data:`Step` that it gets, and returns the words for all of
    them; it decides after each step what comes next, and raises :class:`SeriesStopped` to end there. It is cancelled if the
    server cannot wait for it any longer. `fields` returns the structured fields of the answer as they are now, besides
    `answer_fields`; it is called at any time. `steps` is how many there are, if that is known. `how_to_verify` says which
    read shows how far it is, too; `look` says so as far as it is by now.
    """

    is_series: ClassVar[bool] = True

    run: Callable[[Step], Awaitable[Acceptance]] = field(repr=False)
    fields: Callable[[], Mapping[str, Any]] = field(default=dict, repr=False)
    steps: int | None = None
    look: Callable[[], Text] | None = field(default=None, repr=False)
    execute: Callable[[ApiClient, OnSent], Awaitable[Acceptance]] = field(default=_no_request, repr=False)
