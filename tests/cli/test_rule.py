"""``rule``: a text approved on a terminal, listed, and revoked."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from iletimerkezi_mcp.cli.call.prompt import TerminalPrompt
from iletimerkezi_mcp.ledger.files import LEDGER_FILE
from iletimerkezi_mcp.ledger.keys import FILE as KEY_FILE
from tests.calls import SEND_SMS
from tests.cli.terminals import on_a_terminal

from .console import Console

TEXT = "Siparişiniz {no:12} yola çıktı."


class Approver:
    """A person at a terminal: what is asked of them, and their answers in turn."""

    def __init__(self, *answers: Any) -> None:
        self.language = "en"
        self.shown: list[str] = []
        self._answers = list(answers)

    async def fill(self, message: str, form: Any) -> dict[str, Any] | None:
        self.shown.append(f"{message}\n{form['properties']['answer']['title']}")
        answer = self._answers.pop(0)
        return None if answer is None else {"answer": answer}


@pytest.fixture
def console(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Console:
    return Console(tmp_path / "state", monkeypatch, capsys)


Approve = Callable[..., tuple[int, str, str, Sequence[str]]]


@pytest.fixture
def approve(console: Console, monkeypatch: pytest.MonkeyPatch) -> Approve:
    def run(
        *words: str, answers: Sequence[Any] = (TEXT, True), **variables: str
    ) -> tuple[int, str, str, Sequence[str]]:
        person = Approver(*answers)
        person.language = variables.get("LANG", "en")
        with monkeypatch.context() as patch:
            patch.setattr(TerminalPrompt, "of_process", lambda *_: person)
            return (*console.run("rule", "new", *(words or ("kargo",)), **variables), person.shown)

    return run


def listed(console: Console) -> str:
    code, out, _ = console.run("rule", "list")
    assert code == 0
    return out


def test_a_person_approves_a_rule_and_its_messages_go_out(console: Console, approve: Approve, tmp_path: Path) -> None:
    log = tmp_path / "audit.jsonl"
    words = ("kargo", "--per-hour", "2", "--per-day", "9", "--per-person", "1", "--days", "30", "--sender", "FIRMAADI")
    code, out, err, shown = approve(*words, AUDIT_LOG=str(log), OPERATOR_NAME="Ayşe")
    assert (code, err) == (0, "")
    assert out == "The rule kargo is live for 30 days.\n"
    first, second = shown
    assert first.startswith("The rule kargo: messages with this text go out unread")
    assert first.endswith("\nThe text")
    for line in (
        f"| {TEXT}",
        "- Sender FIRMAADI; transactional; one recipient a call, at once.",
        "- At most 2 in an hour, 9 in 24 hours, 1 to one person in 24 hours.",
        "- It ends by itself after 30 days; rule revoke kargo ends it at once.",
        "- Up to 1 credit a message, so up to 9 credits in 24 hours.",
        "- Its digits can be a phone number, which phones offer to call.",
        "| Siparişiniz 12 yola çıktı.",
        "| Siparişiniz 123456789012 yola çıktı.",
        "Do you approve this rule?",
    ):
        assert line in second.splitlines()
    assert second.count("characters, 1 part") == 2
    call = ["call", SEND_SMS, "--text", "Siparişiniz 5 yola çıktı.", "--message-type", "transactional"]
    call += ["--recipients", "05321234567", "--sender", "FIRMAADI"]
    code, out, _ = console.run(*call)
    assert (code, json.loads(out)["confirmed_by"]) == (0, "rule:kargo")
    row = listed(console)
    assert row.startswith("kargo (until ")
    assert row.endswith(
        ", approved by Ayşe): sender FIRMAADI, at most 2 in an hour, 9 in 24 hours, 1 to one person: " + TEXT + "\n"
    )
    assert len(console.asked("about", "05321234567")["messages"]) == 1
    code, out, _ = console.run("rule", "revoke", "kargo", AUDIT_LOG=str(log), OPERATOR_NAME="Ayşe")
    assert (code, out) == (0, "The rule kargo is revoked.\n")
    assert "There is no rule" in listed(console)
    made, revoked = (json.loads(line) for line in log.read_text(encoding="utf-8").splitlines())
    assert (made["tool"], made["outcome"], made["who"], made["text"]) == ("rule new", "done", "Ayşe", TEXT)
    assert (revoked["tool"], revoked["name"], revoked["who"]) == ("rule revoke", "kargo", "Ayşe")


def test_in_turkish(console: Console, approve: Approve) -> None:
    code, out, _, shown = approve("kargo", LANG="tr", answers=("Sayın {ad:20:letters}, randevunuz onaylandı", True))
    assert code == 0
    assert out == "kargo kuralı 90 gün geçerli.\n"
    assert "telefon numarası" not in shown[1]
    assert shown[1].endswith("Bu kuralı onaylıyor musunuz?")
    _, out, _ = console.run("rule", "list", LANG="tr")
    assert out.startswith("kargo (bitiş ")


@pytest.mark.parametrize("answers", [(None,), ("",), (TEXT, None)])
def test_without_a_yes_there_is_no_rule(console: Console, approve: Approve, answers: Sequence[Any]) -> None:
    code, out, err, _ = approve(answers=answers)
    assert (code, out, err) == (1, "", "iletimerkezi-mcp: No rule was made. It was not approved.\n")
    assert "There is no rule" in listed(console)


def test_a_file_holds_the_text(console: Console, approve: Approve, tmp_path: Path) -> None:
    file = tmp_path / "metin.txt"
    file.write_bytes("\ufeffSiparişiniz {no:12}\r\nyola çıktı.\r\n".encode())
    code, *_, shown = approve(answers=(f"@ {file}", True))
    assert code == 0
    assert "| Siparişiniz {no:12}\n| yola çıktı." in shown[1]
    assert "Siparişiniz {no:12} ⏎ yola çıktı." in listed(console)
    file.write_bytes(b"\xff\xfe")
    for name in (str(file), str(tmp_path), str(tmp_path / "none"), "a\0b"):
        code, out, err, _ = approve("other", answers=(f"@{name}",))
        assert (code, out) == (1, "")
        assert "cannot be read as a text: " in err


def test_a_text_that_no_rule_can_have_is_said_before_anything_is_asked(approve: Approve) -> None:
    code, out, err, shown = approve(answers=("Siparişiniz yola çıktı: firma.{ad:20:letters}",))
    assert (code, out, len(shown)) == (1, "", 1)
    assert err.startswith("iletimerkezi-mcp: No rule was made. A field may be no part of a link.")


def test_a_name_is_taken_once(console: Console, approve: Approve) -> None:
    assert approve()[0] == 0
    code, out, err, _ = approve()
    assert (code, out) == (1, "")
    assert "There is one named kargo, or there are 20 already" in err
    assert listed(console).count("\n") == 1


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "rule list, rule new NAME or rule revoke NAME; a new name"),
        (["make", "x"], "rule list, rule new NAME or rule revoke NAME; a new name"),
        (["new"], "rule list, rule new NAME or rule revoke NAME; a new name"),
        (["revoke"], "rule list, rule new NAME or rule revoke NAME; a new name"),
        (["list", "x"], "rule list, rule new NAME or rule revoke NAME; a new name"),
        (["new", "Kargo"], "a new name has 1 to 30 small English letters"),
        (["new", "-kargo"], "rule does not take -k"),
        (["new", "k", "--days", "366"], "--days takes 1 to 365."),
        (["new", "k", "--days", "0"], "--days takes 1 to 365."),
        (["new", "k", "--per-hour", "x"], "--per-hour takes 1 to 10,000."),
        (["new", "k", "--per-day", "10001"], "--per-day takes 1 to 10,000."),
        (["new", "k", "--per-person", "²"], "--per-person takes 1 to 10,000."),
        (["new", "k", "--per-hour", "9" * 5000], "--per-hour takes 1 to 10,000."),
        (["new", "k", "--sender", "ÇOK"], "--sender (ILETIMERKEZI_SENDER) must be a sender name"),
        (["new", "k"], "stdin, stdout and stderr must be one."),
    ],
)
def test_wrong_usage_is_one_sentence(words: list[str], message: str, console: Console) -> None:
    code, out, err = console.run("rule", *words)
    assert (code, out) == (2, "")
    assert message in err


def test_a_live_account_needs_a_sender_and_a_key(console: Console, approve: Approve) -> None:
    code, _, err, _ = approve(SANDBOX="", API_KEY="live-key")
    assert (code, err) == (2, "iletimerkezi-mcp: name the sender with --sender.\n")
    code, _, err = console.run("rule", "list", SANDBOX=None)
    assert code == 2
    assert "ILETIMERKEZI_API_KEY must be set" in err


def test_where_there_is_no_ledger_there_is_no_rule(console: Console, tmp_path: Path) -> None:
    code, out, _ = console.run("rule", "list")
    assert code == 0
    assert out.startswith("There is no rule in ")
    code, _, err = console.run("rule", "revoke", "kargo")
    assert (code, err) == (1, "iletimerkezi-mcp: there is no rule named kargo; rule list shows them.\n")
    assert not (tmp_path / "state").exists()


def test_one_that_was_edited_is_said_and_revoked(console: Console, approve: Approve, tmp_path: Path) -> None:
    approve()
    file = tmp_path / "state" / "sandbox" / LEDGER_FILE
    with closing(sqlite3.connect(file)) as ledger:
        ledger.execute("UPDATE rule SET name = 'x\u202ey'")
        ledger.commit()
    _, out, _ = console.run("rule", "list")
    assert out == "x\\u202ey: was edited in the file and lets nothing through; revoke it.\n"
    assert console.run("rule", "revoke", "x\u202ey")[0] == 0


def test_a_ledger_or_log_that_cannot_be_used_is_one_sentence(
    console: Console, approve: Approve, tmp_path: Path
) -> None:
    code, _, err, shown = approve(AUDIT_LOG=str(tmp_path / "none" / "log"))
    assert (code, shown) == (1, [])
    assert "No rule was made. The audit log " in err
    approve()
    code, out, err = console.run("rule", "revoke", "kargo", AUDIT_LOG=str(tmp_path / "none" / "log"))
    assert (code, out) == (0, "The rule kargo is revoked.\n")
    assert "lacks a line on this" in err
    (tmp_path / "state" / "sandbox" / KEY_FILE).unlink()
    code, _, err = console.run("rule", "list")
    assert code == 1
    assert "The ledger cannot be used: " in err


@pytest.mark.skipif(os.name != "posix", reason="needs a terminal")
def test_on_a_real_terminal(tmp_path: Path) -> None:
    variables = {"ILETIMERKEZI_STATE_DIR": str(tmp_path), "ILETIMERKEZI_LANG": "en"}
    with on_a_terminal(["rule", "--sandbox", "new", "kargo"], **variables) as person:
        person.sees("The text: Each sign counts")
        person.types(f"{TEXT}\n")
        person.sees("[y/N]")
        person.types("y\n")
        assert person.end() == 0
    assert "The rule kargo is live for 90 days." in person.shown
