"""How a setting that is an address is read: origins, hosts, ports, paths of URLs."""

from __future__ import annotations

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

from iletimerkezi_mcp.language import Text

from .lists import listed
from .model import DEFAULT_API_URL, LARGEST_PORT, SettingsError

_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


def is_loopback(host: str) -> bool:
    """Whether `host` can only be this machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def origin(value: str) -> str:
    """An origin that the key may travel to: HTTPS, or this machine."""
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
    if not is_host(host):
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


def is_host(host: str) -> bool:
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


def host(value: str) -> str:
    """A name or an IP address to listen at."""
    host = value.lower()
    if not is_host(host):
        raise SettingsError(
            Text(
                "must be an IP address or a host name, without a port",
                "bir IP adresi ya da sunucu adı olmalı, port olmadan",
            )
        )
    return host


def port(value: str) -> int:
    """A port, 0 for a free one."""
    if not re.fullmatch(r"[0-9]{1,5}", value) or int(value) > LARGEST_PORT:
        raise SettingsError(
            Text(
                f"must be a whole number from 0 to {LARGEST_PORT}", f"0 ile {LARGEST_PORT} arasında bir tam sayı olmalı"
            )
        )
    return int(value)


def http_path(value: str) -> str:
    """A path of URLs below the origin."""
    if not re.fullmatch(r"(/[A-Za-z0-9._~-]+)+", value) or value == "/healthz":
        raise SettingsError(
            Text("must be a path such as /mcp, other than /healthz", "/mcp gibi bir yol olmalı, /healthz dışında")
        )
    return value


def allowed_hosts(value: str) -> tuple[str, ...]:
    """Values of the Host header, with a port or for any."""
    names = tuple(name.lower() for name in listed(value))
    for name in names:
        found = re.fullmatch(r"(?:\[(?P<six>[^\]]+)\]|(?P<host>[^:\[\]]+))(?::(?P<port>[0-9]{1,5}))?", name)
        if found is None or not is_host(found["six"] or found["host"]) or (found["six"] and ":" not in found["six"]):
            raise SettingsError(
                Text(
                    f"has {name}, which is no host as a request names it, such as im.example.com or im.example.com:8443",
                    f"{name} içeriyor; im.example.com ya da im.example.com:8443 gibi bir sunucu adı olmalı",
                )
            )
    return names


def allowed_origins(value: str) -> tuple[str, ...]:
    """Values of the Origin header."""
    origins = listed(value)
    for origin in origins:
        if not re.fullmatch(r"[a-z][a-z0-9+.-]*://[^\s/*?#@]+", origin):
            raise SettingsError(
                Text(
                    f"has {origin}, which is no origin; write it like https://app.example.com, without a path",
                    f"{origin} içeriyor; https://app.example.com gibi, yol olmadan yazın",
                )
            )
    return origins
