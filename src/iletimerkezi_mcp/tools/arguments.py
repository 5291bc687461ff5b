"""The shape of all tools' arguments: flat, in plain words, nothing unknown, nothing guessed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.sms.escape import is_blank

from .errors import BadArgumentsError


class Arguments(BaseModel):
    """A tool's arguments."""

    # Built when first called: building all of them takes a tenth of what a start takes beyond the SDK's.
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, defer_build=True)

    @classmethod
    def without_blanks(cls, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Return `arguments` without nulls and without blank text in optional ones.

        Many models fill in every argument that they see. Unknown arguments stay, so that they are refused by name.
        """
        optional = {name for name, field in cls.model_fields.items() if not field.is_required()}
        return {
            name: value
            for name, value in arguments.items()
            if not (value is None and name in cls.model_fields)
            and not (isinstance(value, str) and name in optional and is_blank(value))
        }

    @classmethod
    def end_of_refusal(cls, _: Mapping[str, Any]) -> Text | None:
        """Return what a refusal of these arguments says at its end, None if it says no more than how to correct them."""
        return None


class ChangeArguments(Arguments):
    """The arguments of a tool that changes something; each has `confirm` as its last field."""

    if TYPE_CHECKING:
        confirm: str | None


MAX_FIELDS = 50_000
"""The most fields of a call: its arguments, and those of the objects in their lists. The largest consent list has 30,000.

Each that does not belong there would be an error of its own, and a million of them keep the server for half a minute.
"""


def check_number_of_fields(arguments: Mapping[str, Any]) -> None:
    """Raise :class:`.BadArgumentsError` for more than :data:`MAX_FIELDS`."""
    lists = (value for value in arguments.values() if isinstance(value, list))
    fields = sum([len(item) for items in lists for item in items if type(item) is dict])
    if len(arguments) + fields > MAX_FIELDS:
        raise BadArgumentsError(
            Text(
                "The call may hold at most {limit} fields in all.", "Çağrıda toplam en çok {limit} alan olabilir."
            ).format(limit=MAX_FIELDS)
        )
