"""The plan of a campaign: who gets it, in which orders, and what a person is shown of it."""

from __future__ import annotations

import secrets
from array import array
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from anyio import to_thread

from iletimerkezi_mcp.confirmation.pending_change import Preview
from iletimerkezi_mcp.confirmation.pending_series import PendingSeries
from iletimerkezi_mcp.language import TELL_USER, UNSAID, Text, for_model, for_onlooker, plural, sentences
from iletimerkezi_mcp.ledger.attempts import PendingCampaign
from iletimerkezi_mcp.ledger.campaigns import Campaign
from iletimerkezi_mcp.lists.division import divide
from iletimerkezi_mcp.provider import account as provider
from iletimerkezi_mcp.provider.errors import ApiError

from .arguments import argument
from .campaign_run import CampaignRun
from .campaigns import HOW_TO_CONTINUE, SEE_ORDERS, find_campaign, settle_first
from .context import ServerContext
from .errors import PreconditionError
from .list_preview import (
    DO_NOT_CONTACT,
    HANDED_OVER,
    HAVE_IT,
    campaign_preview,
    describe_left_out,
    describe_unsendable,
    nobody_left,
)
from .list_text import CampaignPlan, FilledList
from .sending_terms import (
    CAN_BE_CANCELLED,
    CANNOT_BE_CALLED_BACK,
    SendingTerms,
    at_night,
    canonical,
    do_not_contact,
    message_fields,
)


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
    name = f"k-{secrets.token_hex(3)}" if campaign is None else campaign.name
    plan = CampaignPlan(name=name, filled=filled, terms=terms, continued=campaign, context=context)
    await _leave_out(plan)
    await _check_unfinished(plan)
    if reads_balance:
        await _read_balance(plan)
    return await _change(plan)


async def _leave_out(plan: CampaignPlan) -> None:
    """Leave out whom this can never be sent to, and whom the campaign that is continued has reached."""
    filling, numbers = plan.filled.filling, plan.filled.numbers
    plan.left_out += describe_unsendable(plan.filled.reading, filling)
    reached = await _reached(plan)
    absent, handed_over, plan.having = (
        [row for row, number in enumerate(numbers) if number in group] if group else []
        for group in (await do_not_contact(plan.context), reached, await _reached(plan, left_out=True) - reached)
    )
    left_out = {*filling.empty, *filling.too_long}
    for template, positions in ((DO_NOT_CONTACT, absent), (HANDED_OVER, handed_over), (HAVE_IT, plan.having)):
        # Each row has one reason: together they are all that are left out.
        _note(plan, template, [row for row in positions if row not in left_out])
        left_out.update(positions)
    plan.positions = filling.sendable(left_out)
    if not plan.positions:
        raise PreconditionError(nobody_left(plan.filled.reading, plan.left_out), TELL_USER)


async def _reached(plan: CampaignPlan, *, left_out: bool = False) -> set[str]:
    """Return whom the campaign that is continued has reached; with `left_out` also those who had its text before."""
    campaign = plan.continued
    if campaign is None:
        return set()
    if plan.filled.reading.content_digest != campaign.file_digest:
        raise PreconditionError(_OTHER_FILE.format(campaign=campaign.name), _FIND_FILE)
    reached = await plan.context.ledger.handed_over(campaign.name, plan.filled.numbers, left_out=left_out)
    if reached is None:
        raise PreconditionError(_FORGOTTEN.format(campaign=campaign.name), _SEE_CAMPAIGNS)
    return reached


def _note(plan: CampaignPlan, template: Text, positions: Sequence[int]) -> None:
    if positions:
        rows = (plan.filled.reading.rows[position] for position in positions)
        plan.left_out.append(describe_left_out(template, len(positions), rows))


async def _check_unfinished(plan: CampaignPlan) -> None:
    """Raise :class:`.PreconditionError` if a campaign with this template and file has people left, or is another one."""
    unfinished = await plan.context.ledger.unfinished_campaign(_pending(plan))
    if plan.continued is not None:
        if unfinished is None or unfinished.name != plan.name:
            raise PreconditionError(_OTHER_TEXT.format(campaign=plan.name), _SAME_TEXT)
    elif unfinished is not None:
        if unfinished.running:
            raise PreconditionError(_RUNNING.format(campaign=unfinished.name), _SEE_CAMPAIGNS)
        left = plural(unfinished.left, "recipient", "recipients", "alıcı")
        reason = _UNFINISHED.format(campaign=unfinished.name, left=left)
        raise PreconditionError(reason, HOW_TO_CONTINUE.format(campaign=argument("campaign", unfinished.name)))


