"""The record of what really happened on the wire, and what follows from it; kept apart from all that the server keeps."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Literal

import httpx

from iletimerkezi_mcp.sandbox.answers import JsonAnswer
from tests.hosting import ManualClock, Wire

Fault = Literal["none", "lost", "untracked", "busy", "page", "refused", "throttled"]
"""The fault of the next order: its answer is lost, or has no number, although it was made; or it is not made."""

MADE: Final = frozenset({"none", "lost", "untracked"})
SEND: Final = "/v1/send-sms/json"

CODE_LIFE: Final = 10 * 60.0
REPEAT: Final = 10 * 60.0
UNKNOWN: Final = 24 * 3600.0
HOUR: Final = 3600.0


@dataclass(frozen=True, slots=True)
class Message:
    """A message by its meaning: `send_at` in the wall clock's time, None for at once."""

    text: str
    recipients: frozenset[str]
    sender: str = "FIRMAADI"
    send_at: datetime | None = None

    def repeats(self, earlier: Message) -> bool:
        """Return whether somebody would get the same text from both."""
        return self.text == earlier.text and bool(self.recipients & earlier.recipients)

    def resembles(self, earlier: Message) -> bool:
        """Return whether somebody would get from both what reads nearly alike: here, one text in another case."""
        return (
            self.text != earlier.text
            and self.text.lower() == earlier.text.lower()
            and bool(self.recipients & earlier.recipients)
        )

    @classmethod
    def of(cls, request: dict[str, Any]) -> Message:
        """Return the message of a request as it came over the wire."""
        order = request["order"]
        when = order.get("sendDateTime")
        said = when[0] if isinstance(when, list) and when else when
        numbers = order["message"]["receipents"]["number"]
        assert len(numbers) == len(set(numbers))
        return cls(
            order["message"]["text"],
            frozenset(numbers),
            order["sender"],
            datetime.strptime(f"{said} +0300", "%d/%m/%Y %H:%M %z") if said else None,
        )


@dataclass(slots=True)
class Sent:
    """One order as it reached the wire, to go out `ahead` seconds later.

    `made` is what the provider did, `told` what its answer let one know.
    """

    message: Message
    at: float
    credits: int
    ahead: float = 0.0
    made: bool = False
    told: Literal["accepted", "refused", "unknown"] = "unknown"
    order_id: str | None = None
    cancelled: bool = False
    looked_for: bool = False

    def must_hold(self, now: float) -> bool:
        """Return if an identical one must not leave now."""
        if self.cancelled:
            return False
        if self.made and now - self.at < self.ahead + REPEAT:
            return True
        return self.told == "unknown" and not self.looked_for and now - self.at < max(UNKNOWN, self.ahead + REPEAT)

    def may_hold(self, now: float) -> bool:
        """Return if it is right to hold an identical one back."""
        return (
            not self.cancelled
            and self.told != "refused"
            and now - self.at < max(UNKNOWN if self.told == "unknown" else REPEAT, self.ahead + REPEAT)
        )

    @property
    def counts(self) -> bool:
        """True if it may have cost something."""
        return not self.cancelled and self.told != "refused"


@dataclass(slots=True)
class Truth:
    """The wire, watched: every order that reached it, with what befell it."""

    clock: ManualClock
    wire: Wire
    fault: Fault = "none"
    sent: list[Sent] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.wire.broken = self._answer

    def held(self, message: Message) -> frozenset[str]:
        """Return the recipients from whom `message` must be held back now."""
        return self._people(message, (one for one in self._same(message) if one.must_hold(self.clock.up)))

    def may_be_held(self, message: Message) -> frozenset[str]:
        """Return the recipients from whom it is right to hold `message` back now."""
        return self._people(message, (one for one in self._same(message) if one.may_hold(self.clock.up)))

    def may_arrive_twice(self, message: Message) -> bool:
        """Return if some recipient may have `message` from a send of which nothing is known, and nothing was read since."""
        return any(
            one.told == "unknown" and not one.looked_for and not one.cancelled and not one.may_hold(self.clock.up)
            for one in self._same(message)
        )

    def reads_alike(self, message: Message, since: int = 0) -> bool:
        """Return if some recipient got what reads nearly alike a moment ago, or may have got it, by these sends."""
        return any(
            message.resembles(one.message)
            and one.counts
            and not (one.told == "unknown" and one.looked_for)
            and self.clock.up - one.at < REPEAT
            for one in self.sent[since:]
        )

    @staticmethod
    def _people(message: Message, sends: Iterable[Sent]) -> frozenset[str]:
        return frozenset().union(*(message.recipients & one.message.recipients for one in sends))

    def recipients_within_the_hour(self) -> int:
        """Count the recipients of all sends of the last hour that were made, or may have been."""
        return sum(len(one.message.recipients) for one in self.sent if one.counts and self.clock.up - one.at < HOUR)

    def credits_today(self) -> int:
        """Return what may have been spent since midnight, counted in time that passed and not in time that was set."""
        now = self.clock.now
        since = (now - now.replace(hour=0, minute=0, second=0, microsecond=0)) / timedelta(seconds=1)
        return sum(one.credits for one in self.sent if one.counts and self.clock.up - one.at <= since)

    def _same(self, message: Message) -> Iterable[Sent]:
        return (one for one in self.sent if message.repeats(one.message))

    def _answer(self, request: httpx.Request) -> httpx.Response | None:
        if request.url.path != SEND:
            return None
        fault, self.fault = self.fault, "none"
        message = Message.of(json.loads(request.content)["request"])
        ahead = (message.send_at - self.clock.now).total_seconds() if message.send_at else 0.0
        sent = Sent(message, self.clock.up, credits=len(message.recipients) * parts(message.text), ahead=ahead)
        self.sent.append(sent)
        if fault in MADE:
            reply = self.wire.provider.answer(SEND, request.content)
            assert isinstance(reply, JsonAnswer)
            status = reply.body["response"]["status"]["code"]
            sent.made = str(status) == "200"
            if fault == "lost":
                raise httpx.ReadError("lost", request=request)
            sent.told = "accepted" if sent.made else "refused"
            if sent.made and fault == "untracked":
                sent.told = "unknown"
                return httpx.Response(200, json={"response": {"status": {"code": 200}}})
            if sent.made:
                sent.order_id = str(reply.body["response"]["order"]["id"])
            return httpx.Response(reply.http_status, content=reply.content)
        if fault in {"refused", "throttled"}:
            sent.told = "refused"
            code = 450 if fault == "refused" else 429
            return httpx.Response(code, json={"response": {"status": {"code": code, "message": "x"}}})
        page = b"<html>Bad gateway</html>"
        return httpx.Response(502, content=page) if fault == "page" else httpx.Response(503, content=b"")


def parts(text: str) -> int:
    """Return the parts of one of the machine's texts, which are plain letters only."""
    length = len(unicodedata.normalize("NFC", text))
    return 1 if length <= 155 else 2
