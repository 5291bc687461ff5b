"""The pictures of chat, cards and page in the documents: ``python -m tests.e2e.card_pictures`` takes them anew in Chromium.

They are taken of a real server in the sandbox, as the tests look at them; times and order numbers differ from one run to
the next, so no test compares them.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, Final

import anyio

from iletimerkezi_mcp.language import Language, Text
from tests.calls import GET_REPORT, SEND_SMS
from tests.e2e.card_host import CardHost, card_host
from tests.e2e.desk import desk, look
from tests.e2e.small_png import shrink

DOCS: Final = Path(__file__).parents[2] / "docs"
WIDTH: Final = 640

SEND: Final = {
    "recipients": [f"+90532000{place:04}" for place in range(120)],
    "text": "Mağazamız yarın 10:00'da yeni adresinde açılıyor. İyi günler dileriz.",
    "message_type": "transactional",
}
FIGURES: Final = {
    "delivered": 96,
    "undelivered": 3,
    "waiting": 21,
    "undelivered_numbers": ["+905320000017", "+905320000058", "+905320000101"],
}
SUMMARY: Final = Text(
    "Order {order_id}: still sending, 96 delivered, 3 undelivered, 21 waiting.",
    "Gönderim no {order_id}: gönderim sürüyor, iletilen 96, iletilemeyen 3, bekleyen 21.",
)

CHAT_WIDTH: Final = 520
CHAT_SEND: Final[dict[str, Any]] = {
    "recipients": ["+905321234567", "+905331112233"],
    "text": "Siparişiniz yola çıktı, yarın 10.00-12.00 arasında sizde olur.",
    "message_type": "transactional",
}
ASKED: Final = Text(
    "Text Ayşe (0532 123 45 67) and Bora (0533 111 22 33), in Turkish, that their order is on its way and arrives tomorrow "
    "between 10 and 12.",
    "Ayşe (0532 123 45 67) ve Bora'ya (0533 111 22 33) SMS at: siparişleri yola çıktı, yarın 10-12 arasında orada olur.",
)
PRESSED: Final = Text("Approve is pressed:", "Onayla'ya basılınca:")
LATER: Final = Text("Did they get it?", "Mesaj ulaştı mı?")
CHAT: Final = """<!doctype html><html lang="{language}"><meta charset="utf-8"><title>chat</title><style>
body {{ margin: 0; padding: 20px; background: #eceef3; font: 17px/1.5 system-ui, "DejaVu Sans", sans-serif; color: #1a1a24 }}
h1 {{ position: absolute; clip-path: inset(50%) }}
main {{ display: flex; gap: 20px }}
section {{ width: {width}px }}
p {{ margin: 0 0 14px }}
.person {{ margin-left: 90px; padding: 12px 18px; border-radius: 18px 18px 4px 18px; background: #2f5bd7; color: #fff }}
img {{ display: block; width: 100%; margin-bottom: 14px; border-radius: 14px; border: 1px solid #d5d8e2 }}
</style><h1>chat</h1><main><section><p class="person">{asked}</p><img src="asks.png" alt=""></section>
<section><p>{pressed}</p><img src="done.png" alt=""><p class="person">{later}</p><img src="report.png" alt=""></section></main></html>
"""


def picture(name: str, language: Language) -> str:
    """Return the file of a picture in a language."""
    return str(DOCS / (f"{name}.png" if language == "en" else f"{name}.{language}.png"))


async def take(language: Language, home: Path) -> None:
    """Take the pictures of one language; the page is shown in English documents only."""
    async with card_host(home) as host:
        await host.start("--lang", language)
        view = {"width": WIDTH, "scale": 1.25}
        await host.do("open", tool=SEND_SMS, input=SEND, **view)
        await host.do("until", condition="state === 'open' && !card.querySelector('button').disabled")
        await host.do("look", picture=picture("card", language))
        await _delivery(host, language, view)
    await _chat(language, home)
    if language != "en":
        return
    async with desk(home, "auto", "--lang", language) as at:
        await at.call(SEND_SMS, **SEND)
        await look(home, await at.link(), width=WIDTH, theme="light", script=True, picture=picture("page", language))


async def _chat(language: Language, home: Path) -> None:
    """Take the picture of a chat: what the person says, the card, the card once it is approved, and the report's."""
    page = home / "chat.html"
    view = {"width": CHAT_WIDTH, "scale": 1.5}
    async with card_host(home) as host:
        await host.start("--lang", language, "--charset", "turkish", "--sender", "FIRMAADI")
        await host.do("open", tool=SEND_SMS, input=CHAT_SEND, **view)
        await host.do("until", condition="state === 'open' && !card.querySelector('button').disabled")
        await host.do("look", picture=str(home / "asks.png"))
        await host.do("click", selector="button[value=approve]")
        await host.do("until", condition="state === 'decided'")
        order = {"order_id": _order_id((await host.do("look", picture=str(home / "done.png")))["news"])}
        while (await host.call(GET_REPORT, order))["delivered"] < len(CHAT_SEND["recipients"]):
            """Ask again: the simulated provider delivers within seconds."""
        await host.do("open", tool=GET_REPORT, input=order, **view)
        await host.do("wait", words=order["order_id"])
        await host.do("look", picture=str(home / "report.png"))
    texts = {"asked": ASKED.to(language), "pressed": PRESSED.to(language), "later": LATER.to(language)}
    page.write_text(CHAT.format(language=language, width=CHAT_WIDTH, **texts), encoding="utf-8")
    drawn = picture("chat", language)
    await look(
        home,
        page.as_uri(),
        width=2 * CHAT_WIDTH + 60,
        height=100,
        scale=1.25,
        theme="light",
        script=True,
        picture=drawn,
    )


def _order_id(news: str) -> str:
    return "312891" + news.split("312891")[1][:3]


async def _delivery(host: CardHost, language: Language, view: dict[str, Any]) -> None:
    await host.do("type", selector="#count", text="120", enter=True)
    await host.do("until", condition="state === 'decided'")
    order_id = _order_id((await host.do("look"))["news"])
    report = await host.do("call", tool=GET_REPORT, input={"order_id": order_id})
    summary = SUMMARY.format(order_id=order_id).to(language)
    report["structuredContent"] |= {**FIGURES, "summary": summary}
    await host.do("open", tool=GET_REPORT, input={}, result=report, **view)
    await host.do("wait", words="+905320000101")
    await host.do("look", picture=picture("delivery-card", language))


async def main() -> None:
    languages: tuple[Language, ...] = ("en", "tr")
    for language in languages:
        with tempfile.TemporaryDirectory() as home:
            await take(language, Path(home))
    for file in DOCS.glob("*.png"):
        shrink(file)


if __name__ == "__main__":
    anyio.run(main)
