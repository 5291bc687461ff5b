"""``rule``: approve a text once that is then sent unread, list such rules, and revoke one."""

from __future__ import annotations

import argparse
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import anyio

from iletimerkezi_mcp.confirmation.audit import AuditLog, AuditUnavailableError, AuditWriter
from iletimerkezi_mcp.language import Text, plural
from iletimerkezi_mcp.ledger.attempts import Identity
from iletimerkezi_mcp.ledger.rules import MAX_RULES, RuleTerms
from iletimerkezi_mcp.ledger.sqlite import SqliteLedger
from iletimerkezi_mcp.ledger.unavailable import LedgerUnavailableError
from iletimerkezi_mcp.redaction import Redactor
from iletimerkezi_mcp.settings import Settings
from iletimerkezi_mcp.sms.clock import describe_time, system_clock
from iletimerkezi_mcp.sms.escape import escape_line
from iletimerkezi_mcp.sms.parts import describe_size, size_message
from iletimerkezi_mcp.sms.rule_text import RuleTextError, parse_rule_text

from .account_ledger import AccountLedger
from .call.prompt import TerminalPrompt
from .call.waiting import WaitingLine
from .rule_arguments import RULE_NUMBERS
from .streams import require_streams, say
from .terminal import Output
from .usage import FAILED, Flags, UsageError

MAX_FILE_BYTES = 16_000
"""Bytes of a file with a rule's text: more than the longest message has."""

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,29}")
_CALLABLE = re.compile(r"(?:[0-9][^\w\n]{0,3}){7}")

_USAGE = Text(
    "rule list, rule new NAME or rule revoke NAME; a new name has 1 to 30 small English letters, digits and hyphens. See rule "
    "--help.",
    "rule list, rule new AD ya da rule revoke AD yazın; yeni ad 1-30 küçük İngilizce harf, rakam ve tireden oluşur. rule --help "
    "çıktısına bakın.",
)
_NO_NUMBER = Text("{flag} takes 1 to {most}.", "{flag} 1 ile {most} arasında bir sayı alır.")
_SENDER_MISSING = Text("name the sender with --sender.", "başlığı --sender ile verin.")
_NO_TERMINAL = Text(
    "a rule is approved by a person: rule new asks on a terminal only, and stdin, stdout and stderr must be one.",
    "kuralı bir kişi onaylar: rule new yalnızca terminalde sorar; stdin, stdout ve stderr terminal olmalı.",
)
_TYPE_TEXT = Text(
    "The rule {name}: messages with this text go out unread, and no one is asked.\n"
    "Fields: {{no:12}} up to 12 digits; {{name:20:letters}} letters and blanks.\n"
    "Type the whole text on one line, or @ and the name of a file.",
    "{name} kuralı: metni bu olan mesajlar kimseye sorulmadan ve kimse okumadan gönderilir.\n"
    "Alanlar: {{no:12}} en çok 12 rakam; {{ad:20:letters}} harf ve boşluk.\n"
    "Metnin tamamını tek satırda yazın ya da @ ve bir dosya adı verin.",
)
_TEXT = Text("The text", "Metin")
_SIGNS_COUNT = Text("Each sign counts", "Her işaret sayılır")
_APPROVE = Text("Do you approve this rule?", "Bu kuralı onaylıyor musunuz?")
_UNREAD = Text(
    "Each message like this is sent and paid for at once, unread.",
    "Böyle her mesaj okunmadan hemen gönderilir ve ücretlendirilir.",
)
_TERMS = Text(
    "- Sender {sender}; transactional; one recipient a call, at once.\n"
    "- At most {per_hour} in an hour, {per_day} in 24 hours, {per_person} to one person in 24 hours.\n"
    "- It ends by itself after {days} days; rule revoke {name} ends it at once.\n"
    "- Up to {each} a message, so up to {day} in 24 hours.",
    "- Başlık {sender}; bilgilendirme; çağrı başına tek alıcı, hemen.\n"
    "- En çok bir saatte {per_hour}, 24 saatte {per_day}, bir kişiye 24 saatte {per_person} mesaj.\n"
    "- {days} gün sonra kendiliğinden biter; rule revoke {name} hemen bitirir.\n"
    "- Mesaj başına en çok {each}, 24 saatte en çok {day}.",
)
_DIGITS_CALL = Text(
    "- Its digits can be a phone number, which phones offer to call.",
    "- Rakamları bir telefon numarası olabilir; telefonlar onu aramayı önerir.",
)
_EXAMPLE = Text("For example ({length}):", "Örneğin ({length}):")

