"""The operator's settings, read once at start from the environment and from flags.

One table, :data:`SETTINGS`, holds every variable with its flag, its parser and its help.
The command line and the documents are made from it. Only the operator sets these; no
tool argument can.
"""

from __future__ import annotations

import getpass
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import SecretStr

from .api.operations import PATHS
from .language import Language, system_language
from .sms.alphabet import CharacterMode
from .sms.numbers import NumberError, parse_number
from .sms.senders import SenderError, parse_sender

ConfirmMode = Literal["auto", "human", "code"]
"""Who may say yes: `auto` a person where the host can ask one, else a code; `human` a person only; `code` a code."""

AuditText = Literal["none", "commercial"]
"""Which texts the audit log keeps."""

DEFAULT_TYPE_COUNT_FROM = 100
"""Recipients or consents from which a person has to type their number."""

DEFAULT_MAX_RECIPIENTS = 1_000
"""Recipients of one text within an hour."""

NO_LIMIT = 0
"""The value of `max_credits_per_day` that lifts it."""

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
    `character_mode` None means that nobody has told which mode the account's panel is set to. Empty tuples
    allow all; `max_credits_per_day` None is ten times `max_recipients`, and :data:`NO_LIMIT` lifts it.
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
    confirm: ConfirmMode = "auto"
    type_count_from: int = DEFAULT_TYPE_COUNT_FROM
    read_only: bool = False
    tools: tuple[str, ...] = ()
    allowed_recipients: tuple[str, ...] = ()
    allowed_senders: tuple[str, ...] = ()
    max_recipients: int = DEFAULT_MAX_RECIPIENTS
    max_credits_per_day: int | None = None
    allow_commercial: bool = True
    mask_numbers: bool = False
    audit_log: Path | None = None
    audit_text: AuditText = "none"
    operator_name: str | None = None

    @property
    def has_credentials(self) -> bool:
        """Whether both key and hash are set."""
        return self.api_key is not None and self.api_hash is not None

    @property
    def secrets(self) -> tuple[str, ...]:
        """The values that must not leave the process."""
        return tuple(secret.get_secret_value() for secret in (self.api_key, self.api_hash) if secret is not None)

    @property
    def operator(self) -> str:
        """Who runs this server: the name that was set, else the login name, else "unknown"."""
        if self.operator_name is not None:
            return self.operator_name
        try:
            return getpass.getuser()
        except (OSError, KeyError, ImportError):
            return "unknown"


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


def _word(*words: str) -> Callable[[str], str]:
    def parse(value: str) -> str:
        if value.lower() not in words:
            raise SettingsError(f"must be {', '.join(words[:-1])} or {words[-1]}")
        return value.lower()

    return parse


def _positive(value: str) -> int:
    plain = value.replace("_", "")
    if not re.fullmatch(r"[0-9]{1,9}", plain) or int(plain) == 0:
        raise SettingsError("must be a whole number of at least 1")
    return int(plain)


def _credits(value: str) -> int:
    return NO_LIMIT if value.lower() == "none" else _positive(value)


def _listed(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())


def _tools(value: str) -> tuple[str, ...]:
    names = _listed(value)
    if unknown := [name for name in names if name not in PATHS]:
        raise SettingsError(f"names {unknown[0]}, which is no tool; the tools are {', '.join(PATHS)}")
    return names


def _senders(value: str) -> tuple[str, ...]:
    return tuple(_sender(name) for name in _listed(value))


def _recipients(value: str) -> tuple[str, ...]:
    if value.startswith("@"):
        try:
            value = Path(value[1:]).expanduser().read_text(encoding="utf-8").replace("\n", ",")
        except (OSError, UnicodeDecodeError):
            raise SettingsError(f"names a file that cannot be read: {value[1:]}") from None
    allowed = tuple(_recipient(part) for part in _listed(value))
    if not allowed:
        # An empty file must not mean that everybody is allowed.
        raise SettingsError("holds no number")
    return allowed


