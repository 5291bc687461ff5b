from __future__ import annotations

import pytest

from iletimerkezi_mcp.sandbox.phones import read


@pytest.mark.parametrize("raw", ["+905330000099", "905330000099", "5330000099", "+90 533 000 00 99", "533 000 0099"])
def test_documented_spellings_are_one_number(raw: str) -> None:
    assert read(raw, abroad=False) == "+905330000099"


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "05330000099",
        "00905330000099",
        "905999999999",
        "+902121234567",
        "533000009",
        "53300000999",
        "٥٣٣٠٠٠٠٠٩٩",
        "+491721234567",
        "533-000-0099",
        "5330000099\n",
    ],
)
def test_what_no_list_documents_is_no_number(raw: str) -> None:
    assert read(raw, abroad=False) is None


def test_abroad_mode_lets_other_countries_in() -> None:
    assert read("+491721234567", abroad=True) == "+491721234567"
    assert read("491721234567", abroad=True) is None
    assert read("+905999999999", abroad=True) is None
