"""The operator's settings, read once at start from the environment and from flags.

Each is declared once, as a field of :class:`Settings`; :data:`SETTINGS` holds them with their variables, flags,
parsers and helps, and the command line and the documents are made from it. Only the operator sets these; no
tool argument can.
"""

from __future__ import annotations

from .addresses import DEFAULT_API_URL, LARGEST_PORT, is_loopback
from .declaration import PREFIX, Setting
from .load import language_for, load_settings, secrets_in
from .model import (
    CREDENTIALS,
    DEFAULT_MAX_RECIPIENTS,
    NETWORK,
    SANDBOX_BRAND_CODE,
    SANDBOX_SENDER,
    SETTINGS,
    ConfirmMode,
    Settings,
    TransportName,
)
from .parsers import NO_LIMIT, SettingsError

__all__ = [
    "CREDENTIALS",
    "DEFAULT_API_URL",
    "DEFAULT_MAX_RECIPIENTS",
    "LARGEST_PORT",
    "NETWORK",
    "NO_LIMIT",
    "PREFIX",
    "SANDBOX_BRAND_CODE",
    "SANDBOX_SENDER",
    "SETTINGS",
    "ConfirmMode",
    "Setting",
    "Settings",
    "SettingsError",
    "TransportName",
    "is_loopback",
    "language_for",
    "load_settings",
    "secrets_in",
]
