"""What ``config`` does: the block for a host printed, or put into its file."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import sysconfig
from collections.abc import Mapping
from pathlib import Path

from iletimerkezi_mcp.cli.doctor.launcher import uvx_path
from iletimerkezi_mcp.cli.errors import UsageError
from iletimerkezi_mcp.cli.stderr import need, say
from iletimerkezi_mcp.language import Language, Text, verbatim
from iletimerkezi_mcp.settings import Settings, SettingsError, load_settings

from .block import block
from .errors import HostFileError
from .files import content, keep_private, replace
from .host import Handing, Host
from .launch import CREDENTIALS, PACKAGE, Launch
from .merge import merged
from .table import HOSTS, host_named

_REFUSED = 1


def configure(options: argparse.Namespace, settings: Settings) -> int:
    """Print the block, or write it, or list the hosts; the exit code."""
    need("stdout")
    launch = Launch(sandbox=settings.sandbox, read_only=settings.read_only)
    if options.host is None or options.list:
        _only_listed(options)
        return _listed()
    host = _known(options.host)
    secrets = _secrets(options, host, launch, os.environ) if options.with_secrets else None
    try:
        path = _path(host, project=options.project)
        if options.write:
            return _write(host, launch, path, secrets, settings.language)
    except HostFileError as error:
        say(error.reason, settings.language)
        return _REFUSED
    sys.stdout.write(block(host, launch))
    say(
        Text(
            f"this belongs into {path} ({host.title}); --write puts it there.",
            f"bu blok {path} dosyasına eklenir ({host.title}); --write bunu yapar.",
        ),
        settings.language,
    )
    _explain(host, launch, settings.language)
    return 0


def _write(host: Host, launch: Launch, path: Path, secrets: Mapping[str, str] | None, language: Language) -> int:
    old = content(path)
    new = merged(host, launch, path, old or "", secrets)
    if new == old:
        if secrets is not None:
            keep_private(path)
        say(
            Text(f"{path} has it already; nothing was written.", f"{path} dosyasında zaten var; hiçbir şey yazılmadı."),
            language,
        )
    else:
        backup = replace(path, old, new, private=secrets is not None)
        said = Text(f"written to {path}.", f"{path} dosyasına yazıldı.")
        if backup is not None:
            said += Text(f" What it held is in {backup}.", f" Önceki hâli: {backup}.")
        say(said, language)
    if secrets is None:
        _explain(host, launch, language)
    else:
        _launchable(language)
        say(host.afterwards, language)
    return 0


def _launchable(language: Language) -> None:
    """Where uvx is missing, what to write in its place: a host says only that it could not start the server."""
    if uvx_path(os.environ) is not None:
        return
    program = shutil.which(PACKAGE, path=sysconfig.get_path("scripts")) or PACKAGE
    say(
        Text(
            f"the block starts with uvx, which was not found: install uv (docs.astral.sh/uv), or write {program} "
            f"as the command and leave {PACKAGE} out of the arguments.",
            f"bu blok uvx ile başlar ama uvx bulunamadı: uv kurun (docs.astral.sh/uv) ya da komut olarak {program} "
            f"yazıp parametrelerden {PACKAGE} değerini çıkarın.",
        ),
        language,
    )


def _explain(host: Host, launch: Launch, language: Language) -> None:
    """How the host comes by the credentials, and what makes it take the block up."""
    names = verbatim(", ".join(launch.variables))
    how = {
        Handing.EXPANDED: names
        + Text(
            f": {host.title} takes them from the environment that it is started in.",
            f": {host.title} bunları başlatıldığı ortamdan alır.",
        ),
        Handing.FORWARDED: names
        + Text(
            f": {host.title} hands them on from the environment that it is started in.",
            f": {host.title} bunları başlatıldığı ortamdan aktarır.",
        ),
        Handing.ASKED: Text(
            f"{host.title} asks for the key and the hash at the first start.",
            f"{host.title} ilk başlatmada anahtarı ve hash değerini sorar.",
        ),
        Handing.WRITTEN: names
        + Text(
            ": write the values between the quotes; until then every call says that they are missing.",
            ": değerleri tırnakların arasına yazın; o zamana dek her çağrı bunların eksik olduğunu söyler.",
        ),
    }[host.handing]
    if launch.variables:
        say(how, language)
    _launchable(language)
    say(host.afterwards, language)


def _known(name: str) -> Host:
    host = host_named(name)
    if host is None:
        known = ", ".join(host.id for host in HOSTS)
        raise UsageError(Text(f"the hosts are {known}.", f"istemciler: {known}."))
    return host


def _path(host: Host, *, project: bool) -> Path:
    if not project:
        return host.user.path(os.environ, sys.platform)
    if host.project is None:
        raise UsageError(
            Text(f"{host.title} has no file for a project.", f"{host.title} projeye özel dosya kullanmaz.")
        )
    return Path.cwd() / host.project


def _secrets(options: argparse.Namespace, host: Host, launch: Launch, environment: Mapping[str, str]) -> dict[str, str]:
    """The credentials in `environment`, where they may be written."""
    if not options.write:
        raise UsageError(
            Text(
                "--with-secrets goes with --write: what is printed stays on screens and in logs.",
                "--with-secrets yalnızca --write ile kullanılır: yazdırılan, ekranlarda ve kayıtlarda kalır.",
            )
        )
    if options.project:
        raise UsageError(
            Text(
                "--with-secrets does not go with --project: that file is shared with everybody on the project.",
                "--with-secrets, --project ile kullanılamaz: o dosya projedeki herkesle paylaşılır.",
            )
        )
    if not launch.variables:
        raise UsageError(Text("the sandbox needs no secrets.", "deneme ortamı gizli bilgi istemez."))
    loaded = load_settings(environment, only=[setting.field for setting in CREDENTIALS])
    if not loaded.has_credentials:
        raise SettingsError(
            Text(
                f"{' and '.join(launch.variables)} must be set in the environment.",
                f"{' ve '.join(launch.variables)} ortam değişkeni olarak verilmeli.",
            )
        )
    secrets = {variable: environment[variable] for variable in launch.variables}
    if host.reference and any("$" in value for value in secrets.values()):
        raise UsageError(
            Text(
                f"{host.title} would take the $ in one of them for a reference; write without --with-secrets.",
                f"{host.title} değerlerden birindeki $ işaretini değişken sanır; --with-secrets olmadan yazın.",
            )
        )
    return secrets


def _only_listed(options: argparse.Namespace) -> None:
    if options.write or options.project or options.with_secrets:
        raise UsageError(
            Text(
                "config needs a HOST here; config --list names them.",
                "burada bir HOST gerekli; config --list onları sıralar.",
            )
        )


def _listed() -> int:
    width = max(len(host.id) for host in HOSTS)
    across = max(len(host.title) for host in HOSTS)
    for host in HOSTS:
        sys.stdout.write(f"{host.id:{width}}  {host.title:{across}}  {host.user.on(sys.platform)}\n")
    return 0
