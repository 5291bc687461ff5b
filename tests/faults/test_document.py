from __future__ import annotations

from .document import DOCUMENT, rendered


def test_the_document_is_the_one_that_is_made_of_the_table() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == rendered(), "run: python -m tests.faults.document"
