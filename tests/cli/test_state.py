"""``state``: a person's number in the ledger, found and forgotten."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import anyio
import pytest

from iletimerkezi_mcp.ledger.files import LEDGER_FILE
from iletimerkezi_mcp.ledger.keys import FILE as KEY_FILE
from iletimerkezi_mcp.ledger.sqlite import SqliteLedger
from iletimerkezi_mcp.server.ledger import ledger_account
from iletimerkezi_mcp.settings import load_settings
from iletimerkezi_mcp.sms.clock import system_clock
from tests.ledger.machine import begun, campaign, pushed, stepped

from .console import Console

PERSON, UNANSWERED = "+905321234567", "+905000000901"


@pytest.fixture
def console(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Console:
    return Console(tmp_path / "state", monkeypatch, capsys)


def _ledger(folder: Path) -> Path:
    return folder / "state" / "sandbox" / LEDGER_FILE


def test_a_number_in_any_spelling_finds_its_messages(console: Console, tmp_path: Path) -> None:
    order = console.send(PERSON, "+905321112233", label="Kasım\u202e")["order_id"]
    console.send("+905321112233", text="Başka.")
    console.send(UNANSWERED)
    report = console.asked("about", "0532 123-45.67")
    (message,) = report["messages"]
    assert (report["number"], report["forgotten"]) == (PERSON, False)
    assert (message["outcome"], message["order_id"], message["label"]) == ("done", order, r"Kasım\u202e")
    assert len(report["limits"]) == 3
    assert console.asked("about", PERSON) == report
    code, out, _ = console.run("state", "about", PERSON, AUDIT_LOG="/var/log/sms.jsonl")
    first, second, *limits = out.splitlines()
    assert code == 0
    assert first.endswith(f" shows 1 message to {PERSON}:")
    assert second.endswith(f": accepted, order {order}, label “Kasım\\u202e”")
    assert len(limits) == 4
    assert "/var/log/sms.jsonl" in limits[-1]
    simulated = tmp_path / "state" / "sandbox" / "world.sqlite3"
    assert f"in {simulated}, in clear" in limits[2]
    with closing(sqlite3.connect(simulated)) as database:
        assert PERSON in str(database.execute("SELECT number FROM recipients").fetchall())
    _, out, _ = console.run("state", "about", PERSON, SANDBOX=None, API_KEY="live-key")
    assert "The provider keeps records of its own" in out
    assert "simulated" not in out
    _, out, _ = console.run("state", "about", UNANSWERED, LANG="tr")
    assert out.splitlines()[1].endswith(": sonucu bilinmiyor")


def test_a_number_without_a_message_is_no_error(console: Console, tmp_path: Path) -> None:
    for _ in range(2):
        code, out, _ = console.run("state", "about", PERSON)
        assert code == 0
        assert out.splitlines()[0].endswith(f" shows no message to {PERSON}.")
        assert console.asked("forget", PERSON, "--yes")["messages"] == []
        if not _ledger(tmp_path).exists():
            assert not (tmp_path / "state").exists()
            console.send("+905321112233")


def test_a_forgotten_person_is_found_no_more_and_gets_the_same_message_again(console: Console) -> None:
    console.send(PERSON, "+905321112233")
    code, out, err = console.run("state", "forget", PERSON)
    assert (code, out) == (2, "")
    assert "forget cannot be undone" in err
    assert len(console.asked("about", PERSON)["messages"]) == 1
    code, out, _ = console.run("state", "forget", PERSON, "--yes")
    assert code == 0
    assert f"no longer links {PERSON} to 1 message. They hold no repeated message to this person back" in out
    assert console.asked("about", PERSON)["messages"] == []
    assert len(console.asked("about", "+905321112233")["messages"]) == 1
    assert console.send(PERSON)["outcome"] == "done"
    assert len(console.asked("about", PERSON)["messages"]) == 1


def test_another_key_is_another_account(console: Console) -> None:
    console.send(PERSON)
    assert console.asked("about", PERSON, API_KEY="another")["messages"] == []


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "state about NUMBER or state forget NUMBER --yes; see state --help."),
        (["about"], "state about NUMBER or state forget NUMBER --yes; see state --help."),
        (["find", "+905321234567"], "state about NUMBER or state forget NUMBER --yes; see state --help."),
        (
            ["about", "CANARY"],
            "the number holds letters or signs that belong to no phone number; write it like +905321234567.",
        ),
    ],
)
def test_wrong_usage_is_one_sentence(words: list[str], message: str, console: Console) -> None:
    assert console.run("state", *words) == (2, "", f"iletimerkezi-mcp: {message}\n")


def test_a_live_account_needs_its_key(console: Console) -> None:
    code, _, err = console.run("state", "about", PERSON, SANDBOX=None)
    assert code == 2
    assert "ILETIMERKEZI_API_KEY must be set" in err
    code, out, _ = console.run("state", "about", PERSON, SANDBOX=None, API_KEY="key")
    assert code == 0
    assert "shows no message" in out


def test_a_ledger_that_cannot_be_read_is_one_sentence(console: Console, tmp_path: Path) -> None:
    console.send(PERSON)
    (_ledger(tmp_path).parent / KEY_FILE).unlink()
    code, out, err = console.run("state", "about", PERSON)
    assert (code, out) == (1, "")
    assert "The ledger cannot be used: " in err


def test_the_help_names_the_law_and_the_exit_codes(console: Console) -> None:
    code, out, _ = console.run("state", "--help")
    assert code == 0
    for words in ("KVKK", "about NUMBER | forget NUMBER --yes", "exit codes"):
        assert words in " ".join(out.split())


def test_a_campaign_that_left_somebody_out_is_named(console: Console, tmp_path: Path) -> None:
    console.send("+905321112233")
    settings = load_settings({"ILETIMERKEZI_SANDBOX": "1", "ILETIMERKEZI_STATE_DIR": str(tmp_path / "state")}, {})
    ledger = SqliteLedger(_ledger(tmp_path).parent, ledger_account(settings), clock=system_clock)

    async def begin_campaign() -> None:
        await begun(ledger, campaign("+905321112233", text="Sayın {Ad}", left_out=(PERSON,)))
        ledger.close()

    anyio.run(begin_campaign)
    (message,) = console.asked("about", PERSON)["messages"]
    assert (message["outcome"], message["campaign"]) == ("left_out", "k-1")
    _, out, _ = console.run("state", "forget", PERSON, "--yes")
    assert "left out, for an earlier message with its text had gone to this number, or might have" in out
    assert console.asked("about", PERSON)["messages"] == []


def test_a_campaign_is_named_and_its_steps_are_forgotten(console: Console, tmp_path: Path) -> None:
    console.send(PERSON)
    settings = load_settings({"ILETIMERKEZI_SANDBOX": "1", "ILETIMERKEZI_STATE_DIR": str(tmp_path / "state")}, {})
    ledger = SqliteLedger(_ledger(tmp_path).parent, ledger_account(settings), clock=system_clock)

    async def send_campaign() -> None:
        parent = await begun(ledger, campaign(PERSON, "+905321112233", text="Sayın {Ad}"))
        await stepped(ledger, parent, PERSON, text="Sayın {Ad}", label="Kasım")
        ledger.close()

    anyio.run(send_campaign)
    assert [message["campaign"] for message in console.asked("about", PERSON)["messages"]] == [None, "k-1"]
    _, out, _ = console.run("state", "about", PERSON)
    assert "campaign k-1, label “Kasım”" in out.splitlines()[2]
    assert "not before seven days after its last order" in out
    _, out, _ = console.run("state", "forget", PERSON, "--yes", LANG="tr")
    assert "sürdürülen bir kampanya bu kişiye yeniden gider" in out
    assert "kampanya k-1" in out
    assert console.asked("about", PERSON)["messages"] == []


def test_the_orders_with_pushed_reports_are_named_and_forgotten(console: Console, tmp_path: Path) -> None:
    order = console.send("+905321112233")["order_id"]
    settings = load_settings({"ILETIMERKEZI_SANDBOX": "1", "ILETIMERKEZI_STATE_DIR": str(tmp_path / "state")}, {})
    ledger = SqliteLedger(_ledger(tmp_path).parent, ledger_account(settings), clock=system_clock)

    async def push() -> None:
        await ledger.record_pushed(
            [pushed(order_id=each, to=to) for each in (order, "9") for to in (PERSON, "+905321112233")]
        )
        ledger.close()

    anyio.run(push)
    report = console.asked("about", PERSON)
    assert (report["messages"], sorted(report["pushed_orders"])) == ([], sorted([order, "9"]))
    assert "after at most 30 days" in report["limits"][0]
    _, out, _ = console.run("state", "about", PERSON)
    first = out.splitlines()[0]
    assert first.startswith(f"Pushed reports show messages to {PERSON} in order ")
    assert "no message" not in out
    _, out, _ = console.run("state", "about", "+905321112233", LANG="tr")
    assert "1 mesaj görünüyor" in out.splitlines()[0]
    assert "İletim bildirimlerine göre" in out.splitlines()[2]
    _, out, _ = console.run("state", "forget", PERSON, "--yes")
    assert out.splitlines()[0].startswith(f"The pushed reports about messages to {PERSON} in order ")
    assert console.asked("about", PERSON)["pushed_orders"] == []
    assert len(console.asked("about", "+905321112233")["pushed_orders"]) == 2
