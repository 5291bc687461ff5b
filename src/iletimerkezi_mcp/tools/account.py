"""The account itself: its balance and its approved senders."""

from __future__ import annotations

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.provider import account as provider
from iletimerkezi_mcp.provider.account import Balance
from iletimerkezi_mcp.sms.escape import quoted
from iletimerkezi_mcp.sms.senders import is_sender

from .answers import ReadAnswer, ToolReply
from .arguments import Arguments
from .context import ServerContext
from .paging import describe_unreadable
from .tool import ReadTool

SENDERS_SHOWN = 100
IMPOSSIBLE_SHOWN = 5


class NoArguments(Arguments):
    """The arguments of a tool that takes none."""


class BalanceAnswer(ReadAnswer):
    """The answer of `get_balance`: `sms` in credits, `amount` in Turkish lira."""

    sms: float | None = None
    amount: float | None = None


class SenderAnswer(ReadAnswer):
    """`unreadable` counts the names that cannot be sender names or could not be read."""

    senders: list[str] | None = None
    unreadable: int | None = None


async def get_balance(_: NoArguments, context: ServerContext) -> ToolReply:
    balance = await context.client.call(provider.GET_BALANCE, None)
    context.recent_reads.remember_balance(balance, context.clock())
    summary = describe_balance(balance)
    if balance.sms and balance.amount:
        summary = _EITHER_COUNTS.format(balance=summary)
    return context.reply(
        BalanceAnswer,
        summary,
        Text(
            "Each part of a text costs one credit per recipient; send_sms with dry_run tells how many parts it has.",
            "Metnin her boyu alıcı başına 1 kredi tutar; kaç boy olduğunu dry_run ile send_sms gösterir.",
        ),
        sms=balance.sms,
        amount=balance.amount,
    )


_EITHER_COUNTS = Text(
    "{balance} If the account buys SMS credits, the credits count; if it pays in lira, as with international sending, the "
    "lira count and the credits are an estimate.",
    "{balance} Hesap SMS kredisi satın alıyorsa kredi geçerlidir; TL ile çalışıyorsa (örneğin yurt dışı gönderimi açıksa) "
    "tutar geçerlidir, kredi tahmindir.",
)


def describe_balance(balance: Balance) -> Text:
    """Return what is left, as one sentence."""
    if balance.sms is None:
        return Text("{amount} TL; no credits were given.", "{amount} TL; kredi bilgisi verilmedi.").format(
            amount=_decimal(f"{balance.amount:,.2f}")
        )
    sms = _decimal(f"{balance.sms:,.10g}")
    if balance.amount is None:
        return Text("{sms} SMS credits; no lira were given.", "{sms} SMS kredisi; TL bilgisi verilmedi.").format(
            sms=sms
        )
    return Text("{sms} SMS credits, {amount} TL.", "{sms} SMS kredisi, {amount} TL.").format(
        sms=sms, amount=_decimal(f"{balance.amount:,.2f}")
    )


def _decimal(number: str) -> Text:
    """Return `number` with the marks of each language."""
    return Text(number, number.translate(str.maketrans(",.", ".,")))


async def get_sender(_: NoArguments, context: ServerContext) -> ToolReply:
    answer = await context.client.call(provider.GET_SENDER, None)
    senders = tuple(filter(is_sender, answer.senders))
    impossible = [name for name in answer.senders if not is_sender(name)]
    context.recent_reads.remember_senders(senders, context.clock())
    names = list(senders[:SENDERS_SHOWN])
    if impossible and not senders:
        summary = Text(
            "None of the senders that the provider lists can be used.",
            "Sağlayıcının listelediği başlıkların hiçbiri kullanılamıyor.",
        )
        next_step = Text(
            "Ask the user which sender the panel shows as approved.",
            "Panelde hangi başlığın onaylı göründüğünü kullanıcıya sorun.",
            person=Text("See in the panel which sender is approved.", "Hangi başlığın onaylı olduğuna panelden bakın."),
        )
    elif not senders:
        summary = Text("The account has no approved sender.", "Hesabın onaylı başlığı yok.")
        next_step = Text(
            "Apply for one in the panel (one to two working days); until then only APITEST may work.",
            "Panelden başvurun (bir iki iş günü); o zamana kadar yalnızca APITEST kullanılabilir.",
        )
    else:
        template = Text("Approved senders ({number}): {names}.", "Onaylı başlıklar ({number}): {names}.")
        if len(senders) > len(names):
            template = Text(
                "Approved senders ({number}): {names} and more.", "Onaylı başlıklar ({number}): {names} ve diğerleri."
            )
        summary = template.format(number=len(senders), names=", ".join(map(quoted, names)))
        next_step = Text(
            "Use one exactly as written, case and spaces included.",
            "Birini büyük küçük harfi ve boşluğuyla aynen kullanın.",
        )
    lines = describe_unreadable(answer.unreadable)
    if impossible:
        lines.append(
            Text(
                "Also listed, but no possible sender name ({number}), not to be used: {names}.",
                "Listede olup başlık olamayacak adlar ({number}), kullanılmamalı: {names}.",
            ).format(number=len(impossible), names=", ".join(map(quoted, impossible[:IMPOSSIBLE_SHOWN])))
        )
    return context.reply(
        SenderAnswer,
        summary,
        next_step,
        context.say(Text.join("\n", lines)) or None,
        senders=names,
        unreadable=len(impossible) + answer.unreadable or None,
    )


GET_BALANCE = ReadTool(
    name="get_balance",
    title="Account balance",
    description="Reads the account's balance: SMS credits (they count on a credit account) and lira (they count on a lira "
    "account). Free. Use it before a large send, or to test that key and hash work; for the credits that a text costs use "
    "send_sms with dry_run.",
    summary=Text("credits and lira", "kredi ve TL bakiyesi"),
    arguments=NoArguments,
    answer=BalanceAnswer,
    read=get_balance,
    example={},
)

GET_SENDER = ReadTool(
    name="get_sender",
    title="Approved senders",
    description="Lists the approved sender names (başlık) for send_sms, to be copied exactly. Free. Only needed when none "
    "is known or one was refused (450); new ones are applied for in the provider's panel.",
    summary=Text("approved sender names", "onaylı başlıklar"),
    arguments=NoArguments,
    answer=SenderAnswer,
    read=get_sender,
    example={},
)
