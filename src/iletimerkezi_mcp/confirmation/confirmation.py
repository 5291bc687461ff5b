"""The one way to a changing call: preview, a yes, act. Whoever wants to do something passes here."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import anyio

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.ledger.attempts import Attempt, ConfirmedBy, Duplicate, NewAttempt, Settled, Usage
from iletimerkezi_mcp.ledger.store import CodeUsed, Rejected, Started
from iletimerkezi_mcp.ledger.unavailable import LedgerUnavailableError
from iletimerkezi_mcp.provider.client import ApiClient
from iletimerkezi_mcp.provider.errors import ApiError
from iletimerkezi_mcp.settings import Settings
from iletimerkezi_mcp.sms.clock import Clock, describe_time
from iletimerkezi_mcp.sms.numbers import mask

from . import change_result as ruling
from .attempt_log import AttemptLog
from .audit import AuditLog, AuditUnavailableError
from .change_result import CODE_LIFE, WRONG_CODES, ChangeResult
from .detached import DetachedRunner, ServerStoppedError
from .elicitation import CannotAskError, Person
from .pending_change import Done, PendingChange, Preview
from .policy import Limits, refusal
from .preview import render
from .question import QUESTION_LIFE, Question

logger = logging.getLogger(__name__)

_QUOTED = re.compile("“[^”]*”")
"""What a warning quotes is words of the message, which the audit log does not keep."""

MAY_HAVE_BEEN_FIRST = frozenset({455, 474, 422})
"""Codes with which the provider refuses what an earlier call has done already."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: the person to ask, on the network the name of the token, and the host's name and version."""

    person: Person
    principal: str = ""
    host: str = ""


OnBegun = Callable[[], None]
"""Told that a request is about to leave, after which stopping undoes nothing; it must neither block nor raise."""

OnSettled = Callable[[PendingChange, Settled], None]
"""Told what came of a deed, whoever still waits for it; it must neither block nor raise."""


