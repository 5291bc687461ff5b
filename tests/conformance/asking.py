"""The suite's tools that ask the client while the call waits, as before 2026-07-28."""

from __future__ import annotations

import json
from typing import Any

import mcp.types as mcp_types

from iletimerkezi_mcp.tools.arguments import Arguments

from .context import current
from .tool import Fixed, NoArguments, fixture, saying

OPTIONS = ["option1", "option2", "option3"]


class Prompted(Arguments):
    """The question to the client's model."""

    prompt: str


class Messaged(Arguments):
    """The question to the user."""

    message: str


async def _sample(arguments: Prompted) -> Fixed:
    context = current().context
    question = mcp_types.SamplingMessage(role="user", content=mcp_types.TextContent(type="text", text=arguments.prompt))
    answer = await context.session.create_message([question], max_tokens=100, related_request_id=context.request_id)
    reply = answer.content.text if isinstance(answer.content, mcp_types.TextContent) else ""
    return saying(f"LLM response: {reply}")


async def _form(message: str, properties: dict[str, Any], *required: str) -> str:
    context = current().context
    schema = {"type": "object", "properties": properties, "required": [*required]}
    answer = await context.session.elicit_form(message, schema, related_request_id=context.request_id)
    return f"action={answer.action}, content={json.dumps(answer.content)}"


async def _elicit(arguments: Messaged) -> Fixed:
    properties = {
        "username": {"type": "string", "description": "User's response"},
        "email": {"type": "string", "description": "User's email address"},
    }
    return saying(f"User response: {await _form(arguments.message, properties, *properties)}")


async def _defaults(_: NoArguments) -> Fixed:
    properties = {
        "name": {"type": "string", "default": "John Doe"},
        "age": {"type": "integer", "default": 30},
        "score": {"type": "number", "default": 95.5},
        "status": {"type": "string", "enum": ["active", "inactive", "pending"], "default": "active"},
        "verified": {"type": "boolean", "default": True},
    }
    return saying(f"Elicitation completed: {await _form('Check these values', properties)}")


async def _enums(_: NoArguments) -> Fixed:
    titled = [{"const": f"value{n}", "title": f"{word} Option"} for n, word in enumerate(("First", "Second"), 1)]
    properties = {
        "untitledSingle": {"type": "string", "enum": OPTIONS},
        "titledSingle": {"type": "string", "oneOf": titled},
        "legacyEnum": {"type": "string", "enum": ["opt1", "opt2"], "enumNames": ["Option One", "Option Two"]},
        "untitledMulti": {"type": "array", "items": {"type": "string", "enum": OPTIONS}},
        "titledMulti": {"type": "array", "items": {"anyOf": titled}},
    }
    return saying(f"Elicitation completed: {await _form('Choose', properties)}")


ASKING = (
    fixture("test_sampling", _sample, Prompted),
    fixture("test_elicitation", _elicit, Messaged),
    fixture("test_elicitation_sep1034_defaults", _defaults, NoArguments),
    fixture("test_elicitation_sep1330_enums", _enums, NoArguments),
)
