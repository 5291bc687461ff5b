"""The seal of a question's state: it uses the ledger's key, so that every process that shares the folder can open it."""

from __future__ import annotations

from functools import cached_property

from mcp.server.request_state import AESGCMRequestStateCodec, InvalidRequestState

from iletimerkezi_mcp.ledger.ledger import Ledger
from iletimerkezi_mcp.ledger.unavailable import LedgerUnavailableError


class LedgerRequestState:
    """The SDK's own codec, whose key is read when the first question is asked and not at start."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    @cached_property
    def _codec(self) -> AESGCMRequestStateCodec:
        return AESGCMRequestStateCodec([self._ledger.request_state_key()])

    def seal(self, payload: bytes) -> str:
        """Seal `payload`."""
        return self._codec.seal(payload)

    def unseal(self, token: str) -> bytes:
        """Open `token`. Raises InvalidRequestState if it was not sealed with this key, or while there is no key."""
        try:
            return self._codec.unseal(token)
        except LedgerUnavailableError:
            raise InvalidRequestState("no key") from None
