"""What the account holds: its balance and its approved senders."""

from __future__ import annotations

from iletimerkezi_mcp.language import Text, count
from iletimerkezi_mcp.provider import account as provider
from iletimerkezi_mcp.provider.account import Balance

from .answers import ReadAnswer, Reply
from .arguments import Arguments
from .context import ServerContext
from .registry import read_tool

SENDERS_SHOWN = 100


class NoArguments(Arguments):
    """A tool that takes nothing."""


class BalanceAnswer(ReadAnswer):
    """What `get_balance` answers: `sms` in credits, `amount` in Turkish lira."""

    sms: float | None = None
    amount: float | None = None


class SenderAnswer(ReadAnswer):
    """What `get_sender` answers."""

    senders: list[str] | None = None


async def get_balance(_: NoArguments, app: ServerContext) -> Reply:
    """Read the balance."""
    balance = await app.client.call(provider.GET_BALANCE, None)
    app.recent_reads.saw_balance(balance, app.clock())
    return Reply(
        BalanceAnswer(
            outcome="ok",
            summary=app.say(
                balance_told(balance)
                + Text(
                    " A credit account counts the credits; a lira account counts the lira, and its credits are an estimate.",
                    " Kredili hesapta kredi, TL hesabında tutar geçerlidir; TL hesabında kredi tahminidir.",
                )
            ),
            next_step=app.say(
                Text("Compare it with the credits of a preview.", "Önizlemedeki krediyle karşılaştırın.")
            ),
            sms=balance.sms,
            amount=balance.amount,
            sandbox=app.settings.sandbox,
        )
    )


def balance_told(balance: Balance) -> Text:
    """What is left, as one sentence."""
    swapped = str.maketrans(",.", ".,")
    sms, amount = f"{balance.sms:,.10g}", f"{balance.amount:,.2f}"
    return Text(
        f"{sms} SMS credits, {amount} TL.", f"{sms.translate(swapped)} SMS kredisi, {amount.translate(swapped)} TL."
    )


async def get_sender(_: NoArguments, app: ServerContext) -> Reply:
    """Read the approved senders."""
    senders = await app.client.call(provider.GET_SENDER, None)
    app.recent_reads.saw_senders(senders, app.clock())
    shown = list(senders[:SENDERS_SHOWN])
    if not senders:
        summary = Text("The account has no approved sender.", "Hesabın onaylı başlığı yok.")
        next_step = Text(
            "Apply for one in the panel (one to two working days); until then only APITEST may work.",
            "Panelden başvurun (bir iki iş günü); o zamana kadar yalnızca APITEST kullanılabilir.",
        )
    else:
        summary = (
            Text("Approved senders (", "Onaylı başlıklar (")
            + count(len(senders))
            + "): "
            + ", ".join(shown)
            + (Text(" and more.", " ve diğerleri.") if len(senders) > len(shown) else ".")
        )
        next_step = Text(
            "Use one exactly as written, case and spaces included.",
            "Birini büyük küçük harfi ve boşluğuyla aynen kullanın.",
        )
    return Reply(
        SenderAnswer(
            outcome="ok",
            summary=app.say(summary),
            next_step=app.say(next_step),
            senders=shown,
            sandbox=app.settings.sandbox,
        )
    )


GET_BALANCE = read_tool(
    name="get_balance",
    title="Account balance",
    description="Reads the account's SMS credits and lira. Free, changes nothing. Use it before a large send, and "
    "first, to see that key and hash work.",
    arguments=NoArguments,
    answer=BalanceAnswer,
    read=get_balance,
)

GET_SENDER = read_tool(
    name="get_sender",
    title="Approved senders",
    description="Lists the sender names (başlık) that the account may use. Free, changes nothing. Use it when none is "
    "known or one was refused (450).",
    arguments=NoArguments,
    answer=SenderAnswer,
    read=get_sender,
)
