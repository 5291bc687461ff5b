"""The arguments that several tools share: their shape, their words, their checks."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from iletimerkezi_mcp.api.types import MAX_PAGE_SIZE
from iletimerkezi_mcp.language import Text, verbatim


class Arguments(BaseModel):
    """A tool's arguments: flat, in plain words, nothing unknown, nothing guessed."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Problems:
    """What is wrong with a call, gathered so that one answer names it all."""

    def __init__(self) -> None:
        self._found: list[Text] = []

    def add(self, field: str, reason: Text) -> None:
        """`field` cannot be used because of `reason`, a phrase that reads on from the field's name."""
        self._found.append(verbatim(f"{field} ") + reason)

    def stop(self) -> None:
        """Raise :class:`BadArgumentsError` if anything was found."""
        if self._found:
            raise BadArgumentsError(self._found)


class BadArgumentsError(ValueError):
    """The arguments cannot be used; nothing was done and no request was made."""

    SHOWN = 5

    def __init__(self, problems: list[Text]) -> None:
        super().__init__("; ".join(problem.en for problem in problems[: self.SHOWN]))
        self.problems = problems

    def told(self) -> Text:
        """One plain sentence for each problem, the first few of many."""
        shown = Text.join(" ", (_sentence(problem) for problem in self.problems[: self.SHOWN]))
        if (more := len(self.problems) - self.SHOWN) > 0:
            shown += Text(f" And {more} more.", f" Ve {more} sorun daha.")
        return shown


class NotYetError(ValueError):
    """The arguments are right and something else is missing; nothing was done and no request was made."""

    def __init__(self, summary: Text, next_step: Text) -> None:
        super().__init__(summary.en)
        self.summary = summary
        self.next_step = next_step


def _sentence(problem: Text) -> Text:
    """`problem` with the mark that ends it."""
    return Text(*(said if said.endswith((".", "?")) else said + "." for said in (problem.en, problem.tr)))


def _number_as_text(value: Any) -> Any:
    """An integer is taken where a string of digits is wanted; true and false are not."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value.strip() if isinstance(value, str) else value


OrderIdArgument = Annotated[
    str,
    BeforeValidator(_number_as_text),
    Field(pattern=r"^[0-9]{1,20}$", description="Order number, digits, e.g. 312891245."),
]

BrandCodeArgument = Annotated[
    str,
    BeforeValidator(_number_as_text),
    Field(
        pattern=r"^[0-9]{1,20}$",
        description="İYS brand code, digits, e.g. 123456. Left out: the operator's.",
    ),
]

NumberArgument = Annotated[
    str,
    BeforeValidator(_number_as_text),
    Field(max_length=40, description="One mobile number, e.g. +905321234567 or 0532 123 45 67."),
]

PageArgument = Annotated[int, Field(ge=1, le=1_000_000, description="Page, from 1, e.g. 2.")]

PageSizeArgument = Annotated[
    int, Field(ge=1, le=MAX_PAGE_SIZE, description=f"Rows a page, 1 to {MAX_PAGE_SIZE}, e.g. 150.")
]

ConfirmArgument = Annotated[
    str,
    Field(
        max_length=64,
        description="Leave out on the first call. Then the code of this tool's preview, e.g. K7Q2M9XW4TBA, "
        "only after the user has seen the preview and agreed.",
    ),
]
