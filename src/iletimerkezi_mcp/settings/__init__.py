"""The operator's settings, read once at start from the environment and from flags.

Each is declared once, as a field of :class:`Settings`; :data:`SETTINGS` holds them with their variables, flags,
parsers and helps, and the command line and the documents are made from it. Only the operator sets these; no
tool argument can.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from pydantic import SecretStr

from iletimerkezi_mcp.language import Audience, Language, Text, system_language
from iletimerkezi_mcp.sms.alphabet import CharacterMode

from . import addresses, parsers
from .addresses import DEFAULT_API_URL as DEFAULT_API_URL
from .addresses import is_loopback as is_loopback
from .declaration import PREFIX as PREFIX
from .declaration import Setting as Setting
from .declaration import declarations, declare
from .parsers import NO_LIMIT as NO_LIMIT
from .parsers import SettingsError as SettingsError
from .parsers import token_secrets
from .ways import WAYS, ConfirmWay, allowed_ways, read_confirm

TransportName = Literal["stdio", "sse", "streamable-http"]

AuditText = Literal["none", "commercial"]
"""The texts that the audit log keeps."""

DEFAULT_MAX_RECIPIENTS = 1_000
"""Recipients of all texts within an hour."""

DEFAULT_CREDITS_FACTOR = 10
"""The default for the day's credits, as a multiple of the recipients allowed."""

DEFAULT_MAX_CONSENTS_PER_DAY = 1_000
"""Consents declared to İYS in a day of Istanbul."""

DEFAULT_MAX_LIST_RECIPIENTS = 10_000
"""Recipients of one campaign."""

DEFAULT_TEXTS_PER_ORDER = 5_000
"""Different texts in one order; the provider's own bound is unknown."""

DEFAULT_SANDBOX_CREDITS = 100_000
"""Credits of a new sandbox."""

SANDBOX_SENDER, SANDBOX_BRAND_CODE = "FIRMAADI", "123456"
"""The sandbox's sender and brand code if the operator names none, so that nothing has to be set."""


