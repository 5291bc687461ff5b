"""What keeps a host's file from being changed.

::

    HostFileError
    ├── NoHomeError      the user has no home folder, so the host's file is nowhere
    ├── UnreadableError  the file cannot be read, or is not what the host itself would read
    ├── ShapeError       the file holds something else where the block belongs
    ├── ChangedError     somebody else changed the file meanwhile
    └── UnwritableError  the file or the backup beside it cannot be written

Whatever it is, the file is as it was. Each `reason` is whole sentences and repeats nothing of the file's content.
"""

from __future__ import annotations

from pathlib import Path

from iletimerkezi_mcp.language import Text

_UNTOUCHED = Text(" It is left as it was.", " Dosyaya dokunulmadı.")


class HostFileError(Exception):
    """A host's file cannot be changed. `reason` says why, and what to do."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


class NoHomeError(HostFileError):
    """Nobody knows where the user's home folder is."""

    def __init__(self) -> None:
        super().__init__(
            Text(
                "the user has no home folder, so this host's file has no place; use --project.",
                "kullanıcının ev klasörü yok, bu yüzden istemcinin dosyası için yer yok; --project ile deneyin.",
            )
        )


class UnreadableError(HostFileError):
    """The file cannot be read as what it should be. `why` is a clause that names the place and quotes nothing."""

    def __init__(self, path: Path, why: Text) -> None:
        super().__init__(
            Text(f"{path} cannot be read: ", f"{path} okunamıyor: ")
            + why
            + "."
            + _UNTOUCHED
            + Text(
                " Mend it, or put the printed block in by hand.",
                " Dosyayı düzeltin ya da yazdırılan bloğu elle ekleyin.",
            )
        )


class ShapeError(HostFileError):
    """Where the block belongs the file holds something that cannot take it."""

    def __init__(self, path: Path, place: str) -> None:
        super().__init__(
            Text(
                f"{path} holds something else at {place}, or writes it in a way that cannot be changed safely.",
                f"{path} dosyasında {place} beklenenden farklı ya da güvenle değiştirilemeyecek biçimde yazılmış.",
            )
            + _UNTOUCHED
            + Text(" Put the printed block in by hand.", " Yazdırılan bloğu elle ekleyin.")
        )


class ChangedError(HostFileError):
    """The file is no longer what was read."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            Text(
                f"{path} was changed by somebody else meanwhile; nothing was written. Run the same command again.",
                f"{path} bu sırada başkası tarafından değiştirildi; hiçbir şey yazılmadı. Aynı komutu yeniden çalıştırın.",
            )
        )


class UnwritableError(HostFileError):
    """The operating system refuses."""

    def __init__(self, path: Path, error: OSError) -> None:
        said = error.strerror or type(error).__name__
        super().__init__(Text(f"{path} cannot be written ({said}).", f"{path} yazılamıyor ({said}).") + _UNTOUCHED)
