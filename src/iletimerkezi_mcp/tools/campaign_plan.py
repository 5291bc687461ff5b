"""The plan of a campaign: who gets it, in which orders, and what a person is shown of it."""

from __future__ import annotations

import secrets
from array import array
from collections.abc import Sequence
from dataclasses import replace

from anyio import to_thread

from iletimerkezi_mcp.confirmation.pending_change import Preview, PreviewExpiry
from iletimerkezi_mcp.confirmation.pending_series import PendingSeries
from iletimerkezi_mcp.language import TELL_USER, UNSAID, Text, plural
from iletimerkezi_mcp.ledger.attempts import PendingCampaign, PendingMessage
from iletimerkezi_mcp.ledger.campaigns import Campaign
from iletimerkezi_mcp.lists.division import divide
from iletimerkezi_mcp.lists.error import ListError
from iletimerkezi_mcp.provider import account as provider
from iletimerkezi_mcp.provider.errors import ApiError
from iletimerkezi_mcp.sms import content

from .campaign_run import HOW_TO_VERIFY, CampaignRun, SendingTerms
from .campaigns import find_campaign, settle_first
from .context import ServerContext
from .errors import PreconditionError
from .list_preview import (
    DO_NOT_CONTACT,
    EMPTY,
    HANDED_OVER,
    HAVE_IT,
    TOO_LONG,
    LeftOut,
    ShownCampaign,
    left_out_in_reading,
    nobody_left,
)
from .list_text import FilledList
from .list_warnings import ROWS_SHOWN
from .send import CAN_BE_CANCELLED, CANNOT_BE_CALLED_BACK, NIGHT, NOTHING_DONE, OPERATOR_MENDS


async def campaign_to_continue(name: str, context: ServerContext) -> Campaign:
    """Return the campaign of this name. Raises :class:`.PreconditionError` if it cannot be continued."""
    campaign = await find_campaign(name, context)
    if campaign.running:
        raise PreconditionError(_RUNNING.format(campaign=campaign.name), _SEE_CAMPAIGNS)
    if campaign.state in ("under_way", "stopped") and campaign.in_doubt and not campaign.left:
        number = plural(sum(step.count for step in campaign.in_doubt), "recipient", "recipients", "alıcı")
        reason = _NOT_SETTLED.format(campaign=campaign.name, recipients=number)
        raise PreconditionError(reason, settle_first(campaign.in_doubt[0].started))
    if campaign.state not in ("under_way", "stopped") or not campaign.left:
        raise PreconditionError(_ENDED.format(campaign=campaign.name), _SEE_CAMPAIGNS)
    return campaign


async def plan_campaign(
    filled: FilledList, terms: SendingTerms, campaign: Campaign | None, context: ServerContext, *, reads_balance: bool
) -> PendingSeries:
    """Return the change that sends to everybody in the list, or to the rest of `campaign`.

    It makes one request, for the balance, unless the preview was shown already. Raises :class:`.PreconditionError` if
    nobody is left, or an unfinished campaign is in the way.
    """
    plan = _Plan(filled, terms, campaign, context)
    await plan.leave_out()
    await plan.check_unfinished()
    if reads_balance:
        await plan.read_balance()
    return await plan.change()


