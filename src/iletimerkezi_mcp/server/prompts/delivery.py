"""What became of an order, or of the orders of some days, and what to do about it."""

from __future__ import annotations

from datetime import datetime, timedelta

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.sms.clock import ISTANBUL

from .prompt import DAYS, LANGUAGE, ORDER_ID, Given, Prompt

DEFAULT_DAYS = 3


def _write(given: Given, now: datetime) -> Text:
    if "order_id" in given:
        order_id = given["order_id"]
        return (
            Text(
                f"Tell me what became of order {order_id}, and what to do about it.\n\n"
                f"1. Read get_report with order_id {order_id}.\n",
                f"{order_id} numaralı siparişin sonucunu ve yapılması gerekeni anlat.\n\n"
                f"1. get_report aracını order_id {order_id} ile oku.\n",
            )
            + _STEPS
        )
    last = now.astimezone(ISTANBUL).date()
    first = last - timedelta(days=int(given.get("days", DEFAULT_DAYS)) - 1)
    return (
        Text(
            f"Tell me what became of the orders from {first} to {last}, and what to do about them.\n\n"
            f"1. Read get_reports with start {first} and end {last}, every page. Then read get_report for the orders with "
            "undelivered or waiting messages; if there are more than ten, ask me which.\n",
            f"{first} ile {last} arasındaki siparişlerin sonucunu ve yapılması gerekeni anlat.\n\n"
            f"1. get_reports aracını start {first} ve end {last} ile, bütün sayfalarıyla oku. Sonra iletilemeyeni ya da "
            "bekleyeni olan siparişler için get_report oku; ondan fazlaysa hangilerini istediğimi sor.\n",
        )
        + _STEPS
    )


_STEPS = Text(
    """2. Give me a short table: order, label, time, recipients, delivered, undelivered, waiting. Go by the counters; finished does not mean delivered.
3. Where messages failed, the provider gives no reason. Look for what the numbers have in common, and whether get_blacklist holds them. For a commercial order, those without consent are left out; iys_check answers for a single number. Keep apart what you read and what you suppose.
4. Suggest what to do: wait, correct a number, take one off our list, or nothing. Undelivered messages are not charged.

I decide what is done. Send nothing again, cancel nothing and change no list unless I say so.""",
    """2. Kısa bir tablo ver: sipariş, etiket, zaman, alıcı, iletilen, iletilemeyen, bekleyen. Sayılara bak; gönderimin bitmesi iletildi demek değildir.
3. İletilemeyenler için sağlayıcı neden bildirmez. Numaraların ortak yanına ve get_blacklist listesinde olup olmadıklarına bak. Ticari siparişte onayı olmayanlar elenir; tek bir numara için iys_check yanıt verir. Okuduğunla tahminini birbirinden ayır.
4. Ne yapılabileceğini öner: beklemek, numarayı düzeltmek, listemizden çıkarmak ya da hiçbir şey. İletilemeyenler ücretlendirilmez.

Ne yapılacağına ben karar veririm. Ben söylemeden hiçbir şeyi yeniden gönderme, iptal etme, hiçbir listeyi değiştirme.""",
)

DELIVERY_REVIEW = Prompt(
    name="delivery_review",
    title=Text("Review deliveries", "Teslimatları incele"),
    description=Text(
        "One order or the last days: what arrived, what failed, and what to do.",
        "Bir sipariş ya da son günler: ne iletildi, ne iletilemedi, ne yapmalı.",
    ),
    arguments=(ORDER_ID, DAYS, LANGUAGE),
    needs=("get_report", "get_reports"),
    write=_write,
)
