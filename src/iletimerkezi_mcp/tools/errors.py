"""Reasons for not doing a call: problems with its arguments, gathered so that one answer names them all."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from iletimerkezi_mcp.language import ExplainedError, Text, verbatim
from iletimerkezi_mcp.sms.clock import describe_now
from iletimerkezi_mcp.sms.escape import quoted
from iletimerkezi_mcp.sms.times import TimeError

_QUOTED_LENGTH = 30

_INDEX = re.compile(r"\[[0-9]+\]")


NOTHING_DONE = Text("Nothing was done. {reason}", "Hiçbir şey yapılmadı. {reason}")
CORRECT = Text("Correct this and call again.", "Bunu düzeltip yeniden çağırın.")


class BadArgumentsError(ExplainedError, ValueError):
    """The arguments cannot be used; nothing was done and no request was made."""


class PreconditionError(ExplainedError, ValueError):
    """The arguments are right and something else is missing; nothing was done and no request was made."""

    def __init__(self, reason: Text, next_step: Text) -> None:
        super().__init__(reason)
        self.next_step = next_step


class Problems:
    """The problems of one call, each reason once."""

    MAX_NAMED = 5
    """The most reasons that are named, and the most fields with the same one; the rest are counted."""

    def __init__(self) -> None:
        self._fields: dict[tuple[str, Text], list[_Field]] = {}
        self._uncounted = 0
        self._notes: dict[Text, None] = {}

    def add(self, field: str, reason: Text, value: str | None = None) -> None:
        """Note that `field` cannot be used because of `reason`, a phrase that reads on from the field's name.

        With its `value` an entry of a list is named as a person finds it, too: by its place from 1 and what is written
        there.
        """
        self._fields.setdefault((_INDEX.sub("[]", field), reason), []).append(_Field(field, value))

    def add_note(self, note: Text) -> None:
        """Have the answer end with `note`, a sentence, if there is a problem."""
        self._notes[note] = None

    def add_time(self, field: str, error: TimeError, now: datetime) -> None:
        """Note a date or time that cannot be used. As a model has no clock, the answer ends with the present time."""
        self.add(field, error.reason)
        self.add_note(describe_now(now))

    def add_more(self, number: int) -> None:
        """Note `number` more problems of which nothing else is known."""
        self._uncounted += number

    def raise_if_any(self) -> None:
        """Raise :class:`BadArgumentsError` if there is a problem."""
        if self._fields:
            raise self.error()

    def error(self) -> BadArgumentsError:
        """Return the problems as the error to raise."""
        reasons = list(self._fields.items())
        sentences = [_sentences(reason, fields) for (_, reason), fields in reasons[: self.MAX_NAMED]]
        if more := self._uncounted + sum(len(fields) for _, fields in reasons[self.MAX_NAMED :]):
            sentences.append(Text("And {more} more.", "{more} sorun daha var.").format(more=more))
        return BadArgumentsError(Text.join(" ", [*sentences, *self._notes]))


@dataclass(frozen=True, slots=True)
class _Field:
    """A field that cannot be used, and its value if it may be quoted."""

    name: str
    value: str | None

    def label(self, name: str) -> Text:
        """Return `name`; of an entry with its place, counted from 1 as a person does, and its value."""
        places = _INDEX.findall(self.name)
        if self.value is None or not places:
            return verbatim(name)
        entry = Text("entry {place} ({value})", "{place}. sıra ({value})").format(
            place=int(places[0][1:-1]) + 1, value=quoted(self.value, _QUOTED_LENGTH)
        )
        return Text.join(", ", [*filter(None, [_INDEX.sub("", name)]), entry])


def _sentences(reason: Text, fields: list[_Field]) -> Text:
    """Return a sentence on the first of `fields`, and one on the others, whose reason is the same."""
    first = _sentence(fields[0].label(fields[0].name), reason)
    if len(fields) == 1:
        return first
    others = Text.join(
        ", ",
        [field.label("".join(_INDEX.findall(field.name)) or field.name) for field in fields[1 : Problems.MAX_NAMED]],
    )
    if (rest := len(fields) - Problems.MAX_NAMED) > 0:
        return Text(
            "{first} The same goes for {others} and {rest} more.",
            "{first} Aynısı şunlar için de geçerli: {others} ve {rest} alan daha.",
        ).format(first=first, others=others, rest=rest)
    return Text("{first} The same goes for {others}.", "{first} Aynısı şunlar için de geçerli: {others}.").format(
        first=first, others=others
    )


def _sentence(label: Text, reason: Text) -> Text:
    en, tr = (
        f"{name} {words}{'' if words.endswith(('.', '?')) else '.'}"
        for name, words in ((label.en, reason.en), (label.tr, reason.tr))
    )
    return Text(en, tr, None if reason.person is None else _sentence(label, reason.person))