NOT_IDENTIFIED = "not identified"
"""In place of a name, if none is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything the operator decides.

    `api_key` and `api_hash` are taken as they are and never shown: not in a repr, a log or an answer.
    `character_mode` None means that the mode of the account's panel is unknown. Empty tuples allow all;
    `max_credits_per_day` None is ten times the recipients allowed, and :data:`.NO_LIMIT` lifts it. `grace` is in seconds.
    `flags` names the fields whose values came from the command line; `audience` reads the answers. With `page` a person
    can be asked on a page in a browser of this machine.
    """

    api_key: SecretStr | None = declare(None, "API key, from the panel", "API anahtarı, panelden")
    api_hash: SecretStr | None = declare(None, "API hash, from the panel", "API hash değeri, panelden")
    api_url: str = declare(
        DEFAULT_API_URL,
        "the API's origin, without a path; HTTPS unless loopback",
        "API'nin adresi, yol olmadan; bu makine dışında HTTPS",
        metavar="ORIGIN",
        parse=addresses.origin,
    )
    sender: str | None = declare(
        None,
        f"sender used if a call names none (in the sandbox {SANDBOX_SENDER})",
        f"çağrıda başlık belirtilmediğinde kullanılacak başlık (deneme ortamında {SANDBOX_SENDER})",
        parse=parsers.sender,
    )
    brand_code: str | None = declare(
        None,
        f"İYS brand code used if a call names none (in the sandbox {SANDBOX_BRAND_CODE})",
        f"çağrıda belirtilmediğinde kullanılacak İYS marka kodu (deneme ortamında {SANDBOX_BRAND_CODE})",
        metavar="DIGITS",
        parse=parsers.brand_code,
    )
    character_mode: CharacterMode | None = declare(
        None,
        "the account's character mode: english, turkish or unicode",
        "hesabın karakter modu: english, turkish ya da unicode",
        unset=Text("unknown, so each possible reading is shown", "bilinmez, olası sonuçların hepsi gösterilir"),
        name="charset",
    )
    abroad: bool = declare(
        False,
        "numbers of other countries are allowed (Abroad mode must be on in the panel)",
        "yurt dışı numaralara izin verir (panelde yurt dışı gönderim açık olmalı)",
    )
    language: Language = declare(
        "en",
        "language of previews, answers and errors",
        "önizleme, yanıt ve hataların dili",
        unset=Text("Turkish if the locale is, else English", "sistem dili Türkçeyse Türkçe, değilse İngilizce"),
        name="lang",
    )
    state_dir: Path | None = declare(None, "folder for data that must last", "kalıcı verilerin klasörü")
    state_key_file: Path | None = declare(
        None,
        "the file of the ledger's key, if it is to lie elsewhere than in the folder",
        "klasörden başka bir yerde duracaksa işlem defterinin anahtar dosyası",
        metavar="FILE",
    )
    sandbox: bool = declare(
        False,
        "a simulated provider in place of the network: no account needed, nothing real is sent",
        "ağ yerine sağlayıcı simülasyonu: hesap gerekmez, gerçek hiçbir şey gönderilmez",
    )
    sandbox_credits: int = declare(
        DEFAULT_SANDBOX_CREDITS, "credits of a new sandbox", "yeni bir deneme ortamındaki kredi"
    )
    confirm: str = declare(
        "auto",
        "who confirms a change. auto: a person if the host can ask one, else a code; human: only a person; "
        "code: never ask, codes for any size; or only the ways named, comma-separated: form, card, page, code",
        "bir değişikliği kim onaylar. auto: istemci sorabiliyorsa bir kişi, soramıyorsa kod; "
        "human: yalnızca bir kişi; code: hiç sorulmaz, her büyüklükte kod; ya da yalnızca virgülle ayrılarak "
        "yazılan yollar: form, card, page, code",
        flag="confirm-mode",
        metavar="auto|human|code|WAYS",
        parse=read_confirm,
    )
    type_count_from: int = declare(
        100,
        "recipients or consents within an hour from which codes do not suffice, and a person types the number",
        "bir saatte toplam kaç alıcıdan ya da İYS kaydından itibaren kodun yetmediği, bir kişinin sayıyı yazdığı",
    )
    read_only: bool = declare(
        False,
        "the tools that change something are neither listed nor callable; overrides all other settings",
        "bir şey değiştiren araçlar listelenmez, çağrılamaz; diğer tüm ayarları geçersiz kılar",
    )
    tools: tuple[str, ...] = declare(
        (),
        "only these tools are offered, comma-separated",
        "yalnızca bu araçlar sunulur, virgülle ayrılır",
        parse=parsers.names,
    )
    allowed_recipients: tuple[str, ...] = declare(
        (),
        "send_sms reaches only these: comma-separated numbers, prefixes that end in * (+90533*), or @file",
        "send_sms yalnızca bunlara gönderir: virgülle ayrılmış numaralar, * ile biten numara önekleri (+90533*) ya da @dosya",
        metavar="NUMBERS",
        parse=parsers.recipients,
    )
    allowed_senders: tuple[str, ...] = declare(
        (),
        "send_sms uses only these senders, comma-separated",
        "send_sms yalnızca bu başlıkları kullanır, virgülle ayrılır",
        parse=parsers.senders,
    )
    max_recipients: int = declare(
        DEFAULT_MAX_RECIPIENTS,
        "recipients of all texts within an hour, at most",
        "bir saat içinde, bütün metinler birlikte, azami alıcı sayısı",
    )
    max_credits_per_day: int | None = declare(
        None,
        "credits used in a day of Istanbul, at most; none lifts the limit",
        "İstanbul saatiyle bir günde harcanabilecek azami kredi; none sınırı kaldırır",
        unset=Text(
            "ten times the recipients, with a folder of lists those of a campaign",
            "alıcı sınırının on katı; liste klasörü varsa kampanya sınırının",
        ),
        parse=parsers.credits_per_day,
    )
    max_consents_per_day: int = declare(
        DEFAULT_MAX_CONSENTS_PER_DAY,
        "consents declared to İYS in a day of Istanbul, at most",
        "İstanbul saatiyle bir günde İYS'ye bildirilebilecek azami izin kaydı",
    )
    files_dir: Path | None = declare(
        None,
        "folder of the lists; the tools that read them and write reports are offered only with it",
        "listelerin klasörü; listeleri okuyan ve rapor yazan araçlar yalnızca bununla sunulur",
    )
    show_cells: bool = declare(
        False,
        "answers to the model show the first cells of a list, long digits masked; without it a model sees names and counts",
        "modele giden yanıtlarda listenin ilk hücreleri, uzun rakamlar gizlenerek görünür; verilmezse model yalnızca ad ve sayı görür",
    )
    max_list_recipients: int = declare(
        DEFAULT_MAX_LIST_RECIPIENTS,
        "recipients of one campaign from a list, at most; max-recipients does not count them",
        "listeden bir kampanyada azami alıcı sayısı; max-recipients bunları saymaz",
    )
    texts_per_order: int = declare(
        DEFAULT_TEXTS_PER_ORDER,
        "different texts in one order of a campaign, at most; 1 sends each text alone",
        "kampanyanın bir gönderiminde azami farklı metin sayısı; 1 ise her metin ayrı gönderilir",
    )
    test_number: str | None = declare(
        None,
        "your own number, which send_list with test sends to",
        "send_list aracının test ile göndereceği kendi numaranız",
        metavar="NUMBER",
        parse=parsers.mobile_number,
    )
    do_not_contact: Path | None = declare(
        None,
        "file of numbers that no list reaches and no single commercial message goes to: one a line, or a list",
        "hiçbir listenin ulaşmayacağı, tekil ticari ileti de gitmeyecek numaraların dosyası: her satırda bir numara ya da bir liste",
        metavar="FILE",
        parse=parsers.file,
    )
    allow_commercial: bool = declare(True, "commercial messages are allowed", "ticari iletilere izin verir")
    mask_numbers: bool = declare(
        False,
        "answers to the model show numbers as +90533*****99; a form shows them in full",
        "modele giden yanıtlarda numaralar +90533*****99 gibi görünür; formda tam gösterilir",
    )
    audit_log: Path | None = declare(
        None,
        "one JSON line for each changing call, confirmed or refused",
        "onaylanan ya da reddedilen her değişiklik çağrısı için bir JSON satırı",
        metavar="FILE",
        parse=parsers.file,
    )
    audit_text: AuditText = declare(
        "none",
        "commercial keeps the text of commercial messages in the audit log, for proof",
        "commercial, ticari iletilerin metnini ispat için denetim kaydında tutar",
    )
    operator_name: str | None = declare(
        None,
        "the person named in the audit log",
        "denetim kaydında adı geçecek kişi",
        unset=Text("the login name", "oturum adı"),
        parse=parsers.person,
    )
    transport: TransportName = declare(
        "stdio",
        "how hosts reach the server; sse is for hosts that support nothing newer",
        "istemcilerin sunucuya nasıl bağlanacağı; sse, yenisini desteklemeyen istemciler içindir",
    )
    http_host: str = declare(
        "127.0.0.1",
        "address to listen at on the network; another than loopback needs --allow-host",
        "ağda dinlenecek adres; loopback dışında --allow-host gerekir",
        flag="host",
        metavar="ADDRESS",
        parse=addresses.hostname,
        network=True,
    )
    http_port: int = declare(
        8000,
        "port to listen at on the network; 0 takes a free one",
        "ağda dinlenecek port; 0 boş bir port seçer",
        flag="port",
        parse=addresses.port,
        network=True,
    )
    http_path: str | None = declare(
        None,
        "path to serve at on the network",
        "ağda sunulacak yol",
        unset=Text("/mcp, for sse /sse", "/mcp, sse için /sse"),
        flag="path",
        metavar="PATH",
        parse=addresses.http_path,
        network=True,
    )
    http_token: SecretStr | None = declare(
        None,
        "bearer tokens for the network, comma-separated, each name:secret or a bare secret of at least 32 characters",
        "ağ için bearer token'lar, virgülle ayrılır; her biri ad:gizli-değer biçiminde ya da en az 32 karakterlik tek bir değer",
        network=True,
    )
    no_auth: bool = declare(
        False, "no token is required; on loopback only", "token istenmez; yalnızca loopback'te", network=True
    )
    allow_hosts: tuple[str, ...] = declare(
        (),
        "Host names to accept besides those of loopback, comma-separated, each with a port, or without one for any port",
        "loopback dışında kabul edilecek Host adları, virgülle ayrılır; port yazılmazsa her port",
        name="allow_host",
        parse=addresses.allowed_hosts,
        network=True,
    )
    allow_origins: tuple[str, ...] = declare(
        (),
        "web origins to accept requests from besides loopback's, comma-separated",
        "loopback dışında istek kabul edilecek web kaynakları (origin), virgülle ayrılır",
        name="allow_origin",
        metavar="ORIGINS",
        parse=addresses.allowed_origins,
        network=True,
    )
    stateless: bool = declare(
        False,
        "streamable-http keeps no sessions: hosts older than 2026-07-28 get codes and no change notifications",
        "streamable-http oturum tutmaz: 2026-07-28 öncesi istemciler kod alır, değişiklik bildirimi almaz",
        network=True,
    )
    grace: int = declare(
        10,
        "seconds that running calls may still take on the network when the server is told to stop",
        "sunucu durdurulduğunda ağda süren çağrılara tanınan süre, saniye olarak",
        metavar="SECONDS",
        network=True,
    )
    delivery_secret: SecretStr | None = declare(
        None,
        "secret in the path /delivery/SECRET, which takes the provider's pushed reports if this is set; at least 32 characters",
        "sağlayıcının iletim bildirimlerini alan /delivery/GİZLİ-DEĞER yolundaki değer, en az 32 karakter; verilirse yol açılır",
        parse=parsers.delivery_secret,
        network=True,
    )
    flags: frozenset[str] = field(default=frozenset(), repr=False, compare=False)
    audience: Audience = field(default="model", repr=False, compare=False)
    page: bool = field(default=False, repr=False, compare=False)

    def source(self, field: str) -> str:
        """Return the flag or the variable that the value of `field` came from, for an error to name."""
        return next(setting.source(flag=field in self.flags) for setting in SETTINGS if setting.field == field)

    @property
    def daily_credits(self) -> int | None:
        """The credits that may be used in a day of Istanbul; None: any number."""
        if self.max_credits_per_day is None:
            recipients = self.max_recipients if self.files_dir is None else self.max_list_recipients
            return recipients * DEFAULT_CREDITS_FACTOR
        return None if self.max_credits_per_day == NO_LIMIT else self.max_credits_per_day

    @property
    def ways(self) -> frozenset[ConfirmWay]:
        """The ways to confirm a change that the operator allows."""
        return allowed_ways(self.confirm)

    @property
    def codes_only(self) -> bool:
        """True if no person is ever asked, so that codes suffice for any number."""
        return self.ways == {"code"}

    @property
    def ways_here(self) -> tuple[ConfirmWay, ...]:
        """The ways that are allowed and can be had: a page needs a browser. Forms and cards depend on the host."""
        return tuple(way for way in WAYS if way in self.ways and (way != "page" or self.page))

    @property
    def has_credentials(self) -> bool:
        """True if both key and hash are set."""
        return self.api_key is not None and self.api_hash is not None

    @property
    def secrets(self) -> tuple[str, ...]:
        """The values that must not leave the process."""
        tokens = () if self.http_token is None else token_secrets(self.http_token.get_secret_value())
        others = (self.api_key, self.api_hash, self.delivery_secret)
        return (*(secret.get_secret_value() for secret in others if secret is not None), *tokens)

    @property
    def operator(self) -> str:
        """The person who runs this server: the name that was set, else the login name, else :data:`NOT_IDENTIFIED`."""
        if self.operator_name is not None:
            return self.operator_name
        import getpass

        try:
            return getpass.getuser()
        except (OSError, KeyError, ImportError):
            return NOT_IDENTIFIED

    @property
    def unnamed_caller(self) -> str:
        """The name of a caller whom no token names: over stdio the operator's, over the network only one that was set."""
        named = self.transport == "stdio" or self.operator_name is not None
        return self.operator if named else NOT_IDENTIFIED


