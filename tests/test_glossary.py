"""The words of the glossary are the ones that people read: in every bilingual text, and in both READMEs."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from iletimerkezi_mcp.settings import SETTINGS

ROOT = Path(__file__).parents[1]
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
ROWS = [line.strip("|").split("|") for line in GLOSSARY.splitlines() if line.startswith("| ")][1:]

LANGUAGES = ("en", "tr")


def _forbidden(column: int) -> re.Pattern[str]:
    """The words of a column as one expression. Hyphens and underscores belong to names, which are free."""
    words = [word for row in ROWS for word in re.findall(r"`([^`]+)`", row[column])]
    spelt = "|".join(re.escape(word).replace(r"\*", r"\w*").replace(r"\ ", r"\s+") for word in words)
    return re.compile(rf"(?<![\w-])(?:{spelt})(?![\w-])")


FORBIDDEN = {"en": _forbidden(3), "tr": _forbidden(4)}


def _literal(node: ast.expr) -> str:
    """The text of a literal, with ``{}`` for what is filled in or worked out."""
    if isinstance(node, ast.JoinedStr):
        return "".join(_literal(part) for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else "{}"


def _texts() -> Iterator[tuple[str, str, str]]:
    """Return the place of each bilingual text, and its words in both languages."""
    for folder in ("src", "publishing"):
        for file in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                    arguments = [_literal(argument) for argument in node.args]
                    place = f"{file.relative_to(ROOT)}:{node.lineno}"
                    if node.func.id in ("Text", "for_model") and len(arguments) == 2:
                        yield place, arguments[0], arguments[1]
                    elif node.func.id == "declare" and len(arguments) == 3:
                        yield place, arguments[1], arguments[2]
                    elif node.func.id == "plural" and len(arguments) == 4:
                        yield place, f"{arguments[1]} {arguments[2]}", arguments[3]


def _prose(file: str) -> str:
    """Return a document's own words: without code, addresses and HTML."""
    text = (ROOT / file).read_text(encoding="utf-8")
    return re.sub(r"```.*?```|`[^`]*`|\]\([^)]*\)|<!--.*?-->", " ", text, flags=re.DOTALL)


TEXTS = list(_texts())
TURKISH = (ROOT / "README.tr.md", *sorted((ROOT / "docs").rglob("*.tr.md")))


def test_the_table_is_whole() -> None:
    assert len(ROWS) > 30
    assert all(len(row) == 5 and row[0].strip() and row[1].strip() and row[2].strip() for row in ROWS)
    assert len(TEXTS) > 500
    assert len([place for place, *_ in TEXTS if "/settings/__init__.py" in place]) >= len(SETTINGS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_uses_a_word_that_the_glossary_replaces(language: str) -> None:
    places = [
        f"{place}: {match[0]}"
        for place, *both in TEXTS
        for match in FORBIDDEN[language].finditer(both[LANGUAGES.index(language)])
    ]
    assert places == []


def test_every_text_is_whole_in_both_languages() -> None:
    """A translator reads no sentence in pieces: no text is empty, begins or ends with a blank, or begins with a comma."""
    fragments = [
        place for place, *both in TEXTS for text in both if not text or text != text.strip(" ") or text[0] in ",.;:"
    ]
    assert fragments == []


@pytest.mark.parametrize(
    ("language", "file"),
    [("en", "README.md"), *(("tr", str(file.relative_to(ROOT))) for file in TURKISH)],
)
def test_no_document_uses_a_word_that_the_glossary_replaces(language: str, file: str) -> None:
    assert FORBIDDEN[language].findall(_prose(file)) == []
