"""One transaction of the ledger: what a call uses inside it, and how an attempt begins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from iletimerkezi_mcp.sms.normalize import comparison_key, skeleton

from . import confirmation_codes
from .attempts import Attempt, Change, ConfirmedBy, Identity, Overlap, Usage
from .campaigns import Campaigns
from .clock import LedgerTime
from .entries import Entries
from .keys import Keys
from .ledger import CodeInvalid, CodeUsed, Started, Superseded
from .overlaps import MessageDigests, record_hashes

if TYPE_CHECKING:
    import sqlite3

R = TypeVar("R")


@dataclass(frozen=True)
class Session:
    """The objects that a call uses inside its transaction."""

    connection: sqlite3.Connection
    keys: Keys
    entries: Entries
    account: bytes
    now: LedgerTime

    @cached_property
    def campaigns(self) -> Campaigns:
        """The campaigns of the account."""
        return Campaigns(self.connection, self.account, self.now, self.keys)

    def digest_of(self, change: Change) -> bytes:
        """Return the keyed digest of `change`."""
        return self.keys.digest(b"deed", change.digest)

    def binding_of(self, change: Change, principal: str) -> bytes:
        """Return the digest of all that a confirmation is valid for."""
        return self.keys.digest(b"binding", self.account, change.binding, principal.encode("utf-8", "surrogatepass"))

    def code_hash(self, code: str) -> bytes:
        """Return the hash by which a confirmation code is kept."""
        return self.keys.digest(b"code", confirmation_codes.canonical(code))

    def message_digests(self, change: Change) -> MessageDigests | None:
        """Return the digests by which earlier sends of this text, or earlier declarations, are found.

        Those of a send are equal for equal text and recipients, the provider's own sense of identical. Texts are equal
        that read alike: an invisible mark or a blank more makes no other message, nor evades a limit.
        All declarations of the account have the same digests, by whose key their records are told apart.
        """
        if change.records:
            account_digest = self.keys.digest(b"declarations", self.account)
            key = self.keys.recipients_key(account_digest)
            return MessageDigests(b"", account_digest, b"", key, record_hashes(change.records))
        if (message := change.message) is None or not message.held:
            return None
        text = comparison_key(message.text).encode()
        skeleton_digest = self.keys.digest(b"alike", self.account, skeleton(message.text).encode())
        return MessageDigests(
            text=self.keys.digest(b"text", self.account, text),
            skeleton=skeleton_digest,
            text_and_recipients=self.keys.digest(b"same", self.account, text, message.recipients_digest),
            key=self.keys.recipients_key(skeleton_digest),
            recipients=message.recipients,
        )

    def look_up(self, change: Change) -> tuple[bytes, Usage]:
        """Return the keyed digest of `change`, and what counts before it."""
        digest = self.digest_of(change)
        return digest, self.entries.usage(change, digest, self.message_digests(change))

    def begin(
        self,
        change: Change,
        *,
        code: str,
        confirmed_by: ConfirmedBy,
        identity: Identity,
        audit_owed: bool,
        series: bool,
        check_limits: Callable[[Usage], R | None],
    ) -> Started | CodeUsed | CodeInvalid | Superseded | Overlap | R:
        """Do as :meth:`.ledger.Ledger.begin` documents."""
        code_hash, entries, campaign = self.code_hash(code), self.entries, change.campaign
        code_check = confirmation_codes.check(
            self.connection,
            code_hash,
            self.now,
            binding=self.binding_of(change, identity.principal),
            confirmed_by=confirmed_by,
        )
        if isinstance(code_check, confirmation_codes.UsedBy):
            return CodeUsed(entries.get(code_check.attempt_id))
        if not isinstance(code_check, confirmation_codes.Valid):
            return CodeInvalid(code_check)
        digest, message_digests = self.digest_of(change), self.message_digests(change)
        usage = entries.usage(change, digest, message_digests)
        if (result := check_limits(usage)) is not None:
            return result
        if campaign is not None and self.campaigns.is_superseded(campaign, code_check.latest_attempt_id):
            return Superseded()
        if usage.overlap is not None:
            return usage.overlap
        earlier = (usage.unsettled_attempt, usage.recent_attempt)
        if any(attempt is not None and attempt.id > code_check.latest_attempt_id for attempt in earlier):
            return CodeInvalid("overtaken")
        attempt = entries.add(
            change,
            digest,
            message_digests,
            confirmed_by=confirmed_by,
            identity=identity,
            audit_owed=audit_owed,
            series=series or campaign is not None,
        )
        if campaign is not None:
            self.campaigns.start(campaign, attempt)
        confirmation_codes.use(self.connection, code_hash, attempt.id)
        return Started(attempt, code_check.age, usage)

    def begin_step(self, parent: Attempt, step: Change, *, audit_owed: bool) -> Attempt | Superseded | Overlap:
        """Do as :meth:`.ledger.Ledger.begin_step` documents."""
        if not self.campaigns.may_step(parent, step.count):
            return Superseded()
        message_digests = self.message_digests(step)
        if step.message is not None and message_digests is not None:
            overlap, _, _ = self.entries.earlier(step.message, message_digests, parent.campaign, parent.id)
            if overlap is not None:
                return overlap
        attempt = self.entries.add(
            step,
            self.digest_of(step),
            message_digests,
            confirmed_by=parent.confirmed_by,
            identity=parent.identity,
            audit_owed=audit_owed,
            parent=parent,
        )
        self.campaigns.advance(attempt)
        return attempt
