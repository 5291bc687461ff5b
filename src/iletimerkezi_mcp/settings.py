"""The operator's settings, read once at start from the environment and from flags.

One table, :data:`SETTINGS`, holds every variable with its flag, its parser and its help.
The command line and the documents are made from it. Only the operator sets these; no
tool argument can.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import SecretStr

from .language import Language, system_language
from .sms.alphabet import CharacterMode

DEFAULT_API_URL = "https://api.iletimerkezi.com"
"""The provider's origin (contract, section 1)."""

PREFIX = "ILETIMERKEZI_"
_TRUE, _FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}


class SettingsError(ValueError):
    """A setting has a value that cannot be used. The message is one sentence that names the variable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything the operator decides.

    `api_key` and `api_hash` are taken as given and never shown: not in a repr, a log or an answer.
    `character_mode` None means that nobody has told which mode the account's panel is set to.
    """

    api_key: SecretStr | None = None
    api_hash: SecretStr | None = None
    api_url: str = DEFAULT_API_URL
    sender: str | None = None
    brand_code: str | None = None
    character_mode: CharacterMode | None = None
    abroad: bool = False
    language: Language = "en"
    state_dir: Path | None = None
    sandbox: bool = False

    @property
    def has_credentials(self) -> bool:
        """Whether both key and hash are set."""
        return self.api_key is not None and self.api_hash is not None


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: the field it fills, how its text is read, and what the help says.

    `flag` is None for secrets: a command line stands in the process list, where everyone can read it.
    `metavar` None marks a switch.
    """

    field: str
    variable: str
    flag: str | None
    metavar: str | None
    help: str
    parse: Callable[[str], Any]
    secret: bool = False


def _secret(value: str) -> SecretStr:
    if re.fullmatch(r"\$\{.*\}|\$\w+|%\w+%", value):
        raise SettingsError(f"is the unexpanded placeholder {value}; put the value itself, or let the host expand it")
    return SecretStr(value)


def _switch(value: str) -> bool:
    if value.lower() in _TRUE:
        return True
    if value.lower() in _FALSE:
        return False
    raise SettingsError("must be 1 or 0")


def _digits(value: str) -> str:
    if not re.fullmatch(r"[0-9]{1,20}", value):
        raise SettingsError("must be digits only, such as 123456")
    return value


def _sender(value: str) -> str:
    from .sms.senders import SenderError, parse_sender

    try:
        return parse_sender(value)
    except SenderError as error:
        raise SettingsError(error.reason.en) from None


def _mode(value: str) -> CharacterMode:
    try:
        return CharacterMode(value.lower())
    except ValueError:
        raise SettingsError("must be english, turkish or unicode") from None


def _language(value: str) -> Language:
    match value.lower():
        case "en":
            return "en"
        case "tr":
            return "tr"
    raise SettingsError("must be en or tr")


def is_loopback(host: str) -> bool:
    """Whether `host` can only be this machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _origin(value: str) -> str:
    try:
        parts = urlsplit(value)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise SettingsError("must be an address such as https://api.iletimerkezi.com") from None
    if parts.scheme not in ("https", "http") or not host:
        raise SettingsError("must be an address such as https://api.iletimerkezi.com")
    if parts.path not in ("", "/") or parts.query or parts.fragment or "@" in parts.netloc:
        raise SettingsError("must be an origin without a path; /v1/… is added here")
    if parts.scheme == "http" and not is_loopback(host):
        raise SettingsError("must begin with https://, for the key travels in every request; http is for loopback only")
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}" + (f":{port}" if port is not None else "")


def _folder(value: str) -> Path:
    path = Path(value).expanduser()
    if path.exists() and not path.is_dir():
        raise SettingsError("must be a folder, and this is a file")
    return path


SETTINGS: tuple[Setting, ...] = (
    Setting("api_key", "ILETIMERKEZI_API_KEY", None, "KEY", "API key, from the panel", _secret, secret=True),
    Setting("api_hash", "ILETIMERKEZI_API_HASH", None, "HASH", "API hash, from the panel", _secret, secret=True),
    Setting(
        "api_url",
        "ILETIMERKEZI_API_URL",
        "--api-url",
        "ORIGIN",
        f"the API's origin, without a path (default {DEFAULT_API_URL}); HTTPS unless loopback",
        _origin,
    ),
    Setting("sender", "ILETIMERKEZI_SENDER", "--sender", "NAME", "sender used where a call names none", _sender),
    Setting(
        "brand_code",
        "ILETIMERKEZI_BRAND_CODE",
        "--brand-code",
        "DIGITS",
        "İYS brand code used where a call names none",
        _digits,
    ),
    Setting(
        "character_mode",
        "ILETIMERKEZI_CHARSET",
        "--charset",
        "MODE",
        "the account's character mode: english, turkish or unicode (unset: unknown, both readings are shown)",
        _mode,
    ),
    Setting(
        "abroad",
        "ILETIMERKEZI_ABROAD",
        "--abroad",
        None,
        "numbers of other countries are allowed (the panel's abroad mode must be on)",
        _switch,
    ),
    Setting(
        "language",
        "ILETIMERKEZI_LANG",
        "--lang",
        "en|tr",
        "language of previews, answers and errors (unset: Turkish where the locale is, else English)",
        _language,
    ),
    Setting("state_dir", "ILETIMERKEZI_STATE_DIR", "--state-dir", "DIR", "folder for what must last", _folder),
    Setting(
        "sandbox",
        "ILETIMERKEZI_SANDBOX",
        "--sandbox",
        None,
        "a simulated provider in place of the network: no account needed, nothing real is sent",
        _switch,
    ),
)


def load_settings(environment: Mapping[str, str], flags: Mapping[str, str | None] | None = None) -> Settings:
    """The settings of `environment`, with `flags` (by field name) winning over it.

    An empty value is an unset one. Raises :class:`SettingsError` with one sentence naming the
    variable (and the flag, if that is where the value came from) when a value cannot be used.
    """
    values: dict[str, Any] = {"language": system_language()}
    for setting in SETTINGS:
        given = (flags or {}).get(setting.field)
        name = setting.variable
        if given is not None:
            name = f"{setting.flag} ({setting.variable})"
        else:
            given = environment.get(setting.variable, "")
        given = given.strip() if not setting.secret else given
        if not given.strip():
            continue
        try:
            values[setting.field] = setting.parse(given)
        except SettingsError as error:
            raise SettingsError(f"{name} {error}.") from None
    return Settings(**values)
