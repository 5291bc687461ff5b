"""The entry of a changing call in the audit log."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.ledger.attempts import Attempt, AttemptOutcome, PendingMessage
from iletimerkezi_mcp.sms.numbers import mask

from .change_result import ChangeResult
from .pending_change import PendingChange

_QUOTED = re.compile("“[^”]*”")
"""The quotes of a warning: words of the message, which the audit log does not keep."""


def audit_entry(
    change: PendingChange,
    result: ChangeResult | AttemptOutcome | None,
    warnings: Sequence[Text],
    change_digest: bytes | None,
    keep_commercial_text: bool,
    *,
    attempt: Attempt | None = None,
    since_preview: timedelta | None = None,
    preview_digest: str | None = None,
) -> dict[str, Any]:
    """Return the fields of the entry. Numbers are masked, and those of a list left out; only commercial texts are kept, and
    only if asked for.

    `attempt` says who confirmed the change, if it was confirmed, `since_preview` after its code was issued; without a
    `result` its request is about to leave. `preview_digest` is that of the preview that was shown to whoever confirmed.
    """
    message, series = change.message, attempt and attempt.parent
    from_list = change.campaign is not None or series is not None
    return {
        "tool": change.tool,
        "outcome": "in_flight" if result is None else result.outcome,
        "reason": result.reason if isinstance(result, ChangeResult) else None,
        "code": result and result.status_code,
        "order_id": (result and result.order_id) or change.order_id,
        "attempt": attempt and attempt.id,
        "series": series,
        "campaign": attempt and attempt.campaign,
        "confirmed_by": attempt and attempt.confirmed_by,
        "way": attempt and attempt.way,
        "read_by_nobody": (attempt is not None and attempt.way == "rule") or None,
        "seconds_since_preview": None if since_preview is None else round(since_preview.total_seconds(), 1),
        "warnings": [_QUOTED.sub("…", warning.en) for warning in warnings] or None,
        "owner": change.owner,
        "count": change.count,
        "change": change_digest and change_digest.hex(),
        "preview_digest": result.preview_digest if isinstance(result, ChangeResult) else preview_digest,
        **change.audit_fields,
        **({} if message is None else _message_fields(message, keep_commercial_text, masked=not from_list)),
    }


def attempt_entry(attempt: Attempt, file_digest: bytes | None = None) -> dict[str, Any]:
    """Return the fields of an entry that is written late, from the ledger: what is known of an attempt by now."""
    send = attempt.send
    return {
        "tool": attempt.tool,
        "outcome": attempt.outcome,
        "code": attempt.status_code,
        "order_id": attempt.order_id,
        "attempt": attempt.id,
        "series": attempt.parent,
        "campaign": attempt.campaign,
        "confirmed_by": attempt.confirmed_by,
        "way": attempt.way,
        "read_by_nobody": attempt.way == "rule" or None,
        "confirmed_at": attempt.started.isoformat(timespec="seconds"),
        "count": attempt.count,
        "change": attempt.change_digest.hex(),
        "file_digest": file_digest and file_digest.hex(),
        "message_type": send and send.message_type,
        "sender": send and send.sender,
        "credits": send and send.credits,
    }


def _message_fields(message: PendingMessage, keep_commercial_text: bool, *, masked: bool) -> dict[str, Any]:
    return {
        "message_type": message.message_type,
        "iys_list": message.iys_list,
        "sender": message.sender,
        "send_at": message.send_at and message.send_at.isoformat(timespec="minutes"),
        "credits": message.credits,
        "recipients": [mask(number) for number in message.recipients[:5]] if masked else None,
        "label": message.label,
        "text": message.text if message.commercial and keep_commercial_text else None,
    }
