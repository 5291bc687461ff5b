"""What a tool has at hand while it works."""

from __future__ import annotations

from dataclasses import dataclass

from iletimerkezi_mcp.api.client import ApiClient
from iletimerkezi_mcp.approval.gate import Gate
from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.settings import Settings
from iletimerkezi_mcp.sms.times import Clock


@dataclass(frozen=True, slots=True)
class App:
    """What lives as long as the server does."""

    settings: Settings
    client: ApiClient
    gate: Gate
    clock: Clock

    def say(self, text: Text) -> str:
        """`text` in the operator's language."""
        return text.to(self.settings.language)
