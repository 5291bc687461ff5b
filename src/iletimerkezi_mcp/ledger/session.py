"""One transaction of the ledger: what each of its calls does inside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from iletimerkezi_mcp.lists.template import comparison_text
from iletimerkezi_mcp.sms.normalize import skeleton

from .attempts import Attempt, AttemptOutcome, Change, ConfirmedBy, Identity, Overlap, Usage, Way
from .campaigns import Campaigns
from .confirmation_codes import Valid
from .ledger import CodeInvalid, CodeUsed, Started, Superseded
from .overlaps import MessageDigests, record_hashes
from .pushed_reports import PushedReports
from .rules import RuleFit, Rules, rule_confirmation
from .waiting_changes import WaitingChanges

R = TypeVar("R")


class Session(WaitingChanges, PushedReports, Campaigns, Rules):
    """One transaction. :class:`.ledger.Ledger` documents the methods that are also its own."""

    def digest_of(self, change: Change) -> bytes:
        """Return the keyed digest of `change`."""
        return self._keys.digest(b"deed", change.digest)

    def message_digests(self, change: Change) -> MessageDigests | None:
        """Return the digests by which earlier sends of this text, or earlier declarations, are found.

        Those of a send are equal for equal text and recipients, the provider's own sense of identical. Texts are equal
        that read alike: an invisible mark or a blank more makes no other message, nor evades a limit.
        All declarations of the account have the same digests, by whose key their records are told apart.
        """
        if change.records:
            account_digest = self._keys.digest(b"declarations", self._account)
            key = self._keys.recipients_key(account_digest)
            return MessageDigests(b"", account_digest, b"", key, record_hashes(change.records))
        if (message := change.message) is None or not message.held:
            return None
        text = comparison_text(message.text).encode()
        skeleton_digest = self._keys.digest(b"alike", self._account, skeleton(message.text).encode())
        return MessageDigests(
            text=self._keys.digest(b"text", self._account, text),
            skeleton=skeleton_digest,
            text_and_recipients=self._keys.digest(b"same", self._account, text, message.recipients_digest),
            key=self._keys.recipients_key(skeleton_digest),
            recipients=message.recipients,
        )

    def look_up(self, change: Change) -> tuple[bytes, Usage]:
        digest = self.digest_of(change)
        return digest, self.usage_before(change, digest, self.message_digests(change))

    def begin(
        self,
        change: Change,
        *,
        code: str,
        confirmed_by: ConfirmedBy,
        identity: Identity,
        audit_owed: bool,
        check_limits: Callable[[Usage], R | None],
        way: Way | None = None,
    ) -> Started | CodeUsed | CodeInvalid | Superseded | Overlap | R:
        # On a card a person may use the code that is valid for the same preview in the chat: then it is used up there, too.
        kinds = {confirmed_by} if way != "card" else {"code", "person"}
        checked = self.check_code(code, change, identity.principal, kinds)
        if not isinstance(checked, Valid):
            return checked
        digest, message_digests = self.digest_of(change), self.message_digests(change)
        usage = self.usage_before(change, digest, message_digests)
        if (result := check_limits(usage)) is not None:
            return result
        if change.campaign is not None and self.is_superseded(change.campaign, checked.latest_attempt_id):
            return Superseded()
        if usage.overlap is not None:
            return usage.overlap
        earlier = (usage.unsettled_attempt, usage.recent_attempt)
        if any(attempt is not None and attempt.id > checked.latest_attempt_id for attempt in earlier):
            return CodeInvalid("overtaken")
        attempt = self.add(
            change,
            digest,
            message_digests,
            confirmed_by=confirmed_by,
            identity=identity,
            audit_owed=audit_owed,
            way=way,
        )
        if change.campaign is not None and change.message is not None:
            self.start_campaign(change.campaign, change.message, attempt)
        self.use_code(code, attempt)
        self.forget_call(code)
        return Started(attempt, checked.age, usage)

    def look_up_rule(self, change: Change) -> RuleFit | None:
        message = change.message
        if message is None or not self.rules():
            return None
        return self.fitting_rule(message, self.look_up(change)[1])

    def begin_by_rule(
        self,
        change: Change,
        *,
        identity: Identity,
        audit_owed: bool,
        check_limits: Callable[[Usage], R | None],
    ) -> Started | RuleFit | Overlap | R | None:
        digest, usage = self.look_up(change)
        message, message_digests = change.message, self.message_digests(change)
        # Without digests nothing would be counted for a person.
        fit = None if message is None or message_digests is None else self.fitting_rule(message, usage)
        if fit is None or fit.reason is not None:
            return fit
        if (result := check_limits(usage)) is not None:
            return result
        if usage.overlap is not None:
            return usage.overlap
        attempt = self.add(
            change,
            digest,
            message_digests,
            confirmed_by=rule_confirmation(fit.name),
            identity=identity,
            audit_owed=audit_owed,
            way="rule",
        )
        return Started(attempt, None, usage)

    def begin_step(self, parent: Attempt, step: Change, *, audit_owed: bool) -> Attempt | Superseded | Overlap:
        if (begun := self.begun_before(parent, step.count)) is None:
            return Superseded()
        message_digests = self.message_digests(step)
        if step.message is not None and message_digests is not None:
            # Recipients of the whole are unique: a part of it that begins where the steps so far end has none of theirs. To
            # compare each of twenty steps with all before it would take longer than the requests.
            disjoint = parent.id if step.message.start == begun else 0
            overlap, _, _ = self.earlier(step.message, message_digests, parent.campaign, disjoint)
            if overlap is not None:
                return overlap
        attempt = self.add(
            step,
            self.digest_of(step),
            message_digests,
            confirmed_by=parent.confirmed_by,
            identity=parent.identity,
            audit_owed=audit_owed,
            way=parent.way,
            parent=parent,
        )
        self.advance_campaign(attempt)
        return attempt

    def settle(self, attempt: Attempt, outcome: AttemptOutcome, *, cancelled_order_id: str | None = None) -> bool:
        has_own_order = self.record_outcome(attempt.id, outcome)
        if cancelled_order_id is not None:
            self.cancel([cancelled_order_id])
        if attempt.campaign is not None:
            self.end_campaign(attempt, outcome)
        return has_own_order
