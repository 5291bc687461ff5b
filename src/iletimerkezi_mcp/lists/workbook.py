"""Workbooks: read by a process of their own, whose memory and time are bounded."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO, Any

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.sms.escape import quoted

from .error import ListError
from .package import MAX_CELLS, MAX_UNPACKED, MEMORY
from .table import TOO_MANY_COLUMNS, Batch, ListOptions, Table

SECONDS = 60.0
"""The time for one workbook."""

_AT_ONCE = threading.BoundedSemaphore(2)
_MAGIC = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")


def is_workbook(content: bytes) -> bool:
    """Return True if `content` is an archive or a compound file, as workbooks are."""
    return content.startswith(_MAGIC)


@contextmanager
def open_workbook(
    content: bytes, options: ListOptions, stopped: threading.Event, *, international: bool
) -> Iterator[Table]:
    """Give the table of the sheet that is meant, while its process runs: to its end, for a time, or until it is `stopped`.

    Raises :class:`ListError`, also while the rows are read.
    """
    arguments = {
        "sheet": options.sheet,
        "number_column": options.number_column,
        "international": international,
        "whole": options.whole,
    }
    with (
        _AT_ONCE,
        subprocess.Popen(  # noqa: S603
            [sys.executable, "-P", "-m", f"{__package__}.workbook_process", json.dumps(arguments)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # It needs no secret.
            env={name: value for name, value in os.environ.items() if not name.startswith("ILETIMERKEZI_")},
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        ) as process,
    ):
        assert process.stdin is not None
        assert process.stdout is not None
        expired = threading.Event()

        def watch() -> None:
            if not stopped.wait(SECONDS):
                expired.set()
            process.kill()

        threading.Thread(target=watch, daemon=True).start()
        try:
            # A process that is stopped reads no more.
            with suppress(OSError):
                process.stdin.write(content)
                process.stdin.close()
            messages = _messages(process.stdout, expired)
            head = next(messages)
            yield Table(
                kind=head["kind"],
                sheet=head["sheet"],
                hidden_rows=frozenset(head["hidden_rows"]),
                hidden_columns=frozenset(head["hidden_columns"]),
                hidden_known=head["hidden_known"],
                batches=(Batch(range(first, first + len(columns[0])), columns) for first, columns in messages),
            )
        finally:
            process.kill()


def _messages(lines: IO[bytes], expired: threading.Event) -> Iterator[Any]:
    """Yield the messages of the process up to its end; raise :class:`ListError` for a reason that it gives, or its death."""
    for line in lines:
        if not line.endswith(b"\n"):
            break
        message = json.loads(line)
        if message == "end" or "error" in message:
            # It ends by itself.
            lines.read()
            if message == "end":
                return
            reason, names = _REASONS[message["error"]], ", ".join(map(quoted, message["names"]))
            raise ListError(reason.format(names=names) if names else reason)
        yield message
    raise ListError(_TIME if expired.is_set() else _REASONS["memory"])


_TIME = Text(
    "Reading the workbook took longer than {seconds} seconds, which is the limit; save its rows as CSV UTF-8.",
    "Çalışma kitabını okumak {seconds} saniye sınırını aştı; satırları CSV UTF-8 olarak kaydedin.",
).format(seconds=int(SECONDS))

_REASONS = {
    "password": Text(
        "The workbook is protected with a password; save it without one.",
        "Çalışma kitabı parolayla korunuyor; parolasız kaydedin.",
    ),
    "damaged": Text(
        "The workbook is damaged, not complete or protected with a password; open it in Excel and save it anew without one.",
        "Çalışma kitabı bozuk, eksik ya da parolayla korunuyor; Excel'de açıp parolasız olarak yeniden kaydedin.",
    ),
    "not_a_workbook": Text(
        "The file is an archive and not a workbook; give an XLSX, XLS, XLSB, ODS or CSV file.",
        "Dosya bir arşiv, çalışma kitabı değil; XLSX, XLS, XLSB, ODS ya da CSV dosyası verin.",
    ),
    "unpacked": Text(
        "The workbook unpacks to more than {limit} MB, which is the limit; save its rows as CSV UTF-8.",
        "Çalışma kitabı açıldığında {limit} MB sınırını aşıyor; satırları CSV UTF-8 olarak kaydedin.",
    ).format(limit=MAX_UNPACKED // 1024**2),
    "extent": Text(
        "The sheet has more than {limit} cells from A1 to its last one, which is the limit; delete what is far from the list "
        "and save it.",
        "Sayfada A1'den son hücreye {limit} hücre sınırından fazlası var; listeden uzaktaki hücreleri silip kaydedin.",
    ).format(limit=MAX_CELLS),
    "columns": TOO_MANY_COLUMNS,
    "memory": Text(
        "The workbook could not be read within {limit} MB of memory, which is the limit, or is damaged; save its rows as CSV "
        "UTF-8.",
        "Çalışma kitabı {limit} MB bellek sınırı içinde okunamadı ya da bozuk; satırları CSV UTF-8 olarak kaydedin.",
    ).format(limit=MEMORY // 1024**2),
    "no_sheet": Text(
        "The workbook has no such sheet, or several of that name; its sheets are {names}.",
        "Çalışma kitabında bu adda bir sayfa yok ya da birden çok var; sayfaları: {names}.",
    ),
    "no_visible_sheet": Text(
        "All sheets of the workbook are hidden; show one and save it, or name one.",
        "Çalışma kitabının bütün sayfaları gizli; birini gösterip kaydedin ya da adını verin.",
    ),
    "several_filled": Text(
        "More than one sheet holds something, hidden ones included: {names}. Save the sheet with the numbers as a file of "
        "its own, or as CSV.",
        "Gizliler de sayılırsa birden çok sayfa dolu: {names}. Numaraların olduğu sayfayı ayrı bir dosya ya da CSV olarak "
        "kaydedin.",
    ),
    "several_sheets": Text(
        "Several sheets have numbers: {names}. Ask which one to use and give it as sheet.",
        "Birden çok sayfada numara var: {names}. Hangisinin kullanılacağını sorup sheet olarak verin.",
        person=Text(
            "Several sheets have numbers: {names}. Give one with --sheet.",
            "Birden çok sayfada numara var: {names}. Birini --sheet ile verin.",
        ),
    ),
}
"""By the word that the process gives."""
