"""The demo: the real server as a subprocess in the sandbox, driven as a host drives it."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, TextIO

import anyio
import mcp.types as mcp_types
from mcp import Client, MCPError
from mcp.client.stdio import StdioServerParameters
from mcp.server import Server

from iletimerkezi_mcp.cli.terminal import in_colour
from iletimerkezi_mcp.language import Language, Text, verbatim
from iletimerkezi_mcp.settings import PREFIX, Settings
from iletimerkezi_mcp.sms.clock import system_clock

REPORT_SECONDS = 30
"""How long the demo waits for its order to finish."""

SHOWN_ITEMS = 2
"""How many items of a list in a call's arguments are shown."""

SHOWN_CHARACTERS = 60
"""How much of a text in a call's arguments is shown."""

_OPENING = Text(
    "A demo of iletimerkezi-mcp: its real server with a simulated provider, driven as a chat host drives it.\n"
    "Nothing here is real: no message goes out, nothing costs anything, your account and settings are not used.",
    "iletimerkezi-mcp tanıtımı: gerçek sunucu, simüle edilmiş bir sağlayıcıyla; bir sohbet istemcisi nasıl kullanırsa "
    "öyle.\n"
    "Burada hiçbir şey gerçek değildir: mesaj gitmez, ücret alınmaz; hesabınız ve ayarlarınız kullanılmaz.",
)

