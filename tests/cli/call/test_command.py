"""``call``: one tool from the command line, as scripts and people use it."""

from __future__ import annotations

import asyncio
import errno
import json
import os
import re
import signal
import stat
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import anyio
import anyio.from_thread
import anyio.to_thread
import pytest
from anyio.abc import Process
from mcp import Client
from pydantic import SecretStr

from iletimerkezi_mcp import __version__
from iletimerkezi_mcp.cli import main
from iletimerkezi_mcp.cli.call.approved_senders import FILE, keep_senders, load_senders
from iletimerkezi_mcp.cli.call.arguments import arguments_of, read
from iletimerkezi_mcp.provider.client import ApiClient
from iletimerkezi_mcp.server.build import build_server
from iletimerkezi_mcp.settings import load_settings
from iletimerkezi_mcp.tools.account import SENDERS_SHOWN
from iletimerkezi_mcp.tools.send import SEND_SMS
from tests import processes
from tests.calls import CANCEL_CAMPAIGN, GET_CAMPAIGNS, REGISTER_LIST
from tests.cli.terminals import on_a_terminal
from tests.e2e.stdio_client import ACCOUNT, HANGING_RESOLVER
from tests.processes import COMMAND, environment
from tests.provider.scripted import ScriptedServer, answer, silence

posix = pytest.mark.skipif(sys.platform == "win32", reason="terminals and signals as POSIX has them")

SEND = [
    *("send_sms", "--recipients", "0532 123 45 67", "--text", "Siparişiniz yola çıktı."),
    *("--message-type", "transactional", "--sender", "FIRMAADI"),
]


