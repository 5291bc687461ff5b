"""The table of commands, and the parser of the command line, whose errors repeat no value."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from iletimerkezi_mcp import __version__
from iletimerkezi_mcp.language import Language, Text
from iletimerkezi_mcp.settings import NETWORK, SETTINGS

from .help_page import HelpParser, add_json, exit_codes, filled
from .rule_arguments import rule_arguments
from .state_arguments import state_arguments
from .streams import PROGRAM
from .suggestion import DID_YOU_MEAN, closest, with_suggestion
from .usage import Flags, UsageError, flag_name

_SECRET_WORDS = ("key", "hash", "secret", "token", "password")
_NOT_SECRET = ("--with-secrets",)
"""The flags that contain such a word and take no secret."""

_NEEDS_A_VALUE = Text("{flag} needs a value.", "{flag} bir değer ister.")
_TAKES_NO_VALUE = Text("{flag} takes no value.", "{flag} değer almaz.")

_FLAG = re.compile(r"--?[a-z]")


_MANY_SETTINGS = 10
"""The number of settings from which a command's help does not repeat them."""

_SETTINGS = Text("settings", "ayarlar")
_EACH = Text(
    "Each can also be set as an environment variable; a flag wins.",
    "Her biri ortam değişkeniyle de verilebilir; seçenek önceliklidir.",
)
_METAVARS = {
    "NAME": "AD",
    "NAMES": "ADLAR",
    "NUMBER": "SAYI",
    "NUMBERS": "NUMARALAR",
    "DIGITS": "RAKAMLAR",
    "DIR": "KLASÖR",
    "FILE": "DOSYA",
    "ORIGIN": "ADRES",
    "ORIGINS": "ADRESLER",
    "ADDRESS": "ADRES",
    "PATH": "YOL",
    "SECONDS": "SANİYE",
}
"""The words for values in Turkish."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A sub-command.

    `settings` are the fields of the settings that it uses; the others are neither taken as flags nor looked at.
    `arguments` adds its own arguments to its parser, in a language. `module` is the module of this package that does its
    work: its ``run(options, flags)`` gets all values and returns the exit code; it may raise :class:`.UsageError` and
    :class:`.SettingsError`.
    """

    name: str
    help: Text
    module: str
    settings: tuple[str, ...] = ()
    arguments: Callable[[HelpParser, Language], None] | None = None

    def run(self, options: argparse.Namespace, flags: Flags) -> int:
        code: int = import_module(f".{self.module}", __package__).run(options, flags)
        return code


_EXAMPLES = Text(
    """examples:
  iletimerkezi-mcp call --list
  iletimerkezi-mcp call --sandbox get_balance
  iletimerkezi-mcp call --sandbox send_sms \\
    --recipients 05321234567,05331112233 \\
    --text 'Your order is on its way.' \\
    --message-type transactional""",
    """örnekler:
  iletimerkezi-mcp call --list
  iletimerkezi-mcp call --sandbox get_balance
  iletimerkezi-mcp call --sandbox send_sms \\
    --recipients 05321234567,05331112233 \\
    --text 'Siparişiniz yola çıktı.' \\
    --message-type transactional""",
)


def _call(parser: HelpParser, language: Language) -> None:
    parser.usage = Text(
        "%(prog)s [--list] [SETTINGS] TOOL [--ARGUMENT VALUE ...]",
        "%(prog)s [--list] [AYARLAR] ARAÇ [--PARAMETRE DEĞER ...]",
    ).to(language)
    parser.description = Text(
        "Call one tool with the rules, limits, ledger and audit log of the server, and print its answer as JSON. "
        "Everything after TOOL belongs to the tool: TOOL --help lists its arguments and the exit codes. On a terminal "
        "(stdin, stdout and stderr) you are asked before a change. Elsewhere the preview comes with a code (exit code "
        "3), and the same call with --confirm CODE makes the change. With --sandbox, messages and changes last from "
        "call to call in the state folder.",
        "Bir aracı sunucunun kuralları, sınırları, işlem defteri ve denetim kaydıyla çağırır, yanıtı JSON olarak yazar. "
        "ARAÇ adından sonraki her şey aracındır: ARAÇ --help parametreleri ve çıkış kodlarını gösterir. Terminalde "
        "(stdin, stdout ve stderr) değişiklikten önce size sorulur. Başka yerde önizleme bir kodla gelir (çıkış kodu 3); "
        "aynı çağrı --confirm KOD ile değişikliği yapar. --sandbox ile mesajlar ve değişiklikler çağrılar arasında durum "
        "klasöründe saklanır.",
    ).to(language)
    parser.tables = f"{_EXAMPLES.to(language)}\n\n{parser.tables}"
    listing = Text(
        "List the tools that are offered, as without TOOL.", "Sunulan araçları listeler; ARAÇ verilmezse de."
    )
    parser.add_argument("--list", action="store_true", help=listing.to(language))
    tool = Text("The tool and its arguments.", "Araç ve parametreleri.").to(language)
    # Everything from the first word on that is no flag of this command.
    parser.add_argument("words", nargs=argparse.REMAINDER, metavar=Text("TOOL", "ARAÇ").to(language), help=tool)


