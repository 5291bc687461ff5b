"""The forms in which a host asks a person for the settings: the desktop bundle's and the plugin's are of one format."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from iletimerkezi_mcp.language import Text

from .inputs import INPUTS, Input

_TITLES: Final = {
    "api_key": Text("API key", "API anahtarı"),
    "api_hash": Text("API hash", "API hash"),
    "sandbox": Text("Sandbox", "Deneme ortamı"),
    "sender": Text("Sender", "Başlık"),
    "brand_code": Text("İYS brand code", "İYS marka kodu"),
    "files_dir": Text("Folder of lists", "Liste klasörü"),
    "do_not_contact": Text("Do-not-contact file", "İletişim kurulmayacaklar dosyası"),
    "test_number": Text("Your own number", "Kendi numaranız"),
    "state_dir": Text("State folder", "Durum klasörü"),
    "character_mode": Text("Character mode", "Karakter modu"),
    "language": Text("Language", "Dil"),
    "read_only": Text("Read only", "Yalnızca okuma"),
    "confirm": Text("Who may say yes", "Kim onaylar"),
    "allowed_recipients": Text("Allowed recipients", "İzinli alıcılar"),
    "max_recipients": Text("Most recipients", "En çok alıcı"),
    "max_credits_per_day": Text("Most credits a day", "Günde en çok kredi"),
    "max_list_recipients": Text("Most recipients of a list", "Listede en çok alıcı"),
    "allow_commercial": Text("Commercial messages", "Ticari iletiler"),
    "mask_numbers": Text("Mask numbers", "Numaraları gizle"),
    "audit_log": Text("Audit log", "Denetim kaydı"),
}

ASKED: Final = tuple(_TITLES)
"""The fields of a form that a person fills in at leisure. The other settings keep their defaults."""

ASKED_FIRST: Final = ASKED[:6]
"""The fields of a form in a terminal, which asks one after the other."""


def title(field: str) -> str:
    """Return the title of a field in both languages: no format of a form has a translation of it."""
    text = _TITLES[field]
    return text.en if text.en == text.tr else f"{text.en} · {text.tr}"


def form(fields: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return the options by field, as `user_config` of a bundle and `userConfig` of a plugin hold them."""
    return {field: _option(title(field), INPUTS[field]) for field in fields}


def _option(name: str, entry: Input) -> dict[str, Any]:
    """Return one field of the host's form.

    Each has a default, an empty one if there is no other: a host leaves the placeholder of a field without a value as it
    is, and the server would take that for the value.
    """
    kind = {"number": "number", "boolean": "boolean", "folder": "directory"}.get(entry.kind, "string")
    if entry.setting.field == "do_not_contact":
        # The other files need not be there, so a person types their names.
        kind = "file"
    option: dict[str, Any] = {"type": kind, "title": name, "description": entry.description, "required": False}
    option["default"] = "" if entry.default is None else entry.default
    if entry.setting.secret:
        option["sensitive"] = True
    if kind == "number":
        option["min"] = 1
    return option
