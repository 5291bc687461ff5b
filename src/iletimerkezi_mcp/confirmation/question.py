"""The question that a person is asked, and what counts as a yes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from iletimerkezi_mcp.language import Language, Text, count

QUESTION_LIFE = timedelta(minutes=5)
"""How long a question waits for its answer; silence is a no."""

_TYPED = re.compile(r"[0-9]{1,3}(?:[., ][0-9]{3}){0,3}|[0-9]{1,12}")


@dataclass(frozen=True, slots=True)
class Question:
    """A preview, put to a person as a form. `typed` is the number to be typed, where one is asked for."""

    message: str
    typed: int | None
    language: Language

    def schema(self) -> dict[str, Any]:
        """The form: one required boolean, and from many recipients on their number, to be typed."""
        send = {
            "type": "boolean",
            "title": Text("Do it", "Yapılsın").to(self.language),
            "description": Text(
                "Yes only if all of the above is right; it cannot be called back.",
                "Yalnızca yukarıdakilerin hepsi doğruysa evet deyin; geri alınamaz.",
            ).to(self.language),
        }
        properties: dict[str, Any] = {"send": send}
        if self.typed is not None:
            told = count(self.typed)
            properties["count"] = {
                "type": "string",
                "title": Text("How many", "Kaç tane").to(self.language),
                "description": (
                    Text("Type the number above, ", "Yukarıdaki sayıyı yazın: ")
                    + told
                    + Text(", to show that it is meant.", "; bilerek onayladığınızı gösterir.")
                ).to(self.language),
            }
        return {"type": "object", "properties": properties, "required": list(properties)}

    def is_yes(self, content: Mapping[str, Any] | None) -> bool:
        """Only true, and the right number where one is asked for: 12000, 12.000 and 12,000 are the same."""
        given = content or {}
        if given.get("send") is not True:
            return False
        return self.typed is None or _number(given.get("count")) == self.typed


def _number(typed: object) -> int | None:
    if isinstance(typed, bool):
        return None
    if isinstance(typed, int):
        return typed
    if isinstance(typed, float):
        return int(typed) if typed.is_integer() else None
    text = typed.strip() if isinstance(typed, str) else ""
    return int(re.sub(r"[., ]", "", text)) if _TYPED.fullmatch(text) else None
