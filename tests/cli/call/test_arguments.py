"""A tool's arguments as flags."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from iletimerkezi_mcp.cli.call.arguments import arguments_of, read
from iletimerkezi_mcp.cli.call.errors import HelpWantedError, WordsError
from iletimerkezi_mcp.cli.parsing import parse
from iletimerkezi_mcp.tools.catalogue import all_tools

SPECS = {spec.name: spec for spec in all_tools().specs}


def given(tool: str, words: Sequence[str]) -> dict[str, object]:
    return read(tool, words, arguments_of(SPECS[tool].input_schema))


def refusal(tool: str, *words: str) -> str:
    with pytest.raises(WordsError) as refused:
        given(tool, words)
    return refused.value.reason.en


def test_words_become_the_tools_own_arguments() -> None:
    words = [
        *("--recipients", "+905321234567", "--recipients=0533 111 22 33"),
        *("--text", "-50 % bugün", "--message_type", "commercial", "--iys-list", "BIREYSEL"),
        *("--confirm", "K7Q2M9XW4TBA"),
    ]
    assert given("send_sms", words) == {
        "recipients": ["+905321234567", "0533 111 22 33"],
        "text": "-50 % bugün",
        "message_type": "commercial",
        "iys_list": "BIREYSEL",
        "confirm": "K7Q2M9XW4TBA",
    }
    assert given("get_report", ["--order-id", "7", "--page", "2"]) == {"order_id": "7", "page": 2}
    assert given("get_balance", []) == {}


def test_a_value_that_begins_like_a_flag_is_taken_after_an_equals_sign_only() -> None:
    assert given("send_sms", ["--text=--a=b"]) == {"text": "--a=b"}
    needs = "--text needs a value; one that begins with -- is written --text=--…."
    assert refusal("send_sms", "--text", "--sender", "CANARY") == needs
    assert refusal("send_sms", "--text") == needs


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--sendr", "CANARY"], "send_sms has no --sendr (did you mean --sender?); see call send_sms --help."),
        (
            ["--messagetype=CANARY"],
            "send_sms has no --messagetype (did you mean --message-type?); see call send_sms --help.",
        ),
        (["--colour", "CANARY"], "send_sms has no --colour; see call send_sms --help."),
        (["--yes"], "send_sms has no --yes; see call send_sms --help."),
        (["-yCANARY"], "send_sms has no -y; see call send_sms --help."),
        (["--"], "send_sms has no --; see call send_sms --help."),
        (["CANARY"], "every argument of send_sms is a flag and its value; see call send_sms --help."),
        (["--text", "a", "CANARY"], "every argument of send_sms is a flag and its value; see call send_sms --help."),
        (["--text", "a", "--text", "CANARY"], "--text may be given only once."),
        (
            ["--sandbox"],
            "send_sms has no --sandbox; as a setting it stands before the tool's name: call --sandbox … send_sms.",
        ),
    ],
)
def test_what_the_tool_does_not_take_is_refused_by_name_and_no_value_is_repeated(words: list[str], said: str) -> None:
    assert refusal("send_sms", *words) == said


def test_help_is_asked_for_where_a_flag_stands_and_is_a_value_elsewhere() -> None:
    for word in ("-h", "--help"):
        with pytest.raises(HelpWantedError):
            given("send_sms", ["--text", "a", word])
    assert given("send_sms", ["--text", "-h"]) == {"text": "-h"}


def test_no_argument_of_any_tool_is_taken_for_a_secret_or_for_a_setting() -> None:
    for spec in SPECS.values():
        words = [f"{argument.flag}=1" for argument in arguments_of(spec.input_schema)]
        parsed = parse(["call", spec.name, *words])
        assert parsed.options.words == [spec.name, *words]
        assert set(parsed.flags.values()) == {None}
