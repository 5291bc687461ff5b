"""Why the ledger cannot be used, in words that say what to do about it."""

from __future__ import annotations

import errno
from pathlib import Path

from iletimerkezi_mcp.language import Text


class LedgerUnavailableError(RuntimeError):
    """Nothing can be recorded or looked up now, so nothing that needs a record may be done.

    `reason` is a whole sentence or two for a person: what is wrong, and what to do. Nothing is kept of
    the failure; the next call tries again.
    """

    def __init__(self, reason: Text) -> None:
        self.reason = Text("The ledger cannot be used: ", "İşlem defteri kullanılamıyor: ") + reason
        super().__init__(self.reason.en)


def because(error: Exception, folder: Path | None) -> LedgerUnavailableError:
    """What an ``OSError`` or an SQLite error means for a ledger kept in `folder` (None: in memory)."""
    place = "memory" if folder is None else str(folder)
    name = getattr(error, "sqlite_errorname", None)
    if name is None:
        name = errno.errorcode.get(getattr(error, "errno", None) or 0, type(error).__name__)
    for prefixes, reason in (
        (_FULL, full),
        (_LOCKED, locked),
        (_DAMAGED, damaged),
        (_CLOSED, closed),
        (_NO_FOLDER, no_folder),
    ):
        if name.startswith(prefixes):
            return LedgerUnavailableError(reason(place))
    return LedgerUnavailableError(
        Text(
            f"the machine reports {name} for {place}. Check that folder and its disk, then try again.",
            f"sistem {place} için {name} hatası veriyor. Bu klasörü ve diskini kontrol edip yeniden deneyin.",
        )
    )


_FULL = ("SQLITE_FULL", "ENOSPC", "EDQUOT")
_LOCKED = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_PROTOCOL")
_DAMAGED = ("SQLITE_CORRUPT", "SQLITE_NOTADB")
_CLOSED = ("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_AUTH", "EACCES", "EPERM", "EROFS")
_NO_FOLDER = ("ENOTDIR", "EEXIST", "ENOENT", "EISDIR", "ELOOP", "ENAMETOOLONG")


def full(place: str) -> Text:
    """No room is left on the disk."""
    return Text(
        f"the disk that holds {place} is full. Free some space and try again.",
        f"{place} klasörünün bulunduğu disk dolu. Yer açıp yeniden deneyin.",
    )


def locked(place: str) -> Text:
    """Another process keeps it from us for longer than we wait."""
    return Text(
        f"another process has kept the one in {place} locked for more than five seconds. Try again in a moment.",
        f"{place} klasöründeki defteri başka bir süreç beş saniyeden uzun süredir kilitli tutuyor. "
        "Biraz sonra yeniden deneyin.",
    )


def damaged(place: str) -> Text:
    """The database is not one, or not whole."""
    return Text(
        f"ledger.sqlite3 in {place} is damaged. Nothing was deleted. Move the files that begin with ledger.sqlite3 to "
        "another place, or put back a copy of them; without them a new ledger is begun, which knows nothing of the "
        "messages sent so far and cannot hold back a repetition of them.",
        f"{place} içindeki ledger.sqlite3 bozuk. Hiçbir şey silinmedi. Adı ledger.sqlite3 ile başlayan dosyaları "
        "başka bir yere taşıyın ya da yedeklerini geri koyun; bu dosyalar olmadan yeni bir defter açılır, o da şimdiye "
        "kadar gönderilen mesajları bilmez ve yinelenmelerini engelleyemez.",
    )


def closed(place: str) -> Text:
    """It may not be written."""
    return Text(
        f"{place} cannot be written to. Let the user who runs this server write there, or name another folder in "
        "ILETIMERKEZI_STATE_DIR.",
        f"{place} klasörüne yazılamıyor. Sunucuyu çalıştıran kullanıcıya yazma izni verin ya da "
        "ILETIMERKEZI_STATE_DIR ile başka bir klasör gösterin.",
    )


def no_folder(place: str) -> Text:
    """There is no such folder and none can be made."""
    return Text(
        f"{place} is not a folder and cannot be made one. Name another folder in ILETIMERKEZI_STATE_DIR.",
        f"{place} bir klasör değil ve orada klasör oluşturulamıyor. ILETIMERKEZI_STATE_DIR ile başka bir klasör "
        "gösterin.",
    )


def no_home() -> Text:
    """Nobody told where this user's files belong."""
    return Text(
        "this user has no home folder. Name a folder in ILETIMERKEZI_STATE_DIR.",
        "bu kullanıcının ev klasörü yok. ILETIMERKEZI_STATE_DIR ile bir klasör gösterin.",
    )


def newer(place: str) -> Text:
    """A later version of this package has changed its form."""
    return Text(
        f"the one in {place} was written by a newer version. Update iletimerkezi-mcp, or name another folder in "
        "ILETIMERKEZI_STATE_DIR.",
        f"{place} klasöründeki defteri daha yeni bir sürüm yazmış. iletimerkezi-mcp'yi güncelleyin ya da "
        "ILETIMERKEZI_STATE_DIR ile başka bir klasör gösterin.",
    )


def older(place: str) -> Text:
    """An earlier version of this package had another form, and nothing rewrites it."""
    return Text(
        f"the one in {place} was written by an older version and cannot be read. Move the files that begin with "
        "ledger.sqlite3 to another place to begin a new one, which knows nothing of the messages sent so far and cannot "
        "hold back a repetition of them.",
        f"{place} klasöründeki defteri daha eski bir sürüm yazmış, okunamıyor. Yeni bir defter açılması için adı "
        "ledger.sqlite3 ile başlayan dosyaları başka bir yere taşıyın; yeni defter şimdiye kadar gönderilen mesajları "
        "bilmez ve yinelenmelerini engelleyemez.",
    )


def key_missing(place: str) -> Text:
    """The ledger is there and its key is not."""
    return Text(
        f"ledger.key is missing from {place}, and without it the entries of the ledger there cannot be recognised. Put "
        "the key file back, or move the files that begin with ledger.sqlite3 to another place to begin a new ledger, "
        "which knows nothing of the messages sent so far.",
        f"{place} içinde ledger.key yok; bu dosya olmadan oradaki defterin kayıtları tanınamaz. Anahtar dosyasını geri "
        "koyun ya da yeni bir defter açmak için adı ledger.sqlite3 ile başlayan dosyaları başka bir yere taşıyın; yeni "
        "defter şimdiye kadar gönderilen mesajları bilmez.",
    )


def key_wrong(place: str) -> Text:
    """The key is not a whole one, or another ledger's."""
    return Text(
        f"ledger.key in {place} is damaged or belongs to another ledger. Put the right key file back, or move all "
        "files there that begin with ledger. to another place to begin anew; a new ledger knows nothing of the "
        "messages sent so far.",
        f"{place} içindeki ledger.key bozuk ya da başka bir deftere ait. Doğru anahtar dosyasını geri koyun ya da "
        "baştan başlamak için adı ledger. ile başlayan bütün dosyaları başka bir yere taşıyın; yeni defter şimdiye "
        "kadar gönderilen mesajları bilmez.",
    )
