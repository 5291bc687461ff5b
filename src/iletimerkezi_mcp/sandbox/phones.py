"""Numbers as the provider reads them, on its own: what the client made of them is not trusted."""

from __future__ import annotations

import re

_TURKISH = re.compile(r"(?:\+?90)?(5[0-6][0-9]{8})")
_FOREIGN = re.compile(r"\+(?!90)[1-9][0-9]{7,14}")


def read(raw: str, *, abroad: bool) -> str | None:
    """Return `raw` as ``+905XXXXXXXXX``, or None if the provider would not take it (contract, section 2).

    Only the documented spellings pass: ``905…``, ``+905…``, ``5…``, with or without blanks. ``05…`` is in no
    documented list, so it does not. Other countries need ``+`` and the account's setting for them.
    """
    if match := _TURKISH.fullmatch(raw) or _TURKISH.fullmatch(raw.replace(" ", "")):
        return f"+90{match[1]}"
    if abroad and _FOREIGN.fullmatch(raw):
        return raw
    return None
