"""What a campaign's preview leaves out of a list: each row goes or has one reason, and the first line counts both."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.calls import SEND_LIST
from tests.hosting import LIVE

from .effort import at_cost
from .hosts import Line, line, portal

NUMBERS = [f"05321{place:06}" for place in range(8)]
BARRED = NUMBERS[6:]
NAMES = ["Ayşe", "", "A" * 2_000]


class Folder(NamedTuple):
    """A connected host, and the folder that its lists are in."""

    host: Line
    path: Path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Folder]:
    path = tmp_path_factory.mktemp("lists")
    barred = path / "ret.csv"
    barred.write_text("\n".join(BARRED), encoding="utf-8")
    settings = replace(LIVE, files_dir=path, do_not_contact=barred, confirm="code")
    with portal() as loop, line(loop, settings) as host:
        yield Folder(host, path)


@at_cost(10)
@given(rows=st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from([*NUMBERS, "0532", ""])), max_size=12))
def test_every_row_is_sent_or_left_out_for_one_reason(folder: Folder, rows: list[tuple[str, str]]) -> None:
    # The first row is always sent; one with neither cell is blank, and so none.
    rows = [("Ayşe", "05329999999"), *rows]
    written = sum(any(row) for row in rows)
    (folder.path / "liste.csv").write_text("\n".join(map(";".join, [("Ad", "GSM"), *rows])), encoding="utf-8")
    arguments = {"file": "liste.csv", "text": "Sayın {Ad}", "message_type": "transactional", "dry_run": True}
    answer = folder.host.call(SEND_LIST, arguments)
    first, *lines = answer["preview"].splitlines()
    reasons = [re.match(r"- Left out, .*?: (\d+) \(", row) for row in lines]
    # Of a number that is there more than once only the first row can go.
    first_names = {number: name for name, number in reversed(rows)}
    sent = [number for number, name in first_names.items() if name == "Ayşe" and number not in ("", "0532", *BARRED)]
    assert answer["recipients"] + answer["left_out"] == written
    assert sum(int(reason[1]) for reason in reasons if reason) == answer["left_out"]
    assert answer["recipients"] == len(sent)
    if answer["left_out"]:
        assert f"of the {written} rows in the list “liste.csv”, send {answer['recipients']} recipient" in first
        assert f" and leave out {answer['left_out']}: " in first
    else:
        assert f"send {answer['recipients']} recipient" in first
        assert "leave out" not in first
