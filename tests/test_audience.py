"""No sentence for a model reaches a person at a terminal: each says in `person` what a person is told in its place."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import iletimerkezi_mcp

PACKAGE = Path(iletimerkezi_mcp.__file__).parent

FOR_A_MODEL = re.compile(
    r"\b(the user\b(?! has no home| who runs)|your turn|they agree|code in confirm|without confirm|ask the operator"
    r"|kullanıcıya (?!yazma)|kullanıcıdan|kullanıcıyla|kullanıcının kendi|kullanıcı\b(?! adı)[^.]*m[ae]lı|yanıtınızı"
    r"|confirm alan\w*|yöneticiden|yönetici\b[^.]*m[ae]lı)",
    re.IGNORECASE,
)
"""The words by which a sentence shows that its reader speaks to somebody else, or fills in a tool's arguments."""

NOT_FOR_COMMANDS = (
    "cli/",
    "provider/outcomes.py",
    "server/instructions.py",
    "server/prompts/",
    "server/resources/",
    "transports/",
)
"""The command line's own sentences and its words for the outcomes, which are for a person, and what no command shows."""


def _sentences() -> list[tuple[str, str, bool]]:
    """Return the place and the words of each bilingual text, and if it says something else to a person."""
    sentences = []
    for file in sorted(PACKAGE.rglob("*.py")):
        path = file.relative_to(PACKAGE).as_posix()
        if path.startswith(NOT_FOR_COMMANDS):
            continue
        tree = ast.parse(file.read_text(encoding="utf-8"))
        passed_on = {
            id(argument)
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "tell_user"
            for argument in node.args
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Text":
                words = " ".join(
                    part.value
                    for argument in node.args
                    for part in ast.walk(argument)
                    if isinstance(part, ast.Constant) and isinstance(part.value, str)
                )
                other = any(keyword.arg == "person" for keyword in node.keywords)
                sentences.append((f"{path}:{node.lineno}", words, other and id(node) not in passed_on))
    return sentences


def test_every_sentence_for_a_model_has_its_words_for_a_person() -> None:
    sentences = _sentences()
    assert len(sentences) > 500
    assert [f"{place}: {words}" for place, words, other in sentences if not other and FOR_A_MODEL.search(words)] == []
