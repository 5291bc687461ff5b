"""Standing rules: on record, signed, counted in one transaction, and never longer alive than a person has said."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from iletimerkezi_mcp.language import verbatim
from iletimerkezi_mcp.ledger import rules
from iletimerkezi_mcp.ledger.attempts import Overlap
from iletimerkezi_mcp.ledger.files import LEDGER_FILE
from iletimerkezi_mcp.ledger.ledger import Ledger, Started
from iletimerkezi_mcp.ledger.rules import MAX_RULES, TO_BE_READ, Rule, RuleFit
from iletimerkezi_mcp.ledger.sqlite import SqliteLedger
from iletimerkezi_mcp.ledger.unavailable import LedgerUnavailableError
from iletimerkezi_mcp.sms.rule_text import RuleTextError

from .machine import (
    AYSE,
    BLOCKING,
    DAY,
    HOUR,
    MINUTE,
    ORDER,
    UNKNOWN,
    A,
    B,
    Machine,
    begun_by_rule,
    campaign,
    notice,
    sending,
    terms,
)
from .racing import race
from .version_4 import to_version_4

TERMS = "it is for transactional messages from the sender FIRMA to one recipient, at once"


def reason(fit: object) -> str:
    """Return why a rule does not let a message through that it nearly does."""
    assert isinstance(fit, RuleFit)
    assert fit.name == "kargo"
    assert fit.reason is not None
    return fit.reason.en


async def sent(ledger: SqliteLedger, number: object = 1, recipient: str = A) -> Started:
    answer = await begun_by_rule(ledger, notice(number, recipient))
    assert isinstance(answer, Started), answer
    await ledger.settle(answer.attempt, replace(ORDER, order_id=str(answer.attempt.id)))
    return answer


async def test_a_rule_is_on_record_until_it_is_revoked(ledger: SqliteLedger, machine: Machine) -> None:
    assert await ledger.rules() == []
    assert await ledger.look_up_rule(notice()) is None
    assert await ledger.add_rule(terms())
    assert await ledger.rules() == [Rule(terms(), machine.now + 30 * DAY, live=True)]
    assert not await ledger.add_rule(terms(text="Randevunuz {saat:2} saatinde."))
    assert await ledger.look_up_rule(notice()) == RuleFit("kargo")
    assert await ledger.revoke_rule("kargo")
    assert not await ledger.revoke_rule("kargo")
    assert await ledger.look_up_rule(notice()) is None
    assert await begun_by_rule(ledger, notice()) is None


async def test_a_message_that_it_lets_through_is_on_record_under_its_name(ledger: SqliteLedger) -> None:
    await ledger.add_rule(terms())
    started = await sent(ledger)
    assert started.since_preview is None
    assert (started.attempt.confirmed_by, started.attempt.identity) == ("rule:kargo", AYSE)
    assert started.attempt.way == "rule"
    usage = await ledger.usage("recipients")
    assert (usage.recipients_in_hour, usage.code_count_in_hour, usage.person_count_in_hour) == (1, 0, 0)


@pytest.mark.parametrize(
    "more", [{"message_type": "commercial", "iys_list": "BIREYSEL"}, {"sender": "FİRMA"}, {"sender": "firma"}]
)
async def test_anything_else_is_not_let_through(ledger: SqliteLedger, more: dict[str, Any]) -> None:
    await ledger.add_rule(terms())
    assert reason(await begun_by_rule(ledger, notice(**more))) == TERMS
    assert await begun_by_rule(ledger, notice("12a")) is None
    assert await ledger.latest(9) == []


async def test_one_recipient_a_call_and_now(ledger: SqliteLedger, machine: Machine) -> None:
    await ledger.add_rule(terms())
    text = "Siparişiniz 1 yola çıktı."
    assert reason(await begun_by_rule(ledger, sending(A, B, text=text))) == TERMS
    assert reason(await begun_by_rule(ledger, notice(send_at=machine.now + HOUR))) == TERMS
    for change in (BLOCKING, sending(A), campaign(A)):
        assert await ledger.look_up_rule(change) is None
        assert await begun_by_rule(ledger, change) is None
    unheld = notice()
    assert unheld.message is not None
    assert await begun_by_rule(ledger, replace(unheld, message=replace(unheld.message, held=False))) is None


async def test_of_several_rules_the_one_that_lets_it_through_counts(ledger: SqliteLedger) -> None:
    await ledger.add_rule(terms(name="other", text="Randevunuz saat {saat:2} için onaylandı."))
    for name in ("near", "third"):
        await ledger.add_rule(terms(name=name, sender="BASKA"))
        fit = await ledger.look_up_rule(notice())
        assert fit is not None
        assert (fit.name, fit.reason is None) == ("near", False)
    await ledger.add_rule(terms())
    assert await ledger.look_up_rule(notice()) == RuleFit("kargo")


async def test_the_caps_of_an_hour_a_day_and_a_person(ledger: SqliteLedger, machine: Machine) -> None:
    await ledger.add_rule(terms(per_hour=2, per_day=3, per_person=2))
    await sent(ledger, 1)
    await sent(ledger, 2)
    assert "a cap that is reached" in reason(await begun_by_rule(ledger, notice(3, B)))
    machine.wait(HOUR)
    assert "a cap that is reached" in reason(await begun_by_rule(ledger, notice(3)))
    await sent(ledger, 3, B)
    machine.wait(HOUR)
    assert "a cap that is reached" in reason(await begun_by_rule(ledger, notice(4, B)))
    machine.wait(22 * HOUR)
    await sent(ledger, 4)


async def test_what_was_refused_counts_and_ten_thousand_calls_pass_no_cap(
    ledger: SqliteLedger, machine: Machine
) -> None:
    await ledger.add_rule(terms(per_hour=7, per_day=9, per_person=9))
    started = []
    for number in range(10_000):
        if number % 1_000 == 999:
            machine.wait(6 * MINUTE)
        answer = await begun_by_rule(ledger, notice(number, f"+90532{number:07}"))
        if isinstance(answer, Started):
            started.append(number)
            await ledger.settle(answer.attempt, UNKNOWN)
    assert started == [*range(7), 9_999]


@pytest.mark.parametrize("back", [10 * MINUTE, 13 * HOUR, 40 * DAY])
async def test_setting_the_clock_back_frees_no_cap_and_revives_no_rule(
    ledger: SqliteLedger, machine: Machine, back: timedelta
) -> None:
    await ledger.add_rule(terms(per_hour=1, per_day=2, per_person=9))
    await sent(ledger, 1)
    machine.set_clock(-back)
    assert "a cap that is reached" in reason(await begun_by_rule(ledger, notice(2)))
    machine.wait(HOUR)
    await sent(ledger, 2)
    machine.wait(HOUR)
    assert "a cap that is reached" in reason(await begun_by_rule(ledger, notice(3)))
    machine.wait(29 * DAY)
    assert [rule.live for rule in await ledger.rules()] == [True]
    machine.wait(DAY)
    machine.set_clock(-back)
    assert reason(await begun_by_rule(ledger, notice(3))) == "it has expired"


async def test_an_expired_rule_stays_expired_across_a_restart_by_the_providers_clock(
    machine: Machine, tmp_path: Path
) -> None:
    ledger = machine.ledger(tmp_path)
    await ledger.record_provider_time(machine.now, create=True)
    await ledger.add_rule(terms(days=1))
    ledger.close()
    machine.restart(off=-DAY)
    ledger = machine.ledger(tmp_path)
    assert [rule.live for rule in await ledger.rules()] == [True]
    await ledger.record_provider_time(machine.now + 3 * DAY)
    assert [rule.live for rule in await ledger.rules()] == [False]
    machine.set_clock(2 * DAY)
    assert [rule.live for rule in await ledger.rules()] == [False]
    ledger.close()


async def test_a_wall_clock_beyond_its_end_ends_it_too(ledger: SqliteLedger, machine: Machine) -> None:
    await ledger.add_rule(terms(days=1))
    machine.set_clock(DAY)
    assert reason(await begun_by_rule(ledger, notice())) == "it has expired"


async def test_what_holds_a_send_back_and_what_is_not_allowed_apply(ledger: SqliteLedger, machine: Machine) -> None:
    await ledger.add_rule(terms(per_person=9))
    await sent(ledger)
    assert isinstance(await begun_by_rule(ledger, notice()), Overlap)
    no = verbatim("no")
    answer = await ledger.begin_by_rule(notice(2), identity=AYSE, audit_owed=False, check_limits=lambda _: no)
    assert answer is no
    assert len(await ledger.latest(9)) == 1
    machine.wait(11 * MINUTE)
    await sent(ledger)


async def test_a_message_that_may_be_a_repetition_is_for_a_person_to_read(
    ledger: SqliteLedger, machine: Machine
) -> None:
    await ledger.add_rule(terms(text="Siparişiniz {ad:12:letters} yola çıktı.", per_person=9))
    unknown = await begun_by_rule(ledger, notice("ali"))
    assert isinstance(unknown, Started)
    await ledger.settle(unknown.attempt, UNKNOWN)
    assert isinstance(await begun_by_rule(ledger, notice("ali")), Overlap)
    machine.wait(DAY + MINUTE)
    assert await begun_by_rule(ledger, notice("ali")) == RuleFit("kargo", TO_BE_READ)
    assert await ledger.look_up_rule(notice("ali")) == RuleFit("kargo", TO_BE_READ)
    await sent(ledger, "veli")
    assert await begun_by_rule(ledger, notice("VELI")) == RuleFit("kargo", TO_BE_READ)


async def test_of_a_person_only_a_digest_is_kept_for_a_day(machine: Machine, tmp_path: Path) -> None:
    ledger = machine.ledger(tmp_path)
    await ledger.add_rule(terms())
    await sent(ledger, 1)
    machine.wait(HOUR)
    await sent(ledger, 2)
    await sent(ledger, 3, B)
    assert A[1:].encode() not in (tmp_path / LEDGER_FILE).read_bytes()
    machine.wait(23 * HOUR)
    await ledger.prune()
    assert (len(await ledger.about(A)), len(await ledger.about(B))) == (1, 1)
    machine.wait(HOUR)
    await ledger.prune()
    assert await ledger.about(A) == await ledger.about(B) == []
    ledger.close()


async def test_what_is_counted_for_a_person_is_forgotten_with_their_messages(ledger: SqliteLedger) -> None:
    await ledger.add_rule(terms(per_person=1))
    await sent(ledger, 1)
    await sent(ledger, 1, B)
    assert "a cap that is reached" in reason(await begun_by_rule(ledger, notice(2)))
    await ledger.forget(A)
    await sent(ledger, 2)
    assert "a cap that is reached" in reason(await begun_by_rule(ledger, notice(2, B)))


async def test_a_clock_that_was_ahead_across_a_restart_lets_no_count_end_early(
    machine: Machine, tmp_path: Path
) -> None:
    ledger = machine.ledger(tmp_path)
    await ledger.record_provider_time(machine.now, create=True)
    ledger.close()
    machine.restart(off=2 * DAY)
    ledger = machine.ledger(tmp_path)
    await ledger.add_rule(terms(per_person=1))
    await sent(ledger)
    machine.set_clock(-2 * DAY)
    await ledger.record_provider_time(machine.now)
    machine.wait(HOUR)
    assert "a cap that is reached" in reason(await begun_by_rule(ledger, notice(2)))
    ledger.close()


async def test_a_text_that_no_rule_can_have_is_refused(ledger: SqliteLedger) -> None:
    with pytest.raises(RuleTextError):
        await ledger.add_rule(terms(text="{a:10}"))
    assert await ledger.rules() == []


async def test_a_text_that_only_an_earlier_version_took_lets_nothing_through(
    ledger: SqliteLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ledger.add_rule(terms(name="earlier"))

    def stricter(_: str) -> object:
        raise RuleTextError("no")

    with monkeypatch.context() as patch:
        patch.setattr(rules, "parse_rule_text", stricter)
        assert await begun_by_rule(ledger, notice()) is None
    assert isinstance(await begun_by_rule(ledger, notice()), Started)


async def test_there_are_only_so_many(ledger: SqliteLedger) -> None:
    for number in range(MAX_RULES):
        assert await ledger.add_rule(terms(name=f"rule-{number}"))
    assert not await ledger.add_rule(terms())


@contextmanager
def edited(folder: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(folder / LEDGER_FILE)) as file:
        yield file
        file.commit()


@pytest.mark.parametrize(
    "edit",
    [
        "UPDATE rule SET body = replace(CAST(body AS TEXT), '20', '99')",
        "UPDATE rule SET body = CAST(replace(CAST(body AS TEXT), '\"days\": 30', '\"days\": 99') AS BLOB)",
        "UPDATE rule SET body = CAST(replace(CAST(body AS TEXT), 'yola', 'geri') AS BLOB)",
        "UPDATE rule SET name = 'başka'",
        "UPDATE rule SET signature = x'00'",
        "UPDATE rule SET signature = 'text'",
        "UPDATE rule SET name = 5",
    ],
)
async def test_a_rule_that_was_edited_in_the_file_lets_nothing_through(
    machine: Machine, tmp_path: Path, edit: str
) -> None:
    ledger = machine.ledger(tmp_path)
    await ledger.add_rule(terms())
    with edited(tmp_path) as file:
        assert file.execute(edit).rowcount == 1
    (name,) = await ledger.edited_rules()
    assert await ledger.rules() == []
    assert await begun_by_rule(ledger, notice()) is None
    await ledger.prune()
    assert await ledger.revoke_rule(name)
    ledger.close()


async def test_a_rule_of_another_account_or_made_without_the_key_is_none(machine: Machine, tmp_path: Path) -> None:
    ledger, other = machine.ledger(tmp_path), machine.ledger(tmp_path, account=("other", "https://api.example", "live"))
    await ledger.add_rule(terms())
    assert await other.rules() == []
    assert await begun_by_rule(other, notice()) is None
    await other.add_rule(terms(name="mine"))
    with edited(tmp_path) as file:
        file.execute(
            "UPDATE rule SET account = (SELECT account FROM rule WHERE name = 'mine'), name = 'kargo2' WHERE id = 1"
        )
    assert await other.edited_rules() == ["kargo2"]
    assert [rule.terms.name for rule in await other.rules()] == ["mine"]
    with edited(tmp_path) as file:
        body = json.dumps({"name": "x", "at": 0, "wall": 0}).encode()
        account = file.execute("SELECT account FROM rule").fetchone()[0]
        file.execute(
            "INSERT INTO rule (account, name, body, signature) VALUES (?, 'x', ?, zeroblob(32))", (account, body)
        )
    assert await other.edited_rules() == ["kargo2", "x"]
    ledger.close()
    other.close()


async def test_a_rule_is_revoked_while_another_process_has_the_ledger_open(machine: Machine, tmp_path: Path) -> None:
    server, command = machine.ledger(tmp_path), machine.ledger(tmp_path)
    await command.add_rule(terms())
    await sent(server, 1)
    await command.revoke_rule("kargo")
    assert await begun_by_rule(server, notice(2)) is None
    await command.add_rule(terms(per_hour=1))
    assert "a cap that is reached" in reason(await begun_by_rule(server, notice(3)))
    server.close()
    command.close()


async def test_several_processes_count_together(machine: Machine, tmp_path: Path) -> None:
    ledger = machine.ledger(tmp_path)
    await ledger.add_rule(terms(per_hour=2))
    ledger.close()
    answers = sorted(kind for kind, _ in race(tmp_path, "-", kind="rule"))
    assert answers == ["RuleFit", "RuleFit", "Started", "Started"]


async def test_a_ledger_of_version_4_gets_rules(machine: Machine, tmp_path: Path) -> None:
    ledger = machine.ledger(tmp_path)
    await ledger.prune()
    ledger.close()
    to_version_4(tmp_path)
    with pytest.raises(LedgerUnavailableError):
        await machine.ledger(tmp_path, read_only=True).rules()
    ledger = machine.ledger(tmp_path)
    await ledger.add_rule(terms())
    await sent(ledger)
    ledger.close()


def test_what_the_tools_see_of_a_ledger_makes_no_rule() -> None:
    names = {name for name in vars(Ledger) if "rule" in name}
    assert names == {"rules", "look_up_rule", "begin_by_rule"}
