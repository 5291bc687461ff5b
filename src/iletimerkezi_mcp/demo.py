"""The demo: the real server as a subprocess in the sandbox, driven as a host drives it."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TextIO

import anyio
import mcp.types as mcp_types
from mcp import Client
from mcp.client.stdio import StdioServerParameters
from mcp.server import Server

from .language import Language, Text
from .settings import PREFIX, Settings
from .sms.times import system_clock

REPORT_SECONDS = 30
"""How long the demo waits for its order to finish."""

_BOLD, _DIM, _GREEN, _RED, _CYAN, _PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[32m", "\x1b[31m", "\x1b[36m", "\x1b[0m"


class DemoFailedError(Exception):
    """A step of the story did not go as it must."""


@dataclass(slots=True)
class Teller:
    """Prints the story as it happens, in colour where the terminal has it, or gathers it for one JSON object."""

    language: Language
    as_json: bool
    out: TextIO
    colour: bool
    steps: list[dict[str, Any]] = field(default_factory=list)

    def heading(self, text: Text) -> None:
        """A new part of the story."""
        self.steps.append({"step": text.to(self.language)})
        self._print(f"\n{_BOLD}{text.to(self.language)}{_PLAIN}")

    def called(self, tool: str, arguments: Mapping[str, Any], result: mcp_types.CallToolResult, said: str) -> None:
        """One call and its answer."""
        answer = result.structured_content or {}
        self.steps.append({"tool": tool, "arguments": dict(arguments), "is_error": result.is_error, "answer": answer})
        shown = ", ".join(f"{name}={_short(value)}" for name, value in arguments.items())
        self._print(f"  {_CYAN}→ {tool}({shown}){_PLAIN}")
        mark = f"{_RED}✗{_PLAIN}" if result.is_error else f"{_GREEN}✓{_PLAIN}"
        first, *rest = said.splitlines()
        self._print(f"  {mark} {first}")
        for line in rest:
            self._print(f"    {_DIM}{line}{_PLAIN}")

    def note(self, text: Text) -> None:
        """A remark between calls."""
        self._print(f"  {text.to(self.language)}")

    def end(self, failure: str | None, seconds: float) -> None:
        """The last line, or the whole JSON object."""
        if self.as_json:
            ending = {"ok": failure is None, "failure": failure, "seconds": round(seconds, 1), "steps": self.steps}
            json.dump(ending, self.out, ensure_ascii=False, indent=1)
            self.out.write("\n")
        elif failure is not None:
            self._print(f"\n{_RED}✗ {failure}{_PLAIN}")
        else:
            good = Text(
                f"All of it worked, in {seconds:.0f} seconds. Nothing real was sent.",
                f"Hepsi çalıştı, {seconds:.0f} saniyede. Gerçek hiçbir şey gönderilmedi.",
            )
            self._print(f"\n{_GREEN}✓ {good.to(self.language)}{_PLAIN}")

    def _print(self, line: str) -> None:
        if self.as_json:
            return
        if not self.colour:
            for code in (_BOLD, _DIM, _GREEN, _RED, _CYAN, _PLAIN):
                line = line.replace(code, "")
        self.out.write(line + "\n")
        self.out.flush()


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:57] + "…"


async def play(settings: Settings, as_json: bool, server: StdioServerParameters | Server[Any] | None = None) -> int:
    """Play the story on stdout; exit code 0 only if all of it worked.

    `server` takes the place of the subprocess that is started otherwise.
    """
    colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
    teller = Teller(settings.language, as_json, sys.stdout, colour)
    began = time.monotonic()
    failure = None
    async with Client(server or _server(settings.language)) as client:
        # Inside the client's own task group, which would wrap what is raised.
        try:
            await _Story(client, teller).tell()
        except DemoFailedError as error:
            failure = str(error)
    teller.end(failure, time.monotonic() - began)
    return 0 if failure is None else 1


def _server(language: Language) -> StdioServerParameters:
    """This package's own server, in the sandbox, without the operator's account."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    return StdioServerParameters(
        command=sys.executable,
        args=[
            "-m",
            "iletimerkezi_mcp",
            "--sandbox",
            "--lang",
            language,
            "--sender",
            "FIRMAADI",
            "--brand-code",
            "123456",
        ],
        env=environment,
    )


