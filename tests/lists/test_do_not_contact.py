"""The do-not-contact file: read whole or not at all, and again when it has changed."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from iletimerkezi_mcp.lists.do_not_contact import DoNotContact
from iletimerkezi_mcp.lists.error import ListError
from tests.lists.files import AYSE, BORA


def _numbers(path: Path | None) -> frozenset[str]:
    return asyncio.run(DoNotContact(path).numbers())


@pytest.mark.parametrize(
    ("content", "numbers"),
    [
        ("0532 123 45 67\n+905331234567\n", {AYSE, BORA}),
        ("Ad;Telefon\nAyşe;05321234567\n", {AYSE}),
        ("+491701234567\n", {"+491701234567"}),
        ("Telefon\n", set()),
        ("", set()),
    ],
)
def test_it_is_numbers_line_by_line_or_any_list(tmp_path: Path, content: str, numbers: set[str]) -> None:
    (tmp_path / "ret.csv").write_text(content, encoding="utf-8")
    assert _numbers(tmp_path / "ret.csv") == numbers


def test_without_a_file_there_are_none() -> None:
    assert _numbers(None) == frozenset()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "cannot be read: No such file"),
        ("Ayşe\n", "cannot be read: The list has no column"),
        ("0532 123 45 67\n0532 12\n", "row 2 "),
    ],
)
def test_one_that_cannot_be_read_whole_is_an_error(tmp_path: Path, content: str | None, reason: str) -> None:
    path = tmp_path / "ret.csv"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(ListError, match=reason) as raised:
        _numbers(path)
    assert "ILETIMERKEZI_DO_NOT_CONTACT" in raised.value.reason.tr


def test_it_is_read_again_when_it_has_changed_and_only_then(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "ret.csv"
    path.write_text("05321234567\n", encoding="utf-8")

    async def play() -> None:
        file = DoNotContact(path)
        assert await file.numbers() == {AYSE}
        with monkeypatch.context() as patch:
            patch.setattr("iletimerkezi_mcp.lists.do_not_contact.read_list", None)
            assert await file.numbers() == {AYSE}
        path.write_text("05331234567\n", encoding="utf-8")
        os.utime(path, ns=(1, 1))
        assert await file.numbers() == {BORA}

    asyncio.run(play())
