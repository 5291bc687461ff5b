"""The account's blacklist: the numbers that get no message of any kind."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from iletimerkezi_mcp.confirmation.pending_change import Done, OnSent, PendingChange, Preview
from iletimerkezi_mcp.language import Text, plural
from iletimerkezi_mcp.provider import blacklist as provider
from iletimerkezi_mcp.provider.client import ApiClient
from iletimerkezi_mcp.provider.operation import MAX_PAGE_SIZE
from iletimerkezi_mcp.sms.numbers import NumberError, PhoneNumber, mask, parse_number
from iletimerkezi_mcp.sms.times import TimeError, parse_added

from .answers import ChangeAnswer, ReadAnswer, Reply
from .arguments import Arguments, ConfirmArgument, NumberArgument, PageArgument, PageSizeArgument, Problems, guarded
from .context import ServerContext
from .paging import ROWS_SHOWN, covered, listed, the_rest
from .registry import change_tool, read_tool


class BlacklistArguments(Arguments):
    """Arguments of `get_blacklist`."""

    page: PageArgument = 1
    page_size: PageSizeArgument = MAX_PAGE_SIZE
    added_from: Annotated[
        str | None,
        guarded(40, "Added since, ISO 8601 date or time, e.g. 2026-11-01."),
    ] = None
    added_to: Annotated[
        str | None,
        guarded(40, "Added until, e.g. 2026-11-23T12:00."),
    ] = None
    number: Annotated[NumberArgument | None, Field(description="Is this one on it? e.g. +905321234567.")] = None


class BlacklistAnswer(ReadAnswer):
    """What `get_blacklist` answers; `count` is the whole list's length."""

    count: int | None = None
    page: int | None = None
    number_on_page: bool | None = None
    numbers: list[str] | None = None


class NumberArguments(Arguments):
    """Arguments of `add_blacklist` and `delete_blacklist`."""

    number: NumberArgument
    confirm: ConfirmArgument | None = None


class NumberAnswer(ChangeAnswer):
    """What `add_blacklist` and `delete_blacklist` answer."""

    number: str | None = None


async def get_blacklist(given: BlacklistArguments, app: ServerContext) -> Reply:
    """Read one page of the blacklist."""
    now = app.clock()
    problems = Problems()
    wanted = _number(given.number, app, problems) if given.number is not None else None
    limits = {"added_from": given.added_from, "added_to": given.added_to}
    parsed = {}
    for field, raw in limits.items():
        try:
            parsed[field] = None if raw is None else parse_added(raw, now, end=field == "added_to")
        except TimeError as error:
            problems.add_time(field, error)
    problems.stop()
    since, until = parsed["added_from"], parsed["added_to"]
    if since is not None and until is not None and until < since:
        problems.add("added_to", Text("is before added_from", "değeri added_from'dan önce"))
        problems.stop()
    found = await app.client.call(
        provider.GET_BLACKLIST,
        provider.BlacklistQuery(page=given.page, page_size=given.page_size, added_from=since, added_to=until),
    )
    rows = list(found.numbers)
    timed = since is not None or until is not None
    # Whether the count knows of a filter is not documented; a first page that is not full holds all that fit it.
    every = len(rows) if timed and given.page == 1 and len(rows) < given.page_size else found.count
    lines = [covered(given.page, given.page_size, len(rows), every)]
    rest = the_rest(wanted is None and len(rows) > ROWS_SHOWN, given.page, given.page_size, every)
    if wanted is None:
        lines.append(listed(Text("Blocked", "Engelli"), rows) + ".")
        summary, next_step = _told_page(every, timed), rest or _BLOCKED
    else:
        whole = given.page == 1 and len(rows) >= every
        summary, follows = _told_number(wanted, given, found=wanted in rows, whole=whole, timed=timed)
        next_step = follows or (_ELSEWHERE[timed] if rest is None else rest + _NARROWER)
    return Reply(
        BlacklistAnswer(
            outcome="ok",
            summary=app.say(summary),
            next_step=app.say(next_step),
            count=every,
            page=given.page,
            number_on_page=None if wanted is None else wanted in rows,
            numbers=rows[:ROWS_SHOWN] if wanted is None else None,
            sandbox=app.settings.sandbox,
        ),
        app.say(Text.join("\n", lines)),
    )


_BLOCKED = Text(
    "These numbers get no message of the account, of any kind.", "Bu numaralara hesaptan hiçbir mesaj gitmez."
)

_ELSEWHERE = {
    False: Text("If no other page shows it either, it is not blocked.", "Başka sayfada da yoksa engelli değildir."),
    True: Text(
        "If no other page shows it either, it was not added in that time.",
        "Başka sayfada da yoksa bu sürede eklenmemiştir.",
    ),
}

_NARROWER = Text(" A later added_from makes the list shorter.", " Daha geç bir added_from listeyi kısaltır.")


def _told_page(every: int, timed: bool) -> Text:
    if timed:
        return plural(every, "number was", "numbers were", "numara") + Text(
            " added to the blacklist in that time.", " bu sürede kara listeye eklenmiş."
        )
    return plural(every, "number is", "numbers are", "numara") + Text(" on the blacklist.", " kara listede.")


