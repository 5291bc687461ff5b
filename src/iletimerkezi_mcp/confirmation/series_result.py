"""The results of a series under one confirmation, and the words for them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from iletimerkezi_mcp.language import Text, for_onlooker, verbatim
from iletimerkezi_mcp.ledger.attempts import Attempt
from iletimerkezi_mcp.provider.outcomes import SeriesOutcome
from iletimerkezi_mcp.sms.clock import describe_time

from .change_result import CONFIRMED_ALREADY, CONFIRMED_BY, ChangeResult
from .pending_series import SeriesStopped

_UNDER_WAY = Text(
    "It is under way, and goes on by itself while this server runs. Requests made so far: {done}.",
    "İşlem sürüyor; bu sunucu çalıştıkça kendiliğinden devam eder. Şimdiye kadar yapılan istek: {done}.",
)
_LOOK_LATER = Text(
    "Tell the user. The same call again says how far it is. {how_to_verify}",
    "Kullanıcıya söyleyin. Aynı çağrı yeniden yapılırsa ne kadarının yapıldığı görülür. {how_to_verify}",
    person=Text(
        "The same call again says how far it is. {how_to_verify}",
        "Aynı çağrı yeniden yapılırsa ne kadarının yapıldığı görülür. {how_to_verify}",
    ),
)
_TELL_WHAT_WAS_DONE = Text(
    "Tell the user what was done and what was not; do not repeat it. {how_to_verify}",
    "Kullanıcıya neyin yapıldığını, neyin yapılmadığını söyleyin; yinelemeyin. {how_to_verify}",
    person=Text("Do not repeat it. {how_to_verify}", "Yinelemeyin. {how_to_verify}"),
)

EarlyEnd = Literal["server_stopped", "failure", "call_cancelled", "overtaken", "paused", "audit_log", "ledger"]
"""The ends of a series that its planner does not decide on, as the audit log names them."""

_EARLY_ENDS: dict[EarlyEnd, Text] = {
    "server_stopped": Text("this server was stopped.", "bu sunucu durduruldu."),
    "failure": Text("this server failed; its log has the details.", "bu sunucuda hata oluştu; ayrıntılar günlüğünde."),
    "call_cancelled": Text("the call was cancelled before the first request.", "çağrı ilk istekten önce iptal edildi."),
    "overtaken": Text(
        "another call has continued, ended or cancelled it.", "başka bir çağrı onu sürdürdü, bitirdi ya da iptal etti."
    ),
    "paused": Text(
        "between two requests this machine slept or the process was paused, so that it may be out of date.",
        "iki istek arasında bilgisayar uyku moduna geçti ya da süreç duraklatıldı; artık güncel olmayabilir.",
    ),
}
_ENDED_EARLY = Text("It stopped before it was finished: {reason}", "Tamamlanmadan durdu: {reason}")
_ENDED_IN_DOUBT = Text(
    "It stopped before it was finished, and one of its requests may have been carried out: {reason}",
    "Tamamlanmadan durdu ve isteklerinden biri yerine getirilmiş olabilir: {reason}",
)


def ended_early(
    word: EarlyEnd, outcomes: Collection[str], how_to_verify: Text, reason: Text | None = None
) -> SeriesStopped:
    """Return the end of a series after steps with these `outcomes`; `reason`, a clause, is needed for want of a record."""
    doubt = "unknown" in outcomes
    return SeriesStopped(
        (_ENDED_IN_DOUBT if doubt else _ENDED_EARLY).format(reason=reason or _EARLY_ENDS[word]),
        _TELL_WHAT_WAS_DONE.format(how_to_verify=how_to_verify),
        "unknown" if doubt else "stopped",
        word=word,
    )


def under_way(attempt: Attempt, done: int, how_to_verify: Text, fields: Mapping[str, Any]) -> ChangeResult:
    """Return the result of a series that goes on, `done` of whose steps have ended."""
    return ChangeResult(
        "under_way",
        _UNDER_WAY.format(done=done),
        _LOOK_LATER.format(how_to_verify=how_to_verify),
        confirmed_by=attempt.confirmed_by,
        way=attempt.way,
        fields=fields,
    )


def repeated(attempt: Attempt, result: ChangeResult) -> ChangeResult:
    """Return `result`, what is known of the series `attempt` by now, to a call that was to make it once more."""
    summary = Text.join(" ", [CONFIRMED_ALREADY.format(started=describe_time(attempt.started)), result.summary])
    return replace(result, summary=summary, preview=None, warnings=(), reason="repeated")


_RECORD = Text(
    "Of its requests {done} were accepted, {unknown} have an unknown outcome, and {failed} were not carried out.",
    "İsteklerinden {done} tanesi kabul edildi, {unknown} tanesinin sonucu bilinmiyor, {failed} tanesi yapılmadı.",
)
_DONE = Text("It is finished.", "Tamamlandı.")
_GOES_ON = Text("It is under way, in another process.", "İşlem başka bir süreçte devam ediyor.")
_DID_NOT_END = Text("It was not finished.", "Tamamlanmadı.")
_READ_CAMPAIGN = for_onlooker(
    Text("get_campaigns with {campaign} shows what is left.", "get_campaigns {campaign} ile kalanı gösterir."),
    "Ask in the chat what is left of the campaign.",
    "Kampanyadan ne kaldığını sohbette sorun.",
)
_LOOK_FIRST = Text("Look at what was done first.", "Önce nelerin yapıldığına bakın.")


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
    look = _LOOK_FIRST if attempt.campaign is None else _READ_CAMPAIGN.format(campaign=verbatim(attempt.campaign))
    result = ChangeResult(
        outcome,
        Text.join(" ", [end, record, CONFIRMED_BY[attempt.way]]),
        _TELL_WHAT_WAS_DONE.format(how_to_verify=look),
        confirmed_by=attempt.confirmed_by,
        way=attempt.way,
    )
    return repeated(attempt, result)
