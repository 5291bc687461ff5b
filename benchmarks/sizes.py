"""The cost of `tools/list` and of the largest default answers to a model, in tokens of four bytes each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from publishing.budget import BUDGETS, BYTES_PER_TOKEN, LARGEST_TOOL, tokens

from .figure import Bar, Figure, Spread
from .host import PRODUCT, account, hosting
from .upstream import upstream
from .wire import ROWS


async def sizes() -> list[Figure]:
    """Measure the tools as they are listed, with their output schemas, and a full page of a report and of the blacklist."""
    with upstream() as provider:
        async with hosting(PRODUCT, **account(provider.origin)) as host:
            tools = (await host.request("tools/list", {}))["tools"]
            report = await host.request("tools/call", {"name": "get_report", "arguments": {"order_id": "312891245"}})
            blacklist = await host.request("tools/call", {"name": "get_blacklist", "arguments": {}})
    assert report["structuredContent"]["total"] == blacklist["structuredContent"]["count"] == ROWS
    return [
        _figure(
            "tools",
            f"`tools/list`, {len(tools)} tools with output schemas",
            sum(map(tokens, tools)),
            BUDGETS["sms"].listed,
        ),
        _figure(
            "tools_model",
            "what a model is given of it: names, descriptions and input schemas",
            BUDGETS["sms"].model_tokens(),
            BUDGETS["sms"].model,
        ),
        _figure("largest_tool", "the largest tool of it", max(map(tokens, tools)), LARGEST_TOOL),
        _figure("report", "default answer for a 1,000-row report", _heavier_half(report), 1_500),
        _figure("blacklist", "default answer for a 1,000-row blacklist page", _heavier_half(blacklist), 1_500),
    ]


def _heavier_half(result: Mapping[str, Any]) -> float:
    """Return the heavier of text and structure: they say the same, and hosts show a model one of the two."""
    text = sum(len(block["text"].encode()) for block in result["content"]) / BYTES_PER_TOKEN
    return max(text, tokens(result["structuredContent"]))


def _figure(name: str, what: str, measured: float, limit: int) -> Figure:
    return Figure(name, what, "tokens", Spread.of([measured]), bar=Bar("value", "most", limit))