def _told_number(
    number: PhoneNumber, given: BlacklistArguments, *, found: bool, whole: bool, timed: bool
) -> tuple[Text, Text | None]:
    """Whether `number` is blocked, and what follows from that; `whole` where everything that was asked for is read."""
    if found:
        return (
            Text(f"{number} is on the blacklist.", f"{number} kara listede."),
            Text(
                "It gets no message of the account, of any kind; delete_blacklist lifts that.",
                "Ona hesaptan hiçbir mesaj gitmez; delete_blacklist bunu kaldırır.",
            ),
        )
    if whole and not timed:
        return (
            Text(f"{number} is not on the blacklist.", f"{number} kara listede değil."),
            Text("Messages reach it.", "Mesajlar ona ulaşır."),
        )
    if whole:
        return (
            Text(f"{number} was not added in that time.", f"{number} bu sürede eklenmemiş."),
            Text(
                "It may have been added before or after: leave out added_from and added_to to see.",
                "Daha önce ya da sonra eklenmiş olabilir: görmek için added_from ve added_to olmadan çağırın.",
            ),
        )
    return Text(f"{number} is not on page {given.page}.", f"{number} {given.page}. sayfada yok."), None


def _number(raw: str, app: ServerContext, problems: Problems) -> PhoneNumber:
    try:
        return parse_number(raw, international=app.settings.abroad)
    except NumberError as error:
        problems.add("number", error.reason)
        return PhoneNumber("")


def _look(number: PhoneNumber) -> Text:
    return Text(f"Look with get_blacklist (number {number}).", f"get_blacklist ile bakın (number {number}).")


async def plan_add(given: NumberArguments, app: ServerContext) -> PendingChange:
    """The deed of an `add_blacklist` call; makes no request."""
    problems = Problems()
    number = _number(given.number, app, problems)
    problems.stop()

    async def execute(client: ApiClient, on_sent: OnSent) -> Done:
        await client.call(provider.ADD_BLACKLIST, number, on_sent=on_sent)
        return Done(
            Text(f"{number} is on the blacklist.", f"{number} kara listede."),
            Text(
                "No message of the account reaches it until delete_blacklist takes it off.",
                "delete_blacklist ile çıkarılana kadar hesaptan ona hiçbir mesaj gitmez.",
            ),
        )

    return PendingChange(
        tool="add_blacklist",
        canonical={"number": number},
        preview=Preview(
            Text(f"put {number} on the blacklist.", f"{number} numarasını kara listeye al."),
            warnings=(
                Text(
                    "This stops every message of the account to the number: codes and delivery notices too. "
                    "For someone who only refuses campaigns register a RET with iys_register instead.",
                    "Bu, hesaptan numaraya giden her mesajı durdurur: kodları ve teslimat bildirimlerini de. "
                    "Yalnızca kampanya istemeyen için bunun yerine iys_register ile RET kaydedin.",
                ),
            ),
        ),
        answer_fields={"number": number},
        how_to_verify=_look(number),
        execute=execute,
        audit_fields={"number": mask(number)},
    )


async def plan_delete(given: NumberArguments, app: ServerContext) -> PendingChange:
    """The deed of a `delete_blacklist` call; makes no request."""
    problems = Problems()
    number = _number(given.number, app, problems)
    problems.stop()

    async def execute(client: ApiClient, on_sent: OnSent) -> Done:
        await client.call(provider.DELETE_BLACKLIST, number, on_sent=on_sent)
        return Done(
            Text(f"{number} is off the blacklist.", f"{number} kara listeden çıktı."),
            Text(
                "Messages reach it again; this is no consent to commercial ones.",
                "Mesajlar yeniden gider; bu, ticari iletiye izin değildir.",
            ),
        )

    return PendingChange(
        tool="delete_blacklist",
        canonical={"number": number},
        preview=Preview(
            Text(f"take {number} off the blacklist.", f"{number} numarasını kara listeden çıkar."),
            warnings=(
                Text(
                    "Messages will reach the number again. Taking it off is not consent: commercial messages still "
                    "need an ONAY in İYS.",
                    "Numaraya yeniden mesaj gider. Listeden çıkarmak izin yerine geçmez: ticari ileti için İYS'de ONAY "
                    "yine gerekir.",
                ),
            ),
        ),
        answer_fields={"number": number},
        how_to_verify=_look(number),
        execute=execute,
        audit_fields={"number": mask(number)},
    )


GET_BLACKLIST = read_tool(
    name="get_blacklist",
    title="Blocked numbers",
    description="Reads a page of the numbers that get no message of the account, or whether one number is there. "
    "Free, changes nothing. For consent to campaigns use iys_check.",
    arguments=BlacklistArguments,
    answer=BlacklistAnswer,
    read=get_blacklist,
)

ADD_BLACKLIST = change_tool(
    name="add_blacklist",
    title="Block a number",
    description="Stops every message of the account to a number, one-time codes and delivery notices too. Free. For "
    "someone who only refuses campaigns use iys_register with RET. First call: a preview and a code; again with the code in confirm, it blocks. delete_blacklist lifts it.",
    arguments=NumberArguments,
    answer=NumberAnswer,
    idempotent=True,
    plan=plan_add,
    confirm=lambda given: given.confirm,
)

DELETE_BLACKLIST = change_tool(
    name="delete_blacklist",
    title="Unblock a number",
    description="Lets messages reach a blocked number again. Free. It is not consent: commercial ones still need an "
    "ONAY (iys_check). First call: a preview and a code; again with the code in confirm, it unblocks. 474: it was not blocked.",
    arguments=NumberArguments,
    answer=NumberAnswer,
    idempotent=True,
    plan=plan_delete,
    confirm=lambda given: given.confirm,
)
