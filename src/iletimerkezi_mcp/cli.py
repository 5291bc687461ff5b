"""The command line. Imports nothing heavy before it knows what to do."""

from __future__ import annotations

import argparse
import gc
import logging
import os
import sys
import traceback
from collections.abc import Collection, Iterator, Sequence
from types import TracebackType

from . import __version__
from .language import Language, Text
from .outgoing import Outgoing, ScrubbedFormatter
from .settings import SETTINGS, Settings, SettingsError, language_for, load_settings, secrets_in

PROGRAM = "iletimerkezi-mcp"
FAILED = 1
USAGE_ERROR = 2
INTERRUPTED = 130

DEMO_TAKES = ("language",)
SANDBOX_TAKES = ("sender", "brand_code", "character_mode", "abroad", "language", "state_dir")
"""The settings that matter to a command; the others are neither taken as flags nor looked at."""

_SECRET_WORDS = ("key", "hash", "secret", "token", "password")
_LARGEST_PORT = 65_535


class UsageError(Exception):
    """The command line cannot be understood. `reason` is one sentence, and holds nothing that may be a secret."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code.

    0 fine; 1 failed, or whoever read the output has gone; 2 wrong usage or settings; 130 stopped by Ctrl-C.
    """
    given = sys.argv[1:] if arguments is None else list(arguments)
    _log_to_stderr()
    try:
        try:
            return _run(given)
        finally:
            # What cannot be written any more is noticed here, and not by the interpreter at its very end.
            if sys.stdout is not None:
                sys.stdout.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except (UsageError, SettingsError, BrokenPipeError, BaseExceptionGroup) as error:
        causes = list(_causes(error))
        for cause in causes:
            if isinstance(cause, UsageError | SettingsError):
                _say(cause.reason, language_for(os.environ, {"language": _language_on(given)}))
                return USAGE_ERROR
        if not all(isinstance(cause, BrokenPipeError) for cause in causes):
            raise
        _let_go_of_stdout()
        return FAILED


def _run(given: Sequence[str]) -> int:
    if (variables := _secrets_on(given)) is not None:
        raise UsageError(
            Text(
                f"set {variables} in the environment; a command line stands in the process list.",
                f"{variables} ortam değişkeni olarak verilmeli; komut satırı süreç listesinde görünür.",
            )
        )
    options = _options(given)
    flags = {setting.field: _flag_text(getattr(options, setting.field, None)) for setting in SETTINGS}
    match options.command:
        case "demo":
            return _demo(load_settings(os.environ, flags, only=DEMO_TAKES), as_json=options.json)
        case "sandbox":
            simulated = {**flags, "sandbox": "1"}
            return _sandbox(load_settings(os.environ, simulated, only=(*SANDBOX_TAKES, "sandbox")), options.port)
        case "token":
            return _token()
    settings = load_settings(os.environ, flags)
    return _serve(settings) if settings.transport == "stdio" else _serve_network(settings)


def _options(given: Sequence[str]) -> argparse.Namespace:
    """What stands on the command line. Raises :class:`UsageError`, in whose words no value is repeated."""
    try:
        options, unknown = _parser().parse_known_args(given)
    except argparse.ArgumentError as error:
        if error.argument_name != "COMMAND":
            raise UsageError(_misused(str(error.argument_name))) from None
        options, unknown = None, [word for word in given if _name(word) not in _known_flags()]
    command = None if options is None else options.command
    flags = [_name(word) for word in unknown if word.startswith("-")]
    takes = {"demo": DEMO_TAKES, "sandbox": SANDBOX_TAKES, "token": ()}.get(command or "")
    if takes is not None:
        # Those that stand before the command.
        flags += [str(one.flag) for one in SETTINGS if one.field not in takes and hasattr(options, one.field)]
    if unknown or flags or options is None:
        raise UsageError(_not_taken(flags, command))
    return options


def _not_taken(flags: Sequence[str], command: str | None) -> Text:
    names = ", ".join(dict.fromkeys(flags))
    if names and command is not None:
        return Text(
            f"{command} does not take {names}; see {command} --help.",
            f"{command} komutunda {names} kullanılamaz; {command} --help çıktısını kontrol edin.",
        )
    if names:
        return Text(
            f"there is no {names}; see --help.", f"{names} diye bir seçenek yok; --help çıktısını kontrol edin."
        )
    return Text(
        "the only commands are demo, sandbox and token; without one it serves MCP.",
        "komutlar yalnızca demo, sandbox ve token; komut verilmezse MCP sunulur.",
    )


def _misused(name: str) -> Text:
    if name == "--port":
        return Text(
            f"--port must be a whole number from 0 to {_LARGEST_PORT}.",
            f"--port 0 ile {_LARGEST_PORT} arasında bir tam sayı olmalı.",
        )
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
    demo = commands.add_parser(
        "demo",
        parents=[_settings_flags(DEMO_TAKES)],
        allow_abbrev=False,
        exit_on_error=False,
        help="play the main job in the sandbox, as a host would",
    )
    demo.add_argument("--json", action="store_true", help="one JSON object instead of the story")
    sandbox = commands.add_parser(
        "sandbox",
        parents=[_settings_flags(SANDBOX_TAKES)],
        allow_abbrev=False,
        exit_on_error=False,
        help="serve the simulated provider over HTTP on loopback, for other clients",
    )
    commands.add_parser(
        "token", allow_abbrev=False, exit_on_error=False, help="make a token for ILETIMERKEZI_HTTP_TOKEN and print it"
    )
    sandbox.add_argument("--port", type=_port, default=8186, help="port (default 8186; 0 takes a free one)")
    return parser


