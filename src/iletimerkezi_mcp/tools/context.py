"""The server's parts as a tool uses them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from iletimerkezi_mcp.confirmation.confirmation import Confirmation
from iletimerkezi_mcp.confirmation.recent_reads import RecentReads
from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.ledger.clock import UptimeClock
from iletimerkezi_mcp.ledger.ledger import Ledger
from iletimerkezi_mcp.provider.client import ApiClient
from iletimerkezi_mcp.provider.outcomes import Outcome
from iletimerkezi_mcp.redaction import Redactor
from iletimerkezi_mcp.settings import Settings
from iletimerkezi_mcp.sms.clock import Clock

from .answers import Answer, ReadAnswer, ToolReply

if TYPE_CHECKING:
    from iletimerkezi_mcp.lists.do_not_contact import DoNotContact
    from iletimerkezi_mcp.lists.folder import ListFolder
    from iletimerkezi_mcp.lists.table import ListOptions

    from .list_text import FilledList

AnyAnswer = TypeVar("AnyAnswer", bound=Answer)


@dataclass(frozen=True, slots=True)
class ServerContext:
    """Everything a tool needs beyond its arguments; it lives as long as the server.

    `last_list` has the list and the text of the last preview, until its yes.
    """

    settings: Settings
    client: ApiClient
    confirmation: Confirmation
    ledger: Ledger
    recent_reads: RecentReads
    do_not_contact: DoNotContact
    redactor: Redactor
    clock: Clock
    uptime: UptimeClock
    last_list: dict[tuple[ListOptions, str], FilledList] = field(default_factory=dict)

    @property
    def folder(self) -> ListFolder:
        """The folder of the lists. The tools that use it are offered only if the operator sets one."""
        from iletimerkezi_mcp.lists.folder import ListFolder

        assert self.settings.files_dir is not None
        return ListFolder(self.settings.files_dir)

    @property
    def shows_cells(self) -> bool:
        """True if the reader of the answers may see cells: a person, or a model to which the operator shows them."""
        return self.settings.show_cells or self.settings.audience == "person"

    def say(self, text: Text) -> str:
        """Return `text` in the operator's language, as the reader of the answers is told it."""
        return text.to(self.settings.language, self.settings.audience)

    def answer(
        self, kind: type[AnyAnswer], outcome: Outcome, summary: Text, next_step: Text, **fields: Any
    ) -> AnyAnswer:
        """Return an answer of `kind` in the operator's language that says if it comes from the sandbox."""
        return kind(
            outcome=outcome,
            summary=self.say(summary),
            next_step=self.say(next_step),
            sandbox=self.settings.sandbox,
            **fields,
        )

    def reply(
        self, kind: type[ReadAnswer], summary: Text, next_step: Text, details: str | None = None, **fields: Any
    ) -> ToolReply:
        """Return the reply of a read that succeeded; `details` goes between the summary and the next step."""
        return ToolReply(self.answer(kind, "ok", summary, next_step, **fields), details)
