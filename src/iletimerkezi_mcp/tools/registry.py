"""The tools by name, and the one path on which every call is validated, run and answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

import mcp.types as mcp_types
from mcp import MCPError
from pydantic import ValidationError

from iletimerkezi_mcp.confirmation.caller import Caller
from iletimerkezi_mcp.confirmation.pending_change import NoLongerPossibleError, PendingCall, PendingChange
from iletimerkezi_mcp.language import TELL_USER, Text, for_model, sentences
from iletimerkezi_mcp.provider.errors import NoCredentials
from iletimerkezi_mcp.settings import Settings, SettingsError

from .answers import ToolReply
from .arguments import check_number_of_fields
from .context import ServerContext
from .errors import CORRECT, NOTHING_DONE, BadArgumentsError, PreconditionError, Problems
from .fields import boolean
from .tool import ArgumentsT, ChangeTool, Tool
from .validation_errors import bad_arguments

_CORRECT = sentences(CORRECT, for_model("Ask the user for what you do not know.", "Bilmediğinizi kullanıcıya sorun."))

_UNKNOWN = Text(
    "{source} names {name}, which is not a tool; the tools are {tools}.",
    "{source} {name} içeriyor, böyle bir araç yok; araçlar: {tools}.",
)

_NEEDS_FOLDER = Text(
    "{source} names {name}, which is offered only with ILETIMERKEZI_FILES_DIR, the folder of the lists.",
    "{source} {name} içeriyor, bu araç yalnızca listelerin klasörü ILETIMERKEZI_FILES_DIR verilmişse sunulur.",
)

_NOT_OFFERED = Text(
    "Nothing was done: {name} is not offered here any more.", "Hiçbir şey yapılmadı: {name} artık burada sunulmuyor."
)


class Registry:
    """The tools that are offered, in the order in which they are listed.

    `list_tools` returns those that join them if the operator sets a folder of lists. `card_tool` is for this server's card alone.
    """

    def __init__(
        self,
        tools: tuple[Tool[Any], ...],
        list_tools: Callable[[], tuple[Tool[Any], ...]] = tuple,
        card_tool: Tool[Any] | None = None,
    ) -> None:
        self.tools = tools
        self.card_tool = card_tool
        self._by_name = {tool.name: tool for tool in tools}
        self._list_tools = list_tools

    def needs_folder(self, name: str) -> bool:
        """Return True if a tool of this name is offered only with a folder of lists."""
        return any(tool.name == name for tool in self._list_tools())

    def offered(self, settings: Settings) -> Registry:
        """Return those of the tools that the operator offers: only reads if nothing may be changed.

        Raises :class:`.SettingsError` if the setting names a tool that does not exist, or one that needs a folder.
        """
        by_name = dict(self._by_name)
        if settings.files_dir is not None:
            by_name |= {tool.name: tool for tool in self._list_tools()}
        for name in settings.tools:
            if name not in by_name:
                source = settings.source("tools")
                if self.needs_folder(name):
                    raise SettingsError(_NEEDS_FOLDER.format(source=source, name=name))
                raise SettingsError(_UNKNOWN.format(source=source, name=name, tools=", ".join(by_name)))
        tools = tuple(
            tool
            for tool in by_name.values()
            if (not settings.tools or tool.name in settings.tools) and not (tool.changes and settings.read_only)
        )
        if "card" not in settings.ways:
            return Registry(tuple(replace(tool, card=None) if tool.changes else tool for tool in tools))
        return Registry(tools, card_tool=self.card_tool if any(tool.changes for tool in tools) else None)

    async def plan(self, context: ServerContext, call: PendingCall) -> PendingChange:
        """Plan a call of a changing tool that another process has kept. Raises :class:`.NoLongerPossibleError`."""
        tool = self._by_name.get(call.tool)
        if not isinstance(tool, ChangeTool):
            raise NoLongerPossibleError(_NOT_OFFERED.format(name=call.tool), TELL_USER)
        return await tool.plan_again(call, context)

    @cached_property
    def specs(self) -> list[mcp_types.Tool]:
        """The tools as `tools/list` shows them to a host without cards."""
        return [replace(tool, card=None).spec() for tool in self.tools]

    @cached_property
    def specs_with_cards(self) -> list[mcp_types.Tool]:
        """The tools as `tools/list` shows them to a host with cards: each names its card, and the card's own tool is there."""
        return [tool.spec() for tool in (*self.tools, *filter(None, [self.card_tool]))]

    @property
    def names(self) -> list[str]:
        """The tools' names, in the same order."""
        return list(self._by_name)

    async def call(
        self, name: str, arguments: Mapping[str, Any] | None, context: ServerContext, caller: Caller
    ) -> mcp_types.CallToolResult:
        """Validate, run and answer one call.

        A null argument is an absent one, and so is an optional blank one. Everything that a caller can
        get wrong is an answer with `outcome` ``nothing_done``; only an unknown tool is a protocol error
        (invalid params). Raises :class:`.InputNeededError` if the host has to ask a person first.
        """
        tool = self._by_name.get(name)
        if tool is None and self.card_tool is not None and name == self.card_tool.name:
            tool = self.card_tool
        if tool is None:
            unknown = Text(
                "There is no tool of this name. The tools are: {names}.", "Bu adda bir araç yok. Araçlar: {names}."
            ).format(names=", ".join(self._by_name))
            raise MCPError(mcp_types.INVALID_PARAMS, context.say(unknown))
        values = dict(arguments or {})
        try:
            values = tool.arguments.normalized(values)
            check_number_of_fields(values)
            _check_for_secrets(values, context)
            reply = await _run(tool, values, context, caller)
        except BadArgumentsError as error:
            reason = NOTHING_DONE.format(reason=error.reason)
            end = tool.arguments.end_of_refusal(values)
            next_step = _CORRECT if end is None else sentences(_CORRECT, end)
            reply = _nothing_done(tool, values, "arguments", reason, next_step, context, caller)
        except PreconditionError as error:
            reply = _nothing_done(tool, values, "precondition", error.reason, error.next_step, context, caller)
        return reply.result(context.redactor, context.settings.language)


