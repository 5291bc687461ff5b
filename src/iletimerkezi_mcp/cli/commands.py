"""The table of commands, and the parser of the command line, whose errors repeat no value."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from importlib import import_module

from iletimerkezi_mcp import __version__
from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.settings import NETWORK, SETTINGS

from .streams import PROGRAM
from .usage import Flags, UsageError, flag_name

_SECRET_WORDS = ("key", "hash", "secret", "token", "password")
_NOT_SECRET = ("--with-secrets",)
"""The flags that contain such a word and take no secret."""

_NEEDS_A_VALUE = Text("{flag} needs a value.", "{flag} bir değer ister.")
_TAKES_NO_VALUE = Text("{flag} takes no value.", "{flag} değer almaz.")

_FLAG = re.compile(r"--?[a-z]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A sub-command.

    `settings` are the fields of the settings that it uses; the others are neither taken as flags nor looked at.
    `arguments` adds its own arguments to its parser. `module` is the module of this package that does its work: its
    ``run(options, flags)`` gets all values and returns the exit code; it may raise :class:`.UsageError` and
    :class:`.SettingsError`.
    """

    name: str
    help: str
    module: str
    settings: tuple[str, ...] = ()
    arguments: Callable[[argparse.ArgumentParser], None] | None = None

    def run(self, options: argparse.Namespace, flags: Flags) -> int:
        code: int = import_module(f".{self.module}", __package__).run(options, flags)
        return code


def _call(parser: argparse.ArgumentParser) -> None:
    parser.usage = "%(prog)s [--list] [SETTINGS] TOOL [--ARGUMENT VALUE ...]"
    parser.description = (
        "Call one tool with the rules, limits, ledger and audit log of the server, and print its answer as JSON. "
        "Everything after TOOL belongs to the tool: TOOL --help lists its arguments and the exit codes. On a terminal "
        "(stdin, stdout and stderr) you are asked before a change. Elsewhere the preview comes with a code (exit code "
        "3), and the same call with --confirm CODE makes the change. With --sandbox, messages and changes last from "
        "call to call in the state folder."
    )
    parser.add_argument("--list", action="store_true", help="List the tools that are offered, as without TOOL.")
    # Everything from the first word on that is no flag of this command.
    parser.add_argument("words", nargs=argparse.REMAINDER, metavar="TOOL", help="The tool and its arguments.")


def _config(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("host", metavar="HOST", nargs="?", help="The MCP application; --list lists them.")
    parser.add_argument("--list", action="store_true", help="List the hosts and their files.")
    parser.add_argument(
        "--write", action="store_true", help="Add the block to the host's file, and keep a backup beside it."
    )
    parser.add_argument(
        "--project", action="store_true", help="Use the file of the project in this folder, not the user's."
    )
    parser.add_argument(
        "--with-secrets",
        action="store_true",
        help="Write the key and the hash from the environment too. Afterwards only the owner can read the file.",
    )


def _json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="Write one JSON object instead of lines.")


def _port(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", default="8186", help="The port to listen at (default 8186; 0 takes a free one).")


def _state(parser: argparse.ArgumentParser) -> None:
    parser.usage = "%(prog)s [--json] [SETTINGS] about NUMBER | forget NUMBER --yes"
    parser.description = (
        "Answer a person's request under KVKK (Law 6698): about lists the messages that the ledger still links to their "
        "number, with time, outcome, order and label, and says what it cannot know; it changes nothing. forget deletes "
        "the links. With them goes what holds a repeated message to that person back, and a send of unknown outcome "
        "may no longer be recognised. Exit codes: 0 done, also if nothing was found; 1 the ledger cannot be used; 2 "
        "wrong usage, or forget without --yes."
    )
    parser.add_argument("action", nargs="?", metavar="about|forget", help="What to do.")
    parser.add_argument("number", nargs="?", metavar="NUMBER", help="The person's number, in any spelling.")
    parser.add_argument("--yes", action="store_true", help="Delete: forget needs it, and cannot be undone.")
    _json(parser)


COMMANDS = (
    Command(
        name="call",
        help="Call one tool and print its answer as JSON, for scripts and for trying things.",
        module="call.command",
        settings=tuple(setting.field for setting in SETTINGS if setting.field not in {"transport", *NETWORK}),
        arguments=_call,
    ),
    Command(
        name="config",
        help="Print the block that adds this server to a host, and say which file it belongs in. --write adds it.",
        module="config.command",
        settings=("language", "sandbox", "read_only"),
        arguments=_config,
    ),
    Command(
        name="demo",
        help="Run the main scenario in the sandbox, as a host would.",
        module="demo",
        settings=("language",),
        arguments=_json,
    ),
    Command(
        name="doctor",
        help="Look at this set-up and say what is wrong and what to do. It changes nothing and sends nothing.",
        module="doctor.examination",
        settings=tuple(setting.field for setting in SETTINGS),
        arguments=_json,
    ),
    Command(
        name="sandbox",
        help="Serve the simulated provider over HTTP on loopback, for other clients.",
        module="sandbox",
        settings=("sender", "brand_code", "character_mode", "abroad", "language", "state_dir"),
        arguments=_port,
    ),
    Command(
        name="state",
        help="Say what the ledger still knows of a person's number, or delete it.",
        module="state",
        settings=("api_url", "language", "state_dir", "state_key_file", "sandbox"),
        arguments=_state,
    ),
    Command(name="token", help="Make a token for ILETIMERKEZI_HTTP_TOKEN and print it.", module="token"),
)
"""All sub-commands, in the order in which the help names them."""


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
