"""The question, and what came of it, on a card or a page, as HTML that makes no request to anywhere."""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Callable
from dataclasses import replace
from html import escape
from itertools import groupby
from pathlib import Path

from iletimerkezi_mcp.language import Language, Text
from iletimerkezi_mcp.ledger.attempts import WAITING_LIFE

from .change_result import ChangeResult
from .elicitation import Question
from .waiting import WaitingChange

_STYLE = """
:root { color-scheme: light dark; --paper: #fff; --ink: #1b1b1f; --line: #d4d4dc; --quiet: #f3f3f6; --warn: #b45309; --no: #b91c1c; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #17181c; --ink: #f1f1f4; --line: #44464e; --quiet: #24262c; --warn: #fbbf24; --no: #fca5a5; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 44rem; padding: 1.5rem 1rem 3rem; font: 1rem/1.5 system-ui, sans-serif; background: var(--paper); color: var(--ink); }
h2 { font-size: 1.05rem; margin: 1.5rem 0 .25rem; }
h1 { font-size: 1.25rem; line-height: 1.35; margin: 0 0 1rem; }
ul { list-style: none; margin: 0 0 1rem; padding: 0; }
li { border-top: 1px solid var(--line); padding: .4rem 0; }
h1, li, p, .text { overflow-wrap: anywhere; }
.warning { border: 0; border-left: .3rem solid var(--warn); background: var(--quiet); margin: 0 0 .5rem; padding: .5rem .75rem; }
.text { white-space: pre-wrap; background: var(--quiet); border: 1px solid var(--line); border-radius: 1rem 1rem 1rem .25rem; margin: .5rem 0 1rem; padding: .75rem 1rem; }
label { display: block; margin: 1rem 0 .25rem; }
input { font: inherit; padding: .5rem .75rem; width: 12rem; max-width: 100%; }
.buttons { display: flex; flex-wrap: wrap; gap: .75rem; margin: 1.25rem 0 .5rem; }
button { font: inherit; font-weight: 600; padding: .6rem 1.4rem; border-radius: .5rem; border: 2px solid currentColor; background: none; cursor: pointer; color: var(--no); }
button.yes { background: #15803d; border-color: #15803d; color: #fff; }
:focus-visible { outline: 3px solid #2563eb; outline-offset: 2px; }
.quiet { font-size: .9rem; }
"""

_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()

CONTENT_SECURITY_POLICY = (
    f"default-src 'none'; style-src 'sha256-{_HASH}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
"""Nothing is loaded from anywhere, no script runs, and no other page can hold this one in a frame."""

_TITLE = Text("Approval needed", "Onay gerekiyor")
_APPROVE = Text("Approve", "Onayla")
_REJECT = Text("Reject", "Reddet")
_TYPE_NUMBER = {
    "recipients": Text(
        "To approve, type the number of recipients: {number}", "Onaylamak için alıcı sayısını yazın: {number}"
    ),
    "consents": Text(
        "To approve, type the number of consents: {number}", "Onaylamak için izin kaydı sayısını yazın: {number}"
    ),
    None: Text("To approve, type the number: {number}", "Onaylamak için sayıyı yazın: {number}"),
}
_WRONG_NUMBER = Text(
    "Nothing was done: that was not {number}. Look once more at what is asked.",
    "Hiçbir şey yapılmadı: yazılan sayı {number} değildi. Ne istendiğine bir kez daha bakın.",
)
_EXPLANATION = Text(
    "An assistant asks for this through the iletimerkezi-mcp server. If you did not ask it to, reject. You can decide once, "
    "within {minutes} minutes.",
    "Bunu, iletimerkezi-mcp sunucusu üzerinden bir asistan istiyor. Siz istemediyseniz reddedin. {minutes} dakika içinde, bir "
    "kez karar verebilirsiniz.",
)
_UNDER_WAY = Text("It is being done.", "Yapılıyor.")
_DECIDED = Text("Decided", "Karar verildi")
_CLOSE = Text("You can close this page.", "Bu sayfayı kapatabilirsiniz.")


_IN_CHAT = Text("Answer in the chat.", "Sohbette yanıtlayın.")
_VOID = Text("This card is no longer valid.", "Bu kart artık geçerli değil.")
_VOID_NEXT = Text(
    "It appeared too late, it was decided a while ago, a newer one has taken its place, or it is more than {minutes} minutes "
    "old. Nothing more happens here.",
    "Çok geç göründü, hakkında bir süre önce karar verildi, yerini yenisi aldı ya da {minutes} dakikadan eski. Burada artık "
    "bir işlem yapılmaz.",
)


def page(waiting: WaitingChange, *, wrong_number: bool = False) -> str:
    """Return the page of `waiting`: the question, or what came of it. `wrong_number` if another one was just typed."""
    language, result = waiting.question.language, waiting.result
    title, head, close = _DECIDED, "", ""
    if result is not None:
        body = result_html(result, language)
        close = f"<p class=quiet>{_say(_CLOSE, language)}</p>"
    elif waiting.decided.is_set():
        head = '<meta http-equiv="refresh" content="2">'
        body = f"<h1>{_say(_UNDER_WAY, language)}</h1>"
    else:
        title = _TITLE
        body = question_html(waiting.question, wrong_number=wrong_number)
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">{head}'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{_say(title, language)} · iletimerkezi-mcp</title><style>{_STYLE}</style></head>"
        f"<body><main>{body}{close}</main></body></html>"
    )


