"""The README says what is true: its tables are made from the code."""

from __future__ import annotations

from pathlib import Path

from iletimerkezi_mcp.sandbox.magic import MAGIC
from iletimerkezi_mcp.settings import SETTINGS
from iletimerkezi_mcp.tools.catalogue import all_tools

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def _between(name: str) -> list[str]:
    return README.split(f"<!-- {name} -->\n")[1].split(f"<!-- /{name} -->")[0].splitlines()


def test_the_settings_table_is_that_of_the_settings() -> None:
    rows = ["| variable | flag | what it does |", "|---|---|---|"]
    bar = "\\|"
    for setting in SETTINGS:
        flag = "" if setting.flag is None else f"`{setting.flag}{' ' + setting.metavar if setting.metavar else ''}`"
        rows.append(f"| `{setting.variable}` | {flag.replace('|', bar)} | {setting.help} |")
    assert _between("settings") == rows


def test_the_magic_table_is_that_of_the_sandbox() -> None:
    rows = ["| value | what happens |", "|---|---|"]
    rows += [f"| `{row.value}` ({row.kind}) | {row.happens.en} |" for row in MAGIC]
    assert _between("magic") == rows


def test_the_tools_table_names_the_tools_in_their_order_and_says_which_change_something() -> None:
    rows = [line.split(" | ") for line in README.splitlines() if line.startswith("| `") and line.count(" | ") == 2]
    listed = [(row[0].strip("| `"), row[2].strip(" |")) for row in rows if row[0].strip("| `") in _names()]
    assert listed == [
        (spec.name, "no" if spec.annotations and spec.annotations.read_only_hint else "yes")
        for spec in all_tools().specs
    ]


def _names() -> set[str]:
    return {spec.name for spec in all_tools().specs}


def test_the_first_screen_holds_the_two_commands() -> None:
    first_screen = README.splitlines()[:24]
    assert sum(line.startswith("python3 -m venv .venv && ") for line in first_screen) == 2
