"""The result of a changing call, and the words for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Literal

from iletimerkezi_mcp.language import TELL_USER, UNSAID, Text, for_onlooker, verbatim
from iletimerkezi_mcp.ledger.attempts import Attempt, Overlap, State, Way
from iletimerkezi_mcp.ledger.ledger import CodeFault
from iletimerkezi_mcp.provider.codes import stays_commercial
from iletimerkezi_mcp.provider.errors import ApiError
from iletimerkezi_mcp.provider.outcomes import ChangeOutcome, FailureOutcome, SeriesOutcome
from iletimerkezi_mcp.sms.clock import describe_time
from iletimerkezi_mcp.sms.content import offers_refusal

from .elicitation import DeclineReason
from .pending_change import Acceptance, PendingChange

CODE_LIFE = timedelta(minutes=10)
"""The life of a code."""

_REPEAT_WITH_CODE = Text(
    "After the user's own yes call again with the same arguments and this code in confirm; it is valid for "
    "{minutes} minutes, once, for exactly this.",
    "Kullanıcının kendi onayından sonra aynı parametrelerle ve confirm alanında bu kodla yeniden çağırın; kod "
    "{minutes} dakika, bir kez ve yalnızca bu işlem için geçerlidir.",
    person=Text(
        "To do exactly this, repeat the call with --confirm and this code; it is valid for {minutes} minutes, once.",
        "Tam olarak bunu yapmak için çağrıyı --confirm ve bu kodla yineleyin; kod {minutes} "
        "dakika ve bir kez geçerlidir.",
    ),
).format(minutes=int(CODE_LIFE.total_seconds() // 60))

_IN_FILE = Text("their numbers are in the file", "numaraları dosyada")
_NOTHING_DONE = Text("Nothing was done. {reason}", "Hiçbir şey yapılmadı. {reason}")
_LOOK_FIRST = Text(
    "Do not repeat this call, made at {time}. {how_to_verify}",
    "Bu çağrıyı yeniden yapmayın (ilki: {time}). {how_to_verify}",
)


def describe_numbers(numbers: Sequence[str], most: int, *, from_list: bool) -> Text:
    """Return the first `most` of `numbers`; the numbers of a list are for people, so they are not named."""
    return _IN_FILE if from_list else verbatim(", ".join([*numbers[:most], *(["…"] if len(numbers) > most else [])]))


@dataclass(frozen=True, slots=True)
class ChangeResult:
    """The result of a changing call.

    `status_code` is the provider's. `preview` is the preview's text and `warnings` its warnings, if there is one to show;
    `confirmation_code` is its code. `confirmed_by` is whose yes the change had, or which rule let it through, and `way` how
    that came. `change_digest` is the keyed
    digest of the change, and `preview_digest` that of the preview that was shown. `reason` is why no yes came, or that it was used before. `obstacle` is what prevents the change, a
    sentence without its consequence, if that is known before anybody is asked. `audited` if it is in the audit log already. `card`
    is the code of the card that shows the change. `fields` are further fields of the answer: how far a series is.
    """

    outcome: SeriesOutcome
    summary: Text
    next_step: Text
    status_code: int | None = None
    order_id: str | None = None
    confirmation_code: str | None = None
    confirmed_by: str | None = None
    way: Way | None = None
    preview: str | None = None
    warnings: tuple[Text, ...] = ()
    change_digest: bytes | None = None
    preview_digest: str | None = None
    reason: DeclineReason | Literal["repeated", "needs_person"] | None = None
    obstacle: Text | None = None
    audited: bool = False
    card: str | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)


NO_WAY_AROUND = Text(
    "Splitting the list or spreading it over hours is no way around it.",
    "Listeyi bölmek ya da saatlere yaymak çözüm değildir.",
)


def not_allowed(reason: Text, next_step: Text = TELL_USER) -> ChangeResult:
    """Return the result if a limit of the operator, or something that is missing, prevents the change."""
    return ChangeResult("nothing_done", _NOTHING_DONE.format(reason=reason), next_step, obstacle=reason)


SUPERSEDED = Text(
    "This campaign, or another one of its file and text, was begun, continued or ended meanwhile. Call again: it is planned "
    "anew.",
    "Bu kampanya ya da aynı dosya ve metinle başka bir kampanya bu arada başlatıldı, sürdürüldü veya bitti. Yeniden çağırın: "
    "baştan planlanır.",
)
"""The reason if a campaign is no longer what was previewed."""

_NOTHING_SENT = Text("Nothing has been sent.", "Hiçbir şey gönderilmedi.")
_NOTHING_CHANGED = Text("Nothing has been done.", "Hiçbir şey yapılmadı.")
_SHOW_ALL = Text(
    "Show all of this in the user's language, text, numbers, names and amounts unchanged, and end your turn; repeat the call "
    "with the code only after they agree in a message of their own.",
    "Bunun tamamını kullanıcının dilinde, metin, numara, ad ve tutarları değiştirmeden gösterin ve yanıtınızı burada bitirin; "
    "çağrıyı kodla ancak kullanıcı kendi mesajıyla onayladıktan sonra yineleyin.",
    person=UNSAID,
)

_CODE_INVALID: dict[CodeFault, Text] = {
    "not_issued": Text("This server did not issue this code.", "Bu onay kodunu bu sunucu üretmedi."),
    "expired": Text("This code has expired.", "Bu kodun süresi doldu."),
    "withdrawn": Text("This code is no longer valid.", "Bu kod artık geçerli değil."),
    "other_change": Text(
        "This code was issued for something else: only what was confirmed is done.",
        "Bu kod başka bir işlem için verildi: yalnızca onaylanan işlem yapılır.",
    ),
    "overtaken": Text(
        "After this code was issued the same, or nearly the same, was confirmed; its preview did not show that.",
        "Bu kod verildikten sonra aynısı ya da çok benzeri onaylandı; önizlemesinde bu yoktu.",
    ),
}

_CODES_END_WITH_PROCESS = Text(
    "This process did not issue this code. Without a state folder the sandbox forgets its codes when its process ends; a "
    "host that starts a process for each call needs ILETIMERKEZI_STATE_DIR.",
    "Bu onay kodunu bu süreç üretmedi. Durum klasörü yoksa deneme ortamı, süreci bitince kodlarını unutur; her çağrı için "
    "yeni süreç başlatan istemcilerde ILETIMERKEZI_STATE_DIR ayarlanmalıdır.",
)


def previewed(
    change: PendingChange, code: str, preview: str, fault: CodeFault | None, *, codes_last: bool
) -> ChangeResult:
    """Return the preview and its code; `fault` is what was wrong with the code that came, if one did.

    `codes_last` is false if codes are forgotten with the process.
    """
    sentences = [_NOTHING_CHANGED if change.message is None else _NOTHING_SENT, _SHOW_ALL]
    outcome: ChangeOutcome = "preview"
    if fault is not None:
        outcome = "nothing_done"
        sentences.insert(0, _CODE_INVALID[fault] if codes_last or fault != "not_issued" else _CODES_END_WITH_PROCESS)
    summary = Text.join(" ", sentences)
    return ChangeResult(outcome, summary, _REPEAT_WITH_CODE, confirmation_code=code, preview=preview)


_DRY_RUN = Text(
    "Only a preview: nothing was done, and the user was not asked.",
    "Yalnızca önizleme: hiçbir şey yapılmadı, kullanıcıya sorulmadı.",
    person=Text("Only a preview: nothing was done.", "Yalnızca önizleme: hiçbir şey yapılmadı."),
)
_WITHOUT_DRY_RUN = Text(
    "Without dry_run the same call asks for the user's yes, given {ways}.",
    "Aynı çağrı dry_run olmadan kullanıcının onayını ister; onay {ways} verilir.",
    person=UNSAID,
)
_SENT_BY_RULE = Text(
    "Without dry_run the same call sends it at once and unread, under the standing rule {rule}.",
    "Aynı çağrı dry_run olmadan {rule} kuralıyla mesajı kimse okumadan hemen gönderir.",
)
_OBSTACLE = Text("It could not be confirmed here now. {reason}", "Bu işlem şu anda burada onaylanamaz. {reason}")
_TELL_WHAT_WAS_ASKED = Text(
    "Tell the user what they asked for, warnings included. This does not count as a yes.",
    "Kullanıcıya istediği bilgiyi uyarılarla birlikte söyleyin. Bu, onay yerine geçmez.",
    person=UNSAID,
)


def dry_run(preview: str, obstacle: ChangeResult | None, rule: str | None, ways: Text) -> ChangeResult:
    """Return the preview of a change that is not to be made; `obstacle` is the refusal that the change would get now.

    `rule` is the standing rule that would let it through, and `ways` says how it would be confirmed without either.
    """
    then = _WITHOUT_DRY_RUN.format(ways=ways) if rule is None else _SENT_BY_RULE.format(rule=rule)
    next_step = _TELL_WHAT_WAS_ASKED
    if obstacle is not None:
        then, next_step = _OBSTACLE.format(reason=obstacle.obstacle or obstacle.summary), obstacle.next_step
    return ChangeResult("dry_run", Text.join(" ", [_DRY_RUN, then]), next_step, preview=preview)


_ASK_FOR_REFUSAL = Text(
    "The text has no way to refuse: ask the user for that sentence, and never invent a number.",
    "Metinde ret yolu yok: bu cümleyi kullanıcıdan isteyin, kendiniz numara uydurmayın.",
    person=UNSAID,
)
_WENT_WITHOUT_REFUSAL = Text(
    "Tell the user that the text has no way to refuse, which the law asks of a commercial message.",
    "Metinde ret yolu olmadığını, ticari iletide yasanın bunu istediğini kullanıcıya söyleyin.",
    person=UNSAID,
)
_REFUSAL_BY_ITS_WORDS = Text(
    "Only the wording of the way to refuse was checked, not whether it works.",
    "Ret yolunun yalnızca sözcüklerine bakıldı, çalışıp çalışmadığına bakılmadı.",
    person=UNSAID,
)


def for_type(change: PendingChange, result: ChangeResult) -> ChangeResult:
    """Return `result`; of a commercial send its next step begins with what to do about the way to refuse.

    A refusal ends with :data:`.STAYS_COMMERCIAL`.
    """
    if change.message is None or not change.message.commercial:
        return result
    if result.outcome in ("preview", "dry_run", "done", "under_way"):
        way = _ASK_FOR_REFUSAL if result.outcome in ("preview", "dry_run") else _WENT_WITHOUT_REFUSAL
        if offers_refusal(change.message.text):
            way = _REFUSAL_BY_ITS_WORDS
        return replace(result, next_step=Text.join(" ", [way, result.next_step]))
    return replace(result, next_step=stays_commercial(result.next_step))


_HELD_BY_UNKNOWN = Text(
    "Not sent: this text may have been sent to {whom} at {started}, and its outcome is unknown: {numbers}.",
    "Gönderilmedi: bu metin {whom} daha önce gönderilmiş olabilir ({started}), sonucu bilinmiyor: {numbers}.",
)
_HELD_BY_ORDER = Text(
    "Not sent: this text was sent to {whom} at {started} (order {order}): {numbers}.",
    "Gönderilmedi: bu metin {whom} daha önce gönderildi ({started}, gönderim no {order}): {numbers}.",
)
_HELD_BY_SCHEDULED = Text(
    "Not sent: this text is scheduled for {whom}, at {send_at} (order {order}): {numbers}.",
    "Gönderilmedi: bu metin için {whom} ileri tarihli bir gönderim var ({send_at}, gönderim no {order}): {numbers}.",
)
_HELD_BY_FLIGHT = Text(
    "Not sent: a send of this text to {whom} has been under way since {started}: {numbers}.",
    "Gönderilmedi: bu metin {whom} şu an gönderiliyor (başlangıç {started}): {numbers}.",
)
_NOT_BY_ITSELF = Text(
    "{reason} It will not go out by itself; after {until} the same text can be sent to them again, if that is wanted.",
    "{reason} Kendiliğinden gönderilmeyecek; istenirse aynı metin bu alıcılara şu zamandan sonra yeniden "
    "gönderilebilir: {until}.",
)
_HELD_BY_MORE = Text(
    "{reason} Sends of this text that hold it back: {sends}.", "{reason} Buna engel olan gönderim sayısı: {sends}."
)
_NEW_CALL = Text(
    "Tell the user; a later send needs a new call.",
    "Kullanıcıya söyleyin; sonraki gönderim için yeni bir çağrı gerekir.",
    person=UNSAID,
)
_SKIP_RECENT = Text(
    "The same call with skip_recent true leaves exactly these out, under a new preview.",
    "Aynı çağrı skip_recent true ile yalnızca bunları çıkarır ve yeni bir önizleme gösterir.",
    person=Text(
        "The same call with --skip-recent true leaves exactly these out, under a new preview.",
        "Aynı çağrı --skip-recent true ile yalnızca bunları çıkarır ve yeni bir önizleme gösterir.",
    ),
)
_SETTLE = for_onlooker(
    Text(
        "Read get_reports of that day: it settles the first one, and this becomes possible if it did not go out.",
        "O günün get_reports listesini okuyun: ilkinin durumu belli olur, gitmediyse bu gönderim mümkün olur.",
    ),
    "Ask in the chat if the first one went out: this becomes possible if it did not.",
    "İlkinin gidip gitmediğini sohbette sorun: gitmediyse bu gönderim mümkün olur.",
)
_SAME_CALL_LATER = Text(
    "After that time the same call sends it to them.", "O zamandan sonra aynı çağrı onlara da gönderir."
)
_CANCEL_FIRST = Text(
    "To send it at another time, cancel order {order} first.",
    "Başka bir zamanda göndermek için önce {order} numaralı gönderimi iptal edin.",
)
_KEEP_TEXT = Text("Do not change the text to get past this.", "Bunu aşmak için metni değiştirmeyin.")


def held_back(change: PendingChange, overlap: Overlap) -> ChangeResult:
    """Return the result if an earlier send of this text to some of the recipients holds it back.

    The first of those are named, unless they come from a list, whose numbers are for people. A list is planned without
    those that hold it back, so there is nothing that the caller could leave out.
    """
    first, held, total = overlap.attempt, overlap.recipients, change.count
    from_list = change.campaign is not None
    values: dict[str, Text | str | int] = {
        "started": describe_time(first.started),
        "whom": _whom(len(held), total),
        "numbers": describe_numbers(held, 5, from_list=from_list),
    }
    next_steps = [TELL_USER, _SKIP_RECENT]
    if from_list:
        next_steps = [TELL_USER, _SAME_CALL_LATER]
    elif len(held) == total:
        next_steps = [_NEW_CALL]
    if first.state == "unknown":
        template = _HELD_BY_UNKNOWN
        next_steps = [_SETTLE] if from_list or len(held) == total else [_SETTLE, _SKIP_RECENT]
    elif first.order_id is None:
        template = _HELD_BY_FLIGHT
    elif first.send is not None and first.send.send_at is not None:
        template = _HELD_BY_SCHEDULED
        values |= {"order": first.order_id, "send_at": describe_time(first.send.send_at)}
        del values["started"]
        next_steps.append(_CANCEL_FIRST.format(order=first.order_id))
    else:
        template = _HELD_BY_ORDER
        values["order"] = first.order_id
    summary = template.format(**values)
    if overlap.sends > 1:
        summary = _HELD_BY_MORE.format(reason=summary, sends=overlap.sends)
    summary = _NOT_BY_ITSELF.format(reason=summary, until=describe_time(overlap.until))
    return ChangeResult("held_back", summary, Text.join(" ", [*next_steps, _KEEP_TEXT]), order_id=first.order_id)


def _whom(held: int, total: int) -> Text:
    """Return to how many of how many recipients a text went."""
    if total == 1:
        return Text("the recipient", "alıcıya")
    if held == total:
        return Text("all {total} recipients", "{total} alıcının hepsine").format(total=total)
    return Text("{held} of the {total} recipients", "{total} alıcıdan {held} kişiye").format(held=held, total=total)


CONFIRMED_BY: dict[Way, Text] = {
    "form": Text("A person confirmed it in a form.", "Kullanıcı formda onayladı."),
    "card": Text("A person confirmed it on a card in the chat.", "Kullanıcı sohbetteki kartta onayladı."),
    "page": Text("A person confirmed it on a page in their browser.", "Kullanıcı tarayıcısındaki sayfada onayladı."),
    "code": Text("It was confirmed with its preview's code.", "Önizlemesinin koduyla onaylandı."),
    "rule": Text(
        "A standing rule let it through: nobody read this message before it was sent.",
        "Bir kuralla gönderildi: bu mesajı gönderilmeden önce kimse okumadı.",
    ),
}
"""The sources of a yes, in a sentence."""

CONFIRMED_ALREADY = Text(
    "This was confirmed already at {started}. Nothing more was done now.",
    "Bu işlem daha önce onaylanmıştı ({started}). Şimdi başka bir şey yapılmadı.",
)
"""The first words of an answer to a call that was confirmed before."""

_NOT_KNOWN = Text("Its outcome is not known.", "Sonucu bilinmiyor.")
_WHAT_BECAME_OF_IT: dict[State, Text] = {
    "in_flight": _NOT_KNOWN,
    "unknown": _NOT_KNOWN,
    "not_found": _NOT_KNOWN,
    "done": Text("The provider accepted it.", "Sağlayıcı kabul etti."),
    "cancelled": Text("It was accepted, and cancelled since.", "Kabul edildi ve sonradan iptal edildi."),
    "refused": Text("The provider refused it.", "Sağlayıcı reddetti."),
    "nothing_done": Text("It never left this machine.", "Bu makineden hiç çıkmadı."),
}

_CONFIRMED_BUT_UNREADABLE = Text(
    "This was confirmed already, and what came of it cannot be read now. {reason}",
    "Bu daha önce onaylandı; sonucu şu anda okunamıyor. {reason}",
)


def confirmed_already(attempt: Attempt) -> ChangeResult:
    """Return what became of the change that this code was used for."""
    before = CONFIRMED_ALREADY.format(started=describe_time(attempt.started))
    sentences = [before, _WHAT_BECAME_OF_IT[attempt.state], CONFIRMED_BY[attempt.way]]
    if attempt.order_id:
        sentences.append(Text("Order number: {order}.", "Gönderim no: {order}.").format(order=attempt.order_id))
    return ChangeResult(
        attempt.outcome,
        Text.join(" ", sentences),
        Text(
            "For a new one make a call without confirm; tell the user first.",
            "Yenisi için confirm olmadan çağırın; önce kullanıcıya söyleyin.",
            person=Text("For a new one call without --confirm.", "Yenisi için --confirm olmadan çağırın."),
        ),
        attempt.status_code,
        order_id=attempt.order_id,
        confirmed_by=attempt.confirmed_by,
        way=attempt.way,
        reason="repeated",
    )


def confirmed_but_unreadable(reason: Text) -> ChangeResult:
    """Return the result if the change that this code was used for is on record, and the record cannot be read."""
    return ChangeResult("unknown", _CONFIRMED_BUT_UNREADABLE.format(reason=reason), TELL_USER, reason="repeated")


def succeeded(acceptance: Acceptance) -> ChangeResult:
    """Return the result if the provider accepted it."""
    return ChangeResult("done", acceptance.summary, acceptance.next_step, order_id=acceptance.order_id)


def with_local_failures(result: ChangeResult, *failures: Text | None) -> ChangeResult:
    """Return `result`, its summary followed by what failed on this machine after the request was sent."""
    sentences = [result.summary, *(sentence for sentence in failures if sentence is not None)]
    return replace(result, summary=Text.join(" ", sentences))


SERVER_STOPPED = Text(
    "It may have been done: this server was stopped while the request was under way.",
    "Yapılmış olabilir: bu sunucu istek sürerken durduruldu.",
)
DUPLICATE_ORDER_NUMBER = Text(
    "It may have been done: the provider accepted it, but with the number of an earlier order.",
    "Yapılmış olabilir: sağlayıcı kabul etti ama daha önceki bir gönderimin numarasını verdi.",
)
SERVER_FAILED = Text(
    "It may have been done: this server failed while the request was under way; its log has the details.",
    "Yapılmış olabilir: istek sürerken bu sunucuda hata oluştu; ayrıntılar günlüğünde.",
)


def unknown(change: PendingChange, attempt: Attempt, summary: Text, status_code: int | None = None) -> ChangeResult:
    """Return the result if `attempt` may have made the change: it must not be repeated before it is verified."""
    next_step = _LOOK_FIRST.format(time=describe_time(attempt.started), how_to_verify=change.how_to_verify)
    return ChangeResult("unknown", summary, next_step, status_code)


_FAILED: dict[FailureOutcome, Text] = {
    "nothing_done": Text("Nothing was done: {reason}", "Hiçbir şey yapılmadı: {reason}"),
    "refused": Text(
        "The provider refused, and nothing was done: {reason}", "Sağlayıcı reddetti, hiçbir şey yapılmadı: {reason}"
    ),
    "unknown": Text("It may have been done: {reason}", "Yapılmış olabilir: {reason}"),
}
_DONE_EARLIER = Text(
    "An earlier call of unknown outcome has probably done it.",
    "Sonucu bilinmeyen önceki çağrı büyük olasılıkla bunu yapmıştı.",
)


def failed(change: PendingChange, attempt: Attempt, error: ApiError, *, done_earlier: bool) -> ChangeResult:
    """Return what a failed request means. `done_earlier`: an earlier attempt has probably made the change."""
    summary = _FAILED[error.outcome].format(reason=error.reason)
    if error.outcome == "unknown":
        return unknown(change, attempt, summary, error.code)
    if done_earlier:
        summary = Text.join(" ", [summary, _DONE_EARLIER])
        return ChangeResult(error.outcome, summary, change.how_to_verify, error.code)
    return ChangeResult(error.outcome, summary, error.next_step, error.code)
