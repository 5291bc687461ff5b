"""The doctor's words as a person sees them."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path

import pytest

from iletimerkezi_mcp.cli import main
from iletimerkezi_mcp.cli.doctor import examination
from iletimerkezi_mcp.cli.doctor.report import Finding, Report, Subject
from iletimerkezi_mcp.cli.terminal import Output
from iletimerkezi_mcp.language import Language, Text
from iletimerkezi_mcp.redaction import Redactor
from tests import processes
from tests.processes import COMMAND

from .clinic import setup

FINDINGS = (
    Finding(Subject.SENDER, "ok", Text("“FIRMAADI” is approved.", "“FIRMAADI” onaylı.")),
    Finding(Subject.UVX, "warning", Text("Not found.", "Bulunamadı."), Text("Install uv.", "uv kurun.")),
    Finding(Subject.ACCOUNT, "wrong", Text("The key geheim is wrong.", "Anahtar geheim yanlış.")),
    Finding(Subject.CLOCK, "not_checked", Text("Not known.", "Bilinmiyor.")),
)


def _written(out: StringIO | TextIOWrapper, language: Language = "en", found: tuple[object, ...] = FINDINGS) -> None:
    report = Report(Output(out), language, Redactor(("geheim",)))
    report.begin()
    for finding in FINDINGS:
        if finding in found:
            report.add(finding)
    report.end()


def test_one_line_each_without_secrets_and_the_sum_at_the_end() -> None:
    out = StringIO()
    _written(out)
    assert out.getvalue().splitlines()[1:] == [
        "✓ Sender          “FIRMAADI” is approved.",
        "! uvx             Not found. Install uv.",
        "✗ Account         The key [hidden] is wrong.",
        "– Clock           Not known.",
        "1 thing is wrong, 1 warning.",
    ]


def test_the_same_in_turkish() -> None:
    out = StringIO()
    _written(out, "tr")
    assert out.getvalue().splitlines()[1:] == [
        "✓ Başlık           “FIRMAADI” onaylı.",
        "! uvx              Bulunamadı. uv kurun.",
        "✗ Hesap            Anahtar [hidden] yanlış.",
        "– Saat             Bilinmiyor.",
        "1 sorun var, 1 uyarı.",
    ]


def test_nothing_wrong_and_nothing_to_mind_is_said_shortly() -> None:
    out = StringIO()
    _written(out, found=FINDINGS[:1])
    assert out.getvalue().splitlines()[-1] == "Nothing is wrong."


def test_where_the_marks_cannot_be_written_plain_ones_stand_for_them() -> None:
    raw = BytesIO()
    out = TextIOWrapper(raw, encoding="cp1254", newline="")
    _written(out, "tr")
    assert raw.getvalue().decode("cp1254").splitlines()[1:4] == [
        "+ Başlık           “FIRMAADI” onaylı.",
        "! uvx              Bulunamadı. uv kurun.",
        "X Hesap            Anahtar [hidden] yanlış.",
    ]


def test_no_name_of_a_subject_is_longer_than_its_column() -> None:
    assert len({subject.name.lower() for subject in Subject}) == len(Subject)
    assert max(len(subject.value.to("tr")) for subject in Subject) <= 16


@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal")
@pytest.mark.parametrize(
    ("variables", "colour"), [({"TERM": "xterm"}, True), ({"TERM": "dumb"}, False), ({"NO_COLOR": "1"}, False)]
)
def test_on_a_terminal_it_is_in_colour_and_folded_unless_that_is_not_wanted(
    tmp_path: Path, variables: dict[str, str], colour: bool
) -> None:
    import fcntl
    import pty
    import struct
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 80, 0, 0))
    kept = {
        name: value
        for name, value in setup(tmp_path, AUDIT_LOG=None).items()
        if name not in ("NO_COLOR", "COLUMNS", "LINES")
    }
    command = [*COMMAND, "doctor", "--sandbox"]
    variables = {"TERM": "xterm", **kept, **variables}
    with processes.running(command, env=variables, stdout=theirs, stderr=theirs) as running:
        os.close(theirs)
        shown = b""
        try:
            while chunk := os.read(ours, 65536):
                shown += chunk
        except OSError:
            """The terminal's other end is closed: it is over."""
        assert running.wait() == 0
    os.close(ours)
    assert (b"\x1b[32m\xe2\x9c\x93\x1b[0m Account" in shown) == colour
    assert (b"\x1b[" in shown) == colour
    lines = shown.decode().replace("\x1b[32m", "").replace("\x1b[33m", "").replace("\x1b[2m", "").replace("\x1b[0m", "")
    assert all(len(line) < 80 for line in lines.splitlines())
    assert "\n" + " " * 18 in lines


def test_the_sum_does_not_wait_for_a_name_that_is_still_being_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    summed, waited = threading.Event(), list[bool]()

    async def examined(*_: object) -> None:
        # A look-up that took too long goes on in its thread, for which the event loop waits at its end.
        asyncio.get_running_loop().run_in_executor(None, lambda: waited.append(summed.wait(20)))

    monkeypatch.setattr(examination, "examine", examined)
    monkeypatch.setattr(Report, "end", lambda _: summed.set())
    assert main(["doctor"]) == 0
    assert waited == [True]


def test_in_a_pipe_every_finding_is_one_plain_line_in_the_operators_language(tmp_path: Path) -> None:
    ran = processes.run([*COMMAND, "doctor", "--lang", "tr"], env=setup(tmp_path, API_KEY=None))
    lines = ran.stdout.splitlines()
    assert (ran.returncode, ran.stderr) == (1, "")
    assert "\x1b[" not in ran.stdout
    assert all(line[:2] in ("✓ ", "✗ ", "! ", "– ") for line in lines[1:-1])
    assert any("bağlantı reddedildi" in line for line in lines)
    assert lines[-1].startswith("2 sorun var")


@pytest.mark.parametrize("as_json", [False, True])
def test_what_stands_in_a_setting_does_nothing_to_a_terminal(as_json: bool) -> None:
    out = StringIO()
    report = Report(Output(out, as_json), "en", Redactor(()))
    report.add(Finding(Subject.SETTINGS, "wrong", Text("X\x1b]0;me\x07\u202e is no setting.", "X")))
    report.end()
    assert "\x1b" not in out.getvalue()
    assert "\u202e" not in out.getvalue()
    assert "X\\u001b]0;me\\u0007\\u202e is no setting." in out.getvalue().replace("\\\\", "\\")
