"""What a tool has at hand while it works."""

from __future__ import annotations

from dataclasses import dataclass

from iletimerkezi_mcp.confirmation.attempt_log import AttemptLog
from iletimerkezi_mcp.confirmation.confirmation import Confirmation
from iletimerkezi_mcp.confirmation.recent_reads import RecentReads
from iletimerkezi_mcp.confirmation.reconciliation import OrdersRead
from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.provider.client import ApiClient
from iletimerkezi_mcp.redaction import Redactor
from iletimerkezi_mcp.settings import Settings
from iletimerkezi_mcp.sms.clock import Clock


@dataclass(frozen=True, slots=True)
class ServerContext:
    """What lives as long as the server does."""

    settings: Settings
    client: ApiClient
    confirmation: Confirmation
    records: AttemptLog
    recent_reads: RecentReads
    orders_read: OrdersRead
    redactor: Redactor
    clock: Clock

    def say(self, text: Text) -> str:
        """`text` in the operator's language."""
        return text.to(self.settings.language)
