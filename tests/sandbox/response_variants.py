"""The other types in which the provider has been seen to answer (contract, section 1.2).

The sandbox answers in the types of the newest documents. Each switch turns one field into its other type, so that the
client can be tried against either.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from iletimerkezi_mcp.sandbox.answers import JsonAnswer, ProviderAnswer
from iletimerkezi_mcp.sandbox.database import SandboxDatabase
from iletimerkezi_mcp.sandbox.provider import Provider
from iletimerkezi_mcp.sandbox.request_context import Json, SimulatedAccount


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseVariant:
    """The fields that answer in their other type. `plain_http` sends every answer under HTTP 200."""

    string_codes: bool = False
    string_statuses: bool = False
    other_order_ids: bool = False
    string_balance: bool = False
    string_counts: bool = False
    bare_numbers: bool = False
    empty_object: bool = False
    bare_single: bool = False
    no_counters: bool = False
    float_price: bool = False
    plain_http: bool = False

    def turn(self, body: Json) -> Json:
        """Change `body`, a whole answer, in place: the switched fields get their other type."""
        response = body["response"]
        if self.string_codes:
            response["status"]["code"] = str(response["status"]["code"])
        if "balance" in response and self.string_balance:
            response["balance"] = {name: str(value) for name, value in response["balance"].items()}
        if "order" in response:
            self._turn_order(response["order"])
        if "orders" in response:
            self._turn_orders(response)
        if "blacklist" in response:
            self._turn_blacklist(response["blacklist"])
        if "senders" in response:
            response["senders"]["sender"] = self._single(response["senders"]["sender"])
        return body

    def _turn_order(self, order: Json) -> None:
        if self.other_order_ids:
            order["id"] = int(order["id"])
        if "message" not in order:
            return
        self._turn_summary(order)
        if "price" in order and self.float_price:
            order["price"] = order["price"] / 2
        for row in order["message"]:
            if self.string_statuses:
                row["status"] = str(row["status"])
            if self.bare_numbers:
                row["number"] = _bare(row["number"])
        order["message"] = self._single(order["message"])

    def _turn_orders(self, response: Json) -> None:
        if self.string_counts:
            response["count"] = str(response["count"])
        for order in response["orders"]:
            self._turn_summary(order)
            if self.other_order_ids:
                order["id"] = str(order["id"])
        if self.empty_object and not response["orders"]:
            response["orders"] = {}

    def _turn_summary(self, order: Json) -> None:
        if self.string_statuses:
            order["status"] = str(order["status"])
        for name in ("total", "delivered", "undelivered", "waiting"):
            if self.string_counts:
                order[name] = str(order[name])
        if self.no_counters:
            for name in order.keys() - {"id", "status", "message"}:
                del order[name]

    def _turn_blacklist(self, blacklist: Json) -> None:
        if self.string_counts:
            blacklist["count"] = str(blacklist["count"])
        if self.bare_numbers:
            blacklist["number"] = [_bare(number) for number in blacklist["number"]]
        blacklist["number"] = self._single(blacklist["number"])

    def _single(self, rows: list[Any]) -> Any:
        return rows[0] if self.bare_single and len(rows) == 1 else rows


def _bare(number: str) -> int | str:
    """Return a Turkish number without its prefix, as a JSON number."""
    return int(number[3:]) if number.startswith("+90") else number


DOCUMENTED = ResponseVariant()
"""The types of the newest documents."""

EVERY_VARIANT = ResponseVariant(
    string_codes=True,
    string_statuses=True,
    other_order_ids=True,
    string_balance=True,
    string_counts=True,
    bare_numbers=True,
    empty_object=True,
    bare_single=True,
    float_price=True,
)
"""Every field in its other type. Missing counters and plain HTTP are switches of their own."""


class VaryingProvider(Provider):
    """The simulated provider, which answers in the types of `variant`."""

    def __init__(
        self,
        database: SandboxDatabase,
        account: SimulatedAccount | None = None,
        variant: ResponseVariant = DOCUMENTED,
    ) -> None:
        super().__init__(database, account)
        self._variant = variant

    def answer(self, path: str, body: bytes, *, method: str = "POST") -> ProviderAnswer:
        """Return what comes back for one request."""
        answer = super().answer(path, body, method=method)
        if not isinstance(answer, JsonAnswer):
            return answer
        status = 200 if self._variant.plain_http else answer.http_status
        return JsonAnswer(status, self._variant.turn(answer.body), answer.headers)