class _Plan:
    def __init__(
        self, filled: FilledList, terms: SendingTerms, campaign: Campaign | None, context: ServerContext
    ) -> None:
        self._filled = filled
        self._terms = terms
        self._campaign = campaign
        self._context = context
        self._now = context.clock()
        self._name = f"k-{secrets.token_hex(3)}" if campaign is None else campaign.name
        self._left_out: list[LeftOut] = []
        self._having: list[int] = []
        self._positions: Sequence[int] = range(len(filled.numbers))
        self._balance_unknown: Text | None = None

    async def leave_out(self) -> None:
        """Leave out whom this can never be sent to, and whom the campaign that is continued has reached."""
        filling, numbers = self._filled.filling, self._filled.numbers
        self._note(EMPTY, filling.empty)
        self._note(TOO_LONG, filling.too_long)
        try:
            barred = await self._context.do_not_contact.numbers()
        except ListError as error:
            raise PreconditionError(NOTHING_DONE.format(reason=error.reason), OPERATOR_MENDS) from None
        reached = await self._reached()
        absent, handed_over, self._having = (
            [row for row, number in enumerate(numbers) if number in group] if group else []
            for group in (barred, reached, await self._reached(left_out=True) - reached)
        )
        for template, positions in ((DO_NOT_CONTACT, absent), (HANDED_OVER, handed_over), (HAVE_IT, self._having)):
            self._note(template, positions)
        self._positions = filling.sendable({*absent, *handed_over, *self._having})
        if not self._positions:
            raise PreconditionError(nobody_left(self._filled.reading, self._left_out), TELL_USER)

    async def _reached(self, *, left_out: bool = False) -> set[str]:
        """Return whom the campaign that is continued has reached; with `left_out` also those who had its text before."""
        if self._campaign is None:
            return set()
        if self._filled.reading.content_digest != self._campaign.file_digest:
            raise PreconditionError(_OTHER_FILE.format(campaign=self._campaign.name), _FIND_FILE)
        numbers = self._filled.numbers
        reached = await self._context.ledger.handed_over(self._campaign.name, numbers, left_out=left_out)
        if reached is None:
            raise PreconditionError(_FORGOTTEN.format(campaign=self._campaign.name), _SEE_CAMPAIGNS)
        return reached

    def _note(self, template: Text, positions: Sequence[int]) -> None:
        if positions:
            rows = [self._filled.reading.rows[position] for position in positions[:ROWS_SHOWN]]
            self._left_out.append(LeftOut(template, len(positions), rows))

    async def check_unfinished(self) -> None:
        """Raise :class:`.PreconditionError` if a campaign with this template and file has people left, or is another one."""
        unfinished = await self._context.ledger.unfinished_campaign(self._pending())
        if self._campaign is None:
            if unfinished is not None:
                left = plural(unfinished.left, "recipient", "recipients", "alıcı")
                reason = _UNFINISHED.format(campaign=unfinished.name, left=left)
                if unfinished.running:
                    raise PreconditionError(_UNDER_WAY.format(campaign=unfinished.name), _SEE_CAMPAIGNS)
                raise PreconditionError(reason, _CONTINUE.format(campaign=unfinished.name))
        elif unfinished is None or unfinished.name != self._campaign.name:
            raise PreconditionError(_OTHER_TEXT.format(campaign=self._campaign.name), _SAME_TEXT)

    async def read_balance(self) -> None:
        """Read the balance, which the preview shows; without it the preview says why it does not."""
        try:
            balance = await self._context.client.call(provider.GET_BALANCE, None)
        except ApiError as error:
            self._balance_unknown = error.reason
        else:
            self._context.recent_reads.remember_balance(balance, self._context.clock())

    async def change(self) -> PendingSeries:
        """Return the change, without those who have this text, or may have it.

        If that is everybody, it has them all: the whole is held back then, with the reason.
        """
        series = await self._series()
        _, usage = await self._context.ledger.look_up(series)
        if usage.overlap is not None:
            held = set(usage.overlap.recipients)
            having = [row for row in self._positions if self._filled.numbers[row] in held]
            if len(having) < len(self._positions):
                self._note(HAVE_IT, having)
                self._having += having
                self._positions = array("I", [row for row in self._positions if self._filled.numbers[row] not in held])
                series = await self._series()
        preview = await to_thread.run_sync(self._preview, series)
        return replace(series, preview=preview)

    def _preview(self, series: PendingSeries) -> Preview:
        shown = ShownCampaign(
            message=self._message,
            filled=self._filled,
            positions=self._positions,
            left_out=self._left_out,
            slices=self._slices,
            continued=self._campaign,
            balance_unknown=self._balance_unknown,
        )
        context = self._context
        return shown.preview(context.recent_reads, context.settings.character_mode, self._now)

    async def _series(self) -> PendingSeries:
        """Return the change without its preview."""
        context, filled, terms, now = self._context, self._filled, self._terms, self._now
        template, text_numbers = filled.filling.template, filled.filling.text_numbers
        message = self._message = self._message_to_all()
        self._slices = divide(
            text_numbers
            if len(self._positions) == len(text_numbers)
            else [text_numbers[row] for row in self._positions],
            most_texts=context.settings.texts_per_order,
            proven=await context.ledger.several_texts_proven(),
        )
        commercial_now = message.commercial and message.send_at is None
        at_night = commercial_now and content.is_night(now)
        expiry = PreviewExpiry(content.next_night(now), NIGHT) if commercial_now and not at_night else None
        run = CampaignRun(self._name, filled, self._positions, self._slices, terms, expiry, context)
        return PendingSeries(
            tool="send_list",
            canonical={
                **terms.canonical(),
                "list": filled.reading.digest.hex(),
                "columns": list(template.columns),
                "text": template.text,
                "recipients": message.recipients_digest.hex(),
                "campaign": None if self._campaign is None else self._campaign.name,
            },
            preview_conditions={
                "character_mode": context.settings.character_mode,
                "at_night": at_night,
                "orders": [(piece.recipients, piece.is_cautious) for piece in self._slices],
            },
            preview=Preview(UNSAID),
            answer_fields={
                "recipients": len(message.recipients),
                "left_out": sum(left.number for left in self._left_out) + left_out_in_reading(filled.reading),
                "sender": message.sender,
                "message_type": message.message_type,
                "send_at": message.send_at.isoformat(timespec="minutes") if message.send_at else "now",
                "credits": message.credits,
                "label": message.label,
            },
            how_to_verify=HOW_TO_VERIFY.format(campaign=self._name),
            run=run,
            fields=run.fields,
            steps=len(self._slices),
            caution=CANNOT_BE_CALLED_BACK if message.send_at is None else CAN_BE_CANCELLED,
            count=len(message.recipients),
            counted="recipients",
            message=message,
            campaign=self._pending(),
            preview_expiry=expiry,
        )

    def _message_to_all(self) -> PendingMessage:
        filled, positions = self._filled, self._positions
        credits_ = filled.filling.credits(positions)
        if len(positions) == len(filled.numbers):
            digest = filled.recipients_digest
            return self._terms.message(filled.filling.template.text, filled.numbers, credits_, digest=digest)
        recipients = tuple(map(filled.numbers.__getitem__, positions))
        return self._terms.message(filled.filling.template.text, recipients, credits_)

    def _pending(self) -> PendingCampaign:
        reading = self._filled.reading
        return PendingCampaign(
            name=self._name,
            file=reading.name,
            file_digest=reading.content_digest,
            template=self._filled.filling.template.text,
            columns=self._filled.filling.template.columns,
            sheet=reading.sheet,
            number_column=self._filled.options.number_column,
            include_hidden=reading.include_hidden,
            continues=self._campaign is not None,
            left_out=tuple(self._filled.numbers[row] for row in self._having),
        )