def _config(parser: HelpParser, language: Language) -> None:
    host = Text("The MCP application; --list lists them.", "MCP uygulaması; --list ile listelenir.")
    metavar = Text("HOST", "İSTEMCİ").to(language)
    parser.add_argument("host", metavar=metavar, nargs="?", help=host.to(language))
    for flag, words in {
        "--list": Text("List the hosts and their files.", "İstemcileri ve dosyalarını listeler."),
        "--write": Text(
            "Add the block to the host's file, and keep a backup beside it.",
            "Bloğu istemcinin dosyasına ekler, yanında bir yedek bırakır.",
        ),
        "--project": Text(
            "Use the file of the project in this folder, not the user's.",
            "Kullanıcınınki yerine bu klasördeki projenin dosyasını kullanır.",
        ),
        "--with-secrets": Text(
            "Write the key and the hash from the environment too. Afterwards only the owner can read the file.",
            "Ortamdaki anahtarı ve hash'i de yazar. Dosyayı sonra yalnızca sahibi okuyabilir.",
        ),
    }.items():
        parser.add_argument(flag, action="store_true", help=words.to(language))
    url = Text(
        "Add the server that is served at this URL, instead of one that the host starts on this machine.",
        "İstemcinin bu makinede başlattığı sunucu yerine bu URL'de sunulanı ekler.",
    )
    parser.add_argument("--url", metavar="URL", help=url.to(language))


def _demo(parser: HelpParser, language: Language) -> None:
    add_json(parser, language)
    words = Text(
        "Run a campaign from a list instead: customers in a file, one confirmation, a file of those not reached.",
        "Bunun yerine listeden kampanyayı çalıştırır: dosyadaki müşteriler, tek onay, ulaşılamayanların dosyası.",
    )
    parser.add_argument("--lists", action="store_true", help=words.to(language))


def _sandbox_arguments(parser: HelpParser, language: Language) -> None:
    words = Text(
        "The port to listen at (default 8186; 0 takes a free one).",
        "Dinlenecek port (varsayılan 8186; 0 boş bir port seçer).",
    )
    parser.add_argument("--port", default="8186", help=words.to(language))
    words = Text(
        "Post delivery reports to this URL, as the provider does.",
        "İletim bildirimlerini sağlayıcının yaptığı gibi bu URL'ye gönderir.",
    )
    parser.add_argument("--push", metavar="URL", help=words.to(language))


def _token(parser: HelpParser, language: Language) -> None:
    words = Text(
        "Make a secret for ILETIMERKEZI_DELIVERY_SECRET instead.",
        "Bunun yerine ILETIMERKEZI_DELIVERY_SECRET için bir gizli değer üretir.",
    )
    parser.add_argument("--delivery", action="store_true", help=words.to(language))


