"""The fields that the arguments of several tools share."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from iletimerkezi_mcp.provider.operation import MAX_PAGE_SIZE
from iletimerkezi_mcp.sms.numbers import NumberError, PhoneNumber, parse_number

from .context import ServerContext
from .errors import Problems


def guarded(limit: int, description: str | None = None) -> Any:
    """Return a text field that takes no more than `limit` characters, far beyond what is of use.

    The schema does not show this guard against endless input: what limits the field is in its description.
    """
    return Field(max_length=limit, description=description, json_schema_extra=_without_guard)


def _without_guard(schema: dict[str, Any]) -> None:
    for branch in (schema, *schema.get("anyOf", ())):
        for guard in ("maxLength", "maximum"):
            branch.pop(guard, None)


def _number_as_text(value: Any) -> Any:
    """Take an integer for a string of digits; true and false are not taken."""
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
        pattern=r"^[0-9]{1,20}$", description="İYS brand code, up to 20 digits, e.g. 123456. Left out: the operator's."
    ),
    BeforeValidator(_number_as_text),
]

NumberArgument = Annotated[
    str, guarded(40, "Mobile number, e.g. +905321234567 or 0532 123 45 67."), BeforeValidator(_number_as_text)
]

PageArgument = Annotated[
    int, Field(ge=1, le=1_000_000, description="From 1, e.g. 2.", json_schema_extra=_without_guard)
]

PageSizeArgument = Annotated[
    int, Field(ge=1, le=MAX_PAGE_SIZE, description=f"Rows a page, 1 to {MAX_PAGE_SIZE}, e.g. 150.")
]

ConfirmArgument = Annotated[
    str, guarded(64, "The preview's code, e.g. K7Q2M9XW4TBA, once the user has seen it and agreed.")
]


def mobile_number(raw: str, field: str, context: ServerContext, problems: Problems) -> PhoneNumber:
    """Return `raw` as a canonical mobile number, or note what is wrong with it and return an empty one."""
    try:
        return parse_number(raw, international=context.settings.abroad)
    except NumberError as error:
        problems.add(field, error.reason)
        return PhoneNumber("")
