"""Sending a campaign to the people of a list: `send_list`."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from pydantic import BeforeValidator, Field

from iletimerkezi_mcp.confirmation.pending_series import PendingSeries
from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.lists.table import ListOptions
from iletimerkezi_mcp.sms.content import IysList, MessageType

from .answers import AnswerPart, SeriesAnswer
from .campaign_plan import campaign_to_continue, plan_campaign
from .context import ServerContext
from .errors import Problems
from .fields import ASKS_FIRST, ConfirmArgument, DryRunArgument, Flag, capped_text
from .list_test import plan_test
from .list_text import list_options, read_filled_list
from .open_list import FileArgument, IncludeHiddenArgument, NumberColumnArgument, SheetArgument
from .sending_terms import MAX_LABEL, NO_LIST, SendingArguments, SendingTerms
from .tool import ChangeTool

MAX_TEMPLATE = 2_000
"""Characters of a text with its fields as they are written."""


class SendListArguments(SendingArguments):
    file: FileArgument
    text: Annotated[
        str,
        Field(
            min_length=1,
            max_length=MAX_TEMPLATE,
            description='Word for word; {Column Name} is filled from each row, e.g. "Sayın {Ad Soyad}, siparişiniz yola çıktı."',
        ),
    ]
    message_type: Annotated[MessageType, Field(description="By content and law, as in send_sms.")]
    iys_list: Annotated[
        IysList | None,
        BeforeValidator(lambda value: None if value == NO_LIST else value),
        Field(
            description="Only and always with commercial.",
            json_schema_extra=lambda schema: schema["enum"].append(NO_LIST),
        ),
    ] = None
    sender: Annotated[str | None, capped_text(64, "As in send_sms.")] = None
    send_at: Annotated[str | None, capped_text(40, "As in send_sms, e.g. 2026-12-25T10:00.")] = None
    label: Annotated[str | None, Field(max_length=MAX_LABEL, description="Your own name for it.")] = None
    sheet: SheetArgument | None = None
    number_column: NumberColumnArgument | None = None
    include_hidden: IncludeHiddenArgument = False
    campaign: Annotated[
        str | None, capped_text(40, "Continues exactly this unfinished one, e.g. k-3f9a2c; file and text as before.")
    ] = None
    test: Annotated[Flag, Field(description="true: first and longest text go to the operator's own number only.")] = (
        False
    )
    dry_run: DryRunArgument = False
    confirm: ConfirmArgument | None = None


class OrderAnswer(AnswerPart):
    """One order of the campaign; without `order_id` the provider has not confirmed one."""

    order_id: str | None = None
    recipients: int
    outcome: str


class SendListAnswer(SeriesAnswer):
    """`under_way`: the rest goes on, get_campaigns shows it; `stopped`: what is left can be continued by `campaign`.

    `orders` are the first 50 and the last one.
    `order_id` only with `held_back`: the order by which all these people have the text.
    """

    order_id: str | None = None
    campaign: str | None = None
    orders: list[OrderAnswer] | None = None
    recipients: int | None = None
    left_out: int | None = None
    sender: str | None = None
    message_type: str | None = None
    send_at: str | None = None
    credits: int | None = None
    label: str | None = None


async def plan_send_list(arguments: SendListArguments, context: ServerContext) -> PendingSeries:
    """Return the whole change of a `send_list` call; makes one request, for the balance.

    Raises :class:`.BadArgumentsError`, and :class:`.PreconditionError` if there is nobody to send to, or if an unfinished
    campaign is in the way.
    """
    problems = Problems()
    terms = SendingTerms.read(arguments, context, context.clock(), problems)
    if arguments.test and arguments.campaign is not None:
        problems.add("campaign", Text("does not go with test", "test ile kullanılmaz"))
    problems.raise_if_any()
    campaign = None if arguments.campaign is None else await campaign_to_continue(arguments.campaign, context)
    options = ListOptions(arguments.file, arguments.sheet, arguments.number_column, arguments.include_hidden)
    if campaign is not None:
        # The rest is what was not sent of the same reading.
        options = replace(list_options(campaign), file=arguments.file)
    filled = await read_filled_list(options, arguments.text, context)
    if arguments.test:
        return plan_test(filled, replace(terms, send_at=None), context)
    return await plan_campaign(filled, terms, campaign, context, reads_balance=arguments.confirm is None)


SEND_LIST = ChangeTool(
    name="send_list",
    title="Send to a list",
    description="Sends one SMS to each person of a list (open_list), filled in from their row, under one confirmation; several "
    "requests. Reads the balance for its preview. test first, if the user wants to see it. What has gone out cannot be called "
    f"back. {ASKS_FIRST} Outcome under_way goes on by itself: get_campaigns. stopped or unknown: say which orders went, never "
    "start anew.",
    summary=Text(
        "sends a personal text to everybody in a list, in as many orders as it takes",
        "listedeki herkese kendi metnini, gereken sayıda gönderimle yollar",
    ),
    arguments=SendListArguments,
    answer=SendListAnswer,
    idempotent=False,
    plan=plan_send_list,
    example={
        "file": "müşteriler.csv",
        "text": "Sayın {Ad Soyad}, siparişiniz yola çıktı.",
        "message_type": "transactional",
    },
)
