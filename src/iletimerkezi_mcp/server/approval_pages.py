"""Pages on loopback on which the person at this machine approves or rejects a change, opened in their browser."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import parse_qs

import anyio
import anyio.to_thread
from anyio.abc import TaskGroup

from iletimerkezi_mcp.confirmation.approval_html import CONTENT_SECURITY_POLICY, page, redirect_file
from iletimerkezi_mcp.confirmation.waiting import WaitingChange

if TYPE_CHECKING:
    import uvicorn
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

HOST = "127.0.0.1"

MAX_BODY = 4096
"""Bytes of a posted form."""

BODY_SECONDS = 10.0
"""The time for which a posted form is read; one that is not whole by then decides nothing."""

MAX_CONNECTIONS = 50
"""Open connections; a new one takes the place of one without a request."""

LOOKING_SECONDS = 5.0
"""The time for which a page waits to be looked at after a browser said that it failed: some do, and show it all the same."""

RESULT_SECONDS = 60.0
"""The time for which a page shows what came of its change."""

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    # With no-referrer browsers post a form with "Origin: null".
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

Answer = Callable[[WaitingChange, str | None, object], Awaitable[bool]]
"""Acts on what was pressed and typed on a page; True if that approves, but with a wrong number."""


class Browser(Protocol):
    """The browser of the person at this machine."""

    @property
    def folder(self) -> Path:
        """A folder that it can read files from."""

    def open(self, file: Path) -> bool:
        """Open `file` in a new tab; False if there is no browser for that."""


@dataclass(slots=True, eq=False)
class _Page:
    waiting: WaitingChange
    file: Path
    seen: anyio.Event = field(default_factory=anyio.Event)


@dataclass(eq=False)
class BrowserPages:
    """Serves the pages on a free port while at least one is open. `answer` is called for what is posted to one.

    A link holds 256 random bits. It stands in no log, in no answer, and in no list of processes: the browser is given a
    file that redirects, which only the user of this process can read. Whoever has the link may decide, so a request must
    name this origin as its Host and, to decide, as its Origin.
    """

    tasks: TaskGroup
    browser: Browser
    answer: Answer | None = None

    def __post_init__(self) -> None:
        self._pages: dict[str, _Page] = {}
        self._server: uvicorn.Server | None = None
        self._origin = ""

    async def show(self, waiting: WaitingChange) -> bool:
        """Show `waiting` until it has a result, and that for a while; False if no browser can be opened."""
        secret = secrets.token_urlsafe(32)
        file = self.browser.folder / f"iletimerkezi-{secrets.token_hex(8)}.html"
        open_page = self._pages[secret] = _Page(waiting, file)
        opened = True
        try:
            self._serve()
            redirect_file(file, f"{self._origin}/{secret}")
            if not await anyio.to_thread.run_sync(self.browser.open, file, abandon_on_cancel=True):
                with anyio.move_on_after(LOOKING_SECONDS):
                    await open_page.seen.wait()
                opened = open_page.seen.is_set()
        except OSError:
            opened = False
        except BaseException:
            self._close(secret)
            raise
        if not opened:
            self._close(secret)
            return False
        self.tasks.start_soon(self._follow, secret)
        return True

    async def _follow(self, secret: str) -> None:
        """Close a page some time after its decision."""
        try:
            await self._pages[secret].waiting.decided.wait()
            await anyio.sleep(RESULT_SECONDS)
        finally:
            self._close(secret)

    def _close(self, secret: str) -> None:
        self._pages.pop(secret).file.unlink(missing_ok=True)
        if not self._pages and self._server is not None:
            self._server.should_exit = True
            self._server = None

    def _serve(self) -> None:
        if self._server is not None:
            return
        import uvicorn

        from iletimerkezi_mcp.http_server import LimitedConnection, SignalFreeServer, listen, origin

        listener = listen(HOST, 0)
        self._origin = origin(HOST, listener)
        self._server = SignalFreeServer(
            uvicorn.Config(
                self._app(),
                http=LimitedConnection,
                limit_concurrency=MAX_CONNECTIONS,
                ws="none",
                lifespan="off",
                log_config=None,
                log_level="critical",
                access_log=False,
                server_header=False,
                proxy_headers=False,
                timeout_graceful_shutdown=1,
            )
        )
        self.tasks.start_soon(self._run, self._server, listener)

    async def _run(self, server: uvicorn.Server, listener: socket.socket) -> None:
        with listener:
            await server.serve([listener])

    def _app(self) -> Starlette:
        from starlette.applications import Starlette
        from starlette.routing import Route

        return Starlette(routes=[Route("/{secret}", self._answer, methods=["GET", "POST"])])

    async def _answer(self, request: Request) -> Response:
        from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse

        secret = request.path_params["secret"]
        open_page = self._pages.get(secret)
        if open_page is None or request.headers.get("host") != self._origin.removeprefix("http://"):
            return PlainTextResponse("", 404, HEADERS)
        open_page.seen.set()
        open_page.file.unlink(missing_ok=True)
        wrong_number = False
        if request.method == "POST":
            if request.headers.get("origin") != self._origin:
                return PlainTextResponse("", 403, HEADERS)
            form = await _form(request)
            if secret not in self._pages:
                # It was closed meanwhile, and its change may be told to be over.
                return PlainTextResponse("", 404, HEADERS)
            assert self.answer is not None
            wrong_number = await self.answer(open_page.waiting, form.get("decision"), form.get("count"))
            if not wrong_number:
                # The result is a page of its own, so that loading it again posts nothing.
                return RedirectResponse(request.url.path, 303, HEADERS)
        return HTMLResponse(page(open_page.waiting, wrong_number=wrong_number), headers=HEADERS)


async def _form(request: Request) -> dict[str, str]:
    """Return the fields of a posted form, each once; {} for what is too long, too slow or none."""
    body = b""
    with anyio.move_on_after(BODY_SECONDS) as reading:
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAX_BODY:
                return {}
    if reading.cancelled_caught:
        return {}
    fields = parse_qs(body.decode("ascii", "replace"), max_num_fields=10)
    return {name: values[0] for name, values in fields.items() if len(values) == 1}
