"""What became of a changing call, and the words for it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal

from iletimerkezi_mcp.language import Text, count
from iletimerkezi_mcp.ledger.attempts import Attempt, Held, Kind, State
from iletimerkezi_mcp.provider.errors import ApiError
from iletimerkezi_mcp.sms.times import describe

from .pending_change import Done, PendingChange

Outcome = Literal["preview", "done", "declined", "held_back", "nothing_done", "refused", "unknown"]

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

    `shown` is the preview's text, where there is one to show, `warnings` what it warned of. `kind` and
    `waited` say who confirmed, and how long after the preview; `arguments` is their keyed digest. `noted`: the audit log has it.
    """

    outcome: Outcome
    summary: Text
    next_step: Text
    code: int | None = None
    order_id: str | None = None
    confirm: str | None = None
    shown: str | None = None
    warnings: tuple[Text, ...] = ()
    kind: Kind | None = None
    waited: timedelta | None = None
    arguments: bytes | None = None
    noted: bool = False


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
    outcome: Outcome = "preview" if instead is None else "nothing_done"
    return ChangeResult(outcome, summary, _AGREED, confirm=code, shown=shown, warnings=warnings)


STAYS_COMMERCIAL = Text("Do not send this as transactional.", "Bunu transactional olarak göndermeyin.")
"""How every refusal of a commercial send ends: a model that is refused tries the other type next."""


def of_campaign(decided: ChangeResult) -> ChangeResult:
    """`decided` for a commercial send: a refusal ends with :data:`STAYS_COMMERCIAL`."""
    if decided.outcome in ("preview", "done") or decided.next_step.en.endswith(STAYS_COMMERCIAL.en):
        return decided
    return replace(decided, next_step=decided.next_step + " " + STAYS_COMMERCIAL)


WRONG_CODES: dict[str, Text] = {
    "unknown": Text("This code was not handed out here.", "Bu kod buradan verilmedi."),
    "expired": Text("This code has expired.", "Bu kodun süresi doldu."),
    "withdrawn": Text("This code is not good any more.", "Bu kod artık geçerli değil."),
    "other": Text(
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


def held_back(held: Held) -> ChangeResult:
    """An identical send holds this one back."""
    first, until = held.attempt, describe(held.until)
    when = describe(first.started)
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


_PAST: dict[State, tuple[Text, Outcome]] = {
    "accepted": (Text(" and was accepted", " ve kabul edildi"), "done"),
    "done": (Text(" and was done", " ve yapıldı"), "done"),
    "cancelled": (Text(" and was cancelled since", " ve sonradan iptal edildi"), "done"),
    "refused": (Text(" and the provider refused it", " ve sağlayıcı reddetti"), "refused"),
    "never_sent": (Text(" and never left this machine", " ve bu makineden hiç çıkmadı"), "nothing_done"),
}
_NOT_KNOWN: tuple[Text, Outcome] = (Text(" and its outcome is not known", " ve sonucu bilinmiyor"), "unknown")


def used(attempt: Attempt) -> ChangeResult:
    """The code was used before: what came of that deed, and nothing more."""
    already = Text("This was confirmed already at ", "Bu zaten onaylanmıştı: ") + describe(attempt.started)
    once = Text("; nothing more was done now.", "; şimdi başka bir şey yapılmadı.")
    order = Text(f" (order {attempt.order_id})", f" (sipariş {attempt.order_id})") if attempt.order_id else Text("", "")
    said, outcome = _PAST.get(attempt.state, _NOT_KNOWN)
    return ChangeResult(
        outcome,
        already + said + order + once,
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


def stopped(deed: PendingChange) -> ChangeResult:
    """The server was told to stop while the request was under way."""
    return ChangeResult(
        "unknown",
        Text(
            "It may have been done: this server was stopped while the request was under way.",
            "Yapılmış olabilir: bu sunucu istek sürerken durduruldu.",
        ),
        Text("Do not repeat it. ", "Yinelemeyin. ") + deed.look_for,
    )


def broken(deed: PendingChange) -> ChangeResult:
    """A defect of this server, at an instant at which the request may have left."""
    return ChangeResult(
        "unknown",
        Text(
            "It may have been done: this server failed while the request was under way; its log has the details.",
            "Yapılmış olabilir: istek sürerken bu sunucuda hata oluştu; ayrıntılar günlüğünde.",
        ),
        Text("Do not repeat it. ", "Yinelemeyin. ") + deed.look_for,
    )


def failed(deed: PendingChange, error: ApiError, *, doubtful: bool) -> ChangeResult:
    """What a failure of the call means. `doubtful`: an earlier attempt of unknown outcome may have done it."""
    if error.happened == "unknown":
        return ChangeResult(
            "unknown",
            Text("It may have been done: ", "Yapılmış olabilir: ") + error.what,
            Text("Do not repeat it. ", "Yinelemeyin. ") + deed.look_for,
            error.code,
        )
    if error.happened == "refused":
        said = Text("The provider refused, and nothing was done: ", "Sağlayıcı reddetti, hiçbir şey yapılmadı: ")
        if doubtful:
            earlier = Text(
                " An earlier call of unknown outcome has probably done it.",
                " Sonucu bilinmeyen önceki çağrı büyük olasılıkla bunu yapmıştı.",
            )
            return ChangeResult("refused", said + error.what + earlier, deed.look_for, error.code)
        return ChangeResult("refused", said + error.what, error.next_step, error.code)
    said = Text("Nothing was done: ", "Hiçbir şey yapılmadı: ")
    return ChangeResult("nothing_done", said + error.what, error.next_step, error.code)
