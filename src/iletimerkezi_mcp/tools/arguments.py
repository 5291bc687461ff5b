"""The arguments that several tools share: their shape, their words, their checks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from iletimerkezi_mcp.language import Text, count, verbatim
from iletimerkezi_mcp.provider.operation import MAX_PAGE_SIZE
from iletimerkezi_mcp.sms.escape import is_blank
from iletimerkezi_mcp.sms.times import TimeError


class Arguments(BaseModel):
    """A tool's arguments: flat, in plain words, nothing unknown, nothing guessed."""

    # Built when first called: building all of them takes a tenth of what a start takes beyond the SDK's.
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, defer_build=True)

    @classmethod
    def given(cls, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """`arguments` without those that say nothing: null, and blank text where the argument is optional.

        Many models fill in every argument that they see. Unknown ones stay, so that they are refused by name.
        """
        return {name: value for name, value in arguments.items() if not cls._says_nothing(name, value)}

    @classmethod
    def refusal_ends(cls, _: Mapping[str, Any]) -> Text | None:
        """What a refusal of these arguments ends with, valid or not, beyond how to correct them."""
        return None

    @classmethod
    def _says_nothing(cls, name: str, value: object) -> bool:
        field = cls.model_fields.get(name)
        if field is None:
            return False
        return value is None or (isinstance(value, str) and not field.is_required() and is_blank(value))


MOST_FIELDS = 50_000
"""Arguments, and fields of the objects in their lists, that a call may have: the largest consent list has 30,000.

Each that does not belong there would be an error of its own, and a million of them keep the server for half a minute.
"""


def check_number(arguments: Mapping[str, Any]) -> None:
    """Raise :class:`BadArgumentsError` for more than :data:`MOST_FIELDS`."""
    lists = (value for value in arguments.values() if isinstance(value, list))
    fields = sum(len(one) for several in lists for one in several if isinstance(one, dict))
    if len(arguments) + fields > MOST_FIELDS:
        raise BadArgumentsError(
            Text("The call may hold at most ", "Çağrıda en çok ")
            + count(MOST_FIELDS)
            + Text(" fields in all.", " alan olabilir.")
        )


_INDEX = re.compile(r"\[[0-9]+\]")


class Problems:
    """What is wrong with a call, gathered so that one answer names it all, each reason once."""

    SHOWN = 5
    """How many different problems are told, and how many further entries with the same one; the rest are counted."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, Text], list[str]] = {}
        self._more = 0
        self._clock = Text("", "")

    def add(self, field: str, reason: Text) -> None:
        """`field` cannot be used because of `reason`, a phrase that reads on from the field's name."""
        self._found.setdefault((_INDEX.sub("[]", field), reason), []).append(field)

    def add_time(self, field: str, error: TimeError) -> None:
        """`field` is a date or time that cannot be used; the present time is told once, after everything else."""
        self.add(field, error.fault)
        self._clock = Text(" ", " ") + error.clock

    def add_more(self, number: int) -> None:
        """There are `number` more problems, of which only that is known."""
        self._more += number

    def stop(self) -> None:
        """Raise :class:`BadArgumentsError` if anything was found."""
        if self._found:
            raise self.error()

    def error(self) -> BadArgumentsError:
        """What was found, as the answer to the call."""
        return BadArgumentsError(self._told())

    def _told(self) -> Text:
        found = list(self._found.items())
        told = Text.join(" ", (_told(reason, fields) for (_, reason), fields in found[: self.SHOWN]))
        if more := self._more + sum(len(fields) for _, fields in found[self.SHOWN :]):
            told += Text(" And ", " Ve ") + count(more) + Text(" more.", " sorun daha.")
        return told + self._clock


class BadArgumentsError(ValueError):
    """The arguments cannot be used; nothing was done and no request was made. `told` says it in plain sentences."""

    def __init__(self, told: Text) -> None:
        super().__init__(told.en)
        self.told = told


class PreconditionError(ValueError):
    """The arguments are right and something else is missing; nothing was done and no request was made."""

    def __init__(self, summary: Text, next_step: Text) -> None:
        super().__init__(summary.en)
        self.summary = summary
        self.next_step = next_step


def _told(reason: Text, fields: list[str]) -> Text:
    """One sentence on the first of `fields`, and one on the others, whose reason is the same."""
    told = verbatim(f"{fields[0]} ") + reason
    told = Text(*(said if said.endswith((".", "?")) else said + "." for said in (told.en, told.tr)))
    if len(fields) == 1:
        return told
    same = ", ".join("".join(_INDEX.findall(field)) or field for field in fields[1 : Problems.SHOWN])
    rest = len(fields) - Problems.SHOWN
    named = verbatim(same) + (Text(" and ", " ve ") + count(rest) + Text(" more", " tane daha") if rest > 0 else "")
    return told + Text(" The same goes for ", " Aynısı şunlar için de geçerli: ") + named + "."


def guarded(limit: int, description: str | None = None) -> Any:
    """A text field that takes no more than `limit` characters, far beyond what is of use.

    The schema does not show this guard against endless input: what limits the field is in its description.
    """
    return Field(max_length=limit, description=description, json_schema_extra=_without_guard)


def _without_guard(schema: dict[str, Any]) -> None:
    for branch in (schema, *schema.get("anyOf", ())):
        for guard in ("maxLength", "maximum"):
            branch.pop(guard, None)


def _number_as_text(value: Any) -> Any:
    """An integer is taken where a string of digits is wanted; true and false are not."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value.strip() if isinstance(value, str) else value


OrderIdArgument = Annotated[
    str,
    Field(pattern=r"^[0-9]{1,20}$", description="Order number, up to 20 digits, e.g. 312891245."),
    BeforeValidator(_number_as_text),
]

BrandCodeArgument = Annotated[
    str,
    Field(
        pattern=r"^[0-9]{1,20}$",
        description="İYS brand code, up to 20 digits, e.g. 123456. Left out: the operator's.",
    ),
    BeforeValidator(_number_as_text),
]

NumberArgument = Annotated[
    str,
    guarded(40, "Mobile number, e.g. +905321234567 or 0532 123 45 67."),
    BeforeValidator(_number_as_text),
]

PageArgument = Annotated[
    int, Field(ge=1, le=1_000_000, description="From 1, e.g. 2.", json_schema_extra=_without_guard)
]

PageSizeArgument = Annotated[
    int, Field(ge=1, le=MAX_PAGE_SIZE, description=f"Rows a page, 1 to {MAX_PAGE_SIZE}, e.g. 150.")
]

ConfirmArgument = Annotated[
    str,
    guarded(64, "The preview's code, e.g. K7Q2M9XW4TBA, once the user has seen it and agreed."),
]
