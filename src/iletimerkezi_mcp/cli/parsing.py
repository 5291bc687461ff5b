"""The command line as words: what they mean, and one sentence, which repeats no value, for what they cannot mean."""

from __future__ import annotations

import argparse
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from iletimerkezi_mcp import __version__
from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.settings import SETTINGS

from .command import Command, Flags
from .commands import COMMANDS
from .errors import UsageError
from .stderr import PROGRAM

_SECRET_WORDS = ("key", "hash", "secret", "token", "password")
_FLAG = re.compile(r"--?[a-z]")


@dataclass(frozen=True, slots=True)
class Parsed:
    """What stands on a command line: the command (None: serve), its own arguments, the settings' flags."""

    command: Command | None
    options: argparse.Namespace
    flags: Flags


def parse(given: Sequence[str]) -> Parsed:
    """What `given` asks for. Raises :class:`.UsageError`, in whose words no value is repeated."""
    if (variables := _secrets_on(given)) is not None:
        raise UsageError(
            Text(
                f"set {variables} in the environment; a command line stands in the process list.",
                f"{variables} ortam değişkeni olarak verilmeli; komut satırı süreç listesinde görünür.",
            )
        )
    options = _options(given)
    flags = {setting.field: _flag_text(getattr(options, setting.field, None)) for setting in SETTINGS}
    return Parsed(_named(options.command), options, flags)


def _named(name: str | None) -> Command | None:
    return next((command for command in COMMANDS if command.name == name), None)


def _options(given: Sequence[str]) -> argparse.Namespace:
    try:
        options, unknown = _parser().parse_known_args(given)
    except argparse.ArgumentError as error:
        if error.argument_name != "COMMAND":
            raise UsageError(_misused(str(error.argument_name))) from None
        options, unknown = None, [word for word in given if _name(word) not in _known_flags()]
    command = None if options is None else _named(options.command)
    flags = [_name(word) for word in unknown if word.startswith("-")]
    if command is not None:
        # Those that stand before the command.
        flags += [str(one.flag) for one in SETTINGS if one.field not in command.takes and hasattr(options, one.field)]
    if unknown or flags or options is None:
        raise UsageError(_not_taken(flags, command))
    return options


def _not_taken(flags: Sequence[str], command: Command | None) -> Text:
    names = ", ".join(dict.fromkeys(flags))
    if names and command is not None:
        return Text(
            f"{command.name} does not take {names}; see {command.name} --help.",
            f"{command.name} komutunda {names} kullanılamaz; {command.name} --help çıktısını kontrol edin.",
        )
    if names:
        return Text(
            f"there is no {names}; see --help.", f"{names} diye bir seçenek yok; --help çıktısını kontrol edin."
        )
    *most, last = (command.name for command in COMMANDS)
    first = ", ".join(most)
    return Text(
        f"the only commands are {first} and {last}; without one it serves MCP.",
        f"komutlar yalnızca {first} ve {last}; komut verilmezse MCP sunulur.",
    )


def _misused(name: str) -> Text:
    for command in COMMANDS:
        if name in command.misuse:
            return command.misuse[name]
    if any(setting.flag == name and setting.metavar is not None for setting in SETTINGS):
        return Text(f"{name} needs a value.", f"{name} bir değer ister.")
    return Text(f"{name} takes no value.", f"{name} değer almaz.")


def _name(word: str) -> str:
    """The name of the flag that `word` is: what may be a value, stuck to it, is left away."""
    return word.partition("=")[0] if word.startswith("--") else word[:2]


def _known_flags() -> set[str]:
    return {setting.flag for setting in SETTINGS if setting.flag is not None}


def _parser() -> argparse.ArgumentParser:
    secrets = ", ".join(setting.variable for setting in SETTINGS if setting.secret)
    parser = argparse.ArgumentParser(
        prog=PROGRAM,
        allow_abbrev=False,
        exit_on_error=False,
        parents=[_settings_flags([setting.field for setting in SETTINGS])],
        description="MCP server for the iletiMerkezi SMS API. Without a command it serves MCP, on stdio unless --transport.",
        epilog=f"{secrets} are read from the environment only: a command line stands in the process list.",
    )
    parser.add_argument("--version", action="version", version=f"{PROGRAM} {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for command in COMMANDS:
        parents = [_settings_flags(command.takes)] if command.takes else []
        added = commands.add_parser(
            command.name, parents=parents, allow_abbrev=False, exit_on_error=False, help=command.help
        )
        command.arguments(added)
    return parser


def _settings_flags(fields: Collection[str]) -> argparse.ArgumentParser:
    parent = argparse.ArgumentParser(add_help=False)
    group = parent.add_argument_group("settings", "each also as an environment variable; flags win")
    for setting in SETTINGS:
        if setting.flag is None or setting.field not in fields:
            continue
        described = f"{setting.description.en} [{setting.variable}]".replace("%", "%%")
        # Sub-commands take the same flags; suppressed defaults keep them from resetting what stood before them.
        if setting.metavar is None:
            group.add_argument(
                setting.flag, dest=setting.field, action="store_true", default=argparse.SUPPRESS, help=described
            )
        else:
            group.add_argument(
                setting.flag, dest=setting.field, metavar=setting.metavar, default=argparse.SUPPRESS, help=described
            )
    return parent


def _secrets_on(arguments: Sequence[str]) -> str | None:
    """The variables whose values somebody tries to give as flags, if any, however the flag is spelled."""
    harmless = {flag for command in COMMANDS for flag in command.naming_secrets}
    for argument in arguments:
        if argument in harmless:
            continue
        name = argument.partition("=")[0].lower()
        if _FLAG.match(name) and any(word in name for word in _SECRET_WORDS):
            secrets = [setting for setting in SETTINGS if setting.secret]
            named = [setting for setting in secrets if setting.field.rpartition("_")[2] in name] or secrets
            return ", ".join(setting.variable for setting in named)
    return None


def _flag_text(value: str | bool | None) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return "1"
