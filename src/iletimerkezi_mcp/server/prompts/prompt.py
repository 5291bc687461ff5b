"""A prompt: its arguments, and the text that it becomes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import mcp.types as mcp_types

from iletimerkezi_mcp.language import Language, Text, count, verbatim
from iletimerkezi_mcp.sms.senders import SenderError, parse_sender
from iletimerkezi_mcp.sms.times import MAX_REPORT_DAYS

MAX_WORDS = 2_000
"""Characters of an argument that a person writes freely."""

Given = Mapping[str, str]
"""The arguments that a call has: none of them blank, each checked."""


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument. `check` says what is wrong with a value, in a phrase that reads on from the argument's name."""

    name: str
    description: Text
    check: Callable[[str], Text | None]
    required: bool = False


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt. It is offered where all the tools are that it `needs`; the resources that it `shows` go with it.

    `write` gets the arguments and the present moment.
    """

    name: str
    title: Text
    description: Text
    arguments: tuple[Argument, ...]
    needs: tuple[str, ...]
    write: Callable[[Given, datetime], Text]
    shows: tuple[str, ...] = ()

    def spec(self, language: Language) -> mcp_types.Prompt:
        """The prompt as `prompts/list` shows it."""
        return mcp_types.Prompt(
            name=self.name,
            title=self.title.to(language),
            description=self.description.to(language),
            arguments=[
                mcp_types.PromptArgument(name=one.name, description=one.description.to(language), required=one.required)
                for one in self.arguments
            ],
        )

    def problem(self, given: Given) -> Text | None:
        """The first thing that is wrong with `given`, as a whole sentence."""
        names = [one.name for one in self.arguments]
        for name in given:
            if name not in names:
                return Text(f"{name} is no argument of {self.name}.", f"{name}, {self.name} için bir argüman değil.")
        for one in self.arguments:
            if one.name not in given:
                if one.required:
                    return Text(f"{one.name} is required.", f"{one.name} zorunlu.")
            elif (wrong := one.check(given[one.name])) is not None:
                return verbatim(one.name + " ") + wrong + "."
        return None


def words(value: str) -> Text | None:
    """Anything that a person writes, up to :data:`MAX_WORDS`."""
    if len(value) <= MAX_WORDS:
        return None
    return Text("may have at most ", "en çok ") + count(MAX_WORDS) + Text(" characters", " karakter olabilir")


def quoted(value: str) -> str:
    """`value` as a person's own words."""
    return f"“{value.strip()}”"


def _language(value: str) -> Text | None:
    return None if value in ("en", "tr") else Text("must be en or tr", "en ya da tr olmalı")


def _sender(value: str) -> Text | None:
    try:
        parse_sender(value)
    except SenderError as error:
        return error.reason
    return None


def _order_id(value: str) -> Text | None:
    if re.fullmatch(r"[0-9]{1,20}", value):
        return None
    return Text("must be digits only, at most 20", "yalnızca rakam olmalı, en çok 20")


def _days(value: str) -> Text | None:
    if re.fullmatch(r"[0-9]{1,2}", value) and 1 <= int(value) <= MAX_REPORT_DAYS:
        return None
    return Text(f"must be 1 to {MAX_REPORT_DAYS}", f"1 ile {MAX_REPORT_DAYS} arasında olmalı")


LANGUAGE = Argument(
    "language",
    Text("en or tr. Left out: the operator's language.", "en ya da tr. Boşsa yöneticinin dili."),
    _language,
)

SENDER = Argument(
    "sender",
    Text(
        "Approved sender to send from. Left out: the operator's, or one you pick.",
        "Gönderen onaylı başlık. Boşsa yöneticininki ya da seçeceğiniz biri.",
    ),
    _sender,
)

ORDER_ID = Argument("order_id", Text("Order number, digits.", "Sipariş numarası, rakamla."), _order_id)

DAYS = Argument(
    "days",
    Text(
        f"How many days back, today included, 1 to {MAX_REPORT_DAYS}. Left out: 3.",
        f"Bugün dahil kaç gün geriye, 1 ile {MAX_REPORT_DAYS} arası. Boşsa 3.",
    ),
    _days,
)
