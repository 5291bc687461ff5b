"""Templates: a text with fields such as ``{Ad}``, each filled from the column of that name.

One form only. A name in any other brackets, a field that no column has, and a brace that is never closed are refused:
sent as they stand they would reach every recipient.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from iletimerkezi_mcp.language import ExplainedError, Text
from iletimerkezi_mcp.sms.alphabet import compose
from iletimerkezi_mcp.sms.content import quote_some
from iletimerkezi_mcp.sms.escape import quoted
from iletimerkezi_mcp.sms.normalize import comparison_key, fold, normalize

MAX_NAME = 80
"""Characters of a field's name; a longer one is no name of a column."""

_FIELD = re.compile(rf"\{{([^{{}}\n]{{0,{MAX_NAME}}})\}}")
# What stands around a field in other programs. A brace in front or behind is part of another form, too: {{Ad}}, ${Ad}.
_OTHER_FORM = re.compile(
    r"""
    \{\{+\ ?(?P<braces>[^{}\n]{1,80}?)\ ?\}\}+ | [$\#]\{(?P<dollar>[^{}\n]{1,80})\}
    | \[\[?(?P<square>[^\[\]{}\n]{1,80})\]\]? | \(\(?(?P<round>[^(){}\n]{1,80})\)\)? | <<?(?P<angle>[^<>{}\n]{1,80})>>?
    | [«‹｛❴【〔](?P<quoted>[^«»‹›｛｝❴❵【】〔〕{}\n]{1,80})[»›｝❵】〕]
    | (?<!\w)(?P<mark>%%?|\#\#?|@@?|\$\$?|__?|\*\*?)(?P<marked>[^\W_][^%\#@$*{}\n]{0,79}?)(?P=mark)(?!\w)
    | (?<![\w$])\$(?P<variable>[^\W\d]\w{0,79})
    """,
    re.VERBOSE,
)
_UNCLOSED = re.compile(rf"\{{([^{{}}]{{1,{MAX_NAME}}})|([^{{}}]{{1,{MAX_NAME}}})\}}")


class TemplateError(ExplainedError, ValueError):
    """A text that cannot be filled from this list; `reason` reads on from the name of the argument."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a template: the name as it is written there, and the index of its column."""

    name: str
    column: int


@dataclass(frozen=True)
class Template:
    """A text and its fields.

    `text` is the composed text with its fields as they were written. `literals` stand around the fields, one more than
    there are of them.
    """

    text: str
    literals: tuple[str, ...]
    fields: tuple[Field, ...] = ()

    @cached_property
    def columns(self) -> tuple[int, ...]:
        """The indexes of the columns that the text uses, each once, in the order of their first use."""
        return tuple(dict.fromkeys(field.column for field in self.fields))

    @cached_property
    def bare(self) -> str:
        """The text with nothing in place of each field: what is the same for all."""
        return "".join(self.literals)

    def fill(self, cells: Mapping[int, Sequence[str]]) -> list[str]:
        """Return the text of each row; `cells` has the columns that the text uses, all equally long.

        A text without fields has one for all rows, which is :attr:`text`: there is nothing to fill.
        """
        pattern = "%s".join(literal.replace("%", "%%") for literal in self.literals)
        rows = zip(*(cells[field.column] for field in self.fields), strict=True)
        return list(map(compose, map(pattern.__mod__, rows)))


def comparison_name(name: str) -> str:
    """Return what two spellings of one column's name share: its letters and digits, without case and Turkish marks."""
    folded = fold(normalize(name))
    return "".join(filter(str.isalnum, folded)) or folded.strip()


def comparison_text(text: str) -> str:
    """Return what texts share that look alike and are filled in alike: a field's name may be written in another way."""
    return comparison_key(_FIELD.sub(lambda field: f"{{{comparison_name(field[1])}}}", text))


def parse_template(text: str, columns: Sequence[str]) -> Template:
    """Return the template that `text` is for a list with these column names.

    Raises :class:`TemplateError` for a field that no column or more than one has, for a name of a column in other
    brackets, and for a brace that is not closed beside a name. Braces without a name of a column are a field as well.
    """
    composed = compose(text)
    _refuse_other_forms(composed, columns)
    literals, fields, unknown, start = [], [], [], 0
    for match in _FIELD.finditer(composed):
        matching = _matching(match[1], columns)
        if len(matching) > 1:
            raise TemplateError(_AMBIGUOUS.format(field=quoted(match[0]), number=len(matching)))
        if matching:
            fields.append(Field(match[1], matching[0]))
            literals.append(composed[start : match.start()])
            start = match.end()
        else:
            unknown.append(match[0])
    if unknown:
        names = quote_some([name for name in columns if name]) if any(columns) else _NO_COLUMN
        raise TemplateError(_UNKNOWN.format(fields=quote_some(list(dict.fromkeys(unknown))), columns=names))
    return Template(composed, (*literals, composed[start:]), tuple(fields))


def _matching(name: str, columns: Sequence[str]) -> list[int]:
    """Return the columns that a field may mean: the one of exactly that name, else all that read the same."""
    exact = [index for index, column in enumerate(columns) if name and column == name]
    if len(exact) == 1:
        return exact
    key = comparison_name(name)
    return [index for index, column in enumerate(columns) if key and comparison_name(column) == key]


def _refuse_other_forms(text: str, columns: Sequence[str]) -> None:
    keys = {comparison_name(column): column for column in columns if comparison_name(column)}
    wrong: dict[str, str] = {}
    for match in _OTHER_FORM.finditer(text):
        names = (value for form, value in match.groupdict().items() if value is not None and form != "mark")
        for name in names:
            if (column := keys.get(comparison_name(name))) is not None:
                wrong[match[0]] = column
    for match in _UNCLOSED.finditer(_FIELD.sub("\n", text)):
        # Behind the brace up to the end of a word, or before it from the beginning of one.
        words = comparison_name(match[1] or match[2])
        for key, column in keys.items():
            if words.startswith(key) if match[1] else words.endswith(key):
                wrong[match[0]] = column
    if wrong:
        columns_named = [f"{{{column}}}" for column in dict.fromkeys(wrong.values())]
        raise TemplateError(_OTHER_BRACKETS.format(wrong=quote_some(list(wrong)), fields=quote_some(columns_named)))


_UNKNOWN = Text(
    "has fields that no column of the list has: {fields}; its columns are {columns}",
    "listede sütunu olmayan alanlar içeriyor: {fields}; listenin sütunları: {columns}",
)
_NO_COLUMN = Text("none with a name", "adı olan sütun yok")
_AMBIGUOUS = Text(
    "has the field {field}, which {number} columns of the list could mean; rename one of them in the file",
    "{field} alanını içeriyor, listede bu ada uyan {number} sütun var; dosyada birinin adını değiştirin",
)
_OTHER_BRACKETS = Text(
    "names columns in a form that is not filled in: {wrong}; write {fields}, or take it out",
    "sütunları doldurulmayan bir biçimde anıyor: {wrong}; {fields} yazın ya da metinden çıkarın",
)
