"""The declaration of a setting, and all that follows from it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.settings import SETTINGS
from iletimerkezi_mcp.settings.declaration import declarations, declare


@dataclass(frozen=True, slots=True)
class _Settings:
    most_people: int = declare(5, "people", "kişi")
    cache: Path | None = declare(None, "cache", "önbellek", name="folder", flag="in")


def test_variable_flag_and_parser_follow_from_name_and_type_unless_they_are_given(tmp_path: Path) -> None:
    number, folder = declarations(_Settings)
    assert (number.variable, number.flag, number.metavar) == ("ILETIMERKEZI_MOST_PEOPLE", "--most-people", "NUMBER")
    assert number.parse("1_000") == 1_000
    assert (folder.field, folder.variable, folder.flag) == ("cache", "ILETIMERKEZI_FOLDER", "--in")
    assert folder.parse(str(tmp_path)) == tmp_path


def test_the_default_is_told_from_the_declaration_and_repeated_in_no_help() -> None:
    assert declarations(_Settings)[0].description == Text("people (default: 5)", "kişi (varsayılan: 5)")
    assert declarations(_Settings)[1].description == Text("cache", "önbellek")
    assert [
        setting.field for setting in SETTINGS if "default" in setting.help.en or "varsayılan" in setting.help.tr
    ] == []


def test_variables_and_flags_are_those_that_operators_have_set() -> None:
    named_otherwise = {
        setting.field: (setting.variable.removeprefix("ILETIMERKEZI_"), setting.flag)
        for setting in SETTINGS
        if not setting.secret and setting.flag != f"--{setting.field.replace('_', '-')}"
    }
    assert named_otherwise == {
        "character_mode": ("CHARSET", "--charset"),
        "language": ("LANG", "--lang"),
        "confirm": ("CONFIRM", "--confirm-mode"),
        "http_host": ("HTTP_HOST", "--host"),
        "http_port": ("HTTP_PORT", "--port"),
        "http_path": ("HTTP_PATH", "--path"),
        "allow_hosts": ("ALLOW_HOST", "--allow-host"),
        "allow_origins": ("ALLOW_ORIGIN", "--allow-origin"),
    }
