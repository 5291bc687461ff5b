"""The suite's tools that answer at once or report while they work."""

from __future__ import annotations

import json
from typing import Any

import anyio
import mcp.types as mcp_types
from mcp import MCPError
from pydantic import Field

from iletimerkezi_mcp.tools.arguments import Arguments

from .context import current
from .tool import SILENCE, Fixed, NoArguments, embedded, fixture, image, saying, text

PAUSE_SECONDS = 0.05
"""Between two notifications, as the suite has it."""

SCHEMA_2020_12 = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "$defs": {
        "address": {
            "$anchor": "addressDef",
            "type": "object",
            "properties": {"street": {"type": "string"}, "city": {"type": "string"}},
        }
    },
    "properties": {
        "name": {"type": "string"},
        "address": {"$ref": "#/$defs/address"},
        "contactMethod": {"type": "string", "enum": ["phone", "email"]},
        "phone": {"type": "string"},
        "email": {"type": "string"},
    },
    "allOf": [{"anyOf": [{"required": ["phone"]}, {"required": ["email"]}]}],
    "if": {"properties": {"contactMethod": {"const": "phone"}}, "required": ["contactMethod"]},
    "then": {"required": ["phone"]},
    "else": {"required": ["email"]},
    "additionalProperties": False,
}
"""The schema whose every word the suite wants to see again."""


class Routed(Arguments):
    """An argument that a client repeats in a header."""

    region: str = Field(json_schema_extra={"x-mcp-header": "Region"})


async def _simple(_: NoArguments) -> Fixed:
    return saying("This is a simple text response for testing.")


async def _image(_: NoArguments) -> Fixed:
    return saying(image())


async def _audio(_: NoArguments) -> Fixed:
    return saying(mcp_types.AudioContent(type="audio", data=SILENCE, mime_type="audio/wav"))


async def _embedded(_: NoArguments) -> Fixed:
    return saying(embedded("test://embedded-resource", "text/plain", "This is an embedded resource content."))


async def _mixed(_: NoArguments) -> Fixed:
    data = json.dumps({"test": "data", "value": 123})
    return saying(
        "Multiple content types test:", image(), embedded("test://mixed-content-resource", "application/json", data)
    )


async def _error(_: NoArguments) -> Fixed:
    return Fixed(contents=(text("This tool intentionally returns an error for testing"),), is_error=True)


async def _logging(_: NoArguments) -> Fixed:
    context = current().context
    for message in ("Tool execution started", "Tool processing data", "Tool execution completed"):
        await context.session.send_log_message("info", message, related_request_id=context.request_id)
        await anyio.sleep(PAUSE_SECONDS)
    return saying("Three messages were logged.")


async def _progress(_: NoArguments) -> Fixed:
    for done in (0, 50, 100):
        await current().context.session.report_progress(done, 100)
        await anyio.sleep(PAUSE_SECONDS)
    return saying("Progress was reported.")


async def _incapable(_: NoArguments) -> Fixed:
    declared = current().context.session.client_capabilities
    if declared is None or declared.sampling is None:
        needed: dict[str, Any] = {"requiredCapabilities": {"sampling": {}}}
        raise MCPError(mcp_types.MISSING_REQUIRED_CLIENT_CAPABILITY, "This needs sampling.", needed)
    return saying("The client can sample.")


async def _routed(arguments: Routed) -> Fixed:
    return saying(f"region={arguments.region}")


CONTENTS = (
    fixture("test_simple_text", _simple, NoArguments),
    fixture("test_image_content", _image, NoArguments),
    fixture("test_audio_content", _audio, NoArguments),
    fixture("test_embedded_resource", _embedded, NoArguments),
    fixture("test_multiple_content_types", _mixed, NoArguments),
    fixture("test_error_handling", _error, NoArguments),
    fixture("test_tool_with_logging", _logging, NoArguments),
    fixture("test_logging_tool", _logging, NoArguments),
    fixture("test_tool_with_progress", _progress, NoArguments),
    fixture("test_missing_capability", _incapable, NoArguments),
    fixture("test_x_mcp_header", _routed, Routed),
    fixture("json_schema_2020_12_tool", _simple, NoArguments, schema=SCHEMA_2020_12),
)
