"""What became of a changing call, and the words for it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from iletimerkezi_mcp.language import Text, count
from iletimerkezi_mcp.ledger.attempts import Attempt, ConfirmedBy, Duplicate, State
from iletimerkezi_mcp.provider.errors import ApiError
from iletimerkezi_mcp.provider.outcomes import ChangeOutcome, FailureOutcome
from iletimerkezi_mcp.sms.clock import describe_time

from .pending_change import Done, PendingChange

CODE_LIFE = timedelta(minutes=10)
"""How long a code is good for."""

_MINUTES = int(CODE_LIFE.total_seconds() // 60)

_AGREED = Text(
    "After the user's own yes call again with the same arguments and this code in confirm; it is good for "
    f"{_MINUTES} minutes, once, for exactly this.",
    "Kullanıcının kendi onayından sonra aynı parametrelerle ve confirm alanında bu kodla yeniden çağırın; kod "
    f"{_MINUTES} dakika, bir kez ve yalnızca bu işlem için geçerlidir.",
)

_TELL = Text("Tell the user.", "Kullanıcıya söyleyin.")


@dataclass(frozen=True, slots=True)
class ChangeResult:
    """What became of a changing call.

    `shown` is the preview's text, where there is one to show, `warnings` what it warned of. `confirmed_by` and
    `since_preview` say who confirmed, and how long after the preview; `arguments_digest` is their keyed digest. `audited`: the audit log has it.
    """

    outcome: ChangeOutcome
    summary: Text
    next_step: Text
    code: int | None = None
    order_id: str | None = None
    confirm: str | None = None
    shown: str | None = None
    warnings: tuple[Text, ...] = ()
    confirmed_by: ConfirmedBy | None = None
    since_preview: timedelta | None = None
    arguments_digest: bytes | None = None
    audited: bool = False


def not_allowed(reason: Text) -> ChangeResult:
    """A limit of the operator, or something that the deed lacks."""
    return ChangeResult("nothing_done", Text("Nothing was done. ", "Hiçbir şey yapılmadı. ") + reason, _TELL)


def previewed(
    deed: PendingChange, code: str, shown: str, warnings: tuple[Text, ...], instead: Text | None
) -> ChangeResult:
    """Nothing has been done yet; `instead` says what was wrong with the code that came, if one did."""
    nothing = (
        Text("Nothing has been sent. ", "Hiçbir şey gönderilmedi. ")
        if deed.message is not None
        else Text("Nothing has been done. ", "Hiçbir şey yapılmadı. ")
    )
    show = Text(
        "Show this to the user word for word and end your turn; repeat the call with the code only after they agree in "
        "a message of their own.",
        "Bunu kullanıcıya kelimesi kelimesine gösterin ve yanıtınızı burada bitirin; çağrıyı kodla ancak kullanıcı kendi "
        "mesajıyla onayladıktan sonra yineleyin.",
    )
    summary = nothing + show if instead is None else instead + " " + nothing + show
    outcome: ChangeOutcome = "preview" if instead is None else "nothing_done"
    return ChangeResult(outcome, summary, _AGREED, confirm=code, shown=shown, warnings=warnings)


STAYS_COMMERCIAL = Text("Do not send this as transactional.", "Bunu transactional olarak göndermeyin.")
"""How every refusal of a commercial send ends: a model that is refused tries the other type next."""


def of_campaign(decided: ChangeResult) -> ChangeResult:
    """`decided` for a commercial send: a refusal ends with :data:`STAYS_COMMERCIAL`."""
    if decided.outcome in ("preview", "done") or decided.next_step.en.endswith(STAYS_COMMERCIAL.en):
        return decided
    return replace(decided, next_step=decided.next_step + " " + STAYS_COMMERCIAL)


WRONG_CODES: dict[str, Text] = {
    "not_issued": Text("This code was not handed out here.", "Bu kod buradan verilmedi."),
    "expired": Text("This code has expired.", "Bu kodun süresi doldu."),
    "withdrawn": Text("This code is not good any more.", "Bu kod artık geçerli değil."),
    "other_change": Text(
        "This code was given for something else: what is confirmed is what is done.",
        "Bu kod başka bir işlem için verildi: ne onaylandıysa o yapılır.",
    ),
}


def declined() -> ChangeResult:
    """No yes came from a person."""
    return ChangeResult(
        "declined",
        Text(
            "Nothing was done. Either the person said no or this host showed them no question.",
            "Hiçbir şey yapılmadı. Ya kullanıcı hayır dedi ya da bu istemci ona soru göstermedi.",
        ),
        Text(
            "Ask the user which; if they saw none, the operator can set ILETIMERKEZI_CONFIRM=code; do not try another "
            "way.",
            "Hangisi olduğunu kullanıcıya sorun; soru görmediyse yönetici ILETIMERKEZI_CONFIRM=code ayarlayabilir; "
            "başka yol denemeyin.",
        ),
    )


def needs_person(count_from: int | None) -> ChangeResult:
    """Only a form would do, and this host shows none. `count_from` is the number from which that is so."""
    why = (
        Text(
            "Only a person's yes in a form counts here (ILETIMERKEZI_CONFIRM=human), and this host cannot ask.",
            "Burada yalnızca bir kişinin formda verdiği onay geçerli (ILETIMERKEZI_CONFIRM=human) ve bu istemci "
            "soramıyor.",
        )
        if count_from is None
        else Text("From ", "")
        + count(count_from)
        + Text(
            " recipients or consents on a person must say yes in a form, and this host cannot show one.",
            " ve üzeri alıcı ya da izin kaydında bir kişinin formda onaylaması gerekir ve bu istemci form gösteremiyor.",
        )
    )
    return ChangeResult(
        "nothing_done",
        Text("Nothing was done. ", "Hiçbir şey yapılmadı. ") + why,
        Text(
            "Tell the user: use a host that can show a form, or have the operator set ILETIMERKEZI_CONFIRM=code. Do not "
            "split the list.",
            "Kullanıcıya söyleyin: form gösterebilen bir istemci kullanılmalı ya da yönetici ILETIMERKEZI_CONFIRM=code "
            "ayarlamalı. Listeyi bölmeyin.",
        ),
    )


def held_back(held: Duplicate) -> ChangeResult:
    """An identical send holds this one back."""
    first, until = held.attempt, describe_time(held.until)
    when = describe_time(first.started)
    if first.state == "unknown":
        return ChangeResult(
            "held_back",
            Text(
                "Not sent: the same text to the same recipients was sent at ",
                "Gönderilmedi: aynı metin aynı alıcılara ",
            )
            + when
            + Text(
                " and nobody knows whether it arrived; it is held back until ",
                " anında gönderildi ve ulaşıp ulaşmadığı bilinmiyor; bekletmenin biteceği zaman: ",
            )
            + until
            + ".",
            Text(
                "Read get_reports of that day: it settles the first one, and this becomes possible if it did not go out.",
                "O günün get_reports listesini okuyun: ilkinin durumu belli olur, gitmediyse bu gönderim mümkün olur.",
            ),
            order_id=first.order_id,
        )
    named = (
        Text(f" (order {first.order_id})", f" (sipariş {first.order_id})")
        if first.order_id
        else Text(" (under way)", " (sürüyor)")
    )
    return ChangeResult(
        "held_back",
        Text("Not sent: the same text went to the same recipients at ", "Gönderilmedi: aynı metin aynı alıcılara ")
        + when
        + Text("", " anında gitti")
        + named
        + Text("; an identical one is held back until ", "; aynı gönderim bekletiliyor, bekletmenin biteceği zaman: ")
        + until
        + ".",
        Text(
            "Tell the user; do not change the text to get past this.",
            "Kullanıcıya söyleyin; bunu aşmak için metni değiştirmeyin.",
        ),
        order_id=first.order_id,
    )


_NOT_KNOWN = Text(
    "This was confirmed already at {started}, and its outcome is not known. Nothing more was done now.",
    "Bu işlem {started} anında onaylanmıştı ve sonucu bilinmiyor. Şimdi başka bir şey yapılmadı.",
)

_CONFIRMED_ALREADY: dict[State, Text] = {
    "in_flight": _NOT_KNOWN,
    "unknown": _NOT_KNOWN,
    "not_found": _NOT_KNOWN,
    "done": Text(
        "This was confirmed already at {started}, and the provider accepted it. Nothing more was done now.",
        "Bu işlem {started} anında onaylanmıştı ve sağlayıcı kabul etti. Şimdi başka bir şey yapılmadı.",
    ),
    "cancelled": Text(
        "This was confirmed already at {started}, was accepted, and was cancelled since. Nothing more was done now.",
        "Bu işlem {started} anında onaylanmıştı, kabul edildi ve sonradan iptal edildi. Şimdi başka bir şey yapılmadı.",
    ),
    "refused": Text(
        "This was confirmed already at {started}, and the provider refused it. Nothing more was done now.",
        "Bu işlem {started} anında onaylanmıştı ve sağlayıcı reddetti. Şimdi başka bir şey yapılmadı.",
    ),
    "nothing_done": Text(
        "This was confirmed already at {started}, but never left this machine. Nothing more was done now.",
        "Bu işlem {started} anında onaylanmıştı ama bu makineden hiç çıkmadı. Şimdi başka bir şey yapılmadı.",
    ),
}


def used(attempt: Attempt) -> ChangeResult:
    """Return what became of the change that this code was used for, and do nothing more."""
    summary = _CONFIRMED_ALREADY[attempt.state].format(started=describe_time(attempt.started))
    if attempt.order_id:
        order = Text("Order number: {order}.", "Sipariş numarası: {order}.").format(order=attempt.order_id)
        summary = Text.join(" ", [summary, order])
    return ChangeResult(
        attempt.outcome,
        summary,
        Text(
            "For a new one make a call without confirm; tell the user first.",
            "Yenisi için confirm olmadan çağırın; önce kullanıcıya söyleyin.",
        ),
        attempt.code,
        order_id=attempt.order_id,
    )


def succeeded(done: Done, note: Text | None) -> ChangeResult:
    """The provider accepted it; `note` adds what went wrong here since."""
    summary = done.summary if note is None else done.summary + " " + note
    return ChangeResult("done", summary, done.next_step, order_id=done.order_id)


_LOOK_FIRST = Text("Do not repeat it. {look}", "Yinelemeyin. {look}")


def stopped(deed: PendingChange) -> ChangeResult:
    """The server was told to stop while the request was under way."""
    return ChangeResult(
        "unknown",
        Text(
            "It may have been done: this server was stopped while the request was under way.",
            "Yapılmış olabilir: bu sunucu istek sürerken durduruldu.",
        ),
        _LOOK_FIRST.format(look=deed.how_to_verify),
    )


def broken(deed: PendingChange) -> ChangeResult:
    """A defect of this server, at an instant at which the request may have left."""
    return ChangeResult(
        "unknown",
        Text(
            "It may have been done: this server failed while the request was under way; its log has the details.",
            "Yapılmış olabilir: istek sürerken bu sunucuda hata oluştu; ayrıntılar günlüğünde.",
        ),
        _LOOK_FIRST.format(look=deed.how_to_verify),
    )


_FAILED: dict[FailureOutcome, Text] = {
    "nothing_done": Text("Nothing was done: {reason}", "Hiçbir şey yapılmadı: {reason}"),
    "refused": Text(
        "The provider refused, and nothing was done: {reason}", "Sağlayıcı reddetti, hiçbir şey yapılmadı: {reason}"
    ),
    "unknown": Text("It may have been done: {reason}", "Yapılmış olabilir: {reason}"),
}

_DONE_EARLIER = Text(
    "The provider refused, and nothing was done: {reason} An earlier call of unknown outcome has probably done it.",
    "Sağlayıcı reddetti, hiçbir şey yapılmadı: {reason} Sonucu bilinmeyen önceki çağrı büyük olasılıkla bunu yapmıştı.",
)


def failed(deed: PendingChange, error: ApiError, *, doubtful: bool) -> ChangeResult:
    """Return what a failure of the request means. `doubtful`: an earlier attempt of unknown outcome may have done it."""
    doubtful = doubtful and error.outcome == "refused"
    next_step = error.next_step
    if doubtful:
        next_step = deed.how_to_verify
    elif error.outcome == "unknown":
        next_step = _LOOK_FIRST.format(look=deed.how_to_verify)
    summary = _DONE_EARLIER if doubtful else _FAILED[error.outcome]
    return ChangeResult(error.outcome, summary.format(reason=error.reason), next_step, error.code)
