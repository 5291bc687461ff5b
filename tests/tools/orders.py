"""Orders for the tests of reports, and answers in the provider's place."""

from __future__ import annotations

from typing import Any

import httpx

from tests.calls import SEND_SMS
from tests.hosting import Host

SEND: dict[str, Any] = {"text": "Siparişiniz yola çıktı.", "message_type": "transactional"}


def numbers(count: int) -> list[str]:
    return [f"+9053{index:08}" for index in range(count)]


async def send(host: Host, recipients: list[str]) -> str:
    answer = await host.confirm(SEND_SMS, SEND, recipients=recipients)
    return str(answer["order_id"])


def answering(body: dict[str, Any]) -> Any:
    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"response": {"status": {"code": 200, "message": "ok"}, **body}})

    return answer
