"""TOML is edited in one table, and nowhere else."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from iletimerkezi_mcp.cli.config.files import HostFileError
from iletimerkezi_mcp.cli.config.toml import put

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
command = "old" # mine too
args = [
  "old",
]
# a word about time
startup_timeout_sec = 60
text = '''
[servers.mine]
'''

# about the next
[[list]]
x = 1
"""


def test_a_table_is_added_at_the_end() -> None:
    assert put("a = 1\n", MINE, {("b",): ["x", 'y"']}) == 'a = 1\n\n[servers.mine]\nb = ["x", "y\\""]\n'


@pytest.mark.parametrize(
    "text",
    [
        *("", "\n", "a = 1", "a = 1\n", "a = 1\r\n", "[[x]]\ny = 1\n", "[servers]\n", "# only a comment\n"),
        "[servers.a]\nx = 1\n[between]\ny = 1\n[servers.b]\nz = 1\n",
    ],
)
def test_it_is_added_to_any_text_and_only_once(text: str) -> None:
    changes = {("b",): "c", ("env", "A"): "1"}
    changed = put(text, MINE, changes)
    assert changed.startswith(text)
    assert tomllib.loads(changed)["servers"]["mine"] == {"b": "c", "env": {"A": "1"}}
    assert put(changed, MINE, changes) == changed
    assert changed.count("\r\n") == (changed.count("\n") if "\r\n" in text else 0)


def test_the_members_of_a_table_are_changed_in_place_and_all_else_stays() -> None:
    changes = {("command",): "new", ("args",): ["n"], ("more",): 1, ("env", "Z"): "1"}
    changed = put(SURROUNDED, MINE, changes)
    assert changed == SURROUNDED.replace('"old" #', '"new" #').replace('args = [\n  "old",\n]', 'args = ["n"]').replace(
        "'''\n\n# about", "'''\nmore = 1\n\n[servers.mine.env]\nZ = \"1\"\n\n# about"
    )
    assert put(changed, MINE, changes) == changed


def test_a_table_among_scattered_ones_is_changed_in_place() -> None:
    text = "[servers.a]\nx = 1\n[between]\ny = 1\n[servers.mine]\nb = 1\n[between.more]\n[servers.c]\nz = 1\n"
    assert put(text, MINE, {("b",): 2}) == text.replace("b = 1", "b = 2")


def test_a_member_that_is_right_keeps_its_spelling() -> None:
    text = "[servers.mine]\nargs = [ 'n' ] # mine"
    assert put(text, MINE, {("args",): ["n"]}) == text


def test_members_can_go() -> None:
    assert put("[servers.mine]\na = 1\nb = 2\n", MINE, {("b",): "x", ("a",): None}) == '[servers.mine]\nb = "x"\n'


@pytest.mark.parametrize("text", ["", "[servers.mine]\n"])
def test_characters_that_basic_strings_may_not_hold_are_escaped(text: str) -> None:
    value = "\x7f\x00\n\u2028ğ\U0001f600"
    assert tomllib.loads(put(text, MINE, {("a",): value})) == {"servers": {"mine": {"a": value}}}


def test_a_line_separator_in_a_comment_is_part_of_it() -> None:
    text = "# a\u2028b\n[servers.mine]\na = 1\n"
    assert put(text, MINE, {("b",): "2"}) == text + 'b = "2"\n'


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("[ servers . mine ]\na = 1\n", '[ servers . mine ]\na = 1\nb = "x"\n'),
        ('  ["servers".mine] # here\na = 1\n', '  ["servers".mine] # here\na = 1\n  b = "x"\n'),
        ("servers = { mine = { a = 1 } } # mine\n", 'servers = { mine = { a = 1, b = "x"} } # mine\n'),
        ("servers.mine.a = 1\n", 'servers.mine.a = 1\nservers.mine.b = "x"\n'),
        ("[servers.mine.env]\nA = 1\n", None),
    ],
)
def test_a_table_is_found_in_every_spelling(text: str, changed: str | None) -> None:
    edited = put(text, MINE, {("b",): "x"})
    assert changed is None or edited == changed
    document: dict[str, Any] = tomllib.loads(edited)
    assert document["servers"]["mine"]["b"] == "x"


@pytest.mark.parametrize(
    "text",
    ["servers = {}\n", "servers = 1\n", "[servers]\nmine = 1\n", "[[servers.mine]]\na = 1\n", "[[servers]]\na = 1\n"],
)
def test_a_table_that_cannot_take_members_is_not_touched(text: str) -> None:
    with pytest.raises(HostFileError, match=r"something else at servers|holds something else at servers\.mine"):
        put(text, MINE, {("b",): "x"})


def test_a_text_that_is_not_toml_is_not_touched() -> None:
    with pytest.raises(HostFileError, match="it is not TOML"):
        put("[a\n", MINE, {("b",): "x"})


def test_a_result_that_would_say_something_else_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tomlkit.dumps", lambda _: "[servers.mine]\n")
    with pytest.raises(HostFileError, match=r"something else at servers\.mine"):
        put("[servers.mine]\na = 1\n", MINE, {("b",): "x"})


SCATTERED = """\
[servers.mine]
command = "old"
# about the list
[[list]]
x = 1

[servers.other]
command = "b"
"""


@pytest.mark.parametrize("text", [SURROUNDED, SCATTERED])
def test_a_file_that_says_it_already_stays_to_the_byte(text: str) -> None:
    assert put(text, MINE, {("command",): "old"}) == text


def test_a_file_in_which_another_table_would_move_is_refused() -> None:
    between = "[servers.mine]\ncommand = 'a'\n# about the list\n[[list]]\nx = 1\n[servers.mine.env]\nA = '1'\n"
    with pytest.raises(HostFileError):
        put(between, MINE, {("env", "B"): "2", ("new", "c"): "3"})
