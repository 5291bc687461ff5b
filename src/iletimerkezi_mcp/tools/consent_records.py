"""The rules of one consent record, the same for a record that a call holds and for a row of a list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Literal

from iletimerkezi_mcp.language import ExplainedError, Text
from iletimerkezi_mcp.provider.consents import Channel, ConsentStatus, Source
from iletimerkezi_mcp.sms.numbers import NumberError, parse_number
from iletimerkezi_mcp.sms.times import EARLIEST_CONSENT, wire_moment

SOURCE_OF_2015 = "HS_2015"
"""The source whose only date is :data:`.EARLIEST_CONSENT` (contract, section 10.4)."""

DECISION = "HS_KARAR"
"""The source that goes with a refusal only (contract, section 10.4)."""

# Plain ASCII: no character that looks like another one, and no markup.
_EMAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_{}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,8}"
    r"(?:[A-Za-z]{2,63}|xn--[A-Za-z0-9-]{1,59})"
)
_NOT_AN_EMAIL = Text(
    "must be an e-mail address in plain ASCII characters, since channel is EPOSTA",
    "yalnızca ASCII karakterlerden oluşan bir e-posta adresi olmalı, çünkü kanal EPOSTA",
)
_NOT_THE_DAY_OF_2015 = Text(
    "must be {date} with source {source}; do not change the record to fit, ask the user",
    "{source} kaynağıyla {date} olmalı; kaydı buna uydurmayın, kullanıcıya sorun",
    person=Text(
        "must be {date} with source {source}; do not change the record to fit",
        "{source} kaynağıyla {date} olmalı; kaydı buna uydurmayın",
    ),
)
_REFUSALS_ONLY = Text("{source} goes with RET only", "{source} yalnızca RET ile kullanılır")


class RecipientError(ExplainedError, ValueError):
    """This is not a recipient of the channel. `reason` reads on from the name of the field."""


def parse_recipient(raw: str, channel: Channel, *, international: bool) -> str:
    """Return the recipient of a record: an e-mail address for EPOSTA, else a number in E.164.

    A call may go to a landline, so ARAMA takes any Turkish number. Raises :class:`RecipientError`.
    """
    text = raw.strip()
    if channel == "EPOSTA":
        if not _EMAIL.fullmatch(text):
            raise RecipientError(_NOT_AN_EMAIL)
        return text
    try:
        return parse_number(text, international=international, landline=channel == "ARAMA")
    except NumberError as error:
        raise RecipientError(error.reason) from None


def broken_rules(
    status: ConsentStatus, source: Source, date: datetime
) -> Iterator[tuple[Literal["consent_date", "source"], Text]]:
    """Return the fields that the registry is sure to refuse together, each with the reason, which reads on from it."""
    if source == SOURCE_OF_2015 and date != EARLIEST_CONSENT:
        yield "consent_date", _NOT_THE_DAY_OF_2015.format(date=wire_moment(EARLIEST_CONSENT), source=SOURCE_OF_2015)
    if source == DECISION and status != "RET":
        yield "source", _REFUSALS_ONLY.format(source=DECISION)
