"""Completion of an argument while a person types it: senders, orders, languages."""

from __future__ import annotations

import mcp.types as mcp_types

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.ledger.unavailable import LedgerUnavailableError
from iletimerkezi_mcp.provider.codes import ANSWER_CODES, MESSAGE_STATUSES, ORDER_STATUSES
from iletimerkezi_mcp.provider.errors import ApiError
from iletimerkezi_mcp.server.resources.catalogue import CODE_TEMPLATE, ORDER_TEMPLATE, TEMPLATES
from iletimerkezi_mcp.sms.escape import cut
from iletimerkezi_mcp.sms.normalize import fold
from iletimerkezi_mcp.tools.context import ServerContext

from .catalogue import MAX_NAME, OfferedPrompts
from .prompt import LANGUAGE, ORDER_ID, SENDER

ATTEMPTS_SEARCHED = 500
"""The latest attempts that are searched for orders."""

MAX_VALUES = 100
"""Values of one completion (the protocol's own limit)."""


async def completion(params: mcp_types.CompleteRequestParams, catalogue: OfferedPrompts) -> mcp_types.Completion:
    """Return the values that begin with what a person has typed so far, or none if the values cannot be read.

    Raises :class:`MCPError` for a prompt, template or argument that does not exist.
    """
    name, prefix = params.argument.name, params.argument.value
    names = _argument_names(params.ref, catalogue)
    if name not in names:
        raise catalogue.invalid(
            Text(
                "{name} is not an argument here. The arguments are: {names}.",
                "Burada {name} diye bir parametre yok. Olanlar: {names}.",
            ).format(name=cut(catalogue.context.redactor.text(name), MAX_NAME), names=", ".join(names))
        )
    values = await _values(name, prefix, catalogue)
    first = [catalogue.context.redactor.text(value) for value in values[:MAX_VALUES]]
    return mcp_types.Completion(values=first, total=len(values), has_more=len(values) > len(first))


def _argument_names(
    ref: mcp_types.PromptReference | mcp_types.ResourceTemplateReference, catalogue: OfferedPrompts
) -> list[str]:
    if isinstance(ref, mcp_types.PromptReference):
        return [argument.name for argument in catalogue.get(ref.name).arguments]
    names = {ORDER_TEMPLATE: ORDER_ID.name, CODE_TEMPLATE: "code"}
    if ref.uri not in names:
        raise catalogue.invalid(
            Text(
                "There is no such template. The templates are: {templates}.",
                "Böyle bir şablon yok. Olanlar: {templates}.",
            ).format(templates=", ".join(TEMPLATES))
        )
    return [names[ref.uri]]


async def _values(name: str, prefix: str, catalogue: OfferedPrompts) -> list[str]:
    match name:
        case SENDER.name:
            return await _senders(prefix, catalogue)
        case ORDER_ID.name:
            return await _orders(prefix, catalogue.context)
        case "code":
            codes = map(str, (*ANSWER_CODES, *ORDER_STATUSES, *MESSAGE_STATUSES))
            return [code for code in codes if code.startswith(prefix)]
        case LANGUAGE.name:
            return [language for language in ("en", "tr") if language.startswith(prefix.lower())]
    return []


async def _senders(prefix: str, catalogue: OfferedPrompts) -> list[str]:
    try:
        senders = await catalogue.reader.senders()
    except ApiError:
        return []
    allowed = catalogue.context.settings.allowed_senders
    return [
        sender for sender in senders if sender.lower().startswith(prefix.lower()) and (not allowed or sender in allowed)
    ]


async def _orders(prefix: str, context: ServerContext) -> list[str]:
    """Return the latest orders whose number, or a word of whose label, begins with what was typed."""
    try:
        attempts = await context.ledger.latest(ATTEMPTS_SEARCHED)
    except LedgerUnavailableError:
        return []
    prefix = fold(prefix.strip())
    sends = {attempt.order_id: attempt.send for attempt in attempts if attempt.send is not None}
    words = ((number, fold(send.label or "")) for number, send in sends.items())
    return [number for number, label in words if number and (number.startswith(prefix) or f" {prefix}" in f" {label}")]
