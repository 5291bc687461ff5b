"""What the server says to people, in English and in Turkish.

Every sentence that a person may read is written once, in both languages side by
side, so that neither can be forgotten or drift away from the other.
"""

from __future__ import annotations

import locale
import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Language = Literal["en", "tr"]


@dataclass(frozen=True, slots=True)
class Text:
    """One thing to say, in English and in Turkish. Joined with ``+``; rendered with :meth:`to`."""

    en: str
    tr: str

    def to(self, language: Language) -> str:
        """The words in `language`."""
        return self.en if language == "en" else self.tr

    def __add__(self, other: Text | str) -> Text:
        more = verbatim(other)
        return Text(self.en + more.en, self.tr + more.tr)

    @staticmethod
    def join(separator: str, texts: Iterable[Text | str]) -> Text:
        """`texts` in order with `separator` between them."""
        parts = [verbatim(text) for text in texts]
        return Text(separator.join(part.en for part in parts), separator.join(part.tr for part in parts))


def verbatim(text: Text | str) -> Text:
    """`text` as it is; a plain string (a number, a name, a code) reads the same in both languages."""
    return Text(text, text) if isinstance(text, str) else text


def count(number: int) -> Text:
    """`number` with the thousands mark of each language: 12,000 and 12.000."""
    return Text(f"{number:,}", f"{number:,}".replace(",", "."))


def plural(number: int, one: str, many: str, tr: str) -> Text:
    """`number` and its noun. Turkish nouns stay singular after a number, so there is one Turkish form."""
    counted = count(number)
    return Text(f"{counted.en} {one if number == 1 else many}", f"{counted.tr} {tr}")


def system_language() -> Language:
    """Turkish where the machine's locale is Turkish, else English."""
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(variable):
            return "tr" if value.lower().startswith("tr") else "en"
    return "tr" if (locale.getlocale()[0] or "").lower().startswith(("tr", "turk")) else "en"
