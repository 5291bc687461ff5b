"""Reasons for not doing a call: problems with its arguments, gathered so that one answer names them all."""

from __future__ import annotations

import re
from datetime import datetime

from iletimerkezi_mcp.language import ExplainedError, Text
from iletimerkezi_mcp.sms.clock import describe_now
from iletimerkezi_mcp.sms.times import TimeError

_INDEX = re.compile(r"\[[0-9]+\]")


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
        self._fields: dict[tuple[str, Text], list[str]] = {}
        self._uncounted = 0
        self._now: Text | None = None

    def add(self, field: str, reason: Text) -> None:
        """Note that `field` cannot be used because of `reason`, a phrase that reads on from the field's name."""
        self._fields.setdefault((_INDEX.sub("[]", field), reason), []).append(field)

    def add_time(self, field: str, error: TimeError, now: datetime) -> None:
        """Note a date or time that cannot be used. As a model has no clock, the answer ends with the present time."""
        self.add(field, error.reason)
        self._now = describe_now(now)

    def add_more(self, number: int) -> None:
        """Note `number` more problems of which nothing else is known."""
        self._uncounted += number

    def stop(self) -> None:
        """Raise :class:`BadArgumentsError` if there is a problem."""
        if self._fields:
            raise self.error()

    def error(self) -> BadArgumentsError:
        """Return the problems as the error to raise."""
        reasons = list(self._fields.items())
        sentences = [_sentences(reason, fields) for (_, reason), fields in reasons[: self.MAX_NAMED]]
        if more := self._uncounted + sum(len(fields) for _, fields in reasons[self.MAX_NAMED :]):
            sentences.append(Text("And {more} more.", "{more} sorun daha var.").format(more=more))
        if self._now is not None:
            sentences.append(self._now)
        return BadArgumentsError(Text.join(" ", sentences))


def _sentences(reason: Text, fields: list[str]) -> Text:
    """Return a sentence on the first of `fields`, and one on the others, whose reason is the same."""
    first = _sentence(fields[0], reason)
    if len(fields) == 1:
        return first
    others = ", ".join("".join(_INDEX.findall(field)) or field for field in fields[1 : Problems.MAX_NAMED])
    if (rest := len(fields) - Problems.MAX_NAMED) > 0:
        return Text(
            "{first} The same goes for {others} and {rest} more.",
            "{first} Aynısı şunlar için de geçerli: {others} ve {rest} alan daha.",
        ).format(first=first, others=others, rest=rest)
    return Text("{first} The same goes for {others}.", "{first} Aynısı şunlar için de geçerli: {others}.").format(
        first=first, others=others
    )


def _sentence(field: str, reason: Text) -> Text:
    en, tr = (f"{field} {words}{'' if words.endswith(('.', '?')) else '.'}" for words in (reason.en, reason.tr))
    return Text(en, tr, None if reason.person is None else _sentence(field, reason.person))