SETTINGS = declarations(Settings)
"""Every setting, in the order of the fields."""

CREDENTIALS = ("api_key", "api_hash")
"""The fields without which the live provider answers nothing."""

NETWORK = frozenset(setting.field for setting in SETTINGS if setting.network)
"""The fields that matter only if the server is reached over the network."""


def load_settings(
    environment: Mapping[str, str],
    flags: Mapping[str, str | None] | None = None,
    *,
    only: Collection[str] | None = None,
) -> Settings:
    """Return the settings of `environment`, with `flags` (by field name) winning over it.

    An empty value is an unset one. `only` names the fields to read if not all of them matter; the others keep
    their defaults, whatever their variables contain. In the sandbox sender and brand code have defaults. Raises
    :class:`SettingsError` with one sentence naming the variable (and the flag, if the value came from there) when a
    value cannot be used.
    """
    values: dict[str, Any] = {"language": system_language()}
    from_flags = {field: text for field, text in (flags or {}).items() if text is not None}
    for setting in SETTINGS:
        if only is not None and setting.field not in only:
            continue
        text = from_flags.get(setting.field, environment.get(setting.variable, ""))
        if not text.strip():
            continue
        try:
            values[setting.field] = setting.parse(text if setting.secret else text.strip())
        except SettingsError as error:
            source = setting.source(flag=setting.field in from_flags)
            raise SettingsError(
                Text("{source} {reason}.", "{source} {reason}.").format(source=source, reason=error.reason)
            ) from None
    if values.get("sandbox"):
        values.setdefault("sender", next(iter(values.get("allowed_senders", ())), SANDBOX_SENDER))
        values.setdefault("brand_code", SANDBOX_BRAND_CODE)
    return Settings(**values, flags=frozenset(from_flags))


def language_for(environment: Mapping[str, str], flags: Mapping[str, str | None] | None = None) -> Language:
    """Return the language to speak before the settings have been read, whatever is wrong with them."""
    try:
        return load_settings(environment, flags, only=("language",)).language
    except SettingsError:
        return system_language()


def secrets_in(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Return all secrets in `environment`, used or not: none of them may leave the process."""
    values = {
        setting.field: environment[setting.variable]
        for setting in SETTINGS
        if setting.secret and setting.variable in environment
    }
    return (*values.values(), *token_secrets(values.get("http_token", "")))
