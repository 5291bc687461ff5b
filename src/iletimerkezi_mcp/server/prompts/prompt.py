"""A prompt: its arguments, and the text that it becomes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import mcp.types as mcp_types

from iletimerkezi_mcp.language import Language, Text
from iletimerkezi_mcp.sms.senders import SenderError, parse_sender
from iletimerkezi_mcp.sms.times import MAX_REPORT_DAYS

MAX_FREE_TEXT = 2_000
"""Characters of an argument that a person writes freely."""

DEFAULT_DAYS = 3

Values = Mapping[str, str]
"""The arguments of a call by name: none of them blank, each checked."""


@dataclass(frozen=True, slots=True)
class PromptArgument:
    """One argument. `check` returns what is wrong with a value, as a phrase that reads on from the argument's name."""

    name: str
    description: Text
    check: Callable[[str], Text | None]
    required: bool = False


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt. It is offered if all the tools that it `needs` are; the resources that it `embeds` go with it.

    `write` gets the arguments and the present moment.
    """

    name: str
    title: Text
    description: Text
    arguments: tuple[PromptArgument, ...]
    needs: tuple[str, ...]
    write: Callable[[Values, datetime], Text]
    embeds: tuple[str, ...] = ()

    def spec(self, language: Language) -> mcp_types.Prompt:
        return mcp_types.Prompt(
            name=self.name,
            title=self.title.to(language),
            description=self._description().to(language),
            arguments=[
                mcp_types.PromptArgument(
                    name=argument.name, description=argument.description.to(language), required=argument.required
                )
                for argument in self.arguments
            ],
        )

    def _description(self) -> Text:
        """Return the description with the arguments that are needed: many hosts show no more of a prompt."""
        if not (required := [argument.name for argument in self.arguments if argument.required]):
            return self.description
        return Text("{description} Needs: {names}.", "{description} Gerekli parametre: {names}.").format(
            description=self.description, names=", ".join(required)
        )

    def argument_names(self) -> Text:
        """Return the names of the arguments, with a note at those that are needed."""
        required = Text("{name} (required)", "{name} (zorunlu)")
        return Text.join(
            ", ",
            (
                required.format(name=argument.name) if argument.required else argument.name
                for argument in self.arguments
            ),
        )

    def problem(self, values: Values) -> Text | None:
        """Return the first thing that is wrong with `values`, as a sentence."""
        names = [argument.name for argument in self.arguments]
        for name in values:
            if name not in names:
                return Text(
                    "{name} is not an argument of {prompt}.", "{prompt} için {name} diye bir parametre yok."
                ).format(name=name, prompt=self.name)
        for argument in self.arguments:
            if argument.name not in values:
                if argument.required:
                    return Text("{name} is required.", "{name} zorunlu.").format(name=argument.name)
            elif (reason := argument.check(values[argument.name])) is not None:
                return Text("{name} {reason}.", "{name} {reason}.").format(name=argument.name, reason=reason)
        return None


def _matching(pattern: str, problem: Text) -> Callable[[str], Text | None]:
    return lambda value: None if re.fullmatch(pattern, value, re.DOTALL) else problem


def _check_sender(value: str) -> Text | None:
    try:
        parse_sender(value)
    except SenderError as error:
        return error.reason
    return None


def _check_days(value: str) -> Text | None:
    if re.fullmatch(r"[0-9]{1,2}", value) and 1 <= int(value) <= MAX_REPORT_DAYS:
        return None
    return Text("must be 1 to {maximum}", "1 ile {maximum} arasında olmalı").format(maximum=MAX_REPORT_DAYS)


check_free_text = _matching(
    rf".{{0,{MAX_FREE_TEXT}}}",
    Text("may have at most {maximum} characters", "en çok {maximum} karakter olabilir").format(maximum=MAX_FREE_TEXT),
)

LANGUAGE = PromptArgument(
    "language",
    Text("en or tr. Left out: the operator's language.", "en ya da tr. Boşsa sunucunun dili."),
    _matching("en|tr", Text("must be en or tr", "en ya da tr olmalı")),
)

SENDER = PromptArgument(
    "sender",
    Text(
        "Approved sender to send from. Left out: the operator's, or one you pick.",
        "Gönderimde kullanılacak onaylı başlık. Boşsa sunucuda ayarlı olan ya da seçeceğiniz biri.",
    ),
    _check_sender,
)

ORDER_ID = PromptArgument(
    "order_id",
    Text("Order number, digits.", "SMS gönderim numarası."),
    _matching(r"[0-9]{1,20}", Text("must be digits only, at most 20", "en çok 20 haneli bir sayı olmalı")),
)

DAYS = PromptArgument(
    "days",
    Text(
        "How many days back, today included, 1 to {maximum}. Left out: {default}.",
        "Bugün dahil son kaç gün, 1 ile {maximum} arası. Boşsa {default}.",
    ).format(maximum=MAX_REPORT_DAYS, default=DEFAULT_DAYS),
    _check_days,
)
