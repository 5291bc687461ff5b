"""The outcomes of a call: one vocabulary, from the provider's error to the exit code of the command line.

Errors and codes of the provider, the ledger, the tools' answers, the documents and the command line all use these
words, and read from :data:`OUTCOMES` what follows from each. A new outcome is one more row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from iletimerkezi_mcp.language import Text

FailureOutcome = Literal["nothing_done", "refused", "unknown"]
"""The outcomes of a request that failed."""

RequestOutcome = Literal["done", FailureOutcome]
"""The outcomes of a request that was to change something."""

ReadOutcome = Literal["ok", "nothing_done", "refused", "failed"]
"""The outcomes of a tool that only reads."""

ChangeOutcome = Literal["preview", "waiting", "dry_run", "declined", "held_back", RequestOutcome]
"""The outcomes of a tool that changes something."""

SeriesOutcome = Literal[ChangeOutcome, "under_way", "stopped"]
"""The outcomes of a tool that changes something in several requests under one confirmation."""

Outcome = Literal[ReadOutcome, SeriesOutcome]


@dataclass(frozen=True, slots=True)
class OutcomeFacts:
    """The consequences of an outcome.

    `changed` says if the change may have been made, or a part of it. `exit_code` is that of ``iletimerkezi-mcp call``:
    "maybe" and "partly" have their own, so that no script repeats what may have been done.
    """

    meaning: Text
    is_error: bool
    exit_code: int
    changed: Literal["no", "yes", "maybe", "partly"] = "no"


OUTCOMES: Final[Mapping[Outcome, OutcomeFacts]] = {
    "ok": OutcomeFacts(Text("it was read", "okundu"), is_error=False, exit_code=0),
    "done": OutcomeFacts(
        Text("the provider accepted it; that is not delivery", "sağlayıcı kabul etti; bu, iletildiği anlamına gelmez"),
        is_error=False,
        exit_code=0,
        changed="yes",
    ),
    "preview": OutcomeFacts(
        Text(
            "nothing done yet: a preview, and in confirm its code", "henüz yapılmadı: önizleme ve confirm alanında kodu"
        ),
        is_error=False,
        exit_code=3,
    ),
    "waiting": OutcomeFacts(
        Text(
            "nothing done yet: it waits for a person's yes on a card or a page",
            "henüz yapılmadı: bir kişinin kart ya da sayfadaki onayını bekliyor",
        ),
        is_error=False,
        exit_code=3,
    ),
    "dry_run": OutcomeFacts(
        Text(
            "nothing was done, as asked for: the preview, and what stands in the way of it",
            "istendiği gibi yapılmadı: önizleme ve varsa engeli",
        ),
        is_error=False,
        exit_code=0,
    ),
    "unknown": OutcomeFacts(
        Text(
            "it may have been done; do not repeat it, look first", "yapılmış olabilir; yinelemeyin, önce kontrol edin"
        ),
        is_error=True,
        exit_code=4,
        changed="maybe",
    ),
    "under_way": OutcomeFacts(
        Text(
            "several requests, some still to come: it goes on by itself while this server runs",
            "birden çok istek, bir bölümü sırada: bu sunucu çalıştıkça kendiliğinden sürer",
        ),
        is_error=False,
        exit_code=5,
        changed="partly",
    ),
    "stopped": OutcomeFacts(
        Text(
            "several requests, and it ended before the last one; do not repeat it, look first",
            "birden çok istek, sonuncusundan önce durdu; yinelemeyin, önce kontrol edin",
        ),
        is_error=True,
        exit_code=5,
        changed="partly",
    ),
    "declined": OutcomeFacts(
        Text("nothing was done: the person did not say yes", "yapılmadı: kullanıcı onaylamadı"),
        is_error=False,
        exit_code=1,
    ),
    "held_back": OutcomeFacts(
        Text(
            "nothing was done: the same message was sent shortly before",
            "yapılmadı: aynı mesaj kısa süre önce gönderildi",
        ),
        is_error=True,
        exit_code=1,
    ),
    "nothing_done": OutcomeFacts(
        Text(
            "nothing was done: wrong arguments, a limit, or no connection",
            "yapılmadı: yanlış parametre, sınır ya da bağlantı sorunu",
        ),
        is_error=True,
        exit_code=1,
    ),
    "refused": OutcomeFacts(
        Text("the provider refused, and nothing was done", "sağlayıcı reddetti, yapılmadı"), is_error=True, exit_code=1
    ),
    "failed": OutcomeFacts(Text("it could not be read", "okunamadı"), is_error=True, exit_code=1),
}