def result_html(result: ChangeResult, language: Language) -> str:
    """Return what came of a change, as HTML."""
    return f"<h1>{_say(result.summary, language)}</h1><p>{_say(result.next_step, language)}</p>"


def call_html(result: ChangeResult, language: Language) -> str:
    """Return what a call came to, and its preview if it has one, as HTML."""
    if result.confirmation_code is not None:
        result = replace(result, next_step=_IN_CHAT)
    preview = "" if result.preview is None else _preview(result.preview, "h2")
    return f"{result_html(result, language)}{preview}"


def void_result() -> ChangeResult:
    """Return what a card says that is no longer valid."""
    minutes = int(WAITING_LIFE.total_seconds() // 60)
    return ChangeResult("nothing_done", _VOID, _VOID_NEXT.format(minutes=minutes))


def _say(text: Text, language: Language) -> str:
    return escape(text.to(language, "onlooker"))


def question_html(question: Question, *, wrong_number: bool = False) -> str:
    """Return a question and the form for its answer, as HTML; `wrong_number` if another one was just typed."""

    def say(text: Text) -> str:
        return _say(text, question.language)

    caution = "" if question.caution is None else f"<p>{say(question.caution)}</p>"
    explanation = say(_EXPLANATION.format(minutes=int(WAITING_LIFE.total_seconds() // 60)))
    number = ""
    if question.number is not None:
        label = say(_TYPE_NUMBER[question.counted].format(number=question.number))
        number = f'<label for="count">{label}</label>'
        number += '<input id="count" name="count" inputmode="numeric" autocomplete="off" maxlength="12">'
        if wrong_number:
            number = f'<p class="warning" role="alert">{say(_WRONG_NUMBER.format(number=question.number))}</p>{number}'
    return (
        f"{_preview(question.preview)}<h2>{say(question.title)}</h2>{caution}"
        f'<form method="post">{number}<div class="buttons">'
        f'<button class="yes" name="decision" value="approve">{say(_APPROVE)}</button>'
        f'<button name="decision" value="reject">{say(_REJECT)}</button></div></form>'
        f'<p class="quiet">{explanation}</p>'
    )


def _preview(preview: str, heading: str = "h1") -> str:
    """Return a preview as HTML. How each of its lines begins says what it is: see :meth:`.Preview.render`."""
    first, *lines = preview.split("\n")
    blocks = [f"<{heading}>{escape(first)}</{heading}>"]
    for mark, group in groupby(lines, key=lambda line: line[:2] if line[:2] in _BLOCKS else ""):
        contents = [escape(line.removeprefix(mark)) for line in group]
        blocks.append(_BLOCKS[mark](contents))
    return "".join(blocks)


_BLOCKS: dict[str, Callable[[list[str]], str]] = {
    "! ": lambda lines: "".join(f'<p class="warning">{line}</p>' for line in lines),
    "- ": lambda lines: "<ul>" + "".join(f"<li>{line}</li>" for line in lines) + "</ul>",
    "| ": lambda lines: '<div class="text">' + "\n".join(lines) + "</div>",
    "": lambda lines: "".join(f"<p>{line}</p>" for line in lines),
}


def redirect_file(file: Path, link: str) -> None:
    """Write a new file, for its owner alone, that leads a browser to `link`. Raises OSError."""
    with os.fdopen(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="ascii") as redirect:
        redirect.write(
            '<!doctype html><meta name="referrer" content="no-referrer">'
            f'<meta http-equiv="refresh" content="0;url={link}"><a href="{link}">iletimerkezi-mcp</a>'
        )
