"""Asking the person at the host, in both protocol eras.

Before 2026-07-28 the server asks while the call waits (``elicitation/create``). From it on, the call ends
with ``input_required`` and the host repeats it with the answer; the code of the question travels in the
sealed request state, which the SDK's boundary has verified before it gets here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import anyio
import mcp.types as mcp_types
from mcp import MCPError
from mcp.server import ServerRequestContext
from mcp.shared.exceptions import NoBackChannelError
from mcp_types.version import MODERN_PROTOCOL_VERSIONS

from .question import QUESTION_LIFE, Question

INPUT = "confirm"
"""The name under which the answer comes back."""

PROGRESS_SECONDS = 10.0
"""How often a waiting call says that it waits: hosts give up on a silent one."""


class CannotAskError(Exception):
    """This host declared that it can ask a person, and cannot."""


class InputNeededError(Exception):
    """The call ends here with a question; the host repeats it with the answer."""

    def __init__(self, result: mcp_types.InputRequiredResult) -> None:
        super().__init__("input required")
        self.result = result


@dataclass(frozen=True, slots=True)
class Returned:
    """A question's code, and what the form brought back (None: it was not accepted)."""

    code: str
    content: Mapping[str, Any] | None


class Person(Protocol):
    """Whoever sits at the host."""

    @property
    def can_be_asked(self) -> bool:
        """Whether the host says that it can show a form."""

    def returned(self) -> Returned | None:
        """The answer that this very call brings with it, if it does."""

    async def ask(self, question: Question, code: str) -> Mapping[str, Any] | None:
        """The form's content, None for anything but an accept.

        Raises :class:`CannotAskError`, or :class:`InputNeededError` where the answer comes with another call.
        """


class McpPerson:
    """The person behind one MCP request."""

    def __init__(self, context: ServerRequestContext[Any, Any], params: mcp_types.CallToolRequestParams) -> None:
        self._context = context
        self._params = params
        self._modern = context.protocol_version in MODERN_PROTOCOL_VERSIONS

    @property
    def can_be_asked(self) -> bool:
        """Form elicitation is declared; an empty declaration, as older hosts make, means forms."""
        declared = self._context.session.client_capabilities
        elicitation = declared.elicitation if declared is not None else None
        return elicitation is not None and (elicitation.form is not None or elicitation.url is None)

    def returned(self) -> Returned | None:
        """Only with the state that went out with the question: an answer without it belongs to none."""
        answer = (self._params.input_responses or {}).get(INPUT)
        if not self._modern or self._params.request_state is None or answer is None:
            return None
        code = json.loads(self._params.request_state)["code"]
        if isinstance(answer, mcp_types.ElicitResult) and answer.action == "accept":
            return Returned(code, answer.content or {})
        return Returned(code, None)

    async def ask(self, question: Question, code: str) -> Mapping[str, Any] | None:
        """Ask in the way of the connection's era."""
        if self._modern:
            form = mcp_types.ElicitRequestFormParams(message=question.message, requested_schema=question.schema())
            raise InputNeededError(
                mcp_types.InputRequiredResult(
                    request_state=json.dumps({"code": code}),
                    input_requests={INPUT: mcp_types.ElicitRequest(params=form)},
                )
            )
        return await self._ask_now(question)

    async def _ask_now(self, question: Question) -> Mapping[str, Any] | None:
        answer: mcp_types.ElicitResult | None = None
        cannot = False
        with anyio.move_on_after(QUESTION_LIFE.total_seconds()):
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(self._show_progress)
                try:
                    answer = await self._context.session.elicit_form(
                        question.message, question.schema(), related_request_id=self._context.request_id
                    )
                except NoBackChannelError:
                    cannot = True
                except MCPError as error:
                    cannot = error.error.code == mcp_types.METHOD_NOT_FOUND
                tasks.cancel_scope.cancel()
        if cannot:
            raise CannotAskError
        return (answer.content or {}) if answer is not None and answer.action == "accept" else None

    async def _show_progress(self) -> None:
        total = QUESTION_LIFE.total_seconds()
        waited = 0.0
        while True:
            await self._context.session.report_progress(waited, total, "Waiting for the person's answer")
            await anyio.sleep(PROGRESS_SECONDS)
            waited += PROGRESS_SECONDS
