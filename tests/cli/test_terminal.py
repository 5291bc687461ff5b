"""The output of a command: lines as they come or one JSON object, in colour or not, fold or not."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iletimerkezi_mcp.cli.terminal import GREEN, Output, can_redraw, fold

WIDTH = 20


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("short", ["short"]),
        ("", [""]),
        ("| one\n| two", ["| one", "| two"]),
        ("| Merhaba, nasılsınız- To: 5", ["| Merhaba, ", "| nasılsınız- To: 5"]),
        ("| " + "x" * 18 + "- To: all", ["| " + "x" * 18, "| - To: all"]),
        ("! " + "x" * 18 + "- To: all", ["! " + "x" * 18, "  - To: all"]),
        ("| " + "🎉" * 10, ["| " + "🎉" * 9, "| 🎉"]),
        ("| " + "e\u0301" * 18, ["| " + "e\u0301" * 18]),
    ],
)
def test_the_rest_of_a_long_line_cannot_be_mistaken_for_a_line_of_its_own(text: str, rows: list[str]) -> None:
    assert fold(text, WIDTH).split("\n") == rows


def test_the_rest_is_indented_further_than_its_line_and_a_style_takes_no_column() -> None:
    assert fold("    - one two three four five six", 20).split("\n") == ["    - one two three ", "      four five six"]
    assert fold("    | one two three four five six", 20).split("\n") == ["    | one two three ", "    | four five six"]
    assert fold("\x1b[2mfourteen letters, and\x1b[0m", 21) == "\x1b[2mfourteen letters, and\x1b[0m"
    assert fold(" " * 40 + "x", 20).split("\n")[-1].endswith("x")


def test_lines_are_folded_on_a_terminal_and_only_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    for tty, written in ((True, "twelve letters and \n  more\n"), (False, "twelve letters and more\n")):
        out = io.StringIO()
        monkeypatch.setattr(out, "isatty", lambda tty=tty: tty)
        Output(out).line("twelve letters and more")
        assert out.getvalue() == written


def test_a_terminal_of_unknown_width_gets_the_usual_one() -> None:
    assert fold("x" * 90, 0).split("\n") == ["x" * 80, "  " + "x" * 10]


@pytest.mark.parametrize(
    ("tty", "environment", "redraws", "coloured"),
    [
        (True, {}, True, True),
        (True, {"NO_COLOR": ""}, True, False),
        (True, {"TERM": "dumb"}, False, False),
        (False, {}, False, False),
    ],
)
def test_only_a_terminal_is_redrawn_and_coloured(
    tty: bool, environment: dict[str, str], redraws: bool, coloured: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = io.StringIO()
    monkeypatch.setattr(out, "isatty", lambda: tty)
    monkeypatch.setattr("sys.stdout", out)
    monkeypatch.setattr("os.environ", environment)
    assert (can_redraw(out, environment), Output.on_stdout(as_json=False).colour) == (redraws, coloured)
    assert not can_redraw(None, {})


@given(st.text(st.characters(exclude_characters="\n"), max_size=200))
def test_nothing_is_lost_and_every_row_of_a_text_has_its_mark(text: str) -> None:
    rows = fold("| " + text, WIDTH).split("\n")
    assert all(row.startswith("| ") for row in rows)
    assert "".join(row[2:] for row in rows) == text


def test_lines_are_written_and_no_json() -> None:
    out = io.StringIO()
    output = Output(out)
    output.line(output.styled("good", GREEN))
    output.json({"ok": True})
    assert out.getvalue() == "good\n"


def test_one_json_object_is_written_and_no_line() -> None:
    out = io.StringIO()
    output = Output(out, as_json=True)
    output.line("good")
    output.json({"ok": "İyi"})
    assert json.loads(out.getvalue()) == {"ok": "İyi"}
    assert "İyi" in out.getvalue()


def test_a_style_is_used_only_in_colour() -> None:
    assert Output(io.StringIO(), colour=True).styled("good", GREEN) == "\x1b[32mgood\x1b[0m"


def test_a_character_that_the_encoding_does_not_have_is_replaced() -> None:
    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, encoding="ascii", newline="")
    Output(out).line("→ İyi")
    assert raw.getvalue() == b"? ?yi\n"
