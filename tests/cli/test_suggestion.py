"""The names that people meant who typed others."""

from __future__ import annotations

import pytest

from iletimerkezi_mcp.cli.call.arguments import arguments_of
from iletimerkezi_mcp.cli.commands import COMMANDS
from iletimerkezi_mcp.cli.suggestion import closest
from iletimerkezi_mcp.settings import SETTINGS
from iletimerkezi_mcp.tools.catalogue import TOOLS
from tests.calls import SEND_SMS

COMMAND_NAMES = [command.name for command in COMMANDS]
TOOL_NAMES = [tool.name for tool in TOOLS]
SETTING_FLAGS = [setting.flag for setting in SETTINGS if setting.flag]
SEND_FLAGS = [
    argument.flag for tool in TOOLS if tool.name == SEND_SMS for argument in arguments_of(tool.spec().input_schema)
]
TYPES = ["transactional", "commercial"]


@pytest.mark.parametrize(
    ("word", "names", "meant"),
    [
        ("docter", COMMAND_NAMES, "doctor"),
        ("kur", COMMAND_NAMES, "config"),
        ("kontrol", COMMAND_NAMES, "doctor"),
        ("sendsms", TOOL_NAMES, SEND_SMS),
        ("gönder", TOOL_NAMES, SEND_SMS),
        ("Guthaben", TOOL_NAMES, "get_balance"),
        ("BAKİYE", TOOL_NAMES, "get_balance"),
        ("--languag", SETTING_FLAGS, "--lang"),
        ("--dil", SETTING_FLAGS, "--lang"),
        ("--alıcılar", SEND_FLAGS, "--recipients"),
        ("--başlık", SEND_FLAGS, "--sender"),
        ("--from", SEND_FLAGS, "--sender"),
        ("ticari", TYPES, "commercial"),
        ("Comercial", TYPES, "commercial"),
        ("bilgilendirme", TYPES, "transactional"),
        ("bilgilendrme", TYPES, "transactional"),
        ("kommerziell", TYPES, "commercial"),
        ("tüketici", ["BIREYSEL", "TACIR"], "BIREYSEL"),
        ("türkçe", ["english", "turkish", "unicode"], "turkish"),
        ("CANARY", TYPES, None),
        ("", TYPES, None),
    ],
)
def test_a_slip_and_a_word_of_another_language_are_understood(word: str, names: list[str], meant: str | None) -> None:
    assert closest(word, names) == meant


def test_a_name_is_never_taken_for_another() -> None:
    for names in (COMMAND_NAMES, TOOL_NAMES, SETTING_FLAGS, SEND_FLAGS):
        assert [closest(name, names) for name in names] == names
