"""Every setting: its variable, its flag, how its text is read, and what the help says. Documents are made from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from . import addresses, lists, places, words
from .model import DEFAULT_API_URL, DEFAULT_GRACE, DEFAULT_HOST, DEFAULT_PORT


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


PREFIX = "ILETIMERKEZI_"

SETTINGS: tuple[Setting, ...] = (
    Setting("api_key", "ILETIMERKEZI_API_KEY", None, "KEY", "API key, from the panel", words.secret, secret=True),
    Setting("api_hash", "ILETIMERKEZI_API_HASH", None, "HASH", "API hash, from the panel", words.secret, secret=True),
    Setting(
        "api_url",
        "ILETIMERKEZI_API_URL",
        "--api-url",
        "ORIGIN",
        f"the API's origin, without a path (default {DEFAULT_API_URL}); HTTPS unless loopback",
        addresses.origin,
    ),
    Setting(
        "sender",
        "ILETIMERKEZI_SENDER",
        "--sender",
        "NAME",
        "sender used where a call names none (in the sandbox FIRMAADI)",
        words.sender,
    ),
    Setting(
        "brand_code",
        "ILETIMERKEZI_BRAND_CODE",
        "--brand-code",
        "DIGITS",
        "İYS brand code used where a call names none (in the sandbox 123456)",
        words.digits,
    ),
    Setting(
        "character_mode",
        "ILETIMERKEZI_CHARSET",
        "--charset",
        "MODE",
        "the account's character mode: english, turkish or unicode (unset: unknown, both readings are shown)",
        words.mode,
    ),
    Setting(
        "abroad",
        "ILETIMERKEZI_ABROAD",
        "--abroad",
        None,
        "numbers of other countries are allowed (the panel's abroad mode must be on)",
        words.switch,
    ),
    Setting(
        "language",
        "ILETIMERKEZI_LANG",
        "--lang",
        "en|tr",
        "language of previews, answers and errors (unset: Turkish where the locale is, else English)",
        words.language,
    ),
    Setting("state_dir", "ILETIMERKEZI_STATE_DIR", "--state-dir", "DIR", "folder for what must last", places.folder),
    Setting(
        "sandbox",
        "ILETIMERKEZI_SANDBOX",
        "--sandbox",
        None,
        "a simulated provider in place of the network: no account needed, nothing real is sent",
        words.switch,
    ),
    Setting(
        "confirm",
        "ILETIMERKEZI_CONFIRM",
        "--confirm-mode",
        "MODE",
        "who may say yes to a change: auto (a person where the host can ask one, else a code; the default), human (only "
        "a person), code (never ask, codes for any size)",
        words.word("auto", "human", "code"),
    ),
    Setting(
        "type_count_from",
        "ILETIMERKEZI_TYPE_COUNT_FROM",
        "--type-count-from",
        "NUMBER",
        "recipients or consents from which a person has to type their number (default 100)",
        words.positive,
    ),
    Setting(
        "read_only",
        "ILETIMERKEZI_READ_ONLY",
        "--read-only",
        None,
        "the tools that change something are neither listed nor callable; wins over everything",
        words.switch,
    ),
    Setting(
        "tools",
        "ILETIMERKEZI_TOOLS",
        "--tools",
        "NAMES",
        "only these tools are offered, comma-separated",
        lists.tools,
    ),
    Setting(
        "allowed_recipients",
        "ILETIMERKEZI_ALLOWED_RECIPIENTS",
        "--allowed-recipients",
        "NUMBERS",
        "send_sms reaches only these: comma-separated numbers, beginnings that end in * (+90533*), or @file",
        lists.recipients,
    ),
    Setting(
        "allowed_senders",
        "ILETIMERKEZI_ALLOWED_SENDERS",
        "--allowed-senders",
        "NAMES",
        "send_sms uses only these senders, comma-separated",
        lists.senders,
    ),
    Setting(
        "max_recipients",
        "ILETIMERKEZI_MAX_RECIPIENTS",
        "--max-recipients",
        "NUMBER",
        "recipients of one text within an hour, at most (default 1000)",
        words.positive,
    ),
    Setting(
        "max_credits_per_day",
        "ILETIMERKEZI_MAX_CREDITS_PER_DAY",
        "--max-credits-per-day",
        "NUMBER",
        "credits used in a day of Istanbul, at most (default ten times the recipients; none lifts it)",
        words.credits_a_day,
    ),
    Setting(
        "allow_commercial",
        "ILETIMERKEZI_ALLOW_COMMERCIAL",
        "--allow-commercial",
        "1|0",
        "commercial messages are allowed (default 1)",
        words.switch,
    ),
    Setting(
        "mask_numbers",
        "ILETIMERKEZI_MASK_NUMBERS",
        "--mask-numbers",
        None,
        "answers to the model show numbers as +90533*****99; a form shows them in full",
        words.switch,
    ),
    Setting(
        "audit_log",
        "ILETIMERKEZI_AUDIT_LOG",
        "--audit-log",
        "FILE",
        "one JSON line for each changing call, confirmed or refused",
        places.file,
    ),
    Setting(
        "audit_text",
        "ILETIMERKEZI_AUDIT_TEXT",
        "--audit-text",
        "WHICH",
        "commercial keeps the text of commercial messages in the audit log, for proof (default none)",
        words.word("none", "commercial"),
    ),
    Setting(
        "operator_name",
        "ILETIMERKEZI_OPERATOR_NAME",
        "--operator-name",
        "NAME",
        "who is named in the audit log (default: the login name)",
        words.name,
    ),
    Setting(
        "transport",
        "ILETIMERKEZI_TRANSPORT",
        "--transport",
        "NAME",
        "stdio (default), streamable-http, or sse for hosts that know nothing newer",
        words.word("stdio", "sse", "streamable-http"),
    ),
    Setting(
        "http_host",
        "ILETIMERKEZI_HTTP_HOST",
        "--host",
        "HOST",
        f"address to listen at on the network (default {DEFAULT_HOST}); another than loopback needs --allow-host",
        addresses.host,
    ),
    Setting(
        "http_port",
        "ILETIMERKEZI_HTTP_PORT",
        "--port",
        "NUMBER",
        f"port to listen at on the network (default {DEFAULT_PORT}; 0 takes a free one)",
        addresses.port,
    ),
    Setting(
        "http_path",
        "ILETIMERKEZI_HTTP_PATH",
        "--path",
        "PATH",
        "path to serve at on the network (default /mcp, for sse /sse)",
        addresses.http_path,
    ),
    Setting(
        "http_token",
        "ILETIMERKEZI_HTTP_TOKEN",
        None,
        "TOKENS",
        "bearer tokens for the network, comma-separated, each name:secret or a bare secret of at least 32 characters",
        words.secret,
        secret=True,
    ),
    Setting(
        "no_auth",
        "ILETIMERKEZI_NO_AUTH",
        "--no-auth",
        None,
        "no token is demanded; on loopback only",
        words.switch,
    ),
    Setting(
        "allow_hosts",
        "ILETIMERKEZI_ALLOW_HOST",
        "--allow-host",
        "NAMES",
        "names that requests may call the server by besides those of loopback, comma-separated, each with a port or for any",
        addresses.allowed_hosts,
    ),
    Setting(
        "allow_origins",
        "ILETIMERKEZI_ALLOW_ORIGIN",
        "--allow-origin",
        "ORIGINS",
        "web origins that requests may come from besides loopback's, comma-separated",
        addresses.allowed_origins,
    ),
    Setting(
        "stateless",
        "ILETIMERKEZI_STATELESS",
        "--stateless",
        None,
        "streamable-http keeps no sessions: hosts of before 2026-07-28 get codes and no change notifications",
        words.switch,
    ),
    Setting(
        "grace",
        "ILETIMERKEZI_GRACE",
        "--grace",
        "SECONDS",
        f"how long calls under way may still take on the network when the server is told to stop (default {DEFAULT_GRACE})",
        words.positive,
    ),
)
