"""A tool's arguments as flags, and their values."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from iletimerkezi_mcp.cli.call import arguments as module
from iletimerkezi_mcp.cli.call.arguments import ToolArgument, arguments_of, read, read_value
from iletimerkezi_mcp.cli.commands import parse
from iletimerkezi_mcp.cli.usage import UsageError
from iletimerkezi_mcp.tools.catalogue import REGISTRY
from tests.calls import GET_BALANCE, GET_REPORT, SEND_SMS

SPECS = {spec.name: spec for spec in REGISTRY.specs}
TEXT: dict[str, Any] = {"type": "string"}
WHOLE: dict[str, Any] = {"type": "integer"}
CHOICE: dict[str, Any] = {"type": "string", "enum": ["transactional", "commercial"]}
TEXTS: dict[str, Any] = {"type": "array", "items": {"type": "string"}}
RECORDS: dict[str, Any] = {"type": "array", "items": {"type": "object"}}


def arguments(tool: str, words: Sequence[str]) -> dict[str, object] | None:
    return read(tool, words, arguments_of(SPECS[tool].input_schema))


def error(tool: str, *words: str) -> str:
    with pytest.raises(UsageError) as caught:
        arguments(tool, words)
    return caught.value.reason.en


def test_words_become_the_tools_own_arguments() -> None:
    words = [
        *("--recipients", "+905321234567", "--recipients=0533 111 22 33"),
        *("--text", "-50 % bugün", "--message_type", "commercial", "--iys-list", "BIREYSEL"),
        *("--confirm", "K7Q2M9XW4TBA"),
    ]
    assert arguments(SEND_SMS, words) == {
        "recipients": ["+905321234567", "0533 111 22 33"],
        "text": "-50 % bugün",
        "message_type": "commercial",
        "iys_list": "BIREYSEL",
        "confirm": "K7Q2M9XW4TBA",
    }
    assert arguments(GET_REPORT, ["--order-id", "7", "--page", "2"]) == {"order_id": "7", "page": 2}
    assert arguments(GET_BALANCE, []) == {}


def test_a_value_that_begins_like_a_flag_needs_an_equals_sign() -> None:
    assert arguments(SEND_SMS, ["--text=--a=b"]) == {"text": "--a=b"}
    needs = "--text needs a value; one that begins with -- is written --text=--…."
    assert error(SEND_SMS, "--text", "--sender", "CANARY") == needs
    assert error(SEND_SMS, "--text") == needs


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--sendr", "CANARY"], "send_sms has no --sendr; see call send_sms --help. Did you mean --sender?"),
        (
            ["--messagetype=CANARY"],
            "send_sms has no --messagetype; see call send_sms --help. Did you mean --message-type?",
        ),
        (["--colour", "CANARY"], "send_sms has no --colour; see call send_sms --help."),
        (["--yes"], "send_sms has no --yes; see call send_sms --help. Did you mean --confirm?"),
        (["-yCANARY"], "send_sms has no -y; see call send_sms --help."),
        (["--"], "send_sms has no --; see call send_sms --help."),
        (["CANARY"], "every argument of send_sms is a flag and its value; see call send_sms --help."),
        (["--text", "a", "CANARY"], "every argument of send_sms is a flag and its value; see call send_sms --help."),
        (["--text", "a", "--text", "CANARY"], "--text may be given only once."),
        (
            ["--sandbox"],
            "send_sms has no --sandbox; a setting goes before the tool's name: call --sandbox … send_sms.",
        ),
    ],
)
def test_an_unknown_flag_is_refused_by_name_and_no_value_is_repeated(words: list[str], message: str) -> None:
    assert error(SEND_SMS, *words) == message


def test_a_yes_or_no_is_true_or_false_and_its_flag_alone_is_true() -> None:
    for words in (["--skip-recent", "--text", "a"], ["--text", "a", "--skip-recent"]):
        assert arguments(SEND_SMS, words) == {"skip_recent": True, "text": "a"}
    assert arguments(SEND_SMS, ["--skip-recent", "-h"]) is None
    assert arguments(SEND_SMS, ["--skip-recent", "true"]) == {"skip_recent": True}
    assert arguments(SEND_SMS, ["--skip-recent=false"]) == {"skip_recent": False}
    assert error(SEND_SMS, "--skip-recent", "CANARY") == "--skip-recent must be true or false."


def test_help_is_asked_for_in_the_place_of_a_flag_and_is_a_value_elsewhere() -> None:
    for word in ("-h", "--help"):
        assert arguments(SEND_SMS, ["--text", "a", word]) is None
    assert arguments(SEND_SMS, ["--text", "-h"]) == {"text": "-h"}


def test_no_argument_of_any_tool_is_mistaken_for_a_secret_or_a_setting() -> None:
    for spec in SPECS.values():
        words = [f"{argument.flag}=1" for argument in arguments_of(spec.input_schema)]
        options, flags = parse(["call", spec.name, *words], "en")
        assert options.words == [spec.name, *words]
        assert set(flags.values()) == {None}


def test_every_argument_of_every_tool_has_a_kind_that_can_be_read() -> None:
    kinds = {"string": "7", "integer": "7", "array": "[7]", "boolean": "true"}
    for spec in SPECS.values():
        for argument in arguments_of(spec.input_schema):
            text = argument.schema.get("enum", [kinds[argument.schema["type"]]])[0]
            assert read_value(argument, text) in (text, 7, [7], True)


@pytest.mark.parametrize(
    ("schema", "text", "value"),
    [
        (TEXT, "Merhaba", "Merhaba"),
        (TEXT, "", ""),
        (TEXT, "@@firma", "@firma"),
        (TEXT, "[1]", "[1]"),
        (WHOLE, "12", 12),
        (WHOLE, "-1", -1),
        (TEXTS, "+905321234567", ["+905321234567"]),
        (TEXTS, "0532 123 45 67, 05331112233;05340000000,", ["0532 123 45 67", "05331112233", "05340000000"]),
        (TEXTS, " ", [" "]),
        (CHOICE, "commercial", "commercial"),
        (CHOICE, " ", " "),
        (TEXTS, ' ["a", 5]', ["a", 5]),
        (RECORDS, '{"a": 1}', [{"a": 1}]),
        (RECORDS, '[{"a": 1}, {"a": 2}]', [{"a": 1}, {"a": 2}]),
    ],
)
def test_a_value_is_read_as_the_kind_of_its_argument(schema: dict[str, Any], text: str, value: object) -> None:
    assert read_value(ToolArgument("x", schema, required=False), text) == value


@pytest.mark.parametrize(
    ("schema", "content", "value"),
    [
        (TEXT, "Sayın müşterimiz,\nmerhaba\n", "Sayın müşterimiz,\nmerhaba"),
        (TEXT, "\ufeffbir\r\niki\r\n", "bir\niki"),
        (TEXT, "@firma", "@firma"),
        (TEXTS, "0532 123 45 67\n\n  0533 111 22 33\n", ["0532 123 45 67", "0533 111 22 33"]),
        (TEXTS, '["a",\n"b"]', ["a", "b"]),
        (RECORDS, '{"a": 1}\n', [{"a": 1}]),
    ],
)
def test_a_file_is_read_as_its_content(schema: dict[str, Any], content: str, value: object, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(content.encode())
    assert read_value(ToolArgument("x", schema, required=False), f"@{file}") == value


@pytest.mark.parametrize("text", ["", "x", "1.5", "1e3", "9" * 19, "@1", "٣"])
def test_a_value_that_is_no_whole_number_is_refused_by_the_flags_name(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_value(ToolArgument("page", WHOLE, required=False), text)
    assert caught.value.reason.en == "--page must be a whole number."


@pytest.mark.parametrize(
    ("text", "where"),
    [("[1", " (line 1, column 3)"), ("CANARY", " (line 1, column 1)"), ("[" * 100_000, "")],
)
def test_a_value_that_is_no_json_is_refused_with_its_place_and_not_repeated(text: str, where: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_value(ToolArgument("consents", RECORDS, required=False), text)
    assert caught.value.reason.en == f"--consents must be JSON, or @ and the name of a file that holds it{where}."


def test_a_file_that_cannot_be_read_is_named_with_the_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LARGEST_FILE", 10)
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    (tmp_path / "large").write_text("x" * 11, encoding="utf-8")
    (tmp_path / "fits").write_text("x" * 10, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    argument = ToolArgument("text", TEXT, required=False)
    assert read_value(argument, "@fits") == "x" * 10
    for name, why in (
        ("missing", "No such file or directory"),
        ("binary", "it is not UTF-8"),
        ("large", "it is too large"),
        ("nul\0", "ValueError"),
    ):
        with pytest.raises(UsageError) as caught:
            read_value(argument, f"@{name}")
        message = caught.value.reason.en
        assert message.startswith(f"--text: the file {name[:3]}")
        assert message.endswith(f"cannot be read ({why}); a text that begins with @ is written @@.")
        assert "\0" not in message
