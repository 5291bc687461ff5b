"""The outcomes of a call: one vocabulary, from the provider's error to the exit code of the command line.

Errors and codes of the provider, the ledger, the tools' answers, the documents and the command line all use these
words, and read from :data:`OUTCOMES` what follows from each. A new outcome is one more row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from iletimerkezi_mcp.language import Text

FailureOutcome = Literal["nothing_done", "refused", "unknown"]
"""The outcomes of a request that failed."""

RequestOutcome = Literal["done", FailureOutcome]
"""The outcomes of a request that was to change something."""

ReadOutcome = Literal["ok", "nothing_done", "refused", "failed"]
"""The outcomes of a tool that only reads."""

ChangeOutcome = Literal["preview", "declined", "held_back", RequestOutcome]
"""The outcomes of a tool that changes something."""

Outcome = Literal[ReadOutcome, ChangeOutcome]


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeFacts:
    """The consequences of an outcome.

    `changed` says if the change may have been made. `exit_code` is that of ``iletimerkezi-mcp call``: "maybe" has one
    of its own, so that no script repeats what may have been done.
    """

    is_error: bool
    changed: Literal["no", "yes", "maybe"]
    exit_code: int
    meaning: Text


OUTCOMES: Final[Mapping[Outcome, OutcomeFacts]] = MappingProxyType(
    {
        "ok": OutcomeFacts(is_error=False, changed="no", exit_code=0, meaning=Text("it was read", "okundu")),
        "done": OutcomeFacts(
            is_error=False,
            changed="yes",
            exit_code=0,
            meaning=Text(
                "the provider accepted it; that is not delivery", "sağlayıcı kabul etti; bu, iletildiği anlamına gelmez"
            ),
        ),
        "preview": OutcomeFacts(
            is_error=False,
            changed="no",
            exit_code=3,
            meaning=Text(
                "nothing done yet: a preview, and in confirm its code",
                "henüz yapılmadı: önizleme ve confirm alanında kodu",
            ),
        ),
        "unknown": OutcomeFacts(
            is_error=True,
            changed="maybe",
            exit_code=4,
            meaning=Text(
                "it may have been done; do not repeat it, look first",
                "yapılmış olabilir; yinelemeyin, önce kontrol edin",
            ),
        ),
        "declined": OutcomeFacts(
            is_error=False,
            changed="no",
            exit_code=1,
            meaning=Text("nothing was done: the person did not say yes", "yapılmadı: kullanıcı onaylamadı"),
        ),
        "held_back": OutcomeFacts(
            is_error=True,
            changed="no",
            exit_code=1,
            meaning=Text(
                "nothing was done: the same message was sent shortly before",
                "yapılmadı: aynı mesaj kısa süre önce gönderildi",
            ),
        ),
        "nothing_done": OutcomeFacts(
            is_error=True,
            changed="no",
            exit_code=1,
            meaning=Text(
                "nothing was done: wrong arguments, a limit, or no connection",
                "yapılmadı: yanlış parametre, sınır ya da bağlantı sorunu",
            ),
        ),
        "refused": OutcomeFacts(
            is_error=True,
            changed="no",
            exit_code=1,
            meaning=Text("the provider refused, and nothing was done", "sağlayıcı reddetti, yapılmadı"),
        ),
        "failed": OutcomeFacts(
            is_error=True, changed="no", exit_code=1, meaning=Text("it could not be read", "okunamadı")
        ),
    }
)
