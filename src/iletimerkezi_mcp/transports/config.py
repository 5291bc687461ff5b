"""What is served over the network, where, and to whom: the operator's settings, checked as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mcp.server.transport_security import TransportSecuritySettings

from iletimerkezi_mcp.language import Language, Text
from iletimerkezi_mcp.server.transport_info import TransportInfo
from iletimerkezi_mcp.settings import Settings, SettingsError, is_loopback

from .tokens import Tokens, parse_tokens

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
"""The names of this machine in a Host header."""


@dataclass(frozen=True, slots=True)
class Service:
    """One network transport at one address. `tokens` None means that nobody is asked for one.

    `language` is that of what is answered before anything of the protocol is read.
    """

    transport: Literal["sse", "streamable-http"]
    host: str
    port: int
    path: str
    tokens: Tokens | None
    security: TransportSecuritySettings
    stateless: bool = False
    language: Language = "en"

    @classmethod
    def of(cls, settings: Settings) -> Service:
        """The service that `settings` describe.

        Raises :class:`SettingsError` for what must not start: no token on a network, no token demanded beyond
        loopback, a host that others reach without the names it answers to, and what contradicts itself.
        """
        transport: Literal["sse", "streamable-http"] = "sse" if settings.transport == "sse" else "streamable-http"
        local = is_loopback(settings.http_host)
        if settings.no_auth and not local:
            raise SettingsError(
                Text(
                    f"--no-auth is for this machine alone, and --host is {settings.http_host}; others would send on your account.",
                    f"--no-auth yalnızca bu makine içindir, --host ise {settings.http_host}; başkaları hesabınızdan gönderim yapabilirdi.",
                )
            )
        if settings.no_auth and settings.http_token is not None:
            raise SettingsError(
                Text(
                    "--no-auth and ILETIMERKEZI_HTTP_TOKEN exclude each other; drop one of them.",
                    "--no-auth ile ILETIMERKEZI_HTTP_TOKEN birlikte kullanılamaz; birini kaldırın.",
                )
            )
        if settings.http_token is None and not settings.no_auth:
            raise SettingsError(
                Text(
                    f"{transport} needs ILETIMERKEZI_HTTP_TOKEN: whoever reaches the server could spend the account's "
                    "credits; iletimerkezi-mcp token makes one.",
                    f"{transport} için ILETIMERKEZI_HTTP_TOKEN gerekir: sunucuya ulaşan herkes hesabın kredisini "
                    "harcayabilirdi; iletimerkezi-mcp token bir tane üretir.",
                )
            )
        if not local and not settings.allow_hosts:
            raise SettingsError(
                Text(
                    f"--host {settings.http_host} is reachable by others and needs --allow-host with the name that they call it by.",
                    f"--host {settings.http_host} başkalarına açıktır; ona hangi adla ulaşılacağını --allow-host ile belirtin.",
                )
            )
        if settings.stateless and transport == "sse":
            raise SettingsError(
                Text(
                    "--stateless is for streamable-http; an SSE stream is its session.",
                    "--stateless yalnızca streamable-http içindir; SSE akışı oturumun kendisidir.",
                )
            )
        return cls(
            transport=transport,
            host=settings.http_host,
            port=settings.http_port,
            path=settings.http_path or ("/sse" if transport == "sse" else "/mcp"),
            tokens=None if settings.http_token is None else parse_tokens(settings.http_token.get_secret_value()),
            security=_security(settings, local=local),
            stateless=settings.stateless,
            language=settings.language,
        )

    @property
    def transport_info(self) -> TransportInfo:
        """What the server has to know of this."""
        return TransportInfo(self.transport, self.stateless)

    def listening(self, address: str) -> Text:
        """Where the server answers, and to whose tokens."""
        names = "" if self.tokens is None else ", ".join(self.tokens.names)
        whose = Text(f" to the tokens {names}", f", token'lar: {names}") if names else Text("", "")
        return (
            Text(
                f"MCP is served over {self.transport} at {address}",
                f"MCP, {self.transport} ile {address} adresinde sunuluyor",
            )
            + whose
            + "."
        )

    def notices(self) -> list[Text]:
        """What the operator should know at the start besides the address."""
        said = []
        if self.transport == "sse":
            said.append(
                Text(
                    "The protocol has deprecated SSE; use --transport streamable-http where the host can.",
                    "Protokol SSE'yi kullanımdan kaldırdı; istemci destekliyorsa --transport streamable-http kullanın.",
                )
            )
        if self.stateless:
            said.append(
                Text(
                    "Stateless: a host of before 2026-07-28 cannot be asked for a person's yes and hears of no changes; "
                    "it gets codes, or nothing with --confirm-mode human.",
                    "Durumsuz: 2026-07-28 öncesi istemcilerde kullanıcıya onay sorulamaz ve değişiklik bildirilmez; "
                    "onlara onay kodu verilir, --confirm-mode human ile ise hiçbir şey yapılmaz.",
                )
            )
        if self.tokens is None:
            said.append(
                Text(
                    "No token is demanded: every program on this machine can use the account.",
                    "Belirteç istenmiyor: bu makinedeki her program hesabı kullanabilir.",
                )
            )
        return said


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
