"""The fields that the arguments of several tools share."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from iletimerkezi_mcp.provider.operation import MAX_PAGE_SIZE
from iletimerkezi_mcp.sms.numbers import NumberError, PhoneNumber, mask, parse_number

from .context import ServerContext
from .errors import Problems


def capped_text(limit: int, description: str | None = None) -> Any:
    """Return a text field that takes no more than `limit` characters, far beyond what is of use.

    The schema does not show this guard against endless input: what limits the field is in its description.
    """
    return Field(max_length=limit, description=description, json_schema_extra=_without_guard)


def _without_guard(schema: dict[str, Any]) -> None:
    for branch in (schema, *schema.get("anyOf", ())):
        for guard in ("maxLength", "maximum"):
            branch.pop(guard, None)


LARGEST_EXACT = 2**53 - 1
"""The largest whole number that a floating-point number is sure to hold; what is greater may have been rounded."""

ROUNDED = "rounded_number"
"""The type of the validation error of a greater one."""


def number_as_text(value: Any) -> Any:
    """Return a whole number as its digits. JSON does not tell 5 from 5.0, and hosts write either; true and false stay."""
    if isinstance(value, float) and value.is_integer():
        if abs(value) > LARGEST_EXACT:
            raise PydanticCustomError(ROUNDED, "may have been rounded")
        return str(int(value))
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def numbers_as_text(values: Any) -> Any:
    """Return a list with its whole numbers as text; one of texts alone, as a long one is, is not gone through in Python."""
    if not isinstance(values, list) or set(map(type, values)) == {str}:
        return values
    return [
        value if isinstance(value, float) and abs(value) > LARGEST_EXACT else number_as_text(value) for value in values
    ]


def _digits(value: Any) -> Any:
    """Return a number of digits only as text; not for phone numbers, in which a full stop may part groups."""
    return value.strip().removesuffix(".0") if isinstance(value, str) else number_as_text(value)


def _whole_number(value: Any) -> Any:
    """Return the whole number that a text or a float is. pydantic's own leniency would read 1.000 as 1, and true too."""
    if isinstance(value, str):
        digits = value.strip().removesuffix(".0")
        return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) <= MAX_DIGITS else value
    return int(value) if isinstance(value, float) and value.is_integer() else value


def boolean(value: Any) -> Any:
    """Take the words true and false, which some hosts write as text, and no other: 0, no or off may be meant otherwise."""
    return {"true": True, "false": False}.get(value.strip().lower(), value) if isinstance(value, str) else value


MAX_DIGITS = 20
"""The most digits of an order number and of a brand code."""


def _without_leading_zeros(value: str) -> str:
    """Return an order number as answers give it: two spellings of one would be two orders to the ledger."""
    return value.lstrip("0") or "0"


OrderIdArgument = Annotated[
    str,
    Field(pattern=r"^[0-9]{1,20}$", description="From send_sms or get_reports, e.g. 312891245."),
    BeforeValidator(_digits),
    AfterValidator(_without_leading_zeros),
]

OrderOrChangeArgument = Annotated[
    str,
    Field(
        pattern=r"^([0-9]{1,20}|w-[0-9a-f]{8})$",
        description="From send_sms or get_reports, e.g. 312891245; or the change of an answer that said waiting.",
    ),
    BeforeValidator(_digits),
    AfterValidator(_without_leading_zeros),
]

BrandCodeArgument = Annotated[
    str,
    Field(
        # A host that has to fill in every argument can leave it blank, where the pattern binds its model.
        pattern=r"^[0-9]{0,20}$",
        description="İYS brand code, e.g. 123456. Left out: the default, if set.",
    ),
    BeforeValidator(_digits),
]

NumberArgument = Annotated[str, capped_text(40, "Mobile number, e.g. +905321234567."), BeforeValidator(number_as_text)]

PageArgument = Annotated[
    int,
    Field(ge=1, le=1_000_000, description="From 1, e.g. 2.", json_schema_extra=_without_guard),
    BeforeValidator(_whole_number),
]

PageSizeArgument = Annotated[
    int,
    Field(ge=1, le=MAX_PAGE_SIZE, description="Rows a page, e.g. 150."),
    BeforeValidator(_whole_number),
]

Flag = Annotated[bool, BeforeValidator(boolean)]

ConfirmArgument = Annotated[str, capped_text(64, "Code of the preview that the user agreed to, e.g. K7Q2M9XW4TBA.")]

DryRunArgument = Annotated[Flag, Field(description="true: only previews; no question, no code.")]

ASKS_FIRST = (
    "Does nothing before a yes: asks the user (form, card, page), gives a preview and a code for confirm, or refuses."
)
"""The sentence on confirmation in a description; it holds on every host and in every mode of confirmation."""


def quotable(raw: str, context: ServerContext) -> str:
    """Return `raw`, an entry that is not a usable number or address, as an answer may quote it."""
    text: str = context.redactor.redact(raw)
    return mask(text) if context.settings.mask_numbers else text


def mobile_number(raw: str, field: str, context: ServerContext, problems: Problems) -> PhoneNumber:
    """Return `raw` as a canonical mobile number, or note what is wrong with it and return an empty one."""
    try:
        return parse_number(raw, international=context.settings.abroad)
    except NumberError as error:
        problems.add(field, error.reason)
        return PhoneNumber("")
