"""The tokens that the tool list may take of a model's context, at four bytes each.

Hosts put `tools/list` before every conversation, so each word of a tool costs all users. Of the eleven tools of the SMS
account, what a model is given takes at most 2,900 tokens, and all that is listed at most 5,000. Tools of another kind are
a group of their own, with a budget of its own, which an operator need not offer: those of lists, 1,800 and 4,000
(``ILETIMERKEZI_FILES_DIR``).

If a budget is full, shorten the words of a tool of its group, or drop an argument that another one makes needless; never
raise the number to make a tool fit.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

from iletimerkezi_mcp.tools.catalogue import TOOLS
from iletimerkezi_mcp.tools.list_catalogue import LIST_TOOLS
from iletimerkezi_mcp.tools.tool import Tool

BYTES_PER_TOKEN: Final = 4
"""UTF-8 bytes of compact JSON that count as one token."""

LARGEST_TOOL: Final = 920
"""The most tokens of `tools/list` that one tool may take."""


@dataclass(frozen=True, slots=True)
class Budget:
    """A group of tools, and the most tokens that they may take together.

    `model` counts what every host gives its model: name, description and input schema. `listed` counts all that
    `tools/list` shows, with titles, hints and output schemas.
    """

    tools: tuple[Tool[Any], ...]
    model: int
    listed: int

    def model_tokens(self) -> float:
        """Return how many tokens the group takes in a model's context."""
        return sum(tokens({key: spec[key] for key in ("name", "description", "inputSchema")}) for spec in self._specs())

    def listed_tokens(self) -> float:
        """Return how many tokens the group takes in `tools/list`."""
        return sum(map(tokens, self._specs()))

    def _specs(self) -> list[dict[str, Any]]:
        # Hosts read the address of a tool's card themselves, and give it to no model.
        return [
            tool.spec().model_dump(by_alias=True, mode="json", exclude_none=True, exclude={"meta"})
            for tool in self.tools
        ]


BUDGETS: Final = {
    "sms": Budget(TOOLS, model=2_900, listed=5_000),
    "lists": Budget(LIST_TOOLS, model=1_800, listed=4_000),
}
"""The budget of each group; every tool belongs to one."""


def tokens(value: object) -> float:
    """Return about how many tokens `value` is as compact JSON."""
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()) / BYTES_PER_TOKEN
