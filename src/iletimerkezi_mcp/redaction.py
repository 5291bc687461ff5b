"""Secrets taken out, by their value, of everything that leaves the process.

An upstream may echo a request, a library may log one, an exception may carry one. These cases are not
foreseen one by one; everything that goes out passes here instead.
"""

from __future__ import annotations

import logging
import re
from typing import Any

from .sms.normalize import normalize

SHORTEST_SECRET = 4
"""Shorter values are too common as parts of words to be taken out, and too short to be secrets."""

HIDDEN = "[hidden]"

_AROUND = " \t\r\n\"'"


class Redactor:
    """Takes `secrets` out of text and data and, with `mask_numbers`, the middle out of phone numbers."""

    def __init__(self, secrets: tuple[str, ...], *, mask_numbers: bool = False) -> None:
        # A variable may hold blanks, quotes or a carriage return around its secret. The longest first: one may be a part of another.
        bare = {value.strip(_AROUND) for value in secrets}
        values = sorted((value for value in bare if len(value) >= SHORTEST_SECRET), key=len, reverse=True)
        self._values = values
        self._secrets = re.compile("|".join(map(re.escape, values))) if values else None
        self._mask_numbers = mask_numbers

    def text(self, text: str) -> str:
        """Return `text` without secrets."""
        return text if self._secrets is None else self._secrets.sub(HIDDEN, text)

    def has_secret(self, value: Any) -> bool:
        """Return True if a text in `value` (text, lists, objects) holds a secret, outside lists also with invisible marks."""
        if isinstance(value, str):
            return self._is_in(value) or (not value.isascii() and self._is_in(normalize(value)))
        if isinstance(value, list):
            # The texts of a list, which may be 50,000 numbers, are searched at once and as they are.
            others: list[Any] = []
            try:
                texts = "\n".join(value)
            except TypeError:
                texts = "\n".join(item for item in value if isinstance(item, str))
                others = [item for item in value if not isinstance(item, str)]
            return self._is_in(texts) or any(map(self.has_secret, others))
        return isinstance(value, dict) and any(map(self.has_secret, (*value, *value.values())))

    def _is_in(self, text: str) -> bool:
        return any(value in text for value in self._values)

    def redact(self, value: Any) -> Any:
        """Return `value` (text, lists, objects) as the model may see it: no secrets, and numbers masked if that is set."""
        if isinstance(value, str):
            plain = self.text(value)
            if not self._mask_numbers:
                return plain
            # Its expressions take longer to compile than most modules to load.
            from .sms.masking import mask_in_text

            return mask_in_text(plain)
        if isinstance(value, list):
            return [self.redact(item) for item in value]
        if isinstance(value, dict):
            return {name: self.redact(item) for name, item in value.items()}
        return value


class ScrubbedFormatter(logging.Formatter):
    """Formats a log record, traceback included, and redacts all of it."""

    def __init__(self, redactor: Redactor) -> None:
        super().__init__("%(levelname)s %(name)s: %(message)s")
        self._redactor = redactor

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one text, redacted."""
        return str(self._redactor.redact(super().format(record)))