_BOLD, _DIM, _GREEN, _RED, _CYAN, _PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[32m", "\x1b[31m", "\x1b[36m", "\x1b[0m"


class DemoFailedError(Exception):
    """A step of the story did not go as it must; `reason` says which."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


@dataclass(slots=True)
class Teller:
    """Prints the story as it happens, in colour where the terminal has it, or gathers it for one JSON object."""

    language: Language
    as_json: bool
    out: TextIO
    colour: bool
    steps: list[dict[str, Any]] = field(default_factory=list)

    def begin(self) -> None:
        """What this is, before anything happens."""
        self._print(_OPENING.to(self.language))

    def heading(self, text: Text) -> None:
        """A new part of the story."""
        self.steps.append({"step": text.to(self.language)})
        self._print(f"\n{_BOLD}{text.to(self.language)}{_PLAIN}")

    def called(self, tool: str, arguments: Mapping[str, Any], result: mcp_types.CallToolResult) -> None:
        """One call and its answer, for the JSON object."""
        answer = result.structured_content or {}
        self.steps.append({"tool": tool, "arguments": dict(arguments), "is_error": result.is_error, "answer": answer})

    def show(self, tool: str, arguments: Mapping[str, Any], result: mcp_types.CallToolResult) -> None:
        """One call and its answer, for a reader."""
        said = "\n".join(block.text for block in result.content if isinstance(block, mcp_types.TextContent))
        self._print(f"  {_CYAN}→ {tool}({shown(arguments)}){_PLAIN}")
        mark = f"{_RED}✗{_PLAIN}" if result.is_error else f"{_GREEN}✓{_PLAIN}"
        first, *rest = said.splitlines()
        self._print(f"  {mark} {first}")
        for line in rest:
            self._print(f"    {_DIM}{line}{_PLAIN}")

    def note(self, text: Text) -> None:
        """A remark between calls."""
        self._print(f"  {text.to(self.language)}")

    def end(self, failure: Text | None, seconds: float) -> None:
        """The last line, or the whole JSON object."""
        told = None if failure is None else failure.to(self.language)
        if self.as_json:
            ending = {"ok": told is None, "failure": told, "seconds": round(seconds, 1), "steps": self.steps}
            self.out.write(json.dumps(ending, ensure_ascii=False, indent=1) + "\n")
            self.out.flush()
        elif told is not None:
            self._print(f"\n{_RED}✗ {told}{_PLAIN}")
        else:
            good = Text(
                f"All of it worked, in {seconds:.0f} seconds. Nothing real was sent.",
                f"Hepsi {seconds:.0f} saniyede sorunsuz tamamlandı. Gerçek hiçbir şey gönderilmedi.",
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


def _reason(group: BaseExceptionGroup[BaseException]) -> Text:
    first = group.exceptions[0]
    if isinstance(first, BaseExceptionGroup):
        return _reason(first)
    return first.reason if isinstance(first, DemoFailedError) else verbatim(str(first))


def shown(arguments: Mapping[str, Any]) -> str:
    """A call's arguments in little room."""
    return ", ".join(f"{name}={_short(value)}" for name, value in arguments.items())


def _short(value: Any) -> str:
    """`value` in little room: the first items of a list and how many there are, the first words of a long text."""
    if isinstance(value, list):
        first = [_short(one) for one in value[:SHOWN_ITEMS]]
        more = [f"… ({len(value)})"] if len(value) > SHOWN_ITEMS else []
        return f"[{', '.join(first + more)}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {_short(one)}" for name, one in value.items()) + "}"
    if isinstance(value, str) and len(value) > SHOWN_CHARACTERS:
        value = (value[:SHOWN_CHARACTERS].rpartition(" ")[0] or value[:SHOWN_CHARACTERS]) + " …"
    return json.dumps(value, ensure_ascii=False)


async def play(settings: Settings, as_json: bool, server: StdioServerParameters | Server[Any] | None = None) -> int:
    """Play the story on stdout; exit code 0 only if all of it worked.

    `server` takes the place of the subprocess that is started otherwise.
    """
    teller = Teller(settings.language, as_json, sys.stdout, in_colour(sys.stdout, os.environ))
    began = time.monotonic()
    failure: Text | None = None
    teller.begin()
    try:
        with nullcontext(server) if server is not None else temporary_server(settings.language) as played:
            async with Client(played) as client:
                await _Story(client, teller).tell()
    # The client's own task groups wrap what is raised within them.
    except* DemoFailedError as failed:
        failure = _reason(failed)
    except* MCPError as broken:
        failure = Text("the server failed: ", "sunucu hata verdi: ") + _reason(broken)
    teller.end(failure, time.monotonic() - began)
    return 0 if failure is None else 1


@contextmanager
def temporary_server(language: Language) -> Iterator[StdioServerParameters]:
    """This package's own server, in the sandbox, without the operator's account, in a folder that goes with it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    with tempfile.TemporaryDirectory(prefix="iletimerkezi-mcp-demo-", ignore_cleanup_errors=True) as folder:
        yield StdioServerParameters(
            command=sys.executable,
            args=["-m", "iletimerkezi_mcp", "--sandbox", "--lang", language],
            env={**kept, f"{PREFIX}STATE_DIR": str(Path(folder) / "state")},
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
        result = await self._asked(tool, arguments)
        self._teller.show(tool, arguments, result)
        answer = result.structured_content or {}
        self._expect(answer, "outcome", outcome, of=tool)
        return answer

    async def _asked(self, tool: str, arguments: Mapping[str, Any]) -> mcp_types.CallToolResult:
        result = await self._client.call_tool(tool, dict(arguments))
        self._teller.called(tool, arguments, result)
        return result

    async def _confirmed(self, tool: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        preview = await self._call(tool, arguments, outcome="preview")
        self._teller.note(Text("The person reads this and says yes.", "Kullanıcı bunu okur ve onaylar."))
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
        self._teller.heading(Text("3. The report as it fills", "3. Rapor doldukça"))
        arguments = {"order_id": order_id}
        deadline = time.monotonic() + REPORT_SECONDS
        told = None
        while time.monotonic() < deadline:
            result = await self._asked("get_report", arguments)
            answer = result.structured_content or {}
            if answer.get("outcome") != "ok" or answer["status"] == "finished":
                self._teller.show("get_report", arguments, result)
                self._expect(answer, "outcome", "ok", of="get_report")
                self._expect(answer, "delivered", 2, of="get_report: delivered")
                self._expect(answer, "undelivered", 1, of="get_report: undelivered")
                return
            if answer["summary"] != told:
                told = answer["summary"]
                self._teller.note(Text(told, told))
            await anyio.sleep(1)
        raise DemoFailedError(
            Text("get_report: the order did not finish", "get_report: sipariş zamanında tamamlanmadı")
        )

    async def _blacklist(self) -> None:
        self._teller.heading(Text("4. The blacklist, there and back", "4. Kara liste: ekle ve çıkar"))
        number = {"number": "0532 765 43 21"}
        await self._confirmed("add_blacklist", number)
        self._expect(await self._call("get_blacklist", number, outcome="ok"), "number_on_page", True)
        await self._confirmed("delete_blacklist", number)

    async def _consent(self) -> None:
        self._teller.heading(Text("5. A consent in İYS", "5. İYS'de bir izin kaydı"))
        who = {"recipient": "+905329998877", "recipient_type": "BIREYSEL", "channel": "MESAJ"}
        self._expect(await self._call("iys_check", who, outcome="ok"), "found", False)
        given = (system_clock() - timedelta(hours=1)).replace(microsecond=0, tzinfo=None)
        record = {**who, "status": "ONAY", "source": "HS_WEB", "consent_date": given.isoformat()}
        await self._confirmed("iys_register", {"consents": [record]})
        self._expect(await self._call("iys_check", who, outcome="ok"), "status", "ONAY")

    async def _mistake(self) -> None:
        self._teller.heading(
            Text("6. A mistake, refused before anything happens", "6. Bir yanlış: hiçbir işlem yapılmadan reddedilir")
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

    def _expect(self, answer: Mapping[str, Any], name: str, value: Any, *, of: str | None = None) -> None:
        if (got := answer.get(name)) != value:
            raise DemoFailedError(
                Text(f"{of or name}: {got}, expected {value}", f"{of or name}: {got}, beklenen: {value}")
            )
