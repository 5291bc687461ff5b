"""What `tools/list` and the largest default answers cost a model, in tokens reckoned as bytes / 4."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from .figure import Bar, Figure, Spread
from .host import PRODUCT, account, hosting
from .upstream import upstream
from .wire import ROWS

BYTES_OF_A_TOKEN = 4


async def sizes() -> list[Figure]:
    """The tools as they are listed, with their output schemas; a full page of a report and of the blacklist."""
    with upstream() as provider:
        async with hosting(PRODUCT, **account(provider.origin)) as host:
            tools = (await host.request("tools/list", {}))["tools"]
            report = await host.request("tools/call", {"name": "get_report", "arguments": {"order_id": "312891245"}})
            blacklist = await host.request("tools/call", {"name": "get_blacklist", "arguments": {}})
    assert report["structuredContent"]["total"] == blacklist["structuredContent"]["count"] == ROWS
    return [
        _figure("tools", f"`tools/list`, {len(tools)} tools with output schemas", sum(map(tokens, tools)), 4_000),
        _figure("largest_tool", "the largest tool of it", max(map(tokens, tools)), 900),
        _figure("report", "default answer for a 1,000-row report", _heavier_half(report), 1_500),
        _figure("blacklist", "default answer for a 1,000-row blacklist page", _heavier_half(blacklist), 1_500),
    ]


def tokens(value: object) -> float:
    """About how many tokens `value` is as JSON."""
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()) / BYTES_OF_A_TOKEN


def _heavier_half(result: Mapping[str, Any]) -> float:
    """Text and structure say the same, and hosts show a model one of the two."""
    text = sum(len(block["text"].encode()) for block in result["content"]) / BYTES_OF_A_TOKEN
    return max(text, tokens(result["structuredContent"]))


def _figure(name: str, what: str, measured: float, limit: int) -> Figure:
    return Figure(name, what, "tokens", Spread.of([measured]), bar=Bar("value", "most", limit))
