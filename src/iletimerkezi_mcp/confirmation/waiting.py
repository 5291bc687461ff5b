"""Changes that wait for a person outside the call that planned them: on a card in the chat, or a page in the browser."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Literal, NoReturn, Protocol, get_args

import anyio

from iletimerkezi_mcp.language import UNSAID, Language, Text, verbatim
from iletimerkezi_mcp.ledger.attempts import WAITING_LIFE, Way

from .caller import Caller
from .change_result import ChangeResult
from .elicitation import QUESTION_LIFE, CannotAskError, FormAnswer, Question
from .pending_change import PendingCall, PendingChange

Place = Literal["card", "card_beside_code", "page"]
"""The place where a person decides: alone there, or on the card beside a preview whose code the model has."""

_TEXTS = ("number", "tool", "arguments", "code", "principal", "host", "preview", "shown", "title")
_FORM: Mapping[str, Any] = {
    **dict.fromkeys(_TEXTS, str),
    "warnings": list,
    "place": get_args(Place),
    "typed": int | None,
    "counted": ("recipients", "consents", None),
    "caution": str | None,
    "language": get_args(Language),
}
"""The type of each field of a stored change, or the values that it may have."""


@dataclass(slots=True, kw_only=True, eq=False)
class WaitingChange:
    """A change that waits for a person, or waited a moment ago.

    `number` names it and is no secret. `code` is its yes; it never leaves the process, unless a card is shown beside it: then
    the model was given it, for a person may as well say yes in the chat. `call` asked for it, for `principal` from `host`;
    `change` is what was planned, None if another process did. `preview` is for an answer. `decided` is set once they have,
    or it is too late for that, and `result` once that was carried out; `is_told` once a call had that for an answer.
    """

    number: str = field(default_factory=lambda: f"w-{secrets.token_hex(4)}")
    call: PendingCall
    change: PendingChange | None = None
    question: Question
    code: str
    principal: str
    host: str
    preview: str
    warnings: tuple[Text, ...] = ()
    place: Place
    wrong_numbers: int = 0
    since: float = field(default_factory=anyio.current_time)
    decided: anyio.Event = field(default_factory=anyio.Event)
    result: ChangeResult | None = None
    is_told: bool = False

    @property
    def way(self) -> Literal["card", "page"]:
        """The way in which a person decides here."""
        return "page" if self.place == "page" else "card"

    @property
    def may_be_decided_elsewhere(self) -> bool:
        """True on a card about which this process has not decided: another one may do so, or may have been quicker."""
        was_second = self.result is not None and self.result.reason == "repeated"
        return self.way == "card" and (not self.decided.is_set() or was_second)

    def is_current(self) -> bool:
        """Return whether it still waits, or was decided less than :data:`WAITING_LIFE` ago."""
        if self.result is None or self.result.outcome == "under_way":
            return True
        return anyio.current_time() - self.since < WAITING_LIFE.total_seconds()

    def end(self, result: ChangeResult) -> None:
        """Record what came of it."""
        self.result, self.since, self.change = result, anyio.current_time(), None

    def to_json(self) -> bytes:
        """Return all that another process needs to show it and to carry it out."""
        question = self.question
        kept = {
            "number": self.number,
            "tool": self.call.tool,
            "arguments": self.call.arguments,
            "code": self.code,
            "principal": self.principal,
            "host": self.host,
            "preview": self.preview,
            "warnings": [warning.to(question.language) for warning in self.warnings],
            "place": self.place,
            "shown": question.preview,
            "typed": question.number,
            "counted": question.counted,
            "title": question.title.to(question.language, "person"),
            "caution": question.caution and question.caution.to(question.language, "person"),
            "language": question.language,
        }
        return json.dumps(kept).encode("ascii")

    @classmethod
    def from_json(cls, sealed: bytes) -> WaitingChange:
        """Return the change that another process has kept. Raises ValueError if another version kept it in another form."""
        kept = json.loads(sealed)
        if not _has_form(kept):
            raise ValueError("not the form in which this version keeps a change")
        question = Question(
            preview=kept["shown"],
            number=kept["typed"],
            counted=kept["counted"],
            title=verbatim(kept["title"]),
            caution=kept["caution"] and verbatim(kept["caution"]),
            language=kept["language"],
        )
        names = ("number", "code", "principal", "host", "preview", "place")
        return cls(
            call=PendingCall(kept["tool"], kept["arguments"]),
            question=question,
            warnings=tuple(verbatim(warning) for warning in kept["warnings"]),
            **{name: kept[name] for name in names},
        )


def _has_form(kept: Mapping[str, Any]) -> bool:
    """Return True if `kept` has all that :meth:`WaitingChange.to_json` writes."""
    return all(
        kept.get(name, ...) in form if isinstance(form, tuple) else isinstance(kept.get(name, ...), form)
        for name, form in _FORM.items()
    ) and all(isinstance(warning, str) for warning in kept["warnings"])


class ApprovalPages(Protocol):
    """The pages on which a person decides. :class:`.server.approval_pages.BrowserPages` are the ones there are."""

    async def show(self, waiting: WaitingChange) -> bool:
        """Show `waiting` to the person at this machine until it has a result; False if that cannot be done."""


@dataclass(slots=True)
class Decision:
    """The answer that a person gave on a card or page, in place of the elicitation of a call."""

    given: FormAnswer
    waited: float = 0.0
    is_supported: bool = True

    def answer(self) -> FormAnswer:
        """Return the answer."""
        return self.given

    async def ask(self, question: Question, code: str) -> NoReturn:
        """Raise :class:`CannotAskError`: the card or page was for one question."""
        raise CannotAskError


def question_life(caller: Caller) -> timedelta:
    """Return the time for which a question to the person behind `caller` is open."""
    return QUESTION_LIFE if caller.way == "form" else WAITING_LIFE


async def no_progress(done: float, total: float | None) -> None:
    """Tell nobody: the call has ended."""


_WAITS = Text(
    "Nothing has been done yet: it waits for the user's yes {place} (change {number}).",
    "Henüz hiçbir şey yapılmadı: kullanıcının onayı {place} bekleniyor (işlem {number}).",
    person=Text(
        "Nothing has been done yet: it waits for your yes {place} (change {number}).",
        "Henüz hiçbir şey yapılmadı: onayınız {place} bekleniyor (işlem {number}).",
        person=Text(
            "Nothing has been done yet: it waits for your yes.", "Henüz hiçbir şey yapılmadı: onayınız bekleniyor."
        ),
    ),
)
_PLACES: dict[Way, Text] = {
    "card": Text("on the card in this chat", "bu sohbetteki kartta"),
    "page": Text(
        "on a page in their browser",
        "tarayıcıdaki sayfada",
        person=Text("on the page in your browser", "tarayıcıdaki sayfada"),
    ),
}
_ASK_TO_LOOK: dict[Way, Text] = {
    "card": Text(
        "Tell the user to decide on the card, which stays open for {minutes} minutes, and end your turn. Afterwards "
        "get_report with {number} in place of the order_id, or the same call, says what came of it. Do not try another way.",
        "Kullanıcıya kartta karar vermesini söyleyin ve yanıtınızı burada bitirin; kart {minutes} dakika açık kalır. Sonra "
        "get_report (order_id yerine {number}) ya da aynı çağrı ne olduğunu söyler. Başka yol denemeyin.",
        person=Text(
            "The card stays open for {minutes} minutes; its number is {number}.",
            "Kart {minutes} dakika açık kalır; numarası {number}.",
        ),
    ),
    "page": Text(
        "Tell the user to look at their browser, where the page stays open for {minutes} minutes, and end your turn. Afterwards "
        "get_report with {number} in place of the order_id, or the same call, says what came of it. Do not try another way.",
        "Kullanıcıya tarayıcısına bakmasını söyleyin ve yanıtınızı burada bitirin; sayfa {minutes} dakika açık kalır. Sonra "
        "get_report (order_id yerine {number}) ya da aynı çağrı ne olduğunu söyler. Başka yol denemeyin.",
        person=Text(
            "The page stays open for {minutes} minutes; its number is {number}.",
            "Sayfa {minutes} dakika açık kalır; numarası {number}.",
        ),
    ),
}

_IS_CARRIED_OUT = Text(
    "The user has decided (change {number}), and that is being carried out: it may have been done already.",
    "Kullanıcı karar verdi (işlem {number}), gereği şu anda yapılıyor: yapılmış olabilir.",
    person=Text(
        "You have decided (change {number}), and that is being carried out: it may have been done already.",
        "Karar verdiniz (işlem {number}), gereği şu anda yapılıyor: yapılmış olabilir.",
    ),
)
_ASK_IN_A_MINUTE = Text(
    "In a minute get_report with {number} in place of the order_id, or the same call, says what came of it. Do not try "
    "another way.",
    "Bir dakika sonra get_report (order_id yerine {number}) ya da aynı çağrı ne olduğunu söyler. Başka yol denemeyin.",
    person=Text("In a minute it says here what came of it.", "Bir dakika içinde ne olduğu burada yazar."),
)

OR_ON_CARD = Text(
    "If this host shows its card, the user may decide there instead; then the same call says what came of it.",
    "İstemci kartını gösterirse kullanıcı kararını orada da verebilir; o zaman aynı çağrı ne olduğunu söyler.",
    person=UNSAID,
)
"""The next step beside that of a preview with a code, if it has a card, too."""

MAX_WAITING = 20
"""The most changes that wait at once: each is a tab in the person's browser, or a card in a chat."""

