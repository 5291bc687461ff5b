"""The text of a standing rule: fixed words with fields such as ``{no:12}``, and the messages that have it.

Nobody reads such a message before it goes out. So words are compared sign by sign, and a field holds digits, or Latin
letters with single blanks: no full stop, slash or line break, and no other script.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from iletimerkezi_mcp.language import ExplainedError, Text

from .alphabet import compose
from .content import warnings
from .escape import escape_line

MAX_FIELDS = 8
MAX_FIELD_LENGTH = 40
"""Characters of a field."""

MIN_LETTERS = 10
"""The fewest letters of the fixed words: with less, the fields would be the message."""

_FIELD = re.compile(r"\{\w{1,20}:([0-9]{1,2})(:letters)?\}")
# Latin letters that are one character each: no combining mark, no sign among them, and no ſ, which reads as an f.
_LETTERS = "[A-Za-zÀ-ÖØ-öø-ž]+"
_VALUES = {False: re.compile("[0-9]+"), True: re.compile(f"{_LETTERS}(?: {_LETTERS})*")}
_LINK = re.compile(r"//|@|www|[.。．｡․][^\W\d_]|[0-9](?:[.。．｡․][0-9]+){3}", re.IGNORECASE)


class RuleTextError(ExplainedError, ValueError):
    """Raised for a text that no rule can have; `reason` is a whole sentence."""


@dataclass(frozen=True, slots=True)
class RuleField:
    """A field: the most characters that it holds, and whether those are letters or digits."""

    length: int
    letters: bool

    def ends(self, text: str, start: int) -> Sequence[int]:
        """Return each place where a value that begins at `start` may end."""
        value = _VALUES[self.letters].match(text, start, start + self.length)
        return [] if value is None else [end for end in range(start + 1, value.end() + 1) if text[end - 1] != " "]

    def example(self, length: int) -> str:
        """Return a value of `length`, or as long as it may be; one of letters is as dear as any."""
        return (("âli" if self.letters else "1234567890") * length)[: min(length, self.length)]


@dataclass(frozen=True, slots=True)
class RuleText:
    """A rule's text: `literals` are the fixed words around the `fields`, one more than there are of them."""

    literals: tuple[str, ...]
    fields: tuple[RuleField, ...]

    def example(self, length: int = MAX_FIELD_LENGTH) -> str:
        """Return a message that has the text, each of its values as long as it may be, and at most `length`."""
        values = [field.example(length) for field in self.fields]
        return "".join(map("".join, zip(self.literals, [*values, ""], strict=True)))

    def matches(self, text: str) -> bool:
        """Return True if `text`, as it will be sent, is the words with a value in each field.

        All ends that a value may have are followed at once, so the time is linear in the text's length.
        """
        first, *others = self.literals
        ends = {len(first)} if text.startswith(first) else set[int]()
        for field, literal in zip(self.fields, others, strict=True):
            ends = {
                end + len(literal) for start in ends for end in field.ends(text, start) if text.startswith(literal, end)
            }
        return len(text) in ends


@lru_cache(maxsize=64)
def parse_rule_text(raw: str) -> RuleText:
    """Return the text of a rule. Raises :class:`RuleTextError`."""
    text = compose(raw)
    pieces = _FIELD.split(text)
    literals = tuple(pieces[::3])
    fields = tuple(
        RuleField(int(length), letters is not None) for length, letters in zip(pieces[1::3], pieces[2::3], strict=True)
    )
    words = "".join(literals)
    if (
        len(fields) > MAX_FIELDS
        or any(not 0 < field.length <= MAX_FIELD_LENGTH for field in fields)
        or not all(literals[1:-1])
        or not {"{", "}"}.isdisjoint(words)
    ):
        raise RuleTextError(_MALFORMED)
    if (
        text != text.strip()
        or any(escape_line(line) != line for line in text.split("\n"))
        or sum(map(str.isalpha, words)) < MIN_LETTERS
    ):
        raise RuleTextError(_UNCLEAR)
    # A value touches the signs beside it, up to the next blank.
    filled = [_FIELD.sub(lambda field: "a" if field[2] else "1", word) for word in text.split() if _FIELD.search(word)]
    if any(map(_LINK.search, filled)):
        raise RuleTextError(_LINKED)
    rule = RuleText(literals, fields)
    # The time and the sender matter to no warning of such a text.
    when = datetime.min.replace(tzinfo=UTC)
    if found := warnings(rule.example(), message_type="transactional", iys_list=None, when=when, sender=""):
        raise RuleTextError(_WARNED.format(warning=found[0]))
    return rule


_MALFORMED = Text(
    "A field is written {{no:12}}, for up to 12 digits, or {{name:20:letters}}; a text has at most {fields} of up to {length} "
    "characters, with words or signs between them, and no other braces.",
    "Alan, en çok 12 rakam için {{no:12}}, harf için {{ad:20:letters}} biçiminde yazılır; bir metinde, aralarında sözcük ya da "
    "işaret bulunan, en çok {length} karakterlik en çok {fields} alan olabilir; başka süslü ayraç olamaz.",
).format(fields=MAX_FIELDS, length=MAX_FIELD_LENGTH)
_UNCLEAR = Text(
    "The fixed words need at least {least} letters, no blank at either end, and no invisible characters.",
    "Sabit sözcükler en az {least} harf içermeli, boşlukla başlayıp bitmemeli ve görünmeyen karakter içermemelidir.",
).format(least=MIN_LETTERS)
_LINKED = Text("A field may be no part of a link.", "Alan bir bağlantının içinde olamaz.")
_WARNED = Text(
    "What calls for a warning is never sent unread: {warning}",
    "Uyarı gerektiren mesaj okunmadan gönderilmez: {warning}",
)
