"""A deed: something that cannot be taken back, fully worked out but not yet done.

A changing tool turns its arguments into one of these and does nothing more. What is
shown, what is confirmed and what is carried out are therefore the same object.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.sms.content import IysList, MessageType

if TYPE_CHECKING:
    from iletimerkezi_mcp.provider.client import ApiClient


@dataclass(frozen=True, slots=True)
class Preview:
    """What exactly would happen, for a person to read: the whole deed in one line, then what to mind, then the rest."""

    headline: Text
    warnings: tuple[Text, ...] = ()
    details: tuple[Text, ...] = ()
    quoted: str | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """What to tell once the provider has accepted a deed."""

    summary: Text
    next_step: Text
    order_id: str | None = None


OnSent = Callable[[], None]
"""Called once, right before the request leaves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message as limits and ledger look at it.

    `recipients` are canonical, each once, as the caller had them; `recipients_digest` is 32 bytes that equal sets of recipients
    share and no others. `credits` is the most.
    """

    text: str
    recipients: tuple[str, ...]
    recipients_digest: bytes
    sender: str
    message_type: MessageType
    iys_list: IysList | None
    send_at: datetime | None
    credits: int
    label: str | None = None

    @property
    def commercial(self) -> bool:
        """Whether the law's rules for commercial messages apply."""
        return self.message_type == "commercial"


@dataclass(frozen=True)
class PendingChange:
    """One changing call, ready to be previewed, confirmed and carried out.

    `canonical` is all that is confirmed, in one spelling (sorted, normalised): equal deeds have equal
    canonical forms. `count` is how many recipients or consents it touches. `answer_fields` are the structured
    fields of the preview, repeated when it is done. `how_to_verify` says, for an unknown outcome, what to look
    for and with which read before repeating. `audit_fields` is for the audit log only.
    """

    tool: str
    canonical: Mapping[str, Any]
    preview: Preview
    answer_fields: Mapping[str, Any]
    how_to_verify: Text
    execute: Callable[[ApiClient, OnSent], Awaitable[Done]] = field(repr=False)
    count: int = 1
    message: Message | None = None
    order_id: str | None = None
    audit_fields: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def digest(self) -> bytes:
        """32 bytes that two deeds share exactly when they would do the same thing."""
        form = json.dumps([self.tool, self.canonical], sort_keys=True, separators=(",", ":"), ensure_ascii=True)
        return hashlib.sha256(form.encode("ascii")).digest()