_UNREADABLE_FILE = Text("{file} cannot be read as a text: {error}", "{file} metin olarak okunamıyor: {error}")
_REFUSED = Text("No rule was made. {reason}", "Kural oluşturulmadı. {reason}")
_NO = Text("It was not approved.", "Onaylanmadı.")
_TAKEN = Text(
    "There is one named {name}, or there are {most} already; rule list shows them.",
    "{name} adlı bir kural var ya da {most} kural dolu; rule list gösterir.",
)
_MADE = Text("The rule {name} is live for {days} days.", "{name} kuralı {days} gün geçerli.")
_REVOKED = Text("The rule {name} is revoked.", "{name} kuralı kaldırıldı.")
_UNKNOWN = Text("there is no rule named {name}; rule list shows them.", "{name} adlı kural yok; rule list gösterir.")
_NONE = Text("There is no rule in {folder}.", "{folder} klasöründe kural yok.")
_EDITED = Text(
    "{name}: was edited in the file and lets nothing through; revoke it.",
    "{name}: dosyada değiştirilmiş, hiçbir mesajı geçirmez; kaldırın.",
)
_ROW = Text(
    "{name} ({state} {expires}, approved by {approved_by}): sender {sender}, at most {per_hour} in an hour, {per_day} in 24 hours, "
    "{per_person} to one person: {text}",
    "{name} ({state} {expires}, onaylayan {approved_by}): başlık {sender}, bir saatte en çok {per_hour}, 24 saatte {per_day}, bir "
    "kişiye {per_person} mesaj: {text}",
)
_UNTIL, _ENDED = Text("until", "bitiş"), Text("ended", "bitti")


def run(options: argparse.Namespace, flags: Flags) -> int:
    """Do what the words say; return exit code 0, and 1 if no rule was made or revoked."""
    named = options.action in ("new", "revoke")
    if options.action not in ("list", "new", "revoke") or named is (options.name is None):
        raise UsageError(_USAGE)
    require_streams("stdout")
    ledger = AccountLedger.of_command(options, flags)
    language = ledger.settings.language
    work = {"list": _list, "new": _new, "revoke": _revoke}[options.action]
    try:
        lines = work(options, ledger)
    except (RuleTextError, AuditUnavailableError, LedgerUnavailableError) as error:
        say(_REFUSED.format(reason=error.reason) if options.action == "new" else error.reason, language)
        return FAILED
    for line in lines:
        Output.on_stdout(as_json=False).line(escape_line(line.to(language)))
    return 0


def _new(options: argparse.Namespace, ledger: AccountLedger) -> list[Text]:
    settings = ledger.settings
    numbers = {field: _number(field, getattr(options, field)) for field in RULE_NUMBERS}
    if not _NAME.fullmatch(options.name):
        raise UsageError(_USAGE)
    if settings.sender is None:
        raise UsageError(_SENDER_MISSING)
    prompt = TerminalPrompt.of_process(settings.language, WaitingLine(None, settings.language))
    if prompt is None:
        raise UsageError(_NO_TERMINAL)
    AuditLog(settings.audit_log, Redactor(())).check()
    text = _ask(prompt, _TYPE_TEXT.format(name=options.name), "string", _TEXT, _SIGNS_COUNT)
    if text.startswith("@"):
        text = _text_of_file(text[1:].strip())
    terms = RuleTerms(name=options.name, text=text, sender=settings.sender, approved_by=settings.operator, **numbers)
    _ask(prompt, _describe(terms, settings), "boolean", _APPROVE, _UNREAD)
    if not _change(ledger, lambda opened: opened.add_rule(terms), {"tool": "rule new", **asdict(terms)}):
        raise RuleTextError(_TAKEN.format(name=terms.name, most=MAX_RULES))
    return [_MADE.format(name=terms.name, days=terms.days)]


