"""``api.json``: the provider's operations as this client speaks them.

The requests are those that the examples of the tools' pages send; the codes and limits are the client's own tables.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from iletimerkezi_mcp.provider import OPERATIONS, codes
from iletimerkezi_mcp.provider.client import SINGLE_SENDS_PER_SECOND
from iletimerkezi_mcp.provider.consents import MAX_CONSENTS
from iletimerkezi_mcp.provider.operation import MAX_PAGE_SIZE, Operation
from iletimerkezi_mcp.provider.orders import MAX_ORDER_RECIPIENTS, REPORTS_PAGE_SIZE
from iletimerkezi_mcp.provider.timeouts import DEFAULT_TIMEOUTS
from iletimerkezi_mcp.settings import DEFAULT_API_URL

from .pages import TOOL_PAGES, example


def api_json() -> str:
    """Return every operation with its path and requests, the limits, and the codes with what they say."""
    requests = _requests()
    document = {
        "base": DEFAULT_API_URL,
        "method": "POST",
        "operations": {name: _operation(each, requests[each.path]) for name, each in OPERATIONS.items()},
        "limits": _limits(),
        "codes": _table(codes.ANSWER_CODES),
        "order_statuses": _table(codes.ORDER_STATUSES),
        "message_statuses": _table(codes.MESSAGE_STATUSES),
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _requests() -> dict[str, list[Any]]:
    """Return the requests of all pages by their path, each once and without the credentials' values."""
    requests: dict[str, list[Any]] = {operation.path: [] for operation in OPERATIONS.values()}
    for path, body in (request for page in TOOL_PAGES for request in example(page).requests):
        fields = {**body["request"], "authentication": {"key": "<key>", "hash": "<hash>"}}
        if (request := {"request": fields}) not in requests[path]:
            requests[path].append(request)
    return requests


def _operation(operation: Operation[Any, Any], requests: list[Any]) -> dict[str, Any]:
    fields: dict[str, Any] = {"path": operation.path, "changes": operation.changes, "requests": requests}
    own = {
        str(number): _code(codes.lookup(number, operation))
        for number, row in codes.ANSWER_CODES.items()
        if codes.lookup(number, operation) != row
    }
    return fields | ({"codes": own} if own else {})


def _limits() -> dict[str, Any]:
    return {
        "recipients_of_an_order": MAX_ORDER_RECIPIENTS,
        "consents_of_a_registration": MAX_CONSENTS,
        "rows_of_a_page": MAX_PAGE_SIZE,
        "orders_of_a_page": REPORTS_PAGE_SIZE,
        "single_sends_a_second": SINGLE_SENDS_PER_SECOND,
        "calls_at_once": DEFAULT_TIMEOUTS.at_once,
        "tries": DEFAULT_TIMEOUTS.tries,
        "seconds_of_a_call": DEFAULT_TIMEOUTS.call_seconds,
        "bytes_of_an_answer": DEFAULT_TIMEOUTS.answer_bytes,
    }


def _table(rows: Mapping[int, codes.ProviderCode]) -> dict[str, Any]:
    return {str(number): _code(row) for number, row in rows.items()}


def _code(row: codes.ProviderCode) -> dict[str, Any]:
    return {
        "provider": row.turkish,
        "meaning": {"en": row.meaning.en, "tr": row.meaning.tr},
        "outcome": row.outcome,
        "next_step": {"en": row.next_step.en, "tr": row.next_step.tr},
    }
