"""A key and a hash whose parts are recognised in whatever leaves the process."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from urllib.parse import quote

KEY = "k0wqz7vhu4xgn2yti9rjm6lso8p1kvw3"


HASH = "hzx5tqy2wru7ivk9gnj4pms1olq8xvz6tyh3krw0uin5gjs7pmo2lqx4vzt9yhk1"


SECRETS = {"ILETIMERKEZI_API_KEY": KEY, "ILETIMERKEZI_API_HASH": HASH}


SHOWN = 8
"""So many characters of a secret in a row give it away; a preview shows the key's last four."""


def spellings(secret: str) -> Iterator[str]:
    """Return every way in which `secret` or a telling part of it may be written."""
    escaped = (secret, json.dumps(secret)[1:-1], json.dumps(json.dumps(secret))[3:-3], quote(secret, safe=""))
    for spelt in {*escaped, secret.encode().hex(), secret[::-1]}:
        yield from (spelt[start : start + SHOWN] for start in range(len(spelt) - SHOWN + 1))
    for shift in range(3):
        encoded = base64.b64encode(b"x" * shift + secret.encode()).decode()[4:-4]
        yield from (encoded[start : start + SHOWN] for start in range(len(encoded) - SHOWN + 1))


CANARIES = frozenset(part for secret in (KEY, HASH) for part in spellings(secret))


def secrets_in(said: bytes | str) -> list[str]:
    """Return the parts of the secrets that `said` holds."""
    text = said if isinstance(said, str) else said.decode("utf-8", "replace")
    return sorted(part for part in CANARIES if part in text)