TOO_MANY_WAIT = Text(
    "Too many changes wait for the user's yes on cards and pages, so no other is shown; the user has to decide on them first.",
    "Kullanıcının kart ve sayfalarda kararını bekleyen çok işlem var, yenisi gösterilmiyor; önce onlara karar verilmeli.",
    person=Text(
        "Too many changes wait for your yes on cards and pages, so no other is shown; decide on them first.",
        "Kart ve sayfalarda kararınızı bekleyen çok işlem var, yenisi gösterilmiyor; önce onlara karar verin.",
    ),
)
"""The reason if :data:`MAX_WAITING` changes wait."""

NO_LONGER_POSSIBLE = ChangeResult(
    "nothing_done",
    Text(
        "Nothing was done: after the user's yes it was no longer allowed or possible.",
        "Hiçbir şey yapılmadı: kullanıcının onayından sonra artık buna izin yoktu ya da yapılamıyordu.",
        person=Text(
            "Nothing was done: after your yes it was no longer allowed or possible.",
            "Hiçbir şey yapılmadı: onayınızdan sonra artık buna izin yoktu ya da yapılamıyordu.",
        ),
    ),
    Text("The same call says why.", "Aynı çağrı nedenini söyler."),
)
"""The result of a yes that another process could not act on."""


def waits(waiting: WaitingChange) -> ChangeResult:
    """Return the result of a call whose change waits for a person, or is being carried out."""
    fields = {"change": waiting.number}
    if waiting.decided.is_set():
        summary = _IS_CARRIED_OUT.format(number=waiting.number)
        return ChangeResult("unknown", summary, _ASK_IN_A_MINUTE.format(number=waiting.number), fields=fields)
    minutes = int(WAITING_LIFE.total_seconds() // 60)
    return ChangeResult(
        "waiting",
        _WAITS.format(place=_PLACES[waiting.way], number=waiting.number),
        _ASK_TO_LOOK[waiting.way].format(number=waiting.number, minutes=minutes),
        preview=waiting.preview,
        warnings=waiting.warnings,
        fields=fields,
    )
