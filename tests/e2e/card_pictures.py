"""The pictures of cards and page in the documents: ``python -m tests.e2e.card_pictures`` takes them anew in Chromium.

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
    "Order {order_id}: still sending: delivered 96, undelivered 3, waiting 21.",
    "Gönderim no {order_id}: gönderim sürüyor: iletilen 96, iletilemeyen 3, bekleyen 21.",
)


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
    if language != "en":
        return
    async with desk(home, "auto", "--lang", language) as at:
        await at.call(SEND_SMS, **SEND)
        await look(home, await at.link(), width=WIDTH, theme="light", script=True, picture=picture("page", language))


async def _delivery(host: CardHost, language: Language, view: dict[str, Any]) -> None:
    await host.do("type", selector="#count", text="120", enter=True)
    await host.do("until", condition="state === 'decided'")
    order_id = (await host.do("look"))["news"].split("312891")[1][:3]
    report = await host.do("call", tool=GET_REPORT, input={"order_id": f"312891{order_id}"})
    summary = SUMMARY.format(order_id=f"312891{order_id}").to(language)
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
