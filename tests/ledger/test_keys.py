from __future__ import annotations

import hashlib
import hmac
import re
from pathlib import Path

import pytest

from iletimerkezi_mcp.ledger.keys import FILE, Keys, load_keys, look_at_keys, new_keys
from iletimerkezi_mcp.ledger.unavailable import LedgerUnavailableError

KEYS = Keys(bytes(range(32)), bytes(range(32, 64)))


def test_keys_are_made_once_and_found_again(tmp_path: Path) -> None:
    made = load_keys(tmp_path / FILE, tmp_path / "ledger")
    assert made == load_keys(tmp_path / FILE, tmp_path / "ledger")
    assert (len(made.digest_key), len(made.request_state_key)) == (32, 32)
    assert made.digest_key != made.request_state_key
    assert made != load_keys_elsewhere(tmp_path)


def load_keys_elsewhere(tmp_path: Path) -> Keys:
    other = tmp_path / "other"
    return load_keys(other / FILE, other / "ledger")


def test_the_key_file_is_for_its_owner_alone_and_made_so_again(tmp_path: Path) -> None:
    load_keys(tmp_path / FILE, tmp_path / "ledger")
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600
    (tmp_path / FILE).chmod(0o644)
    load_keys(tmp_path / FILE, tmp_path / "ledger")
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "damage",
    [
        lambda raw: b"",
        lambda raw: raw[:-1],
        lambda raw: raw[:100],
        lambda raw: raw + b"\n",
        lambda raw: raw.replace(b"key 1", b"key 2"),
        lambda raw: raw[:40] + (b"0" if raw[40:41] != b"0" else b"1") + raw[41:],
        lambda raw: re.sub(rb"\n[0-9a-f]", b"\n\xff", raw, count=1),
        lambda raw: raw.upper(),
        lambda raw: b"\n".join([raw.split(b"\n")[0], b"00", b"00", b"00", b""]),
    ],
)
def test_a_damaged_key_file_is_refused_and_left_as_it_is(tmp_path: Path, damage: object) -> None:
    assert callable(damage)
    load_keys(tmp_path / FILE, tmp_path / "ledger")
    damaged = damage((tmp_path / FILE).read_bytes())
    (tmp_path / FILE).write_bytes(damaged)
    with pytest.raises(LedgerUnavailableError, match="damaged or belongs to another ledger"):
        load_keys(tmp_path / FILE, tmp_path / "ledger")
    assert (tmp_path / FILE).read_bytes() == damaged


def test_a_ledger_without_its_key_gets_no_new_one(tmp_path: Path) -> None:
    (tmp_path / "ledger").touch()
    with pytest.raises(LedgerUnavailableError, match=r"ledger\.key is missing"):
        load_keys(tmp_path / FILE, tmp_path / "ledger")
    assert not (tmp_path / FILE).exists()


def test_keys_elsewhere_are_named_if_they_are_missing_or_damaged(tmp_path: Path) -> None:
    path, ledger = tmp_path / "keys" / "the.key", tmp_path / "state" / "ledger"
    made = load_keys(path, ledger)
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert look_at_keys(path, ledger) == made
    path.write_bytes(b"damaged")
    for look in (load_keys, look_at_keys):
        with pytest.raises(LedgerUnavailableError, match=str(path)):
            look(path, ledger)
    path.unlink()
    with pytest.raises(LedgerUnavailableError, match=f"{path} is missing.*{ledger.parent}"):
        look_at_keys(path, ledger)
    assert not path.exists()


def test_looking_at_keys_changes_no_mode(tmp_path: Path) -> None:
    load_keys(tmp_path / FILE, tmp_path / "ledger")
    (tmp_path / FILE).chmod(0o644)
    look_at_keys(tmp_path / FILE, tmp_path / "ledger")
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o644


def test_a_digest_is_an_hmac_of_its_parts_with_their_lengths() -> None:
    framed = (2).to_bytes(8, "big") + b"ab" + (1).to_bytes(8, "big") + b"c"
    assert KEYS.digest(b"ab", b"c") == hmac.new(KEYS.digest_key, framed, hashlib.sha256).digest()


def test_parts_cut_otherwise_have_another_digest() -> None:
    digests = [KEYS.digest(b"ab", b"c"), KEYS.digest(b"a", b"bc"), KEYS.digest(b"abc"), KEYS.digest(b"abc", b"")]
    assert len(set(digests)) == 4


def test_keys_do_not_show() -> None:
    assert repr(KEYS) == "Keys()"
    assert new_keys() != new_keys()


def test_the_fingerprint_tells_both_keys_apart() -> None:
    others = (Keys(KEYS.digest_key, KEYS.digest_key), Keys(KEYS.request_state_key, KEYS.request_state_key))
    assert KEYS.fingerprint not in {keys.fingerprint for keys in others}
