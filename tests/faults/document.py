"""`docs/faults.md`, made of the table. ``python -m tests.faults.document`` writes it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from iletimerkezi_mcp.ledger.attempts import UNKNOWN_HOLD
from iletimerkezi_mcp.ledger.entries import RETENTION
from iletimerkezi_mcp.provider.timeouts import DEFAULT_TIMEOUTS

from .catalogue import BODY, CONNECTION, TIME, WORD
from .fault import Fault
from .table import LOOK, TABLE, Row

DOCUMENT: Final = Path(__file__).parents[2] / "docs" / "faults.md"

_FAMILIES: Final = {
    "The connection": CONNECTION,
    "Time": TIME,
    "What the answer's status says": WORD,
    "What the answer's body says": BODY,
}

_DAYS: Final = RETENTION.days

_HOURS: Final = int(UNKNOWN_HOLD.total_seconds()) // 3600

_INTRODUCTION: Final = f"""\
# When something goes wrong on the way

What the server makes of every fault between it and the provider: what the model is told, what the ledger holds, and
what there is at the provider's afterwards. Each row is played by the tests with every tool, through a real client
and server in both protocol versions, against the sandbox: what is done to a connection over TCP, what is done to an answer
also in process.

In every row it also holds that

- the request of a change arrives at most once, and repeating the call with its code sends nothing and tells the same;
- the same message, asked for anew, is held back unless it is certain that the first did not go out;
- a read is tried at most {DEFAULT_TIMEOUTS.tries} times;
- the call ends within its limit ({DEFAULT_TIMEOUTS.call_seconds} seconds, all waiting and repeats included);
- neither key nor hash is in the answer, in the log or in the ledger, also where the answer repeats the request;
- of an answer no more than {DEFAULT_TIMEOUTS.answer_bytes >> 20} MiB is taken in.

## What “unknown” means

The request left this machine and no answer came that can be relied on, so it may have been done: in some of the rows it
was, in others it was not, and from here they look the same. The server tells neither success nor failure then. The
ledger keeps the attempt as `unknown`; for a message this holds the same text back from the same people for {_HOURS} hours (a
scheduled one at least until ten minutes after its time), or until `get_reports` or `get_report` settles it. After that it
can be repeated, under a warning before all others in its preview, as long as the ledger keeps the attempt: {_DAYS} days.
The model is told “{LOOK}”, and with which read to look.

`nothing_done` is told only where no part of the request's body can have reached the provider.

## How to read the tables

- *told*: what the model reads, and in italics what it is to do next where that is not the look described above.
- *reads*: the outcome that the six tools tell that change nothing. They have no entry in the ledger.
- *other changes*: the outcome that `cancel_order`, `add_blacklist`, `delete_blacklist` and `iys_register` tell; the
  state in the ledger; whether the provider did it in fact.
- *send_sms*: the same, and how many orders there are in fact.

This page is made by `python -m tests.faults.document`.
"""


def rendered() -> str:
    """Return the whole document."""
    parts = [_INTRODUCTION]
    for title, faults in _FAMILIES.items():
        head = ["| fault | told | reads | other changes | `send_sms` |", "|---|---|---|---|---|"]
        parts.append("\n".join([f"## {title}\n", *head, *(_line(fault) for fault in faults), ""]))
    return "\n".join(parts)


def _line(fault: Fault) -> str:
    rows = TABLE[fault.name]
    changed = f"{_kept(rows.changes)}; {'was done' if rows.changes.made else 'was not done'}"
    sent = f"{_kept(rows.send_sms)}; {rows.send_sms.made} {'order' if rows.send_sms.made == 1 else 'orders'}"
    if not rows.send_sms.words.endswith(rows.reads.words):
        sent += f"<br>“{rows.send_sms.words}”"
    cells = (f"**{fault.name}**: {fault.happens}", _told(rows.reads), f"`{rows.reads.outcome}`", changed, sent)
    return f"| {' | '.join(cells)} |"


def _kept(row: Row) -> str:
    return f"`{row.outcome}`; ledger `{row.ledger}`"


def _told(row: Row) -> str:
    if not row.words:
        return "the ordinary answer"
    advice = "" if row.advice.startswith("Nothing was changed") else f" *{row.advice.rstrip('.')}.*"
    return f"“{row.words}”{advice}"


def main() -> None:
    """Write the document."""
    DOCUMENT.write_text(rendered(), encoding="utf-8")


if __name__ == "__main__":
    main()
