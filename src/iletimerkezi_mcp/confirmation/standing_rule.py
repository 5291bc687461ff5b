"""The standing rules as they bear on a change: which one lets it through, and what a preview says of one that does not."""

from __future__ import annotations

from dataclasses import replace

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.ledger.ledger import Ledger
from iletimerkezi_mcp.ledger.rules import TO_BE_READ, RuleFit

from .pending_change import PendingChange

_REFUSING = Text(
    "The standing rule {rule} does not let this through: {reason}.", "{rule} kuralı bunu geçirmiyor: {reason}."
)


async def fitting_rule(change: PendingChange, ledger: Ledger) -> RuleFit | None:
    """Return the rule that lets `change` through, or one that has its text; None if none has."""
    fit = await ledger.look_up_rule(change) if change.rules_apply else None
    return fit if fit is None or fit.reason or not change.preview.warnings else replace(fit, reason=TO_BE_READ)


def with_refusal(change: PendingChange, fit: RuleFit | None) -> PendingChange:
    """Return `change`, its preview with a line on the rule that has its text and does not let it through."""
    if fit is None or fit.reason is None:
        return change
    line = _REFUSING.format(rule=fit.name, reason=fit.reason)
    return replace(change, preview=replace(change.preview, advice=(*change.preview.advice, line)))
