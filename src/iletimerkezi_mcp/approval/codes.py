"""Confirmation codes: short-lived, single-use, each good for exactly one deed."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from iletimerkezi_mcp.sms.times import Clock

CODE_LIFE = timedelta(minutes=10)
"""How long a code is good for."""

CODE_LENGTH = 12
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""32 characters that cannot be taken for one another: 12 of them are 60 random bits."""


class Verdict(Enum):
    """What a presented code turned out to be."""

    GOOD = "good"
    UNKNOWN = "unknown"
    EXPIRED = "expired"
    OTHER_DEED = "other deed"
    USED = "used"


@dataclass(slots=True)
class _Issued:
    deed: bytes
    expires: datetime
    used: bool = False


class Codes:
    """The codes handed out by this process. A code is kept as its hash only."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._issued: dict[bytes, _Issued] = {}

    def issue(self, deed: bytes) -> str:
        """A new code for the deed with this digest; earlier codes for it stay good."""
        now = self._clock()
        self._issued = {key: issued for key, issued in self._issued.items() if issued.expires > now}
        code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
        self._issued[_hash(code)] = _Issued(deed, now + CODE_LIFE)
        return code

    def spend(self, code: str, deed: bytes) -> Verdict:
        """Use `code` for the deed with this digest. Only :attr:`Verdict.GOOD` spends it."""
        issued = self._issued.get(_hash(code.strip().upper()))
        if issued is None:
            return Verdict.UNKNOWN
        if issued.deed != deed:
            return Verdict.OTHER_DEED
        if issued.used:
            return Verdict.USED
        if issued.expires <= self._clock():
            return Verdict.EXPIRED
        issued.used = True
        return Verdict.GOOD


def _hash(code: str) -> bytes:
    return hashlib.sha256(code.encode("utf-8", "surrogatepass")).digest()
