"""The standing rules of an account: texts that a person has approved once, and what has gone out under them.

A rule is signed under the ledger's key, so one that was edited in the file is none. Only the command line makes and revokes
them. What has gone out is counted in the transaction that begins a send.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.sms.rule_text import RuleTextError, parse_rule_text

from .attempts import LIMIT_SPAN, RULE_SPAN, PendingMessage, Usage
from .clock import instant, microseconds
from .recipients import digest_set, recipient_digests
from .rows import Rows

if TYPE_CHECKING:
    import sqlite3

MAX_RULES = 20
"""The most rules of an account: each send is held against all of them."""


def rule_confirmation(name: str) -> str:
    """Return what an attempt that the rule `name` let through was confirmed by."""
    return f"rule:{name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleTerms:
    """The terms of a rule, as a person has approved them.

    `per_hour`, `per_day` and `per_person` (of 24 hours) are the most messages. `days` is its life. `approved_by` is the user.
    """

    name: str
    text: str
    sender: str
    per_hour: int
    per_day: int
    per_person: int
    days: int
    approved_by: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule on record, which `expires` by the wall clock, in Istanbul time."""

    terms: RuleTerms
    expires: datetime
    live: bool


@dataclass(frozen=True, slots=True)
class RuleFit:
    """The rule whose text a message has; if there is a `reason`, a phrase, it does not let the message through."""

    name: str
    reason: Text | None = None


_OTHER_TERMS = Text(
    "it is for transactional messages from the sender {sender} to one recipient, at once",
    "{sender} başlığıyla tek alıcıya hemen giden bilgilendirme mesajları için",
)
_EXPIRED = Text("it has expired", "süresi dolmuş")
_CAPPED = Text(
    "it has a cap that is reached: {per_hour} in an hour, {per_day} in 24 hours, {per_person} to one person in 24 hours",
    "bir sınırı dolmuş: bir saatte {per_hour}, 24 saatte {per_day}, bir kişiye 24 saatte {per_person} mesaj",
)
TO_BE_READ = Text(
    "a person has to read what calls for a warning", "uyarı gerektiren mesajı bir kişinin okuması gerekir"
)
"""The reason of a message whose preview has a warning."""


class Rules(Rows):
    """The rules of the account, inside a transaction."""

    def rules(self) -> list[Rule]:
        return [rule for rule in map(self._rule, self._rule_rows()) if rule is not None]

    def edited_rules(self) -> list[str]:
        """Return the names of the rules that were edited in the file."""
        return [str(row["name"]) for row in self._rule_rows() if self._rule(row) is None]

    def add_rule(self, terms: RuleTerms) -> bool:
        """Put a rule on record; False if its name is taken, or there are :data:`MAX_RULES` already."""
        parse_rule_text(terms.text)
        names = [row["name"] for row in self._rule_rows()]
        if terms.name in names or len(names) >= MAX_RULES:
            return False
        body = json.dumps({**asdict(terms), "at": self._now.ledger, "wall": self._now.wall}).encode()
        row = (self._account, terms.name, body, self._signature(body))
        self._connection.execute("INSERT INTO rule (account, name, body, signature) VALUES (?, ?, ?, ?)", row)
        return True

    def revoke_rule(self, name: str) -> bool:
        """Delete the rule `name`; False if there is none. Nothing goes out under it from then on, in any process."""
        deleted = self._connection.execute("DELETE FROM rule WHERE account = ? AND name = ?", (self._account, name))
        return deleted.rowcount > 0

    def fitting_rule(self, message: PendingMessage, usage: Usage) -> RuleFit | None:
        """Return the first rule that lets `message` through, else one that has its text; None if none has.

        `usage` is what counts before it.
        """
        refusing: RuleFit | None = None
        for rule in self.rules():
            try:
                if not parse_rule_text(rule.terms.text).matches(message.text):
                    continue
            except RuleTextError:
                # Another version has taken a text that this one refuses.
                continue
            reason = self._obstacle(rule, message, usage)
            if reason is None:
                return RuleFit(rule.terms.name)
            refusing = refusing or RuleFit(rule.terms.name, reason)
        return refusing

    def _rule_rows(self) -> Sequence[sqlite3.Row]:
        return self._connection.execute("SELECT * FROM rule WHERE account = ? ORDER BY id", (self._account,)).fetchall()

    def _rule(self, row: sqlite3.Row) -> Rule | None:
        """Return the rule in `row`; None if it was edited, for a column may then hold anything."""
        body = row["body"]
        if not isinstance(body, bytes) or row["signature"] != self._signature(body):
            return None
        fields: dict[str, Any] = json.loads(body)
        at, wall = fields.pop("at"), fields.pop("wall")
        terms = RuleTerms(**fields)
        if terms.name != row["name"]:
            return None
        life = microseconds(timedelta(days=terms.days))
        # By every clock that there is: setting one back makes no rule live longer.
        ages = [self._now.ledger - at, self._now.wall - wall]
        if self._now.provider is not None:
            ages.append(self._now.ledger + self._now.provider - wall)
        return Rule(terms, instant(wall + life), max(ages) < life)

    def _obstacle(self, rule: Rule, message: PendingMessage, usage: Usage) -> Text | None:
        """Return what keeps a message that has the text of `rule` from going out under it, the lasting things first."""
        terms = rule.terms
        if message.commercial or len(message.recipients) != 1 or message.send_at or message.sender != terms.sender:
            return _OTHER_TERMS.format(sender=terms.sender)
        if not rule.live:
            return _EXPIRED
        if self._is_capped(terms, message.recipients[0]):
            return _CAPPED.format(per_hour=terms.per_hour, per_day=terms.per_day, per_person=terms.per_person)
        if usage.unsettled_attempt is not None or usage.recent_attempt is not None:
            return TO_BE_READ
        return None

    def _is_capped(self, terms: RuleTerms, number: str) -> bool:
        """Return True if as much has gone out under a rule as may, or to the canonical `number`, whatever came of it."""
        sends = self._connection.execute(
            "SELECT at, recipients.alike, digests FROM attempt LEFT JOIN recipients ON attempt = id "
            "WHERE account = ? AND at > ? AND confirmed_by = ?",
            (self._account, self._now.ledger - microseconds(RULE_SPAN), rule_confirmation(terms.name)),
        ).fetchall()
        hour = self._now.ledger - microseconds(LIMIT_SPAN)
        if len(sends) >= terms.per_day or sum(at > hour for at, _, _ in sends) >= terms.per_hour:
            return True
        # A person's own request may have deleted the digest.
        to_person = sum(
            recipient_digests(self._keys.recipients_key(alike), [number])[0] in digest_set(digests)
            for _, alike, digests in sends
            if alike is not None
        )
        return to_person >= terms.per_person

    def _signature(self, body: bytes) -> bytes:
        return self._keys.digest(b"rule", self._account, body)
