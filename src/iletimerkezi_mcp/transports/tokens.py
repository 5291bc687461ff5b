"""Bearer tokens: access to the server over the network."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.settings import SettingsError

MIN_SECRET = 32
"""Characters of a secret."""

_NAME = re.compile(r"[A-Za-z0-9._-]{1,40}")
# What may follow "Bearer" (RFC 6750, section 2.1).
_SECRET = re.compile(r"[A-Za-z0-9._~+/-]+=*")
_BEARER = re.compile(r"(?i:bearer) +([A-Za-z0-9._~+/-]+=*) *")

_BAD_NAME = Text(
    "ILETIMERKEZI_HTTP_TOKEN: token {place} needs a name of at most 40 letters, digits, dots, hyphens and underscores "
    "before its colon.",
    "ILETIMERKEZI_HTTP_TOKEN: {place}. token'da iki noktadan önce harf, rakam, nokta, tire ve alt çizgiden oluşan en çok "
    "40 karakterlik bir ad olmalı.",
)
_BAD_SECRET = Text(
    "ILETIMERKEZI_HTTP_TOKEN: token {place} needs a secret of at least {minimum} letters, digits and any of . _ ~ + / - "
    "(iletimerkezi-mcp token makes one).",
    "ILETIMERKEZI_HTTP_TOKEN: {place}. token'ın gizli değeri en az {minimum} karakter olmalı; harf, rakam ve . _ ~ + / - "
    "kullanılabilir (iletimerkezi-mcp token bir tane üretir).",
)
_REPEATED = Text(
    "ILETIMERKEZI_HTTP_TOKEN: token {place} has the name or the secret of an earlier one.",
    "ILETIMERKEZI_HTTP_TOKEN: {place}. token öncekilerden biriyle aynı adı ya da gizli değeri taşıyor.",
)


@dataclass(frozen=True, slots=True)
class _Token:
    name: str
    digest: bytes


class Tokens:
    """The accepted tokens, of which only the digests are kept."""

    def __init__(self, tokens: tuple[_Token, ...]) -> None:
        self._tokens = tokens

    @property
    def names(self) -> tuple[str, ...]:
        """The tokens' names, in their order."""
        return tuple(token.name for token in self._tokens)

    def principal(self, authorization: str) -> str | None:
        """Return the name of the token in an ``Authorization`` header, or None if it is not one of these.

        The time it takes does not depend on which token it is.
        """
        match = _BEARER.fullmatch(authorization)
        digest = secret_digest(match[1] if match else "")
        name = None
        for token in self._tokens:
            if hmac.compare_digest(token.digest, digest):
                name = token.name
        return name


def parse_tokens(value: str) -> Tokens:
    """Return the tokens of ``ILETIMERKEZI_HTTP_TOKEN``: comma-separated, each ``name:secret`` or a bare secret.

    A secret has at least :data:`MIN_SECRET` characters of those that a header can carry. The bare one at place 2 is
    called token-2. Raises :class:`SettingsError`, whose words hold no part of a secret.
    """
    tokens: list[_Token] = []
    for place, part in enumerate((part.strip() for part in value.split(",")), start=1):
        name, colon, secret = part.partition(":")
        if not colon:
            name, secret = f"token-{place}", part
        if not _NAME.fullmatch(name):
            raise SettingsError(_BAD_NAME.format(place=place))
        if len(secret) < MIN_SECRET or not _SECRET.fullmatch(secret):
            raise SettingsError(_BAD_SECRET.format(place=place, minimum=MIN_SECRET))
        digest = secret_digest(secret)
        if any(name == other.name or digest == other.digest for other in tokens):
            raise SettingsError(_REPEATED.format(place=place))
        tokens.append(_Token(name, digest))
    return Tokens(tuple(tokens))


def fresh_token() -> str:
    """Return a new secret: 43 characters, 256 random bits."""
    return secrets.token_urlsafe(32)


def secret_digest(secret: str) -> bytes:
    """Return the digest of `secret`, to be compared in constant time."""
    return hashlib.sha256(secret.encode()).digest()
