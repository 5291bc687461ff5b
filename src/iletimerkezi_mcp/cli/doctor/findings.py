"""The doctor's findings: the thing looked at, the verdict on it, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Literal

from iletimerkezi_mcp.language import Text

Verdict = Literal["ok", "warning", "wrong", "not_checked"]


class Subject(Enum):
    """A thing that is looked at. Its name in small letters is its name in JSON."""

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
    TRANSPORT = Text("Transport", "Aktarım")
    UVX = Text("uvx", "uvx")


@dataclass(frozen=True, slots=True)
class Finding:
    """The verdict on `subject`, explained in one sentence. `remedy` is what to do, unless `message` says it itself."""

    subject: Subject
    verdict: Verdict
    message: Text
    remedy: Text | None = None