async def _read_balance(plan: CampaignPlan) -> None:
    """Read the balance, which the preview shows; without it the preview says why it does not."""
    try:
        balance = await plan.context.client.call(provider.GET_BALANCE, None)
    except ApiError as error:
        plan.balance_unknown = error.reason
    else:
        plan.context.recent_reads.remember_balance(balance, plan.context.clock())


async def _change(plan: CampaignPlan) -> PendingSeries:
    """Return the change, without those who have this text, or may have it.

    If that is everybody, it has them all: the whole is held back then, with the reason.
    """
    now = plan.context.clock()
    series = await _series(plan, now)
    _, usage = await plan.context.ledger.look_up(series)
    if usage.overlap is not None:
        numbers, held = plan.filled.numbers, set(usage.overlap.recipients)
        having = [row for row in plan.positions if numbers[row] in held]
        if len(having) < len(plan.positions):
            _note(plan, HAVE_IT, having)
            plan.having += having
            plan.positions = array("I", [row for row in plan.positions if numbers[row] not in held])
            series = await _series(plan, now)
    return replace(series, preview=await to_thread.run_sync(campaign_preview, plan, now))


async def _series(plan: CampaignPlan, now: datetime) -> PendingSeries:
    """Return the change without its preview."""
    context, filled, terms = plan.context, plan.filled, plan.terms
    template, text_numbers = filled.filling.template, filled.filling.text_numbers
    numbers, digest = filled.numbers, None
    if len(plan.positions) < len(numbers):
        numbers = tuple(map(numbers.__getitem__, plan.positions))
        text_numbers = [text_numbers[row] for row in plan.positions]
    else:
        digest = filled.recipients_digest
    credits_ = filled.filling.credits(plan.positions)
    message = plan.message = terms.message(template.text, numbers, credits_, digest=digest)
    plan.slices = divide(
        text_numbers,
        most_texts=context.settings.texts_per_order,
        proven=await context.ledger.several_texts_proven(),
    )
    by_night, expiry = at_night(message, now)
    run = CampaignRun(plan, expiry)
    return PendingSeries(
        tool="send_list",
        canonical={
            **canonical(message),
            "list": filled.reading.digest.hex(),
            "columns": list(template.columns),
            "campaign": None if plan.continued is None else plan.name,
        },
        preview_conditions={
            "character_mode": context.settings.character_mode,
            "at_night": by_night,
            "orders": [(piece.recipients, piece.is_cautious) for piece in plan.slices],
        },
        preview=Preview(UNSAID),
        answer_fields={
            **message_fields(message),
            "left_out": filled.reading.row_count - len(message.recipients),
        },
        how_to_verify=SEE_ORDERS.format(campaign=argument("campaign", plan.name)),
        run=run,
        fields=run.fields,
        steps=len(plan.slices),
        caution=CANNOT_BE_CALLED_BACK if message.send_at is None else CAN_BE_CANCELLED,
        count=len(message.recipients),
        counted="recipients",
        message=message,
        campaign=_pending(plan),
        audit_fields={"file_digest": filled.reading.content_digest.hex()},
        preview_expiry=expiry,
    )


def _pending(plan: CampaignPlan) -> PendingCampaign:
    reading, template = plan.filled.reading, plan.filled.filling.template
    return PendingCampaign(
        name=plan.name,
        file=reading.name,
        file_digest=reading.content_digest,
        template=template.text,
        columns=template.columns,
        sheet=reading.sheet,
        number_column=plan.filled.options.number_column,
        include_hidden=reading.include_hidden,
        continues=plan.continued is not None,
        left_out=tuple(plan.filled.numbers[row] for row in plan.having),
    )


_SEE_CAMPAIGNS = for_onlooker(
    Text("get_campaigns shows them all.", "Hepsini get_campaigns gösterir."),
    "Ask in the chat for the campaigns.",
    "Kampanyaları sohbette sorun.",
)
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
_FIND_FILE = sentences(
    for_model("Ask the user for the file as it was.", "Dosyanın o hâlini kullanıcıdan isteyin."),
    for_onlooker(
        Text(
            "If there is none, cancel_campaign ends this campaign; save_report shows who got it.",
            "Yoksa cancel_campaign bu kampanyayı bitirir; kime gittiğini save_report gösterir.",
        ),
        "Put the file back as it was, or have the campaign ended in the chat.",
        "Dosyanın o hâlini geri koyun ya da kampanyanın bitirilmesini sohbette isteyin.",
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
_UNFINISHED = Text(
    "Nothing was done: this text and list have an unfinished campaign: {campaign}; left: {left}.",
    "Hiçbir şey yapılmadı: bu metin ve liste için bitmemiş bir kampanya var: {campaign}; kalan {left}.",
)