COMMANDS = (
    Command(
        name="call",
        help=Text(
            "Call one tool and print its answer as JSON, for scripts and for trying things.",
            "Betikler ve denemeler için bir aracı çağırır, yanıtını JSON olarak yazar.",
        ),
        module="call.command",
        settings=tuple(setting.field for setting in SETTINGS if setting.field not in {"transport", *NETWORK}),
        arguments=_call,
    ),
    Command(
        name="config",
        help=Text(
            "Print the block that adds this server to a host, and say which file it belongs in. --write adds it.",
            "Bu sunucuyu bir istemciye ekleyen bloğu ve hangi dosyaya gireceğini yazar. --write ekler.",
        ),
        module="config.command",
        settings=("language", "sandbox", "read_only", "files_dir"),
        arguments=_config,
    ),
    Command(
        name="delivery",
        help=Text(
            "Take the reports that the provider pushes, and keep them for the servers that share the state folder. It sends "
            "nothing and needs ILETIMERKEZI_DELIVERY_SECRET.",
            "Sağlayıcının ilettiği bildirimleri alır, durum klasörünü paylaşan sunucular için saklar. Hiçbir şey göndermez; "
            "ILETIMERKEZI_DELIVERY_SECRET ister.",
        ),
        module="delivery",
        settings=(
            "api_url",
            "language",
            "state_dir",
            "state_key_file",
            "sandbox",
            "http_host",
            "http_port",
        ),
    ),
    Command(
        name="demo",
        help=Text(
            "Run the main scenario in the sandbox from beginning to end.",
            "Temel senaryoyu deneme ortamında baştan sona çalıştırır.",
        ),
        module="demo.command",
        settings=("language",),
        arguments=_demo,
    ),
    Command(
        name="doctor",
        help=Text(
            "Check the set-up and say for each problem what to do. It changes nothing and sends nothing.",
            "Kurulumu denetler; her sorun için ne yapılacağını söyler. Hiçbir şeyi değiştirmez, göndermez.",
        ),
        module="doctor.examination",
        settings=tuple(setting.field for setting in SETTINGS),
        arguments=add_json,
    ),
    Command(
        name="rule",
        help=Text(
            "Approve a text once that is then sent without being asked about, list such rules, or revoke one.",
            "Sonra sorulmadan gönderilecek bir metni bir kez onaylar, bu kuralları listeler ya da birini kaldırır.",
        ),
        module="rule",
        settings=("api_url", "sender", "character_mode", "language", "state_dir", "state_key_file", "sandbox"),
        arguments=rule_arguments,
    ),
    Command(
        name="sandbox",
        help=Text(
            "Serve the simulated provider over HTTP on loopback, for other clients.",
            "Sağlayıcı simülasyonunu başka istemciler için loopback'te HTTP ile sunar.",
        ),
        module="sandbox",
        settings=("sender", "brand_code", "character_mode", "abroad", "language", "state_dir", "sandbox_credits"),
        arguments=_sandbox_arguments,
    ),
    Command(
        name="state",
        help=Text(
            "Say what the ledger still knows of a person's number, or delete it.",
            "Defterin bir kişinin numarası hakkında hâlâ neyi bildiğini söyler ya da siler.",
        ),
        module="state",
        settings=("api_url", "language", "state_dir", "state_key_file", "sandbox"),
        arguments=state_arguments,
    ),
    Command(
        name="token",
        help=Text(
            "Make a token for ILETIMERKEZI_HTTP_TOKEN and print it.",
            "ILETIMERKEZI_HTTP_TOKEN için bir token üretip yazar.",
        ),
        module="token",
        arguments=_token,
    ),
)
"""All sub-commands, in the order in which the help names them."""


def parse(words: Sequence[str], language: Language) -> tuple[argparse.Namespace, Flags]:
    """Return the options in `words`, with their :class:`.Command` (None: serve) as `command`, and the settings' flags.

    Help is in `language`. Raises :class:`.UsageError`, which repeats no value.
    """
    if (variables := _secrets_on(words)) is not None:
        raise UsageError(
            Text(
                "set {variables} in the environment: everyone can read a command line in the process list.",
                "{variables} ortam değişkeni olarak verilmeli; komut satırı süreç listesinde görünür.",
            ).format(variables=variables)
        )
    try:
        options, unknown = _parser(language).parse_known_args(words)
    except argparse.ArgumentError as error:
        if error.argument_name not in ("COMMAND", "KOMUT"):
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
    if command is None or command.name != "doctor":
        _check_choices(values)
    return options, {field: "1" if value is True else value for field, value in values.items()}


def _check_choices(values: Mapping[str, Any]) -> None:
    """Raise :class:`.UsageError` if a setting's value is near one that it can have; the settings refuse all others."""
    for setting in SETTINGS:
        value = values[setting.field]
        if setting.choices and value is not None and value not in setting.choices:
            close = closest(value, setting.choices)
            if close is not None:
                problem = Text("{flag} takes {choices}.", "{flag} şunlardan birini alır: {choices}.")
                problem = problem.format(flag=str(setting.flag), choices=", ".join(setting.choices))
                raise UsageError(DID_YOU_MEAN.format(problem=problem, close=close))


