"""The command line read: the command and its values, or one sentence, which repeats no value, on what is wrong."""

from __future__ import annotations

import argparse
import re
from collections.abc import Collection, Sequence

from iletimerkezi_mcp import __version__
from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.settings import SETTINGS

from .commands import COMMANDS, Command
from .streams import PROGRAM
from .usage import Flags, UsageError, flag_name

_SECRET_WORDS = ("key", "hash", "secret", "token", "password")
_NOT_SECRET = ("--with-secrets",)
"""The flags that contain such a word and take no secret."""

_NEEDS_A_VALUE = Text("{flag} needs a value.", "{flag} bir değer ister.")
_TAKES_NO_VALUE = Text("{flag} takes no value.", "{flag} değer almaz.")

_FLAG = re.compile(r"--?[a-z]")


def parse(words: Sequence[str]) -> tuple[argparse.Namespace, Flags]:
    """Return the options in `words`, with their :class:`.Command` (None: serve) as `command`, and the settings' flags.

    Raises :class:`.UsageError`, which repeats no value.
    """
    if (variables := _secrets_on(words)) is not None:
        raise UsageError(
            Text(
                "set {variables} in the environment: everyone can read a command line in the process list.",
                "{variables} ortam değişkeni olarak verilmeli; komut satırı süreç listesinde görünür.",
            ).format(variables=variables)
        )
    try:
        options, unknown = _parser().parse_known_args(words)
    except argparse.ArgumentError as error:
        if error.argument_name != "COMMAND":
            misuse = _NEEDS_A_VALUE if error.message.startswith("expected") else _TAKES_NO_VALUE
            raise UsageError(misuse.format(flag=str(error.argument_name))) from None
        flags = {setting.flag for setting in SETTINGS}
        raise UsageError(_not_taken([word for word in words if flag_name(word) not in flags], None)) from None
    command: Command | None = options.command
    if command is not None:
        # Flags before the command are read by the main parser, which takes all of them.
        unknown += [
            str(setting.flag)
            for setting in SETTINGS
            if setting.field not in command.settings and hasattr(options, setting.field)
        ]
    if unknown:
        raise UsageError(_not_taken(unknown, command))
    values = {setting.field: getattr(options, setting.field, None) for setting in SETTINGS}
    return options, {field: "1" if value is True else value for field, value in values.items()}


def _not_taken(words: Sequence[str], command: Command | None) -> Text:
    flags = ", ".join(dict.fromkeys(flag_name(word) for word in words if word.startswith("-")))
    if flags and command is not None:
        return Text(
            "{command} does not take {flags}; see {command} --help.",
            "{command} komutunda {flags} kullanılamaz; {command} --help çıktısına bakın.",
        ).format(command=command.name, flags=flags)
    if flags:
        return Text("there is no {flags}; see --help.", "{flags} diye bir seçenek yok; --help çıktısına bakın.").format(
            flags=flags
        )
    *first, last = (command.name for command in COMMANDS)
    return Text(
        "the only commands are {first} and {last}; without a command it serves MCP.",
        "komutlar yalnızca {first} ve {last}; komut verilmezse MCP sunucusu başlar.",
    ).format(first=", ".join(first), last=last)


def _parser() -> argparse.ArgumentParser:
    secrets = ", ".join(setting.variable for setting in SETTINGS if setting.secret)
    parser = argparse.ArgumentParser(
        prog=PROGRAM,
        allow_abbrev=False,
        exit_on_error=False,
        parents=[_settings_flags([setting.field for setting in SETTINGS])],
        description="The MCP server for the iletiMerkezi SMS API. Without a command it serves MCP, on stdio unless "
        "--transport says otherwise.",
        epilog=f"{secrets} are read from the environment only: everyone can read a command line in the process list.",
    )
    parser.add_argument("--version", action="version", version=f"{PROGRAM} {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for command in COMMANDS:
        subparser = commands.add_parser(
            command.name,
            parents=[_settings_flags(command.settings)] if command.settings else [],
            allow_abbrev=False,
            exit_on_error=False,
            help=command.help,
            description=command.help,
        )
        subparser.set_defaults(command=command)
        if command.arguments is not None:
            command.arguments(subparser)
    return parser


def _settings_flags(fields: Collection[str]) -> argparse.ArgumentParser:
    parent = argparse.ArgumentParser(add_help=False)
    group = parent.add_argument_group("settings", "Each can also be set as an environment variable; a flag wins.")
    for setting in SETTINGS:
        if setting.flag is None or setting.field not in fields:
            continue
        # Sub-commands take the same flags; suppressed defaults keep them from resetting what precedes the command.
        argument = group.add_argument(
            setting.flag,
            dest=setting.field,
            action="store" if setting.metavar else "store_true",
            default=argparse.SUPPRESS,
            help=f"{setting.description.en} [{setting.variable}]".replace("%", "%%"),
        )
        argument.metavar = setting.metavar
    return parent


def _secrets_on(words: Sequence[str]) -> str | None:
    """Return the variables whose values `words` give as flags, however the flag is spelled; None if there are none."""
    for word in words:
        name = word.partition("=")[0].lower()
        if word in _NOT_SECRET or not _FLAG.match(name) or not any(part in name for part in _SECRET_WORDS):
            continue
        secrets = [setting for setting in SETTINGS if setting.secret]
        matches = [setting for setting in secrets if setting.field.rpartition("_")[2] in name] or secrets
        return ", ".join(setting.variable for setting in matches)
    return None
