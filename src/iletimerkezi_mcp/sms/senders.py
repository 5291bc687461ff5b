"""Sender names (başlık): what the provider can accept at all.

Only the account knows whether a sender is approved; what can never be one is refused
here, before any request (contract, section 2: at most 11 characters, no Turkish letters).
"""

from __future__ import annotations

import re

from iletimerkezi_mcp.language import ExplainedError, Text, verbatim

from .escape import quoted

MAX_SENDER = 11
"""Characters in a sender name, spaces included."""

_ALLOWED = re.compile(r"[A-Za-z0-9 .&_/+-]*")


class SenderError(ExplainedError, ValueError):
    """This cannot be a sender name; `reason` says why and what to do."""


def is_sender(raw: str) -> bool:
    """Return True if `raw` can be a sender name at all."""
    try:
        parse_sender(raw)
    except SenderError:
        return False
    return True


def quote_sender(raw: str) -> Text:
    """Return a sender name from the provider in quotation marks, with a note if it cannot be one."""
    if is_sender(raw):
        return verbatim(quoted(raw))
    return Text("{name} (not a possible sender name)", "{name} (başlık olamaz)").format(name=quoted(raw))


def parse_sender(raw: str) -> str:
    """Return `raw` as it is if it can be a sender name: case and spaces count and are never changed.

    Raises :class:`SenderError` for an empty name, more than 11 characters, or a letter outside
    the English ones.
    """
    if not raw.strip():
        raise SenderError(Text("must not be empty", "boş olamaz"))
    if len(raw) > MAX_SENDER:
        too_long = Text(
            "has {characters} characters and may have at most {limit}; get_sender lists the approved ones",
            "{characters} karakter; en çok {limit} olabilir; onaylı başlıkları get_sender listeler",
        )
        raise SenderError(too_long.format(characters=len(raw), limit=MAX_SENDER))
    if not _ALLOWED.fullmatch(raw):
        raise SenderError(
            Text(
                "may hold English letters, digits and spaces only, no Turkish letters; see get_sender",
                "yalnızca İngilizce harf, rakam ve boşluk içerebilir, Türkçe harf olamaz; "
                "onaylı başlıkları get_sender listeler",
            )
        )
    return raw
