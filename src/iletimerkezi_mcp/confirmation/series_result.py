"""The results of a series under one confirmation, and the words for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from iletimerkezi_mcp.language import Text, verbatim
from iletimerkezi_mcp.ledger.attempts import Attempt
from iletimerkezi_mcp.provider.outcomes import SeriesOutcome
from iletimerkezi_mcp.sms.clock import describe_time

from .change_result import CONFIRMED_BY, ChangeResult
from .pending_series import SeriesStopped

_UNDER_WAY = Text(
    "It is under way, and goes on by itself while this server runs. Requests made so far: {done}.",
    "İşlem sürüyor; bu sunucu çalıştıkça kendiliğinden devam eder. Şimdiye kadar yapılan istek: {done}.",
)
_UNDER_WAY_OF = Text(
    "It is under way, and goes on by itself while this server runs. Requests made so far: {done} of {steps}.",
    "İşlem sürüyor; bu sunucu çalıştıkça kendiliğinden devam eder. Şimdiye kadar yapılan istek: {done}/{steps}.",
)
_LOOK_LATER = Text(
    "Tell the user. The same call again says how far it is. {how_to_verify}",
    "Kullanıcıya söyleyin. Aynı çağrı yeniden yapılırsa ne kadarının yapıldığı görülür. {how_to_verify}",
    person=Text(
        "The same call again says how far it is. {how_to_verify}",
        "Aynı çağrı yeniden yapılırsa ne kadarının yapıldığı görülür. {how_to_verify}",
    ),
)
_ENDED_EARLY = Text("It stopped before its end: {reason}", "Sonuna gelmeden durdu: {reason}")
_TELL_WHAT_WAS_DONE = Text(
    "Tell the user what was done and what was not; do not repeat it. {how_to_verify}",
    "Kullanıcıya neyin yapıldığını, neyin yapılmadığını söyleyin; yinelemeyin. {how_to_verify}",
    person=Text("Do not repeat it. {how_to_verify}", "Yinelemeyin. {how_to_verify}"),
)

SERVER_STOPS = Text(
    "this server was stopped, and no further request was made.", "bu sunucu durduruldu ve başka istek yapılmadı."
)
SERVER_STOPPED_IN_STEP = Text(
    "this server was stopped while a request was under way, which may have been carried out.",
    "bu sunucu bir istek sürerken durduruldu; o istek yerine getirilmiş olabilir.",
)
SERVER_FAILED = Text(
    "this server failed between two requests; its log has the details.",
    "iki istek arasında bu sunucuda hata oluştu; ayrıntılar günlüğünde.",
)
SERVER_FAILED_IN_STEP = Text(
    "this server failed while a request was under way, which may have been carried out; its log has the details.",
    "bir istek sürerken bu sunucuda hata oluştu; o istek yerine getirilmiş olabilir, ayrıntılar günlüğünde.",
)
CALL_CANCELLED = Text("the call was cancelled before the first request.", "çağrı ilk istekten önce iptal edildi.")
OVERTAKEN = Text(
    "another call has continued, ended or cancelled it.", "başka bir çağrı onu sürdürdü, bitirdi ya da iptal etti."
)
PAUSED = Text(
    "between two requests this machine slept or the process was paused, so that it may be out of date.",
    "iki istek arasında bilgisayar uyku moduna geçti ya da süreç duraklatıldı; artık güncel olmayabilir.",
)


def ended_early(reason: Text, how_to_verify: Text, word: str, *, unknown: bool = False) -> SeriesStopped:
    """Return the end of a series that something other than a step's outcome ended; `reason` is a clause."""
    return SeriesStopped(
        _ENDED_EARLY.format(reason=reason),
        _TELL_WHAT_WAS_DONE.format(how_to_verify=how_to_verify),
        "unknown" if unknown else "stopped",
        word=word,
    )


def stopped(stop: SeriesStopped) -> ChangeResult:
    """Return the result of a series that ended before its last step."""
    return ChangeResult(stop.outcome, stop.reason, stop.next_step)


