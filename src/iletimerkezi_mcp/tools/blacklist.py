"""The account's blacklist: the numbers that get no SMS of any kind."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import Annotated

from pydantic import Field

from iletimerkezi_mcp.confirmation.pending_change import Acceptance, PendingChange, Preview
from iletimerkezi_mcp.confirmation.recent_reads import READ_HOLDS
from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.provider import blacklist as provider
from iletimerkezi_mcp.provider.client import ApiClient
from iletimerkezi_mcp.provider.operation import MAX_PAGE_SIZE, Operation
from iletimerkezi_mcp.provider.send_progress import OnSent
from iletimerkezi_mcp.sms.numbers import PhoneNumber, mask
from iletimerkezi_mcp.sms.times import TimeError, parse_added

from .answers import ChangeAnswer, ReadAnswer, ToolReply
from .arguments import Arguments, ChangeArguments, argument
from .context import ServerContext
from .errors import Problems
from .fields import (
    ASKS_FIRST,
    ConfirmArgument,
    DryRunArgument,
    NumberArgument,
    PageArgument,
    PageSizeArgument,
    capped_text,
    mobile_number,
)
from .paging import ROWS_SHOWN, describe_absence, describe_page, describe_rows, describe_unreadable, next_pages
from .tool import ChangeTool, ReadTool


class BlacklistArguments(Arguments):
    page: PageArgument = 1
    page_size: PageSizeArgument = MAX_PAGE_SIZE
    added_from: Annotated[str | None, capped_text(40, "Added since, ISO 8601 date or time, e.g. 2026-11-01.")] = None
    added_to: Annotated[str | None, capped_text(40, "Added until, e.g. 2026-11-23T12:00.")] = None
    number: Annotated[NumberArgument | None, Field(description="Is it on this page? e.g. +905321234567.")] = None


class BlacklistAnswer(ReadAnswer):
    """`count` is the whole list's length, if known, `unreadable` the number of this page's rows that could not be read."""

    count: int | None = None
    page: int | None = None
    number_on_page: bool | None = None
    numbers: list[str] | None = None
    unreadable: int | None = None


class NumberArguments(ChangeArguments):
    number: NumberArgument
    dry_run: DryRunArgument = False
    confirm: ConfirmArgument | None = None


class NumberAnswer(ChangeAnswer):
    number: str | None = None


async def get_blacklist(arguments: BlacklistArguments, context: ServerContext) -> ToolReply:
    problems = Problems()
    number = None
    if arguments.number is not None:
        number = mobile_number(arguments.number, "number", context, problems)
    since, until = _added_range(arguments, context, problems)
    page, page_size = arguments.page, arguments.page_size
    query = provider.BlacklistQuery(page=page, page_size=page_size, added_from=since, added_to=until)
    answer = await context.client.call(provider.GET_BLACKLIST, query)
    rows = list(answer.numbers)
    for row in rows:
        context.recent_reads.remember_reach(row, "blacklist", context.clock() + READ_HOLDS)
    filtered = since is not None or until is not None
    # It is not documented if the count respects a filter; a page that is not full holds the last of those that match it.
    on_page = len(rows) + answer.unreadable
    total = answer.count
    if (page == 1 or on_page) and on_page < page_size and (filtered or total is None):
        total = (page - 1) * page_size + on_page
    lines = describe_unreadable(answer.unreadable)
    # Without a count a page that is full may have another behind it.
    rows_at_least = page * page_size + 1 if total is None and on_page >= page_size else total
    more = next_pages(page, page_size, rows_at_least, number)
    if number is None:
        lines = [
            describe_page(page, page_size, on_page, total),
            describe_rows(Text("Blocked", "Engelli"), rows),
            *lines,
        ]
        if len(rows) > ROWS_SHOWN:
            first = (page - 1) * page_size // ROWS_SHOWN + 1
            size = argument("page_size", ROWS_SHOWN)
            more = _EVERY_ROW.format(size=size, first=argument("page", first), second=str(first + 1))
        summary = _UNCOUNTED if total is None else _list_summary(total, filtered)
        next_step = more or _BLOCKED
    elif number in rows:
        summary, next_step = _ON_IT.format(number=number), _NO_MESSAGE
    else:
        whole = page == 1 and total is not None and len(rows) >= total and not answer.unreadable
        absence = describe_absence(number, page, page_size, total)
        summary, next_step = _not_on_it(number, absence, more, whole=whole, filtered=filtered)
    return context.reply(
        BlacklistAnswer,
        summary,
        next_step,
        context.say(Text.join("\n", lines)) or None,
        count=total,
        page=page,
        number_on_page=None if number is None else number in rows,
        unreadable=answer.unreadable or None,
        numbers=rows[:ROWS_SHOWN] if number is None else None,
    )


def _added_range(
    arguments: BlacklistArguments, context: ServerContext, problems: Problems
) -> tuple[datetime | None, datetime | None]:
    """Return the two ends of the time asked for. Raises :class:`.BadArgumentsError` for all `problems`."""
    now = context.clock()
    moments: dict[str, datetime | None] = {}
    for field, raw in (("added_from", arguments.added_from), ("added_to", arguments.added_to)):
        try:
            moments[field] = None if raw is None else parse_added(raw, now, end=field == "added_to")
        except TimeError as error:
            problems.add_time(field, error, now)
    problems.raise_if_any()
    since, until = moments["added_from"], moments["added_to"]
    if since is not None and until is not None and until < since:
        problems.add("added_to", Text("is before added_from", "değeri added_from'dan önce"))
        problems.raise_if_any()
    return since, until


_BLOCKED = Text("These numbers get no SMS of the account, of any kind.", "Bu numaralara hesaptan hiçbir SMS gitmez.")


_UNCOUNTED = Text(
    "This is a page of the blacklist; the provider did not tell how many numbers there are.",
    "Bu, kara listenin bir sayfası; sağlayıcı kaç numara olduğunu bildirmedi.",
)


def _list_summary(total: int, filtered: bool) -> Text:
    if filtered:
        return Text(
            "Added to the blacklist in that period: {total}.", "Bu sürede kara listeye {total} numara eklenmiş."
        ).format(total=total)
    return Text("Numbers on the blacklist: {total}.", "Kara listede {total} numara var.").format(total=total)


_EVERY_ROW = Text(
    "For every row call again with {size} and {first}, {second}, …",
    "Bütün satırlar için {size} ve {first}, {second}, … ile yeniden çağırın.",
)
_ON_IT = Text("{number} is on the blacklist.", "{number} kara listede.")
_NO_MESSAGE = Text(
    "It gets no SMS of the account, of any kind; delete_blacklist lifts that.",
    "Bu numaraya hesaptan hiçbir SMS gitmez; engeli delete_blacklist kaldırır.",
)


def _not_on_it(
    number: PhoneNumber, absence: Text, more: Text | None, *, whole: bool, filtered: bool
) -> tuple[Text, Text]:
    """Return that `number` is not on this page, and what follows; `whole` if the page holds all that was asked for."""
    if whole and not filtered:
        return (
            Text("{number} is not on the blacklist.", "{number} kara listede değil.").format(number=number),
            Text(
                "The blacklist holds no message back; for commercial ones İYS decides too (iys_check).",
                "Kara liste bu numaraya giden mesajları engellemez; ticari iletide İYS izni de gerekir (iys_check).",
            ),
        )
    if whole:
        return (
            Text("{number} was not added in that time.", "{number} bu sürede eklenmemiş.").format(number=number),
            Text(
                "It may have been added before or after: leave out added_from and added_to to see.",
                "Daha önce ya da sonra eklenmiş olabilir: görmek için added_from ve added_to olmadan çağırın.",
            ),
        )
    if more is not None:
        return absence, Text(
            "{more} A later added_from makes the list shorter.", "{more} Daha geç bir added_from listeyi kısaltır."
        ).format(more=more)
    if filtered:
        return absence, Text(
            "If no other page shows it either, it was not added in that time.",
            "Başka sayfada da yoksa bu sürede eklenmemiştir.",
        )
    return absence, Text(
        "If no other page shows it either, it is not blocked.", "Başka sayfada da yoksa engelli değildir."
    )


async def _plan(
    arguments: NumberArguments,
    context: ServerContext,
    *,
    operation: Operation[PhoneNumber, None],
    headline: Text,
    warning: Text,
    success: Text,
    next_step: Text,
    caution: Text,
    until: datetime | None,
) -> PendingChange:
    """Return the change that `operation` makes with one number, in these words; makes no request.

    It gets no message then until `until`, as far as this server knows.
    """
    problems = Problems()
    number = mobile_number(arguments.number, "number", context, problems)
    problems.raise_if_any()

    async def execute(client: ApiClient, on_sent: OnSent) -> Acceptance:
        await client.call(operation, number, on_sent=on_sent)
        context.recent_reads.remember_reach(number, "blacklist", until)
        return Acceptance(success.format(number=number), next_step)

    return PendingChange(
        tool=operation.name,
        canonical={"number": number},
        preview=Preview(headline.format(number=number), warnings=(warning,)),
        answer_fields={"number": number},
        how_to_verify=operation.how_to_verify(number),
        execute=execute,
        caution=caution,
        audit_fields={"number": mask(number)},
    )


GET_BLACKLIST = ReadTool(
    name="get_blacklist",
    title="Blocked numbers",
    description="Lists the account's blacklist, the numbers that no SMS of the account reaches, a page at a time; one number "
    "is looked for on that page only. Free. Use it if a send skips someone, or before add_blacklist or delete_blacklist; for "
    "consent to campaigns use iys_check.",
    summary=Text("blocked numbers", "engellenen numaralar"),
    arguments=BlacklistArguments,
    answer=BlacklistAnswer,
    read=get_blacklist,
    example={},
)

ADD_BLACKLIST = ChangeTool(
    name="add_blacklist",
    title="Block a number",
    description="Puts a number on the account's blacklist: no SMS reaches it any more, not even one-time codes or delivery "
    "notices. Free; delete_blacklist undoes it. For someone who only takes back a consent to campaigns (an ONAY on file) use "
    f"iys_register with RET. {ASKS_FIRST}",
    summary=Text("blocks a number for every message", "bir numarayı her mesaja kapatır"),
    arguments=NumberArguments,
    answer=NumberAnswer,
    idempotent=True,
    plan=partial(
        _plan,
        operation=provider.ADD_BLACKLIST,
        until=datetime.max.replace(tzinfo=UTC),
        headline=Text("put {number} on the blacklist.", "{number} kara listeye alınacak."),
        warning=Text(
            "This stops every SMS of the account to the number, codes and delivery notices too, but neither calls nor "
            "e-mail; it is not known if it stops orders already scheduled. For someone who only refuses campaigns, and has an "
            "ONAY on file, register a RET in İYS instead.",
            "Bu, hesaptan numaraya giden her SMS'i durdurur, doğrulama kodları ve kargo bildirimleri dahil; arama ve "
            "e-postayı durdurmaz, ileri tarihli gönderimleri durdurup durdurmadığı bilinmiyor. Yalnızca kampanya istemeyen "
            "ve ONAY kaydı olan biri için bunun yerine İYS'ye RET kaydedin.",
        ),
        success=Text("{number} was put on the blacklist.", "{number} kara listeye alındı."),
        next_step=Text(
            "No SMS of the account reaches it until delete_blacklist takes it off.",
            "Engel delete_blacklist ile kaldırılana kadar bu numaraya hesaptan SMS gitmez.",
        ),
        caution=Text("The number can be taken off the blacklist again.", "Numara kara listeden yeniden çıkarılabilir."),
    ),
    example={"number": "0532 123 45 67"},
)

DELETE_BLACKLIST = ChangeTool(
    name="delete_blacklist",
    title="Unblock a number",
    description="Takes a number off the account's blacklist, if the person wants messages again or was added by mistake; "
    "add_blacklist undoes it. Free. This is not a consent: commercial messages to a consumer still need an ONAY (iys_check). "
    f"{ASKS_FIRST}",
    summary=Text("unblocks it", "engeli kaldırır"),
    arguments=NumberArguments,
    answer=NumberAnswer,
    idempotent=True,
    plan=partial(
        _plan,
        operation=provider.DELETE_BLACKLIST,
        until=None,
        headline=Text("take {number} off the blacklist.", "{number} kara listeden çıkarılacak."),
        warning=Text(
            "Messages will reach the number again. Taking it off is not consent: commercial messages still need an ONAY "
            "in İYS.",
            "Numaraya yeniden mesaj gider. Listeden çıkarmak izin yerine geçmez: ticari ileti için İYS'de ONAY yine "
            "gerekir.",
        ),
        success=Text("{number} was taken off the blacklist.", "{number} kara listeden çıkarıldı."),
        next_step=Text(
            "Messages reach it again; this is no consent to commercial ones.",
            "Bu numaraya yeniden mesaj gider; bu, ticari iletiye izin anlamına gelmez.",
        ),
        caution=Text("The number can be put on the blacklist again.", "Numara yeniden kara listeye alınabilir."),
    ),
    example={"number": "+905330000091"},
)
