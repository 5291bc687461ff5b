"""The outcome of each fault: what a model is told, what the ledger holds, what the provider has.

Written by hand and held against every pair of fault and tool; `docs/faults.md` is made from it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from iletimerkezi_mcp.ledger.attempts import State
from iletimerkezi_mcp.provider import OPERATIONS
from tests.calls import SEND_SMS


@dataclass(frozen=True, slots=True)
class Row:
    """One fault met by one tool.

    `words` stand in the answer's summary and `advice` in its next step. `ledger` is the state of the attempt, None for
    a read, which has none. `made` counts what came about at the provider's: orders, cancelled orders, numbers put on
    the blacklist or taken off, consents. `sent` counts the times that a change's request arrived.
    """

    outcome: str
    words: str = ""
    advice: str = ""
    ledger: State | None = None
    made: int = 0
    sent: int = 0


@dataclass(frozen=True, slots=True)
class Rows:
    """One fault met by the six reads, by the four changes that are no message, and by `send_sms`."""

    reads: Row
    changes: Row
    send_sms: Row

    def of(self, tool: str) -> Row:
        """Return the row of `tool`."""
        return self.send_sms if tool == SEND_SMS else self.changes if OPERATIONS[tool].changes else self.reads


LOOK: Final = "Do not repeat this call, made at 10:00 on Monday 2026-11-23."
AGAIN: Final = "Nothing was changed by this read"


def nothing(words: str, advice: str) -> Rows:
    """Expect that the request provably did nothing."""
    change = Row("nothing_done", f"Nothing was done: {words}", advice, "nothing_done")
    return Rows(Row("failed", words, advice), change, change)


def refused(words: str, advice: str) -> Rows:
    """Expect that the provider said no."""
    change = Row("refused", f"The provider refused, and nothing was done: {words}", advice, "refused", sent=1)
    return Rows(Row("refused", words, advice), change, change)


def unknown(words: str, *, made: int, after_a_read: str = AGAIN) -> Rows:
    """Expect that it may have been done; `made` says if it was."""
    change = Row("unknown", f"It may have been done: {words}", LOOK, "unknown", made, 1)
    send = replace(change, advice=f"{LOOK} Call get_reports with start 2026-11-23 and look for an order of")
    return Rows(Row("failed", words, after_a_read), change, send)


def well() -> Rows:
    """Expect that nothing is noticed of it."""
    return Rows(Row("ok"), Row("done", ledger="done", made=1, sent=1), Row("done", ledger="done", made=1, sent=1))


LOST: Final = "The connection broke before the provider's answer came."
LATE: Final = "The provider did not answer within the time limit."
UNREADABLE: Final = "The provider's answer could not be read."
REDIRECT: Final = "The configured address answers with a redirect, which is never followed."
FAILED: Final = "The provider's server failed."
MAINTENANCE: Final = "The provider's server is temporarily out of service."
BUSY: Final = "The provider is throttling this account for now."

TABLE: Final[dict[str, Rows]] = {
    "refused": nothing("The provider could not be reached: the connection was refused.", "Try again in a few minutes"),
    "name unknown": nothing(
        "The provider could not be reached: its name was not found (DNS).", "Check this machine's network"
    ),
    "no TLS": nothing(
        "No encrypted connection (TLS) to the provider could be made.", "Ask the operator to check ILETIMERKEZI_API_URL"
    ),
    "certificate untrusted": nothing(
        "The certificate of the server that answered is not trusted, so the key was not sent to it.",
        "Ask the operator to check this machine's clock",
    ),
    "reset before the request": nothing("The provider could not be reached.", "Check this machine's network"),
    "handshake never answered": nothing("The provider could not be reached in time.", "Check this machine's network"),
    "reset after the request": unknown(LOST, made=0),
    "reset after the deed": unknown(LOST, made=1),
    "reset in the answer": unknown(LOST, made=1),
    "closed at reuse": well(),
    "never": unknown(LATE, made=1),
    "slow headers": unknown(LATE, made=1),
    "slow body": unknown(LATE, made=1),
    "slow, in time": well(),
    "429": refused(BUSY, "Wait a minute, then try once more."),
    "429, Retry-After": refused(BUSY, "Try again in 120 s, not before."),
    "500": unknown(FAILED, made=1),
    "500 over 200": unknown(FAILED, made=1),
    "502 in HTML": unknown(FAILED, made=1),
    "503": unknown(MAINTENANCE, made=0),
    "redirect 307": unknown(REDIRECT, made=0, after_a_read="Ask the operator to check ILETIMERKEZI_API_URL."),
    "redirect 302": unknown(UNREADABLE, made=1),
    "truncated": unknown(UNREADABLE, made=1),
    "empty": unknown(UNREADABLE, made=1),
    "malformed": unknown(UNREADABLE, made=1),
    "HTML": unknown(UNREADABLE, made=1),
    "wrong types": Rows(
        Row("failed", UNREADABLE, AGAIN),
        well().changes,
        Row(
            "unknown",
            "The provider accepted the order (code 200) but gave no order number.",
            f"{LOOK} Call get_reports with start 2026-11-23 and look for an order of",
            "unknown",
            1,
            1,
        ),
    ),
    "code of a wrong type": unknown(UNREADABLE, made=1),
    "code as string": well(),
    "200 without status": unknown(UNREADABLE, made=1),
    "deep nesting": unknown(UNREADABLE, made=1),
    "100 MB": unknown(UNREADABLE, made=1),
    "100 MB, compressed": unknown(UNREADABLE, made=1),
}
