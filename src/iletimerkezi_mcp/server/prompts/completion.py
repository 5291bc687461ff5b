"""Completing an argument while a person types it: senders, orders, languages."""

from __future__ import annotations

from collections.abc import Sequence

import mcp.types as mcp_types

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.ledger.unavailable import LedgerUnavailableError
from iletimerkezi_mcp.provider.errors import ApiError
from iletimerkezi_mcp.server.lifespan import LifespanState
from iletimerkezi_mcp.server.resources.uris import ORDER_TEMPLATE
from iletimerkezi_mcp.sms.normalize import fold

from .catalogue import MAX_NAME, Catalogue
from .prompt import LANGUAGE, ORDER_ID, SENDER

MAX_VALUES = 100
"""Values of one completion (the protocol's own limit)."""


async def completed(
    params: mcp_types.CompleteRequestParams, catalogue: Catalogue, running: LifespanState
) -> mcp_types.Completion:
    """What may follow what was typed. Raises :class:`MCPError` for a prompt, template or argument that is not there.

    What cannot be read completes to nothing: somebody is only typing.
    """
    known = _arguments(params.ref, catalogue)
    name, typed = params.argument.name, params.argument.value
    if name not in known:
        there = ", ".join(known)
        raise catalogue.wrong(
            Text(
                f"{name[:MAX_NAME]} is no argument here. There are: {there}.",
                f"{name[:MAX_NAME]} burada bir argüman değil. Olanlar: {there}.",
            )
        )
    found = await _found(name, typed, running)
    shown = [running.app.redactor.text(value) for value in found[:MAX_VALUES]]
    return mcp_types.Completion(values=shown, total=len(found), has_more=len(found) > len(shown))


def _arguments(
    ref: mcp_types.PromptReference | mcp_types.ResourceTemplateReference, catalogue: Catalogue
) -> Sequence[str]:
    if isinstance(ref, mcp_types.PromptReference):
        return [one.name for one in catalogue.get(ref.name).arguments]
    if ref.uri != ORDER_TEMPLATE:
        raise catalogue.wrong(
            Text(
                f"There is no such template; there is {ORDER_TEMPLATE}.",
                f"Böyle bir şablon yok; {ORDER_TEMPLATE} var.",
            )
        )
    return [ORDER_ID.name]


async def _found(name: str, typed: str, running: LifespanState) -> list[str]:
    match name:
        case SENDER.name:
            return await _senders(typed, running)
        case ORDER_ID.name:
            return await _orders(typed, running)
        case LANGUAGE.name:
            return [language for language in ("en", "tr") if language.startswith(typed.lower())]
    return []


async def _senders(typed: str, running: LifespanState) -> list[str]:
    """The approved senders that the operator allows."""
    try:
        approved = await running.reader.senders()
    except ApiError:
        return []
    allowed = running.app.settings.allowed_senders
    return [
        sender for sender in approved if sender.lower().startswith(typed.lower()) and (not allowed or sender in allowed)
    ]


async def _orders(typed: str, running: LifespanState) -> list[str]:
    """The latest orders whose number, or a word of whose label, begins with what was typed."""
    try:
        sent = await running.app.records.orders()
    except LedgerUnavailableError:
        return []
    wanted = fold(typed.strip())
    return [
        order_id
        for attempt in sent
        if (order_id := attempt.order_id)
        and (
            order_id.startswith(wanted)
            or (attempt.send and (" " + fold(attempt.send.label or "")).find(" " + wanted) >= 0)
        )
    ]
