"""The resources as hosts list them, their URIs, and the error for a URI without a resource."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import mcp.types as mcp_types
from mcp import MCPError

from iletimerkezi_mcp.language import Language, Text
from iletimerkezi_mcp.provider.orders import OrderId

SCHEME: Final = "iletimerkezi://"

BALANCE: Final = SCHEME + "balance"
SENDERS: Final = SCHEME + "senders"
POLICY: Final = SCHEME + "policy"
STATUS_CODES: Final = SCHEME + "status-codes"
MESSAGE_LIMITS: Final = SCHEME + "message-limits"

ORDERS: Final = SCHEME + "orders/"
ORDER_TEMPLATE: Final = ORDERS + "{order_id}"

CODE_TEMPLATE: Final = STATUS_CODES + "/{code}"

_CODE = re.compile(re.escape(STATUS_CODES) + r"/([1-9][0-9]{2})")
_ORDER = re.compile(re.escape(ORDERS) + r"([1-9][0-9]{0,19})")

JSON = "application/json"

MAX_URI = 200
"""Characters of a URI that an error repeats."""

_RESOURCES: Mapping[str, tuple[Text, Text]] = {
    BALANCE: (
        Text("Balance", "Bakiye"),
        Text("What is left in the account: SMS credits and lira.", "Hesapta kalan SMS kredisi ve TL."),
    ),
    SENDERS: (
        Text("Approved senders", "Onaylı başlıklar"),
        Text(
            "The sender names that the account may send from, spelled as the provider knows them.",
            "Hesabın gönderim yapabildiği başlıklar, sağlayıcıdaki yazımıyla.",
        ),
    ),
    POLICY: (
        Text("Policy in force", "Geçerli kurallar"),
        Text(
            "Sandbox or live, who must confirm, the operator's limits and what is left of them today.",
            "Deneme ortamı mı canlı mı, kimin onaylayacağı, yöneticinin sınırları ve bugün kalanı.",
        ),
    ),
    STATUS_CODES: (
        Text("Status codes", "Durum kodları"),
        Text(
            "Every code and status of the provider: what it means and what to do next.",
            "Sağlayıcının bütün kodları ve durumları: anlamları ve yapılması gereken.",
        ),
    ),
    MESSAGE_LIMITS: (
        Text("Message limits", "Mesaj sınırları"),
        Text(
            "The alphabets of an SMS, how much fits a part, and how many parts there may be.",
            "SMS alfabeleri, bir boya ne kadar sığdığı ve en çok kaç boy olabileceği.",
        ),
    ),
}

FIXED: Final = tuple(_RESOURCES)
"""The URIs of the resources that are listed; an order's is made from the template."""

_TEMPLATES: Mapping[str, tuple[str, Text, Text]] = {
    ORDER_TEMPLATE: (
        "order",
        Text("Order", "SMS gönderimi"),
        Text(
            "The result of one order: status, counters, and how it was sent if it was sent from here.",
            "Bir gönderimin sonucu: durum, sayılar ve bu sunucudan gönderildiyse nasıl gönderildiği.",
        ),
    ),
    CODE_TEMPLATE: (
        "status-code",
        Text("One status code", "Tek durum kodu"),
        Text(
            "One code or status of the provider, e.g. 450: what it means and what to do next.",
            "Sağlayıcının tek bir kodu ya da durumu, örneğin 450: anlamı ve yapılması gereken.",
        ),
    ),
}

TEMPLATES: Final = tuple(_TEMPLATES)


def order_of(uri: str) -> OrderId | None:
    """Return the order at `uri`, None if it is not an order's."""
    match = _ORDER.fullmatch(uri)
    return None if match is None else OrderId(match[1])


def code_of(uri: str) -> int | None:
    """Return the code or status at `uri`, None if it is not that of one."""
    match = _CODE.fullmatch(uri)
    return None if match is None else int(match[1])


def order_uri(order_id: str) -> str:
    return ORDERS + order_id


def exists(uri: str) -> bool:
    """Return True if `uri` is a resource's; only the provider knows if the account has such an order."""
    return uri in FIXED or order_of(uri) is not None or code_of(uri) is not None


def resources(language: Language) -> list[mcp_types.Resource]:
    """Return the resources with a fixed URI."""
    return [
        mcp_types.Resource(
            uri=uri,
            name=uri.removeprefix(SCHEME),
            title=title.to(language),
            description=description.to(language),
            mime_type=JSON,
        )
        for uri, (title, description) in _RESOURCES.items()
    ]


def templates(language: Language) -> list[mcp_types.ResourceTemplate]:
    """Return the templates: an order by its number, and a code or status of the provider."""
    return [
        mcp_types.ResourceTemplate(
            uri_template=template,
            name=name,
            title=title.to(language),
            description=description.to(language),
            mime_type=JSON,
        )
        for template, (name, title, description) in _TEMPLATES.items()
    ]


_NOT_FOUND = Text(
    "There is no such resource. The resources are: {resources}.", "Böyle bir kaynak yok. Olanlar: {resources}."
).format(resources=", ".join([*FIXED, *TEMPLATES]))


def not_found(uri: str, language: Language, reason: Text = _NOT_FOUND) -> MCPError:
    """Return the protocol's error for a URI at which there is nothing."""
    return MCPError(
        mcp_types.INVALID_PARAMS,
        reason.to(language),
        {"uri": uri[:MAX_URI], "resources": list(FIXED), "templates": list(TEMPLATES)},
    )
