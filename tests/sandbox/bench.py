"""A simulated provider with a clock to turn by hand, asked in bytes as on the wire."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from iletimerkezi_mcp.sandbox.answers import JsonAnswer, ProviderAnswer
from iletimerkezi_mcp.sandbox.database import SandboxDatabase
from iletimerkezi_mcp.sandbox.fixtures import FIXTURES, Fixtures
from iletimerkezi_mcp.sandbox.request_context import SimulatedAccount
from iletimerkezi_mcp.sms.clock import ISTANBUL
from tests.sandbox.response_variants import DOCUMENTED, ResponseVariant, VaryingProvider

MONDAY = datetime(2026, 11, 23, 10, 0, 0, tzinfo=ISTANBUL)
OK = {"code": 200, "message": "İşlem başarılı"}
ALI, VELI, CAN = "+905330000011", "+905330000012", "+905330000013"


def body(more: Mapping[str, Any] | None = None, *, key: str = "k", secret: str = "h", **fields: Any) -> bytes:
    """Return a request's bytes: credentials, and `fields` beside them."""
    authentication = {"key": key, "hash": secret}
    return json.dumps({"request": {"authentication": authentication, **fields, **(more or {})}}).encode()


def order(*numbers: object, text: object = "Merhaba", **fields: Any) -> dict[str, Any]:
    """Return the `order` of a request to send; `fields` replace the ordinary ones."""
    message = {"text": text, "receipents": {"number": list(numbers)}}
    return {"sender": "FIRMAADI", "sendDateTime": [], "iys": "0", "message": message, **fields}


class Bench:
    """A database of its own, its clock and the provider in front of it."""

    def __init__(
        self,
        seed: Fixtures = FIXTURES,
        account: SimulatedAccount | None = None,
        *,
        variant: ResponseVariant = DOCUMENTED,
        path: Path | None = None,
        now: datetime = MONDAY,
    ) -> None:
        self.now = now
        self.database = SandboxDatabase(path, lambda: self.now, seed)
        self.provider = VaryingProvider(self.database, account, variant)

    def wait(self, seconds: float) -> None:
        """Move the clock on."""
        self.now += timedelta(seconds=seconds)

    def answer(self, operation: str, **fields: Any) -> ProviderAnswer:
        """Return whatever comes back."""
        return self.provider.answer(f"/v1/{operation}/json", body(**fields))

    def ask(self, operation: str, **fields: Any) -> dict[str, Any]:
        """Return the ``response`` of an ordinary answer."""
        answer = self.answer(operation, **fields)
        assert isinstance(answer, JsonAnswer)
        response: dict[str, Any] = answer.body["response"]
        assert answer.http_status == response["status"]["code"]
        return response

    def code(self, operation: str, **fields: Any) -> int:
        """Return the body code of an ordinary answer."""
        code: int = self.ask(operation, **fields)["status"]["code"]
        return code

    def send(self, *numbers: object, **fields: Any) -> str:
        """Send an order that is accepted, and return its number."""
        response = self.ask("send-sms", order=order(*numbers, **fields))
        assert response["status"] == OK
        order_id: str = response["order"]["id"]
        return order_id

    def refused(self, *numbers: object, **fields: Any) -> int:
        """Send an order that may be refused, and return the code."""
        return self.code("send-sms", order=order(*numbers, **fields))

    def report(self, order_id: str, **fields: Any) -> dict[str, Any]:
        """Return an order's report."""
        report: dict[str, Any] = self.ask("get-report", order={"id": order_id, **fields})["order"]
        return report

    def fates(self, order_id: str) -> list[tuple[str, int]]:
        """Return each recipient of an order with its status."""
        return [(row["number"], row["status"]) for row in self.report(order_id)["message"]]

    def credits(self) -> int:
        """Return the credits left."""
        left: int = self.ask("get-balance")["balance"]["sms"]
        return left