def _recipient(value: str) -> str:
    """A canonical number, or the beginning of one with its ``*``."""
    if value.endswith("*"):
        digits = re.sub(r"[\s().-]", "", value[:-1])
        if not re.fullmatch(r"\+?[0-9]{1,14}", digits):
            raise SettingsError(f"has {value}, which is no beginning of a number; write it like +90533*")
        if digits.startswith("+"):
            return digits + "*"
        return "+" + re.sub(r"^(00|0(?=5)|(?=5))", lambda found: "" if found[0] == "00" else "90", digits) + "*"
    try:
        return parse_number(value, abroad=True)
    except NumberError as error:
        raise SettingsError(f"has {value}, which {error.reason.en}") from None


def _file(value: str) -> Path:
    path = Path(value).expanduser()
    if path.is_dir():
        raise SettingsError("must be a file, and this is a folder")
    return path


def _name(value: str) -> str:
    if len(value) > 80 or not value.isprintable():
        raise SettingsError("must be a name of at most 80 characters")
    return value


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
    Setting(
        "confirm",
        "ILETIMERKEZI_CONFIRM",
        "--confirm-mode",
        "MODE",
        "who may say yes to a change: auto (a person where the host can ask one, else a code; the default), human (only "
        "a person), code (never ask, codes for any size)",
        _word("auto", "human", "code"),
    ),
    Setting(
        "type_count_from",
        "ILETIMERKEZI_TYPE_COUNT_FROM",
        "--type-count-from",
        "NUMBER",
        "recipients or consents from which a person has to type their number (default 100)",
        _positive,
    ),
    Setting(
        "read_only",
        "ILETIMERKEZI_READ_ONLY",
        "--read-only",
        None,
        "the tools that change something are neither listed nor callable; wins over everything",
        _switch,
    ),
    Setting(
        "tools",
        "ILETIMERKEZI_TOOLS",
        "--tools",
        "NAMES",
        "only these tools are offered, comma-separated",
        _tools,
    ),
    Setting(
        "allowed_recipients",
        "ILETIMERKEZI_ALLOWED_RECIPIENTS",
        "--allowed-recipients",
        "NUMBERS",
        "send_sms reaches only these: comma-separated numbers, beginnings that end in * (+90533*), or @file",
        _recipients,
    ),
    Setting(
        "allowed_senders",
        "ILETIMERKEZI_ALLOWED_SENDERS",
        "--allowed-senders",
        "NAMES",
        "send_sms uses only these senders, comma-separated",
        _senders,
    ),
    Setting(
        "max_recipients",
        "ILETIMERKEZI_MAX_RECIPIENTS",
        "--max-recipients",
        "NUMBER",
        "recipients of one text within an hour, at most (default 1000)",
        _positive,
    ),
    Setting(
        "max_credits_per_day",
        "ILETIMERKEZI_MAX_CREDITS_PER_DAY",
        "--max-credits-per-day",
        "NUMBER",
        "credits used in a day of Istanbul, at most (default ten times the recipients; none lifts it)",
        _credits,
    ),
    Setting(
        "allow_commercial",
        "ILETIMERKEZI_ALLOW_COMMERCIAL",
        "--allow-commercial",
        "1|0",
        "commercial messages are allowed (default 1)",
        _switch,
    ),
    Setting(
        "mask_numbers",
        "ILETIMERKEZI_MASK_NUMBERS",
        "--mask-numbers",
        None,
        "answers to the model show numbers as +90533*****99; a form shows them in full",
        _switch,
    ),
    Setting(
        "audit_log",
        "ILETIMERKEZI_AUDIT_LOG",
        "--audit-log",
        "FILE",
        "one JSON line for each changing call, confirmed or refused",
        _file,
    ),
    Setting(
        "audit_text",
        "ILETIMERKEZI_AUDIT_TEXT",
        "--audit-text",
        "WHICH",
        "commercial keeps the text of commercial messages in the audit log, for proof (default none)",
        _word("none", "commercial"),
    ),
    Setting(
        "operator_name",
        "ILETIMERKEZI_OPERATOR_NAME",
        "--operator-name",
        "NAME",
        "who is named in the audit log (default: the login name)",
        _name,
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
