"""What the server warns of, told to a host that asks for it: the protocol's logging.

A record goes to the host in whose request it was raised and to no other, for it may speak of what that request did.
What is raised outside a request, or after it has been answered, stands on stderr alone, where everything stands.

A host of the 2025 era asks by ``logging/setLevel``, for as long as its session lasts; from 2026-07-28 on by the level
in the ``_meta`` of each request. One that does not ask is told nothing.
"""

from __future__ import annotations

import logging
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, get_args

import anyio
import mcp.types as mcp_types
from mcp import MCPError
from mcp.server import Server, ServerRequestContext
from mcp.server.context import CallNext, HandlerResult
from mcp.server.session import ServerSession
from mcp_types.version import MODERN_PROTOCOL_VERSIONS

from iletimerkezi_mcp.language import Language, Text
from iletimerkezi_mcp.redaction import Redactor
from iletimerkezi_mcp.settings import Settings

from .lifespan import LifespanState
from .transport_info import TransportInfo

MAX_RECORDS = 20
"""Records of one request that its host is told of; the first ones say what began it."""

MAX_LENGTH = 1000
"""Characters of a record that are told."""

TELL_SECONDS = 1.0
"""How long the records of one request may take to be accepted; what a host does not take by then is dropped."""

SEVERITY: dict[mcp_types.LoggingLevel, int] = {level: at for at, level in enumerate(get_args(mcp_types.LoggingLevel))}
"""The names of RFC 5424, section 6.2.1, from the least to the most severe."""

_NAMES: tuple[tuple[int, mcp_types.LoggingLevel], ...] = (
    (logging.CRITICAL, "critical"),
    (logging.ERROR, "error"),
    (logging.WARNING, "warning"),
    (logging.INFO, "info"),
)
"""From which level of Python's on a record has which name."""

_LASTING = "subscriptions/listen"
"""The request that lasts until its host goes. What is read meanwhile is read for all who follow it."""

_OWN = logging.getLogger("iletimerkezi_mcp")


def register(server: Server[LifespanState], settings: Settings, transport_info: TransportInfo) -> None:
    """Have `server` tell hosts what it warns of, and take the level of those whose sessions it keeps."""
    levels = Levels(settings.language)

    async def set_level(
        context: ServerRequestContext[LifespanState], params: mcp_types.SetLevelRequestParams
    ) -> mcp_types.EmptyResult:
        levels.keep(context.session, params.level)
        return mcp_types.EmptyResult()

    if not transport_info.stateless:
        server.add_request_handler("logging/setLevel", mcp_types.SetLevelRequestParams, set_level)
    server.middleware.append(_HostLog(levels, Redactor(settings.secrets, mask_numbers=settings.mask_numbers)))


class Levels:
    """The level that each session of the 2025 era has set, forgotten with the session."""

    def __init__(self, language: Language) -> None:
        self._language = language
        # What a host says of itself at the handshake is one object for as long as its connection lasts.
        self._set: dict[int, tuple[weakref.ref[mcp_types.InitializeRequestParams], mcp_types.LoggingLevel]] = {}

    def __len__(self) -> int:
        """How many sessions have set one."""
        return len(self._set)

    def keep(self, session: ServerSession, level: mcp_types.LoggingLevel) -> None:
        """`session` hears from `level` on. Raises :class:`MCPError` where no handshake says who it is."""
        known = session.client_params
        if known is None:
            raise MCPError(
                mcp_types.INVALID_REQUEST,
                Text(
                    "A level is set for a session, and a session begins with initialize.",
                    "Düzey bir oturum için ayarlanır; oturum initialize ile başlar.",
                ).to(self._language),
            )
        key = id(known)
        self._set[key] = (weakref.ref(known, lambda _: self._set.pop(key, None)), level)

    def of(self, session: ServerSession) -> mcp_types.LoggingLevel | None:
        """The level of `session`; None where it has set none."""
        found = self._set.get(id(session.client_params))
        return None if found is None else found[1]


class _HostLog:
    """The server's middleware that tells the host, before a request's answer, what was warned of meanwhile."""

    def __init__(self, levels: Levels, redactor: Redactor) -> None:
        self._levels = levels
        self._outgoing = redactor

    async def __call__(self, ctx: ServerRequestContext[Any, Any], call_next: CallNext) -> HandlerResult:
        """Answer one message. A request that is cancelled is told nothing more."""
        level = self._wanted(ctx)
        if level is None:
            return await call_next(ctx)
        hearing = _Hearing(level, self._outgoing)
        try:
            with hearing.attached():
                result = await call_next(ctx)
        except Exception:
            await _tell(hearing, ctx)
            raise
        await _tell(hearing, ctx)
        return result

    def _wanted(self, context: ServerRequestContext[Any, Any]) -> mcp_types.LoggingLevel | None:
        """From which level on the host is told of what this request raises."""
        if context.request_id is None or context.method == _LASTING:
            return None
        if context.protocol_version not in MODERN_PROTOCOL_VERSIONS:
            return self._levels.of(context.session)
        wanted: Any = (context.meta or {}).get(mcp_types.LOG_LEVEL_META_KEY)
        # Middleware comes before the SDK's check, which refuses any other.
        return wanted if wanted in get_args(mcp_types.LoggingLevel) else None


class _Hearing(logging.Handler):
    """Holds what is logged in one request, from `level` on, ready to be told."""

    def __init__(self, level: mcp_types.LoggingLevel, redactor: Redactor) -> None:
        super().__init__()
        self._from = SEVERITY[level]
        self._outgoing = redactor
        self.held: list[mcp_types.LoggingMessageNotification] = []

    @contextmanager
    def attached(self) -> Iterator[None]:
        """Hear while the block runs: what it and the tasks that it starts log."""
        token = _current.set(self)
        _OWN.addHandler(self)
        try:
            yield
        finally:
            _OWN.removeHandler(self)
            _current.reset(token)

    def emit(self, record: logging.LogRecord) -> None:
        """Hold `record` where it is this request's."""
        level = _name(record.levelno)
        if _current.get() is not self or SEVERITY[level] < self._from or len(self.held) >= MAX_RECORDS:
            return
        try:
            said = record.getMessage()
        except Exception:  # noqa: BLE001 - what cannot be written must not break the work that it speaks of
            self.handleError(record)
            return
        # The traceback is the operator's: it stands on stderr.
        line = " ".join(self._outgoing.told(said).split())[:MAX_LENGTH]
        params = mcp_types.LoggingMessageNotificationParams(level=level, logger=record.name, data=line)
        self.held.append(mcp_types.LoggingMessageNotification(params=params))


_current: ContextVar[_Hearing | None] = ContextVar("hearing", default=None)
"""Whose request is being answered, if its host wants to be told."""


def _name(level: int) -> mcp_types.LoggingLevel:
    return next((name for least, name in _NAMES if level >= least), "debug")


async def _tell(hearing: _Hearing, context: ServerRequestContext[Any, Any]) -> None:
    """Tell all that is held, on the stream of the request itself."""
    with anyio.move_on_after(TELL_SECONDS):
        for told in hearing.held:
            await context.session.send_notification(told, related_request_id=context.request_id)
