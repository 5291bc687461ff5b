"""The suite's prompts beside the product's, whose handlers answer whatever is not of the suite."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import mcp.types as mcp_types
from mcp.server import Server, ServerRequestContext

from iletimerkezi_mcp.server.lifespan import LifespanState

from .inputs import answered, form
from .tool import embedded, image, text

Context = ServerRequestContext[LifespanState]

SIMPLE, WITH_ARGUMENTS, WITH_RESOURCE, WITH_IMAGE, ASKING = (
    "test_simple_prompt",
    "test_prompt_with_arguments",
    "test_prompt_with_embedded_resource",
    "test_prompt_with_image",
    "test_input_required_result_prompt",
)

Messages = Callable[[Mapping[str, str]], list[mcp_types.ContentBlock]]

_WRITTEN: dict[str, Messages] = {
    SIMPLE: lambda _: [text("This is a simple prompt for testing.")],
    WITH_ARGUMENTS: lambda arguments: [
        text(f"Prompt with arguments: arg1='{arguments['arg1']}', arg2='{arguments['arg2']}'")
    ],
    WITH_RESOURCE: lambda arguments: [
        embedded(arguments["resourceUri"], "text/plain", "Embedded resource content for testing."),
        text("Please process the embedded resource above."),
    ],
    WITH_IMAGE: lambda _: [image(), text("Please analyze the image above.")],
}

_ARGUMENTS = {WITH_ARGUMENTS: ("arg1", "arg2"), WITH_RESOURCE: ("resourceUri",)}


def add_prompts(server: Server[LifespanState]) -> None:
    """Have `server` list, write and complete the suite's prompts beside its own."""
    product = {name: _handler(server, name) for name in ("prompts/list", "prompts/get", "completion/complete")}

    async def list_prompts(context: Context, params: mcp_types.PaginatedRequestParams) -> Any:
        result = await product["prompts/list"](context, params)
        return result.model_copy(update={"prompts": [*result.prompts, *(_spec(name) for name in (*_WRITTEN, ASKING))]})

    async def get_prompt(context: Context, params: mcp_types.GetPromptRequestParams) -> Any:
        if params.name == ASKING:
            return _asked(params)
        if (write := _WRITTEN.get(params.name)) is None:
            return await product["prompts/get"](context, params)
        return _prompt(params.name, write(params.arguments or {}))

    async def complete(context: Context, params: mcp_types.CompleteRequestParams) -> Any:
        if isinstance(params.ref, mcp_types.PromptReference) and params.ref.name == WITH_ARGUMENTS:
            cities = [city for city in ("paris", "park", "party") if city.startswith(params.argument.value)]
            return mcp_types.CompleteResult(completion=mcp_types.Completion(values=cities, total=len(cities)))
        return await product["completion/complete"](context, params)

    server.add_request_handler("prompts/list", mcp_types.PaginatedRequestParams, list_prompts)
    server.add_request_handler("prompts/get", mcp_types.GetPromptRequestParams, get_prompt)
    server.add_request_handler("completion/complete", mcp_types.CompleteRequestParams, complete)


def _handler(server: Server[LifespanState], method: str) -> Any:
    entry = server.get_request_handler(method)
    assert entry is not None
    return entry.handler


def _spec(name: str) -> mcp_types.Prompt:
    arguments = [
        mcp_types.PromptArgument(name=argument, description=f"The suite's {argument}.", required=True)
        for argument in _ARGUMENTS.get(name, ())
    ]
    return mcp_types.Prompt(name=name, description=f"The suite's {name}.", arguments=arguments)


def _prompt(name: str, contents: list[mcp_types.ContentBlock]) -> mcp_types.GetPromptResult:
    return mcp_types.GetPromptResult(
        description=f"The suite's {name}.",
        messages=[mcp_types.PromptMessage(role="user", content=content) for content in contents],
    )


def _asked(params: mcp_types.GetPromptRequestParams) -> mcp_types.GetPromptResult | mcp_types.InputRequiredResult:
    answer = answered(params.input_responses, "user_context", mcp_types.ElicitResult)
    if answer is None:
        question = form("What context should the prompt use?", context="string")
        return mcp_types.InputRequiredResult(input_requests={"user_context": question})
    return _prompt(params.name, [text(f"Context: {(answer.content or {}).get('context')}")])
