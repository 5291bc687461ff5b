"""The stage of a demo: each step is written as it happens, or gathered for one JSON object."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import anyio
import mcp.types as mcp_types
from mcp import Client

from iletimerkezi_mcp.cli.terminal import BOLD, CYAN, DIM, GREEN, RED, Output
from iletimerkezi_mcp.language import ExplainedError, Language, Text, verbatim

_TO_THE_MODEL = Text("{mark} to the model: {line}", "{mark} modele: {line}")
_ALL_WORKED = Text(
    "All of it worked, in {seconds} seconds. Nothing real was sent.",
    "Tüm adımlar {seconds} saniyede sorunsuz tamamlandı. Gerçek hiçbir şey gönderilmedi.",
)
_LATE = Text("{tool}: what is awaited did not come in time", "{tool}: beklenen sonuç zamanında gelmedi")
_UNEXPECTED = Text("{name}: {value}, expected {expected}", "{name}: {value}, beklenen: {expected}")

REPORT_SECONDS = 30
"""The time that the demo waits for its order to finish, and for the reports of it."""

POLL_SECONDS = 0.5


@dataclass(slots=True)
class Stage:
    """A host that calls the tools of a server, and shows what it calls and what it is answered."""

    output: Output
    language: Language
    client: Client = field(init=False)
    steps: list[dict[str, Any]] = field(default_factory=list)

    def end(self, failure: Text | None, seconds: float) -> None:
        """Say that the story is over, and what went wrong if it did."""
        reason = None if failure is None else failure.to(self.language)
        self.output.line("")
        if reason is None:
            good = _ALL_WORKED.format(seconds=round(seconds)).to(self.language)
            self.output.line(self.output.styled(f"✓ {good}", GREEN))
        else:
            self.output.line(self.output.styled(f"✗ {reason}", RED))
        self.output.json({"ok": reason is None, "failure": reason, "seconds": round(seconds, 1), "steps": self.steps})

    def begin(self, title: Text) -> None:
        """Begin a part of the story."""
        self.steps.append({"step": title.to(self.language)})
        self.output.line("")
        self.output.line(self.output.styled(title.to(self.language), BOLD))

    def note(self, text: Text) -> None:
        """Say something to the reader."""
        self.output.line(f"  {text.to(self.language)}")

    def quote(self, text: str) -> None:
        """Show what a person sees, line by line."""
        for line in text.splitlines():
            self.output.line(f"    {line}")

    def show(self, tool: str, arguments: Mapping[str, Any], result: mcp_types.CallToolResult) -> None:
        """Show a call, and its answer word for word: what is for a person to read is brighter than the rest."""
        text = "\n".join(block.text for block in result.content if isinstance(block, mcp_types.TextContent))
        call = ", ".join(f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in arguments.items())
        self.output.line("  " + self.output.styled(f"→ {tool}({call})", CYAN))
        mark = self.output.styled("✗", RED) if result.is_error else self.output.styled("✓", GREEN)
        first, _, rest = text.partition("\n")
        line = _TO_THE_MODEL.format(mark=mark, line=self.output.styled(first, DIM))
        self.output.line(f"  {line.to(self.language)}")
        answer = result.structured_content or {}
        read = answer.get("preview", "").splitlines() if answer.get("outcome") == "preview" else ()
        for row in rest.splitlines():
            self.output.line("    " + (row if row in read else self.output.styled(row, DIM)))

    async def ask(self, tool: str, arguments: Mapping[str, Any]) -> mcp_types.CallToolResult:
        """Call a tool without showing it."""
        result = await self.client.call_tool(tool, dict(arguments))
        answer = result.structured_content or {}
        self.steps.append({"tool": tool, "arguments": dict(arguments), "is_error": result.is_error, "answer": answer})
        return result

    async def call(self, tool: str, arguments: Mapping[str, Any], *, outcome: str) -> dict[str, Any]:
        """Call a tool, show it, and return its answer. Raises :class:`.ExplainedError` for another outcome."""
        result = await self.ask(tool, arguments)
        self.show(tool, arguments, result)
        answer = result.structured_content or {}
        self.expect(answer, "outcome", outcome, name=tool)
        return answer

    async def wait(
        self, tool: str, arguments: Mapping[str, Any], ready: Callable[[dict[str, Any]], bool]
    ) -> dict[str, Any]:
        """Read until the answer is `ready` or a failure, show it, and return it; on the way note what is new.

        Raises :class:`.ExplainedError` if it takes too long.
        """
        deadline, summary = time.monotonic() + REPORT_SECONDS, None
        while time.monotonic() < deadline:
            result = await self.ask(tool, arguments)
            answer = result.structured_content or {}
            if answer.get("outcome") != "ok" or ready(answer):
                self.show(tool, arguments, result)
                return answer
            if answer["summary"] != summary:
                summary = answer["summary"]
                self.note(verbatim(summary))
            await anyio.sleep(POLL_SECONDS)
        raise ExplainedError(_LATE.format(tool=tool))

    def expect(self, answer: Mapping[str, Any], field: str, expected: object, *, name: str | None = None) -> None:
        """Raise :class:`.ExplainedError` unless the `field` of `answer` is what the story says."""
        if (value := answer.get(field)) != expected:
            raise ExplainedError(_UNEXPECTED.format(name=name or field, value=str(value), expected=str(expected)))
