"""Standing rules, through a real client: what has the text of a rule goes out in one call, and nothing else does."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from iletimerkezi_mcp.ledger.rules import RuleFit
from iletimerkezi_mcp.ledger.sqlite import SqliteLedger
from iletimerkezi_mcp.server.ledger import ledger_account, ledger_folder
from iletimerkezi_mcp.settings import Settings
from tests.calls import SEND_SMS
from tests.hosting import ERAS, LIVE, Host, ManualClock, Mode, hosted, text_of
from tests.ledger.machine import terms

from .orders import listing, read
from .scenes import YES, Asked, lost, people

NOTICE: Mapping[str, Any] = {
    "recipients": ["05321234567"],
    "text": "Siparişiniz 101 yola çıktı.",
    "message_type": "transactional",
}
UNREAD = "A standing rule let it through: nobody read this message before it was sent."
TERMS = "it is for transactional messages from the sender FIRMAADI to one recipient, at once"


def notice(number: int, **more: Any) -> dict[str, Any]:
    return {**NOTICE, "text": f"Siparişiniz {number} yola çıktı.", **more}


@dataclass
class Desk:
    """A host, and the person at its machine who makes rules."""

    host: Host
    rules: SqliteLedger
    log: Path

    async def approve(self, **more: Any) -> None:
        assert await self.rules.add_rule(terms(**{"sender": "FIRMAADI", **more}))

    async def refused(self, arguments: Mapping[str, Any], **more: Any) -> dict[str, Any]:
        """Return the preview of a call that no rule lets through; nothing was sent."""
        before = len(self.host.wire.paths())
        answer = await self.host.call(SEND_SMS, {**arguments, **more})
        assert answer["outcome"] == "preview", answer
        assert "confirmed_by" not in answer
        assert len(self.host.wire.paths()) == before
        return answer

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.log.read_text(encoding="utf-8").splitlines()]

    async def policy(self) -> Any:
        (content,) = (await self.host.client.read_resource("iletimerkezi://policy")).contents
        return json.loads(content.text)  # type: ignore[union-attr]


@asynccontextmanager
async def desk(folder: Path, settings: Settings = LIVE, **options: Any) -> AsyncIterator[Desk]:
    log = folder / "audit.jsonl"
    settings = replace(settings, state_dir=folder / "state", audit_log=log)
    clock = options.setdefault("clock", ManualClock())
    ledger = SqliteLedger(ledger_folder(settings), ledger_account(settings), clock=clock, uptime=clock.uptime)
    with closing(ledger):
        async with hosted(settings, **options) as host:
            yield Desk(host, ledger, log)


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize("person", [True, False])
@pytest.mark.parametrize("confirm", ["auto", "human", "code"])
async def test_what_has_the_text_of_a_rule_goes_out_in_one_call(
    tmp_path: Path, mode: Mode, person: bool, confirm: Any
) -> None:
    asked = YES()
    callback = asked if person else None
    settings = replace(LIVE, confirm=confirm)
    async with desk(tmp_path, settings, mode=mode, elicitation_callback=callback) as here:
        await here.approve()
        result = await here.host.client.call_tool(SEND_SMS, dict(NOTICE))
        answer = here.host.check(SEND_SMS, result)
        assert (answer["outcome"], answer["confirmed_by"]) == ("done", "rule:kargo")
        assert answer["summary"].endswith(UNREAD)
        assert "confirm" not in answer
        assert "| Siparişiniz 101 yola çıktı." in answer["preview"]
        assert text_of(result).count(UNREAD) == 1
        assert here.host.wire.paths() == ["send-sms"]
        first, second = here.lines()
        assert (first["outcome"], second["outcome"]) == ("in_flight", "done")
        for line in (first, second):
            assert (line["confirmed_by"], line["way"], line["read_by_nobody"]) == ("rule:kargo", "rule", True)
            assert line["recipients"] == ["+90532***4567"] or "4567" not in str(line["recipients"])
            assert "seconds_since_preview" not in line
    assert asked.shown == []


async def test_of_a_confirmed_message_the_log_does_not_say_that_nobody_read_it(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        assert (await here.host.confirm(SEND_SMS, dict(NOTICE)))["confirmed_by"] == "code"
        assert all("read_by_nobody" not in line for line in here.lines())


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize("person", [True, False])
async def test_what_is_near_follows_the_usual_way_and_its_preview_says_why(
    tmp_path: Path, mode: Mode, person: bool
) -> None:
    asked = Asked("decline")
    async with desk(tmp_path, mode=mode, elicitation_callback=asked if person else None) as here:
        await here.approve(per_hour=1)
        await here.host.call(SEND_SMS, notice(1))
        answer = await here.host.call(SEND_SMS, notice(2))
        line = (
            "- The standing rule kargo does not let this through: it has a cap that is reached: 1 in an hour, 50 in 24 hours, "
            "2 to one person in 24 hours."
        )
        if person:
            assert answer["outcome"] == "declined"
            assert [line in form.message for form in asked.shown] == [True]
        else:
            assert answer["outcome"] == "preview"
            assert line in answer["preview"].splitlines()
            done = await here.host.call(SEND_SMS, notice(2), confirm=answer["confirm"])
            assert (done["outcome"], done["confirmed_by"]) == ("done", "code")
            assert "standing rule" not in done["preview"]
        assert here.host.wire.paths() == ["send-sms"] * (1 if person else 2)


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"text": "Siparişiniz 101 yola çıktı!"}, None),
        ({"text": "siparişiniz 101 yola çıktı."}, None),
        ({"text": "Sipariş\u200biniz 101 yola çıktı."}, None),
        ({"text": "Siparişiniz firma.com yola çıktı."}, None),
        ({"text": "Siparişiniz 1\n yola çıktı."}, None),
        ({"text": "Siparişiniz 1234567890123 yola çıktı."}, None),
        ({"recipients": ["05321234567", "05331112233"]}, TERMS),
        ({"message_type": "commercial", "iys_list": "BIREYSEL"}, TERMS),
        ({"sender": "BASKA"}, TERMS),
        ({"send_at": "2026-11-23T12:00"}, TERMS),
    ],
)
async def test_nothing_else_is_let_through(tmp_path: Path, more: dict[str, Any], why: str | None) -> None:
    async with desk(tmp_path) as here:
        await here.approve()
        preview = (await here.refused(NOTICE, **more))["preview"]
        assert ("standing rule" in preview) == (why is not None)
        assert why is None or why in preview


async def test_a_text_that_is_composed_on_the_way_is_compared_as_it_is_sent(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        await here.approve()
        decomposed = "Siparis\u0327iniz 101 yola c\u0327\u0131kt\u0131."
        assert (await here.host.call(SEND_SMS, {**NOTICE, "text": decomposed}))["outcome"] == "done"
        assert here.host.wire.requests[0][1]["order"]["message"]["text"] == NOTICE["text"]


async def test_a_code_beside_it_follows_the_usual_way(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        await here.approve()
        answer = await here.host.call(SEND_SMS, NOTICE, confirm="ABCDEFGHJKLM")
        assert (answer["outcome"], "confirmed_by" in answer) == ("nothing_done", False)
        assert here.host.wire.paths() == []


@pytest.mark.parametrize("mode", ERAS)
async def test_a_dry_run_says_which_rule_would_apply(tmp_path: Path, mode: Mode) -> None:
    async with desk(tmp_path, mode=mode) as here:
        await here.approve(per_hour=1)
        look = await here.host.call(SEND_SMS, NOTICE, dry_run=True)
        assert look["outcome"] == "dry_run"
        assert look["summary"].endswith("sends it at once and unread, under the standing rule kargo.")
        assert "confirmed_by" not in look
        assert here.host.wire.paths() == []
        await here.host.call(SEND_SMS, NOTICE)
        look = await here.host.call(SEND_SMS, notice(2), dry_run=True)
        assert "under the standing rule" not in look["summary"]
        assert "it has a cap that is reached: 1 in an hour" in look["preview"]
    settings = replace(LIVE, confirm="human", allowed_recipients=("+905331112233",))
    async with desk(tmp_path / "2", settings, mode=mode) as here:
        await here.approve()
        look = await here.host.call(SEND_SMS, NOTICE, dry_run=True)
        assert "ILETIMERKEZI_ALLOWED_RECIPIENTS" in look["summary"]


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ({"allowed_recipients": ("+905331112233",)}, "ILETIMERKEZI_ALLOWED_RECIPIENTS"),
        ({"allowed_senders": ("BASKA",)}, "ILETIMERKEZI_ALLOWED_SENDERS"),
        ({"max_recipients": 0}, "ILETIMERKEZI_MAX_RECIPIENTS"),
    ],
)
async def test_the_operators_limits_apply(tmp_path: Path, limits: dict[str, Any], words: str) -> None:
    async with desk(tmp_path, replace(LIVE, **limits)) as here:
        await here.approve()
        answer = await here.host.call(SEND_SMS, NOTICE)
        assert answer["outcome"] == "nothing_done"
        assert words in answer["summary"]
        assert here.host.wire.paths() == []
        (line,) = here.lines()
        assert line["outcome"] == "nothing_done"
        assert len(line["change"]) == 64


async def test_a_call_that_is_repeated_is_held_back(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        await here.approve(per_person=9)
        order = (await here.host.call(SEND_SMS, NOTICE))["order_id"]
        again = await here.host.call(SEND_SMS, NOTICE)
        assert (again["outcome"], again["order_id"]) == ("held_back", order)
        assert here.host.wire.paths() == ["send-sms"]


async def test_of_unknown_outcome_it_is_never_sent_twice_unread(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        await here.approve(per_person=9)
        here.host.wire.broken = lost
        answer = await here.host.call(SEND_SMS, NOTICE)
        assert (answer["outcome"], answer["confirmed_by"]) == ("unknown", "rule:kargo")
        assert answer["summary"].endswith(UNREAD)
        here.host.wire.broken = None
        assert (await here.host.call(SEND_SMS, NOTICE))["outcome"] == "held_back"
        here.host.clock.advance(hours=25)
        preview = (await here.refused(NOTICE))["preview"]
        assert "a person has to read what calls for a warning" in preview
        assert "This may arrive twice" in preview


async def test_one_that_a_list_shows_is_said_to_be_unread(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        await here.approve()
        here.host.wire.broken = lost
        await here.host.call(SEND_SMS, NOTICE)
        here.host.wire.broken = None
        here.host.clock.advance(minutes=6)
        settled, text = await read(here.host, listing({"id": 7, "total": 1}))
        assert [(one["confirmed_by"], one["outcome"]) for one in settled] == [("rule:kargo", "done")]
        assert UNREAD in text


async def test_a_refusal_of_the_provider_is_one(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        await here.approve(sender="YABANCI")
        answer = await here.host.call(SEND_SMS, NOTICE, sender="YABANCI")
        assert answer["outcome"] == "refused"
        assert "confirmed_by" not in answer
        assert here.lines()[-1]["read_by_nobody"] is True


@pytest.mark.parametrize("mode", ERAS)
async def test_a_rule_is_revoked_made_and_expires_while_the_server_runs(tmp_path: Path, mode: Mode) -> None:
    async with desk(tmp_path, mode=mode) as here:
        await here.refused(NOTICE)
        await here.approve(days=1)
        (rule,) = (await here.policy())["rules"]["live"]
        assert (rule["name"], rule["text"], rule["per_person"]) == ("kargo", "Siparişiniz {no:12} yola çıktı.", 2)
        assert rule["expires"].startswith("2026-11-24T10:00")
        assert "approved_by" not in rule
        assert (await here.host.call(SEND_SMS, notice(1)))["outcome"] == "done"
        await here.rules.revoke_rule("kargo")
        await here.refused(notice(2))
        assert (await here.policy())["rules"]["live"] == []
        await here.approve(days=1)
        assert (await here.host.call(SEND_SMS, notice(3)))["outcome"] == "done"
        here.host.clock.advance(days=1)
        assert "it has expired" in (await here.refused(notice(4)))["preview"]
        assert (await here.policy())["rules"]["live"] == []


async def test_no_number_of_calls_passes_a_cap_nor_does_a_clock_that_is_set_back(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        await here.approve(per_hour=3, per_day=4)
        outcomes = []
        for number, person in enumerate(people(59)):
            answer = await here.host.call(SEND_SMS, notice(number, recipients=[person]))
            outcomes.append(answer.get("confirmed_by"))
            here.host.clock.advance(minutes=1)
        assert outcomes == ["rule:kargo"] * 3 + [None] * 56
        here.host.clock.jump(hours=-10)
        await here.refused(notice(100))
        here.host.clock.advance(minutes=1)
        assert (await here.host.call(SEND_SMS, notice(101)))["outcome"] == "done"
        here.host.clock.advance(hours=2)
        assert (
            "it has a cap that is reached: 3 in an hour, 4 in 24 hours" in (await here.refused(notice(102)))["preview"]
        )


async def test_two_servers_count_together(tmp_path: Path) -> None:
    clock = ManualClock()
    async with desk(tmp_path, clock=clock) as here:
        await here.approve(per_hour=3)
        async with desk(tmp_path, clock=clock, wire=here.host.wire) as there:
            hosts = [here.host, there.host] * 3
            answers = [await host.call(SEND_SMS, notice(number)) for number, host in enumerate(hosts)]
    assert [answer.get("confirmed_by") for answer in answers][:2] == ["rule:kargo"] * 2
    assert sum("confirmed_by" in answer for answer in answers) == 2


async def test_a_cap_that_is_reached_meanwhile_is_seen_in_the_transaction(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    look_up = SqliteLedger.look_up_rule
    async with desk(tmp_path) as here:
        await here.approve(per_hour=1)
        await here.host.call(SEND_SMS, notice(1))

        async def earlier(ledger: SqliteLedger, change: Any) -> RuleFit:
            found = await look_up(ledger, change)
            assert found is not None
            return replace(found, reason=None)

        monkeypatch.setattr(SqliteLedger, "look_up_rule", earlier)
        assert "it has a cap that is reached: 1 in an hour" in (await here.refused(notice(2)))["preview"]


async def test_what_its_preview_warns_of_is_not_sent_unread(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        await here.approve(text="Sayın {ad:40:letters}, siparişiniz yola çıktı.")
        for value in ("Ali", "büyük indirim kampanyasi"):
            text = f"Sayın {value}, siparişiniz yola çıktı."
            look = await here.host.call(SEND_SMS, NOTICE, text=text, dry_run=True)
            assert ("sends it at once and unread, under the standing rule" in look["summary"]) == (value == "Ali")
        preview = (await here.refused(NOTICE, text=text))["preview"]
        assert "Marked transactional, but it contains promotion" in preview
        assert "kargo does not let this through: a person has to read what calls for a warning." in preview


async def test_where_nothing_may_be_changed_a_rule_changes_nothing(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        await here.approve()
    async with desk(tmp_path, replace(LIVE, read_only=True)) as here:
        names = [tool.name for tool in (await here.host.client.list_tools()).tools]
        assert SEND_SMS not in names
        policy = await here.policy()
        assert policy["read_only"] is True
        assert [rule["name"] for rule in policy["rules"]["live"]] == ["kargo"]
