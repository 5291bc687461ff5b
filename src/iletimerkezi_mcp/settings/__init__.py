"""The operator's settings, read once at start from the environment and from flags.

One table, :data:`SETTINGS`, holds every variable with its flag, its parser and its help.
The command line and the documents are made from it. Only the operator sets these; no
tool argument can.
"""

from __future__ import annotations

from .addresses import is_loopback
from .load import language_for, load_settings, secrets_in
from .model import (
    DEFAULT_API_URL,
    DEFAULT_MAX_RECIPIENTS,
    LARGEST_PORT,
    NO_LIMIT,
    SANDBOX_BRAND_CODE,
    SANDBOX_SENDER,
    ConfirmMode,
    Settings,
    SettingsError,
)
from .table import CREDENTIALS, NETWORK, PREFIX, SETTINGS, Setting

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
    "is_loopback",
    "language_for",
    "load_settings",
    "secrets_in",
]
