"""The suite's tools that end a call with ``input_required``, as from 2026-07-28 on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import mcp.types as mcp_types
from pydantic import BaseModel

from iletimerkezi_mcp.confirmation.elicitation import InputNeededError

from .context import current
from .tool import Fixed, NoArguments, fixture, saying

M = TypeVar("M", bound=BaseModel)

Requests = dict[str, mcp_types.InputRequest]


def form(message: str, **properties: str) -> mcp_types.ElicitRequest:
    """Return a form that asks for `properties`, each of the given type."""
    schema = {
        "type": "object",
        "properties": {name: {"type": kind} for name, kind in properties.items()},
        "required": [*properties],
    }
    return mcp_types.ElicitRequest(params=mcp_types.ElicitRequestFormParams(message=message, requested_schema=schema))


def sample(question: str, max_tokens: int) -> mcp_types.CreateMessageRequest:
    """Return a question to the client's model."""
    content = mcp_types.TextContent(type="text", text=question)
    return mcp_types.CreateMessageRequest(
        params=mcp_types.CreateMessageRequestParams(
            messages=[mcp_types.SamplingMessage(role="user", content=content)], max_tokens=max_tokens
        )
    )


def roots() -> mcp_types.ListRootsRequest:
    """Return a question for the client's roots."""
    return mcp_types.ListRootsRequest()


def answered(responses: Mapping[str, Any] | None, name: str, kind: type[M]) -> M | None:
    """Return the answer to the question `name`, if it is one of its kind."""
    answer = (responses or {}).get(name)
    return answer if isinstance(answer, kind) else None


def _need(requests: Requests, state: str | None = None) -> InputNeededError:
    return InputNeededError(mcp_types.InputRequiredResult(input_requests=requests, request_state=state))


def _filled(name: str) -> Mapping[str, Any] | None:
    answer = answered(current().params.input_responses, name, mcp_types.ElicitResult)
    return None if answer is None or answer.action != "accept" else answer.content or {}


async def _elicit(_: NoArguments) -> Fixed:
    if (filled := _filled("user_name")) is None:
        raise _need({"user_name": form("What is your name?", name="string")})
    return saying(f"Hello, {filled.get('name')}!")


async def _sample(_: NoArguments) -> Fixed:
    answer = answered(current().params.input_responses, "capital_question", mcp_types.CreateMessageResult)
    if answer is None:
        raise _need({"capital_question": sample("What is the capital of France?", 100)})
    return saying(answer.content if isinstance(answer.content, mcp_types.TextContent) else "No text came back.")


async def _roots(_: NoArguments) -> Fixed:
    answer = answered(current().params.input_responses, "client_roots", mcp_types.ListRootsResult)
    if answer is None:
        raise _need({"client_roots": roots()})
    return saying("Roots: " + ", ".join(str(root.uri) for root in answer.roots))


async def _state(_: NoArguments) -> Fixed:
    if current().params.request_state != "asked" or _filled("confirm") is None:
        raise _need({"confirm": form("Please confirm", ok="boolean")}, "asked")
    return saying("state-ok")


async def _several(_: NoArguments) -> Fixed:
    responses = current().params.input_responses
    filled = _filled("user_name")
    greeting = answered(responses, "greeting", mcp_types.CreateMessageResult)
    roots_result = answered(responses, "client_roots", mcp_types.ListRootsResult)
    if filled is None or greeting is None or roots_result is None:
        raise _need(
            {
                "user_name": form("What is your name?", name="string"),
                "greeting": sample("Generate a greeting", 50),
                "client_roots": roots(),
            },
            "asked",
        )
    return saying(f"{filled.get('name')}, {len(roots_result.roots)} roots")


async def _rounds(_: NoArguments) -> Fixed:
    state = current().params.request_state
    if state == "step1" and _filled("step1") is not None:
        raise _need({"step2": form("Step 2: What is your favorite color?", color="string")}, "step2")
    if state == "step2" and (filled := _filled("step2")) is not None:
        return saying(f"Both steps are done: {filled.get('color')}")
    raise _need({"step1": form("Step 1: What is your name?", name="string")}, "step1")


async def _capable(_: NoArguments) -> Fixed:
    declared = current().context.session.client_capabilities or mcp_types.ClientCapabilities()
    requests: Requests = {}
    if declared.elicitation is not None:
        requests["user_name"] = form("What is your name?", name="string")
    if declared.sampling is not None:
        requests["capital_question"] = sample("What is the capital of France?", 100)
    raise _need(requests, "asked")


INPUTS = (
    fixture("test_input_required_result_elicitation", _elicit, NoArguments),
    fixture("test_streaming_elicitation", _elicit, NoArguments),
    fixture("test_input_required_result_sampling", _sample, NoArguments),
    fixture("test_input_required_result_list_roots", _roots, NoArguments),
    fixture("test_input_required_result_request_state", _state, NoArguments),
    fixture("test_input_required_result_tampered_state", _state, NoArguments),
    fixture("test_input_required_result_multiple_inputs", _several, NoArguments),
    fixture("test_input_required_result_multi_round", _rounds, NoArguments),
    fixture("test_input_required_result_capabilities", _capable, NoArguments),
)