def _ask(prompt: TerminalPrompt, message: Text, kind: str, title: Text, description: Text) -> Any:
    """Return what the person answers. Raises :class:`.RuleTextError` for a no or nothing."""
    field = {"type": kind, "title": title.to(prompt.language), "description": description.to(prompt.language)}
    content = anyio.run(prompt.fill, message.to(prompt.language), {"properties": {"answer": field}})
    if not (content and content["answer"]):
        raise RuleTextError(_NO)
    return content["answer"]


def _number(field: str, raw: str) -> int:
    _, most, _ = RULE_NUMBERS[field]
    if not re.fullmatch("[0-9]{1,9}", raw) or not 0 < int(raw) <= most:
        raise UsageError(_NO_NUMBER.format(flag="--" + field.replace("_", "-"), most=most))
    return int(raw)


def _text_of_file(name: str) -> str:
    """Return the text in a file. Raises :class:`.RuleTextError`."""
    try:
        with Path(name).expanduser().open("rb") as file:
            return file.read(MAX_FILE_BYTES).decode("utf-8-sig").replace("\r\n", "\n").strip()
    except (OSError, ValueError, RuntimeError) as error:
        raise RuleTextError(_UNREADABLE_FILE.format(file=name, error=type(error).__name__)) from None


def _describe(terms: RuleTerms, settings: Settings) -> Text:
    """Return all that is to be approved. Raises :class:`.RuleTextError` for a text that no rule can have."""
    rule = parse_rule_text(terms.text)
    examples = {text: size_message(text, settings.character_mode) for text in (rule.example(2), rule.example())}
    credits_ = max(size.credits_at_most(1) for size in examples.values())
    each, day = (plural(number, "credit", "credits", "kredi") for number in (credits_, credits_ * terms.per_day))
    figures = {field: getattr(terms, field) for field in RULE_NUMBERS}
    lines: list[Text | str] = [
        _quoted(terms.text),
        _TERMS.format(sender=terms.sender, name=terms.name, each=each, day=day, **figures),
        *([_DIGITS_CALL] if _CALLABLE.search(rule.example()) else []),
    ]
    for text, size in examples.items():
        lines += [_EXAMPLE.format(length=describe_size(size)), _quoted(text)]
    return Text.join("\n", lines)


def _quoted(text: str) -> str:
    return "\n".join(f"| {line}" for line in text.split("\n"))


def _list(_: argparse.Namespace, ledger: AccountLedger) -> list[Text]:
    async def read(opened: SqliteLedger) -> list[Text]:
        rows = []
        for rule in await opened.rules():
            facts = {**asdict(rule.terms), "text": rule.terms.text.replace("\n", " ⏎ ")}
            del facts["days"]
            state = _UNTIL if rule.live else _ENDED
            rows.append(_ROW.format(state=state, expires=describe_time(rule.expires), **facts))
        return rows + [_EDITED.format(name=name) for name in await opened.edited_rules()]

    rows = ledger.use(read, read_only=True) if ledger.exists else []
    return rows or [_NONE.format(folder=str(ledger.folder))]


def _revoke(options: argparse.Namespace, ledger: AccountLedger) -> list[Text]:
    name = options.name
    entry = {"tool": "rule revoke", "name": name}
    if not (ledger.exists and _change(ledger, lambda opened: opened.revoke_rule(name), entry)):
        raise RuleTextError(_UNKNOWN.format(name=name))
    return [_REVOKED.format(name=name)]


def _change(ledger: AccountLedger, work: Callable[[SqliteLedger], Awaitable[bool]], entry: Mapping[str, Any]) -> bool:
    """Return whether `work` changed the rules, which the audit log then has."""
    settings = ledger.settings

    async def change(opened: SqliteLedger) -> bool:
        audit = AuditWriter(settings, opened, system_clock)
        changed = await work(opened)
        if changed:
            missing = audit.write_afterwards({"outcome": "done", **entry}, Identity(settings.operator, ""))
            if missing is not None:
                say(missing.for_person(), settings.language)
        return changed

    return ledger.use(change)
