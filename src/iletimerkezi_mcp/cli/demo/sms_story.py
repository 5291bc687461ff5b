"""The story of the eleven tools: a text is sent and reported, a number blocked, a consent declared, a mistake refused."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import Any

from mcp.client.session import ElicitationFnT

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.sms.clock import system_clock
from iletimerkezi_mcp.tools.card_answer import CARD_ANSWER

from .stage import Stage

_PUSHED = Text(
    "The provider also pushes each message's report to a port of this demo: “Pushed reports” in the answer.",
    "Sağlayıcı her mesajın durumunu bu tanıtımın bir portuna da bildirir: yanıttaki “İletim bildirimleri”.",
)


class SmsStory:
    """The main scenario, on a host that cannot ask: the model repeats the code that the person agreed to.

    `pushes` has reports pushed while it is open, or gives the reason if it cannot.
    """

    answer_form: ElicitationFnT | None = None
    """The host's way to show a form: it has none."""

    def __init__(self, stage: Stage, pushes: AbstractAsyncContextManager[Text | None]) -> None:
        self._stage = stage
        self._pushes = pushes

    async def play(self) -> None:
        """Play all of it. Raises :class:`.ExplainedError` if a step comes out otherwise."""
        await self._introduction()
        async with self._pushes as refusal:
            order_id = await self._send()
            await self._report(order_id, refusal)
        await self._blacklist()
        await self._consent()
        await self._mistake()

    async def _confirm(self, tool: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        preview = await self._stage.call(tool, arguments, outcome="preview")
        self._stage.note(Text("The person reads this and says yes.", "Kullanıcı bunu okur ve onaylar."))
        return await self._stage.call(tool, {**arguments, "confirm": preview["confirm"]}, outcome="done")

    async def _introduction(self) -> None:
        self._stage.begin(Text("1. Which server is this?", "1. Hangi sunucuya bağlandım?"))
        info = self._stage.client.server_info
        assert info is not None
        tools = [tool for tool in (await self._stage.client.list_tools()).tools if tool.name != CARD_ANSWER.name]
        self._stage.note(
            Text(
                "{server}, protocol {protocol}, {tools} tools, sandbox.",
                "{server}, protokol {protocol}, {tools} araç, deneme ortamı.",
            ).format(
                server=f"{info.title} {info.version}",
                protocol=str(self._stage.client.protocol_version),
                tools=len(tools),
            )
        )
        await self._stage.call("get_balance", {}, outcome="ok")
        await self._stage.call("get_sender", {}, outcome="ok")

    async def _send(self) -> str:
        self._stage.begin(Text("2. A Turkish text, previewed and confirmed", "2. Türkçe bir metin: önizleme ve onay"))
        arguments = {
            "recipients": ["0532 123 45 67", "+90 (532) 123-45-67", "05331112233", "905000000112"],
            "text": "Sayın müşterimiz, siparişiniz kargoya verildi. Teşekkür ederiz.",
            "message_type": "transactional",
        }
        answer = await self._confirm("send_sms", arguments)
        return str(answer["order_id"])

    async def _report(self, order_id: str, refusal: Text | None) -> None:
        self._stage.begin(Text("3. The report as it fills", "3. Rapor doldukça"))
        self._stage.note(refusal or _PUSHED)

        def is_whole(answer: Mapping[str, Any]) -> bool:
            """Return True if the order is finished, and all that is pushed of it came before this answer."""
            pushed = {"delivered": 2, "undelivered": 1, "waiting": 0, "newer": "provider"}
            came: bool = refusal is not None or pushed.items() <= answer.get("pushed", {}).items()
            return came and answer["status"] == "finished"

        arguments = {"order_id": order_id, "recipient": "0500 000 01 12"}
        answer = await self._stage.wait("get_report", arguments, is_whole)
        self._stage.expect(answer, "outcome", "ok", name="get_report")
        self._stage.expect(answer, "delivered", 2, name="get_report: delivered")
        self._stage.expect(answer, "undelivered", 1, name="get_report: undelivered")

    async def _blacklist(self) -> None:
        self._stage.begin(Text("4. The blacklist, there and back", "4. Kara liste: ekle ve çıkar"))
        number = {"number": "0532 765 43 21"}
        await self._confirm("add_blacklist", number)
        self._stage.expect(await self._stage.call("get_blacklist", number, outcome="ok"), "number_on_page", True)
        await self._confirm("delete_blacklist", number)

    async def _consent(self) -> None:
        self._stage.begin(Text("5. A consent in İYS", "5. İYS'de bir izin kaydı"))
        person = {"recipient": "+905329998877", "recipient_type": "BIREYSEL", "channel": "MESAJ"}
        self._stage.expect(await self._stage.call("iys_check", person, outcome="ok"), "found", False)
        an_hour_ago = (system_clock() - timedelta(hours=1)).replace(microsecond=0, tzinfo=None)
        record = {**person, "status": "ONAY", "source": "HS_WEB", "consent_date": an_hour_ago.isoformat()}
        await self._confirm("iys_register", {"consents": [record]})
        self._stage.expect(await self._stage.call("iys_check", person, outcome="ok"), "status", "ONAY")

    async def _mistake(self) -> None:
        self._stage.begin(
            Text("6. A mistake, refused before anything happens", "6. Hatalı bir çağrı: işlem yapılmadan reddedilir")
        )
        arguments = {
            "recipients": ["05321234567"],
            "text": "Merhaba",
            "message_type": "transactional",
            "schedule_att": "2020-01-01T10:00",
        }
        await self._stage.call("send_sms", arguments, outcome="nothing_done")
