"""The secret keys beside the ledger: earlier sends are recognised by them, and cannot be read without them."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from .files import make_folder, publish, tighten
from .unavailable import KEY_MISSING, KEY_WRONG, LedgerUnavailableError

FILE = "ledger.key"
KEY_BYTES = 32
_HEADER = "iletimerkezi-mcp ledger key 1"


@dataclass(frozen=True, slots=True)
class Keys:
    """Two independent keys of 32 bytes: one for digests, one that seals the state of a question to a person."""

    digest_key: bytes = field(repr=False)
    request_state_key: bytes = field(repr=False)

    def digest(self, *parts: bytes) -> bytes:
        """Return 32 bytes (HMAC-SHA256) that identify exactly these parts in this order.

        The first part is a label of what is digested. Labels keep their old words ("deed", "same"): under another label no
        entry of an existing ledger would be recognised.
        """
        framed = b"".join(len(part).to_bytes(8, "big") + part for part in parts)
        return hmac.digest(self.digest_key, framed, "sha256")

    def recipients_key(self, skeleton_digest: bytes) -> bytes:
        """Return the key of the digests of recipients of a text."""
        return self.digest(b"recipients", skeleton_digest)

    @property
    def fingerprint(self) -> bytes:
        """The digest by which a ledger recognises its keys."""
        return self.digest(b"fingerprint", self.request_state_key)


def new_keys() -> Keys:
    """Return new random keys."""
    return Keys(secrets.token_bytes(KEY_BYTES), secrets.token_bytes(KEY_BYTES))


def load_keys(path: Path, ledger: Path) -> Keys:
    """Return the keys in the file `path`; create them, once, if neither they nor `ledger` exist yet.

    The key file is for its owner alone (0600) and is made so again if it is not. It is never replaced: under other
    keys no earlier send would be recognised. Raises :class:`LedgerUnavailableError` if it is damaged, or missing
    beside an existing `ledger`; raises OSError.
    """
    # Checked before the key, which is created first: a ledger seen here had its key already.
    ledger_exists = ledger.exists()
    if not path.exists():
        if ledger_exists:
            raise LedgerUnavailableError(KEY_MISSING.format(file=str(path), place=str(ledger.parent)))
        make_folder(path.parent)
        publish(path, lambda draft: _write(draft, new_keys()))
    tighten(path)
    return _read(path, ledger)


def look_at_keys(path: Path, ledger: Path) -> Keys:
    """Return the keys in `path` without creating or changing anything. Raises as :func:`load_keys` does."""
    if not path.exists():
        raise LedgerUnavailableError(KEY_MISSING.format(file=str(path), place=str(ledger.parent)))
    return _read(path, ledger)


def _read(path: Path, ledger: Path) -> Keys:
    keys = _parse(path.read_bytes())
    if keys is None:
        raise LedgerUnavailableError(KEY_WRONG.format(file=str(path), place=str(ledger.parent)))
    return keys


def _write(path: Path, keys: Keys) -> None:
    with path.open("wb") as file:
        file.write(_format(keys))
        file.flush()
        os.fsync(file.fileno())


def _format(keys: Keys) -> bytes:
    body = f"{_HEADER}\n{keys.digest_key.hex()}\n{keys.request_state_key.hex()}\n"
    return f"{body}{hashlib.sha256(body.encode('ascii')).hexdigest()}\n".encode("ascii")


def _parse(raw: bytes) -> Keys | None:
    """Return the keys in `raw`, or None unless it is to the byte what :func:`_format` returns."""
    lines = raw.split(b"\n")
    try:
        keys = Keys(bytes.fromhex(lines[1].decode("ascii")), bytes.fromhex(lines[2].decode("ascii")))
    except (IndexError, ValueError):
        return None
    complete = len(keys.digest_key) == len(keys.request_state_key) == KEY_BYTES and hmac.compare_digest(
        _format(keys), raw
    )
    return keys if complete else None
