"""What leaves the process, freed of secrets: by their value, wherever they stand.

An upstream may echo a request, a library may log one, an exception may carry one. None of that is
foreseen piece by piece; everything that goes out passes here instead.
"""

from __future__ import annotations

import logging
import re
from typing import Any

from .sms.numbers import mask

SHORTEST_SECRET = 4
"""Shorter values are too common as parts of words to be taken out, and too short to be secrets."""

HIDDEN = "[hidden]"

_NUMBER = re.compile(r"\+[0-9]{8,15}(?![0-9])")


class Redactor:
    """Takes `secrets` out of text and data and, with `mask_numbers`, the middle out of phone numbers."""

    def __init__(self, secrets: tuple[str, ...], *, mask_numbers: bool = False) -> None:
        # The longest first: one secret may be a part of another.
        found = sorted({one for one in secrets if len(one) >= SHORTEST_SECRET}, key=len, reverse=True)
        self._secrets = re.compile("|".join(re.escape(one) for one in found)) if found else None
        self._mask = mask_numbers

    def text(self, text: str) -> str:
        """`text` without secrets."""
        return text if self._secrets is None else self._secrets.sub(HIDDEN, text)

    def told(self, value: Any) -> Any:
        """`value` (text, lists, objects) as the model may see it: no secrets, and numbers masked where that is set."""
        if isinstance(value, str):
            plain = self.text(value)
            return _NUMBER.sub(lambda match: mask(match[0]), plain) if self._mask else plain
        if isinstance(value, list):
            return [self.told(one) for one in value]
        if isinstance(value, dict):
            return {name: self.told(one) for name, one in value.items()}
        return value


class ScrubbedFormatter(logging.Formatter):
    """Formats a log record, traceback included, and takes the secrets out of all of it."""

    def __init__(self, redactor: Redactor) -> None:
        super().__init__("%(levelname)s %(name)s: %(message)s")
        self._outgoing = redactor

    def format(self, record: logging.LogRecord) -> str:
        """The record as one text without secrets."""
        return self._outgoing.text(super().format(record))
