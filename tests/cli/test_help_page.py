"""The help of the program and of its commands, in both languages and at every width."""

from __future__ import annotations

import re

import pytest

from iletimerkezi_mcp.cli import main
from iletimerkezi_mcp.cli.commands import COMMANDS
from iletimerkezi_mcp.cli.usage import EXIT_CODES, FAILED, INTERRUPTED, USAGE_ERROR
from iletimerkezi_mcp.language import Language
from iletimerkezi_mcp.provider.outcomes import OUTCOMES
from iletimerkezi_mcp.settings import SETTINGS

LANGUAGES: list[Language] = ["en", "tr"]
PAGES = ["", *(command.name for command in COMMANDS)]
ENGLISH = re.compile(r"\b(usage|options|arguments|settings|show|the|and|of|with|NUMBER|VALUE|TOOL|HOST|COMMAND)\b")


class Pages:
    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch, self._capsys = monkeypatch, capsys

    def read(self, command: str, language: Language, columns: int = 80) -> str:
        self._monkeypatch.setenv("COLUMNS", str(columns))
        with pytest.raises(SystemExit) as ended:
            main(["--lang", language, *([command] if command else []), "--help"])
        assert ended.value.code == 0
        return self._capsys.readouterr().out


@pytest.fixture
def pages(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Pages:
    return Pages(monkeypatch, capsys)


@pytest.mark.parametrize("command", PAGES)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("columns", [60, 80, 120])
def test_no_line_is_longer_than_the_terminal_is_wide(
    command: str, language: Language, columns: int, pages: Pages
) -> None:
    lines = pages.read(command, language, columns).splitlines()
    assert max(map(len, lines)) <= columns


@pytest.mark.parametrize("command", PAGES)
def test_under_turkish_all_of_it_is_turkish(command: str, pages: Pages) -> None:
    shown = pages.read(command, "tr")
    assert shown.startswith("kullanım: iletimerkezi-mcp")
    assert "bu yardımı gösterir" in shown
    assert ENGLISH.findall(re.sub(r"--[a-z-]+|“[^”]*”", "", shown)) == []


def test_only_the_programs_own_help_lists_all_settings(pages: Pages) -> None:
    for command in COMMANDS:
        shown = pages.read(command.name, "en")
        variables = [setting.variable for setting in SETTINGS if f"[{setting.variable}]" in " ".join(shown.split())]
        assert len(variables) == (0 if command.name in ("call", "doctor") else len(command.settings))
        assert "iletimerkezi-mcp --help lists " in shown
    whole = " ".join(pages.read("", "en").split())
    assert all(setting.variable in whole for setting in SETTINGS)


def test_the_help_of_call_has_examples_with_arguments(pages: Pages) -> None:
    assert "--recipients 05321234567,05331112233 \\\n    --text 'Siparişiniz yola çıktı.'" in pages.read("call", "tr")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_exit_code_is_in_one_table(language: Language, pages: Pages) -> None:
    assert {0, FAILED, USAGE_ERROR, INTERRUPTED} | {facts.exit_code for facts in OUTCOMES.values()} == set(EXIT_CODES)
    shown = pages.read("", language, 120)
    for code, meaning in EXIT_CODES.items():
        assert f"\n  {code:<4} {meaning.to(language)}\n" in shown


def test_a_narrow_terminal_that_reports_nothing_useful_gets_eighty_columns(pages: Pages) -> None:
    assert pages.read("token", "en", 3) == pages.read("token", "en", 80)
