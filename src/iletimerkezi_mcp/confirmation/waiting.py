"""Changes that wait for a person outside the call that planned them: on a page of this server, in the person's browser."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from typing import NoReturn, Protocol

import anyio

from iletimerkezi_mcp.language import Text

from .caller import Caller
from .change_result import CODE_LIFE, ChangeResult
from .elicitation import QUESTION_LIFE, CannotAskError, FormAnswer, Question
from .pending_change import PendingChange

WAITING_LIFE = CODE_LIFE
"""The time for which a change waits for a decision, and then for which its outcome can be asked for."""


@dataclass(slots=True, kw_only=True, eq=False)
class WaitingChange:
    """A change that waits for a person, or waited a moment ago.

    `number` names it and is no secret. `code` is its yes, and never leaves the process. `preview` is for an answer.
    `is_decided` once the person has decided or it is too late for that, and `result` once that was carried out; `is_told`
    once a call had that for an answer.
    """

    number: str = field(default_factory=lambda: f"w-{secrets.token_hex(4)}")
    change: PendingChange
    question: Question
    code: str
    caller: Caller
    preview: str
    warnings: tuple[Text, ...]
    since: float = field(default_factory=anyio.current_time)
    is_decided: bool = False
    result: ChangeResult | None = None
    is_told: bool = False

    def is_current(self) -> bool:
        """Return whether it still waits, or was decided less than :data:`WAITING_LIFE` ago."""
        return self.result is None or anyio.current_time() - self.since < WAITING_LIFE.total_seconds()

    def end(self, result: ChangeResult) -> None:
        """Record what came of it."""
        self.result, self.since = result, anyio.current_time()


class ApprovalPages(Protocol):
    """The pages on which a person decides. :class:`.server.approval_pages.BrowserPages` are the ones there are."""

    async def show(self, waiting: WaitingChange) -> bool:
        """Show `waiting` to the person at this machine until it has a result; False if that cannot be done."""


@dataclass(slots=True)
class Decision:
    """The answer that a person gave on a page, in place of the elicitation of a call."""

    given: FormAnswer
    waited: float = 0.0
    is_supported: bool = True

    def answer(self) -> FormAnswer:
        """Return the answer."""
        return self.given

    async def ask(self, question: Question, code: str) -> NoReturn:
        """Raise :class:`CannotAskError`: the page was for one question."""
        raise CannotAskError


def question_life(caller: Caller) -> timedelta:
    """Return the time for which a question to the person behind `caller` is open."""
    return WAITING_LIFE if caller.way == "page" else QUESTION_LIFE


async def no_progress(done: float, total: float | None) -> None:
    """Tell nobody: the call has ended."""


_WAITS = Text(
    "Nothing has been done yet: it waits for the user's yes on a page in their browser (change {number}).",
    "Henüz hiçbir şey yapılmadı: kullanıcının tarayıcısındaki sayfada onayı bekleniyor (işlem {number}).",
    person=Text(
        "Nothing has been done yet: it waits for your yes on the page in your browser (change {number}).",
        "Henüz hiçbir şey yapılmadı: tarayıcınızdaki sayfada onayınız bekleniyor (işlem {number}).",
    ),
)
_ASK_TO_LOOK = Text(
    "Tell the user to look at their browser, where the page stays open for {minutes} minutes, and end your turn. Afterwards "
    "get_report with {number} in place of the order_id, or the same call, says what came of it. Do not try another way.",
    "Kullanıcıya tarayıcısına bakmasını söyleyin ve yanıtınızı burada bitirin; sayfa {minutes} dakika açık kalır. Sonra "
    "get_report (order_id yerine {number}) ya da aynı çağrı ne olduğunu söyler. Başka yol denemeyin.",
    person=Text(
        "The page stays open for {minutes} minutes; {number} names it.",
        "Sayfa {minutes} dakika açık kalır; numarası {number}.",
    ),
)


_IS_CARRIED_OUT = Text(
    "The user has decided on the page (change {number}), and that is being carried out: it may have been done already.",
    "Kullanıcı sayfada karar verdi (işlem {number}), gereği şu anda yapılıyor: yapılmış olabilir.",
    person=Text(
        "You have decided on the page (change {number}), and that is being carried out: it may have been done already.",
        "Sayfada karar verdiniz (işlem {number}), gereği şu anda yapılıyor: yapılmış olabilir.",
    ),
)
_ASK_IN_A_MINUTE = Text(
    "In a minute get_report with {number} in place of the order_id, or the same call, says what came of it. Do not try "
    "another way.",
    "Bir dakika sonra get_report (order_id yerine {number}) ya da aynı çağrı ne olduğunu söyler. Başka yol denemeyin.",
    person=Text("Its page says in a minute what came of it.", "Bir dakika içinde sayfası ne olduğunu söyler."),
)

MAX_WAITING = 20
"""The most changes that wait at once: each is a tab in the person's browser."""

TOO_MANY_WAIT = Text(
    "So many changes wait on pages in the user's browser that no further one is opened; they have to decide first.",
    "Kullanıcının tarayıcısında karar bekleyen çok sayfa var, yenisi açılmıyor; önce onlara karar verilmeli.",
    person=Text(
        "So many changes wait on pages in your browser that no further one is opened; decide about them first.",
        "Tarayıcınızda karar bekleyen çok sayfa var, yenisi açılmıyor; önce onlara karar verin.",
    ),
)
"""The reason if :data:`MAX_WAITING` changes wait."""


def waits(waiting: WaitingChange) -> ChangeResult:
    """Return the result of a call whose change waits for a person, or is being carried out."""
    if waiting.is_decided:
        return ChangeResult(
            "unknown",
            _IS_CARRIED_OUT.format(number=waiting.number),
            _ASK_IN_A_MINUTE.format(number=waiting.number),
            fields={"change": waiting.number},
        )
    minutes = int(WAITING_LIFE.total_seconds() // 60)
    return ChangeResult(
        "waiting",
        _WAITS.format(number=waiting.number),
        _ASK_TO_LOOK.format(number=waiting.number, minutes=minutes),
        preview=waiting.preview,
        warnings=waiting.warnings,
        fields={"change": waiting.number},
    )
