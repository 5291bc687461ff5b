"""The shape of all tools' arguments: flat, in plain words, nothing unknown, nothing guessed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, get_origin

from pydantic import BaseModel, ConfigDict
from pydantic_core import from_json

from iletimerkezi_mcp.confirmation.pending_change import PendingCall
from iletimerkezi_mcp.language import Text, verbatim
from iletimerkezi_mcp.sms.escape import is_blank

from .errors import BadArgumentsError

HOSTS_OWN: Final[Mapping[str, str]] = {
    "toolCallId": "n8n, the model's id of the call (n8n-io/n8n #21716, #37308)",
    "sessionId": "n8n, the chat that the workflow belongs to",
}
"""The arguments that a host adds by itself to every call, with their source. They are dropped; they say nothing to a tool."""


def argument(name: str, value: str | int) -> Text:
    """Return an argument as a sentence names it: by its name, for a person at a terminal as the command line spells it."""
    named, flag = verbatim(f"{name} {value}"), verbatim(f"--{name.replace('_', '-')} {value}")
    return replace(named, person=replace(flag, person=named))


class Arguments(BaseModel):
    """A tool's arguments."""

    # Built when first called: building all of them takes a tenth of what a start takes beyond the SDK's.
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, defer_build=True)

    @classmethod
    def normalized(cls, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Return `arguments` without what says nothing, and with lists that came as JSON text as lists.

        Many models fill in every argument that they see, so nulls are left out, and blank texts in optional arguments.
        Unknown arguments stay, so that they are refused by name, but for :data:`HOSTS_OWN`.
        """
        fields = cls.model_fields
        values = {}
        for name, value in arguments.items():
            field = fields.get(name)
            if field is None:
                if name not in HOSTS_OWN:
                    values[name] = value
            elif value is None or (isinstance(value, str) and not field.is_required() and is_blank(value)):
                continue
            else:
                values[name] = _list_in(value) if get_origin(field.annotation) is list else value
        return values

    @classmethod
    def end_of_refusal(cls, _: Mapping[str, Any]) -> Text | None:
        """Return what a refusal of these arguments says at its end, None if it says no more than how to correct them."""
        return None


def _list_in(value: Any) -> Any:
    """Return the list that the text `value` is in JSON, as some hosts write lists; anything else as it is."""
    if not isinstance(value, str):
        return value
    try:
        parsed = from_json(value)
    except ValueError:
        return value
    return parsed if isinstance(parsed, list) else value


class ChangeArguments(Arguments):
    """The arguments of a tool that changes something; each has `dry_run` and `confirm` as its last fields."""

    if TYPE_CHECKING:
        dry_run: bool
        confirm: str | None

    def call(self, tool: str) -> PendingCall:
        """Return the call of `tool` that these are the arguments of, without the code."""
        return PendingCall(tool, self.model_dump_json(exclude={"confirm"}, exclude_none=True))


MAX_FIELDS = 50_000
"""The most fields of a call: its arguments, and those of the objects in their lists. The largest consent list has 30,000.

Each that does not belong there would be an error of its own, and a million of them keep the server for half a minute.
"""


def check_number_of_fields(arguments: Mapping[str, Any]) -> None:
    """Raise :class:`.BadArgumentsError` for more than :data:`MAX_FIELDS`."""
    lists = (value for value in arguments.values() if isinstance(value, list))
    # A list of texts alone, as a long one is, is not gone through in Python.
    fields = sum(len(item) for items in lists if dict in set(map(type, items)) for item in items if type(item) is dict)
    if len(arguments) + fields > MAX_FIELDS:
        raise BadArgumentsError(
            Text(
                "The call may hold at most {limit} fields in all.", "Çağrıda toplam en çok {limit} alan olabilir."
            ).format(limit=MAX_FIELDS)
        )
