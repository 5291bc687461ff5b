"""TOML is changed in one table, and nowhere else."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from iletimerkezi_mcp.cli.config.tomls import NotTomlError, OccupiedError, put

MINE = ["servers", "mine"]
SURROUNDED = """\
# mine to keep
model = "x" # here too

[servers.other]
args = [
  "a", # first
  # between
  "b",
]

[servers.mine]
command = "old" # goes
args = [
  "old",
]
# a word about time
startup_timeout_sec = 60
text = '''
[servers.mine]
'''

# about the next
[servers.mine.env]
A = "1"

[[list]]
x = 1
"""


def test_a_table_is_added_at_the_end() -> None:
    assert put("a = 1\n", MINE, {"b": ["x", 'y"']}) == 'a = 1\n\n[servers.mine]\nb = ["x", "y\\""]\n'


@pytest.mark.parametrize("text", ["", "\n", "a = 1", "a = 1\n", "a = 1\r\n", "[[x]]\ny = 1\n", "[servers]\n"])
def test_it_is_added_to_any_text_and_only_once(text: str) -> None:
    changed = put(text, MINE, {"b": "c"})
    assert changed.startswith(text)
    assert tomllib.loads(changed)["servers"]["mine"] == {"b": "c"}
    assert put(changed, MINE, {"b": "c"}) == changed
    assert ("\r\n" in changed) == ("\r\n" in text)


def test_the_members_of_a_table_are_put_in_place_and_all_else_stays() -> None:
    changed = put(SURROUNDED, MINE, {"command": "new", "args": ["n"], "more": {"z": "1"}})
    assert changed == SURROUNDED.replace('command = "old" # goes', 'command = "new"').replace(
        'args = [\n  "old",\n]', 'args = ["n"]'
    ).replace("'''\n\n# about", "'''\nmore = { z = \"1\" }\n\n# about")
    assert put(changed, MINE, {"command": "new", "args": ["n"], "more": {"z": "1"}}) == changed


def test_a_member_that_is_right_keeps_its_line() -> None:
    text = '[servers.mine]\nargs = [ "n" ] # mine'
    assert put(text, MINE, {"args": ["n"]}) == text + "\n"


def test_members_can_go() -> None:
    assert put("[servers.mine]\na = 1\nb = 2\n", MINE, {"b": "x"}, ["a"]) == '[servers.mine]\nb = "x"\n'


def test_what_basic_strings_may_not_hold_is_escaped() -> None:
    value = "\x7f\x00\n\u2028ğ\U0001f600"
    assert tomllib.loads(put("", MINE, {"a": value})) == {"servers": {"mine": {"a": value}}}


def test_a_line_separator_in_a_comment_is_part_of_it() -> None:
    text = "# a\u2028b\n[servers.mine]\na = 1\n"
    assert put(text, MINE, {"b": "2"}) == text + 'b = "2"\n'


@pytest.mark.parametrize(
    "text",
    [
        'servers = { mine = { a = "1" } }\n',
        'servers.mine.a = "1"\n',
        "servers = 1\n",
        "[servers]\nmine = 1\n",
        "[[servers.mine]]\na = 1\n",
        "[servers.mine]\nb.c = 1\nb.d = 2\n",
    ],
)
def test_a_table_written_in_another_way_is_not_touched(text: str) -> None:
    with pytest.raises(OccupiedError):
        put(text, MINE, {"b": "x"})


def test_what_is_not_toml_is_not_touched() -> None:
    with pytest.raises(NotTomlError):
        put("[a\n", MINE, {"b": "x"})


@pytest.mark.parametrize("header", ["[servers.mine]", "[ servers . mine ]", '  ["servers".mine] # here'])
def test_a_header_is_known_in_every_spelling(header: str) -> None:
    changed: dict[str, Any] = tomllib.loads(put(f"{header}\na = 1\n", MINE, {"b": "x"}))
    assert changed == {"servers": {"mine": {"a": 1, "b": "x"}}}
