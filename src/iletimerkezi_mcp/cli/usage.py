"""The exit codes, the error for wrong usage, and what it may repeat."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from iletimerkezi_mcp.language import ExplainedError, Text

FAILED = 1
USAGE_ERROR = 2
INTERRUPTED = 130
"""Stopped by Ctrl-C."""

EXIT_CODES: Final[Mapping[int, Text]] = {
    0: Text("it worked; of a change: the provider accepted it", "başarılı; değişiklikte: sağlayıcı kabul etti"),
    FAILED: Text(
        "it failed, or was refused; of a change: nothing was done",
        "başarısız ya da reddedildi; değişiklikte: hiçbir şey yapılmadı",
    ),
    USAGE_ERROR: Text(
        "the command line or a setting is wrong; nothing was done",
        "komut satırı ya da bir ayar yanlış; hiçbir şey yapılmadı",
    ),
    3: Text(
        "call: nothing done yet; the preview and its code for --confirm are in the answer",
        "call: henüz yapılmadı; önizleme ve --confirm için kodu yanıtta",
    ),
    4: Text(
        "call: it may have been done; do not repeat it, look first",
        "call: yapılmış olabilir; yinelemeyin, önce kontrol edin",
    ),
    5: Text(
        "call: begun and not finished; do not repeat it, look first",
        "call: başladı ama bitmedi; yinelemeyin, önce kontrol edin",
    ),
    INTERRUPTED: Text("stopped by Ctrl-C before anything was done", "bir şey yapılmadan Ctrl-C ile durduruldu"),
}
"""Every way in which the program ends; the help and the documents are made from it."""

Flags = Mapping[str, str | None]
"""The values of the settings' flags, by field; None for a flag that was not used."""


class UsageError(ExplainedError):
    """The command line cannot be understood. `reason` is one sentence, and holds nothing that may be a secret."""


def flag_name(word: str) -> str:
    """Return the name of the flag that `word` is, without a value that is stuck to it."""
    return word.partition("=")[0] if word.startswith("--") else word[:2]


def causes(error: BaseException) -> Iterator[BaseException]:
    """Yield what was raised, without the groups that task groups put around it."""
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            yield from causes(inner)
    else:
        yield error


def language_on(words: Sequence[str]) -> str | None:
    """Return the value of ``--lang``, also from a command line that cannot be understood as a whole."""
    for index, word in enumerate(words, 1):
        name, joined, value = word.partition("=")
        if name == "--lang":
            return value if joined else next(iter(words[index:]), None)
    return None
