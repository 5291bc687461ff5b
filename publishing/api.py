"""``api.json``: the provider's operations as this client speaks them.

The requests are those that the client sends, recorded on their way to the simulated provider, which answers them;
the codes and limits are the client's own tables.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import anyio
import httpx
from pydantic import SecretStr

from iletimerkezi_mcp.provider import OPERATIONS, codes
from iletimerkezi_mcp.provider.account import GET_BALANCE, GET_SENDER
from iletimerkezi_mcp.provider.blacklist import ADD_BLACKLIST, DELETE_BLACKLIST, GET_BLACKLIST, BlacklistQuery
from iletimerkezi_mcp.provider.client import PER_SECOND, ApiClient, Credentials
from iletimerkezi_mcp.provider.consents import (
    IYS_CHECK,
    IYS_REGISTER,
    MAX_CONSENTS,
    BrandCode,
    ConsentDeclaration,
    ConsentQuery,
    ConsentRecord,
)
from iletimerkezi_mcp.provider.operation import MAX_PAGE_SIZE, Operation
from iletimerkezi_mcp.provider.orders import (
    CANCEL_ORDER,
    GET_REPORT,
    GET_REPORTS,
    MAX_RECIPIENTS,
    REPORTS_PAGE_SIZE,
    SEND_SMS,
    OrderId,
    OrdersQuery,
    OutgoingOrder,
    ReportQuery,
    Sender,
)
from iletimerkezi_mcp.provider.timeouts import DEFAULT_TIMEOUTS
from iletimerkezi_mcp.sandbox.database import SandboxDatabase
from iletimerkezi_mcp.sandbox.fixtures import FIRST_ORDER, FIXTURES
from iletimerkezi_mcp.sandbox.provider import Provider
from iletimerkezi_mcp.sandbox.transport import SandboxTransport
from iletimerkezi_mcp.settings import DEFAULT_API_URL, SANDBOX_BRAND_CODE, SANDBOX_SENDER
from iletimerkezi_mcp.sms.clock import ISTANBUL
from iletimerkezi_mcp.sms.numbers import PhoneNumber

NOW: Final = datetime(2026, 1, 5, 10, 0, tzinfo=ISTANBUL)
"""The time of the requests: the morning of a working day, so that nothing in them depends on today."""

_BRAND: Final = BrandCode(SANDBOX_BRAND_CODE)
_ALI, _AYSE = PhoneNumber("+905330000001"), PhoneNumber("+905330000002")


def api_json() -> str:
    """Return every operation with its path and requests, the limits, and the codes with what they say."""
    requests = anyio.run(_requests)
    document = {
        "base": DEFAULT_API_URL,
        "method": "POST",
        "operations": {name: _operation(each, requests[name]) for name, each in OPERATIONS.items()},
        "limits": _limits(),
        "codes": _table(codes.ANSWER_CODES),
        "order_statuses": _table(codes.ORDER_STATUSES),
        "message_statuses": _table(codes.MESSAGE_STATUSES),
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


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
        "recipients_of_an_order": MAX_RECIPIENTS,
        "consents_of_a_registration": MAX_CONSENTS,
        "rows_of_a_page": MAX_PAGE_SIZE,
        "orders_of_a_page": REPORTS_PAGE_SIZE,
        "single_sends_a_second": PER_SECOND,
        "calls_at_once": DEFAULT_TIMEOUTS.at_once,
        "attempts": DEFAULT_TIMEOUTS.attempts,
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


class _Recorder(httpx.AsyncBaseTransport):
    """Records each request's body by its path, and lets the simulated provider answer."""

    def __init__(self, provider: Provider) -> None:
        self._provider = SandboxTransport(provider)
        self.bodies: dict[str, list[Any]] = {operation.path: [] for operation in OPERATIONS.values()}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Record the request and pass it on."""
        self.bodies[request.url.path].append(json.loads(await request.aread()))
        return await self._provider.handle_async_request(request)


async def _requests() -> dict[str, list[Any]]:
    clock: Callable[[], datetime] = lambda: NOW  # noqa: E731
    with SandboxDatabase(None, clock) as database:
        recorder = _Recorder(Provider(database))
        async with ApiClient(
            base_url=DEFAULT_API_URL,
            credentials=Credentials(SecretStr("<key>"), SecretStr("<hash>")),
            transport=lambda: recorder,
            clock=clock,
        ) as client:
            await _speak(client)
    return {name: recorder.bodies[operation.path] for name, operation in OPERATIONS.items()}


async def _speak(client: ApiClient) -> None:
    """Call every operation, and those with optional parts once without them and once with."""
    sender = Sender(SANDBOX_SENDER)
    await client.call(SEND_SMS, OutgoingOrder(sender, "Siparişiniz yola çıktı.", (_ALI,)))
    scheduled = OutgoingOrder(sender, "Yılbaşı indirimi başladı.", (_ALI, _AYSE), "BIREYSEL", NOW + timedelta(days=1))
    await client.call(CANCEL_ORDER, await client.call(SEND_SMS, scheduled))
    await client.call(GET_REPORT, ReportQuery(OrderId(str(FIRST_ORDER))))
    await client.call(GET_REPORTS, OrdersQuery((NOW - timedelta(days=9)).date(), NOW.date()))
    await client.call(GET_BALANCE, None)
    await client.call(GET_SENDER, None)
    await client.call(GET_BLACKLIST, BlacklistQuery())
    await client.call(GET_BLACKLIST, BlacklistQuery(page_size=100, added_from=NOW - timedelta(days=1), added_to=NOW))
    await client.call(ADD_BLACKLIST, _AYSE)
    await client.call(DELETE_BLACKLIST, _AYSE)
    record = ConsentRecord("+905330000003", "BIREYSEL", "MESAJ", "ONAY", "HS_WEB", NOW - timedelta(hours=2))
    await client.call(IYS_REGISTER, ConsentDeclaration(_BRAND, (record,)))
    await client.call(IYS_CHECK, ConsentQuery(_BRAND, FIXTURES.consents[0].recipient, "BIREYSEL", "MESAJ"))
