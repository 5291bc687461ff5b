"""Hosts of the 2025 era that follow resources: each session with its own set, told one by one, dropped when gone."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field

import anyio
import mcp.types as mcp_types
from anyio.abc import TaskGroup
from mcp import MCPError
from mcp.server.session import ServerSession

from iletimerkezi_mcp.language import Language, Text

logger = logging.getLogger(__name__)

MAX_FOLLOWED = 50
"""Resources that one session may follow at once."""

TELL_SECONDS = 10.0
"""How long a host may take to accept a notification, or to answer whether it is still there."""


@dataclass(slots=True, eq=False)
class _Follower:
    """`session` is the one that subscribed first; it reaches the host as long as the connection stands.

    `networked`: other connections come and go beside it, so that it may be gone without the server's noticing.
    """

    session: ServerSession
    networked: bool
    uris: set[str] = field(default_factory=set)
    telling: set[str] = field(default_factory=set)
    checking: bool = False


class Sessions:
    """Which session follows what."""

    def __init__(self, tasks: TaskGroup, language: Language) -> None:
        self._tasks = tasks
        self._language = language
        # What a host says of itself at the handshake is one object for as long as its connection lasts.
        self._followers: dict[int, _Follower] = {}

    @property
    def networked(self) -> bool:
        """Whether any of them may be gone without the server's noticing."""
        return any(follower.networked for follower in self._followers.values())

    def following(self) -> list[ServerSession]:
        """The sessions that follow anything."""
        return [follower.session for follower in self._followers.values()]

    def uris(self) -> set[str]:
        """All that is followed."""
        return set().union(*(follower.uris for follower in self._followers.values()))

    def subscribe(self, session: ServerSession, uri: str, *, networked: bool) -> None:
        """`session` follows `uri` from now on. Raises :class:`MCPError` beyond :data:`MAX_FOLLOWED`."""
        follower = self._followers.get(id(session.client_params))
        followed = follower.uris if follower is not None else set()
        if len(followed | {uri}) > MAX_FOLLOWED:
            raise MCPError(
                mcp_types.INVALID_PARAMS,
                Text(
                    f"One session may follow at most {MAX_FOLLOWED} resources; unsubscribe from one first.",
                    f"Bir oturum en çok {MAX_FOLLOWED} kaynak izleyebilir; önce birinden çıkın.",
                ).to(self._language),
            )
        if follower is None:
            follower = self._followers[id(session.client_params)] = _Follower(session, networked)
        follower.uris.add(uri)

    def unsubscribe(self, session: ServerSession, uri: str) -> None:
        """`session` does not follow `uri` any more, if it did."""
        follower = self._followers.get(id(session.client_params))
        if follower is not None:
            follower.uris.discard(uri)
            if not follower.uris:
                self._drop(follower)

    def tell(self, uri: str) -> None:
        """Tell those who follow `uri` that it has changed. One that has not taken the last word is not told again."""
        for follower in self._followers.values():
            if uri in follower.uris and uri not in follower.telling:
                follower.telling.add(uri)
                self._tasks.start_soon(self._tell, follower, uri)

    def check(self) -> None:
        """Find out who is gone."""
        for follower in self._followers.values():
            if follower.networked and not follower.checking:
                follower.checking = True
                self._tasks.start_soon(self._check, follower)

    async def _tell(self, follower: _Follower, uri: str) -> None:
        with anyio.move_on_after(TELL_SECONDS):
            await follower.session.send_resource_updated(uri)
        follower.telling.discard(uri)

    async def _check(self, follower: _Follower) -> None:
        there = False
        with anyio.move_on_after(TELL_SECONDS):
            try:
                await follower.session.send_ping()
                there = True
            except MCPError as error:
                # A host that does not know the ping has answered all the same.
                there = error.error.code == mcp_types.METHOD_NOT_FOUND
        follower.checking = False
        if not there:
            self._drop(follower)

    def _drop(self, follower: _Follower) -> None:
        kept = {key: each for key, each in self._followers.items() if each is not follower}
        self._followers = kept
