"""The service over the network (transport, address, tokens): the settings for it, checked as a whole."""

from __future__ import annotations

from dataclasses import dataclass

from mcp.server.transport_security import TransportSecuritySettings

from iletimerkezi_mcp.language import Language, Text
from iletimerkezi_mcp.redaction import Redactor
from iletimerkezi_mcp.settings import Settings, SettingsError, TransportName, is_loopback

from .delivery import PREFIX
from .tokens import Tokens, parse_tokens, secret_digest

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
"""The names of this machine in a Host header."""

_NO_AUTH_ON_A_NETWORK = Text(
    "{no_auth} can only be used on loopback, and {host} is {address}: others could send from your account.",
    "{no_auth} yalnızca loopback adresinde kullanılabilir, {host} ise {address}: başkaları hesabınızdan gönderim "
    "yapabilir.",
)
_NO_AUTH_WITH_TOKEN = Text(
    "{no_auth} and ILETIMERKEZI_HTTP_TOKEN cannot be used together; remove one.",
    "{no_auth} ile ILETIMERKEZI_HTTP_TOKEN birlikte kullanılamaz; birini kaldırın.",
)
_NO_TOKEN = Text(
    "ILETIMERKEZI_HTTP_TOKEN is required for {transport}: without it, every client that reaches the server could spend "
    "the account's credits. The command iletimerkezi-mcp token creates one.",
    "{transport} için ILETIMERKEZI_HTTP_TOKEN zorunlu: o olmadan sunucuya ulaşan herkes hesabın kredisini harcayabilir. "
    "iletimerkezi-mcp token komutu bir tane üretir.",
)
_NO_NAME = Text(
    "--allow-host (ILETIMERKEZI_ALLOW_HOST) is required if {host} is {address}: the name by which others reach the server.",
    "{host} {address} ise --allow-host (ILETIMERKEZI_ALLOW_HOST) zorunlu: başkalarının sunucuya ulaştığı ad.",
)
_STATELESS_SSE = Text(
    "{stateless} cannot be used if {transport} is sse, because an SSE stream is a session; remove one.",
    "{transport} sse iken {stateless} kullanılamaz, çünkü SSE akışı oturumun kendisidir; birini kaldırın.",
)
_SECRET_IS_A_TOKEN = Text(
    "ILETIMERKEZI_DELIVERY_SECRET must not be the secret of a token: whoever may push reports could use the account.",
    "ILETIMERKEZI_DELIVERY_SECRET bir token'ın gizli değeri olamaz: bildirim gönderebilen, hesabı da kullanabilirdi.",
)
_PATH_TAKEN = Text(
    "{path} must not be below /delivery if ILETIMERKEZI_DELIVERY_SECRET is set: pushed reports are taken there.",
    "ILETIMERKEZI_DELIVERY_SECRET verilmişse {path} /delivery altında olamaz: iletim bildirimleri orada alınıyor.",
)
_READY = Text(
    "MCP is served over {transport} at {address}.",
    "MCP, {transport} ile {address} adresinde sunuluyor.",
)
_READY_FOR_TOKENS = Text(
    "MCP is served over {transport} at {address} to the tokens {names}.",
    "MCP, {transport} ile {address} adresinde sunuluyor; kabul edilen token'lar: {names}.",
)
_SSE_DEPRECATED = Text(
    "The protocol has deprecated SSE; use --transport streamable-http if the host supports it.",
    "Protokol SSE'yi kullanımdan kaldırdı; istemci destekliyorsa --transport streamable-http kullanın.",
)
_STATELESS = Text(
    "Stateless: hosts older than 2026-07-28 cannot ask their user to confirm and are not notified of changes. They get "
    "codes; with --confirm-mode human they cannot change anything.",
    "Durumsuz: 2026-07-28 öncesi istemcilerde kullanıcıya onay sorulamaz ve değişiklik bildirilmez; "
    "onlara onay kodu verilir, --confirm-mode human ile ise hiçbir şey yapılmaz.",
)
_TAKES_REPORTS = Text(
    "Pushed reports are taken at {origin}/delivery/ and the value of ILETIMERKEZI_DELIVERY_SECRET.",
    "İletim bildirimleri {origin}/delivery/ ve ardından ILETIMERKEZI_DELIVERY_SECRET değeriyle alınıyor.",
)
_OPEN_TO_ALL = Text(
    "No token is required: every program on this machine can use the account.",
    "Token istenmiyor: bu makinedeki her program hesabı kullanabilir.",
)


