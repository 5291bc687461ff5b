"""``config``: print the block that adds this server to a host, or write it into the host's file."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from iletimerkezi_mcp.cli.streams import require_streams, say
from iletimerkezi_mcp.cli.usage import FAILED, Flags, UsageError
from iletimerkezi_mcp.language import Language, Text
from iletimerkezi_mcp.lists.error import ListError
from iletimerkezi_mcp.lists.folder import ListFolder
from iletimerkezi_mcp.settings import SETTINGS, Settings, SettingsError, load_settings

from .entry import CREDENTIALS, Launch, Secrets, block, merge
from .files import HostFileError, content, keep_private, replace
from .hosts import HOSTS, CredentialsSource, Host, NoHomeError, host_named
from .launch import NoStartError, own_program, remote_url

_BELONGS = Text(
    "this block belongs in {path} ({host}); --write adds it.",
    "bu blok {path} dosyasına eklenir ({host}); --write bunu yapar.",
)
_PRESENT = Text("{path} has it already; nothing was written.", "{path} dosyasında zaten var; hiçbir şey yazılmadı.")
_CREATED = Text("written to {path}.", "{path} dosyasına yazıldı.")
_WRITTEN = Text(
    "written to {path}. Its former content is in {backup}.", "{path} dosyasına yazıldı. Önceki hâli: {backup}."
)
_NOT_CHANGED = Text("{path} was not changed: {reason}", "{path} değiştirilmedi: {reason}")
_CREDENTIALS_STEPS: Mapping[CredentialsSource, Text] = {
    "reference": Text(
        "{host} takes {variables} from the environment that it is started in.",
        "{host}, başlatıldığı ortamdan alır: {variables}.",
    ),
    "forwarding": Text(
        "{host} passes {variables} on from the environment that it is started in.",
        "{host}, başlatıldığı ortamdan aktarır: {variables}.",
    ),
    "prompt": Text("{host} asks for {variables} at the first start.", "{host} ilk başlatmada sorar: {variables}."),
    "none": Text(
        "{host} passes no secrets on: write the values of {variables} between the quotes. Until then every call says "
        "that they are missing.",
        "{host} gizli bilgi aktarmaz: {variables} değerlerini tırnakların arasına yazın. O zamana dek her çağrı "
        "bunların eksik olduğunu bildirir.",
    ),
}
_TOKEN_BY_HAND = Text(
    "{host} passes no secrets on: write the token behind the word Bearer. Until then the server refuses every call.",
    "{host} gizli bilgi aktarmaz: token'ı Bearer sözcüğünün ardına yazın. O zamana dek sunucu her çağrıyı reddeder.",
)
_TOKEN = Text(
    "the token is the part after the name and the colon; the person who runs the server gives it to you.",
    "token, ad ile iki nokta üst üsteden sonraki kısımdır; sunucuyu çalıştıran kişiden alırsınız.",
)
_IN_FORM = Text(
    "by its documents {host} asks you in a form before anything is changed.",
    "belgelerine göre {host}, bir değişiklikten önce size formda sorar.",
)
_ON_CARD = Text(
    "by its documents {host} shows a card in the chat, on which you approve a change; if none appears, you agree to a "
    "small change in the chat, and for a large one a page opens in your browser.",
    "belgelerine göre {host} sohbette bir kart gösterir, değişikliği orada onaylarsınız; kart çıkmazsa küçük bir "
    "değişikliğe sohbette onay verirsiniz, büyüğü için tarayıcınızda bir sayfa açılır.",
)
_ON_PAGE = Text(
    "{host} documents neither forms nor cards: you agree to a small change in the chat, and for a large one a page opens in your "
    "browser (on Linux only if {host} passes DISPLAY or WAYLAND_DISPLAY on).",
    "{host} belgelerinde form da kart da yok: küçük bir değişikliğe sohbette onay verirsiniz, büyüğü için tarayıcınızda bir sayfa "
    "açılır (Linux'ta yalnızca {host}, DISPLAY ya da WAYLAND_DISPLAY değişkenini aktarırsa).",
)
_ON_NOTHING = Text(
    "{host} documents neither forms nor cards: you agree to a small change in the chat; a large one is refused, for a remote "
    "server opens no page on your machine.",
    "{host} belgelerinde form da kart da yok: küçük bir değişikliğe sohbette onay verirsiniz; büyüğü reddedilir, çünkü uzaktaki "
    "sunucu makinenizde sayfa açamaz.",
)
_NO_REMOTE = Text(
    "the file of {host} takes no remote server. Add it in {host} under Customize > Connectors; it is then called from the "
    "internet. Or leave --url out, and {host} starts the server on this machine.",
    "{host} dosyasına uzak sunucu yazılamaz. {host} içinde Customize > Connectors altında ekleyin; o zaman internetten "
    "çağrılır. Ya da --url olmadan çalıştırın: {host} sunucuyu bu makinede başlatır.",
)
_NOT_WITH_URL = Text(
    "--url cannot be used with {flags}: a remote server has its own settings, and the block refers to the token.",
    "--url, {flags} ile kullanılamaz: uzak sunucunun kendi ayarları vardır, blok da token'a başvurur.",
)
_NO_LISTS = Text(
    "{reason} Create it first, or name another: the host would start a server that finds no list.",
    "{reason} Önce oluşturun ya da başka bir klasör verin: istemcinin başlattığı sunucu liste bulamazdı.",
)
_NO_HOST = Text(
    "this needs a HOST; config --list lists them.",
    "hangi istemci olduğunu yazın; config --list istemcileri sıralar.",
)
_WRONG_HOST = Text("HOST must be one of {names}.", "hangi istemci olduğunu yazın: {names}.")
_NO_PROJECT_FILE = Text("{host} has no file for a project.", "{host} projeye özel dosya kullanmaz.")
_PRINTED_SECRETS = Text(
    "--with-secrets needs --write: printed secrets stay on screens and in logs.",
    "--with-secrets yalnızca --write ile kullanılır: yazdırılan gizli bilgiler ekranda ve kayıtlarda kalır.",
)
_SHARED_SECRETS = Text(
    "--with-secrets cannot be used with --project: everyone on the project shares that file.",
    "--with-secrets, --project ile kullanılamaz: o dosya projedeki herkesle paylaşılır.",
)
_NO_SECRETS = Text("the sandbox needs no secrets.", "deneme ortamı gizli bilgi istemez.")
_UNSET_SECRETS = Text(
    "{key} and {hash} must be set in the environment.", "{key} ve {hash} ortam değişkeni olarak verilmeli."
)
_SECRET_LIKE_REFERENCE = Text(
    "{host} would take the $ in a secret for a reference; write without --with-secrets.",
    "{host} gizli bilgideki $ işaretini değişken sanır; --with-secrets olmadan yazın.",
)


def run(options: argparse.Namespace, flags: Flags) -> int:
    settings = load_settings(os.environ, flags, only=options.command.settings)
    require_streams("stdout")
    if options.host is None or options.list:
        return _list(options)
    host = host_named(options.host)
    if host is None:
        raise UsageError(_WRONG_HOST.format(names=", ".join(host.id for host in HOSTS)))
    try:
        if options.url is None:
            program = own_program(os.environ)
            launch = Launch(
                program=program, sandbox=settings.sandbox, read_only=settings.read_only, fixed=_fixed(settings, flags)
            )
        else:
            launch = _remote(options, host, flags)
        secrets = _secrets(options, host, launch, os.environ) if options.with_secrets else None
        path = _path(host, project=options.project)
    except (NoHomeError, NoStartError) as error:
        say(error.reason, settings.language)
        return FAILED
    if options.write:
        try:
            _write(host, launch, path, secrets, settings.language)
        except HostFileError as error:
            say(_NOT_CHANGED.format(path=str(path), reason=error.reason), settings.language)
            return FAILED
    else:
        sys.stdout.write(block(host, launch))
        say(_BELONGS.format(path=str(path), host=host.title), settings.language)
    _say_next_steps(host, launch, settings.language, secrets_wanted=secrets is None)
    return 0


def _list(options: argparse.Namespace) -> int:
    if options.write or options.project or options.with_secrets or options.url:
        raise UsageError(_NO_HOST)
    ids = max(len(host.id) for host in HOSTS)
    titles = max(len(host.title) for host in HOSTS)
    for host in HOSTS:
        sys.stdout.write(f"{host.id:{ids}}  {host.title:{titles}}  {host.user_file.on(sys.platform)}\n")
    return 0


def _fixed(settings: Settings, flags: Flags) -> dict[str, str]:
    """Return the variables for the block itself: the language, if it is named or Turkish here, and the folder of lists.

    Raises :class:`.NoStartError` for a folder that cannot be read.
    """
    language, folder = (setting.variable for setting in SETTINGS if setting.field in ("language", "files_dir"))
    fixed: dict[str, str] = {}
    if settings.language == "tr" or flags["language"] or os.environ.get(language, "").strip():
        fixed[language] = settings.language
    if settings.files_dir is not None:
        try:
            ListFolder(settings.files_dir).entries()
        except ListError as error:
            raise NoStartError(_NO_LISTS.format(reason=error.reason)) from error
        fixed[folder] = str(settings.files_dir.absolute())
    return fixed


def _remote(options: argparse.Namespace, host: Host, flags: Flags) -> Launch:
    given = {
        "--sandbox": flags["sandbox"],
        "--read-only": flags["read_only"],
        "--files-dir": flags["files_dir"],
        "--with-secrets": options.with_secrets,
    }
    if others := [flag for flag, value in given.items() if value]:
        raise UsageError(_NOT_WITH_URL.format(flags=", ".join(others)))
    launch = Launch(url=remote_url(options.url))
    if host.url_key is None:
        raise NoStartError(_NO_REMOTE.format(host=host.title))
    return launch


def _secrets(options: argparse.Namespace, host: Host, launch: Launch, environment: Mapping[str, str]) -> Secrets:
    """Return the credentials in `environment`, if they may be written."""
    if not options.write:
        raise UsageError(_PRINTED_SECRETS)
    if options.project:
        raise UsageError(_SHARED_SECRETS)
    if not launch.variables:
        raise UsageError(_NO_SECRETS)
    key, hash_ = launch.variables
    if not load_settings(environment, only=[setting.field for setting in CREDENTIALS]).has_credentials:
        raise SettingsError(_UNSET_SECRETS.format(key=key, hash=hash_))
    secrets = {variable: environment[variable] for variable in launch.variables}
    if host.reference and any("$" in value for value in secrets.values()):
        raise UsageError(_SECRET_LIKE_REFERENCE.format(host=host.title))
    return secrets


def _path(host: Host, *, project: bool) -> Path:
    if not project:
        return host.user_file.path(os.environ, sys.platform)
    if host.project_file is None:
        raise UsageError(_NO_PROJECT_FILE.format(host=host.title))
    return Path.cwd() / host.project_file


def _write(host: Host, launch: Launch, path: Path, secrets: Secrets | None, language: Language) -> None:
    old = content(path)
    new = merge(host, launch, old or "", secrets)
    if new == old:
        if secrets is not None:
            keep_private(path)
        say(_PRESENT.format(path=str(path)), language)
        return
    backup = replace(path, old, new, private=secrets is not None)
    if backup is None:
        say(_CREATED.format(path=str(path)), language)
    else:
        say(_WRITTEN.format(path=str(path), backup=str(backup)), language)


def _say_next_steps(host: Host, launch: Launch, language: Language, *, secrets_wanted: bool) -> None:
    if launch.variables and secrets_wanted:
        variables = ", ".join(launch.variables)
        step = _CREDENTIALS_STEPS[host.credentials_source].format(host=host.title, variables=variables)
        if launch.url and host.credentials_source == "none":
            step = _TOKEN_BY_HAND.format(host=host.title)
        say(step, language)
    if launch.url:
        say(_TOKEN, language)
    say(host.next_step, language)
    if not launch.read_only:
        say(_asked_in(host, launch).format(host=host.title), language)


def _asked_in(host: Host, launch: Launch) -> Text:
    if "form" in host.shows:
        return _IN_FORM
    if launch.url:
        return _ON_NOTHING
    return _ON_CARD if "card" in host.shows else _ON_PAGE
