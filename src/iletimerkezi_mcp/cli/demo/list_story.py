"""The story of a list: customers in a spreadsheet, one confirmation, and a file of those who were not reached."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import anyio
import mcp.types as mcp_types
from mcp.client import ClientRequestContext

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.sms.clock import ISTANBUL, system_clock

from .stage import Stage

FILE = "musteriler.xlsx"
CUSTOMERS = 120
"""The customers in the file: enough that the person has to type the number."""

UNREACHED = "905000000112"
"""The sandbox's number to which nothing is delivered."""

TEMPLATE = "Sayın {Ad Soyad}, {Sipariş No} numaralı siparişiniz hazır. Tutar: {Tutar} TL."

_FIRST_NAMES = ("Ayşe", "Mehmet", "Zeynep", "Çağrı", "Gülşen", "İsmail", "Özlem", "Şükrü", "Uğur", "Işıl")
_LAST_NAMES = ("Yılmaz", "Çelik", "Öztürk", "Şahin", "Güneş", "İnce", "Ağaoğlu", "Kılıç")


class ListStory:
    """A campaign from a list, on a host that asks its person in a form. `folder` is the folder of lists."""

    def __init__(self, stage: Stage, folder: Path) -> None:
        self._stage = stage
        self._folder = folder

    async def play(self) -> None:
        """Play all of it. Raises :class:`.ExplainedError` if a step comes out otherwise."""
        self._make_list()
        await self._open()
        campaign = await self._send()
        await self._wait(campaign)
        await self._save(campaign)

    async def answer_form(
        self, context: ClientRequestContext, params: mcp_types.ElicitRequestParams
    ) -> mcp_types.ElicitResult:
        """Show a form as its person sees it, and agree to it."""
        assert isinstance(params, mcp_types.ElicitRequestFormParams)
        self._stage.note(Text("The host shows this form to the person:", "İstemci kullanıcıya bu formu gösterir:"))
        self._stage.quote(params.message)
        content: dict[str, str | int | float | bool | list[str] | None] = {"send": True}
        if "count" in params.requested_schema["properties"]:
            content["count"] = str(CUSTOMERS)
            self._stage.note(
                Text(
                    "The person reads it, types {number} and says yes.", "Kullanıcı okur, {number} yazar ve onaylar."
                ).format(number=CUSTOMERS)
            )
        else:
            self._stage.note(Text("The person reads it and says yes.", "Kullanıcı okur ve onaylar."))
        return mcp_types.ElicitResult(action="accept", content=content)

    def _make_list(self) -> None:
        """Write the file as a shop's would be: a title above the header, a row twice, a number that is cut off."""
        from xlsxwriter import Workbook

        self._stage.begin(Text("1. A file from the shop's program", "1. Dükkânın programından bir dosya"))
        rows = [
            (
                f"{_FIRST_NAMES[place % len(_FIRST_NAMES)]} {_LAST_NAMES[place % len(_LAST_NAMES)]}",
                UNREACHED if place == 40 else f"0532 {200 + place} {place % 90 + 10} {place % 80 + 11}",
                f"S-{4800 + place}",
                90.5 + 7 * place,
            )
            for place in range(CUSTOMERS)
        ]
        rows += [rows[3], ("Cem Kısa", "0532 123 45", "S-4990", 10.0)]
        with Workbook(self._folder / FILE) as book:
            sheet = book.add_worksheet("Müşteriler")
            sheet.write_row(0, 0, ["Müşteri listesi"])
            sheet.write_row(2, 0, ["Ad Soyad", "Cep Telefonu", "Sipariş No", "Tutar"])
            for place, row in enumerate(rows):
                sheet.write_row(3 + place, 0, row)
        self._stage.note(
            Text("{file}, {rows} rows: names, numbers, orders.", "{file}, {rows} satır: ad, numara, sipariş.").format(
                file=FILE, rows=len(rows)
            )
        )

    async def _open(self) -> None:
        self._stage.begin(
            Text("2. What the model learns of it: no name, no number", "2. Modelin öğrendiği: ne ad ne numara")
        )
        answer = await self._stage.call("open_list", {"file": FILE}, outcome="ok")
        self._stage.expect(answer, "recipients", CUSTOMERS)

    async def _send(self) -> str:
        self._stage.begin(
            Text("3. One text for each, confirmed by the person", "3. Her birine kendi metni, onayı kullanıcıdan")
        )
        tomorrow = (system_clock().astimezone(ISTANBUL) + timedelta(days=1)).strftime("%Y-%m-%d")
        arguments = {"file": FILE, "text": TEMPLATE, "message_type": "transactional", "label": "Siparişler"}
        later = {**arguments, "send_at": f"{tomorrow}T10:00"}
        self._stage.note(Text("First only looked at, for tomorrow at ten:", "Önce yalnızca bakılır, yarın 10.00 için:"))
        await self._stage.call("send_list", {**later, "dry_run": True}, outcome="dry_run")
        self._stage.note(Text("Now it is sent, at once:", "Şimdi gönderilir, hemen:"))
        answer = await self._stage.call("send_list", arguments, outcome="done")
        return str(answer["campaign"])

    async def _wait(self, campaign: str) -> None:
        self._stage.begin(Text("4. What became of it", "4. Sonuç"))
        arguments = {"campaign": campaign}
        answer = await self._stage.wait("get_campaigns", arguments, lambda answer: not answer.get("waiting"))
        self._stage.expect(answer, "delivered", CUSTOMERS - 1, name="get_campaigns: delivered")

    async def _save(self, campaign: str) -> None:
        self._stage.begin(
            Text("5. Who was not reached, in a file for the spreadsheet", "5. Ulaşılamayanlar, tablo için bir dosyada")
        )
        arguments = {"campaign": campaign, "show": "undelivered", "format": "csv"}
        answer = await self._stage.call("save_report", arguments, outcome="ok")
        self._stage.note(Text("The file, on the terminal:", "Dosya, terminalde:"))
        self._stage.quote(await anyio.Path(str(answer["path"])).read_text(encoding="utf-8-sig"))
