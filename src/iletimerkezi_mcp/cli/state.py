"""``state``: say what the ledger still knows of a person's number, and delete it."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from functools import partial
from typing import Any

from iletimerkezi_mcp.language import Text, plural
from iletimerkezi_mcp.ledger.attempts import Attempt, State
from iletimerkezi_mcp.ledger.sqlite import SqliteLedger
from iletimerkezi_mcp.ledger.unavailable import LedgerUnavailableError
from iletimerkezi_mcp.sandbox.factory import DATABASE_FILE
from iletimerkezi_mcp.sms.clock import describe_time
from iletimerkezi_mcp.sms.escape import escape_line
from iletimerkezi_mcp.sms.numbers import NumberError, PhoneNumber, parse_number

from .account_ledger import AccountLedger
from .streams import require_streams, say
from .terminal import Output
from .usage import FAILED, Flags, UsageError

_NO_ACTION = Text(
    "state about NUMBER or state forget NUMBER --yes; see state --help.",
    "state about NUMBER ya da state forget NUMBER --yes yazın; state --help çıktısına bakın.",
)
_NO_NUMBER = Text("the number {reason}.", "verilen numara {reason}.")
_NEEDS_YES = Text(
    "forget cannot be undone. What holds a repeated message to this person back goes with it, and a send of unknown "
    "outcome may no longer be recognised: it could then be sent twice. So could a campaign that is continued. Look with "
    "state about first, and add --yes.",
    "forget geri alınamaz. Aynı mesajın bu kişiye yeniden gitmesini önleyen kayıt da silinir; sonucu bilinmeyen bir "
    "gönderim artık tanınmayabilir ve ikinci kez gidebilir; sürdürülen bir kampanya da öyle. Önce state about ile bakın, "
    "sonra --yes ekleyin.",
)

_NONE = Text(
    "The ledger in {folder} shows no message to {number}.",
    "{folder} klasöründeki defterde {number} numarasına giden mesaj görünmüyor.",
)
_FOUND = Text(
    "The ledger in {folder} shows {messages} to {number}:",
    "{folder} klasöründeki defterde {number} numarasına giden {messages} görünüyor:",
)
_FORGOTTEN = Text(
    "The ledger in {folder} no longer links {number} to {messages}. They hold no repeated message to this person back "
    "any more, a send of unknown outcome may no longer be recognised, and a campaign that is continued reaches them "
    "again:",
    "{folder} klasöründeki defterde {number} numarasının {messages} ile bağı silindi. Bu kayıtlar artık aynı mesajın bu "
    "kişiye yeniden gitmesini önlemez; sonucu bilinmeyen bir gönderim tanınmayabilir, sürdürülen bir kampanya bu kişiye "
    "yeniden gider:",
)
_PUSHED = Text(
    "Pushed reports show messages to {number} in {orders}.",
    "İletim bildirimlerine göre {number} numarasına mesaj giden gönderimler: {orders}.",
)
_PUSHED_FORGOTTEN = Text(
    "The pushed reports about messages to {number} in {orders} are deleted.",
    "{number} numarasına giden mesajların iletim bildirimleri silindi: {orders}.",
)
_ROW = Text("- {time}: {facts}", "- {time}: {facts}")
_ORDER = Text("order {order}", "gönderim no {order}")
_CAMPAIGN = Text("campaign {campaign}", "kampanya {campaign}")
_LEFT_OUT = Text(
    "left out, for an earlier message with its text had gone to this number, or might have",
    "gönderilmedi: aynı metin bu numaraya daha önce gitmişti ya da gitmiş olabilirdi",
)
_LABEL = Text("label “{label}”", "etiket “{label}”")

_STATES: dict[State, Text] = {
    "in_flight": Text("under way", "sürüyor"),
    "done": Text("accepted", "kabul edildi"),
    "refused": Text("refused", "reddedildi"),
    "nothing_done": Text("not sent", "gönderilmedi"),
    "unknown": Text("outcome unknown", "sonucu bilinmiyor"),
    "not_found": Text("not found among the orders", "gönderimler arasında bulunamadı"),
    "cancelled": Text("cancelled", "iptal edildi"),
}

_KEPT_BRIEFLY = Text(
    "Pushed reports are deleted after at most 30 days. The link between a message and a number is deleted at most 24 hours after the outcome is settled and the last hold "
    "has ended, and that of a campaign not before seven days after its last order, so older messages to this person do "
    "not show.",
    "İletim bildirimleri en geç 30 gün sonra silinir. Mesaj ile numara arasındaki bağ, sonuç netleşip son bekletme bittikten en geç 24 saat sonra, kampanyalarda ayrıca son "
    "gönderimin üzerinden yedi gün geçtikten sonra silinir; bu nedenle bu kişiye giden daha eski mesajlar görünmez.",
)
_NO_TEXTS = Text(
    "The ledger holds no texts. Changes of the blacklist and İYS consents are in it without a number that could be "
    "searched for.",
    "Defterde mesaj metni yoktur. Kara liste değişiklikleri ve İYS izin kayıtları, aranabilecek bir numara olmadan "
    "tutulur.",
)
_AUDIT = Text(
    "The audit log in {path} is not searched: it holds the first five numbers of a call, masked.",
    "{path} dosyasındaki denetim kaydına bakılmadı: orada bir çağrının ilk beş numarası gizlenmiş olarak durur.",
)
_PROVIDER = Text(
    "The provider keeps records of its own: orders and reports, the blacklist, and consents at İYS.",
    "Sağlayıcının kendi kayıtları vardır: gönderimler ve raporlar, kara liste, İYS'deki izinler.",
)
_SANDBOX = Text(
    "The simulated provider of the sandbox keeps the numbers of its orders, blacklist and consents in {path}, in clear; "
    "they stay until that file is deleted.",
    "Deneme ortamının sağlayıcı simülasyonu gönderim, kara liste ve izin kayıtlarındaki numaraları {path} dosyasında açık olarak tutar; "
    "dosya silinene kadar kalırlar.",
)


def run(options: argparse.Namespace, flags: Flags) -> int:
    """Do what the words say; return exit code 0, also if nothing is found, and 1 if the ledger cannot be used."""
    number, forget = _number(options), options.action == "forget"
    if forget and not options.yes:
        raise UsageError(_NEEDS_YES)
    require_streams("stdout")
    ledger = AccountLedger.of_command(options, flags)
    work = partial(_forget if forget else _look_up, number=number)
    try:
        attempts, orders = ledger.use(work, read_only=not forget) if ledger.exists else ([], [])
    except LedgerUnavailableError as error:
        say(error.reason, ledger.settings.language)
        return FAILED
    _write(Output.on_stdout(as_json=options.json), ledger, number, attempts, orders, forgotten=forget)
    return 0


async def _look_up(ledger: SqliteLedger, number: str) -> tuple[list[Attempt], list[str]]:
    return await ledger.about(number), await ledger.pushed_about(number)


async def _forget(ledger: SqliteLedger, number: str) -> tuple[list[Attempt], list[str]]:
    return await ledger.forget(number), await ledger.forget_pushed(number)


def _number(options: argparse.Namespace) -> PhoneNumber:
    if options.action not in ("about", "forget") or options.number is None:
        raise UsageError(_NO_ACTION)
    try:
        # Whether international numbers may be sent to now says nothing about earlier messages.
        return parse_number(options.number, international=True)
    except NumberError as error:
        raise UsageError(_NO_NUMBER.format(reason=error.reason)) from None


def _write(
    output: Output,
    ledger: AccountLedger,
    number: str,
    attempts: Sequence[Attempt],
    orders: Sequence[str],
    *,
    forgotten: bool,
) -> None:
    settings, folder = ledger.settings, ledger.folder
    lines: list[Text] = []
    if attempts:
        messages = plural(len(attempts), "message", "messages", "mesaj")
        heading = _FORGOTTEN if forgotten else _FOUND
        lines += [heading.format(folder=str(folder), number=number, messages=messages), *map(_row, attempts)]
    elif not orders:
        lines.append(_NONE.format(folder=str(folder), number=number))
    if orders:
        names = Text.join(", ", [_ORDER.format(order=order) for order in orders])
        lines.append((_PUSHED_FORGOTTEN if forgotten else _PUSHED).format(number=number, orders=names))
    simulated = _SANDBOX.format(path=str(folder / DATABASE_FILE.name))
    limits = [_KEPT_BRIEFLY, _NO_TEXTS, simulated if settings.sandbox else _PROVIDER]
    if settings.audit_log is not None:
        limits.append(_AUDIT.format(path=str(settings.audit_log)))
    for line in (*lines, *limits):
        output.line(escape_line(line.to(settings.language)))
    output.json(
        {
            "number": number,
            "forgotten": forgotten,
            "messages": [_record(attempt) for attempt in attempts],
            "pushed_orders": list(orders),
            "limits": [limit.to(settings.language) for limit in limits],
        }
    )


def _row(attempt: Attempt) -> Text:
    facts = [_LEFT_OUT if attempt.send is None else _STATES[attempt.state]]
    if attempt.order_id is not None:
        facts.append(_ORDER.format(order=attempt.order_id))
    if attempt.campaign is not None:
        facts.append(_CAMPAIGN.format(campaign=attempt.campaign))
    if attempt.send is not None and attempt.send.label is not None:
        facts.append(_LABEL.format(label=attempt.send.label))
    return _ROW.format(time=describe_time(attempt.started), facts=Text.join(", ", facts))


def _record(attempt: Attempt) -> dict[str, Any]:
    return {
        "time": attempt.started.isoformat(timespec="seconds"),
        "outcome": "left_out" if attempt.send is None else attempt.state,
        "order_id": attempt.order_id,
        "campaign": attempt.campaign,
        "label": None if attempt.send is None else attempt.send.label,
    }
