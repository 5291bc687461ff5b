"""Elicitation: asking the person at the host in a form, in both protocol versions.

Before 2026-07-28 the server asks while the call waits (``elicitation/create``). From then on the call ends
with ``input_required`` and the host repeats it with the answer; the code of the question travels in the
sealed request state, which the SDK's boundary has verified before it gets here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Literal

import anyio
import mcp.types as mcp_types
from mcp import MCPError
from mcp.server import ServerRequestContext
from mcp.server.context import CallNext, HandlerResult
from mcp.shared.exceptions import NoBackChannelError
from mcp_types.version import MODERN_PROTOCOL_VERSIONS
from pydantic import ValidationError

from iletimerkezi_mcp.language import Language, Text

INPUT_NAME = "confirm"
"""The name under which the answer comes back."""

QUESTION_LIFE = timedelta(minutes=5)
"""The time for which a question waits for its answer; silence is a no."""

PROGRESS_SECONDS = 10.0
"""The interval at which a waiting call reports progress: hosts give up on a silent one."""

CONNECTION_CLOSED = "iletimerkezi.connection_closed"
"""The key, in the scope of an HTTP request, of the event set when its connection closes: no answer can come then."""

DeclineReason = Literal["no", "closed", "wrong_number", "silence", "unreadable", "not_shown", "no_card", "not_open"]
"""The reason why no yes came of a question; the audit log has it.

A no; a form closed without an answer; a yes with another number than the one to be typed; no answer in time; an answer
that is neither a yes nor a no; a host that failed to show the question, or its card; a question that was over before its answer came.
"""

Verdict = Literal["yes"] | DeclineReason

_TYPED = re.compile(r"[0-9]{1,3}(?:[., ][0-9]{3})?|[0-9]{1,6}")


class CannotAskError(Exception):
    """Raised if a host declared that it can ask a person, and cannot."""


class InputNeededError(Exception):
    """Raised to end the call with a question; the host repeats it with the answer."""

    def __init__(self, result: mcp_types.InputRequiredResult) -> None:
        super().__init__("input required")
        self.result = result


@dataclass(frozen=True, slots=True)
class FormAnswer:
    """The answer to a question: its code, the number that had to be typed, what the answer comes to, and what was typed.

    `typed` is None if it is no number that could be meant.
    """

    code: str
    number: int | None
    verdict: Verdict
    typed: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A preview, put to a person as a form.

    `number` is to be typed into the form if it is set, and `counted` says of what. `title` is the question itself, and
    `caution` says what can be taken back later, and how.
    """

    preview: str
    number: int | None
    counted: Literal["recipients", "consents"] | None
    title: Text
    caution: Text | None
    language: Language

    def schema(self) -> dict[str, Any]:
        """Return the form: one required boolean, and the number to be typed if one is asked for."""
        only_if_right = Text("Say yes only if everything above is right.", "Yukarıdakilerin hepsi doğruysa evet deyin.")
        description = only_if_right if self.caution is None else Text.join(" ", [only_if_right, self.caution])
        properties: dict[str, Any] = {
            "send": {
                "type": "boolean",
                "title": self.title.to(self.language),
                "description": description.to(self.language),
            }
        }
        if self.number is not None:
            recipients = Text("Number of recipients", "Alıcı sayısı")
            consents = Text("Number of consents", "İzin kaydı sayısı")
            numbers = {"recipients": recipients, "consents": consents, None: Text("Number", "Sayı")}
            properties["count"] = {
                "type": "string",
                "title": numbers[self.counted].to(self.language),
                "description": Text(
                    "Type the number above, {number}, to show that you mean it.",
                    "Bilerek onayladığınızı göstermek için yukarıdaki sayıyı yazın: {number}.",
                )
                .format(number=self.number)
                .to(self.language),
            }
        return {"type": "object", "properties": properties, "required": list(properties)}


def _read(answer: mcp_types.ElicitResult, code: str, number: int | None) -> FormAnswer:
    """Return what `answer` comes to. `number` is to be typed if it is set: 12000, 12.000 and 12,000 are the same."""
    content = answer.content or {}
    typed = typed_number(content.get("count"))
    verdict: Verdict = "unreadable"
    if answer.action != "accept":
        verdict = "no" if answer.action == "decline" else "closed"
    elif content.get("send") is False:
        verdict = "no"
    elif content.get("send") is True:
        verdict = "yes" if number in (None, typed) else "wrong_number"
    return FormAnswer(code, number, verdict, typed)


def typed_number(typed: object) -> int | None:
    """Return the number that a person typed, with or without marks of thousands; None for anything else."""
    if isinstance(typed, bool):
        return None
    if isinstance(typed, float):
        typed = int(typed) if typed.is_integer() else None
    text = str(typed).strip()
    return int(re.sub(r"[., ]", "", text)) if _TYPED.fullmatch(text) else None


