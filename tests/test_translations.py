"""A Turkish document holds what the English one does: the same parts, code, tables, links and names."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAIRS = {
    name: tuple((ROOT / f"{name}{ending}").read_text(encoding="utf-8") for ending in (".md", ".tr.md"))
    for name in (
        "README",
        "docs/command-line",
        "docs/comparison",
        "docs/iys",
        "docs/law",
        "docs/privacy",
        "docs/remote",
        "docs/safety",
        "docs/sandbox",
        "docs/settings",
        "docs/tools/README",
        "docs/troubleshooting",
    )
}

ENGLISH_ONLY = {"evidence.md", "faults.md", "glossary.md"}
"""The pages for those who run or change the server."""

ONLY_TURKISH = {"açılmamış bir yer tutucu", "refused (kod 401)"}
"""The server's words in Turkish, beside the English ones."""


@pytest.fixture(params=PAIRS)
def pair(request: pytest.FixtureRequest) -> tuple[str, str]:
    english, turkish = PAIRS[request.param]
    return english, turkish


def _prose(text: str) -> str:
    return re.sub(r"```.*?```", "", text, flags=re.DOTALL)


def _outline(text: str) -> list[int]:
    return [len(hashes) for hashes in re.findall(r"^(#+) ", _prose(text), re.MULTILINE)]


def _links(text: str) -> Counter[str]:
    """Count the links, each as if it led to the English document."""
    return Counter(link.replace(".tr.", ".").partition("#")[0] for link in re.findall(r"\]\(([^)]+)\)", text))


def _names(text: str) -> Counter[str]:
    """Count what is in code marks, once for each paragraph or row that names it."""
    names = (name.replace(".tr.", ".") for name in re.findall(r"`([^`]+)`", _prose(text)))
    return Counter(name for name in names if name not in ONLY_TURKISH)


def test_the_headings_have_the_same_levels_in_the_same_order(pair: tuple[str, str]) -> None:
    english, turkish = pair
    assert _outline(turkish) == _outline(english)


def test_every_block_of_code_is_the_same(pair: tuple[str, str]) -> None:
    english, turkish = (re.findall(r"```.*?```", text, re.DOTALL) for text in pair)
    assert turkish == english


def test_each_part_holds_the_same(pair: tuple[str, str]) -> None:
    parts = [re.split(r"^## .*$", text, flags=re.MULTILINE) for text in pair]
    for english, turkish in zip(*parts, strict=True):
        for pattern in (r"^\|", r"^(?:- |\d+\. )", r"^<!-- .* -->$"):
            counts = [len(re.findall(pattern, text, re.MULTILINE)) for text in (english, turkish)]
            assert counts[0] == counts[1], pattern
        assert _links(turkish) == _links(english)
        assert _names(turkish) == _names(english)


def test_every_page_is_there_in_turkish() -> None:
    pages = {path for path in (ROOT / "docs").rglob("*.md") if not path.name.endswith(".tr.md")}
    english = {path.name for path in pages if not path.with_name(path.name.replace(".md", ".tr.md")).exists()}
    assert english <= ENGLISH_ONLY


@pytest.mark.parametrize("document", sorted((ROOT / "docs").rglob("*.tr.md")), ids=lambda path: path.name)
def test_a_turkish_page_and_its_english_one_lead_to_each_other(document: Path) -> None:
    english = document.with_name(document.name.replace(".tr.md", ".md"))
    assert f"({english.name})" in document.read_text(encoding="utf-8")
    assert f"({document.name})" in english.read_text(encoding="utf-8")


def test_turkish_documents_lead_to_turkish_ones() -> None:
    """A reader of Turkish is not led to English if the page is there in Turkish."""
    wrong = []
    for document in (ROOT / "README.tr.md", *(ROOT / "docs").rglob("*.tr.md")):
        own = document.name.replace(".tr.md", ".md")
        for link in re.findall(r"\]\(([^)#]+\.md)[^)]*\)", document.read_text(encoding="utf-8")):
            target = document.parent / link
            if Path(link).name != own and target.with_name(target.name.replace(".md", ".tr.md")).exists():
                wrong.append(f"{document.relative_to(ROOT)}: {link}")
    assert wrong == []
