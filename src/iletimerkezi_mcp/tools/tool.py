"""One record for one tool: everything that hosts, documents and tests say about it is derived from here."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Generic, TypeVar

import mcp.types as mcp_types

from iletimerkezi_mcp.confirmation.approval_html import call_html
from iletimerkezi_mcp.confirmation.caller import Caller
from iletimerkezi_mcp.confirmation.change_result import CONFIRMED_BY, ChangeResult
from iletimerkezi_mcp.confirmation.pending_change import NoLongerPossibleError, PendingCall, PendingChange
from iletimerkezi_mcp.language import TELL_USER, Text
from iletimerkezi_mcp.ledger.unavailable import LedgerUnavailableError
from iletimerkezi_mcp.provider.errors import ApiError
from iletimerkezi_mcp.provider.outcomes import ReadOutcome

from .answers import Answer, ChangeAnswer, ReadAnswer, ToolReply
from .arguments import Arguments, ChangeArguments
from .context import ServerContext
from .errors import NOTHING_DONE, BadArgumentsError, PreconditionError, Problems
from .schema import plain_schema

APPROVAL_CARD: Final = "ui://iletimerkezi/approval-card.html"
"""The card on which a person sees what came of a change, and decides on it."""

DELIVERY_CARD: Final = "ui://iletimerkezi/delivery-card.html"
"""The card on which a person sees how far messages have got."""

ArgumentsT = TypeVar("ArgumentsT", bound=Arguments)
ChangeArgumentsT = TypeVar("ChangeArgumentsT", bound=ChangeArguments)

_CONFIRMED = Text("{by} The preview:\n{preview}", "{by} Önizleme:\n{preview}")

_DRY_RUN_BESIDE_CONFIRM = Text(
    "cannot be true beside confirm: leave out confirm to look, or dry_run to act",
    "confirm ile birlikte true olamaz: bakmak için confirm'i, işlemi yapmak için dry_run'ı çıkarın",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool(ABC, Generic[ArgumentsT]):
    """One tool: its words, its arguments and answer, and what a call of it does.

    `summary` is its line in the READMEs, and `example` the arguments of one good call. `card` is the address of the page
    on which hosts with MCP Apps show its answers. An `app_only` tool is called by such a page; no host shows it to a model.
    """

    name: str
    title: str
    description: str
    summary: Text
    arguments: type[ArgumentsT]
    answer: type[Answer]
    example: Mapping[str, Any]
    card: str | None = None
    app_only: bool = False

    @property
    @abstractmethod
    def annotations(self) -> mcp_types.ToolAnnotations:
        """The protocol's hints for hosts."""

    @abstractmethod
    async def run(self, arguments: ArgumentsT, context: ServerContext, caller: Caller) -> ToolReply:
        """Answer one call, whose arguments are valid."""

    @property
    def changes(self) -> bool:
        """True if a call may change something at the provider."""
        return not self.annotations.read_only_hint

    def spec(self) -> mcp_types.Tool:
        """Return the tool as `tools/list` shows it."""
        return mcp_types.Tool(
            name=self.name,
            title=self.title,
            description=self.description,
            input_schema=plain_schema(self.arguments),
            output_schema=plain_schema(self.answer, "serialization"),
            annotations=self.annotations,
            _meta=self._meta(),
        )

    def _meta(self) -> dict[str, Any] | None:
        card = {} if self.card is None else {"resourceUri": self.card}
        visibility = {"visibility": ["app"]} if self.app_only else {}
        return {"ui": card | visibility} if card or visibility else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadTool(Tool[ArgumentsT]):
    """A tool that changes nothing."""

    answer: type[ReadAnswer]
    read: Callable[[ArgumentsT, ServerContext], Awaitable[ToolReply]]

    @property
    def annotations(self) -> mcp_types.ToolAnnotations:
        """The hints of a read."""
        return mcp_types.ToolAnnotations(
            read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=True
        )

    async def run(self, arguments: ArgumentsT, context: ServerContext, caller: Caller) -> ToolReply:
        """Read; a failure of the API becomes an answer that says what could not be read."""
        return await _read(self.read(arguments, context), self.answer, context)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileTool(Tool[ArgumentsT]):
    """A tool that reads from the provider and writes a new file into the operator's folder; it changes nothing else."""

    answer: type[ReadAnswer]
    write: Callable[[ArgumentsT, ServerContext, Caller], Awaitable[ToolReply]]

    @property
    def annotations(self) -> mcp_types.ToolAnnotations:
        """The hints of a tool that only adds something: a second call writes a second file."""
        return mcp_types.ToolAnnotations(
            read_only_hint=False, destructive_hint=False, idempotent_hint=False, open_world_hint=True
        )

    @property
    def changes(self) -> bool:
        """False: nothing changes at the provider, so it is offered where nothing may be changed."""
        return False

    async def run(self, arguments: ArgumentsT, context: ServerContext, caller: Caller) -> ToolReply:
        """Read and write; a failure of the API or of the ledger becomes an answer, and nothing was written."""
        return await _read(self.write(arguments, context, caller), self.answer, context)


