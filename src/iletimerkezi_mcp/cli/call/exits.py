"""The exit codes: what a script learns without reading the answer."""

from __future__ import annotations

from enum import IntEnum

from iletimerkezi_mcp.language import Text


class Exit(IntEnum):
    """How a call ended. `UNKNOWN` is one of its own so that no script repeats what may have been done."""

    FINE = 0
    NOT_DONE = 1
    USAGE = 2
    PREVIEWED = 3
    UNKNOWN = 4
    INTERRUPTED = 130


MEANINGS: dict[Exit, Text] = {
    Exit.FINE: Text("read, or done", "okundu ya da yapıldı"),
    Exit.NOT_DONE: Text(
        "not done: wrong arguments, a limit, held back, declined, refused, or not readable (the answer says which)",
        "yapılmadı: yanlış parametre, sınır, bekletme, hayır yanıtı, ret ya da okunamama (hangisi olduğu yanıtta)",
    ),
    Exit.USAGE: Text("the command line or a setting is wrong", "komut satırı ya da bir ayar yanlış"),
    Exit.PREVIEWED: Text(
        "nothing done yet: a preview, and in confirm its code", "henüz yapılmadı: önizleme ve confirm alanında kodu"
    ),
    Exit.UNKNOWN: Text(
        "it may have been done; do not repeat it, look first", "yapılmış olabilir; yinelemeyin, önce kontrol edin"
    ),
    Exit.INTERRUPTED: Text("stopped by Ctrl-C before anything was done", "bir şey yapılmadan Ctrl-C ile durduruldu"),
}

_BY_OUTCOME = {
    "ok": Exit.FINE,
    "done": Exit.FINE,
    "preview": Exit.PREVIEWED,
    "unknown": Exit.UNKNOWN,
}


def exit_for(outcome: str) -> Exit:
    """The exit code of an answer."""
    return _BY_OUTCOME.get(outcome, Exit.NOT_DONE)
