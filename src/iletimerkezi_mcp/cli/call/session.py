"""LifespanState one call: a server and a client in this process, and what Ctrl-C does to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import anyio
import mcp.types as mcp_types
from anyio import TASK_STATUS_IGNORED
from anyio.abc import TaskStatus
from mcp import Client, MCPError

from iletimerkezi_mcp import __version__
from iletimerkezi_mcp.language import Text, verbatim
from iletimerkezi_mcp.provider.outcomes import Outcome
from iletimerkezi_mcp.provider.timeouts import DEFAULT_LIMITS
from iletimerkezi_mcp.server.build import build_server
from iletimerkezi_mcp.settings import Settings
from iletimerkezi_mcp.tools.answers import Answer, ChangeAnswer, ReadAnswer
from iletimerkezi_mcp.transports.shutdown import Stop

from .asking import Asking
from .exits import Exit, exit_for
from .help import changes
from .waiting import Waiting

HOST = "iletimerkezi-mcp call"
"""What the audit log names as the host."""

Tell = Callable[[Text], None]

_AWAITED = Text(
    "The request is under way and cannot be called back; its outcome is awaited. Ctrl-C again stops waiting.",
    "İstek gönderildi, geri alınamaz; sonucu bekleniyor. Beklemeyi kesmek için yeniden Ctrl-C.",
)
_MAYBE = Text("It may have been done: ", "Yapılmış olabilir: ")
_NOT_AWAITED = Text("this was stopped while the request was under way.", "istek sürerken bu işlem durduruldu.")
_LOOK = Text(
    "Do not repeat it; look first at what the account shows (get_reports, get_blacklist, iys_check).",
    "Yinelemeyin; önce hesapta ne göründüğüne bakın (get_reports, get_blacklist, iys_check).",
)
_STOPPED = Text("Stopped; nothing was done.", "Durduruldu; hiçbir şey yapılmadı.")
_AGAIN = Text("Call again when it is wanted.", "İstendiğinde yeniden çağırın.")


@dataclass(frozen=True, slots=True)
class Ended:
    """How a call ended: the answer's structure, the exit code, and whether a thread may still be blocked somewhere."""

    answer: Mapping[str, Any]
    code: Exit
    cut_short: bool


async def run(
    settings: Settings,
    tool: mcp_types.Tool,
    arguments: Mapping[str, Any],
    asking: Asking | None,
    waiting: Waiting,
    tell: Tell,
) -> Ended:
    """Call `tool` once. With `asking` the client declares that it can show a form; without, codes are handed out.

    Raises :class:`.SettingsError` where the sandbox cannot be kept, perhaps in an exception group.
    """
    call = _Call(settings, tool, asking, waiting, tell)
    return await call.run(arguments)


class _Call:
    def __init__(
        self, settings: Settings, tool: mcp_types.Tool, asking: Asking | None, waiting: Waiting, tell: Tell
    ) -> None:
        self._settings = settings
        self._tool = tool
        self._asking = asking
        self._waiting = waiting
        self._tell = tell
        self._stop = Stop(DEFAULT_LIMITS.call_seconds)
        self._begun = anyio.Event()

    async def run(self, arguments: Mapping[str, Any]) -> Ended:
        server = build_server(self._settings, grace=self._stop.left, on_begun=[self._begun.set])
        client = Client(
            server,
            client_info=mcp_types.Implementation(name=HOST, version=__version__),
            elicitation_callback=self._asking,
        )
        result: mcp_types.CallToolResult | None = None
        trouble: Text | None = None
        scope, beside = anyio.CancelScope(), anyio.CancelScope()
        async with anyio.create_task_group() as tasks:
            await tasks.start(self._beside, beside, scope)
            async with client:
                with scope:
                    try:
                        await self._look_first(client, arguments)
                        result = await client.call_tool(self._tool.name, dict(arguments))
                    except MCPError as error:
                        trouble = verbatim(error.error.message)
            beside.cancel()
        return self._ended(result, trouble)

    async def _beside(
        self, own: anyio.CancelScope, call: anyio.CancelScope, *, task_status: TaskStatus[None] = TASK_STATUS_IGNORED
    ) -> None:
        """What goes on while the call does: signals are obeyed, and a long wait is shown."""
        with own:
            async with anyio.create_task_group() as tasks:
                await tasks.start(self._stop.on_signals)
                tasks.start_soon(self._waiting.show)
                tasks.start_soon(self._obey, call)
                task_status.started()

    async def _look_first(self, client: Client, arguments: Mapping[str, Any]) -> None:
        """An order may be cancelled once the server has seen it; a server that lives for one call has seen none."""
        if self._tool.name == "cancel_order" and "order_id" in arguments:
            # Where get_report is not offered, cancel_order itself says what it lacks.
            with suppress(MCPError):
                await client.call_tool("get_report", {"order_id": arguments["order_id"], "show": "none"})

    async def _obey(self, scope: anyio.CancelScope) -> None:
        await self._stop.asked.wait()
        answered = self._asking is not None and self._asking.stop()
        if answered or self._begun.is_set():
            if not answered:
                with self._waiting.aside():
                    self._tell(_AWAITED)
            with anyio.move_on_after(self._stop.left()):
                await self._stop.hurried.wait()
        scope.cancel()

    def _ended(self, result: mcp_types.CallToolResult | None, trouble: Text | None) -> Ended:
        if result is not None:
            answer = result.structured_content or {}
            return Ended(answer, exit_for(answer["outcome"]), self._cut_short())
        if self._begun.is_set():
            return self._made(ChangeAnswer, "unknown", _MAYBE + (trouble or _NOT_AWAITED), _LOOK, Exit.UNKNOWN)
        code = Exit.INTERRUPTED if trouble is None else Exit.NOT_DONE
        if changes(self._tool):
            return self._made(ChangeAnswer, "nothing_done", trouble or _STOPPED, _AGAIN, code)
        return self._made(ReadAnswer, "failed", trouble or _STOPPED, _AGAIN, code)

    def _made(self, kind: type[Answer], outcome: Outcome, summary: Text, next_step: Text, code: Exit) -> Ended:
        language = self._settings.language
        answer = kind(
            outcome=outcome,
            summary=summary.to(language),
            next_step=next_step.to(language),
            sandbox=self._settings.sandbox,
        )
        return Ended(answer.model_dump(mode="json", exclude_none=True), code, self._cut_short())

    def _cut_short(self) -> bool:
        return self._stop.asked.is_set() or (self._asking is not None and self._asking.given_up)
