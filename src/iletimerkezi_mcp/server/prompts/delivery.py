"""The result of an order, or of the orders of some days, and what to do about it."""

from __future__ import annotations

from datetime import datetime, timedelta

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.sms.clock import ISTANBUL

from .prompt import DAYS, DEFAULT_DAYS, LANGUAGE, ORDER_ID, Prompt, Values

_ONE_ORDER = Text(
    """Tell me what became of order {order_id}, and what to do about it.

1. Read get_report with order_id {order_id}.""",
    """{order_id} numaralı gönderimin sonucunu ve yapılması gerekeni anlat.

1. get_report aracını order_id {order_id} ile oku.""",
)

_SOME_DAYS = Text(
    """Tell me what became of the orders from {start} to {end}, and what to do about them.

1. Read get_reports with start {start} and end {end}, every page. Then read get_report for the orders with undelivered or waiting messages; if there are more than ten, ask me which.""",
    """{start} ile {end} arasındaki gönderimlerin sonucunu ve yapılması gerekeni anlat.

1. get_reports aracını start {start} ve end {end} ile, bütün sayfalarıyla oku. Sonra iletilemeyeni ya da bekleyeni olan gönderimler için get_report oku; ondan fazlaysa hangilerini istediğimi sor.""",
)

_STEPS = Text(
    """2. Give me a short table: order, label, time, recipients, delivered, undelivered, waiting. Go by the counters; finished does not mean delivered.
3. If messages failed, the provider gives no reason. Look for what the numbers have in common, and whether get_blacklist holds them. For a commercial order, those without consent are left out; iys_check answers for a single number. Keep apart what you read and what you suppose.
4. Suggest what to do: wait, correct a number, take one off our list, or nothing. Undelivered messages are not charged.

I decide what is done. Send nothing again, cancel nothing and change no list unless I say so.""",
    """2. Kısa bir tablo ver: sipariş, etiket, zaman, alıcı, iletilen, iletilemeyen, bekleyen. Sayılara bak; gönderimin bitmesi, iletildiği anlamına gelmez.
3. İletilemeyenler için sağlayıcı neden bildirmez. Numaraların ortak yanına ve get_blacklist listesinde olup olmadıklarına bak. Ticari gönderimde İYS izni olmayanlar elenir; tek bir numaranın iznini iys_check gösterir. Okuduğunla tahminini birbirinden ayır.
4. Ne yapılabileceğini öner: beklemek, numarayı düzeltmek, listemizden çıkarmak ya da hiçbir şey. İletilemeyenler ücretlendirilmez.

Ne yapılacağına ben karar veririm. Ben söylemeden hiçbir şeyi yeniden gönderme, iptal etme, hiçbir listeyi değiştirme.""",
)


def _write(values: Values, now: datetime) -> Text:
    if "order_id" in values:
        opening = _ONE_ORDER.format(order_id=values["order_id"])
    else:
        end = now.astimezone(ISTANBUL).date()
        start = end - timedelta(days=int(values.get("days", DEFAULT_DAYS)) - 1)
        opening = _SOME_DAYS.format(start=str(start), end=str(end))
    return Text.join("\n", [opening, _STEPS])


DELIVERY_REVIEW = Prompt(
    name="delivery_review",
    title=Text("Review deliveries", "Teslimatları incele"),
    description=Text(
        "One order or the last days: what arrived, what failed, and what to do.",
        "Bir gönderim ya da son günler: ne iletildi, ne iletilemedi, ne yapmalı.",
    ),
    arguments=(ORDER_ID, DAYS, LANGUAGE),
    needs=("get_report", "get_reports"),
    write=_write,
)
