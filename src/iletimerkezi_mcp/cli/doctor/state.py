"""The state folder, the ledger in it and the audit log. All of it is only looked at."""

from __future__ import annotations

import os
import shlex
import tempfile
from collections.abc import Sequence
from pathlib import Path

from iletimerkezi_mcp.confirmation.audit import APPEND_FLAGS, AuditUnavailableError
from iletimerkezi_mcp.language import Text, plural
from iletimerkezi_mcp.ledger import keys
from iletimerkezi_mcp.ledger.attempts import Attempt, Usage
from iletimerkezi_mcp.ledger.files import LEDGER_FILE
from iletimerkezi_mcp.ledger.sqlite import SqliteLedger
from iletimerkezi_mcp.ledger.unavailable import LedgerUnavailableError, explain_failure
from iletimerkezi_mcp.lists.error import ListError
from iletimerkezi_mcp.lists.folder import ListFolder
from iletimerkezi_mcp.server.ledger import ledger_account, ledger_folder
from iletimerkezi_mcp.settings import Settings, SettingsError
from iletimerkezi_mcp.sms.clock import Clock, describe_time
from iletimerkezi_mcp.sms.escape import escape_line
from iletimerkezi_mcp.tools.catalogue import REGISTRY

from .report import Finding, Subject

_NOT_NEEDED = Text(
    "None, as this user has no home folder; a server that changes nothing needs none.",
    "Yok, çünkü bu kullanıcının ev klasörü yok; hiçbir şeyi değiştirmeyen sunucuya gerekmez.",
)


def state_folder_finding(settings: Settings) -> Finding:
    try:
        folder = ledger_folder(settings)
    except SettingsError as error:
        return Finding(Subject.STATE_FOLDER, "wrong", error.reason)
    if folder is None:
        summary = Text(
            "The sandbox keeps everything in memory; it goes with the server.",
            "Deneme ortamı her şeyi bellekte tutar; sunucu kapanınca silinir.",
        )
        return Finding(Subject.STATE_FOLDER, "ok", summary if settings.sandbox else _NOT_NEEDED)
    try:
        _try_writing(folder)
    except OSError as error:
        return Finding(Subject.STATE_FOLDER, "wrong", explain_failure(error, folder).reason)
    key_folder = folder if settings.state_key_file is None else settings.state_key_file.absolute().parent
    if (open_to_others := _open_to_others(folder, key_folder)) is not None:
        return open_to_others
    summary = Text("{folder} can be written to.", "{folder} klasörüne yazılabiliyor.")
    return Finding(Subject.STATE_FOLDER, "ok", summary.format(folder=str(folder)))


def _open_to_others(*folders: Path) -> Finding | None:
    """Find which of these folders, of the ledger and of its key, other users of the machine can reach."""
    modes = {str(folder): _mode(folder) & 0o077 for folder in folders}
    loose = [folder for folder, mode in modes.items() if mode]
    if not loose:
        return None
    summary = Text(
        "Other users of this machine can look into {folders}.",
        "Bu makinenin diğer kullanıcıları {folders} içine bakabiliyor.",
    )
    if any(mode & 0o022 for mode in modes.values()):
        summary = Text(
            "Other users of this machine can change {folders}, and put another ledger or key there.",
            "Bu makinenin diğer kullanıcıları {folders} içinde değişiklik yapabiliyor, oraya başka bir defter ya da "
            "anahtar koyabiliyor.",
        )
    next_step = Text(
        "Leave them to this user alone: chmod 700 {folders}.", "Yalnızca bu kullanıcıya bırakın: chmod 700 {folders}."
    )
    return Finding(
        Subject.STATE_FOLDER,
        "warning",
        summary.format(folders=", ".join(loose)),
        next_step.format(folders=" ".join(map(shlex.quote, loose))),
    )


def _mode(folder: Path) -> int:
    """Return the mode of `folder`; 0 if it is not there yet, for it is made for its owner alone, and on Windows."""
    try:
        return folder.stat().st_mode if os.name == "posix" else 0
    except OSError:
        return 0


def _try_writing(folder: Path) -> None:
    """Raise OSError if the ledger could not be kept in `folder`. Leaves nothing behind."""
    _try_new_file(folder)
    for name in (keys.FILE, LEDGER_FILE):
        if (folder / name).exists():
            (folder / name).open("r+b").close()


def _try_new_file(folder: Path) -> None:
    """Raise OSError if nothing can be made in `folder`, or in the nearest one above it that exists."""
    existing = next(place for place in (folder.absolute(), *folder.absolute().parents) if place.exists())
    with tempfile.TemporaryFile(dir=existing, prefix=".iletimerkezi-mcp-doctor-") as trial:
        trial.write(bytes(4096))
        trial.flush()


def readable_ledger(settings: Settings, clock: Clock) -> SqliteLedger | None:
    """Return the ledger of this account, which cannot be written; None if there is none yet."""
    folder = ledger_folder(settings)
    if folder is None or not (folder / LEDGER_FILE).exists():
        return None
    account, key_file = ledger_account(settings), settings.state_key_file
    return SqliteLedger(folder, account, clock=clock, key_file=key_file, read_only=True)


