"""The life of one call: a server and a client in this process, and what Ctrl-C does to them."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import anyio
import mcp.types as mcp_types
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
from iletimerkezi_mcp.sms.clock import system_clock
from iletimerkezi_mcp.tools.answers import Answer, ChangeAnswer, ReadAnswer
from iletimerkezi_mcp.tools.send import SEND_SMS
from iletimerkezi_mcp.tools.tool import Tool
from iletimerkezi_mcp.transports.shutdown import Shutdown

from .approved_senders import keep_senders, load_senders
from .order_search import read_order
from .prompt import TerminalPrompt
from .waiting import WaitingLine

SENDERS_SECONDS = 5.0
"""The time that a call waits for the approved senders."""

HOST = "iletimerkezi-mcp call"
"""The host's name in the audit log."""

_AWAITED = Text(
    "The request is under way and cannot be recalled; waiting for its outcome. Press Ctrl-C again to stop waiting.",
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


@dataclass(slots=True)
class Call:
    """One call of `tool`. With `prompt` the client declares that it can show a form; without, codes are handed out."""

    settings: Settings
    tool: Tool[Any]
    prompt: TerminalPrompt | None
    waiting: WaitingLine
    _shutdown: Shutdown = field(init=False, default_factory=lambda: Shutdown(DEFAULT_TIMEOUTS.call_seconds))
    _sent: anyio.Event = field(init=False, default_factory=anyio.Event)

    @property
    def blocked(self) -> bool:
        return self._shutdown.requested.is_set() or (self.prompt is not None and self.prompt.abandoned)

    async def run(self, arguments: Mapping[str, Any]) -> tuple[Mapping[str, Any], int]:
        """Make the call, and return the answer's structure and the exit code.

        Raises :class:`.SettingsError` if the sandbox cannot be kept, perhaps in an exception group.
        """
        senders = self._kept_senders(arguments)
        server = build_server(
            replace(self.settings, audience="person"),
            grace=self._shutdown.seconds_left,
            stopping=self._shutdown.requested.is_set,
            on_sent=[self._sent.set],
            senders=senders,
        )
        client = Client(
            server,
            client_info=mcp_types.Implementation(name=HOST, version=__version__),
            elicitation_callback=self.prompt,
        )
        result: mcp_types.CallToolResult | None = None
        failure: str | None = None
        call_scope, watch_scope = anyio.CancelScope(), anyio.CancelScope()
        async with anyio.create_task_group() as tasks:
            await tasks.start(self._watch, watch_scope, call_scope)
            async with client:
                with call_scope:
                    try:
                        if self.tool.name == "cancel_order" and "order_id" in arguments:
                            await read_order(client, str(arguments["order_id"]), system_clock().date())
                        if self._shows_preview(arguments) and senders is None:
                            await self._read_senders(client)
                        result = await client.call_tool(self.tool.name, dict(arguments))
                    except MCPError as error:
                        failure = error.error.message
            watch_scope.cancel()
        if result is None:
            return self._without_answer(failure)
        answer = result.structured_content or {}
        if not answer["next_step"]:
            del answer["next_step"]
        return answer, OUTCOMES[answer["outcome"]].exit_code

    async def _watch(
        self,
        watch_scope: anyio.CancelScope,
        call_scope: anyio.CancelScope,
        *,
        task_status: TaskStatus[None] = anyio.TASK_STATUS_IGNORED,
    ) -> None:
        """Obey signals and show a long wait, in a scope that ends without a cancellation of the caller."""
        with watch_scope:
            async with anyio.create_task_group() as tasks:
                await tasks.start(self._shutdown.on_signals)
                tasks.start_soon(self.waiting.show)
                tasks.start_soon(self._obey, call_scope)
                task_status.started()

    def _shows_preview(self, arguments: Mapping[str, Any]) -> bool:
        """Return True if a person will see the preview of a message; with a code they have seen it."""
        return self.tool is SEND_SMS and (self.prompt is not None or "confirm" not in arguments)

    def _kept_senders(self, arguments: Mapping[str, Any]) -> tuple[tuple[str, ...], datetime] | None:
        """Return the approved senders of today if the call's is one of them; a new one may have been approved since."""
        kept = load_senders(self.settings, system_clock())
        return kept if kept is not None and arguments.get("sender", self.settings.sender) in kept[0] else None

    async def _read_senders(self, client: Client) -> None:
        """Read the approved senders, for the preview to name a wrong one. Without them the call goes on."""
        with suppress(MCPError), anyio.move_on_after(SENDERS_SECONDS):
            answer = (await client.call_tool("get_sender", {})).structured_content or {}
            if answer.get("outcome") == "ok":
                keep_senders(self.settings, answer.get("senders", []), system_clock())

    async def _obey(self, call_scope: anyio.CancelScope) -> None:
        """Stop the call on a signal: an open question is answered with a no, and a request under way is awaited."""
        await self._shutdown.requested.wait()
        answered = self.prompt is not None and self.prompt.stop()
        if answered or self._sent.is_set():
            if not answered:
                with self.waiting.paused():
                    say(_AWAITED, self.settings.language)
            with anyio.move_on_after(self._shutdown.seconds_left()):
                await self._shutdown.forced.wait()
        call_scope.cancel()

    def _without_answer(self, failure: str | None) -> tuple[Mapping[str, Any], int]:
        """Return the answer and the exit code of a call that was stopped (`failure` is None), or to which the server had no answer."""
        language, sandbox = self.settings.language, self.settings.sandbox
        summary, next_step = failure or _STOPPED.to(language), _CALL_AGAIN.to(language)
        answer: Answer
        if self._sent.is_set():
            summary = (_NOT_AWAITED if failure is None else _MAYBE_DONE.format(cause=failure)).to(language)
            next_step = _VERIFY.to(language)
            answer = ChangeAnswer(outcome="unknown", summary=summary, next_step=next_step, sandbox=sandbox)
        elif self.tool.changes:
            answer = ChangeAnswer(outcome="nothing_done", summary=summary, next_step=next_step, sandbox=sandbox)
        else:
            answer = ReadAnswer(outcome="failed", summary=summary, next_step=next_step, sandbox=sandbox)
        interrupted = failure is None and not self._sent.is_set()
        code = INTERRUPTED if interrupted else OUTCOMES[answer.outcome].exit_code
        return answer.model_dump(mode="json", exclude_none=True), code
