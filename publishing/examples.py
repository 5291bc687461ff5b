"""The worked examples of the tools' pages: what is worth knowing of each tool, and calls that are really made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Step:
    """One call of an example. `code` repeats the arguments with the code of the last preview; `later` is in seconds."""

    said: str
    tool: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    code: bool = False
    later: float = 0


@dataclass(frozen=True, slots=True)
class Page:
    """What a tool's page says besides what the tool says of itself."""

    tool: str
    notes: tuple[str, ...]
    steps: tuple[Step, ...]


_SEND: Final = {
    "recipients": ["0532 123 45 67", "+90 532 123 45 67", "5331112233"],
    "text": "Siparişiniz yola çıktı. Kargo takip: AB123. İyi günler.",
    "message_type": "transactional",
}
_CAMPAIGN: Final = {
    "recipients": ["+905330000001", "+905330000002"],
    "text": "Kasım indirimi başladı, bu hafta her şey %20 ucuz. Ret için RET yazıp 3330'a gönderin.",
    "message_type": "commercial",
    "iys_list": "BIREYSEL",
    "send_at": "2026-11-24T11:00",
    "label": "Kasım indirimi",
}
_CONSENT: Final = {
    "consents": [
        {
            "recipient": "0532 999 88 77",
            "recipient_type": "BIREYSEL",
            "channel": "MESAJ",
            "status": "ONAY",
            "source": "HS_WEB",
            "consent_date": "2026-11-20T14:30:00",
        }
    ]
}

PAGES: Final[tuple[Page, ...]] = (
    Page(
        "send_sms",
        (
            (
                "`message_type` decides about the law: `commercial` makes the provider check every recipient's consent in "
                "İYS before anything goes out (see [İYS in practice](../iys.md))."
            ),
            (
                "The preview shows the text as it will arrive. While `ILETIMERKEZI_CHARSET` is unset, nobody knows whether "
                "the account folds Turkish letters, so both readings are shown and the dearer one is reckoned with."
            ),
            (
                "An identical send is held back for ten minutes after one that was accepted, and for 24 hours after one "
                "whose outcome is unknown."
            ),
        ),
        (
            Step("Three recipients, two of them one person. Nothing is sent yet:", "send_sms", _SEND),
            Step("The user has seen it and agreed, so the same call with the code:", "send_sms", _SEND, code=True),
            Step(
                "Said again a minute later, by mistake. It is held back:",
                "send_sms",
                _SEND,
                later=60,
            ),
            Step("A commercial one, for tomorrow morning:", "send_sms", _CAMPAIGN),
        ),
    ),
    Page(
        "cancel_order",
        (
            (
                "Only an order whose time has not come can be stopped. 455 has three causes that the provider does not tell "
                "apart: not an order of this account, being sent already, or finished."
            ),
            "After it the report of the order says that it was not sent (115).",
        ),
        (
            Step("An order for tomorrow, previewed", "send_sms", _CAMPAIGN),
            Step("and confirmed:", "send_sms", _CAMPAIGN, code=True),
            Step("Stop it. First the preview:", "cancel_order", {"order_id": "312891248"}),
            Step("Then the same with the code:", "cancel_order", {"order_id": "312891248"}, code=True),
        ),
    ),
    Page(
        "get_report",
        (
            (
                "The numbers that were not reached are listed unless `show` says otherwise; a list is cut where it would "
                "fill the model's room, and the counters stay whole."
            ),
            "The provider gives no reason for a message that was not delivered. It is not charged.",
        ),
        (
            Step(
                "An order of the sandbox, one of whose recipients was not reached:",
                "get_report",
                {"order_id": "312891246"},
            ),
            Step(
                "What became of one recipient:",
                "get_report",
                {"order_id": "312891246", "recipient": "0533 000 00 01", "show": "none"},
            ),
        ),
    ),
    Page(
        "get_reports",
        (
            "Ten days at most, both counted; an eleventh is refused before any request.",
            "Reading the day of a send whose outcome is unknown settles it: the order that fits is named.",
        ),
        (Step("The orders of the last days:", "get_reports"),),
    ),
    Page(
        "get_balance",
        (
            (
                "An account is kept in credits or in lira. What the other field then means the provider's pages do not "
                "agree on, so both are told."
            ),
        ),
        (Step("Does the key work, and what is left?", "get_balance"),),
    ),
    Page(
        "get_sender",
        ("Case and spaces count: `Firmaadi` is not `FIRMAADI`.",),
        (Step("Which senders may be used?", "get_sender"),),
    ),
    Page(
        "get_blacklist",
        ("The blacklist is the account's own, and blocks every message. It is not İYS.",),
        (
            Step("The whole list:", "get_blacklist"),
            Step("Is one number on it?", "get_blacklist", {"number": "0533 000 00 91"}),
        ),
    ),
    Page(
        "add_blacklist",
        ("A number that is listed already is no failure.",),
        (
            Step("First the preview:", "add_blacklist", {"number": "0532 123 45 67"}),
            Step("Then the same with the code:", "add_blacklist", {"number": "0532 123 45 67"}, code=True),
        ),
    ),
    Page(
        "delete_blacklist",
        ("474 says that the number was not on the list, or that it has to stay.",),
        (
            Step("First the preview:", "delete_blacklist", {"number": "+905330000091"}),
            Step("Then the same with the code:", "delete_blacklist", {"number": "+905330000091"}, code=True),
        ),
    ),
    Page(
        "iys_register",
        (
            (
                "Dates and sources are those of the consent record. The server refuses what the registry would: a date in "
                "the future or before 2015-05-01, `HS_KARAR` with ONAY, a record twice ([İYS in practice](../iys.md))."
            ),
            "All records are taken or none: one bad one fails them all.",
        ),
        (
            Step(
                "A consent that was given on the web site three days ago. First the preview:", "iys_register", _CONSENT
            ),
            Step("Then the same with the code:", "iys_register", _CONSENT, code=True),
        ),
    ),
    Page(
        "iys_check",
        (
            "No record and another company's brand code cannot be told apart, and the answer says so.",
            "For a campaign nobody has to ask one by one: with `commercial` the provider checks every recipient.",
        ),
        (
            Step(
                "One consumer, text messages:",
                "iys_check",
                {"recipient": "0533 000 00 01", "recipient_type": "BIREYSEL", "channel": "MESAJ"},
            ),
            Step(
                "One of whom nothing is known:",
                "iys_check",
                {"recipient": "0532 123 45 67", "recipient_type": "BIREYSEL", "channel": "MESAJ"},
            ),
        ),
    ),
)
