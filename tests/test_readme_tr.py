"""The Turkish README holds what the English one does: the same parts, code, tables, links and names."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ENGLISH, TURKISH = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.tr.md"))

OWN = {
    f"{name}{ending}"
    for name, endings in {
        "README": "md",
        "docs/demo": "svg",
        "docs/lists": "md",
        "docs/card": "png",
        "docs/unattended": "md",
        "docs/delivery": "md",
    }.items()
    for ending in (f".{endings}", f".tr.{endings}")
}
"""The links that each language has for itself."""

ONLY_TURKISH = {"açılmamış bir yer tutucu", "refused (kod 401)"}
"""The server's words in Turkish, beside the English ones."""


def _prose(text: str) -> str:
    return re.sub(r"```.*?```", "", text, flags=re.DOTALL)


def _outline(text: str) -> list[int]:
    return [len(hashes) for hashes in re.findall(r"^(#+) ", _prose(text), re.MULTILINE)]


def _parts(text: str) -> list[str]:
    return re.split(r"^## .*$", text, flags=re.MULTILINE)


def test_the_headings_have_the_same_levels_in_the_same_order() -> None:
    assert _outline(TURKISH) == _outline(ENGLISH)
    assert len(_outline(ENGLISH)) > 10


def test_every_block_of_code_is_the_same() -> None:
    blocks = [re.findall(r"```.*?```", text, re.DOTALL) for text in (ENGLISH, TURKISH)]
    assert blocks[0] == blocks[1]


@pytest.mark.parametrize("part", range(len(_parts(ENGLISH))))
def test_each_part_holds_the_same(part: int) -> None:
    english, turkish = _parts(ENGLISH)[part], _parts(TURKISH)[part]
    for pattern in (r"^\|", r"^(?:- |\d+\. )", r"^<!-- .* -->$"):
        assert len(re.findall(pattern, turkish, re.MULTILINE)) == len(re.findall(pattern, english, re.MULTILINE)), (
            pattern
        )
    assert _links(turkish) == _links(english)
    assert _names(turkish) == _names(english)


def _links(text: str) -> Counter[str]:
    return Counter(link for link in re.findall(r"\]\(([^)]+)\)", text) if link not in OWN)


def _names(text: str) -> Counter[str]:
    """Count what is in code marks, once for each paragraph or row that names it."""
    return Counter(name for name in re.findall(r"`([^`]+)`", _prose(text)) if name not in ONLY_TURKISH)


def test_each_leads_to_the_other_and_shows_its_own_picture() -> None:
    assert "(README.tr.md)" in ENGLISH
    assert "(README.md)" in TURKISH
    for name, kind in (("demo", "svg"), ("card", "png")):
        assert f"(docs/{name}.{kind})" in ENGLISH
        assert f"(docs/{name}.tr.{kind})" in TURKISH