async def _read(reply: Awaitable[ToolReply], answer: type[ReadAnswer], context: ServerContext) -> ToolReply:
    try:
        return await reply
    except ApiError as error:
        outcome: ReadOutcome = "refused" if error.outcome == "refused" else "failed"
        return ToolReply(context.answer(answer, outcome, error.reason, error.next_step, code=error.code))
    except LedgerUnavailableError as error:
        raise PreconditionError(error.reason, TELL_USER) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeTool(Tool[ChangeArgumentsT]):
    """A tool that changes something. `plan` only works the change out; the confirmation previews or executes it."""

    answer: type[ChangeAnswer]
    plan: Callable[[ChangeArgumentsT, ServerContext], Awaitable[PendingChange]]
    idempotent: bool
    card: str | None = APPROVAL_CARD

    @property
    def annotations(self) -> mcp_types.ToolAnnotations:
        """The hints of a change."""
        return mcp_types.ToolAnnotations(
            read_only_hint=False, destructive_hint=True, idempotent_hint=self.idempotent, open_world_hint=True
        )

    async def run(self, arguments: ChangeArgumentsT, context: ServerContext, caller: Caller) -> ToolReply:
        """Plan the change and have it previewed or executed. Without the ledger nothing is done."""
        if arguments.dry_run and arguments.confirm is not None:
            problems = Problems()
            problems.add("dry_run", _DRY_RUN_BESIDE_CONFIRM)
            problems.raise_if_any()
        fields: dict[str, Any] = {}
        call = arguments.call(self.name)
        try:
            result = None if arguments.dry_run else await context.confirmation.repeat(arguments.confirm, call, caller)
            if result is None:
                change = await self.planned(arguments, context, call)
                result = await context.confirmation.handle(change, arguments.confirm, caller, dry_run=arguments.dry_run)
                if result.preview is not None or result.outcome == "done":
                    fields |= change.answer_fields
        except LedgerUnavailableError as error:
            raise PreconditionError(NOTHING_DONE.format(reason=error.reason), TELL_USER) from None
        fields |= result.fields
        if result.order_id is not None:
            fields["order_id"] = result.order_id
        # Who said yes at a terminal has just read it there.
        told = result.confirmed_by == "person" and context.settings.audience == "person"
        preview = None if told else result.preview
        answer = context.answer(
            self.answer,
            result.outcome,
            result.summary,
            result.next_step,
            code=result.status_code,
            confirm=result.confirmation_code,
            confirmed_by=result.confirmed_by,
            way=result.way,
            preview=preview,
            warnings=[context.say(warning) for warning in result.warnings] or None,
            **fields,
        )
        # Of a rule the summary says it.
        if preview is not None and result.way not in (None, "rule"):
            preview = context.say(_CONFIRMED.format(by=CONFIRMED_BY[result.way], preview=preview))
        return ToolReply(answer, preview, _card(result, context) if caller.shows_cards else None)

    async def plan_again(self, call: PendingCall, context: ServerContext) -> PendingChange:
        """Plan a call that was planned before. Raises :class:`.NoLongerPossibleError`."""
        try:
            return await self.planned(self.arguments.model_validate_json(call.arguments), context, call)
        except BadArgumentsError as error:
            raise NoLongerPossibleError(NOTHING_DONE.format(reason=error.reason), TELL_USER) from None
        except PreconditionError as error:
            raise NoLongerPossibleError(error.reason, error.next_step) from None

    async def planned(self, arguments: ChangeArgumentsT, context: ServerContext, call: PendingCall) -> PendingChange:
        """Plan a call. Raises what :attr:`plan` raises."""
        change = await self.plan(arguments, context)
        return replace(change, call=call, plan_again=lambda: self.plan_again(call, context))


def _card(result: ChangeResult, context: ServerContext) -> dict[str, str]:
    """Return what the card of a call shows, and the code with which a person decides on it, if they can."""
    html = context.redactor.text(call_html(result, context.settings.language))
    return {"html": html} if result.card is None else {"html": html, "code": result.card}
