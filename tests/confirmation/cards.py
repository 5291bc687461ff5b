"""A host that shows cards, and the person who presses their buttons."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import mcp.types as mcp_types

from iletimerkezi_mcp.language import verbatim
from iletimerkezi_mcp.ledger.unavailable import LedgerUnavailableError
from iletimerkezi_mcp.tools.answers import CARD_META
from iletimerkezi_mcp.tools.card_answer import CARD_ANSWER
from tests.calls import SEND_SMS
from tests.hosting import CARDS, LIVE, Host, Mode, hosted, text_of
from tests.server.browsing import let_threads_run

LARGE = {
    "recipients": [f"+90532000{place:04}" for place in range(100)],
    "text": "Mağazamız yarın <b>kapalı</b>.",
    "message_type": "transactional",
}


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat in which cards are shown: what the model calls, and what the person presses."""

    host: Host

    async def ask(self, arguments: dict[str, Any], tool: str = SEND_SMS, **more: Any) -> tuple[dict[str, Any], str]:
        """Call `tool` as a model does; return the answer and the card's code, which the model does not see."""
        result = await self.host.client.call_tool(tool, {**arguments, **more})
        answer = self.host.check(tool, result)
        code = ((result.meta or {}).get(CARD_META) or {}).get("code", "")
        if code:
            assert code not in text_of(result)
            assert code not in str(answer)
        return answer, code

    async def press(self, code: str, decision: str, count: Any = None) -> tuple[dict[str, Any], str]:
        """Call `card_answer` as the card does; return the answer and what the card shows then."""
        fields = {"code": code, "decision": decision} | ({} if count is None else {"count": count})
        result: mcp_types.CallToolResult = await self.host.client.call_tool(CARD_ANSWER.name, fields)
        assert result.structured_content is not None
        return result.structured_content, (result.meta or {}).get(CARD_META, {}).get("html", "")

    async def show(self, arguments: dict[str, Any], tool: str = SEND_SMS) -> tuple[dict[str, Any], str]:
        """Call `tool` and have its card call back."""
        answer, code = await self.ask(arguments, tool)
        assert (await self.press(code, "shown"))[0]["state"] == "open"
        return answer, code

    @property
    def sends(self) -> int:
        return self.host.wire.paths().count("send-sms")


@asynccontextmanager
async def chat(
    mode: Mode = "auto", folder: Path | None = None, *, options: dict[str, Any] | None = None, **settings: Any
) -> AsyncIterator[Chat]:
    """Give a chat with cards; `options` go to :func:`tests.hosting.hosted`."""
    own = settings if folder is None else {**settings, "state_dir": folder}
    options = {**CARDS, **(options or {})}
    async with hosted(replace(LIVE, **own), mode=mode, **options) as host:
        yield Chat(host)


def audit_lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text().splitlines()]


@asynccontextmanager
async def several(folder: Path) -> AsyncIterator[Callable[..., AbstractAsyncContextManager[Chat]]]:
    """Give chats whose servers share the ledger in `folder`, the provider and the clock."""
    async with hosted() as host:
        yield partial(chat, folder=folder, options={"wire": host.wire, "clock": host.clock})


async def unavailable(*_: Any) -> Any:
    raise LedgerUnavailableError(verbatim("locked"))


async def defect(*_: Any) -> Any:
    raise RuntimeError("defect")


async def eventually(at: Chat, word: str, arguments: dict[str, Any] = LARGE) -> dict[str, Any]:
    """Call until the outcome is `word`, and return that answer."""
    with anyio.fail_after(60):
        while (answer := (await at.ask(arguments))[0])["outcome"] != word:
            await let_threads_run()
    return answer


@asynccontextmanager
async def two(folder: Path) -> AsyncIterator[tuple[Chat, Chat]]:
    """Give two chats whose servers share the ledger, the provider and the clock."""
    async with hosted() as host:
        options = {"wire": host.wire, "clock": host.clock}
        async with chat(folder=folder, options=options) as first, chat(folder=folder, options=options) as second:
            yield first, second
