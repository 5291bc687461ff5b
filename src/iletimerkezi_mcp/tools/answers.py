"""The answers of all tools: one flat object, the same few fields first, in text and in structure alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import mcp.types as mcp_types
from pydantic import BaseModel, ConfigDict

from iletimerkezi_mcp.language import Language, Text, verbatim
from iletimerkezi_mcp.provider.outcomes import OUTCOMES, ChangeOutcome, Outcome, ReadOutcome, SeriesOutcome
from iletimerkezi_mcp.redaction import Redactor

CARD_META = "iletimerkezi.com/card"
"""The key of what is for this server's card, in the `_meta` of a result."""


class AnswerPart(BaseModel):
    """An object of an answer, the whole or one in its lists; built when first used, as :class:`.Arguments` are."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class Answer(AnswerPart):
    """The fields of every answer, errors included.

    `summary` says what happened and `next_step` what to do now, each in the operator's language;
    `code` is the provider's own number, if it gave one; `sandbox` true means that nothing real was touched.
    """

    outcome: Outcome
    summary: str
    next_step: str
    sandbox: bool
    code: int | None = None


class ReadAnswer(Answer):
    """`ok`; `nothing_done` (arguments); `refused` (by the provider); `failed` (it could not be read)."""

    outcome: ReadOutcome


class ChangeAnswer(Answer):
    """`preview`, `waiting`, `dry_run`, `done` (accepted, not delivered), `declined`, `held_back`, `nothing_done`, `refused`, `unknown`.

    `confirm` is the code that the argument of the same name takes; it is present only if one is issued. `confirmed_by`
    says whose yes a change had, if it had one: `person` or `code`, or `rule:NAME`, the standing rule under which it went out
    with nobody reading it. `way` is how it came: `form`, `card`, `page`, `code` or `rule`. `change` is the number of a change that waits for a person on a
    card or a page.
    """

    outcome: ChangeOutcome
    confirm: str | None = None
    confirmed_by: str | None = None
    way: str | None = None
    change: str | None = None
    preview: str | None = None
    warnings: list[str] | None = None


class SeriesAnswer(ChangeAnswer):
    """The outcomes of a change, and `under_way` (it goes on by itself) and `stopped` (before its end) of one that takes several requests."""

    outcome: SeriesOutcome  # type: ignore[assignment]


@dataclass(frozen=True, slots=True)
class ToolReply:
    """An answer, and the lines that its text shows between the summary and the next step.

    `card` is for this server's card alone: hosts do not show it to models.
    """

    answer: Answer
    details: str | None = None
    card: Mapping[str, str] | None = None

    def text(self, language: Language) -> str:
        """Return the whole answer as text that suffices alone."""
        answer = self.answer
        first = verbatim(f"{answer.outcome}: {answer.summary}")
        if answer.code is not None:
            template = Text("{outcome} (code {code}): {summary}", "{outcome} (kod {code}): {summary}")
            first = template.format(outcome=answer.outcome, code=str(answer.code), summary=answer.summary)
        if answer.sandbox:
            first = Text("[SANDBOX, nothing real] {line}", "[DENEME ORTAMI, gerçek değil] {line}").format(line=first)
        lines = [first]
        if self.details:
            lines.append(verbatim(self.details))
        if isinstance(answer, ChangeAnswer) and answer.confirm is not None:
            lines.append(Text("Code for confirm: {code}", "Onay kodu (confirm): {code}").format(code=answer.confirm))
        lines.append(Text("Next: {step}", "Sıradaki adım: {step}").format(step=answer.next_step))
        return Text.join("\n", lines).to(language)

    def result(self, redactor: Redactor, language: Language) -> mcp_types.CallToolResult:
        """Return the answer as the protocol carries it, without what must not leave the process."""
        return mcp_types.CallToolResult(
            content=[mcp_types.TextContent(type="text", text=redactor.redact(self.text(language)))],
            structured_content=redactor.redact(self.answer.model_dump(mode="json", exclude_none=True)),
            is_error=OUTCOMES[self.answer.outcome].is_error,
            _meta=None if self.card is None else {CARD_META: dict(self.card)},
        )


def iso(moment: datetime | None) -> str | None:
    """Return `moment` as an answer's field gives it."""
    return None if moment is None else moment.isoformat()
