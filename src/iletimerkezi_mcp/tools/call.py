"""What a tool has at hand while it works."""

from __future__ import annotations

from dataclasses import dataclass

from iletimerkezi_mcp.api.client import ApiClient
from iletimerkezi_mcp.approval.gate import Gate
from iletimerkezi_mcp.approval.matching import OrdersRead
from iletimerkezi_mcp.approval.records import Records
from iletimerkezi_mcp.approval.sightings import Sightings
from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.outgoing import Outgoing
from iletimerkezi_mcp.settings import Settings
from iletimerkezi_mcp.sms.times import Clock


@dataclass(frozen=True, slots=True)
class App:
    """What lives as long as the server does."""

    settings: Settings
    client: ApiClient
    gate: Gate
    records: Records
    sightings: Sightings
    orders_read: OrdersRead
    outgoing: Outgoing
    clock: Clock

    def say(self, text: Text) -> str:
        """`text` in the operator's language."""
        return text.to(self.settings.language)
