"""What the doctor finds: one thing looked at, how it stands, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Literal

from iletimerkezi_mcp.language import Text

Verdict = Literal["ok", "warning", "wrong", "not_checked"]


class Subject(Enum):
    """What is looked at. Its name in small letters is its name in JSON."""

    SETTINGS = Text("Settings", "Ayarlar")
    CREDENTIALS = Text("Credentials", "Anahtar ve hash")
    ADDRESS = Text("Address", "Adres")
    CLOCK = Text("Clock", "Saat")
    ACCOUNT = Text("Account", "Hesap")
    SENDER = Text("Sender", "Başlık")
    BRAND_CODE = Text("Brand code", "Marka kodu")
    CHARACTER_MODE = Text("Character mode", "Karakter modu")
    LIMITS = Text("Limits", "Sınırlar")
    CONFIRMATION = Text("Confirmation", "Onay")
    AUDIT_LOG = Text("Audit log", "Denetim günlüğü")
    STATE_FOLDER = Text("State folder", "Durum klasörü")
    LEDGER = Text("Ledger", "İşlem defteri")
    TRANSPORT = Text("Transport", "Taşıma")
    UVX = Text("uvx", "uvx")


@dataclass(frozen=True, slots=True)
class Finding:
    """How `subject` stands, in one sentence. `do` says what to do, where that does not stand in `said` itself."""

    subject: Subject
    verdict: Verdict
    said: Text
    do: Text | None = None


Tell = Callable[[Finding], None]
"""Takes a finding as soon as it is known."""


def fine(subject: Subject, said: Text) -> Finding:
    """All is well."""
    return Finding(subject, "ok", said)


def mind(subject: Subject, said: Text, do: Text) -> Finding:
    """It works, and somebody should know this."""
    return Finding(subject, "warning", said, do)


def wrong(subject: Subject, said: Text, do: Text | None = None) -> Finding:
    """It does not work. Without `do`, `said` is one of the program's own refusals, which say what to do."""
    return Finding(subject, "wrong", said, do)


def unchecked(subject: Subject, said: Text) -> Finding:
    """Nobody knows; `said` tells why."""
    return Finding(subject, "not_checked", said)
