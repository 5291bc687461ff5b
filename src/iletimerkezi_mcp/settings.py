"""The operator's settings, read once at start from the environment and from flags.

One table, :data:`SETTINGS`, holds every variable with its flag, its parser and its help.
The command line and the documents are made from it. Only the operator sets these; no
tool argument can.
"""

from __future__ import annotations

import getpass
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import SecretStr

from .api.operations import PATHS
from .language import Language, Text, system_language, verbatim
from .sms.alphabet import CharacterMode
from .sms.numbers import NumberError, parse_number
from .sms.senders import MAX_SENDER, SenderError, parse_sender

ConfirmMode = Literal["auto", "human", "code"]
"""Who may say yes: `auto` a person where the host can ask one, else a code; `human` a person only; `code` a code."""

TransportName = Literal["stdio", "sse", "streamable-http"]

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

SANDBOX_SENDER, SANDBOX_BRAND_CODE = "FIRMAADI", "123456"
"""What the sandbox begins with where the operator names no sender and no brand code, so that nothing has to be set."""

DEFAULT_HOST, DEFAULT_PORT, LARGEST_PORT = "127.0.0.1", 8000, 65_535

DEFAULT_GRACE = 10
"""Seconds that calls under way may still take when the server is told to stop on the network."""

PREFIX = "ILETIMERKEZI_"
_TRUE, _FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


class SettingsError(ValueError):
    """A setting has a value that cannot be used. `reason` is one sentence that names the variable."""

    def __init__(self, reason: Text | str) -> None:
        self.reason = verbatim(reason)
        super().__init__(self.reason.en)


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
    transport: TransportName = "stdio"
    http_host: str = DEFAULT_HOST
    http_port: int = DEFAULT_PORT
    http_path: str | None = None
    http_token: SecretStr | None = None
    no_auth: bool = False
    allow_hosts: tuple[str, ...] = ()
    allow_origins: tuple[str, ...] = ()
    stateless: bool = False
    grace: int = DEFAULT_GRACE

    @property
    def has_credentials(self) -> bool:
        """Whether both key and hash are set."""
        return self.api_key is not None and self.api_hash is not None

    @property
    def secrets(self) -> tuple[str, ...]:
        """The values that must not leave the process."""
        tokens = () if self.http_token is None else token_secrets(self.http_token.get_secret_value())
        keys = (secret.get_secret_value() for secret in (self.api_key, self.api_hash) if secret is not None)
        return (*keys, *tokens)

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
    # Other spellings of a placeholder ($NAME, %NAME%) may as well be the secret itself.
    if re.fullmatch(r"\$\{[^}]*\}", value):
        raise SettingsError(
            Text(
                "is a placeholder that nobody has expanded; put the value itself, or let the host expand it",
                "açılmamış bir yer tutucu; değerin kendisini yazın ya da istemcinin onu açmasını sağlayın",
            )
        )
    return SecretStr(value)


def _switch(value: str) -> bool:
    if value.lower() in _TRUE:
        return True
    if value.lower() in _FALSE:
        return False
    raise SettingsError(Text("must be 1 or 0", "1 ya da 0 olmalı"))


def _digits(value: str) -> str:
    if not re.fullmatch(r"[0-9]{1,20}", value):
        raise SettingsError(
            Text("must be digits only, such as 123456", "yalnızca rakamlardan oluşmalı, örneğin 123456")
        )
    return value


def _sender(value: str) -> str:
    try:
        return parse_sender(value)
    except SenderError:
        raise SettingsError(
            Text(
                f"must be a sender name as the panel shows it: at most {MAX_SENDER} characters, no Turkish letters",
                f"panelde göründüğü gibi bir başlık olmalı: en çok {MAX_SENDER} karakter, Türkçe harf olmadan",
            )
        ) from None


def _mode(value: str) -> CharacterMode:
    try:
        return CharacterMode(value.lower())
    except ValueError:
        raise SettingsError(
            Text("must be english, turkish or unicode", "english, turkish ya da unicode olmalı")
        ) from None


def _language(value: str) -> Language:
    match value.lower():
        case "en":
            return "en"
        case "tr":
            return "tr"
    raise SettingsError(Text("must be en or tr", "en ya da tr olmalı"))


