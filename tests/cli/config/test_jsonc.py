"""JSON with comments is changed where it has to be, and nowhere else."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iletimerkezi_mcp.cli.config.files import HostFileError
from iletimerkezi_mcp.cli.config.jsonc import put, read

KEYS = st.sampled_from(["a", "b", 'c"', "// no", "ğ"])
SCALARS = (
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=4) | st.sampled_from(["/* no */", "\\", "{"])
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=8
)
OBJECTS = st.dictionaries(KEYS, VALUES, max_size=3)
FILLERS = st.sampled_from(["", "", " ", "\n", "\r\n", "\t", "/* , */", "// }\n", "\n    "])


@st.composite
def written(draw: st.DrawFn, values: st.SearchStrategy[Any]) -> tuple[Any, str]:
    """A value, and a text that says it, with blanks, comments and last commas wherever they may be."""
    value = draw(values)

    def text(one: Any) -> str:
        before, after = draw(FILLERS), draw(FILLERS)
        if not isinstance(one, dict | list):
            return before + json.dumps(one, ensure_ascii=bool(draw(st.integers(0, 1)))) + after
        if isinstance(one, dict):
            parts = [f"{draw(FILLERS)}{json.dumps(name)}{draw(FILLERS)}:{text(inner)}" for name, inner in one.items()]
        else:
            parts = [text(inner) for inner in one]
        last = draw(st.sampled_from(["", ","] if parts else [""])) + draw(FILLERS)
        opening, closing = "{}" if isinstance(one, dict) else "[]"
        return before + opening + ",".join(parts) + last + closing + after

    return value, draw(st.sampled_from(["", "\ufeff"])) + text(value)


def with_put(document: Any, path: list[str], value: Any) -> Any:
    """Return what `put` should make of `document`; None if something is in the way."""
    document = copy.deepcopy(document)
    at = document
    for name in path[:-1]:
        at = at.setdefault(name, {})
        if not isinstance(at, dict):
            return None
    at[path[-1]] = value
    return document


def is_within(small: str, large: str) -> bool:
    """True if the characters of `small`, except blanks, are all in `large`, in their order."""
    rest = iter(large)
    return all(character in rest for character in "".join(small.split()))


@given(written(VALUES))
def test_it_reads_what_json_with_comments_says(case: tuple[Any, str]) -> None:
    value, text = case
    assert read(text) == value


@given(written(OBJECTS), st.lists(KEYS, min_size=1, max_size=3), VALUES)
def test_what_is_put_is_there_and_everything_else_stays(case: tuple[Any, str], path: list[str], value: Any) -> None:
    document, text = case
    wanted = with_put(document, path, value)
    if wanted is None:
        with pytest.raises(HostFileError, match="something else at"):
            put(text, path, value)
        return
    changed = put(text, path, value)
    assert read(changed) == wanted
    assert put(changed, path, value) == changed
    at: Any = document
    for name in path:
        at = at.get(name, ...) if isinstance(at, dict) else ...
    if at is ...:
        assert is_within(text, changed)


@given(written(st.lists(VALUES, max_size=3)), VALUES)
def test_an_item_is_put_behind_the_others(case: tuple[Any, str], value: Any) -> None:
    items, text = case
    changed = put(text, [len(items)], value)
    assert read(changed) == [*items, value]
    assert is_within(text, changed)


def test_an_item_needs_a_list() -> None:
    with pytest.raises(HostFileError, match="something else at"):
        put('{"a": {}}', ["a", 0], 1)


def test_new_members_look_like_their_neighbours() -> None:
    text = '{\r\n\t// servers\r\n\t"a": {\r\n\t\t"x": 1, // first\r\n\t},\r\n}\r\n'
    assert put(text, ["a", "y"], [2]) == (
        '{\r\n\t// servers\r\n\t"a": {\r\n\t\t"x": 1, // first\r\n\t\t"y": [\r\n\t\t\t2\r\n\t\t]\r\n\t},\r\n}\r\n'
    )


def test_a_comment_stays_behind_its_member() -> None:
    assert put('{\n  "a": 1 // one\n}\n', ["b"], 2) == '{\n  "a": 1, // one\n  "b": 2\n}\n'


def test_an_object_on_one_line_is_opened_up() -> None:
    assert put('{"a": {}}', ["a", "b"], 1) == '{"a": {\n  "b": 1\n}}'


def test_the_last_of_two_members_of_one_name_counts() -> None:
    assert put('{"a": 1, "b": 2, "a": 3}', ["a"], 4) == '{"a": 1, "b": 2, "a": 4}'


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("{", 1),
        ('{\n"a" 1}', 2),
        ('{\n\n"a": 1 "b": 2}', 3),
        ("[1,\n2", 2),
        ("{} {}", 1),
        ("{a: 1}", 1),
        ('{"a": /* open }', 1),
        ("[1,,2]", 1),
        ("{,}", 1),
        ('{"a": "open}', 1),
    ],
)
def test_a_text_that_is_not_json_is_refused_with_its_line(text: str, line: int) -> None:
    with pytest.raises(HostFileError, match=f"^line {line} is not JSON"):
        read(text)
