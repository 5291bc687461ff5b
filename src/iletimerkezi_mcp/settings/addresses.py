"""The parsers of the settings that are addresses: origins, hostnames, ports and paths of URLs."""

from __future__ import annotations

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

from iletimerkezi_mcp.language import Text

from .parsers import SettingsError, comma_separated

DEFAULT_API_URL = "https://api.iletimerkezi.com"
"""The provider's origin (contract, section 1)."""

LARGEST_PORT = 65_535

_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_HOST_HEADER = re.compile(r"(?:\[(?P<six>[^\]]+)\]|(?P<name>[^:\[\]]+))(?::(?P<port>[0-9]{1,5}))?")


def is_loopback(hostname: str) -> bool:
    """Return True if `hostname` can only be this machine."""
    if hostname == "localhost":
        return True
    try:
        return ip_address(hostname).is_loopback
    except ValueError:
        return False


def origin(value: str) -> str:
    """Read an origin that the key may travel to: HTTPS, or this machine."""
    malformed = Text(f"must be an address such as {DEFAULT_API_URL}", f"{DEFAULT_API_URL} gibi bir adres olmalı")
    try:
        parts = urlsplit(value)
        hostname, port = parts.hostname, parts.port
    except ValueError:
        raise SettingsError(malformed) from None
    if parts.scheme not in ("https", "http") or not hostname:
        raise SettingsError(malformed)
    if "@" in parts.netloc:
        raise SettingsError(
            Text(
                "must not contain a user name and password; the key goes into ILETIMERKEZI_API_KEY only",
                "kullanıcı adı ve parola içermemeli; anahtar yalnızca ILETIMERKEZI_API_KEY ayarına yazılır",
            )
        )
    if not _is_hostname(hostname):
        raise SettingsError(
            Text(
                "must contain a hostname in ASCII letters, digits, dots and hyphens, or an IP address",
                "yalnızca ASCII harf, rakam, nokta ve tireden oluşan bir sunucu adı ya da bir IP adresi içermeli",
            )
        )
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise SettingsError(
            Text(
                "must be an origin without a path; the server adds /v1/… itself",
                "yol içermeyen bir adres olmalı; /v1/… kısmını sunucu ekler",
            )
        )
    if parts.scheme == "http" and not is_loopback(hostname):
        raise SettingsError(
            Text(
                "must begin with https://, because every request carries the key; http is for loopback only",
                "https:// ile başlamalı, çünkü anahtar her istekte gider; http yalnızca bu makine (loopback) içindir",
            )
        )
    authority = f"[{hostname}]" if ":" in hostname else hostname
    return f"{parts.scheme}://{authority}" + (f":{port}" if port is not None else "")


def hostname(value: str) -> str:
    """Read a name or an IP address to listen at."""
    name = value.lower()
    if not _is_hostname(name):
        raise SettingsError(
            Text(
                "must be an IP address or a hostname, without a port",
                "bir IP adresi ya da sunucu adı olmalı, port olmadan",
            )
        )
    return name


def port(value: str) -> int:
    """Read a port, 0 for a free one."""
    if not re.fullmatch(r"[0-9]{1,5}", value) or int(value) > LARGEST_PORT:
        must_be = Text("must be a whole number from 0 to {maximum}", "0 ile {maximum} arasında bir tam sayı olmalı")
        raise SettingsError(must_be.format(maximum=str(LARGEST_PORT)))
    return int(value)


def http_path(value: str) -> str:
    """Read a path of URLs below the origin."""
    if not re.fullmatch(r"(/[A-Za-z0-9._~-]+)+", value) or value == "/healthz":
        raise SettingsError(
            Text("must be a path such as /mcp, other than /healthz", "/mcp gibi bir yol olmalı, /healthz dışında")
        )
    return value


def allowed_hosts(value: str) -> tuple[str, ...]:
    """Read values of the Host header, each with a port, or without one for any port."""
    names = comma_separated(value.lower())
    for name in names:
        match = _HOST_HEADER.fullmatch(name)
        if (
            match is None
            or not _is_hostname(match["six"] or match["name"])
            or (match["six"] and ":" not in match["six"])
        ):
            not_a_hostname = Text(
                "contains {name}, which is not the Host of a request, such as im.example.com or im.example.com:8443",
                "{name} içeriyor; im.example.com ya da im.example.com:8443 gibi bir sunucu adı olmalı",
            )
            raise SettingsError(not_a_hostname.format(name=name))
    return names


def allowed_origins(value: str) -> tuple[str, ...]:
    """Read values of the Origin header."""
    origins = comma_separated(value)
    for origin in origins:
        if not re.fullmatch(r"[a-z][a-z0-9+.-]*://[^\s/*?#@]+", origin):
            not_an_origin = Text(
                "contains {origin}, which is not an origin; write it like https://app.example.com, without a path",
                "{origin} içeriyor; https://app.example.com gibi, yol olmadan yazın",
            )
            raise SettingsError(not_an_origin.format(origin=origin))
    return origins


def _is_hostname(name: str) -> bool:
    """Return True if `name`, in lower case, is an IP address or a name that a request can be made to (RFC 1123)."""
    labels = name.removesuffix(".").split(".")
    try:
        if ":" in name or labels[-1].isdecimal():
            ip_address(name)
            return "%" not in name
        # A label that begins with xn-- must decode to something.
        name.encode("ascii").decode("idna")
    except ValueError:
        return False
    return len(name) <= 253 and all(_LABEL.fullmatch(label) for label in labels)