def is_loopback(host: str) -> bool:
    """Whether `host` can only be this machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _origin(value: str) -> str:
    no_address = SettingsError(
        Text(f"must be an address such as {DEFAULT_API_URL}", f"{DEFAULT_API_URL} gibi bir adres olmalı")
    )
    try:
        parts = urlsplit(value)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise no_address from None
    if parts.scheme not in ("https", "http") or not host:
        raise no_address
    if "@" in parts.netloc:
        raise SettingsError(
            Text(
                "must not hold a user name and password; the key stands in ILETIMERKEZI_API_KEY alone",
                "kullanıcı adı ve parola içermemeli; anahtar yalnızca ILETIMERKEZI_API_KEY ayarında durur",
            )
        )
    if not _is_host(host):
        raise SettingsError(
            Text(
                "must name a host in ASCII letters, digits, dots and hyphens, or an IP address",
                "yalnızca ASCII harf, rakam, nokta ve tireden oluşan bir sunucu adı ya da bir IP adresi içermeli",
            )
        )
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise SettingsError(
            Text(
                "must be an origin without a path; /v1/… is added here",
                "yol içermeyen bir adres olmalı; /v1/… burada eklenir",
            )
        )
    if parts.scheme == "http" and not is_loopback(host):
        raise SettingsError(
            Text(
                "must begin with https://, for the key travels in every request; http is for loopback only",
                "https:// ile başlamalı, çünkü anahtar her istekte gider; http yalnızca bu makine (loopback) içindir",
            )
        )
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}" + (f":{port}" if port is not None else "")


def _is_host(host: str) -> bool:
    """Whether `host`, in lower case, is an IP address or a name that a request can be made to (RFC 1123)."""
    labels = host.removesuffix(".").split(".")
    try:
        if ":" in host or labels[-1].isdecimal():
            ip_address(host)
            return "%" not in host
        # A label that begins with xn-- must stand for something.
        host.encode("ascii").decode("idna")
    except ValueError:
        return False
    return len(host) <= 253 and all(_LABEL.fullmatch(label) for label in labels)


def _word(*words: str) -> Callable[[str], str]:
    def parse(value: str) -> str:
        if value.lower() not in words:
            first = ", ".join(words[:-1])
            raise SettingsError(Text(f"must be {first} or {words[-1]}", f"{first} ya da {words[-1]} olmalı"))
        return value.lower()

    return parse


def _positive(value: str) -> int:
    plain = value.replace("_", "")
    if not re.fullmatch(r"[0-9]{1,9}", plain) or int(plain) == 0:
        raise SettingsError(Text("must be a whole number of at least 1", "en az 1 olan bir tam sayı olmalı"))
    return int(plain)


def _credits(value: str) -> int:
    return NO_LIMIT if value.lower() == "none" else _positive(value)


def _listed(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())


def _tools(value: str) -> tuple[str, ...]:
    names = _listed(value)
    if unknown := [name for name in names if name not in PATHS]:
        known = ", ".join(PATHS)
        raise SettingsError(
            Text(
                f"names {unknown[0]}, which is no tool; the tools are {known}",
                f"{unknown[0]} içeriyor, böyle bir araç yok; araçlar: {known}",
            )
        )
    return names


def _senders(value: str) -> tuple[str, ...]:
    return tuple(_sender(name) for name in _listed(value))


def _recipients(value: str) -> tuple[str, ...]:
    if value.startswith("@"):
        file = value[1:]
        try:
            value = Path(file).expanduser().read_text(encoding="utf-8").replace("\n", ",")
        except (OSError, UnicodeDecodeError, RuntimeError, ValueError):
            raise SettingsError(
                Text(f"names a file that cannot be read: {file}", f"okunamayan bir dosya gösteriyor: {file}")
            ) from None
    allowed = tuple(_recipient(part) for part in _listed(value))
    if not allowed:
        # An empty file must not mean that everybody is allowed.
        raise SettingsError(Text("holds no number", "hiç numara içermiyor"))
    return allowed


def _recipient(value: str) -> str:
    """A canonical number, or the beginning of one with its ``*``."""
    if value.endswith("*"):
        digits = re.sub(r"[\s().-]", "", value[:-1])
        if not re.fullmatch(r"\+?[0-9]{1,14}", digits):
            raise SettingsError(
                Text(
                    f"has {value}, which is no beginning of a number; write it like +90533*",
                    f"{value} içeriyor, bu bir numaranın başı değil; +90533* gibi yazın",
                )
            )
        if digits.startswith("+"):
            return digits + "*"
        return "+" + re.sub(r"^(00|0(?=5)|(?=5))", lambda found: "" if found[0] == "00" else "90", digits) + "*"
    try:
        return parse_number(value, abroad=True)
    except NumberError as error:
        raise SettingsError(
            Text(f"has {value}, which {error.reason.en}", f"içindeki {value}: {error.reason.tr}")
        ) from None


def _path(value: str) -> Path:
    try:
        path = Path(value).expanduser()
        path.exists()
    except OSError as error:
        said = error.strerror
        raise SettingsError(Text(f"cannot be looked at ({said})", f"erişilemeyen bir yol ({said})")) from None
    except RuntimeError:
        raise SettingsError(
            Text(
                "begins with ~, and that user has no home folder; write the whole path",
                "~ ile başlıyor ama bu kullanıcının ev klasörü yok; yolun tamamını yazın",
            )
        ) from None
    return path


def _file(value: str) -> Path:
    path = _path(value)
    if path.is_dir():
        raise SettingsError(Text("must be a file, and this is a folder", "bir dosya olmalı, bu ise bir klasör"))
    return path


def _name(value: str) -> str:
    if len(value) > 80 or not value.isprintable():
        raise SettingsError(Text("must be a name of at most 80 characters", "en çok 80 karakterlik bir ad olmalı"))
    return value


def _folder(value: str) -> Path:
    path = _path(value)
    if path.exists() and not path.is_dir():
        raise SettingsError(Text("must be a folder, and this is a file", "bir klasör olmalı, bu ise bir dosya"))
    return path


def token_secrets(value: str) -> tuple[str, ...]:
    """The secrets in a list of tokens, each bare or after its name and a colon."""
    parts = [part.strip() for part in value.split(",")]
    return tuple(part.partition(":")[2] or part for part in parts if part)


def _host(value: str) -> str:
    host = value.lower()
    if not _is_host(host):
        raise SettingsError(
            Text(
                "must be an IP address or a host name, without a port",
                "bir IP adresi ya da sunucu adı olmalı, port olmadan",
            )
        )
    return host


def _port(value: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", value) or int(value) > LARGEST_PORT:
        raise SettingsError(
            Text(
                f"must be a whole number from 0 to {LARGEST_PORT}", f"0 ile {LARGEST_PORT} arasında bir tam sayı olmalı"
            )
        )
    return int(value)


def _http_path(value: str) -> str:
    if not re.fullmatch(r"(/[A-Za-z0-9._~-]+)+", value) or value == "/healthz":
        raise SettingsError(
            Text("must be a path such as /mcp, other than /healthz", "/mcp gibi bir yol olmalı, /healthz dışında")
        )
    return value


def _allowed_hosts(value: str) -> tuple[str, ...]:
    names = tuple(name.lower() for name in _listed(value))
    for name in names:
        found = re.fullmatch(r"(?:\[(?P<six>[^\]]+)\]|(?P<host>[^:\[\]]+))(?::(?P<port>[0-9]{1,5}))?", name)
        if found is None or not _is_host(found["six"] or found["host"]) or (found["six"] and ":" not in found["six"]):
            raise SettingsError(
                Text(
                    f"has {name}, which is no host as a request names it, such as im.example.com or im.example.com:8443",
                    f"{name} içeriyor; im.example.com ya da im.example.com:8443 gibi bir sunucu adı olmalı",
                )
            )
    return names


def _allowed_origins(value: str) -> tuple[str, ...]:
    origins = _listed(value)
    for origin in origins:
        if not re.fullmatch(r"[a-z][a-z0-9+.-]*://[^\s/*?#@]+", origin):
            raise SettingsError(
                Text(
                    f"has {origin}, which is no origin; write it like https://app.example.com, without a path",
                    f"{origin} içeriyor; https://app.example.com gibi, yol olmadan yazın",
                )
            )
    return origins


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
    Setting(
        "sender",
        "ILETIMERKEZI_SENDER",
        "--sender",
        "NAME",
        "sender used where a call names none (in the sandbox FIRMAADI)",
        _sender,
    ),
    Setting(
        "brand_code",
        "ILETIMERKEZI_BRAND_CODE",
        "--brand-code",
        "DIGITS",
        "İYS brand code used where a call names none (in the sandbox 123456)",
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
    Setting(
        "transport",
        "ILETIMERKEZI_TRANSPORT",
        "--transport",
        "NAME",
        "stdio (default), streamable-http, or sse for hosts that know nothing newer",
        _word("stdio", "sse", "streamable-http"),
    ),
    Setting(
        "http_host",
        "ILETIMERKEZI_HTTP_HOST",
        "--host",
        "HOST",
        f"address to listen at on the network (default {DEFAULT_HOST}); another than loopback needs --allow-host",
        _host,
    ),
    Setting(
        "http_port",
        "ILETIMERKEZI_HTTP_PORT",
        "--port",
        "NUMBER",
        f"port to listen at on the network (default {DEFAULT_PORT}; 0 takes a free one)",
        _port,
    ),
    Setting(
        "http_path",
        "ILETIMERKEZI_HTTP_PATH",
        "--path",
        "PATH",
        "path to serve at on the network (default /mcp, for sse /sse)",
        _http_path,
    ),
    Setting(
        "http_token",
        "ILETIMERKEZI_HTTP_TOKEN",
        None,
        "TOKENS",
        "bearer tokens for the network, comma-separated, each name:secret or a bare secret of at least 32 characters",
        _secret,
        secret=True,
    ),
    Setting(
        "no_auth",
        "ILETIMERKEZI_NO_AUTH",
        "--no-auth",
        None,
        "no token is demanded; on loopback only",
        _switch,
    ),
    Setting(
        "allow_hosts",
        "ILETIMERKEZI_ALLOW_HOST",
        "--allow-host",
        "NAMES",
        "names that requests may call the server by besides those of loopback, comma-separated, each with a port or for any",
        _allowed_hosts,
    ),
    Setting(
        "allow_origins",
        "ILETIMERKEZI_ALLOW_ORIGIN",
        "--allow-origin",
        "ORIGINS",
        "web origins that requests may come from besides loopback's, comma-separated",
        _allowed_origins,
    ),
    Setting(
        "stateless",
        "ILETIMERKEZI_STATELESS",
        "--stateless",
        None,
        "streamable-http keeps no sessions: hosts of before 2026-07-28 get codes and no change notifications",
        _switch,
    ),
    Setting(
        "grace",
        "ILETIMERKEZI_GRACE",
        "--grace",
        "SECONDS",
        f"how long calls under way may still take on the network when the server is told to stop (default {DEFAULT_GRACE})",
        _positive,
    ),
)


def load_settings(
    environment: Mapping[str, str],
    flags: Mapping[str, str | None] | None = None,
    *,
    only: Collection[str] | None = None,
) -> Settings:
    """The settings of `environment`, with `flags` (by field name) winning over it.

    An empty value is an unset one. `only` names the fields that are read at all, where not every one matters;
    the others keep their defaults and may hold anything. In the sandbox sender and brand code are known
    without being set. Raises :class:`SettingsError` with one sentence naming the variable (and the flag, if
    that is where the value came from) when a value cannot be used.
    """
    values: dict[str, Any] = {"language": system_language()}
    for setting in SETTINGS:
        if only is not None and setting.field not in only:
            continue
        given, name = _given(setting, environment, flags)
        if not given.strip():
            continue
        try:
            values[setting.field] = setting.parse(given)
        except SettingsError as error:
            raise SettingsError(verbatim(f"{name} ") + error.reason + ".") from None
    if values.get("sandbox"):
        values.setdefault("sender", next(iter(values.get("allowed_senders", ())), SANDBOX_SENDER))
        values.setdefault("brand_code", SANDBOX_BRAND_CODE)
    return Settings(**values)


def language_for(environment: Mapping[str, str], flags: Mapping[str, str | None] | None = None) -> Language:
    """The language to say things in before the settings have been read, whatever is wrong with them."""
    try:
        return load_settings(environment, flags, only=("language",)).language
    except SettingsError:
        return system_language()


def secrets_in(environment: Mapping[str, str]) -> tuple[str, ...]:
    """What `environment` holds of secrets, used or not: none of it may leave the process."""
    values = {
        setting.field: environment[setting.variable]
        for setting in SETTINGS
        if setting.secret and setting.variable in environment
    }
    return (*values.values(), *token_secrets(values.get("http_token", "")))


def _given(setting: Setting, environment: Mapping[str, str], flags: Mapping[str, str | None] | None) -> tuple[str, str]:
    """The text that `setting` was given, and the name to call it by."""
    flag = (flags or {}).get(setting.field)
    given, name = (
        (environment.get(setting.variable, ""), setting.variable)
        if flag is None
        else (flag, f"{setting.flag} ({setting.variable})")
    )
    return given if setting.secret else given.strip(), name
