"""Campaigns for the tests: a list of made-up people, a text for them, and hosts that send it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx

from iletimerkezi_mcp.settings import Settings
from tests.hosting import LIVE, Host, Mode, hosted

NAMES = ("Ayşegül Kızılcık", "Büşra Karabıyık", "Çetin Gökkuşağı", "Doğukan Işıldak", "Ebru Yağmurlu")
"""Names that no other text has: none of them may be where a model reads."""

TEXT = "Sayın {Ad Soyad}, siparişiniz yola çıktı."

CAMPAIGN: dict[str, Any] = {"file": "musteriler.csv", "text": TEXT, "message_type": "transactional"}


def number(place: int) -> str:
    """Return the number of the person at `place`."""
    return f"+90532{1_000_000 + place}"


def name(place: int) -> str:
    """Return the name of the person at `place`, their own."""
    return f"{NAMES[place % len(NAMES)]} {place:05}"


def write_list(folder: Path, people: int, *, file: str = "musteriler.csv", extra: str = "") -> Path:
    """Write a list of so many people and then `extra`, and return its path."""
    lines = [f"{name(place)};0{number(place)[3:]};12,50" for place in range(people)]
    path = folder / file
    path.write_text("Ad Soyad;GSM;Tutar\n" + "\n".join(lines) + "\n" + extra, encoding="utf-8")
    return path


@asynccontextmanager
async def with_lists(
    folder: Path, mode: Mode = "auto", *, settings: Settings = LIVE, **options: Any
) -> AsyncIterator[Host]:
    """Give a host whose server has the folder; codes confirm lists of any size."""
    confirm: str = "auto" if "elicitation_callback" in options else "code"
    async with hosted(replace(settings, files_dir=folder, confirm=confirm), mode=mode, **options) as host:
        yield host


def orders(host: Host) -> list[dict[str, Any]]:
    """Return the orders that reached the wire, each with its messages as a list."""
    found = []
    for path, request in host.wire.requests:
        if path == "/v1/send-sms/json":
            messages = request["order"]["message"]
            found.append({**request["order"], "message": messages if isinstance(messages, list) else [messages]})
    return found


def texts(host: Host) -> list[tuple[str, str]]:
    """Return each number that reached the wire, and its text, in order."""
    return _texts(orders(host))


def _texts(made: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [
        (recipient, message["text"])
        for order in made
        for message in order["message"]
        for recipient in message["receipents"]["number"]
    ]


class Failing:
    """Lets every order from the one at `place` on fail, from 0, and counts them: a connection is tried again."""

    def __init__(self, place: int, failure: Callable[[httpx.Request], httpx.Response | None]) -> None:
        self.place = place
        self.failed = 0
        self._seen = 0
        self._failure = failure

    def __call__(self, request: httpx.Request) -> httpx.Response | None:
        if "send-sms" not in request.url.path:
            return None
        self._seen += 1
        if self._seen <= self.place:
            return None
        self.failed += 1
        return self._failure(request)

    def handed_over(self, host: Host) -> list[tuple[str, str]]:
        """Return each number that the provider got, and its text, in order."""
        made = orders(host)
        return _texts(made[: self.place] + made[self.place + self.failed :])


def refused(code: int) -> Callable[[httpx.Request], httpx.Response]:
    """Return an answer of the provider that refuses."""

    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"response": {"status": {"code": code, "message": "x"}}})

    return answer
