"""The reasons why the ledger cannot be used, in words that say what to do about it.

``{place}`` is the folder of the ledger.
"""

from __future__ import annotations

import errno
import shutil
from pathlib import Path

from iletimerkezi_mcp.language import ExplainedError, Text

MIN_FREE_BYTES = 64 * 1024
"""Bytes below which a disk counts as full: SQLite's shared memory takes half of that at once."""

_PREFIX = Text("The ledger cannot be used: {reason}", "İşlem defteri kullanılamıyor: {reason}")


class LedgerUnavailableError(ExplainedError, RuntimeError):
    """Raised if nothing can be recorded or looked up now, so that nothing that needs a record may be done.

    `reason` is a whole sentence or two for a person: what is wrong, and what to do. The next call tries again.
    """

    def __init__(self, reason: Text) -> None:
        super().__init__(_PREFIX.format(reason=reason))


class LedgerReplacedError(LedgerUnavailableError):
    """Raised if the file of the ledger that is in use is not in its place any more."""


def explain_failure(error: Exception, folder: Path | None) -> LedgerUnavailableError:
    """Return what an ``OSError`` or an SQLite error means for a ledger in `folder` (None: in memory)."""
    place = Text("memory", "bellek") if folder is None else str(folder)
    name = getattr(error, "sqlite_errorname", None)
    if name is None:
        name = errno.errorcode.get(getattr(error, "errno", None) or 0, type(error).__name__)
    if name.startswith("SQLITE_IOERR") and folder is not None and _is_full(folder):
        name = "ENOSPC"
    for prefixes, reason in _REASONS:
        if name.startswith(prefixes):
            return LedgerUnavailableError(reason.format(place=place))
    return LedgerUnavailableError(_OTHER.format(name=name, place=place))


def _is_full(folder: Path) -> bool:
    """Return True if the disk of `folder` has no room: SQLite reports some writes that failed for that as errors."""
    try:
        return shutil.disk_usage(folder).free < MIN_FREE_BYTES
    except OSError:
        return False


_FULL = Text(
    "the disk that holds {place} is full. Free some space and try again.",
    "{place} klasörünün bulunduğu disk dolu. Yer açıp yeniden deneyin.",
)
LOCKED = Text(
    "another process has kept the one in {place} locked for more than five seconds. Try again in a moment.",
    "{place} klasöründeki defteri başka bir süreç beş saniyeden uzun süredir kilitli tutuyor. "
    "Biraz sonra yeniden deneyin.",
)
_READ_ONLY = Text(
    "{place} cannot be written to. Give the user who runs this server write access there, or name another folder in "
    "ILETIMERKEZI_STATE_DIR.",
    "{place} klasörüne yazılamıyor. Sunucuyu çalıştıran kullanıcıya yazma izni verin ya da "
    "ILETIMERKEZI_STATE_DIR ile başka bir klasör gösterin.",
)
_NO_FOLDER = Text(
    "{place} is not a folder, and none can be created there. Name another folder in ILETIMERKEZI_STATE_DIR.",
    "{place} bir klasör değil ve orada klasör oluşturulamıyor. ILETIMERKEZI_STATE_DIR ile başka bir klasör gösterin.",
)
_OTHER = Text(
    "the machine reports {name} for {place}. Check that folder and its disk, then try again.",
    "sistem {place} için {name} hatası veriyor. Bu klasörü ve diskini kontrol edip yeniden deneyin.",
)

DAMAGED = Text(
    "ledger.sqlite3 in {place} is damaged. Nothing was deleted. Move the files that begin with ledger.sqlite3 to "
    "another place, or restore a copy of them, and restart the server; without them a new ledger is started, which "
    "knows nothing of the messages sent so far and cannot hold back a repetition of them.",
    "{place} içindeki ledger.sqlite3 bozuk. Hiçbir şey silinmedi. Adı ledger.sqlite3 ile başlayan dosyaları "
    "başka bir yere taşıyın ya da yedeklerini geri koyun ve sunucuyu yeniden başlatın; bu dosyalar olmadan yeni bir "
    "defter açılır, o da şimdiye kadar gönderilen mesajları bilmez ve yeniden gönderilmelerini engelleyemez.",
)

NO_HOME = Text(
    "this user has no home folder. Name a folder in ILETIMERKEZI_STATE_DIR.",
    "bu kullanıcının ev klasörü yok. ILETIMERKEZI_STATE_DIR ile bir klasör gösterin.",
)

NEWER = Text(
    "the one in {place} was written by a newer version. Update iletimerkezi-mcp, or name another folder in "
    "ILETIMERKEZI_STATE_DIR.",
    "{place} klasöründeki defteri daha yeni bir sürüm yazmış. iletimerkezi-mcp'yi güncelleyin ya da "
    "ILETIMERKEZI_STATE_DIR ile başka bir klasör gösterin.",
)

OLDER = Text(
    "the one in {place} was written by an older version; the server brings it forward when it first uses it.",
    "{place} klasöründeki defteri daha eski bir sürüm yazmış; sunucu ilk kullanımda defteri yeni biçime taşır.",
)

REPLACED = Text(
    "ledger.sqlite3 in {place} was deleted, moved or replaced while the server was using it. Move the original files "
    "back. To go on without them is the operator's decision: restart the server; another ledger does not know all the "
    "messages sent so far and cannot hold back a repetition of the others.",
    "{place} içindeki ledger.sqlite3 sunucu kullanırken silinmiş, taşınmış ya da değiştirilmiş. Asıl dosyaları geri "
    "taşıyın. Onlarsız devam etmek yöneticinin kararıdır: sunucuyu yeniden başlatın; başka bir defter şimdiye kadar "
    "gönderilen mesajların hepsini bilmez ve bilmediklerinin yeniden gönderilmesini engelleyemez.",
)

KEY_MISSING = Text(
    "the key file {file} is missing, and without it the entries of the ledger in {place} cannot be recognised. Restore "
    "it, or move the files that begin with ledger.sqlite3 to another place to start a new ledger, which knows nothing of "
    "the messages sent so far.",
    "{file} anahtar dosyası yok; bu dosya olmadan {place} klasöründeki defterin kayıtları tanınamaz. Anahtar dosyasını "
    "geri koyun ya da yeni bir defter açmak için adı ledger.sqlite3 ile başlayan dosyaları başka bir yere taşıyın; yeni "
    "defter şimdiye kadar gönderilen mesajları bilmez.",
)

KEY_WRONG = Text(
    "the key file {file} is damaged or belongs to another ledger than that in {place}. Restore the right key file, or "
    "move it and all files that begin with ledger.sqlite3 to another place to start anew; a new ledger knows nothing of "
    "the messages sent so far.",
    "{file} anahtar dosyası bozuk ya da {place} klasöründeki deftere ait değil. Doğru anahtar dosyasını geri koyun ya da "
    "baştan başlamak için onu ve adı ledger.sqlite3 ile başlayan bütün dosyaları başka bir yere taşıyın; yeni defter "
    "şimdiye kadar gönderilen mesajları bilmez.",
)

_REASONS = (
    (("SQLITE_FULL", "ENOSPC", "EDQUOT"), _FULL),
    (("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_PROTOCOL"), LOCKED),
    (("SQLITE_CORRUPT", "SQLITE_NOTADB"), DAMAGED),
    (("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_AUTH", "EACCES", "EPERM", "EROFS"), _READ_ONLY),
    (("ENOTDIR", "EEXIST", "ENOENT", "EISDIR", "ELOOP", "ENAMETOOLONG"), _NO_FOLDER),
)
"""The reason for each kind of failure, by the beginning of its name."""
