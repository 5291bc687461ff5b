"""A host's part in a question: the form is put to the person at the terminal, and silence or Ctrl-C is a no."""

from __future__ import annotations

import anyio
import mcp.types as mcp_types
from mcp.client.session import ClientRequestContext

from iletimerkezi_mcp.confirmation.question import QUESTION_LIFE
from iletimerkezi_mcp.language import Language, Text

from .prompt import Terminal
from .waiting import Waiting

_NO_ANSWER = Text("No answer in time; that is a no.", "Süresinde yanıt gelmedi; bu, hayır demektir.")
_STOPPED = Text("Stopped; that is a no.", "Durduruldu; bu, hayır demektir.")


class Asking:
    """Answers the server's questions. `life` is how many seconds the person has."""

    def __init__(
        self,
        terminal: Terminal,
        waiting: Waiting,
        language: Language,
        life: float = QUESTION_LIFE.total_seconds(),
    ) -> None:
        self._terminal = terminal
        self._waiting = waiting
        self._language = language
        self._life = life
        self._scope: anyio.CancelScope | None = None
        self._stopped = False
        self.given_up = False
        """Whether a question was left open, and with it perhaps a thread that reads the terminal."""

    async def __call__(
        self, context: ClientRequestContext, params: mcp_types.ElicitRequestParams
    ) -> mcp_types.ElicitResult | mcp_types.ErrorData:
        """The SDK's elicitation callback."""
        assert isinstance(params, mcp_types.ElicitRequestFormParams)
        with self._waiting.aside():
            with anyio.move_on_after(self._life) as scope:
                self._scope = scope
                content = await self._terminal.fill(params.message, params.requested_schema)
            self._scope = None
            if scope.cancelled_caught:
                self.given_up = True
                self._terminal.tell("\n" + (_STOPPED if self._stopped else _NO_ANSWER).to(self._language))
                return mcp_types.ElicitResult(action="cancel")
        if content is None:
            return mcp_types.ElicitResult(action="decline")
        return mcp_types.ElicitResult(action="accept", content=content)

    def stop(self) -> bool:
        """Take Ctrl-C for the answer, where a question is open; else False."""
        if self._scope is None:
            return False
        self._stopped = True
        self._scope.cancel()
        return True