def _not_taken(words: Sequence[str], command: Command | None) -> Text:
    names = list(dict.fromkeys(flag_name(word) for word in words if word.startswith("-")))
    flags = ", ".join(names)
    if flags and command is not None:
        template = Text(
            "{command} does not take {flags}; see {command} --help.",
            "{command} komutunda {flags} kullanılamaz; {command} --help çıktısına bakın.",
        )
        problem = template.format(command=command.name, flags=flags)
        return with_suggestion(problem, names[0], [flag for flag in _flags(command.settings) if flag not in names])
    if flags:
        template = Text("there is no {flags}; see --help.", "{flags} diye bir seçenek yok; --help çıktısına bakın.")
        return with_suggestion(template.format(flags=flags), names[0], _flags(None))
    *first, last = (command.name for command in COMMANDS)
    problem = Text(
        "the only commands are {first} and {last}; without a command it serves MCP.",
        "komutlar yalnızca {first} ve {last}; komut verilmezse MCP sunucusu başlar.",
    ).format(first=", ".join(first), last=last)
    return with_suggestion(problem, words[0], [*first, last]) if command is None and words else problem


def _flags(fields: Collection[str] | None) -> list[str]:
    """Return the flags of the settings `fields` (None: of all)."""
    return [setting.flag for setting in SETTINGS if setting.flag and (fields is None or setting.field in fields)]


def _parser(language: Language) -> argparse.ArgumentParser:
    secrets = ", ".join(setting.variable for setting in SETTINGS if setting.secret)
    epilog = Text(
        "{secrets} are read from the environment only: everyone can read a command line in the process list.",
        "{secrets} yalnızca ortamdan okunur: komut satırı süreç listesinde herkese görünür.",
    ).format(secrets=secrets)
    parser = HelpParser(
        language=language,
        prog=PROGRAM,
        usage=Text("%(prog)s [SETTINGS] [COMMAND ...]", "%(prog)s [AYARLAR] [KOMUT ...]").to(language),
        description=Text(
            "The MCP server for the iletiMerkezi SMS API. Without a command it serves MCP, on stdio unless --transport "
            "says otherwise. COMMAND --help explains a command.",
            "iletiMerkezi SMS API'si için MCP sunucusu. Komut verilmezse MCP sunar; --transport başka bir şey demedikçe "
            "stdio üzerinden. KOMUT --help bir komutu açıklar.",
        ).to(language),
        epilog=epilog.to(language),
        tables=exit_codes(language),
    )
    _add_settings(parser, [setting.field for setting in SETTINGS], language)
    version = Text("show the version", "sürümü gösterir").to(language)
    parser.add_argument("--version", action="version", version=f"{PROGRAM} {__version__}", help=version)
    commands = parser.add_subparsers(
        dest="command",
        metavar=Text("COMMAND", "KOMUT").to(language),
        title=Text("commands", "komutlar").to(language),
        parser_class=HelpParser,
        prog=PROGRAM,
    )
    for command in COMMANDS:
        listed = len(command.settings) < _MANY_SETTINGS
        subparser = commands.add_parser(
            command.name,
            language=language,
            help=command.help.to(language),
            description=command.help.to(language),
            tables=filled(_ELSEWHERE[listed].to(language)),
        )
        subparser.set_defaults(command=command)
        if command.arguments is not None:
            command.arguments(subparser, language)
        if command.settings:
            _add_settings(subparser, command.settings, language, listed=listed)
    return parser


_ELSEWHERE = {
    True: Text("iletimerkezi-mcp --help lists the exit codes.", "Çıkış kodlarını iletimerkezi-mcp --help listeler."),
    False: Text(
        "iletimerkezi-mcp --help lists the settings and the exit codes.",
        "Ayarları ve çıkış kodlarını iletimerkezi-mcp --help listeler.",
    ),
}
"""The last line of a command's help, by whether its settings are in it."""


def _add_settings(parser: HelpParser, fields: Collection[str], language: Language, *, listed: bool = True) -> None:
    group = parser.add_argument_group(_SETTINGS.to(language), _EACH.to(language)) if listed else parser
    for setting in SETTINGS:
        if setting.flag is None or setting.field not in fields:
            continue
        words = f"{setting.description.to(language)} [{setting.variable}]".replace("%", "%%")
        # Sub-commands take the same flags; suppressed defaults keep them from resetting what precedes the command.
        argument = group.add_argument(
            setting.flag,
            dest=setting.field,
            action="store" if setting.metavar else "store_true",
            default=argparse.SUPPRESS,
            help=words if listed else argparse.SUPPRESS,
        )
        metavar = setting.metavar
        argument.metavar = _METAVARS.get(metavar, metavar) if metavar and language == "tr" else metavar


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
