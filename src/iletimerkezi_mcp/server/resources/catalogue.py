"""What can be read, as hosts list it, and the error for what cannot."""

from __future__ import annotations

import mcp.types as mcp_types
from mcp import MCPError

from iletimerkezi_mcp.language import Language, Text

from . import uris as addresses

JSON = "application/json"

MAX_URI = 200
"""Characters of a URI that an error repeats."""

_ENTRIES: tuple[tuple[str, str, Text, Text], ...] = (
    (
        addresses.BALANCE,
        "balance",
        Text("Balance", "Bakiye"),
        Text(
            "What is left in the account now: SMS credits and lira.",
            "Hesapta şu an kalan: SMS kredisi ve TL.",
        ),
    ),
    (
        addresses.SENDERS,
        "senders",
        Text("Approved senders", "Onaylı başlıklar"),
        Text(
            "The sender names that the account may send from, as they are to be written.",
            "Hesabın gönderim yapabildiği başlıklar, yazılması gerektiği gibi.",
        ),
    ),
    (
        addresses.POLICY,
        "policy",
        Text("Policy in force", "Geçerli kurallar"),
        Text(
            "Sandbox or live, who must say yes, the operator's limits and what is left of them today.",
            "Deneme ortamı mı canlı mı, kim onaylar, yöneticinin sınırları ve bugün bunlardan kalan.",
        ),
    ),
    (
        addresses.STATUS_CODES,
        "status-codes",
        Text("Status codes", "Durum kodları"),
        Text(
            "Every code and status of the provider: what it means and what to do next.",
            "Sağlayıcının her kodu ve durumu: anlamı ve sonra yapılacak şey.",
        ),
    ),
    (
        addresses.MESSAGE_LIMITS,
        "message-limits",
        Text("Message limits", "Mesaj sınırları"),
        Text(
            "The alphabets of an SMS, how much fits a part, and how many parts there may be.",
            "SMS alfabeleri, bir parçaya ne kadar sığdığı ve en çok kaç parça olabileceği.",
        ),
    ),
)

_ORDER_TITLE = Text("Order", "Sipariş")
_ORDER = Text(
    "What became of one order: status and counters, and what is known here of how it was sent.",
    "Bir siparişin sonucu: durum ve sayılar, buradan nasıl gönderildiği.",
)


def resources(language: Language) -> list[mcp_types.Resource]:
    """The resources with a fixed URI."""
    return [
        mcp_types.Resource(uri=uri, name=name, title=title.to(language), description=about.to(language), mime_type=JSON)
        for uri, name, title, about in _ENTRIES
    ]


def templates(language: Language) -> list[mcp_types.ResourceTemplate]:
    """The one template: an order by its number."""
    return [
        mcp_types.ResourceTemplate(
            uri_template=addresses.ORDER_TEMPLATE,
            name="order",
            title=_ORDER_TITLE.to(language),
            description=_ORDER.to(language),
            mime_type=JSON,
        )
    ]


def not_found(uri: str, language: Language, why: Text | None = None) -> MCPError:
    """The protocol's error for a URI that stands for nothing: `why`, or the list of what exists."""
    exist = f"{', '.join(addresses.FIXED)}, {addresses.ORDER_TEMPLATE}."
    reason = why or Text(
        f"There is no such resource. These exist: {exist}", f"Böyle bir kaynak yok. Var olanlar: {exist}"
    )
    return MCPError(
        mcp_types.INVALID_PARAMS,
        reason.to(language),
        {"uri": uri[:MAX_URI], "resources": list(addresses.FIXED), "templates": [addresses.ORDER_TEMPLATE]},
    )
