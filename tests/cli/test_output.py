"""Lines as they come, or one JSON object."""

from __future__ import annotations

import json
from io import BytesIO, StringIO, TextIOWrapper

from iletimerkezi_mcp.cli.output import GREEN, Output


def test_lines_are_written_and_no_json() -> None:
    out = StringIO()
    output = Output(out)
    output.line(output.styled("good", GREEN))
    output.json({"ok": True})
    assert out.getvalue() == "good\n"


def test_one_json_object_is_written_and_no_line() -> None:
    out = StringIO()
    output = Output(out, as_json=True)
    output.line("good")
    output.json({"ok": "İyi"})
    assert json.loads(out.getvalue()) == {"ok": "İyi"}
    assert "İyi" in out.getvalue()


def test_a_style_is_used_only_in_colour() -> None:
    assert Output(StringIO(), colour=True).styled("good", GREEN) == "\x1b[32mgood\x1b[0m"


def test_a_character_that_the_encoding_does_not_have_is_replaced() -> None:
    raw = BytesIO()
    out = TextIOWrapper(raw, encoding="ascii", newline="")
    Output(out).line("→ İyi")
    assert raw.getvalue() == b"? ?yi\n"
