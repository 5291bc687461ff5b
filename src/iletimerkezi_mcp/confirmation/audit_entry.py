"""The entry of a changing call in the audit log."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.ledger.attempts import Settled
from iletimerkezi_mcp.ledger.store import Started
from iletimerkezi_mcp.sms.numbers import mask

from .change_result import ChangeResult
from .pending_change import PendingChange, PendingMessage

_QUOTED = re.compile("“[^”]*”")
"""The quotes of a warning: words of the message, which the audit log does not keep."""


def audit_entry(
    change: PendingChange,
    result: ChangeResult | Settled,
    warnings: Sequence[Text],
    arguments_digest: bytes | None,
    *,
    started: Started | None = None,
    keep_commercial_text: bool,
) -> dict[str, Any]:
    """Return the fields of the entry. Numbers are masked; only commercial texts are kept, and only if asked for.

    `started` says who confirmed the change, and how long after the preview, if it was confirmed.
    """
    message = change.message
    return {
        "tool": change.tool,
        "outcome": result.outcome,
        "code": result.code,
        "order_id": result.order_id or change.order_id,
        "confirmed_by": started and started.attempt.confirmed_by,
        "seconds_since_preview": started and round(started.since_preview.total_seconds(), 1),
        "warnings": [_QUOTED.sub("…", warning.en) for warning in warnings] or None,
        "count": change.count,
        "arguments": arguments_digest and arguments_digest.hex(),
        **change.audit_fields,
        **({} if message is None else _message_fields(message, keep_commercial_text)),
    }


def _message_fields(message: PendingMessage, keep_commercial_text: bool) -> dict[str, Any]:
    return {
        "message_type": message.message_type,
        "iys_list": message.iys_list,
        "sender": message.sender,
        "send_at": message.send_at and message.send_at.isoformat(timespec="minutes"),
        "credits": message.credits,
        "recipients": [mask(number) for number in message.recipients[:5]],
        "label": message.label,
        "text": message.text if message.commercial and keep_commercial_text else None,
    }
