"""``tools.json``: the public surface as clients see it, so that any change of it shows in a diff."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import anyio
from mcp import Client
from pydantic import BaseModel

from iletimerkezi_mcp.server.build import build_server
from iletimerkezi_mcp.settings import Settings


def tools_json() -> str:
    """Return the whole of `tools/list`, `resources/list`, `resources/templates/list` and `prompts/list`, in English.

    Asked of a running server, by the SDK's client. The sandbox offers what a live server does; with a folder of lists,
    which is not opened, it offers all tools.
    """
    return json.dumps(anyio.run(_lists), ensure_ascii=False, indent=1) + "\n"


async def _lists() -> dict[str, Any]:
    async with Client(build_server(Settings(sandbox=True, language="en", files_dir=Path("lists")))) as client:
        return {
            "tools": _plain((await client.list_tools()).tools),
            "resources": _plain((await client.list_resources()).resources),
            "resourceTemplates": _plain((await client.list_resource_templates()).resource_templates),
            "prompts": _plain((await client.list_prompts()).prompts),
        }


def _plain(models: Sequence[BaseModel]) -> list[Any]:
    return [model.model_dump(by_alias=True, mode="json", exclude_none=True) for model in models]
