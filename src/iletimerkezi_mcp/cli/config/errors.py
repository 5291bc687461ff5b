"""The errors that keep `config` from changing a host's file, which then stays as it was."""

from __future__ import annotations

from iletimerkezi_mcp.language import ExplainedError, Text


class HostFileError(ExplainedError):
    """The file cannot be read, edited or written. `reason` follows the file's name and quotes nothing of its content."""


class NoHomeError(ExplainedError):
    """The user has no home folder, and so no place for the host's file."""

    def __init__(self) -> None:
        super().__init__(
            Text(
                "the user has no home folder, so this host's file has no place; use --project.",
                "kullanıcının ev klasörü yok, bu yüzden istemcinin dosyası için yer yok; --project ile deneyin.",
            )
        )


_OCCUPIED = Text(
    "it holds something else at {place}, or writes it in a way that cannot be edited safely. Add the printed block by "
    "hand.",
    "{place} beklenenden farklı ya da güvenle düzenlenemeyecek biçimde yazılmış. Yazdırılan bloğu elle ekleyin.",
)


def occupied(place: str) -> HostFileError:
    """Return the error for a file that holds something else at `place`, where the block belongs."""
    return HostFileError(_OCCUPIED.format(place=place))


def unreadable(why: Text | str) -> HostFileError:
    """Return the error for a file that is not what the host itself would read. `why` is a clause."""
    return HostFileError(
        Text(
            "{why}. Correct the file, or add the printed block by hand.",
            "{why}. Dosyayı düzeltin ya da yazdırılan bloğu elle ekleyin.",
        ).format(why=why)
    )