def _nothing_done(
    tool: Tool[Any],
    values: Mapping[str, Any],
    cause: str,
    reason: Text,
    next_step: Text,
    context: ServerContext,
    caller: Caller,
) -> ToolReply:
    """Return the answer of a call that was refused here.

    Every call of a changing tool has its line in the audit log, but for a look: nothing is recorded for `dry_run`.
    """
    if tool.changes and boolean(values.get("dry_run")) is not True:
        entry = {"tool": tool.name, "outcome": "nothing_done", "reason": cause}
        if (missing := context.confirmation.write_audit(entry, caller)) is not None:
            reason = sentences(reason, missing)
    return ToolReply(context.answer(tool.answer, "nothing_done", reason, next_step))


def _check_for_secrets(values: Mapping[str, Any], context: ServerContext) -> None:
    """Raise :class:`.BadArgumentsError` if an argument holds the key or another secret.

    An answer would hide it, or a part of it if it cuts what it quotes, and the message would go out with it.
    """
    problems = Problems()
    for name, value in values.items():
        if context.redactor.has_secret({name: value}):
            problems.add(
                name,
                Text(
                    "holds a secret of this server (its API key, its hash or a token); take it out",
                    "bu sunucunun bir gizli değerini (API anahtarı, hash ya da token) içeriyor; çıkarın",
                ),
            )
    problems.raise_if_any()


async def _run(tool: Tool[ArgumentsT], values: Mapping[str, Any], context: ServerContext, caller: Caller) -> ToolReply:
    try:
        arguments = tool.arguments.model_validate(values)
    except ValidationError as error:
        raise bad_arguments(error, tool.arguments) from None
    if not (context.settings.has_credentials or context.settings.sandbox):
        missing = NoCredentials()
        raise PreconditionError(missing.reason, missing.next_step)
    return await tool.run(arguments, context, caller)
