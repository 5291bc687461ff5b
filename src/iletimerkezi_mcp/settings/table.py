"""Every setting: its variable, its flag, how its text is read, and what the help says. Documents are made from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from iletimerkezi_mcp.language import Text

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
    help: Text
    parse: Callable[[str], Any]
    secret: bool = False


PREFIX = "ILETIMERKEZI_"

SETTINGS: tuple[Setting, ...] = (
    Setting(
        "api_key",
        "ILETIMERKEZI_API_KEY",
        None,
        "KEY",
        Text("API key, from the panel", "API anahtarı, panelden"),
        words.secret,
        secret=True,
    ),
    Setting(
        "api_hash",
        "ILETIMERKEZI_API_HASH",
        None,
        "HASH",
        Text("API hash, from the panel", "API hash değeri, panelden"),
        words.secret,
        secret=True,
    ),
    Setting(
        "api_url",
        "ILETIMERKEZI_API_URL",
        "--api-url",
        "ORIGIN",
        Text(
            f"the API's origin, without a path (default {DEFAULT_API_URL}); HTTPS unless loopback",
            f"API'nin adresi, yol olmadan (varsayılan {DEFAULT_API_URL}); bu makine dışında HTTPS",
        ),
        addresses.origin,
    ),
    Setting(
        "sender",
        "ILETIMERKEZI_SENDER",
        "--sender",
        "NAME",
        Text(
            "sender used where a call names none (in the sandbox FIRMAADI)",
            "çağrıda başlık belirtilmediğinde kullanılacak başlık (deneme ortamında FIRMAADI)",
        ),
        words.sender,
    ),
    Setting(
        "brand_code",
        "ILETIMERKEZI_BRAND_CODE",
        "--brand-code",
        "DIGITS",
        Text(
            "İYS brand code used where a call names none (in the sandbox 123456)",
            "çağrıda belirtilmediğinde kullanılacak İYS marka kodu (deneme ortamında 123456)",
        ),
        words.digits,
    ),
    Setting(
        "character_mode",
        "ILETIMERKEZI_CHARSET",
        "--charset",
        "MODE",
        Text(
            "the account's character mode: english, turkish or unicode (unset: unknown, both readings are shown)",
            "hesabın karakter modu: english, turkish ya da unicode (verilmezse bilinmez, iki olasılık da gösterilir)",
        ),
        words.mode,
    ),
    Setting(
        "abroad",
        "ILETIMERKEZI_ABROAD",
        "--abroad",
        None,
        Text(
            "numbers of other countries are allowed (the panel's abroad mode must be on)",
            "yurt dışı numaralara izin verir (panelde yurt dışı gönderim açık olmalı)",
        ),
        words.switch,
    ),
    Setting(
        "language",
        "ILETIMERKEZI_LANG",
        "--lang",
        "en|tr",
        Text(
            "language of previews, answers and errors (unset: Turkish where the locale is, else English)",
            "önizleme, yanıt ve hataların dili (verilmezse sistem dili Türkçeyse Türkçe, değilse İngilizce)",
        ),
        words.language,
    ),
    Setting(
        "state_dir",
        "ILETIMERKEZI_STATE_DIR",
        "--state-dir",
        "DIR",
        Text("folder for what must last", "kalıcı verilerin klasörü"),
        places.folder,
    ),
    Setting(
        "sandbox",
        "ILETIMERKEZI_SANDBOX",
        "--sandbox",
        None,
        Text(
            "a simulated provider in place of the network: no account needed, nothing real is sent",
            "ağ yerine simüle edilmiş bir sağlayıcı: hesap gerekmez, gerçek hiçbir şey gönderilmez",
        ),
        words.switch,
    ),
    Setting(
        "confirm",
        "ILETIMERKEZI_CONFIRM",
        "--confirm-mode",
        "MODE",
        Text(
            "who may say yes to a change: auto (a person where the host can ask one, else a code; the default), human (only "
            "a person), code (never ask, codes for any size)",
            "bir değişikliği kimin onaylayabileceği: auto (istemci sorabiliyorsa bir kişi, soramıyorsa kod; varsayılan), human (yalnızca bir kişi), code (hiç sorulmaz, her büyüklükte kod)",
        ),
        words.word("auto", "human", "code"),
    ),
    Setting(
        "type_count_from",
        "ILETIMERKEZI_TYPE_COUNT_FROM",
        "--type-count-from",
        "NUMBER",
        Text(
            "recipients or consents from which a person has to type their number (default 100)",
            "bir kişinin sayıyı elle yazması gereken en küçük alıcı ya da onay sayısı (varsayılan 100)",
        ),
        words.positive,
    ),
    Setting(
        "read_only",
        "ILETIMERKEZI_READ_ONLY",
        "--read-only",
        None,
        Text(
            "the tools that change something are neither listed nor callable; wins over everything",
            "bir şey değiştiren araçlar ne listelenir ne çağrılabilir; her ayardan önce gelir",
        ),
        words.switch,
    ),
    Setting(
        "tools",
        "ILETIMERKEZI_TOOLS",
        "--tools",
        "NAMES",
        Text("only these tools are offered, comma-separated", "yalnızca bu araçlar sunulur, virgülle ayrılır"),
        lists.tools,
    ),
    Setting(
        "allowed_recipients",
        "ILETIMERKEZI_ALLOWED_RECIPIENTS",
        "--allowed-recipients",
        "NUMBERS",
        Text(
            "send_sms reaches only these: comma-separated numbers, beginnings that end in * (+90533*), or @file",
            "send_sms yalnızca bunlara gönderir: virgülle ayrılmış numaralar, * ile biten numara başları (+90533*) ya da @dosya",
        ),
        lists.recipients,
    ),
    Setting(
        "allowed_senders",
        "ILETIMERKEZI_ALLOWED_SENDERS",
        "--allowed-senders",
        "NAMES",
        Text(
            "send_sms uses only these senders, comma-separated",
            "send_sms yalnızca bu başlıkları kullanır, virgülle ayrılır",
        ),
        lists.senders,
    ),
    Setting(
        "max_recipients",
        "ILETIMERKEZI_MAX_RECIPIENTS",
        "--max-recipients",
        "NUMBER",
        Text(
            "recipients of one text within an hour, at most (default 1000)",
            "bir metnin bir saatte gidebileceği en çok alıcı (varsayılan 1000)",
        ),
        words.positive,
    ),
    Setting(
        "max_credits_per_day",
        "ILETIMERKEZI_MAX_CREDITS_PER_DAY",
        "--max-credits-per-day",
        "NUMBER",
        Text(
            "credits used in a day of Istanbul, at most (default ten times the recipients; none lifts it)",
            "İstanbul saatiyle bir günde en çok kredi (varsayılan, alıcı sınırının on katı; none sınırı kaldırır)",
        ),
        words.credits_a_day,
    ),
    Setting(
        "allow_commercial",
        "ILETIMERKEZI_ALLOW_COMMERCIAL",
        "--allow-commercial",
        "1|0",
        Text("commercial messages are allowed (default 1)", "ticari iletilere izin verir (varsayılan 1)"),
        words.switch,
    ),
    Setting(
        "mask_numbers",
        "ILETIMERKEZI_MASK_NUMBERS",
        "--mask-numbers",
        None,
        Text(
            "answers to the model show numbers as +90533*****99; a form shows them in full",
            "modele giden yanıtlarda numaralar +90533*****99 gibi görünür; formda tam gösterilir",
        ),
        words.switch,
    ),
    Setting(
        "audit_log",
        "ILETIMERKEZI_AUDIT_LOG",
        "--audit-log",
        "FILE",
        Text(
            "one JSON line for each changing call, confirmed or refused",
            "onaylanan ya da reddedilen her değişiklik çağrısı için bir JSON satırı",
        ),
        places.file,
    ),
    Setting(
        "audit_text",
        "ILETIMERKEZI_AUDIT_TEXT",
        "--audit-text",
        "WHICH",
        Text(
            "commercial keeps the text of commercial messages in the audit log, for proof (default none)",
            "commercial, ticari iletilerin metnini ispat için denetim kaydında tutar (varsayılan none)",
        ),
        words.word("none", "commercial"),
    ),
    Setting(
        "operator_name",
        "ILETIMERKEZI_OPERATOR_NAME",
        "--operator-name",
        "NAME",
        Text(
            "who is named in the audit log (default: the login name)",
            "denetim kaydında adı geçecek kişi (varsayılan: oturum adı)",
        ),
        words.name,
    ),
    Setting(
        "transport",
        "ILETIMERKEZI_TRANSPORT",
        "--transport",
        "NAME",
        Text(
            "stdio (default), streamable-http, or sse for hosts that know nothing newer",
            "stdio (varsayılan), streamable-http ya da yenisini bilmeyen istemciler için sse",
        ),
        words.word("stdio", "sse", "streamable-http"),
    ),
    Setting(
        "http_host",
        "ILETIMERKEZI_HTTP_HOST",
        "--host",
        "HOST",
        Text(
            f"address to listen at on the network (default {DEFAULT_HOST}); another than loopback needs --allow-host",
            f"ağda dinlenecek adres (varsayılan {DEFAULT_HOST}); loopback dışında --allow-host gerekir",
        ),
        addresses.host,
    ),
    Setting(
        "http_port",
        "ILETIMERKEZI_HTTP_PORT",
        "--port",
        "NUMBER",
        Text(
            f"port to listen at on the network (default {DEFAULT_PORT}; 0 takes a free one)",
            f"ağda dinlenecek port (varsayılan {DEFAULT_PORT}; 0 boş bir port seçer)",
        ),
        addresses.port,
    ),
    Setting(
        "http_path",
        "ILETIMERKEZI_HTTP_PATH",
        "--path",
        "PATH",
        Text(
            "path to serve at on the network (default /mcp, for sse /sse)",
            "ağda sunulacak yol (varsayılan /mcp, sse için /sse)",
        ),
        addresses.http_path,
    ),
    Setting(
        "http_token",
        "ILETIMERKEZI_HTTP_TOKEN",
        None,
        "TOKENS",
        Text(
            "bearer tokens for the network, comma-separated, each name:secret or a bare secret of at least 32 characters",
            "ağ için bearer token'lar, virgülle ayrılır; her biri ad:gizli ya da en az 32 karakterlik yalın bir değer",
        ),
        words.secret,
        secret=True,
    ),
    Setting(
        "no_auth",
        "ILETIMERKEZI_NO_AUTH",
        "--no-auth",
        None,
        Text("no token is demanded; on loopback only", "token istenmez; yalnızca loopback'te"),
        words.switch,
    ),
    Setting(
        "allow_hosts",
        "ILETIMERKEZI_ALLOW_HOST",
        "--allow-host",
        "NAMES",
        Text(
            "names that requests may call the server by besides those of loopback, comma-separated, each with a port or for any",
            "isteklerin sunucuyu loopback adlarından başka hangi adlarla çağırabileceği, virgülle ayrılır; port yazılmazsa her port",
        ),
        addresses.allowed_hosts,
    ),
    Setting(
        "allow_origins",
        "ILETIMERKEZI_ALLOW_ORIGIN",
        "--allow-origin",
        "ORIGINS",
        Text(
            "web origins that requests may come from besides loopback's, comma-separated",
            "isteklerin loopback dışında hangi web kaynaklarından (origin) gelebileceği, virgülle ayrılır",
        ),
        addresses.allowed_origins,
    ),
    Setting(
        "stateless",
        "ILETIMERKEZI_STATELESS",
        "--stateless",
        None,
        Text(
            "streamable-http keeps no sessions: hosts of before 2026-07-28 get codes and no change notifications",
            "streamable-http oturum tutmaz: 2026-07-28 öncesi istemciler kod alır, değişiklik bildirimi almaz",
        ),
        words.switch,
    ),
    Setting(
        "grace",
        "ILETIMERKEZI_GRACE",
        "--grace",
        "SECONDS",
        Text(
            f"how long calls under way may still take on the network when the server is told to stop (default {DEFAULT_GRACE})",
            f"sunucu durdurulduğunda ağda süren çağrılara tanınan süre (varsayılan {DEFAULT_GRACE})",
        ),
        words.positive,
    ),
)

CREDENTIALS = ("api_key", "api_hash")
"""The fields without which the live provider answers nothing."""

NETWORK = frozenset(
    {
        "http_host",
        "http_port",
        "http_path",
        "http_token",
        "no_auth",
        "allow_hosts",
        "allow_origins",
        "stateless",
        "grace",
    }
)
"""The fields that mean something only where the server is reached over the network."""