async def ledger_findings(settings: Settings, clock: Clock) -> list[Finding]:
    """Read what the ledger holds of this account, in a state folder that is fine: its sends, and live rules if there are any."""
    if (ledger := readable_ledger(settings, clock)) is None:
        summary = Text("It begins with the first change.", "İlk değişiklikle birlikte başlar.")
        return [Finding(Subject.LEDGER, "ok", summary)]
    try:
        usage = await ledger.usage()
        unknown = [send for send in await ledger.unsettled_sends() if send.state != "in_flight"]
        live = [rule.terms.name for rule in await ledger.rules() if rule.live]
        edited = await ledger.edited_rules()
    except LedgerUnavailableError as error:
        return [Finding(Subject.LEDGER, "wrong", error.reason)]
    finally:
        ledger.close()
    return [_sends_finding(usage, unknown), *([_rules_finding(live, edited)] if live or edited else [])]


def _sends_finding(usage: Usage, unknown: Sequence[Attempt]) -> Finding:
    used = plural(usage.credits_today, "credit", "credits", "kredi")
    if not unknown:
        summary = Text(
            "{used} used today; every outcome is known.",
            "Bugün {used} kullanıldı; her gönderimin sonucu biliniyor.",
        )
        return Finding(Subject.LEDGER, "ok", summary.format(used=used))
    summary = Text(
        "{used} used today; {sends} of unknown outcome, the oldest from {time}.",
        "Bugün {used} kullanıldı; sonucu bilinmeyen {sends} var, en eskisi: {time}.",
    ).format(used=used, sends=plural(len(unknown), "send", "sends", "gönderim"), time=describe_time(unknown[0].started))
    next_step = Text(
        "Have the assistant list that day's orders (get_reports), which settles it; do not send again before.",
        "Asistandan o günün gönderimlerini listelemesini (get_reports) isteyin, sonuç böyle netleşir; "
        "ondan önce yeniden göndermeyin.",
    )
    return Finding(Subject.LEDGER, "warning", summary, next_step)


def _rules_finding(live: Sequence[str], edited: Sequence[str]) -> Finding:
    if edited:
        summary = Text(
            "Edited in the file, so nothing goes out under it: {names}.",
            "Dosyada değiştirilmiş, bu yüzden hiçbir mesajı geçirmez: {names}.",
        )
        next_step = Text(
            "Find out who did that, and remove it: iletimerkezi-mcp rule revoke NAME.",
            "Bunu kimin yaptığını bulun ve kaldırın: iletimerkezi-mcp rule revoke AD.",
        )
        return Finding(Subject.RULES, "wrong", summary.format(names=", ".join(map(escape_line, edited))), next_step)
    summary = Text(
        "Messages go out unread under {names}; iletimerkezi-mcp rule list shows the texts.",
        "Mesajlar şu kurallarla okunmadan gönderilir: {names}; metinleri iletimerkezi-mcp rule list gösterir.",
    )
    return Finding(Subject.RULES, "ok", summary.format(names=", ".join(live)))


def audit_finding(settings: Settings) -> Finding:
    """Find if what is done to a live account is written down."""
    if (path := settings.audit_log) is not None:
        try:
            _try_appending(path)
        except OSError as error:
            return Finding(Subject.AUDIT_LOG, "wrong", AuditUnavailableError(path, error).reason)
        summary = Text("{path} can be appended to.", "{path} dosyasına eklenebiliyor.")
        return Finding(Subject.AUDIT_LOG, "ok", summary.format(path=str(path)))
    if settings.sandbox or not any(tool.changes for tool in REGISTRY.offered(settings).tools):
        summary = Text(
            "None, and this server changes no live account.", "Yok; bu sunucu canlı bir hesapta değişiklik yapmıyor."
        )
        return Finding(Subject.AUDIT_LOG, "ok", summary)
    return Finding(
        Subject.AUDIT_LOG,
        "warning",
        Text(
            "None: this server changes a live account and does not write down who did what.",
            "Yok: bu sunucu canlı bir hesapta değişiklik yapıyor ve kimin ne yaptığı kaydedilmiyor.",
        ),
        Text("Set ILETIMERKEZI_AUDIT_LOG to a file.", "ILETIMERKEZI_AUDIT_LOG ile bir dosya gösterin."),
    )


def lists_finding(settings: Settings) -> Finding | None:
    """Find if the folder of the lists can be read; None without one."""
    if settings.files_dir is None:
        return None
    folder = str(settings.files_dir)
    try:
        _, number, _ = ListFolder(settings.files_dir).entries()
    except ListError as error:
        next_step = Text("Create it, or set another.", "Klasörü oluşturun ya da başka birini verin.")
        return Finding(Subject.LISTS, "wrong", error.reason, next_step)
    lists = plural(number, "list", "lists", "liste")
    summary = Text(
        "{lists} in {folder} (ILETIMERKEZI_FILES_DIR).", "{folder} klasöründe {lists} (ILETIMERKEZI_FILES_DIR)."
    )
    return Finding(Subject.LISTS, "ok", summary.format(lists=lists, folder=folder))


def _try_appending(path: Path) -> None:
    """Raise OSError if no line could be appended to `path`. Makes nothing: the log makes its file, not its folder."""
    if path.exists():
        os.close(os.open(path, APPEND_FLAGS))
    else:
        path.parent.stat()
        _try_new_file(path.parent)
