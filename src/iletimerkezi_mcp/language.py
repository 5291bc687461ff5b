"""The sentences that the server says to people, in English and in Turkish.

Every sentence that a person may read is written once, in both languages side by
side, so that neither can be forgotten or drift away from the other.
"""

from __future__ import annotations

import locale
import os
from collections.abc import Iterable
from dataclasses import dataclass
from string import Formatter
from typing import Literal

Language = Literal["en", "tr"]


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence in English and in Turkish, whole, so that a translator can read it in one piece.

    What changes from call to call is a named field (``{sender}``), filled with :meth:`format`.
    """

    en: str
    tr: str

    def to(self, language: Language) -> str:
        """Return the words in `language`."""
        return self.en if language == "en" else self.tr

    def format(self, **values: Text | str | int) -> Text:
        """Fill each named field with its value in the same language; a number gets the language's thousands mark.

        Raises :class:`KeyError` for a field without a value, and :class:`ValueError` for a value without a field in
        both languages, so that neither language can lose one.
        """
        for template in (self.en, self.tr):
            fields = {name for _, name, _, _ in Formatter().parse(template) if name}
            if unused := values.keys() - fields:
                raise ValueError(f"no field for {', '.join(sorted(unused))} in: {template}")
        texts = {name: count(value) if isinstance(value, int) else verbatim(value) for name, value in values.items()}
        return Text(
            self.en.format(**{name: text.en for name, text in texts.items()}),
            self.tr.format(**{name: text.tr for name, text in texts.items()}),
        )

    @staticmethod
    def join(separator: str, texts: Iterable[Text | str]) -> Text:
        """Join `texts` in order with `separator` between them."""
        parts = [verbatim(text) for text in texts]
        return Text(separator.join(part.en for part in parts), separator.join(part.tr for part in parts))


class ExplainedError(Exception):
    """The base of all errors that carry a sentence for a person: `reason`."""

    def __init__(self, reason: Text | str) -> None:
        self.reason = verbatim(reason)
        super().__init__(self.reason.en)


def verbatim(text: Text | str) -> Text:
    """Return `text`; a plain string (a number, a name, a code) reads the same in both languages."""
    return Text(text, text) if isinstance(text, str) else text


def count(number: int) -> Text:
    """Write `number` with the thousands mark of each language: 12,000 and 12.000."""
    return Text(f"{number:,}", f"{number:,}".replace(",", "."))


def plural(number: int, one: str, many: str, tr: str) -> Text:
    """Write `number` and its noun. Turkish nouns stay singular after a number, so there is one Turkish form."""
    counted = count(number)
    return Text(f"{counted.en} {one if number == 1 else many}", f"{counted.tr} {tr}")


def system_language() -> Language:
    """Return Turkish if the machine's locale is Turkish, else English."""
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(variable):
            return "tr" if value.lower().startswith("tr") else "en"
    return "tr" if (locale.getlocale()[0] or "").lower().startswith(("tr", "turk")) else "en"