def _settings_flags(fields: Collection[str]) -> argparse.ArgumentParser:
    parent = argparse.ArgumentParser(add_help=False)
    group = parent.add_argument_group("settings", "each also as an environment variable; flags win")
    for setting in SETTINGS:
        if setting.flag is None or setting.field not in fields:
            continue
        described = f"{setting.help} [{setting.variable}]".replace("%", "%%")
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


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > _LARGEST_PORT:
        raise ValueError
    return int(text)


def _secrets_on(arguments: Sequence[str]) -> str | None:
    """The variables whose values somebody tries to give as flags, if any, however the flag is spelled."""
    for argument in arguments:
        name = argument.partition("=")[0].lower()
        if argument.startswith("-") and any(word in name for word in _SECRET_WORDS):
            secrets = [setting for setting in SETTINGS if setting.secret]
            named = [setting for setting in secrets if setting.field.rpartition("_")[2] in name] or secrets
            return ", ".join(setting.variable for setting in named)
    return None


def _language_on(arguments: Sequence[str]) -> str | None:
    """The value of ``--lang``, looked for where the command line cannot be understood as a whole."""
    for place, word in enumerate(arguments, 1):
        name, joined, value = word.partition("=")
        if name == "--lang":
            return value if joined else next(iter(arguments[place:]), None)
    return None


def _flag_text(value: str | bool | None) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return "1"


def _causes(error: BaseException) -> Iterator[BaseException]:
    """What was raised, without the groups that task groups put around it."""
    if isinstance(error, BaseExceptionGroup):
        for one in error.exceptions:
            yield from _causes(one)
    else:
        yield error


def _say(reason: Text, language: Language) -> None:
    if sys.stderr is not None:
        # A setting says its value back, and somebody may have put the key into the wrong one.
        said = Outgoing(secrets_in(os.environ)).text(reason.to(language))
        sys.stderr.write(f"{PROGRAM}: {said}\n")


def _let_go_of_stdout() -> None:
    """Nobody reads stdout any more: what is left to be written there goes nowhere, instead of failing at the end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def _need(*streams: str) -> None:
    """Raise :class:`UsageError` where one of the process's standard `streams` was closed before it began."""
    for stream in streams:
        if getattr(sys, stream) is None:
            raise UsageError(Text(f"{stream} is closed and must be open.", f"{stream} kapalı; açık olmalı."))


def _log_to_stderr() -> None:
    """Warnings and tracebacks, of libraries too, go to stderr without secrets."""
    outgoing = Outgoing(secrets_in(os.environ))
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(ScrubbedFormatter(outgoing))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)

    def last_words(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if sys.stderr is not None:
            sys.stderr.write(outgoing.text("".join(traceback.format_exception(kind, error, trace))))

    sys.excepthook = last_words


def _serve(settings: Settings) -> int:
    _need("stdin", "stdout")
    # Start-up makes hundreds of thousands of objects that live as long as the process; collecting
    # them again and again costs a tenth of the start and stalls large calls later.
    gc.disable()
    import anyio

    from .server import build_server
    from .transports.stdio import serve_stdio

    server = build_server(settings)
    gc.freeze()
    gc.enable()
    anyio.run(serve_stdio, server)
    return 0


def _serve_network(settings: Settings) -> int:
    gc.disable()
    import anyio

    from .server import build_server
    from .transports.service import Service
    from .transports.serving import serve
    from .transports.stop import Stop

    service = Service.of(settings)
    stop = Stop(settings.grace)
    server = build_server(settings, serving=service.serving, grace=stop.left)
    gc.freeze()
    gc.enable()

    def ready(address: str) -> None:
        for text in (service.listening(address), *service.notices()):
            _say(text, settings.language)

    async def run() -> int:
        with anyio.CancelScope() as scope:
            async with anyio.create_task_group() as tasks:
                await tasks.start(stop.on_signals)
                await serve(server, service, stop, ready)
                scope.cancel()
        # Everything is settled; a thread that still looks a name up would hold the process for seconds.
        os._exit(0)

    return anyio.run(run)


def _token() -> int:
    _need("stdout")
    from .transports.tokens import fresh_token

    print(fresh_token())
    return 0


def _demo(settings: Settings, *, as_json: bool) -> int:
    _need("stdout")
    import anyio

    from .demo import play

    return anyio.run(play, settings, as_json)


def _sandbox(settings: Settings, port: int) -> int:
    from .sandbox.http import PortError, run
    from .sandbox.opening import open_provider
    from .sms.times import system_clock

    def ready(address: str) -> None:
        _say(
            Text(
                f"The sandbox answers at {address}; stop it with Ctrl-C.",
                f"Deneme ortamı {address} adresinde; durdurmak için Ctrl-C.",
            ),
            settings.language,
        )

    with open_provider(settings, system_clock) as provider:
        try:
            run(provider, "127.0.0.1", port, ready)
        except PortError as error:
            raise UsageError(error.reason) from error
    return 0