_SEE_CAMPAIGNS = Text("get_campaigns shows them all.", "Hepsini get_campaigns gösterir.")
_RUNNING = Text(
    "Nothing was done: campaign {campaign} is under way, and goes on by itself.",
    "Hiçbir şey yapılmadı: {campaign} kampanyası sürüyor, kendiliğinden devam eder.",
)
_ENDED = Text(
    "Nothing was done: campaign {campaign} has ended, and cannot be continued.",
    "Hiçbir şey yapılmadı: {campaign} kampanyası bitti ya da iptal edildi, sürdürülemez.",
)
_NOT_SETTLED = Text(
    "Nothing was done: in campaign {campaign} an order of unknown outcome is all that is open ({recipients}).",
    "Hiçbir şey yapılmadı: {campaign} kampanyasında açık olan yalnızca sonucu bilinmeyen gönderim ({recipients}).",
)
_FORGOTTEN = Text(
    "Nothing was done: who got campaign {campaign} is kept for seven days after its last order, so the rest of it is not known "
    "any more.",
    "Hiçbir şey yapılmadı: {campaign} kampanyasının kime gittiği son gönderiminden sonra yedi gün tutulur; kalanı artık "
    "bilinmiyor.",
)
_OTHER_FILE = Text(
    "Nothing was done: the file is not, or no longer, the one that campaign {campaign} was begun with.",
    "Hiçbir şey yapılmadı: dosya, {campaign} kampanyasının başladığı dosya değil ya da değişmiş.",
)
_FIND_FILE = Text(
    "Ask the user for the file as it was. If there is none, cancel_campaign ends this campaign; save_report shows who got it.",
    "Dosyanın o hâlini kullanıcıdan isteyin. Yoksa cancel_campaign bu kampanyayı bitirir; kime gittiğini save_report gösterir.",
    person=Text(
        "Put the file back as it was. If there is none, cancel_campaign ends this campaign; save_report shows who got it.",
        "Dosyanın o hâlini yerine koyun. Yoksa cancel_campaign bu kampanyayı bitirir; kime gittiğini save_report gösterir.",
    ),
)
_OTHER_TEXT = Text(
    "Nothing was done: this is not the text of campaign {campaign}.",
    "Hiçbir şey yapılmadı: bu, {campaign} kampanyasının metni değil.",
)
_SAME_TEXT = Text(
    "Give the text word for word as it was, with its fields.",
    "Metni alanlarıyla birlikte, eskisinin aynısı olarak verin.",
)
_UNDER_WAY = Text(
    "Nothing was done: campaign {campaign} sends this text to this list now.",
    "Hiçbir şey yapılmadı: {campaign} kampanyası şu anda bu metni bu listeye gönderiyor.",
)
_UNFINISHED = Text(
    "Nothing was done: this text and list have an unfinished campaign: {campaign}; left: {left}.",
    "Hiçbir şey yapılmadı: bu metin ve liste için bitmemiş bir kampanya var: {campaign}; kalan {left}.",
)
_CONTINUE = Text(
    "Ask the user. campaign {campaign} in the same call goes on with the rest; cancel_campaign ends it.",
    "Kullanıcıya sorun. Aynı çağrıda campaign {campaign} kalanı gönderir; cancel_campaign onu bitirir.",
    person=Text(
        "--campaign {campaign} in the same call goes on with the rest; cancel_campaign ends it.",
        "Aynı çağrıda --campaign {campaign} kalanı gönderir; cancel_campaign onu bitirir.",
    ),
)
