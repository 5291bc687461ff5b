"""The life of one call: a server and a client in this process, and what Ctrl-C does to them."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import anyio
import mcp.types as mcp_types
from anyio import TASK_STATUS_IGNORED
from anyio.abc import TaskStatus
from mcp import Client, MCPError

from iletimerkezi_mcp import __version__
from iletimerkezi_mcp.cli.streams import say
from iletimerkezi_mcp.cli.usage import INTERRUPTED
from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.provider.outcomes import OUTCOMES
from iletimerkezi_mcp.provider.timeouts import DEFAULT_TIMEOUTS
from iletimerkezi_mcp.server.build import build_server
from iletimerkezi_mcp.settings import Settings
from iletimerkezi_mcp.tools.answers import Answer, ChangeAnswer, ReadAnswer
from iletimerkezi_mcp.tools.tool import Tool
from iletimerkezi_mcp.transports.shutdown import Shutdown

from .prompt import TerminalPrompt
from .waiting import WaitingLine

HOST = "iletimerkezi-mcp call"
"""The host's name in the audit log."""

_AWAITED = Text(
    "The request is under way and cannot be recalled; its outcome is awaited. Ctrl-C again stops waiting.",
    "İstek gönderildi, geri alınamaz; sonucu bekleniyor. Beklemeyi kesmek için yeniden Ctrl-C.",
)
_MAYBE_DONE = Text("It may have been done: {cause}", "Yapılmış olabilir: {cause}")
_NOT_AWAITED = Text(
    "It may have been done: the call was stopped while its request was under way.",
    "Yapılmış olabilir: çağrı, istek sürerken durduruldu.",
)
_VERIFY = Text(
    "Do not repeat it; look first at what the account shows (get_reports, get_blacklist, iys_check).",
    "Yinelemeyin; önce hesapta ne göründüğüne bakın (get_reports, get_blacklist, iys_check).",
)
_STOPPED = Text("Stopped; nothing was done.", "Durduruldu; hiçbir şey yapılmadı.")
_CALL_AGAIN = Text("Call again when it is wanted.", "İstediğinizde yeniden çağırın.")


@dataclass(frozen=True, slots=True)
class CallResult:
    """The end of a call: the answer's structure, the exit code, and if a thread may still be blocked somewhere."""

    answer: Mapping[str, Any]
    exit_code: int
    blocked: bool


class Call:
    """One call of `tool`. With `prompt` the client declares that it can show a form; without, codes are handed out."""

    def __init__(
        self, settings: Settings, tool: Tool[Any], prompt: TerminalPrompt | None, waiting: WaitingLine
    ) -> None:
        self._settings = settings
        self._tool = tool
        self._prompt = prompt
        self._waiting = waiting
        self._shutdown = Shutdown(DEFAULT_TIMEOUTS.call_seconds)
        self._sent = anyio.Event()

    async def run(self, arguments: Mapping[str, Any]) -> CallResult:
        """Make the call. Raises :class:`.SettingsError` if the sandbox cannot be kept, perhaps in an exception group."""
        server = build_server(self._settings, grace=self._shutdown.seconds_left, on_begun=[self._sent.set])
        client = Client(
            server,
            client_info=mcp_types.Implementation(name=HOST, version=__version__),
            elicitation_callback=self._prompt,
        )
        result: mcp_types.CallToolResult | None = None
        failure: str | None = None
        call_scope, watch_scope = anyio.CancelScope(), anyio.CancelScope()
        async with anyio.create_task_group() as tasks:
            await tasks.start(self._watch, watch_scope, call_scope)
            async with client:
                with call_scope:
                    try:
                        await self._read_order(client, arguments)
                        result = await client.call_tool(self._tool.name, dict(arguments))
                    except MCPError as error:
                        failure = error.error.message
            watch_scope.cancel()
        if result is None:
            return self._without_answer(failure)
        answer = result.structured_content or {}
        return CallResult(answer, OUTCOMES[answer["outcome"]].exit_code, self._blocked())

    async def _watch(
        self,
        watch_scope: anyio.CancelScope,
        call_scope: anyio.CancelScope,
        *,
        task_status: TaskStatus[None] = TASK_STATUS_IGNORED,
    ) -> None:
        """Obey signals and show a long wait, in a scope that ends without a cancellation of the caller."""
        with watch_scope:
            async with anyio.create_task_group() as tasks:
                await tasks.start(self._shutdown.on_signals)
                tasks.start_soon(self._waiting.show)
                tasks.start_soon(self._obey, call_scope)
                task_status.started()

    async def _read_order(self, client: Client, arguments: Mapping[str, Any]) -> None:
        """Let the server see the order that is to be cancelled: it cancels only such, and lives for this one call."""
        if self._tool.name == "cancel_order" and "order_id" in arguments:
            # If get_report is not offered, cancel_order itself says what it lacks.
            with suppress(MCPError):
                await client.call_tool("get_report", {"order_id": arguments["order_id"], "show": "none"})

    async def _obey(self, call_scope: anyio.CancelScope) -> None:
        """Cancel the call once it is to stop, except that an open question is a no, and a request under way is awaited."""
        await self._shutdown.requested.wait()
        answered = self._prompt is not None and self._prompt.stop()
        if answered or self._sent.is_set():
            if not answered:
                with self._waiting.paused():
                    say(_AWAITED, self._settings.language)
            with anyio.move_on_after(self._shutdown.seconds_left()):
                await self._shutdown.forced.wait()
        call_scope.cancel()

    def _without_answer(self, failure: str | None) -> CallResult:
        """Return the result of a call that was stopped (`failure` is None), or to which the server had no answer."""
        language, sandbox = self._settings.language, self._settings.sandbox
        summary, next_step = failure or _STOPPED.to(language), _CALL_AGAIN.to(language)
        answer: Answer
        if self._sent.is_set():
            summary = (_NOT_AWAITED if failure is None else _MAYBE_DONE.format(cause=failure)).to(language)
            next_step = _VERIFY.to(language)
            answer = ChangeAnswer(outcome="unknown", summary=summary, next_step=next_step, sandbox=sandbox)
        elif self._tool.changes:
            answer = ChangeAnswer(outcome="nothing_done", summary=summary, next_step=next_step, sandbox=sandbox)
        else:
            answer = ReadAnswer(outcome="failed", summary=summary, next_step=next_step, sandbox=sandbox)
        interrupted = failure is None and not self._sent.is_set()
        code = INTERRUPTED if interrupted else OUTCOMES[answer.outcome].exit_code
        return CallResult(answer.model_dump(mode="json", exclude_none=True), code, self._blocked())

    def _blocked(self) -> bool:
        return self._shutdown.requested.is_set() or (self._prompt is not None and self._prompt.abandoned)
