"""The pending change: a change at the provider, fully worked out but not yet made.

A changing tool turns its arguments into one of these and does nothing more. What is
shown, what is confirmed and what is carried out are therefore the same object.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from iletimerkezi_mcp.language import Audience, ExplainedError, Language, Text
from iletimerkezi_mcp.ledger.attempts import Counted, PendingCampaign, PendingMessage
from iletimerkezi_mcp.settings import Settings
from iletimerkezi_mcp.sms.escape import escape, escape_line

if TYPE_CHECKING:
    from iletimerkezi_mcp.provider.client import ApiClient
    from iletimerkezi_mcp.provider.send_progress import OnSent

LINES_IN_SIGHT = 12
"""Lines of quoted text that leave the first line of the preview in sight; after more, that line is repeated."""

QUESTION = Text("Do you confirm this?", "Onaylıyor musunuz?")
"""The question to a person, unless a change has its own."""

_FIRST_LINE = Text("{mode}: {headline}", "{mode}: {headline}")


@dataclass(frozen=True, slots=True)
class Preview:
    """The description of a change, for a person to read.

    `headline` is the whole change in one line; `warnings`, `details` and the text of the message (`quoted`) follow.
    `advice` helps to decide, so it is no part of what was confirmed. `private` are for people only, such as texts that were
    filled in: a model gets them only if the operator says so, and the audit log never. Each may have further lines.
    """

    headline: Text
    warnings: tuple[Text, ...] = ()
    details: tuple[Text, ...] = ()
    quoted: str | None = None
    advice: tuple[Text, ...] = ()
    private: tuple[Text, ...] = ()

    def render(
        self,
        mode: Text,
        language: Language,
        audience: Audience = "model",
        *,
        advice: bool = True,
        private: bool = True,
    ) -> str:
        """Return the preview as plain text, without what is not for `audience`; `mode` (live or sandbox, and whose account) opens its first line.

        Each line of the quoted text, and each further line of a private one, is marked, and invisible characters in it are written out, so that a message
        cannot look like a part of the preview; nor can any text that is part of another line.
        """
        details = self.details + (self.advice if advice else ())
        lines = [escape_line(_FIRST_LINE.format(mode=mode, headline=self.headline).to(language, audience))]
        for mark, texts in (("! ", self.warnings), ("- ", details)):
            lines += [mark + escape_line(said) for text in texts if (said := text.to(language, audience))]
        above = len(lines)
        if self.quoted is not None:
            lines.append(Text("The text:", "Metin:").to(language))
            lines += ["| " + escape(line) for line in self.quoted.split("\n")]
        for text in self.private if private else ():
            first, *further = text.to(language, audience).split("\n")
            lines += ["- " + escape_line(first), *("| " + escape(line) for line in further)]
        if len(lines) - above > LINES_IN_SIGHT + 1:
            lines.append(lines[0])
        return "\n".join(lines)


def preview_mode(settings: Settings) -> Text:
    """Return the first words of a preview: if the provider is real, and with which key."""
    if settings.sandbox:
        return Text("SANDBOX, nothing real", "DENEME ORTAMI, gerçek değil")
    key = settings.api_key.get_secret_value() if settings.api_key else ""
    # Four of a short key would be most of it.
    if len(key) < 12:
        return Text("LIVE", "CANLI")
    return Text("LIVE, key …{end}", "CANLI, anahtar …{end}").format(end=key[-4:])


@dataclass(frozen=True, slots=True)
class Acceptance:
    """The words for a change that the provider has accepted."""

    summary: Text
    next_step: Text
    order_id: str | None = None


@dataclass(frozen=True, slots=True)
class PreviewExpiry:
    """The time `at` which a preview stops being true, and the `reason`, a phrase."""

    at: datetime
    reason: Text


class NoLongerPossibleError(ExplainedError):
    """Raised if a change that was planned before cannot be planned now; nothing was done."""

    def __init__(self, reason: Text, next_step: Text) -> None:
        super().__init__(reason)
        self.next_step = next_step


@dataclass(frozen=True)
class PendingCall:
    """The call that asks for a change: its tool, and its arguments as JSON, without the code."""

    tool: str
    arguments: str

    @cached_property
    def digest(self) -> bytes:
        """The digest that two calls, of any process, share only if they are equal."""
        return hashlib.sha256(f"{self.tool}\n{self.arguments}".encode()).digest()


@dataclass(frozen=True)
class PendingChange:
    """One changing call, ready to be previewed, confirmed and carried out.

    :class:`.attempts.Change` documents what the ledger sees of it. `canonical` is all that is confirmed, in one spelling
    (sorted, normalised): equal changes have equal canonical forms. `call` asked for it; a step of a
    series has none. `preview_conditions` are what the preview depends on beyond that, and `preview_expiry` is set if
    time alone will make it untrue. `answer_fields` are the structured fields of the preview, repeated in the answer when
    the change is done. `how_to_verify` says which read shows if a change of unknown outcome was made. `question` and
    `caution` are put to a person in the form: the caution says what can be taken back later, and how. `owner` is who
    confirmed the order that it is about, if it was sent from here. `records` are each whole and, for people, in short.
    `plan_again` plans the same call anew, for what it depends on may change while a person is asked; it raises
    :class:`NoLongerPossibleError`.
    `rules_apply` if a standing rule may let it through.
    """

    tool: str
    canonical: Mapping[str, Any]
    preview: Preview
    answer_fields: Mapping[str, Any]
    how_to_verify: Text
    execute: Callable[[ApiClient, OnSent], Awaitable[Acceptance]] = field(repr=False)
    call: PendingCall | None = field(default=None, repr=False)
    count: int = 1
    counted: Counted | None = None
    message: PendingMessage | None = None
    campaign: PendingCampaign | None = None
    preview_conditions: Mapping[str, Any] = field(default_factory=dict)
    preview_expiry: PreviewExpiry | None = None
    order_id: str | None = None
    owner: str | None = None
    audit_fields: Mapping[str, Any] = field(default_factory=dict)
    records: Mapping[str, str] = field(default_factory=dict)
    rules_apply: bool = False
    question: Text = QUESTION
    caution: Text | None = None
    plan_again: Callable[[], Awaitable[PendingChange]] | None = field(default=None, repr=False)

    is_series: ClassVar[bool] = False

    @cached_property
    def digest(self) -> bytes:
        return _digest([self.tool, self.canonical])

    @cached_property
    def binding(self) -> bytes:
        return _digest([self.tool, self.canonical, self.preview_conditions])


def _digest(form: Any) -> bytes:
    text = json.dumps(form, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode("ascii")).digest()
