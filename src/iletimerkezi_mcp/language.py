"""The sentences that the server says to people, in English and in Turkish.

Every sentence that a person may read is written once, in both languages side by
side, so that neither can be forgotten or drift away from the other.
"""

from __future__ import annotations

import locale
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from string import Formatter
from typing import Literal

Language = Literal["en", "tr"]

Audience = Literal["model", "person", "onlooker"]
"""The reader of an answer: the model of a host, the person who typed a command on a terminal, or the one who reads a card or
page and types none."""


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence in English and in Turkish, whole, so that a translator can read it in one piece.

    What changes from call to call is a named field (``{sender}``), filled with :meth:`format`. `person` is what a person
    at a terminal is told in its place, if the sentence speaks to a model (:data:`UNSAID`: nothing). Its own `person` is for
    an onlooker, if it names what is typed there.
    """

    en: str
    tr: str
    person: Text | None = None

    def to(self, language: Language, audience: Audience = "model") -> str:
        """Return the words in `language` for `audience`."""
        text = self if audience == "model" else self.for_person()
        if audience == "onlooker":
            text = text.for_person()
        return text.en if language == "en" else text.tr

    def for_person(self) -> Text:
        """Return the words for a person at a terminal."""
        return self if self.person is None else self.person

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
        return _filled(self, texts)

    @staticmethod
    def join(separator: str, texts: Iterable[Text | str]) -> Text:
        """Join `texts` in order with `separator` between them; for a person without those that are not for them."""
        parts = [verbatim(text) for text in texts]
        joined = Text(separator.join(part.en for part in parts), separator.join(part.tr for part in parts))
        if all(part.person is None for part in parts):
            return joined
        spoken = [part.for_person() for part in parts if part.person != UNSAID]
        return replace(joined, person=Text.join(separator, spoken))


def _filled(template: Text, values: Mapping[str, Text]) -> Text:
    filled = Text(
        template.en.format(**{name: text.en for name, text in values.items()}),
        template.tr.format(**{name: text.tr for name, text in values.items()}),
    )
    spoken = {name: text.for_person() for name, text in values.items()}
    if template.person is None and spoken == values:
        return filled
    return replace(filled, person=_filled(template.for_person(), spoken))


class ExplainedError(Exception):
    """The base of all errors that carry a sentence for a person: `reason`."""

    def __init__(self, reason: Text | str) -> None:
        self.reason = verbatim(reason)
        super().__init__(self.reason.en)


def verbatim(text: Text | str) -> Text:
    """Return `text`; a plain string (a number, a name, a code) reads the same in both languages."""
    return Text(text, text) if isinstance(text, str) else text


UNSAID = verbatim("")
"""In place of a sentence that a person at a terminal need not be told."""


def for_model(en: str, tr: str) -> Text:
    """Return a sentence that a person at a terminal need not be told; :meth:`Text.join` leaves it out for them."""
    return Text(en, tr, person=UNSAID)


def for_onlooker(text: Text, en: str, tr: str) -> Text:
    """Return `text` with other words for an onlooker, who can only ask in the chat; they may leave out its fields."""
    return replace(text, person=replace(text.for_person(), person=Text(en, tr)))


def sentences(*texts: Text) -> Text:
    """Return whole sentences, one after the other."""
    return Text.join(" ", texts)


def either(texts: Sequence[Text | str]) -> Text:
    """Return `texts`, at least one, as a choice: commas between them, and "or" before the last."""
    *first, last = texts
    choice = Text("{first} or {last}", "{first} ya da {last}")
    return choice.format(first=Text.join(", ", first), last=last) if first else verbatim(last)


TELL_USER = for_model("Tell the user.", "Kullanıcıya söyleyin.")


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