def under_way(done: int, steps: int | None, how_to_verify: Text, fields: Mapping[str, Any]) -> ChangeResult:
    """Return the result of a series that goes on: `done` of its `steps`, if these are known, have ended."""
    summary = _UNDER_WAY.format(done=done) if steps is None else _UNDER_WAY_OF.format(done=done, steps=steps)
    return ChangeResult("under_way", summary, _LOOK_LATER.format(how_to_verify=how_to_verify), fields=fields)


LEFT_OUT = Text(
    "Tell the user. A new call leaves out who has it by now, under a new preview; do not change the text to get past this.",
    "Kullanıcıya söyleyin. Yeni bir çağrı, mesajı bu arada alanları çıkarır ve yeni bir önizleme gösterir; bunu aşmak için "
    "metni değiştirmeyin.",
    person=Text(
        "A new call leaves out who has it by now, under a new preview; do not change the text to get past this.",
        "Yeni bir çağrı, mesajı bu arada alanları çıkarır ve yeni bir önizleme gösterir; bunu aşmak için metni "
        "değiştirmeyin.",
    ),
)
"""The next step if earlier sends of the text hold a series back: there is no argument for it."""

_BEFORE = Text(
    "This was confirmed already at {started}; nothing more was begun now.",
    "Bu işlem daha önce onaylanmıştı ({started}); şimdi başka bir şey başlatılmadı.",
)


def repeated(attempt: Attempt, result: ChangeResult) -> ChangeResult:
    """Return `result`, what is known of the series `attempt` by now, to a call that was to make it once more."""
    summary = Text.join(" ", [_BEFORE.format(started=describe_time(attempt.started)), result.summary])
    return replace(result, summary=summary, preview=None, warnings=(), reason="repeated")


_RECORD = Text(
    "Of its requests {done} were accepted, {unknown} have an unknown outcome, and {failed} were not carried out.",
    "İsteklerinden {done} tanesi kabul edildi, {unknown} tanesinin sonucu bilinmiyor, {failed} tanesi yapılmadı.",
)
_DONE = Text("It came to its end.", "Sonuna geldi.")
_GOES_ON = Text("It is under way, in another process.", "İşlem başka bir süreçte devam ediyor.")
_DID_NOT_END = Text("It did not come to its end.", "Sonuna gelmedi.")
_READ_CAMPAIGN = Text(
    "Tell the user; get_campaigns with {campaign} shows what is left.",
    "Kullanıcıya söyleyin; get_campaigns {campaign} ile kalanı gösterir.",
    person=Text("get_campaigns with {campaign} shows what is left.", "get_campaigns {campaign} ile kalanı gösterir."),
)
_LOOK = Text(
    "Tell the user; do not repeat it before what was done has been looked at.",
    "Kullanıcıya söyleyin; nelerin yapıldığına bakmadan yinelemeyin.",
    person=Text("Look at what was done before you repeat it.", "Yinelemeden önce nelerin yapıldığına bakın."),
)


def recorded(attempt: Attempt, steps: Sequence[Attempt]) -> ChangeResult:
    """Return what the ledger knows of a series that another process has begun: `attempt` and its `steps`."""
    outcomes = [step.outcome for step in steps]
    done, unknown = outcomes.count("done"), outcomes.count("unknown")
    outcome: SeriesOutcome = "stopped"
    end = _DID_NOT_END
    if attempt.state == "done":
        outcome, end = "done", _DONE
    elif attempt.state == "in_flight":
        outcome, end = "under_way", _GOES_ON
    record = _RECORD.format(done=done, unknown=unknown, failed=len(steps) - done - unknown)
    next_step = _LOOK if attempt.campaign is None else _READ_CAMPAIGN.format(campaign=verbatim(attempt.campaign))
    summary = Text.join(" ", [end, record, CONFIRMED_BY[attempt.confirmed_by]])
    result = ChangeResult(outcome, summary, next_step, confirmed_by=attempt.confirmed_by)
    return repeated(attempt, result)
