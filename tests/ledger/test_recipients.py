from __future__ import annotations

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given
from hypothesis import strategies as st

from iletimerkezi_mcp.ledger.recipients import digest_set, recipient_digests

KEY = bytes(range(32))
LONGEST = "+123456789012345"
_NUMBERS = st.lists(st.from_regex(r"\+[0-9]{1,15}", fullmatch=True), unique=True, max_size=20)


@given(_NUMBERS)
def test_each_number_has_a_digest_of_its_own_wherever_it_is_listed(numbers: list[str]) -> None:
    digests = recipient_digests(KEY, numbers)
    assert list(digests) == [recipient_digests(KEY, [number])[0] for number in numbers]
    assert len(set(digests)) == len(numbers)
    assert digest_set(digests.tobytes()) == set(digests)
    assert len(digests.tobytes()) == 8 * len(numbers)


def test_another_key_makes_other_digests() -> None:
    assert recipient_digests(KEY, [LONGEST]) != recipient_digests(bytes(32), [LONGEST])


def test_a_digest_is_the_first_half_of_a_block_and_cannot_be_decrypted() -> None:
    digest = recipient_digests(KEY, [LONGEST]).tobytes()
    encrypted = Cipher(algorithms.AES(KEY), modes.ECB()).encryptor().update(LONGEST.encode())
    assert digest == encrypted[:8]
    decrypted = Cipher(algorithms.AES(KEY), modes.ECB()).decryptor().update(digest * 2)
    assert LONGEST.encode() not in decrypted
