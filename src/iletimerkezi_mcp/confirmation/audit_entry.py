"""The entry of a changing call in the audit log."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.ledger.attempts import ConfirmedBy
from iletimerkezi_mcp.provider.outcomes import ChangeOutcome
from iletimerkezi_mcp.sms.numbers import mask

from .pending_change import PendingChange, PendingMessage

_QUOTED = re.compile("“[^”]*”")
"""The quotes of a warning: words of the message, which the audit log does not keep."""


def audit_entry(
    change: PendingChange,
    outcome: ChangeOutcome,
    *,
    code: int | None,
    order_id: str | None,
    warnings: Sequence[Text],
    arguments_digest: bytes | None,
    keep_commercial_text: bool,
    confirmed_by: ConfirmedBy | None = None,
    since_preview: timedelta | None = None,
) -> dict[str, Any]:
    """Return the fields of the entry. Numbers are masked; only commercial texts are kept, and only if asked for.

    `confirmed_by` and `since_preview` say who confirmed the change, and how long after the preview.
    """
    message = change.message
    return {
        "tool": change.tool,
        "outcome": outcome,
        "code": code,
        "order_id": order_id or change.order_id,
        "confirmed_by": confirmed_by,
        "seconds_since_preview": None if since_preview is None else round(since_preview.total_seconds(), 1),
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
