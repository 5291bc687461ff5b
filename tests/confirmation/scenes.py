"""People who answer forms, calls that add up, and answers that are lost, for several tests."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import httpx
import mcp.types as mcp_types
import pytest

from iletimerkezi_mcp.confirmation.latest import Latest
from tests.calls import IYS_REGISTER, SEND_SMS
from tests.calls import SEND_TO_TWO as SEND
from tests.hosting import Host
from tests.tools.examples import EXAMPLES


class Asked:
    """A host's dialog: what it showed, and what it brings back."""

    def __init__(self, action: str = "accept", content: dict[str, Any] | None = None) -> None:
        self.shown: list[mcp_types.ElicitRequestFormParams] = []
        self._answer = mcp_types.ElicitResult.model_validate({"action": action, "content": content})

    async def __call__(self, _: Any, params: Any) -> mcp_types.ElicitResult:
        self.shown.append(params)
        return self._answer


YES: Callable[[], Asked] = lambda: Asked("accept", {"send": True})  # noqa: E731


class Person:
    """A person who confirms each form, with the number that it asks for."""

    def __init__(self) -> None:
        self.numbers: list[str | None] = []

    async def __call__(self, _: Any, params: Any) -> mcp_types.ElicitResult:
        asked = params.requested_schema["properties"].get("count")
        number = None if asked is None else asked["description"].split("above, ")[1].split(",")[0]
        self.numbers.append(number)
        content: dict[str, Any] = {"send": True} if number is None else {"send": True, "count": number}
        return mcp_types.ElicitResult(action="accept", content=content)


def lost(request: httpx.Request) -> httpx.Response:
    """The order is made nowhere, and no answer comes."""
    raise httpx.ReadError("gone", request=request)


async def unknown(host: Host, **more: Any) -> None:
    """A send of unknown outcome; the provider does not have it."""
    host.wire.broken = lost
    assert (await host.confirm(SEND_SMS, {**SEND, **more}))["outcome"] == "unknown"
    host.wire.broken = None


def people(count: int, first: int = 0) -> list[str]:
    return [f"+9053{number:08}" for number in range(first, first + count)]


CONSENT = EXAMPLES[IYS_REGISTER]["consents"][0]


def send(place: int, count: int = 99) -> dict[str, Any]:
    """Return the arguments of a send to `count` people of their own, with a text of its own."""
    return {**SEND, "text": f"Bilgi {place}.", "recipients": people(count, 1_000 * place)}


def declaration(place: int, count: int = 99) -> dict[str, Any]:
    return {"consents": [{**CONSENT, "recipient": number} for number in people(count, 1_000 * place)]}


def remember_only_the_latest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what is made from now on remember one entry of each kind."""
    start = Latest.__init__
    monkeypatch.setattr(Latest, "__init__", lambda self, _: start(self, 1))


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