class _Story:
    def __init__(self, client: Client, teller: Teller) -> None:
        self._client = client
        self._teller = teller

    async def tell(self) -> None:
        await self._introduction()
        order_id = await self._send()
        await self._report(order_id)
        await self._blacklist()
        await self._consent()
        await self._mistake()

    async def _call(self, tool: str, arguments: Mapping[str, Any], *, outcome: str) -> dict[str, Any]:
        result = await self._client.call_tool(tool, dict(arguments))
        said = "\n".join(block.text for block in result.content if isinstance(block, mcp_types.TextContent))
        self._teller.called(tool, arguments, result, said)
        answer = result.structured_content or {}
        if answer.get("outcome") != outcome:
            raise DemoFailedError(f"{tool}: {answer.get('outcome')}, expected {outcome}")
        return answer

    async def _confirmed(self, tool: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        preview = await self._call(tool, arguments, outcome="preview")
        self._teller.note(Text("The person reads this and says yes.", "Kullanıcı bunu okur ve evet der."))
        return await self._call(tool, {**arguments, "confirm": preview["confirm"]}, outcome="done")

    async def _introduction(self) -> None:
        self._teller.heading(Text("1. Who is there?", "1. Kime bağlandım?"))
        info = self._client.server_info
        assert info is not None
        tools = (await self._client.list_tools()).tools
        self._teller.note(
            Text(
                f"{info.title} {info.version}, protocol {self._client.protocol_version}, {len(tools)} tools, sandbox.",
                f"{info.title} {info.version}, protokol {self._client.protocol_version}, {len(tools)} araç, deneme ortamı.",
            )
        )
        await self._call("get_balance", {}, outcome="ok")
        await self._call("get_sender", {}, outcome="ok")

    async def _send(self) -> str:
        self._teller.heading(
            Text("2. A Turkish text, previewed and confirmed", "2. Türkçe bir metin: önizleme ve onay")
        )
        arguments = {
            "recipients": ["0532 123 45 67", "+90 (532) 123-45-67", "05331112233", "905000000112"],
            "text": "Sayın müşterimiz, siparişiniz kargoya verildi. Teşekkür ederiz.",
            "message_type": "transactional",
        }
        answer = await self._confirmed("send_sms", arguments)
        return str(answer["order_id"])

    async def _report(self, order_id: str) -> None:
        self._teller.heading(Text("3. The report as it fills", "3. Rapor dolarken"))
        deadline = time.monotonic() + REPORT_SECONDS
        while time.monotonic() < deadline:
            answer = await self._call("get_report", {"order_id": order_id}, outcome="ok")
            if answer["status"] == "finished":
                if (answer["delivered"], answer["undelivered"]) != (2, 1):
                    raise DemoFailedError(f"get_report: {answer}")
                return
            await anyio.sleep(2)
        raise DemoFailedError("get_report: the order did not finish")

    async def _blacklist(self) -> None:
        self._teller.heading(Text("4. The blacklist, there and back", "4. Kara liste: ekle ve çıkar"))
        number = {"number": "0532 765 43 21"}
        await self._confirmed("add_blacklist", number)
        self._expect(await self._call("get_blacklist", number, outcome="ok"), "number_on_page", True)
        await self._confirmed("delete_blacklist", number)

    async def _consent(self) -> None:
        self._teller.heading(Text("5. A consent in İYS", "5. İYS'de bir onay"))
        who = {"recipient": "+905329998877", "recipient_type": "BIREYSEL", "channel": "MESAJ"}
        self._expect(await self._call("iys_check", who, outcome="ok"), "found", False)
        given = (system_clock() - timedelta(hours=1)).replace(microsecond=0, tzinfo=None)
        record = {**who, "status": "ONAY", "source": "HS_WEB", "consent_date": given.isoformat()}
        await self._confirmed("iys_register", {"consents": [record]})
        self._expect(await self._call("iys_check", who, outcome="ok"), "status", "ONAY")

    async def _mistake(self) -> None:
        self._teller.heading(
            Text("6. A mistake, refused before anything happens", "6. Bir hata: hiçbir şey olmadan reddedilir")
        )
        await self._call(
            "send_sms",
            {
                "recipients": ["05321234567"],
                "text": "Merhaba",
                "message_type": "transactional",
                "schedule_att": "2020-01-01T10:00",
            },
            outcome="nothing_done",
        )

    def _expect(self, answer: Mapping[str, Any], name: str, value: Any) -> None:
        if answer.get(name) != value:
            raise DemoFailedError(f"{name}: {answer.get(name)}, expected {value}")