async def read_malformed_answers(ctx: ServerRequestContext[Any, Any], call_next: CallNext) -> HandlerResult:
    """Make an answer that the protocol does not allow one without a yes or a no, as a middleware of the server.

    The call would otherwise be refused before anything can void the question's code and write to the audit log.
    """
    responses = None if ctx.params is None else ctx.params.get("inputResponses")
    if ctx.method != "tools/call" or responses is None:
        return await call_next(ctx)
    answers = dict(responses) if isinstance(responses, Mapping) else {INPUT_NAME: responses}
    if (raw := answers.pop(INPUT_NAME, None)) is not None:
        answers[INPUT_NAME] = _allowed_answer(raw)
    return await call_next(replace(ctx, params={**(ctx.params or {}), "inputResponses": answers}))


def _allowed_answer(raw: object) -> dict[str, Any]:
    """Return what this server reads of the answer `raw`."""
    try:
        answer = mcp_types.ElicitResult.model_validate(raw)
    except ValidationError:
        return {"action": "accept", "content": {}}
    content = {name: value for name, value in (answer.content or {}).items() if value is not None}
    return {"action": answer.action, "content": content}


class Elicitation:
    """The way to the person behind one MCP request.

    `waited` is the progress that was reported while a person was awaited; what is reported afterwards has to be more.
    """

    def __init__(self, context: ServerRequestContext[Any, Any], params: mcp_types.InputResponseRequestParams) -> None:
        self._context = context
        self._params = params
        self.waited = 0.0
        self._modern = context.protocol_version in MODERN_PROTOCOL_VERSIONS

    @property
    def is_supported(self) -> bool:
        """True if the host declares forms; an empty declaration, as older hosts make, means forms."""
        declared = self._context.session.client_capabilities
        elicitation = declared.elicitation if declared is not None else None
        return elicitation is not None and (elicitation.form is not None or elicitation.url is None)

    def answer(self) -> FormAnswer | None:
        """Return the answer that this call carries, if it carries one.

        An answer counts only with the request state that went out with its question: without it, it belongs to no question.
        """
        response = (self._params.input_responses or {}).get(INPUT_NAME)
        if not self._modern or self._params.request_state is None or response is None:
            return None
        assert isinstance(response, mcp_types.ElicitResult)
        state = json.loads(self._params.request_state)
        return _read(response, state["code"], state["number"])

    async def ask(self, question: Question, code: str) -> FormAnswer:
        """Ask in the way of the connection's protocol version, and return the answer.

        Raises :class:`CannotAskError`, or :class:`InputNeededError` if the answer comes with another call.
        """
        if self._modern:
            form = mcp_types.ElicitRequestFormParams(message=question.preview, requested_schema=question.schema())
            raise InputNeededError(
                mcp_types.InputRequiredResult(
                    request_state=json.dumps({"code": code, "number": question.number}),
                    input_requests={INPUT_NAME: mcp_types.ElicitRequest(params=form)},
                )
            )
        return await self._ask_now(question, code)

    async def _ask_now(self, question: Question, code: str) -> FormAnswer:
        answer = FormAnswer(code, question.number, "silence")
        cannot = False
        with anyio.move_on_after(QUESTION_LIFE.total_seconds()):
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(self._show_progress)
                tasks.start_soon(self._give_up_if_closed, tasks.cancel_scope)
                try:
                    response = await self._context.session.elicit_form(
                        question.preview, question.schema(), related_request_id=self._context.request_id
                    )
                    answer = _read(response, code, question.number)
                except ValidationError:
                    answer = replace(answer, verdict="unreadable")
                except NoBackChannelError:
                    cannot = True
                except MCPError as error:
                    answer = replace(answer, verdict="not_shown")
                    cannot = error.error.code == mcp_types.METHOD_NOT_FOUND
                tasks.cancel_scope.cancel()
        if cannot:
            raise CannotAskError
        return answer

    async def _give_up_if_closed(self, question: anyio.CancelScope) -> None:
        """Cancel `question` if its connection is closed: it would hold its place among the calls until its life ends."""
        scope = getattr(self._context.request, "scope", {})
        if CONNECTION_CLOSED in scope:
            await scope[CONNECTION_CLOSED].wait()
            question.cancel()

    async def _show_progress(self) -> None:
        total = QUESTION_LIFE.total_seconds()
        while True:
            await self._context.session.report_progress(self.waited, total, "Waiting for the person's answer")
            await anyio.sleep(PROGRESS_SECONDS)
            self.waited += PROGRESS_SECONDS