class Confirmation:
    """Decides whether a deed is previewed, asked about, or carried out, and has it recorded."""

    def __init__(
        self,
        settings: Settings,
        client: ApiClient,
        records: AttemptLog,
        runner: DetachedRunner,
        audit: AuditLog,
        clock: Clock,
        on_settled: Sequence[OnSettled] = (),
        on_begun: Sequence[OnBegun] = (),
    ) -> None:
        self._settings = settings
        self._limits = Limits.of(settings)
        self._client = client
        self._records = records
        self._carrier = runner
        self._audit = audit
        self._clock = clock
        self._on_settled = on_settled
        self._on_begun = on_begun

    @cached_property
    def _operator(self) -> str:
        """Who runs this server, looked up once: the system may have to ask for it."""
        return self._settings.operator

    async def handle(self, deed: PendingChange, confirm: str | None, caller: Caller) -> ChangeResult:
        """What becomes of `deed`. Raises :class:`.person.InputNeededError` where the host has to ask first."""
        try:
            self._audit.check()
            decided = await self._rule(deed, confirm, caller)
        except (LedgerUnavailableError, AuditUnavailableError) as error:
            decided = ruling.not_allowed(error.reason)
        if deed.message is not None and deed.message.commercial:
            decided = ruling.of_campaign(decided)
        if decided.outcome != "preview" and not decided.audited:
            self.write_audit(self._entry(deed, decided), caller)
        return decided

    def write_audit(self, entry: Mapping[str, Any], caller: Caller) -> None:
        """Write `entry` to the audit log. What cannot be written is said on stderr: the deed is over by now."""
        if not self._audit.kept:
            return
        try:
            self._audit.write(
                {
                    "time": self._clock().isoformat(timespec="seconds"),
                    "mode": "sandbox" if self._settings.sandbox else "live",
                    "who": caller.principal or self._operator,
                    "host": caller.host or None,
                    **entry,
                }
            )
        except AuditUnavailableError:
            logger.exception("The audit log could not be written.")

    async def _rule(self, deed: PendingChange, confirm: str | None, caller: Caller) -> ChangeResult:
        if self._settings.confirm != "code" and caller.person.can_be_asked:
            with suppress(CannotAskError):
                return await self._by_person(deed, caller)
        return await self._by_code(deed, confirm, caller)

    async def _by_person(self, deed: PendingChange, caller: Caller) -> ChangeResult:
        returned = caller.person.returned()
        typed = deed.count if deed.count >= self._settings.type_count_from else None
        if returned is None:
            case = await self._records.case(deed, caller.principal)
            if (stopped := self._stopped(deed, case.usage)) is not None:
                return _on(case.attempt, stopped)
            code = await self._records.issue(case.binding, "person", QUESTION_LIFE)
            question = self._question(deed, case.usage, typed)
            content = await caller.person.ask(question, code)
        else:
            code, content = returned.code, returned.content
            question = Question("", typed, self._settings.language)
        if question.is_yes(content):
            return await self._begin(deed, code, "person", caller)
        case = await self._records.case(deed, caller.principal)
        done_before = await self._records.withdraw(code)
        return _on(case.attempt, ruling.declined() if done_before is None else ruling.used(done_before))

    async def _by_code(self, deed: PendingChange, confirm: str | None, caller: Caller) -> ChangeResult:
        if self._settings.confirm == "human":
            case = await self._records.case(deed, caller.principal)
            return _on(case.attempt, ruling.needs_person(None))
        if self._settings.confirm == "auto" and deed.count >= self._settings.type_count_from:
            case = await self._records.case(deed, caller.principal)
            return _on(
                case.attempt, self._stopped(deed, case.usage) or ruling.needs_person(self._settings.type_count_from)
            )
        if confirm is not None:
            return await self._begin(deed, confirm, "code", caller)
        return await self._preview(deed, None, caller)

    async def _preview(self, deed: PendingChange, instead: Text | None, caller: Caller) -> ChangeResult:
        case = await self._records.case(deed, caller.principal)
        if (stopped := self._stopped(deed, case.usage)) is not None:
            return _on(case.attempt, stopped)
        code = await self._records.issue(case.binding, "code", CODE_LIFE)
        preview = _with_doubt(deed.preview, case.usage)
        return _on(case.attempt, ruling.previewed(deed, code, self._shown(preview), preview.warnings, instead))

    def _stopped(self, deed: PendingChange, usage: Usage) -> ChangeResult | None:
        """What stands in the way before anybody is asked."""
        if (reason := self._judge(deed, usage)) is not None:
            return ruling.not_allowed(reason)
        return None if usage.duplicate is None else ruling.held_back(usage.duplicate)

    def _judge(self, deed: PendingChange, usage: Usage) -> Text | None:
        return None if deed.message is None else refusal(self._limits, deed.message, usage, self._clock())

    async def _begin(self, deed: PendingChange, code: str, kind: ConfirmedBy, caller: Caller) -> ChangeResult:
        """Everything is checked in the transaction that records the attempt."""
        attempt, found = await self._records.begin(
            deed, caller.principal, code, kind, lambda usage: self._judge(deed, usage)
        )
        match found:
            case Started():
                confirmed = ChangeResult(
                    "unknown",
                    _UNSAID,
                    _UNSAID,
                    warnings=_with_doubt(deed.preview, found.usage).warnings,
                    confirmed_by=kind,
                    since_preview=found.since_preview,
                    arguments_digest=attempt.arguments_digest,
                )
                decided = await self._act(deed, found.attempt, confirmed, caller)
                return replace(decided, warnings=confirmed.warnings, audited=True)
            case CodeUsed():
                return _on(attempt, ruling.used(found.attempt))
            case Duplicate():
                return _on(attempt, ruling.held_back(found))
            case Rejected():
                return _on(attempt, ruling.not_allowed(found.reason))
        if kind == "person":
            return _on(attempt, ruling.declined())
        return await self._preview(deed, WRONG_CODES[found.fault], caller)

    async def _act(
        self, deed: PendingChange, attempt: Attempt, confirmed: ChangeResult, caller: Caller
    ) -> ChangeResult:
        """Carry `deed` out. What comes of it is recorded and noted by the work itself, for the caller may hang up."""
        trouble: list[Text] = []

        async def work(begun_here: Any) -> Done:
            settled, cancelled = Settled("nothing_done"), None

            def begun() -> None:
                nonlocal settled
                settled = Settled("unknown")
                begun_here()
                for told in self._on_begun:
                    told()

            try:
                done = await deed.execute(self._client, begun)
                settled = Settled("done", order_id=None if deed.message is None else done.order_id)
                cancelled = deed.order_id
                return done
            except ApiError as error:
                settled = Settled(error.outcome, code=error.code)
                raise
            finally:
                with anyio.CancelScope(shield=True):
                    try:
                        await self._records.settle(attempt, settled, cancelled=cancelled)
                    except LedgerUnavailableError as error:
                        logger.warning("%s", error)
                        trouble.append(error.reason)
                came = replace(confirmed, outcome=settled.outcome, code=settled.code, order_id=settled.order_id)
                self.write_audit(self._entry(deed, came), caller)
                for told in self._on_settled:
                    told(deed, settled)

        try:
            done = await self._carrier.carry(work)
        except ApiError as error:
            return ruling.failed(deed, error, doubtful=await self._doubtful(error, attempt))
        except ServerStoppedError:
            return ruling.stopped(deed)
        except Exception:
            # A defect after the request may have left: the caller must not take it for "nothing happened".
            logger.exception("%s failed in a way that nobody foresaw", deed.tool)
            return ruling.broken(deed)
        return ruling.succeeded(done, trouble[0] if trouble else None)

    async def _doubtful(self, error: ApiError, attempt: Attempt) -> bool:
        if error.code not in MAY_HAVE_BEEN_FIRST or attempt.send is not None:
            return False
        try:
            return await self._records.doubtful(attempt)
        except LedgerUnavailableError:
            return False

    def _question(self, deed: PendingChange, usage: Usage, typed: int | None) -> Question:
        return Question(self._shown(_with_doubt(deed.preview, usage)), typed, self._settings.language)

    def _shown(self, preview: Preview) -> str:
        return render(preview, self._settings.language, self._mode())

    def _mode(self) -> Text:
        key = self._settings.api_key.get_secret_value() if self._settings.api_key else ""
        # Four of a short key would be most of it.
        whose = Text(f", key …{key[-4:]}", f", anahtar …{key[-4:]}") if len(key) >= 12 else Text("", "")
        mode = (
            Text("SANDBOX, nothing real", "DENEME ORTAMI, gerçek değil")
            if self._settings.sandbox
            else Text("LIVE", "CANLI")
        )
        return mode + whose + ": "

    def _entry(self, deed: PendingChange, decided: ChangeResult) -> dict[str, Any]:
        message = deed.message
        entry: dict[str, Any] = {
            "tool": deed.tool,
            "outcome": decided.outcome,
            "code": decided.code,
            "order_id": decided.order_id or deed.order_id,
            "confirmed_by": decided.confirmed_by,
            "seconds_since_preview": None
            if decided.since_preview is None
            else round(decided.since_preview.total_seconds(), 1),
            "warnings": [_QUOTED.sub("…", warning.en) for warning in decided.warnings] or None,
            "count": deed.count,
            "arguments": decided.arguments_digest and decided.arguments_digest.hex(),
            **deed.audit_fields,
        }
        if message is not None:
            entry |= {
                "message_type": message.message_type,
                "iys_list": message.iys_list,
                "sender": message.sender,
                "send_at": message.send_at and message.send_at.isoformat(timespec="minutes"),
                "credits": message.credits,
                "recipients": [mask(number) for number in message.recipients[:5]],
                "label": message.label,
            }
            if message.commercial and self._settings.audit_text == "commercial":
                entry["text"] = message.text
        return entry


_UNSAID = Text("", "")


def _on(attempt: NewAttempt, decided: ChangeResult) -> ChangeResult:
    """`decided`, with the digest of what it is about."""
    return replace(decided, arguments_digest=attempt.arguments_digest)


def _with_doubt(preview: Preview, usage: Usage) -> Preview:
    """`preview`, warning first of all where an identical send may be on its way."""
    if usage.not_found is None:
        return preview
    twice = (
        Text("This may arrive twice: the same was sent at ", "Bu iki kez ulaşabilir: aynısı ")
        + describe_time(usage.not_found.started)
        + Text(
            ", its outcome is unknown, and get_reports did not show it.",
            " anında gönderildi, sonucu bilinmiyor ve get_reports onu göstermedi.",
        )
    )
    return replace(preview, warnings=(twice, *preview.warnings))
