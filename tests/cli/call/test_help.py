"""The help of ``call``."""

from __future__ import annotations

import re
import shlex
from typing import Any

import pytest

from iletimerkezi_mcp.cli.call.argument_words import ARGUMENTS
from iletimerkezi_mcp.cli.call.arguments import arguments_of, read
from iletimerkezi_mcp.cli.call.help import listing, manual, outcomes
from iletimerkezi_mcp.language import Language
from iletimerkezi_mcp.tools.catalogue import TOOLS as ELEVEN
from iletimerkezi_mcp.tools.list_catalogue import LIST_TOOLS
from iletimerkezi_mcp.tools.tool import Tool
from tests.calls import ADD_BLACKLIST, GET_BALANCE, GET_REPORT, IYS_REGISTER, SEND_SMS

MODELS_WORDS: dict[Language, re.Pattern[str]] = {
    "en": re.compile("the user|your turn|the operator", re.IGNORECASE),
    "tr": re.compile("kullanıcıya|kullanıcıdan|yanıtınızı|yönetici|The |Left out"),
}
"""Words that are for a model; the Turkish help has no English sentence either."""

TOOLS = (*ELEVEN, *LIST_TOOLS)

BY_NAME = {tool.name: tool for tool in TOOLS}


@pytest.mark.parametrize("language", ["en", "tr"])
@pytest.mark.parametrize("name", BY_NAME)
def test_a_tools_help_is_its_own_description_and_its_arguments(name: str, language: Language) -> None:
    text = manual(BY_NAME[name], language)
    plain = " ".join(text.split())
    assert plain.startswith(f"{name}: {BY_NAME[name].summary.to(language)} ")
    for argument in BY_NAME[name].spec().input_schema["properties"]:
        assert "--" + argument.replace("_", "-") in text
        assert ARGUMENTS[argument].to(language) in plain
    assert not MODELS_WORDS[language].search(plain)


@pytest.mark.parametrize("columns", [60, 80, 120])
@pytest.mark.parametrize("language", ["en", "tr"])
def test_no_line_of_the_help_is_longer_than_the_terminal_is_wide(
    columns: int, language: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    for text in (listing(TOOLS, language), *(manual(tool, language) for tool in TOOLS)):
        assert max(map(len, text.splitlines())) <= columns


def test_every_argument_has_words_for_a_person() -> None:
    names = {
        name
        for tool in TOOLS
        for outer, schema in tool.spec().input_schema["properties"].items()
        for name in (outer, *schema.get("items", {}).get("properties", {}))
    }
    assert names <= ARGUMENTS.keys()


@pytest.mark.parametrize("tool", [tool for tool in TOOLS if tool.example], ids=lambda tool: tool.name)
def test_the_example_in_the_help_is_the_tools_own_call(tool: Tool[Any]) -> None:
    command = manual(tool, "tr").partition("Örnek:\n")[2].partition("\n\n")[0]
    program, verb, name, *words = shlex.split(command.replace("\\\n", " "))
    assert (program, verb, name) == ("iletimerkezi-mcp", "call", tool.name)
    assert read(tool.name, words, arguments_of(tool.spec().input_schema)) == tool.example


def test_a_tool_without_arguments_has_no_example_in_its_help() -> None:
    assert "Example:" not in manual(BY_NAME[GET_BALANCE], "en")


def test_help_says_what_is_required_what_repeats_what_the_default_is_and_what_a_record_holds() -> None:
    assert "--recipients TEXT  (required, may be repeated)" in manual(BY_NAME[SEND_SMS], "en")
    assert "--message-type transactional|commercial  (required)" in manual(BY_NAME[SEND_SMS], "en")
    assert "--page NUMBER  (default 1)" in manual(BY_NAME[GET_REPORT], "en")
    consents = manual(BY_NAME[IYS_REGISTER], "en")
    assert "--consents JSON  (required, may be repeated)" in consents
    assert "status: ONAY consents, RET refuses. (ONAY, RET)" in " ".join(consents.split())
    assert "--consents JSON  (zorunlu, yinelenebilir)" in manual(BY_NAME[IYS_REGISTER], "tr")


def test_only_a_tool_that_changes_something_speaks_of_codes_and_only_one_with_arguments_of_values() -> None:
    assert "--confirm CODE" in manual(BY_NAME[ADD_BLACKLIST], "en")
    assert "--confirm CODE" not in manual(BY_NAME[GET_REPORT], "en")
    assert "@FILE" in manual(BY_NAME[GET_REPORT], "en")
    assert "@FILE" not in manual(BY_NAME[GET_BALANCE], "en")


def test_the_listing_names_the_tools_in_their_order_and_what_they_do() -> None:
    lines = listing(TOOLS, "en").splitlines()
    assert [line.split()[0] for line in lines if line[0] != " "] == list(BY_NAME)
    assert lines[0] == f"{SEND_SMS}          sends one text to 1 to 50,000 numbers, now or later (changes"
    assert lines[3] == "get_report        the delivery report of one order (only reads)"
    assert "değişiklik yapar" in listing(TOOLS, "tr")
    assert listing([], "en") == "\n"


def test_every_exit_code_has_a_meaning_and_an_unknown_outcome_one_of_its_own() -> None:
    lines = outcomes("en").splitlines()
    codes = [line.split()[:2] for line in lines[1:] if not line.startswith("   ")]
    assert sorted(codes) == sorted(
        [
            *(
                ["0", "ok"],
                ["0", "done"],
                ["0", "dry_run"],
                ["3", "preview"],
                ["3", "waiting"],
                ["4", "unknown"],
                ["5", "under_way"],
                ["5", "stopped"],
                ["2", "-"],
                ["130", "-"],
            ),
            *(["1", outcome] for outcome in ("declined", "held_back", "nothing_done", "refused", "failed")),
        ]
    )
    assert lines[1] == "  0    ok             it was read"
    assert lines[-1] == "  130  -              stopped by Ctrl-C before anything was done"
