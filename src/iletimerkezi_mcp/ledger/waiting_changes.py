"""Changes that wait for a person on a card, kept so that any process that shares the ledger can act on the answer."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from .attempts import SHOWING_TIME, WAITING_LIFE, StoredChange
from .clock import microseconds
from .confirmation_codes import Codes

if TYPE_CHECKING:
    import sqlite3


class WaitingChanges(Codes):
    """The changes of the account that wait on a card, inside a transaction."""

    def keep_waiting(self, number: str, call: bytes, code: str, sealed: str) -> None:
        call_digest = self._keys.digest(b"call", self._account, call)
        self.delete_decided()
        self._connection.execute("DELETE FROM waiting_change WHERE call = ?", (call_digest,))
        self._connection.execute(
            "INSERT INTO waiting_change (number, account, call, code, sealed, at) VALUES (?, ?, ?, ?, ?, ?)",
            (number, self._account, call_digest, self._hash(code), sealed, self._now.ledger),
        )

    def issue_card(self, number: str, principal: str, session: str) -> str | None:
        digest = self._keys.digest(b"card of", self._account, number.encode(), session.encode("utf-8", "surrogatepass"))
        code = f"{number}.{base64.urlsafe_b64encode(digest[:24]).decode('ascii')}"
        if self.waiting_change(number) is None:
            return None
        self._connection.execute(
            "INSERT INTO card (hash, number, at) VALUES (?, ?, ?) ON CONFLICT (hash) DO UPDATE SET at = excluded.at",
            (self._card_hash(code, principal), number, self._now.ledger),
        )
        return code

    def show_card(self, code: str, principal: str) -> StoredChange | None:
        card = self._card(code, principal)
        if card is None or not (card["shown"] or self._now.ledger - card["at"] < microseconds(SHOWING_TIME)):
            return None
        number = card["number"]
        self._connection.execute("UPDATE card SET shown = 1 WHERE hash = ?", (card["hash"],))
        self._connection.execute("DELETE FROM card WHERE number = ? AND hash <> ?", (number, card["hash"]))
        return self.waiting_change(number)

    def change_on_card(self, code: str, principal: str) -> StoredChange | None:
        card = self._card(code, principal)
        return None if card is None or not card["shown"] else self.waiting_change(card["number"])

    def waiting_change(self, number: str) -> StoredChange | None:
        return self._waiting("number = ?", number)

    def waiting_call(self, call: bytes) -> StoredChange | None:
        return self._waiting("call = ? AND NOT told", self._keys.digest(b"call", self._account, call))

    def add_wrong_number(self, number: str) -> int:
        self._connection.execute(
            "UPDATE waiting_change SET wrong_numbers = wrong_numbers + 1 WHERE number = ?", (number,)
        )
        row = self._connection.execute(
            "SELECT wrong_numbers FROM waiting_change WHERE number = ?", (number,)
        ).fetchone()
        return 0 if row is None else int(row[0])

    def end_waiting(self, number: str, verdict: str | None) -> None:
        if verdict is None:
            self._connection.execute("DELETE FROM waiting_change WHERE number = ?", (number,))
        else:
            self._connection.execute(
                "UPDATE waiting_change SET sealed = NULL, verdict = ?, at = ? WHERE number = ? AND verdict IS NULL",
                (verdict, self._now.ledger, number),
            )

    def delete_unless_shown(self, number: str) -> bool:
        stored = self.waiting_change(number)
        if stored is None or stored.is_shown or stored.is_decided:
            return False
        self.end_waiting(number, None)
        return True

    def forget_call(self, code: str) -> None:
        """Delete the sealed call of a change whose `code` has just been used."""
        self._connection.execute("UPDATE waiting_change SET sealed = NULL WHERE code = ?", (self._hash(code),))

    def mark_told(self, number: str) -> None:
        self._connection.execute("UPDATE waiting_change SET told = 1 WHERE number = ?", (number,))

    def delete_decided(self) -> None:
        """Delete what has waited, or was decided, :data:`WAITING_LIFE` ago."""
        oldest = self._now.ledger - microseconds(WAITING_LIFE)
        self._connection.execute("DELETE FROM waiting_change WHERE at <= ?", (oldest,))

    def _waiting(self, condition: str, value: object) -> StoredChange | None:
        row = self._connection.execute(
            "SELECT waiting.*, attempt, EXISTS (SELECT 1 FROM card WHERE card.number = waiting.number AND shown) AS is_shown "  # noqa: S608 - constants
            "FROM waiting_change AS waiting LEFT JOIN confirmation_code ON hash = code "
            f"WHERE account = ? AND waiting.at > ? AND {condition}",
            (self._account, self._now.ledger - microseconds(WAITING_LIFE), value),
        ).fetchone()
        if row is None:
            return None
        return StoredChange(
            number=row["number"],
            sealed=row["sealed"],
            verdict=row["verdict"],
            wrong_numbers=row["wrong_numbers"],
            is_shown=bool(row["is_shown"]),
            attempt=None if row["attempt"] is None else self.get(row["attempt"]),
        )

    def _card(self, code: str, principal: str) -> sqlite3.Row | None:
        """Return the row of a card. Its code names its change, so that no row can be made to show another one."""
        card: sqlite3.Row | None = self._connection.execute(
            "SELECT * FROM card WHERE hash = ? AND number = ?",
            (self._card_hash(code, principal), code.partition(".")[0].encode("utf-8", "replace").decode()),
        ).fetchone()
        return card

    def _card_hash(self, code: str, principal: str) -> bytes:
        names = (name.encode("utf-8", "surrogatepass") for name in (principal, code))
        return self._keys.digest(b"card", self._account, *names)