class Here:
    """``call`` in this process."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch, self._capsys = monkeypatch, capsys

    def called(self, *arguments: str, **variables: str) -> tuple[int, str, str]:
        """With these arguments: the exit code, stdout and stderr."""
        with self._monkeypatch.context() as patch:
            for name in [name for name in os.environ if name.startswith("ILETIMERKEZI_")]:
                patch.delenv(name)
            for name, value in {"ILETIMERKEZI_LANG": "en", **variables}.items():
                patch.setenv(name, value)
            try:
                code = main(["call", *arguments])
            except SystemExit as ended:
                code = int(str(ended.code))
        return (code, *self._capsys.readouterr())

    def answered(self, *arguments: str, **variables: str) -> tuple[int, dict[str, Any]]:
        """The exit code and the answer, which is one line of JSON and all that stdout holds."""
        code, out, err = self.called(*arguments, **variables)
        return code, one_line(out, err)


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Here:
    return Here(monkeypatch, capsys)


def one_line(out: str, err: str) -> dict[str, Any]:
    """The answer in `out`, which holds nothing else."""
    assert out.count("\n") == 1, err
    value = json.loads(out)
    assert isinstance(value, dict)
    return value


def piped(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """The command line in a process of its own, its streams pipes."""
    return processes.run([*COMMAND, *words], env=environment(**variables))


async def code_for(**variables: str) -> str:
    """The code with which a server of the same account and state folder previews :data:`SEND`."""
    arguments = read("send_sms", SEND[1:], arguments_of(SEND_SMS.spec().input_schema))
    async with Client(build_server(load_settings({"ILETIMERKEZI_LANG": "en", **variables}))) as client:
        preview = (await client.call_tool("send_sms", arguments)).structured_content
    assert preview is not None
    return str(preview["confirm"])


def test_a_new_user_who_calls_twice_in_the_sandbox_has_sent(tmp_path: Path, here: Here) -> None:
    """Without a state folder: the second call knows the code of the first."""
    home = {"HOME": str(tmp_path), "XDG_STATE_HOME": str(tmp_path), "LOCALAPPDATA": str(tmp_path)}
    kept = tmp_path / "iletimerkezi-mcp" / "sandbox"
    first = piped("call", "--sandbox", *SEND, **home)
    code, err, preview = first.returncode, first.stderr, json.loads(first.stdout)
    assert (code, preview["outcome"], "| Siparişiniz yola çıktı." in preview["preview"]) == (3, "preview", True)
    if sys.platform.startswith("linux"):
        assert err == (
            f"iletimerkezi-mcp: the sandbox is kept in {kept} from call to call; delete that folder to start over, "
            "or name another with --state-dir.\n"
        )
    second = piped("--sandbox", "call", *SEND, "--confirm", preview["confirm"], **home)
    sent = json.loads(second.stdout)
    assert (second.returncode, sent["outcome"], second.stderr) == (0, "done", "")
    assert here.answered("--sandbox", *SEND, **home)[1]["outcome"] == "held_back"
    code, reports = here.answered("--sandbox", "get_reports", **home)
    assert (code, sent["order_id"] in json.dumps(reports)) == (0, True)


def test_the_settings_apply_and_the_tools_own_flags_follow_its_name(tmp_path: Path, here: Here) -> None:
    audit = tmp_path / "audit"
    settings = ["--sandbox", "--sender", "ELSE", "--audit-log", str(audit), "--state-dir", str(tmp_path)]
    code, wrong = here.answered(*settings, *SEND, "--confirm", "K7Q2M9XW4TBA")
    assert (code, wrong["outcome"], wrong["sender"]) == (1, "nothing_done", "FIRMAADI")
    assert wrong["summary"].startswith("This server did not issue this code.")
    noted = json.loads(audit.read_text(encoding="utf-8"))
    assert (noted["host"], noted["outcome"]) == (f"iletimerkezi-mcp call {__version__}", "nothing_done")


def test_a_code_is_good_for_exactly_the_change_of_its_preview(tmp_path: Path, here: Here) -> None:
    state = {"ILETIMERKEZI_STATE_DIR": str(tmp_path)}
    _, preview = here.answered("--sandbox", "add_blacklist", "--number", "05321234567", **state)
    code, other = here.answered(
        "--sandbox", "add_blacklist", "--number", "05321234568", "--confirm", preview["confirm"], **state
    )
    assert (code, other["outcome"]) == (1, "nothing_done")
    assert "for something else" in other["summary"]


def test_an_order_of_the_panel_can_be_cancelled_once_its_report_was_read(tmp_path: Path, here: Here) -> None:
    """A server that lives for one call has read no report: the order is read before it is cancelled."""
    state = {"ILETIMERKEZI_STATE_DIR": str(tmp_path)}
    later = [*SEND, "--send-at", f"{datetime.now(UTC) + timedelta(days=30):%Y-%m-%dT10:00}"]
    _, preview = here.answered("--sandbox", *later, **state)
    _, sent = here.answered("--sandbox", *later, "--confirm", preview["confirm"], **state)
    for file in tmp_path.glob("sandbox/ledger*"):
        file.unlink()
    cancel = ["cancel_order", "--order-id", sent["order_id"]]
    assert here.answered("--sandbox", "--tools", "cancel_order", *cancel, **state)[1]["outcome"] == "nothing_done"
    code, preview = here.answered("--sandbox", *cancel, **state)
    assert (code, "scheduled" in preview["preview"]) == (3, True)
    assert here.answered("--sandbox", *cancel, "--confirm", preview["confirm"], **state)[1]["outcome"] == "done"
    assert here.answered("--sandbox", "cancel_order", **state)[0] == 1


def test_the_tools_of_lists_take_their_arguments_as_the_others_do(tmp_path: Path, here: Here) -> None:
    today = datetime.now(UTC).date()
    rows = f"Telefon;Durum;Kaynak;Tarih\n0532 999 88 77;Onay;Web;{today:%d.%m.%Y}\n"
    (tmp_path / "izinler.csv").write_text(rows, encoding="utf-8")
    settings = ["--sandbox", "--files-dir", str(tmp_path), "--state-dir", str(tmp_path / "state")]
    words = [REGISTER_LIST, "--file", "izinler.csv", "--recipient-type", "BIREYSEL", "--channel", "MESAJ"]
    code, preview = here.answered(*settings, *words)
    assert (code, preview["consents"]) == (3, 1)
    # The person who calls reads the cells.
    assert "Record 1: +905329998877, ONAY MESAJ BIREYSEL, HS_WEB" in preview["preview"]
    code, done = here.answered(*settings, *words, "--confirm", preview["confirm"])
    assert (code, done["outcome"], done["declared"]) == (0, "done", 1)
    assert here.answered(*settings, GET_CAMPAIGNS)[1]["campaigns"] == []
    code, none = here.answered(*settings, CANCEL_CAMPAIGN, "--campaign", "k-3f9a2c")
    assert (code, none["outcome"]) == (1, "nothing_done")


def test_lists_and_records_come_from_flags_json_and_files(tmp_path: Path, here: Here) -> None:
    state = {"ILETIMERKEZI_STATE_DIR": str(tmp_path / "state")}
    numbers, text = tmp_path / "numbers.txt", tmp_path / "text.txt"
    numbers.write_text("0533 111 22 33\n0534 111 22 33\n", encoding="utf-8")
    text.write_text("Sayın müşterimiz,\nsiparişiniz hazır.\n", encoding="utf-8")
    lists = [f"--recipients=@{numbers}", "--recipients", '["+905351112233"]', "--recipients", "05321234567"]
    code, preview = here.answered(
        "--sandbox", "send_sms", *lists, "--text", f"@{text}", "--message-type", "transactional", **state
    )
    assert (code, preview["recipients"]) == (3, 4)
    assert preview["preview"].endswith("\n| Sayın müşterimiz,\n| siparişiniz hazır.")
    record = {"recipient": "+905329998877", "recipient_type": "BIREYSEL", "channel": "MESAJ", "status": "RET"}
    record |= {"source": "HS_WEB", "consent_date": "2020-01-02T10:00:00"}
    consents = tmp_path / "consents.json"
    consents.write_text(json.dumps([record]), encoding="utf-8")
    more = json.dumps({**record, "recipient": "+905329998876"})
    code, preview = here.answered(
        "--sandbox", "iys_register", "--consents", f"@{consents}", "--consents", more, **state
    )
    assert (code, "2 records" in preview["preview"]) == (3, True)


def test_a_missing_file_and_an_unknown_flag_are_one_sentence_and_nothing_is_called(tmp_path: Path, here: Here) -> None:
    state = {"ILETIMERKEZI_STATE_DIR": str(tmp_path)}
    assert here.called("--sandbox", "send_sms", "--text", "@nowhere.txt", **state) == (
        2,
        "",
        f"iletimerkezi-mcp: --text: the file nowhere.txt cannot be read ({os.strerror(errno.ENOENT)}); a text that begins with @ is written @@.\n",
    )
    assert here.called("--sandbox", "--lang", "tr", "get_balance", "--yes", **state) == (
        2,
        "",
        "iletimerkezi-mcp: get_balance aracında --yes yok; call get_balance --help çıktısına bakın.\n",
    )
    assert list(tmp_path.iterdir()) == []


def test_arguments_that_the_tool_refuses_are_its_own_answer(here: Here) -> None:
    code, refused = here.answered("get_report", "--order-id", "x", "--page", "0", **ACCOUNT)
    assert (code, refused["outcome"]) == (1, "nothing_done")
    assert "order_id" in refused["summary"]
    code, refused = here.answered("get_balance")
    assert (code, refused["outcome"], "ILETIMERKEZI_API_KEY" in refused["next_step"]) == (1, "nothing_done", True)


@pytest.mark.parametrize("words", [[], ["--list"], ["--list", "send_sms"]])
def test_without_a_tool_it_lists_those_that_are_offered(words: list[str], here: Here) -> None:
    code, out, err = here.called("--read-only", "--tools", "send_sms,get_balance,iys_check", *words)
    assert (code, out, err) == (
        0,
        "get_balance  credits and lira (only reads)\niys_check    reads one consent (only reads)\n",
        "",
    )


def test_help_before_the_tools_name_is_of_the_command_and_after_it_of_the_tool(here: Here) -> None:
    code, out, _ = here.called("--help")
    assert (code, out.startswith("usage: iletimerkezi-mcp call [--list]")) == (0, True)
    _, later, _ = here.called("send_sms", "--help", "--lang", "tr")
    code, out, _ = here.called("--lang", "tr", "send_sms", "--text", "a", "--help")
    assert later == out
    assert (code, out.startswith("send_sms: bir metni "), "Çıkış kodları:" in out) == (0, True, True)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ["--read-only", "send_sms", "--text", "CANARY"],
            "send_sms is not offered here (ILETIMERKEZI_READ_ONLY, ILETIMERKEZI_TOOLS); see call --list.",
        ),
        (
            ["open_list", "--file", "CANARY"],
            "open_list works with lists in a folder; name it in ILETIMERKEZI_FILES_DIR or with --files-dir.",
        ),
        (
            ["--tools", "get_balance,get_sender", "CANARY"],
            "there is no such tool; the tools are get_balance, get_sender.",
        ),
        (
            ["--tools", "get_balance,get_sender", "bakiye"],
            "there is no such tool; the tools are get_balance, get_sender. Did you mean get_balance?",
        ),
        (
            ["send_sms", "--message-type", "ticari"],
            "--message-type takes transactional, commercial. Did you mean commercial?",
        ),
        (["send_sms", "--message-type", "CANARY"], "--message-type takes transactional, commercial."),
        (["--port", "1", "get_balance"], "call does not take --port; see call --help."),
        (["--colour", "get_balance"], "call does not take --colour; see call --help."),
        (["--", "CANARY"], "a tool's name comes first, then its arguments; see call --list."),
        (["send_sms", "--api-key", "CANARY"], None),
        (
            ["--charset", "CANARY", "get_balance"],
            "--charset (ILETIMERKEZI_CHARSET) must be english, turkish or unicode.",
        ),
    ],
)
def test_wrong_usage_is_one_sentence_that_repeats_no_value(words: list[str], message: str | None, here: Here) -> None:
    code, out, err = here.called(*words)
    assert (code, out) == (2, "")
    assert "CANARY" not in err
    assert err.count("\n") == 1
    assert message is None or err == f"iletimerkezi-mcp: {message}\n"


@pytest.mark.parametrize("language", ["en", "tr"])
def test_what_call_answers_is_said_to_the_person_who_typed(language: str, tmp_path: Path, here: Here) -> None:
    kept = {"ILETIMERKEZI_LANG": language, "ILETIMERKEZI_STATE_DIR": str(tmp_path)}
    models = re.compile(r"the user|your turn|in confirm\b|operator|kullanıcı|yanıtınızı|confirm alanı|yönetici")
    _, preview = here.answered("--sandbox", *SEND, **kept)
    for words in (
        [*SEND],
        [*SEND, "--confirm", preview["confirm"]],
        [*SEND, "--confirm", preview["confirm"]],
        [*SEND, "--confirm", "K7Q2M9XW4TBA"],
        [*SEND],
        ["send_sms", "--recipients", "12", "--text", "a"],
        ["get_report", "--order-id", "312891246"],
        ["get_report", "--order-id", "1"],
        ["cancel_order", "--order-id", "312891246"],
        ["iys_check", "--recipient", "05321234567", "--recipient-type", "TACIR", "--channel", "MESAJ"],
        ["delete_blacklist", "--number", "05321234567"],
    ):
        _, answer = here.answered("--sandbox", *words, **kept)
        said = f"{answer['summary']} {answer.get('next_step', '')}"
        assert not models.search(said), said
    assert {
        "en": "To do exactly this, repeat the call with --confirm and this code",
        "tr": "Tam olarak bunu yapmak için çağrıyı --confirm ve bu kodla yineleyin",
    }[language] in preview["next_step"]
    _, refused = here.answered("get_balance", ILETIMERKEZI_LANG=language)
    assert not models.search(refused["next_step"])


def test_the_same_answers_over_mcp_are_said_to_a_model(tmp_path: Path) -> None:
    async def preview() -> dict[str, Any]:
        settings = load_settings({"ILETIMERKEZI_LANG": "en", "ILETIMERKEZI_SANDBOX": "1"})
        arguments = read("send_sms", SEND[1:], arguments_of(SEND_SMS.spec().input_schema))
        async with Client(build_server(settings)) as client:
            return (await client.call_tool("send_sms", arguments)).structured_content or {}

    assert "end your turn" in anyio.run(preview)["summary"]


def test_a_next_step_that_is_for_a_model_alone_is_left_out(tmp_path: Path, here: Here) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    code, answer = here.answered("--audit-log", str(tmp_path / "file" / "log"), *SEND, **ACCOUNT)
    assert (code, answer["outcome"], "next_step" in answer) == (1, "nothing_done", False)


APPROVED = answer({"response": {"status": {"code": 200, "message": ""}, "senders": {"sender": ["FIRMAADI"]}}})


async def called_live(provider: ScriptedServer, folder: Path, *words: str) -> tuple[int, dict[str, Any]]:
    """Call in a process of its own, with `provider` in the place of the live one."""
    variables = {**ACCOUNT, "ILETIMERKEZI_STATE_DIR": str(folder), "ILETIMERKEZI_API_URL": provider.url}
    variables["ILETIMERKEZI_AUDIT_LOG"] = str(folder.parent / "audit")
    ran = await anyio.to_thread.run_sync(lambda: piped("call", *words, **variables))
    return ran.returncode, one_line(ran.stdout, ran.stderr)


async def test_the_approved_senders_are_read_once_a_day_and_a_wrong_one_is_in_the_preview(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    async with ScriptedServer(APPROVED, APPROVED, APPROVED) as provider:
        for _ in range(2):
            code, preview = await called_live(provider, folder, *SEND)
            assert (code, "Sender approved (checked just now)" in preview["preview"]) == (3, True)
        assert len(provider.requests) == 1
        code, preview = await called_live(provider, folder, *SEND[:-1], "FIRMADI")
        assert (code, preview["warnings"][0]) == (
            3,
            "Sender NOT among the approved ones (checked just now). Approved: “FIRMAADI”.",
        )
        assert len(provider.requests) == 2, "one that is missing may have been approved since"
        await called_live(provider, folder, *SEND, "--confirm", "K7Q2M9XW4TBA")
        assert len(provider.requests) == 2, "a code was given for a preview that named the sender"
        kept = json.loads((folder / FILE).read_text(encoding="utf-8"))
        yesterday = datetime.fromisoformat(kept["at"]) - timedelta(days=1)
        (folder / FILE).write_text(json.dumps({**kept, "at": yesterday.isoformat()}), encoding="utf-8")
        await called_live(provider, folder, *SEND)
        assert len(provider.requests) == 3
    assert "get_sender" not in (tmp_path / "audit").read_text(encoding="utf-8")


def test_the_senders_of_the_sandbox_and_of_other_accounts_are_kept_apart(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    live = load_settings({**ACCOUNT, "ILETIMERKEZI_STATE_DIR": str(tmp_path)})
    keep_senders(live, ["FIRMAADI"], now)
    assert load_senders(live, now) == (("FIRMAADI",), now)
    assert load_senders(live, now - timedelta(seconds=1)) is None
    assert load_senders(replace(live, sandbox=True), now) is None
    assert load_senders(replace(live, api_key=SecretStr("another-key")), now) is None
    assert ACCOUNT["ILETIMERKEZI_API_KEY"] not in (tmp_path / FILE).read_text(encoding="utf-8")
    if sys.platform != "win32":
        assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
    (tmp_path / FILE).write_text('{"at": 7}', encoding="utf-8")
    assert load_senders(live, now) is None


def test_a_list_of_senders_that_may_be_cut_short_is_not_kept(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    live = load_settings({**ACCOUNT, "ILETIMERKEZI_STATE_DIR": str(tmp_path)})
    keep_senders(live, [f"FIRMA{number}" for number in range(SENDERS_SHOWN)], now)
    assert load_senders(live, now) is None


async def test_senders_that_cannot_be_read_or_kept_are_no_failure_of_the_call(tmp_path: Path, here: Here) -> None:
    folder = tmp_path / "state"
    (folder / FILE).mkdir(parents=True)
    refusal = answer({"response": {"status": {"code": 401, "message": "x"}}}, 401)
    async with ScriptedServer(APPROVED, refusal) as provider:
        for approved in (True, False):
            code, preview = await called_live(provider, folder, *SEND)
            assert (code, "Sender approved" in preview["preview"]) == (3, approved)
        code, preview = await called_live(provider, folder, "--tools", "send_sms", *SEND)
        assert (code, "Sender approved" in preview["preview"]) == (3, False)


def test_settings_of_the_network_are_ignored(here: Here) -> None:
    code, _ = here.answered("get_balance", ILETIMERKEZI_TRANSPORT="runner pigeon", ILETIMERKEZI_HTTP_PORT="x")
    assert code == 1


@posix
@pytest.mark.parametrize("closed", ["<&-", "2>&-"])
def test_a_closed_stdin_or_stderr_is_no_terminal_and_no_error(closed: str, tmp_path: Path) -> None:
    command = ["sh", "-c", f'exec "$@" {closed}', "sh", *COMMAND, "call", "--sandbox", *SEND]
    ran = processes.run(command, env=environment(ILETIMERKEZI_STATE_DIR=str(tmp_path)), stdin=None, stderr=None)
    assert (ran.returncode, json.loads(ran.stdout)["outcome"]) == (3, "preview")


@pytest.mark.parametrize("text", ["-20% on every key", "- token, hash and password", "-"])
def test_a_text_that_begins_like_a_flag_and_speaks_of_keys_is_no_secret(text: str, tmp_path: Path, here: Here) -> None:
    words = ["send_sms", "--recipients", "05321234567", "--text", text, "--message-type", "transactional"]
    code, preview = here.answered("--sandbox", *words, ILETIMERKEZI_STATE_DIR=str(tmp_path))
    assert (code, f"| {text}" in preview["preview"]) == (3, True)


@contextmanager
def closed_pipe() -> Iterator[int]:
    """A pipe whose reader has gone."""
    reader, writer = os.pipe()
    os.close(reader)
    yield writer
    os.close(writer)


@contextmanager
def full_disk() -> Iterator[int]:
    """A file on a full disk."""
    with Path("/dev/full").open("wb") as full:
        yield full.fileno()


@posix
@pytest.mark.parametrize(
    "place",
    [
        closed_pipe,
        pytest.param(
            full_disk,
            marks=pytest.mark.skipif(
                not Path("/dev/full").exists(), reason="only Linux has a file that is always full"
            ),
        ),
    ],
)
def test_the_exit_code_says_what_was_done_if_the_answer_cannot_be_written(
    place: Callable[[], AbstractContextManager[int]], tmp_path: Path, here: Here
) -> None:
    kept = {"ILETIMERKEZI_LANG": "en", "ILETIMERKEZI_STATE_DIR": str(tmp_path)}
    _, preview = here.answered("--sandbox", *SEND, **kept)
    for words, code in (([*SEND, "--confirm", preview["confirm"]], 0), (["get_balance"], 1)):
        with place() as out:
            ran = processes.run([*COMMAND, "call", "--sandbox", *words], env=environment(**kept), stdout=out)
        assert (ran.returncode, ran.stderr.count("\n")) == (code, 1)
        assert "the answer could not be written" in ran.stderr
    _, reports = here.answered("--sandbox", "get_reports", **kept)
    assert len(reports["orders"]) == 4


def test_a_folder_that_cannot_hold_the_sandbox_is_one_sentence(tmp_path: Path, here: Here) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    code, out, err = here.called("--sandbox", "--state-dir", str(tmp_path / "file" / "state"), "get_balance")
    assert (code, out, err.count("\n")) == (2, "", 1)


def test_an_unpaired_surrogate_in_an_answer_stays_an_escape(tmp_path: Path, here: Here) -> None:
    sending = ["send_sms", "--recipients", "05321234567", "--text", "a", "--message-type", "transactional"]
    code, out, _ = here.called(
        "--sandbox",
        *sending,
        "--recipients",
        '["\\ud83d"]',
        ILETIMERKEZI_STATE_DIR=str(tmp_path),
    )
    assert (code, json.loads(out)["outcome"]) == (1, "nothing_done")


def test_a_defect_of_the_server_is_an_answer_and_a_failure(monkeypatch: pytest.MonkeyPatch, here: Here) -> None:
    async def broken(*_: object) -> None:
        raise LookupError

    monkeypatch.setattr(ApiClient, "call", broken)
    code, out, _ = here.called("get_balance", **ACCOUNT)
    failed = json.loads(out)
    assert (code, failed["outcome"], failed["summary"].startswith("The program failed")) == (1, "failed", True)


@posix
def test_a_person_is_asked_on_the_terminal_and_a_yes_sends(tmp_path: Path) -> None:
    with on_a_terminal(["call", "--sandbox", *SEND], ILETIMERKEZI_STATE_DIR=str(tmp_path)) as person:
        person.sees("[y/N] ")
        assert "SANDBOX, nothing real: send one SMS to 1 recipient" in person.shown
        assert person.shown.endswith(
            "| Siparişiniz yola çıktı.\n\n"
            "Do you confirm this? Say yes only if everything above is right. A message that \n  has gone out cannot be called back. [y/N] "
        )
        person.types("y\n")
        assert person.end() == 0
    assert person.answer()["outcome"] == "done"


@posix
@pytest.mark.parametrize(
    ("typed", "code"), [("n\n", 1), ("\n", 1), ("\x04", 1), ("\x03", 1)], ids=["n", "enter", "eof", "ctrl-c"]
)
def test_anything_else_on_the_terminal_is_a_no(typed: str, code: int, tmp_path: Path) -> None:
    audit = tmp_path / "audit"
    with on_a_terminal(
        ["call", "--sandbox", "--lang", "tr", "--audit-log", str(audit), *SEND], ILETIMERKEZI_STATE_DIR=str(tmp_path)
    ) as person:
        person.sees("[e/H] ")
        person.types(typed)
        assert person.end() == code
    assert ("Durduruldu; bu, hayır demektir." in person.shown) == (typed == "\x03")
    assert person.answer()["outcome"] == "declined"
    noted = json.loads(audit.read_text(encoding="utf-8"))
    assert (noted["outcome"], noted["host"]) == ("declined", f"iletimerkezi-mcp call {__version__}")


@posix
@pytest.mark.parametrize(("number", "outcome"), [("2", "done"), ("3", "declined")])
def test_many_recipients_need_their_number_typed(number: str, outcome: str, tmp_path: Path, here: Here) -> None:
    words = ["call", "--sandbox", "--type-count-from", "2", *SEND, "--recipients", "05331112233"]
    with on_a_terminal(words, ILETIMERKEZI_STATE_DIR=str(tmp_path)) as person:
        person.sees("[y/N] ")
        person.types("yes\n")
        person.sees("to show that you mean it. ")
        person.types(f"{number}\n")
        assert person.end() == (0 if outcome == "done" else 1)
    assert person.answer()["outcome"] == outcome
    code, refused = here.answered(*words[1:], ILETIMERKEZI_STATE_DIR=str(tmp_path / "other"))
    assert (code, refused["outcome"]) == (1, "nothing_done")


@posix
def test_a_terminal_is_not_asked_if_the_operator_wants_codes(tmp_path: Path) -> None:
    words = ["call", "--sandbox", "--confirm-mode", "code", *SEND]
    with on_a_terminal(words, ILETIMERKEZI_STATE_DIR=str(tmp_path)) as person:
        assert person.end() == 3
    assert "[y/N]" not in person.shown


@asynccontextmanager
async def running(*arguments: str, **variables: str) -> AsyncIterator[Process]:
    """``call`` while it runs, its streams pipes."""
    command = [*COMMAND, "call", *arguments]
    async with processes.opened(
        command, env=environment(**variables), stdin=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as process:
        yield process


async def stderr_shows(process: Process, text: str) -> None:
    """Wait until stderr holds `text`."""
    assert process.stderr is not None
    stderr = b""
    while text.encode() not in stderr:
        stderr += await process.stderr.receive()


async def rest(process: Process) -> dict[str, Any]:
    """The answer on stdout, read to its end."""
    assert process.stdout is not None
    value = json.loads(b"".join([piece async for piece in process.stdout]))
    assert isinstance(value, dict)
    return value


@posix
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
async def test_a_request_under_way_is_awaited_recorded_and_reported(how: signal.Signals, tmp_path: Path) -> None:
    asked, go = anyio.Event(), anyio.Event()

    async def late(writer: asyncio.StreamWriter) -> None:
        asked.set()
        await go.wait()
        await answer({"response": {"status": {"code": 200}, "order": {"id": "9"}}})(writer)

    async with ScriptedServer(late) as upstream:
        live = {"ILETIMERKEZI_API_URL": upstream.url, "ILETIMERKEZI_STATE_DIR": str(tmp_path), **ACCOUNT}
        code = await code_for(**live)
        async with running(*SEND, "--confirm", code, **live) as process:
            await asked.wait()
            process.send_signal(how)
            await stderr_shows(process, "The request is under way and cannot be recalled")
            go.set()
            ended = await rest(process)
            assert (await process.wait(), ended["outcome"], ended["order_id"]) == (0, "done", "9")
    again = await anyio.to_thread.run_sync(lambda: piped("call", *SEND, "--confirm", code, **live))
    assert (again.returncode, json.loads(again.stdout)["order_id"]) == (0, "9")
    assert "Nothing more was done now." in json.loads(again.stdout)["summary"]


@posix
async def test_stopping_the_wait_reports_that_the_change_may_have_been_done(tmp_path: Path) -> None:
    async with ScriptedServer(silence) as upstream:
        live = {"ILETIMERKEZI_API_URL": upstream.url, "ILETIMERKEZI_STATE_DIR": str(tmp_path), **ACCOUNT}
        code = await code_for(**live)
        async with running(*SEND, "--confirm", code, **live) as process:
            await upstream.got_one.wait()
            process.send_signal(signal.SIGINT)
            await stderr_shows(process, "Press Ctrl-C again to stop waiting")
            process.send_signal(signal.SIGINT)
            ended = await rest(process)
            assert (await process.wait(), ended["outcome"]) == (4, "unknown")
            assert ended["next_step"].startswith("Do not repeat it")
    again = await anyio.to_thread.run_sync(lambda: piped("call", *SEND, **live))
    assert (again.returncode, json.loads(again.stdout)["outcome"]) == (1, "held_back")


@posix
async def test_a_read_that_is_stopped_ends_at_once() -> None:
    async with (
        ScriptedServer(silence) as upstream,
        running("get_balance", ILETIMERKEZI_API_URL=upstream.url, **ACCOUNT) as process,
    ):
        await upstream.got_one.wait()
        process.send_signal(signal.SIGINT)
        ended = await rest(process)
        assert (await process.wait(), ended["outcome"]) == (130, "failed")


@posix
async def test_a_change_that_is_stopped_before_its_request_left_is_not_done(tmp_path: Path) -> None:
    """The thread that looks the name up does not hold the process either."""
    (tmp_path / "sitecustomize.py").write_text(HANGING_RESOLVER, encoding="utf-8")
    live = {
        "PYTHONPATH": os.pathsep.join([str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])]),
        "ILETIMERKEZI_API_URL": "https://hangs.invalid",
        "ILETIMERKEZI_STATE_DIR": str(tmp_path / "state"),
        "NO_PROXY": "*",
        **ACCOUNT,
    }
    code = await code_for(**live)
    async with running(*SEND, "--confirm", code, **live) as process:
        await stderr_shows(process, "looking up")
        process.send_signal(signal.SIGINT)
        ended = await rest(process)
        assert (await process.wait(), ended["outcome"]) == (130, "nothing_done")


@posix
async def test_a_long_wait_is_shown_on_a_terminal_and_removed_at_its_end() -> None:
    go = anyio.Event()

    async def late(writer: asyncio.StreamWriter) -> None:
        await go.wait()
        await answer({"response": {"status": {"code": 200}, "balance": {"amount": "1", "sms": "2"}}})(writer)

    def watched(url: str) -> str:
        with on_a_terminal(["call", "get_balance"], ILETIMERKEZI_API_URL=url, **ACCOUNT) as person:
            person.sees("Waiting for iletiMerkezi, ")
            anyio.from_thread.run_sync(go.set)
            assert person.end() == 0
        assert person.answer()["sms"] == 2
        return person.shown

    async with ScriptedServer(late) as upstream:
        shown = await anyio.to_thread.run_sync(watched, upstream.url)
    assert shown.rpartition("Waiting for iletiMerkezi, ")[2].partition("\r\x1b[K")[2].startswith("{\n")
