"""A test of a campaign: its first and its longest text, sent to the operator's own number alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from iletimerkezi_mcp.confirmation.pending_change import Acceptance, Preview
from iletimerkezi_mcp.confirmation.pending_series import PendingSeries, SeriesStopped, Step, StepResult
from iletimerkezi_mcp.language import TELL_USER, Text, for_model, for_onlooker, plural, sentences
from iletimerkezi_mcp.ledger.attempts import PendingMessage
from iletimerkezi_mcp.provider.orders import OutgoingMessage
from iletimerkezi_mcp.sms import content
from iletimerkezi_mcp.sms.clock import ISTANBUL
from iletimerkezi_mcp.sms.escape import quoted
from iletimerkezi_mcp.sms.numbers import PhoneNumber

from .arguments import argument
from .campaign_run import failure_reason, order_fields, order_step, stopped_outcome
from .context import ServerContext
from .errors import PreconditionError
from .list_preview import FILE_NAME, describe_file, describe_unsendable, filled_texts, nobody_left
from .list_text import FilledList
from .list_warnings import text_warnings
from .send_preview import MESSAGE_TYPES, SENDER
from .sending_terms import CANNOT_BE_CALLED_BACK, SendingTerms, canonical, message_fields

TEXTS_TESTED = 2
"""The texts of a test: the first and the longest."""


def plan_test(filled: FilledList, terms: SendingTerms, context: ServerContext) -> PendingSeries:
    """Return the change that sends the first and the longest text to the operator's own number, at once.

    Raises :class:`.PreconditionError` if there is no such number, or no text to send.
    """
    if context.settings.test_number is None:
        raise PreconditionError(_NO_NUMBER, _SET_NUMBER)
    filling = filled.filling
    positions = filling.sendable()
    if not positions:
        reasons = describe_unsendable(filled.reading, filling)
        raise PreconditionError(nobody_left(filled.reading, reasons), TELL_USER)
    samples = list(dict.fromkeys(filling.text_numbers[row] for row in filling.samples(positions)[:TEXTS_TESTED]))
    number = PhoneNumber(context.settings.test_number)
    messages = [
        terms.message(filling.texts[text], (number,), filling.counts[text].parts, held=False) for text in samples
    ]
    run = _TestRun(messages, terms, context)
    message = terms.message(filling.template.text, (number,), sum(each.credits for each in messages), held=False)
    now = context.clock()
    return PendingSeries(
        tool="send_list",
        canonical={
            **canonical(message),
            "test": True,
            "list": filled.reading.digest.hex(),
            "columns": list(filling.template.columns),
        },
        preview_conditions={"character_mode": context.settings.character_mode},
        preview=Preview(
            _HEADLINE.format(
                texts=plural(len(samples), "text", "texts", "metin"),
                file=quoted(filled.reading.name, FILE_NAME),
                number=number,
                kind=MESSAGE_TYPES[terms.message_type],
                credits=plural(message.credits, "credit", "credits", "kredi"),
            ),
            warnings=text_warnings(filling, positions, message, now),
            details=(
                describe_file(filled.reading),
                SENDER.format(sender=terms.sender),
            ),
            quoted=filling.template.text,
            advice=(content.meaning(terms.message_type, terms.iys_list),),
            private=filled_texts(filling, filled.reading, positions, context.settings.character_mode, TEXTS_TESTED),
        ),
        answer_fields=message_fields(message),
        how_to_verify=_HOW_TO_VERIFY.format(start=argument("start", f"{now.astimezone(ISTANBUL):%Y-%m-%d}")),
        run=run,
        fields=run.fields,
        steps=len(samples),
        caution=CANNOT_BE_CALLED_BACK,
        count=len(samples),
        counted="recipients",
        message=message,
        audit_fields={"file_digest": filled.reading.content_digest.hex()},
    )


class _TestRun:
    """The orders of a test, as far as they have come: one for each text, so that none depends on another."""

    def __init__(self, messages: Sequence[PendingMessage], terms: SendingTerms, context: ServerContext) -> None:
        self._messages = messages
        self._terms = terms
        self._context = context
        self._results: list[StepResult] = []

    def fields(self) -> dict[str, Any]:
        """Return the fields of the answer as they are now."""
        return {"orders": [order_fields(result, 1) for result in self._results]}

    async def __call__(self, step: Step) -> Acceptance:
        for number, message in enumerate(self._messages, 1):
            order = self._terms.order(
                (OutgoingMessage(message.text, cast("tuple[PhoneNumber, ...]", message.recipients)),)
            )
            result = await step(order_step(message, order, number, self._context.clock()))
            self._results.append(result)
            if result.outcome != "done":
                raise SeriesStopped(
                    _STOPPED.format(reason=failure_reason(result)),
                    sentences(TELL_USER, _NOT_SENT),
                    stopped_outcome(result),
                    word=result.outcome,
                )
        return Acceptance(
            _SENT.format(texts=plural(len(self._messages), "text", "texts", "metin")), sentences(_ASK, _NOT_SENT)
        )


_HEADLINE = Text(
    "send {texts} of a test to your own number {number}, filled in from the list {file}, {kind}, now, at most {credits}.",
    "{file} listesinden doldurulan {texts} deneme olarak kendi numaranıza ({number}) gönderilecek: {kind}, hemen, en çok "
    "{credits}.",
)
_NO_NUMBER = Text(
    "Nothing was done: no number for tests is set here (ILETIMERKEZI_TEST_NUMBER).",
    "Hiçbir şey yapılmadı: burada deneme numarası ayarlı değil (ILETIMERKEZI_TEST_NUMBER).",
)
_SET_NUMBER = Text(
    "The operator sets it. Until then send_sms can send one text as a test, with sample values in place of the columns.",
    "Bunu yönetici ayarlar. O zamana kadar sütunların yerine örnek değer yazılmış bir metin, deneme olarak send_sms ile "
    "gönderilebilir.",
)
_HOW_TO_VERIFY = sentences(
    for_onlooker(
        Text(
            "Call get_reports with {start} and look for an order to one recipient.",
            "get_reports'u {start} ile çağırın ve tek alıcılı bir gönderim arayın.",
        ),
        "See if it has arrived, or ask in the chat.",
        "Gelip gelmediğine bakın ya da sohbette sorun.",
    ),
    for_model("Or ask the user if it arrived.", "Ya da kullanıcıya gelip gelmediğini sorun."),
)
_SENT = Text("The test is accepted: {texts} to your own number.", "Deneme kabul edildi: kendi numaranıza {texts}.")
_NOT_SENT = Text("The campaign itself has not been sent.", "Kampanyanın kendisi gönderilmedi.")
_ASK = for_model(
    "Ask the user if the text is right as it arrived.", "Gelen metnin doğru olup olmadığını kullanıcıya sorun."
)
_STOPPED = Text("The test has stopped. {reason}", "Deneme durdu. {reason}")
