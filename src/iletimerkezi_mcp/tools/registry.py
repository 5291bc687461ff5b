"""The tools by name, and the one path on which every call is validated, run and answered."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

import mcp.types as mcp_types
from mcp import MCPError
from pydantic import ValidationError

from iletimerkezi_mcp.confirmation.confirmation import Caller
from iletimerkezi_mcp.confirmation.pending_change import PendingChange
from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.ledger.unavailable import LedgerUnavailableError
from iletimerkezi_mcp.provider.errors import ApiError, NoCredentials
from iletimerkezi_mcp.settings import Settings

from .answers import Answer, ChangeAnswer, ReadAnswer, Reply
from .arguments import Arguments, BadArgumentsError, PreconditionError, check_number
from .context import ServerContext
from .schema import plain_schema
from .validation_errors import explain

A = TypeVar("A", bound=Arguments)

_CORRECT = Text(
    "Correct this and call again; ask the user for what you do not know.",
    "Bunu düzeltip yeniden çağırın; bilmediğinizi kullanıcıya sorun.",
)


@dataclass(frozen=True, slots=True)
class Tool(Generic[A]):
    """One tool: what hosts are told about it, and what it does."""

    name: str
    title: str
    description: str
    arguments: type[A]
    answer: type[Answer]
    annotations: mcp_types.ToolAnnotations
    run: Callable[[A, ServerContext, Caller], Awaitable[Reply]]

    def spec(self) -> mcp_types.Tool:
        """The tool as `tools/list` shows it."""
        return mcp_types.Tool(
            name=self.name,
            title=self.title,
            description=self.description,
            input_schema=plain_schema(self.arguments),
            output_schema=plain_schema(self.answer, "serialization"),
            annotations=self.annotations,
        )


def read_tool(
    *,
    name: str,
    title: str,
    description: str,
    arguments: type[A],
    answer: type[ReadAnswer],
    read: Callable[[A, ServerContext], Awaitable[Reply]],
) -> Tool[A]:
    """A tool that changes nothing. A failure of `read` is told as something that could not be read."""

    async def run(given: A, app: ServerContext, _: Caller) -> Reply:
        try:
            return await read(given, app)
        except ApiError as error:
            return Reply(
                answer(
                    outcome="refused" if error.outcome == "refused" else "failed",
                    summary=app.say(error.what),
                    next_step=app.say(error.next_step),
                    code=error.code,
                    sandbox=app.settings.sandbox,
                )
            )

    hints = mcp_types.ToolAnnotations(
        read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=True
    )
    return Tool(name, title, description, arguments, answer, hints, run)


def change_tool(
    *,
    name: str,
    title: str,
    description: str,
    arguments: type[A],
    answer: type[ChangeAnswer],
    idempotent: bool,
    plan: Callable[[A, ServerContext], Awaitable[PendingChange]],
    confirm: Callable[[A], str | None],
) -> Tool[A]:
    """A tool that changes something. `plan` only works the deed out; the confirmation previews it or carries it out."""

    async def run(given: A, app: ServerContext, caller: Caller) -> Reply:
        try:
            deed = await plan(given, app)
        except LedgerUnavailableError as error:
            raise PreconditionError(
                Text("Nothing was done. ", "Hiçbir şey yapılmadı. ") + error.reason,
                Text("Tell the user.", "Kullanıcıya söyleyin."),
            ) from None
        ruling = await app.confirmation.handle(deed, confirm(given), caller)
        facts = {**deed.answer_fields} if ruling.outcome in ("preview", "done") or ruling.confirm is not None else {}
        if ruling.order_id is not None:
            facts["order_id"] = ruling.order_id
        shown = answer(
            outcome=ruling.outcome,
            summary=app.say(ruling.summary),
            next_step=app.say(ruling.next_step),
            code=ruling.code,
            confirm=ruling.confirm,
            preview=ruling.shown,
            warnings=[app.say(warning) for warning in ruling.warnings] or None,
            sandbox=app.settings.sandbox,
            **facts,
        )
        return Reply(shown, ruling.shown)

    hints = mcp_types.ToolAnnotations(
        read_only_hint=False, destructive_hint=True, idempotent_hint=idempotent, open_world_hint=True
    )
    return Tool(name, title, description, arguments, answer, hints, run)


class Registry:
    """The tools that are offered. `written` gives specifications that were written out beforehand, by name."""

    def __init__(
        self, tools: tuple[Tool[Any], ...], written: Callable[[], Mapping[str, mcp_types.Tool]] = dict
    ) -> None:
        self._tools = {tool.name: tool for tool in tools}
        self._written = written

    def offered(self, settings: Settings) -> Registry:
        """Those of the tools that the operator offers: reads only where nothing may be changed."""
        return Registry(
            tuple(
                tool
                for tool in self._tools.values()
                if (not settings.tools or tool.name in settings.tools)
                and (tool.annotations.read_only_hint or not settings.read_only)
            ),
            self._written,
        )

    @cached_property
    def specs(self) -> list[mcp_types.Tool]:
        """The tools' specifications, derived from their models."""
        return [tool.spec() for tool in self._tools.values()]

    @cached_property
    def listed(self) -> list[mcp_types.Tool]:
        """What `tools/list` shows: the same, derived only where it has not been written out."""
        written = self._written()
        return [written.get(name) or tool.spec() for name, tool in self._tools.items()]

    @property
    def names(self) -> list[str]:
        """The tools' names, in the order in which they are listed."""
        return list(self._tools)

    async def call(
        self, name: str, arguments: Mapping[str, Any] | None, app: ServerContext, caller: Caller
    ) -> mcp_types.CallToolResult:
        """Validate, run and answer one call.

        A null argument is an absent one, and so is an optional blank one. Everything that a caller can
        get wrong is an answer with `outcome` ``nothing_done``; only an unknown tool is a protocol error
        (invalid params). Raises :class:`.InputNeededError` where the host has to ask a person first.
        """
        tool = self._tools.get(name)
        if tool is None:
            names = ", ".join(self._tools)
            raise MCPError(
                mcp_types.INVALID_PARAMS,
                app.say(
                    Text(
                        f"There is no tool of this name. The tools are: {names}.",
                        f"Bu adda bir araç yok. Var olanlar: {names}.",
                    )
                ),
            )
        given = dict(arguments or {})
        try:
            check_number(given)
            given = tool.arguments.given(given)
            reply = await self._run(tool, given, app, caller)
        except BadArgumentsError as error:
            reply = _nothing(
                tool, app, Text("Nothing was done. ", "Hiçbir şey yapılmadı. ") + error.told, _correct(tool, given)
            )
            if not tool.annotations.read_only_hint:
                app.confirmation.write_audit({"tool": name, "outcome": "nothing_done", "reason": "arguments"}, caller)
        except PreconditionError as error:
            reply = _nothing(tool, app, error.summary, error.next_step)
        return reply.result(app.redactor, app.settings.language)

    async def _run(self, tool: Tool[A], given: Mapping[str, Any], app: ServerContext, caller: Caller) -> Reply:
        try:
            valid = tool.arguments.model_validate(given)
        except ValidationError as error:
            raise explain(error, tool.arguments) from None
        if not (app.settings.has_credentials or app.settings.sandbox):
            missing = NoCredentials()
            raise PreconditionError(missing.what, missing.next_step)
        return await tool.run(valid, app, caller)


def _correct(tool: Tool[Any], given: Mapping[str, Any]) -> Text:
    """What to do about arguments that cannot be used."""
    ending = tool.arguments.refusal_ends(given)
    return _CORRECT if ending is None else _CORRECT + " " + ending


def _nothing(tool: Tool[Any], app: ServerContext, summary: Text, next_step: Text) -> Reply:
    return Reply(
        tool.answer(
            outcome="nothing_done",
            summary=app.say(summary),
            next_step=app.say(next_step),
            sandbox=app.settings.sandbox,
        )
    )