@dataclass(frozen=True, slots=True)
class NetworkService:
    """One network transport at one address. If `tokens` is None, no token is required.

    `delivery` is the digest of the secret in the path of pushed reports, None if there is no such path.
    `language` is the language of answers from outside the MCP server: while it stops, or has too many requests.
    """

    transport: TransportName
    address: str
    port: int
    path: str
    tokens: Tokens | None
    security: TransportSecuritySettings
    redactor: Redactor
    delivery: bytes | None = None
    stateless: bool = False
    language: Language = "en"

    @classmethod
    def of(cls, settings: Settings) -> NetworkService:
        """Return the service that `settings` describe.

        Raises :class:`SettingsError` for settings that are unsafe or contradict each other: neither a token nor
        ``--no-auth``, ``--no-auth`` beyond loopback, and an address beyond loopback without the names of its host.
        """
        transport = settings.transport
        local = is_loopback(settings.http_host)
        source = settings.source
        if settings.no_auth and not local:
            raise SettingsError(
                _NO_AUTH_ON_A_NETWORK.format(
                    no_auth=source("no_auth"), host=source("http_host"), address=settings.http_host
                )
            )
        if settings.no_auth and settings.http_token is not None:
            raise SettingsError(_NO_AUTH_WITH_TOKEN.format(no_auth=source("no_auth")))
        if settings.http_token is None and not settings.no_auth:
            raise SettingsError(_NO_TOKEN.format(transport=transport))
        if not local and not settings.allow_hosts:
            raise SettingsError(_NO_NAME.format(host=source("http_host"), address=settings.http_host))
        if settings.stateless and transport == "sse":
            raise SettingsError(_STATELESS_SSE.format(stateless=source("stateless"), transport=source("transport")))
        tokens = None if settings.http_token is None else parse_tokens(settings.http_token.get_secret_value())
        path = settings.http_path or ("/sse" if transport == "sse" else "/mcp")
        return cls(
            transport=transport,
            address=settings.http_host,
            port=settings.http_port,
            path=path,
            tokens=tokens,
            security=_security(settings, local=local),
            redactor=Redactor(settings.secrets, mask_numbers=settings.mask_numbers),
            delivery=_delivery(settings, path, tokens),
            stateless=settings.stateless,
            language=settings.language,
        )

    def announcement(self, url: str) -> Text:
        """Return the sentence that names the server's address and the names of its tokens."""
        if self.tokens is None:
            return _READY.format(transport=self.transport, address=url)
        return _READY_FOR_TOKENS.format(transport=self.transport, address=url, names=", ".join(self.tokens.names))

    def delivery_announcement(self, url: str) -> list[Text]:
        """Return the sentence that names the address of pushed reports, if they are taken; the secret is not in it."""
        return [] if self.delivery is None else [_TAKES_REPORTS.format(origin=url.removesuffix(self.path))]

    def notices(self) -> list[Text]:
        """Return the other things that the operator should know at the start."""
        return [
            *([_SSE_DEPRECATED] if self.transport == "sse" else []),
            *([_STATELESS] if self.stateless else []),
            *([_OPEN_TO_ALL] if self.tokens is None else []),
        ]


def _delivery(settings: Settings, path: str, tokens: Tokens | None) -> bytes | None:
    """Return the digest of the secret in the path of pushed reports, None if it is not set."""
    if settings.delivery_secret is None:
        return None
    secret = settings.delivery_secret.get_secret_value()
    if tokens is not None and tokens.principal(f"Bearer {secret}") is not None:
        raise SettingsError(_SECRET_IS_A_TOKEN)
    if f"{path}/".startswith(PREFIX):
        raise SettingsError(_PATH_TAKEN.format(path=settings.source("http_path")))
    return secret_digest(secret)


def _security(settings: Settings, *, local: bool) -> TransportSecuritySettings:
    hosts, origins = [], list(settings.allow_origins)
    if local:
        hosts += [form for name in LOOPBACK for form in (name, f"{name}:*")]
        origins += [form for name in LOOPBACK for form in (f"http://{name}", f"http://{name}:*")]
    for name in settings.allow_hosts:
        hosts += (
            [name]
            if name.removesuffix("]").rpartition(":")[2].isdecimal() and not name.endswith("]")
            else [name, f"{name}:*"]
        )
    return TransportSecuritySettings(enable_dns_rebinding_protection=True, allowed_hosts=hosts, allowed_origins=origins)
