"""The confirmation of changes: preview, a yes, execution. Every changing call passes here."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import anyio

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.ledger.attempts import Attempt, ConfirmedBy, Duplicate, NewAttempt, Settled, Usage
from iletimerkezi_mcp.ledger.confirmation_codes import CodeFault
from iletimerkezi_mcp.ledger.store import CodeUsed, RejectedByPolicy, Started
from iletimerkezi_mcp.ledger.unavailable import LedgerUnavailableError
from iletimerkezi_mcp.provider.client import ApiClient
from iletimerkezi_mcp.provider.errors import ApiError
from iletimerkezi_mcp.settings import Settings
from iletimerkezi_mcp.sms.clock import Clock, describe_time

from . import change_result
from .attempt_log import AttemptLog
from .audit import AuditLog, AuditUnavailableError
from .audit_entry import audit_entry
from .caller import Caller
from .change_result import CODE_LIFE, ChangeResult
from .detached import DetachedRunner, ServerStoppedError
from .elicitation import QUESTION_LIFE, CannotAskError, Question, is_yes
from .pending_change import Acceptance, PendingChange, Preview
from .policy import SendPolicy, refusal

if TYPE_CHECKING:
    from iletimerkezi_mcp.provider.send_progress import OnSent

logger = logging.getLogger(__name__)

MAY_BE_DONE_ALREADY = frozenset({455, 474, 422})
"""Codes with which the provider refuses what an earlier call has done already."""

OnSettled = Callable[[PendingChange, Settled], None]
"""Called with the outcome of a change, even if its caller no longer waits; it must neither block nor raise."""


class Confirmation:
    """Decides if a change is previewed, asked about, or carried out, and has it recorded.

    `on_sent` is called when a request is about to leave, after which stopping undoes nothing; it must neither block nor
    raise.
    """

    def __init__(
        self,
        settings: Settings,
        client: ApiClient,
        attempts: AttemptLog,
        runner: DetachedRunner,
        audit: AuditLog,
        clock: Clock,
        on_settled: Sequence[OnSettled] = (),
        on_sent: Sequence[OnSent] = (),
    ) -> None:
        self._settings = settings
        self._policy = SendPolicy.of(settings)
        self._client = client
        self._attempts = attempts
        self._runner = runner
        self._audit = audit
        self._clock = clock
        self._on_settled = on_settled
        self._on_sent = on_sent

    @cached_property
    def _operator(self) -> str:
        """The user who runs this server, looked up once: the system may have to ask for it."""
        return self._settings.operator

    async def handle(self, change: PendingChange, confirm: str | None, caller: Caller) -> ChangeResult:
        """Preview `change`, ask for a yes, or carry it out, and return the result.

        Raises :class:`.elicitation.InputNeededError` if the host has to ask first.
        """
        try:
            self._audit.check()
            result = await self._decide(change, confirm, caller)
        except (LedgerUnavailableError, AuditUnavailableError) as error:
            result = change_result.not_allowed(error.reason)
        if change.message is not None and change.message.commercial:
            result = change_result.of_campaign(result)
        if result.outcome != "preview" and not result.audited:
            keep = self._keep_commercial_text
            entry = audit_entry(change, result, result.warnings, result.arguments_digest, keep_commercial_text=keep)
            self.write_audit(entry, caller)
        return result

    def write_audit(self, entry: Mapping[str, Any], caller: Caller) -> None:
        """Write `entry` to the audit log. A failure is only logged to stderr: the change is over by now."""
        if not self._audit.is_enabled:
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

    @property
    def _keep_commercial_text(self) -> bool:
        return self._settings.audit_text == "commercial"

    async def _decide(self, change: PendingChange, confirm: str | None, caller: Caller) -> ChangeResult:
        if self._settings.confirm != "code" and caller.elicitation.is_supported:
            with suppress(CannotAskError):
                return await self._by_person(change, caller)
        return await self._by_code(change, confirm, caller)

    async def _by_person(self, change: PendingChange, caller: Caller) -> ChangeResult:
        number = change.count if change.count >= self._settings.type_count_from else None
        answer = caller.elicitation.answer()
        if answer is None:
            attempt, usage = await self._attempts.look_up(change)
            if (obstacle := self._obstacle(change, usage)) is not None:
                return _about(attempt, obstacle)
            code = await self._attempts.issue(change, caller.principal, "person", QUESTION_LIFE)
            question = Question(
                preview=self._rendered(_with_doubt(change.preview, usage)),
                number=number,
                of_message=change.message is not None,
                can_be_undone=change.can_be_undone,
                language=self._settings.language,
            )
            content = await caller.elicitation.ask(question, code)
        else:
            code, content = answer.code, answer.content
        if is_yes(content, number):
            return await self._begin(change, code, "person", caller)
        attempt, _ = await self._attempts.look_up(change)
        earlier = await self._attempts.withdraw(code)
        return _about(
            attempt, change_result.declined() if earlier is None else change_result.confirmed_already(earlier)
        )

    async def _by_code(self, change: PendingChange, confirm: str | None, caller: Caller) -> ChangeResult:
        settings = self._settings
        if settings.confirm == "human":
            attempt, _ = await self._attempts.look_up(change)
            return _about(attempt, change_result.needs_person(None))
        if settings.confirm == "auto" and change.count >= settings.type_count_from:
            attempt, usage = await self._attempts.look_up(change)
            obstacle = self._obstacle(change, usage)
            return _about(attempt, obstacle or change_result.needs_person(settings.type_count_from))
        if confirm is not None:
            return await self._begin(change, confirm, "code", caller)
        return await self._preview(change, None, caller)

    async def _preview(self, change: PendingChange, fault: CodeFault | None, caller: Caller) -> ChangeResult:
        attempt, usage = await self._attempts.look_up(change)
        if (obstacle := self._obstacle(change, usage)) is not None:
            return _about(attempt, obstacle)
        code = await self._attempts.issue(change, caller.principal, "code", CODE_LIFE)
        preview = _with_doubt(change.preview, usage)
        return _about(attempt, change_result.previewed(change, code, self._rendered(preview), preview.warnings, fault))

    def _obstacle(self, change: PendingChange, usage: Usage) -> ChangeResult | None:
        """Return the result if the change may not be made now, before any question is asked."""
        if (reason := self._judge(change, usage)) is not None:
            return change_result.not_allowed(reason)
        return None if usage.duplicate is None else change_result.held_back(usage.duplicate)

    def _judge(self, change: PendingChange, usage: Usage) -> Text | None:
        return None if change.message is None else refusal(self._policy, change.message, usage, self._clock())

    async def _begin(self, change: PendingChange, code: str, confirmed_by: ConfirmedBy, caller: Caller) -> ChangeResult:
        """Check everything in the transaction that records the attempt, and carry the change out if it passes."""
        attempt, answer = await self._attempts.begin(
            change, caller.principal, code, confirmed_by, lambda usage: self._judge(change, usage)
        )
        match answer:
            case Started():
                return await self._execute(change, answer, caller)
            case CodeUsed():
                return _about(attempt, change_result.confirmed_already(answer.attempt))
            case Duplicate():
                return _about(attempt, change_result.held_back(answer))
            case RejectedByPolicy():
                return _about(attempt, change_result.not_allowed(answer.reason))
        if confirmed_by == "person":
            return _about(attempt, change_result.declined())
        return await self._preview(change, answer.fault, caller)

    async def _execute(self, change: PendingChange, started: Started, caller: Caller) -> ChangeResult:
        """Carry `change` out. The work itself records and audits the outcome, for the caller may hang up."""
        attempt = started.attempt
        warnings = _with_doubt(change.preview, started.usage).warnings
        trouble: list[Text] = []

        async def work(on_sent: OnSent) -> Acceptance:
            settled = Settled("nothing_done")

            def sent() -> None:
                nonlocal settled
                settled = Settled("unknown")
                on_sent()
                for notify in self._on_sent:
                    notify()

            try:
                acceptance = await change.execute(self._client, sent)
                settled = Settled("done", order_id=None if change.message is None else acceptance.order_id)
                return acceptance
            except ApiError as error:
                settled = Settled(error.outcome, code=error.code)
                raise
            finally:
                with anyio.CancelScope(shield=True):
                    try:
                        cancelled = change.order_id if settled.outcome == "done" else None
                        await self._attempts.settle(attempt, settled, cancelled=cancelled)
                    except LedgerUnavailableError as error:
                        logger.warning("%s", error)
                        trouble.append(error.reason)
                keep, digest = self._keep_commercial_text, attempt.arguments_digest
                entry = audit_entry(change, settled, warnings, digest, started=started, keep_commercial_text=keep)
                self.write_audit(entry, caller)
                for notify in self._on_settled:
                    notify(change, settled)

        try:
            acceptance = await self._runner.run(work)
            result = change_result.succeeded(acceptance, trouble[0] if trouble else None)
        except ApiError as error:
            result = change_result.failed(change, error, done_earlier=await self._done_earlier(error, attempt))
        except ServerStoppedError:
            result = change_result.unknown(change, change_result.STOPPED)
        except Exception:
            # A defect after the request may have left: the caller must not take it for "nothing was done".
            logger.exception("%s failed in an unforeseen way", change.tool)
            result = change_result.unknown(change, change_result.BROKEN)
        return replace(result, warnings=warnings, audited=True)

    async def _done_earlier(self, error: ApiError, attempt: Attempt) -> bool:
        if error.code not in MAY_BE_DONE_ALREADY or attempt.send is not None:
            return False
        try:
            return await self._attempts.may_be_done_already(attempt)
        except LedgerUnavailableError:
            return False

    def _rendered(self, preview: Preview) -> str:
        return preview.render(self._mode(), self._settings.language)

    def _mode(self) -> Text:
        key = self._settings.api_key.get_secret_value() if self._settings.api_key else ""
        mode = (
            Text("SANDBOX, nothing real", "DENEME ORTAMI, gerçek değil")
            if self._settings.sandbox
            else Text("LIVE", "CANLI")
        )
        # Four of a short key would be most of it.
        if len(key) < 12:
            return mode
        return Text("{mode}, key …{end}", "{mode}, anahtar …{end}").format(mode=mode, end=key[-4:])


def _about(attempt: NewAttempt, result: ChangeResult) -> ChangeResult:
    """Return `result` with the digest of the change that it is about."""
    return replace(result, arguments_digest=attempt.arguments_digest)


_MAY_ARRIVE_TWICE = Text(
    "This may arrive twice: the same was sent at {started}, its outcome is unknown, and get_reports did not show it.",
    "Bu mesaj iki kez ulaşabilir: aynısı daha önce gönderildi ({started}), sonucu bilinmiyor ve get_reports listesinde "
    "görünmedi.",
)


def _with_doubt(preview: Preview, usage: Usage) -> Preview:
    """Return `preview`, with a first warning if an identical send may be on its way."""
    if usage.not_found is None:
        return preview
    warning = _MAY_ARRIVE_TWICE.format(started=describe_time(usage.not_found.started))
    return replace(preview, warnings=(warning, *preview.warnings))
