"""The tool that this server's own card calls when a person has pressed a button on it. No model has a card's code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final

import mcp.types as mcp_types
from pydantic import Field

from iletimerkezi_mcp.confirmation.approval_html import question_html, result_html, void_result
from iletimerkezi_mcp.confirmation.approvals import CardDecision, CardState
from iletimerkezi_mcp.confirmation.caller import Caller
from iletimerkezi_mcp.confirmation.waiting import waits
from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.ledger.unavailable import LedgerUnavailableError
from iletimerkezi_mcp.provider.outcomes import SeriesOutcome

from .answers import Answer, ToolReply
from .arguments import Arguments
from .context import ServerContext
from .tool import Tool

_UNREADABLE = Text(
    "It is not known here what was decided about this, or if it was done: {reason}",
    "Bununla ilgili karar ve yapılıp yapılmadığı burada bilinmiyor: {reason}",
)
_LOOK_AGAIN = Text(
    "The same card says it once the ledger can be read.", "İşlem defteri okunabildiğinde aynı kart söyler."
)


class CardArguments(Arguments):
    code: Annotated[str, Field(description="The code that came with the card.", max_length=100)]
    decision: Annotated[CardDecision, Field(description="shown: the card is on the screen.")]
    count: Annotated[int | str | None, Field(description="The number that the person typed.")] = None


class CardReply(Answer):
    """The state of the card, and what came of its change. What the card is to show comes as HTML in the result's `_meta`.

    Without a `state` it could not be looked at: what was pressed is not known to have been carried out, nor not.
    """

    outcome: SeriesOutcome
    state: CardState | None = None
    order_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CardTool(Tool[CardArguments]):
    """The tool for the card alone: hosts do not show it to models."""

    app_only: bool = True

    @property
    def annotations(self) -> mcp_types.ToolAnnotations:
        """The hints of a change."""
        return mcp_types.ToolAnnotations(
            read_only_hint=False, destructive_hint=True, idempotent_hint=False, open_world_hint=True
        )

    async def run(self, arguments: CardArguments, context: ServerContext, caller: Caller) -> ToolReply:
        """Act on what was pressed on the card. Without the ledger nothing is known: it may have been done before."""
        language = context.settings.language
        try:
            card = await context.confirmation.answer_card(arguments.code, arguments.decision, arguments.count, caller)
        except LedgerUnavailableError as error:
            summary = _UNREADABLE.format(reason=error.reason)
            return ToolReply(context.answer(CardReply, "unknown", summary, _LOOK_AGAIN))
        if card.waiting is not None:
            result = waits(card.waiting)
            html = question_html(card.waiting.question, wrong_number=card.wrong_number)
        else:
            result = card.result or void_result()
            html = result_html(result, language)
        answer = context.answer(
            CardReply,
            result.outcome,
            result.summary,
            result.next_step,
            state=card.state,
            code=result.status_code,
            order_id=result.order_id,
        )
        return ToolReply(answer, card={"html": context.redactor.text(html)})


CARD_ANSWER: Final = CardTool(
    name="card_answer",
    title="Answer on a card",
    description=(
        "Only for this server's own card, whose buttons call it when a person presses them. Never call it yourself: it takes a "
        "code that only the card has, and without that it does nothing."
    ),
    summary=Text("what a person pressed on the card", "kişinin kartta bastığı düğme"),
    arguments=CardArguments,
    answer=CardReply,
    example={"code": "w-3f9c01ab.3q2-7wEj0mKfXoU1yV9bC4nZtR5sLhGd", "decision": "shown"},
)
