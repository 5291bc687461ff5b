"""The results of a change that needed a person's yes and had none, and the words for them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

from iletimerkezi_mcp.language import Text, either, for_model
from iletimerkezi_mcp.settings.ways import WAYS, ConfirmWay, describe_ways

from .change_result import NO_WAY_AROUND, ChangeResult, not_allowed
from .elicitation import QUESTION_LIFE, DeclineReason

_NEEDS_OTHER_APP = Text(
    "Tell the user: this works in an app that does show its cards (MCP Apps); iletimerkezi-mcp doctor tells the operator what "
    "else is allowed here. Do not try another way.",
    "Kullanıcıya söyleyin: bunun için kartını gerçekten gösteren bir uygulama (MCP Apps) gerekir; burada başka neye izin "
    "verildiğini yöneticiye iletimerkezi-mcp doctor söyler. Başka yol denemeyin.",
    person=Text("Run it on a terminal, where you are asked.", "Size sorulması için bir terminalde çalıştırın."),
)
_CALL_AGAIN = Text(
    "Call again if it is wanted after all.",
    "Yine de isteniyorsa yeniden çağırın.",
    person=Text(
        "Ask the assistant again if it is wanted after all.", "Yine de istiyorsanız asistana yeniden söyleyin."
    ),
)
_OPERATOR_CAN_LOOK = Text(
    "Ask the user if they saw a question. If they saw none, this host shows no forms: the operator can run "
    "iletimerkezi-mcp doctor. Do not try another way.",
    "Kullanıcıya bir soru görüp görmediğini sorun. Görmediyse bu istemci form göstermiyor: yönetici iletimerkezi-mcp "
    "doctor çalıştırabilir. Başka yol denemeyin.",
    person=_CALL_AGAIN,
)
_ASKS_AGAIN = Text(
    "Tell the user. The same call asks again, if they want that.",
    "Kullanıcıya söyleyin. Kullanıcı isterse aynı çağrı soruyu yeniden sorar.",
    person=_CALL_AGAIN,
)
_DECLINED: dict[DeclineReason, tuple[Text, Text]] = {
    "no": (
        Text(
            "Nothing was done: the answer to the question was no.",
            "Hiçbir şey yapılmadı: soruya hayır yanıtı geldi.",
            person=Text("Nothing was done: you did not say yes.", "Hiçbir şey yapılmadı: onay vermediniz."),
        ),
        Text(
            "Accept the no: do not ask again, or in another way, unless the user wants it.",
            "Hayır yanıtını kabul edin: kullanıcı istemedikçe yeniden sormayın, başka yol denemeyin.",
            person=_CALL_AGAIN,
        ),
    ),
    "closed": (
        Text(
            "Nothing was done: the question was closed without an answer.",
            "Hiçbir şey yapılmadı: soru yanıtlanmadan kapatıldı.",
        ),
        _OPERATOR_CAN_LOOK,
    ),
    "wrong_number": (
        Text(
            "Nothing was done: the answer was yes, but the number typed was not {number}.",
            "Hiçbir şey yapılmadı: evet denildi ama yazılan sayı {number} değildi.",
        ),
        Text(
            "This is not a no: ask the user which number is right. The same call asks again.",
            "Bu bir hayır değil: hangi sayının doğru olduğunu kullanıcıya sorun. Aynı çağrı soruyu yeniden sorar.",
            person=_CALL_AGAIN,
        ),
    ),
    "silence": (
        Text(
            "Nothing was done: no answer came in the {minutes} minutes for which the question was open.",
            "Hiçbir şey yapılmadı: soru {minutes} dakika açık kaldı, bu sürede yanıt gelmedi.",
        ),
        _ASKS_AGAIN,
    ),
    "unreadable": (
        Text(
            "Nothing was done: this host's answer to the question was neither a yes nor a no, which counts as a no.",
            "Hiçbir şey yapılmadı: istemcinin soruya verdiği yanıt ne evet ne hayırdı; bu, hayır sayılır.",
        ),
        _OPERATOR_CAN_LOOK,
    ),
    "not_shown": (
        Text(
            "Nothing was done: this host failed to show the user the question.",
            "Hiçbir şey yapılmadı: bu istemci soruyu kullanıcıya gösteremedi.",
            person=Text(
                "Nothing was done: the question could not be shown.", "Hiçbir şey yapılmadı: soru gösterilemedi."
            ),
        ),
        _OPERATOR_CAN_LOOK,
    ),
    "no_card": (
        Text(
            "Nothing was done: this host says that it shows cards, but did not show the one for this question.",
            "Hiçbir şey yapılmadı: bu istemci kart gösterebildiğini bildirdi ama bu sorunun kartını göstermedi.",
            person=Text("Nothing was done: the card was not shown.", "Hiçbir şey yapılmadı: kart gösterilmedi."),
        ),
        _NEEDS_OTHER_APP,
    ),
    "not_open": (
        Text(
            "Nothing was done: the question was no longer open when this answer came.",
            "Hiçbir şey yapılmadı: bu yanıt geldiğinde soru artık açık değildi.",
        ),
        _ASKS_AGAIN,
    ),
}


_HOST_ANSWERED = for_model(
    "If they saw no question, the host answered for them.",
    "Kullanıcı soru görmediyse onun yerine istemci yanıt vermiştir.",
)
_TYPED = Text(
    "Nothing was done: the answer was yes, but {typed} was typed, and the number is {number}.",
    "Hiçbir şey yapılmadı: evet denildi ama {typed} yazıldı, doğru sayı ise {number}.",
)


def declined(
    reason: DeclineReason, life: timedelta = QUESTION_LIFE, number: int | None = None, typed: int | None = None
) -> ChangeResult:
    """Return the result if no yes came of a question, which was open for `life`; `number` had to be typed, and `typed` was."""
    summary, next_step = _DECLINED[reason]
    if reason == "wrong_number" and number is not None:
        summary = summary.format(number=number) if typed is None else _TYPED.format(typed=typed, number=number)
    if reason == "no" and life == QUESTION_LIFE:
        # Only a form can be answered by a host; cards and pages are the server's own.
        next_step = Text.join(" ", [next_step, _HOST_ANSWERED])
    if reason == "silence":
        summary = summary.format(minutes=int(life.total_seconds() // 60))
    return ChangeResult("declined", summary, next_step, reason=reason)


_ONLY_PERSON = Text(
    "By the operator's setting only a person's own yes counts here, {ways}, but nobody can be asked here.",
    "Yöneticinin ayarına göre bunu yalnızca bir kişi {ways} onaylayabilir ama burada kimseye sorulamıyor.",
)
_PERSON_FROM = Text(
    "A person must say yes to this, {ways}, but nobody can be asked here. A code is enough only below {number} recipients or "
    "consents within an hour, all calls together; with this it would be {total}.",
    "Bunu bir kişinin {ways} onaylaması gerekiyor ama burada kimseye sorulamıyor. Kod ancak bir saatteki bütün "
    "çağrıların toplamı {number} alıcı ya da izin kaydının altındaysa yeter; bununla toplam {total} olurdu.",
)


_NEEDS_APP = Text(
    "Tell the user: nothing was done; this works in an app that asks them {where}. iletimerkezi-mcp doctor tells the operator "
    "what is missing.",
    "Kullanıcıya söyleyin: hiçbir şey yapılmadı; bunun için soruyu {where} gösteren bir uygulama gerekir. Neyin eksik olduğunu "
    "yöneticiye iletimerkezi-mcp doctor söyler.",
    person=Text("Run it on a terminal, where you are asked.", "Size sorulması için bir terminalde çalıştırın."),
)
_PLACES: dict[ConfirmWay, Text] = {
    "form": Text("in a form of its own (MCP elicitation)", "kendi formunda (MCP elicitation)"),
    "card": Text("on a card (MCP Apps)", "kartta (MCP Apps)"),
    "page": Text(
        "on a page, if it starts this server on a computer with a screen",
        "(bu sunucuyu ekranı olan bir bilgisayarda başlatıyorsa) sayfada",
    ),
}
_ALLOW_FORMS = Text(
    "To be asked on a terminal, allow form in ILETIMERKEZI_CONFIRM.",
    "Terminalde sorulması için ILETIMERKEZI_CONFIRM ayarında form yoluna izin verin.",
)


def needs_person(
    ways: Collection[ConfirmWay], threshold: int | None = None, count: int = 0, used: int = 0
) -> ChangeResult:
    """Return the result if only a person's yes would do and none can be asked: always (None), or from `threshold` on.

    `ways` are those that are allowed, `count` is how many the change affects, and `used` how many codes alone have confirmed
    within the hour.
    """
    by_person = [way for way in WAYS if way in ways and way != "code"]
    reason = _ONLY_PERSON.format(ways=describe_ways(by_person))
    if threshold is not None:
        reason = _PERSON_FROM.format(ways=describe_ways(by_person), number=threshold, total=count + used)
    next_step = _NEEDS_APP.format(where=either([_PLACES[way] for way in by_person]))
    if "form" not in ways:
        next_step = replace(next_step, person=_ALLOW_FORMS)
    return replace(not_allowed(reason, Text.join(" ", [next_step, NO_WAY_AROUND])), reason="needs_person")
