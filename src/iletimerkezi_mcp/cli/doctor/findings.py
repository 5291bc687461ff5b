"""The doctor's findings: the thing looked at, the verdict on it, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable
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


Tell = Callable[[Finding], None]
"""Takes a finding as soon as it is known."""


def ok(subject: Subject, message: Text) -> Finding:
    """Return the finding that all is well."""
    return Finding(subject, "ok", message)


def warning(subject: Subject, message: Text, remedy: Text) -> Finding:
    """Return the finding that `subject` works in a way that the operator should know of."""
    return Finding(subject, "warning", message, remedy)


def wrong(subject: Subject, message: Text, remedy: Text | None = None) -> Finding:
    """Return the finding that `subject` does not work.

    Without `remedy`, `message` is one of the program's own refusals, which say what to do.
    """
    return Finding(subject, "wrong", message, remedy)


def not_checked(subject: Subject, reason: Text) -> Finding:
    """Return the finding that `subject` could not be looked at for this reason."""
    return Finding(subject, "not_checked", reason)
