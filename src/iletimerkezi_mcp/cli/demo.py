"""``demo``: run the main scenario in the sandbox, on the real server as a subprocess, driven as a host drives it."""

from __future__ import annotations

import argparse
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
from typing import Any

import anyio
import mcp.types as mcp_types
from mcp import Client, MCPError
from mcp.client.stdio import StdioServerParameters
from mcp.server import Server

from iletimerkezi_mcp.language import ExplainedError, Language, Text, verbatim
from iletimerkezi_mcp.settings import PREFIX, Settings, load_settings
from iletimerkezi_mcp.sms.clock import system_clock

from .streams import require_streams
from .terminal import BOLD, CYAN, DIM, GREEN, RED, Output
from .usage import FAILED, Flags, causes

REPORT_SECONDS = 30
"""The time that the demo waits for its order to finish."""

POLL_SECONDS = 1.0

_OPENING = Text(
    "A demo of iletimerkezi-mcp: its real server with a simulated provider, driven as a chat host drives it.\n"
    "Nothing here is real: no message goes out, nothing costs anything, your account and settings are not used.\n"
    "After → is what the model calls, after “to the model” what the server answers it, word for word: not to you.",
    "iletimerkezi-mcp tanıtımı: gerçek sunucu, sağlayıcı simülasyonuyla çalışıyor; adımlar bir sohbet istemcisindekilerle "
    "aynı.\n"
    "Burada hiçbir şey gerçek değildir: mesaj gitmez, ücret alınmaz; hesabınız ve ayarlarınız kullanılmaz.\n"
    "→ işaretinden sonra modelin çağrısı, “modele” sözünden sonra sunucunun ona yanıtı gelir, kelimesi kelimesine: size "
    "değil.",
)
_TO_THE_MODEL = Text("{mark} to the model: {line}", "{mark} modele: {line}")
_ALL_WORKED = Text(
    "All of it worked, in {seconds} seconds. Nothing real was sent.",
    "Tüm adımlar {seconds} saniyede sorunsuz tamamlandı. Gerçek hiçbir şey gönderilmedi.",
)
_UNEXPECTED = Text("{name}: {value}, expected {expected}", "{name}: {value}, beklenen: {expected}")
_NOT_FINISHED = Text("get_report: the order did not finish", "get_report: gönderim zamanında tamamlanmadı")


def run(options: argparse.Namespace, flags: Flags) -> int:
    """Play the demo; return exit code 0 only if all of it worked."""
    settings = load_settings(os.environ, flags, only=options.command.settings)
    require_streams("stdout")
    return anyio.run(play, settings, Output.on_stdout(as_json=options.json))


async def play(settings: Settings, output: Output, server: StdioServerParameters | Server[Any] | None = None) -> int:
    """Play the story; return exit code 0 only if all of it worked.

    `server` takes the place of the subprocess that is started otherwise.
    """
    story = _Story(output, settings.language)
    start = time.monotonic()
    failure: Text | None = None
    output.line(_OPENING.to(settings.language))
    try:
        with nullcontext(server) if server is not None else temporary_server(settings.language) as target:
            async with Client(target) as client:
                await story.play(client)
    # The client's own task groups wrap what is raised within them.
    except* ExplainedError as error:
        failure = next(cause.reason for cause in causes(error) if isinstance(cause, ExplainedError))
    except* MCPError as error:
        cause = str(next(causes(error)))
        failure = Text("the server failed: {error}", "sunucu hata verdi: {error}").format(error=cause)
    story.end(failure, time.monotonic() - start)
    return 0 if failure is None else FAILED


@contextmanager
def temporary_server(language: Language) -> Iterator[StdioServerParameters]:
    """Start this package's own server in the sandbox, without the operator's account, in a folder that goes with it."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    with tempfile.TemporaryDirectory(prefix="iletimerkezi-mcp-demo-", ignore_cleanup_errors=True) as folder:
        yield StdioServerParameters(
            command=sys.executable,
            args=["-m", "iletimerkezi_mcp", "--sandbox", "--lang", language],
            env={**environment, f"{PREFIX}STATE_DIR": str(Path(folder) / "state")},
        )


@dataclass(slots=True)
class _Story:
    """The steps, each written as it happens, or gathered for one JSON object."""

    output: Output
    language: Language
    client: Client = field(init=False)
    steps: list[dict[str, Any]] = field(default_factory=list)

    async def play(self, client: Client) -> None:
        self.client = client
        await self._introduction()
        order_id = await self._send()
        await self._report(order_id)
        await self._blacklist()
        await self._consent()
        await self._mistake()

    def end(self, failure: Text | None, seconds: float) -> None:
        reason = None if failure is None else failure.to(self.language)
        self.output.line("")
        if reason is None:
            good = _ALL_WORKED.format(seconds=round(seconds)).to(self.language)
            self.output.line(self.output.styled(f"✓ {good}", GREEN))
        else:
            self.output.line(self.output.styled(f"✗ {reason}", RED))
        self.output.json({"ok": reason is None, "failure": reason, "seconds": round(seconds, 1), "steps": self.steps})

    def _begin(self, title: Text) -> None:
        self.steps.append({"step": title.to(self.language)})
        self.output.line("")
        self.output.line(self.output.styled(title.to(self.language), BOLD))

    def _note(self, text: Text) -> None:
        self.output.line(f"  {text.to(self.language)}")

    def _show(self, tool: str, arguments: Mapping[str, Any], result: mcp_types.CallToolResult) -> None:
        text = "\n".join(block.text for block in result.content if isinstance(block, mcp_types.TextContent))
        call = ", ".join(f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in arguments.items())
        self.output.line("  " + self.output.styled(f"→ {tool}({call})", CYAN))
        mark = self.output.styled("✗", RED) if result.is_error else self.output.styled("✓", GREEN)
        first, *rest = text.splitlines()
        self.output.line("  " + _TO_THE_MODEL.format(mark=mark, line=first).to(self.language))
        for line in rest:
            self.output.line("    " + self.output.styled(line, DIM))

    async def _ask(self, tool: str, arguments: Mapping[str, Any]) -> mcp_types.CallToolResult:
        result = await self.client.call_tool(tool, dict(arguments))
        answer = result.structured_content or {}
        self.steps.append({"tool": tool, "arguments": dict(arguments), "is_error": result.is_error, "answer": answer})
        return result

    async def _call(self, tool: str, arguments: Mapping[str, Any], *, outcome: str) -> dict[str, Any]:
        result = await self._ask(tool, arguments)
        self._show(tool, arguments, result)
        answer = result.structured_content or {}
        self._expect(answer, "outcome", outcome, name=tool)
        return answer

    async def _confirm(self, tool: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        preview = await self._call(tool, arguments, outcome="preview")
        self._note(Text("The person reads this and says yes.", "Kullanıcı bunu okur ve onaylar."))
        return await self._call(tool, {**arguments, "confirm": preview["confirm"]}, outcome="done")

    async def _introduction(self) -> None:
        self._begin(Text("1. Which server is this?", "1. Hangi sunucuya bağlandım?"))
        info = self.client.server_info
        assert info is not None
        tools = (await self.client.list_tools()).tools
        self._note(
            Text(
                "{server}, protocol {protocol}, {tools} tools, sandbox.",
                "{server}, protokol {protocol}, {tools} araç, deneme ortamı.",
            ).format(
                server=f"{info.title} {info.version}", protocol=str(self.client.protocol_version), tools=len(tools)
            )
        )
        await self._call("get_balance", {}, outcome="ok")
        await self._call("get_sender", {}, outcome="ok")

    async def _send(self) -> str:
        self._begin(Text("2. A Turkish text, previewed and confirmed", "2. Türkçe bir metin: önizleme ve onay"))
        arguments = {
            "recipients": ["0532 123 45 67", "+90 (532) 123-45-67", "05331112233", "905000000112"],
            "text": "Sayın müşterimiz, siparişiniz kargoya verildi. Teşekkür ederiz.",
            "message_type": "transactional",
        }
        answer = await self._confirm("send_sms", arguments)
        return str(answer["order_id"])

    async def _report(self, order_id: str) -> None:
        self._begin(Text("3. The report as it fills", "3. Rapor doldukça"))
        arguments = {"order_id": order_id}
        deadline = time.monotonic() + REPORT_SECONDS
        summary = None
        while time.monotonic() < deadline:
            result = await self._ask("get_report", arguments)
            answer = result.structured_content or {}
            if answer.get("outcome") != "ok" or answer["status"] == "finished":
                self._show("get_report", arguments, result)
                self._expect(answer, "outcome", "ok", name="get_report")
                self._expect(answer, "delivered", 2, name="get_report: delivered")
                self._expect(answer, "undelivered", 1, name="get_report: undelivered")
                return
            if answer["summary"] != summary:
                summary = answer["summary"]
                self._note(verbatim(summary))
            await anyio.sleep(POLL_SECONDS)
        raise ExplainedError(_NOT_FINISHED)

    async def _blacklist(self) -> None:
        self._begin(Text("4. The blacklist, there and back", "4. Kara liste: ekle ve çıkar"))
        number = {"number": "0532 765 43 21"}
        await self._confirm("add_blacklist", number)
        self._expect(await self._call("get_blacklist", number, outcome="ok"), "number_on_page", True)
        await self._confirm("delete_blacklist", number)

    async def _consent(self) -> None:
        self._begin(Text("5. A consent in İYS", "5. İYS'de bir izin kaydı"))
        person = {"recipient": "+905329998877", "recipient_type": "BIREYSEL", "channel": "MESAJ"}
        self._expect(await self._call("iys_check", person, outcome="ok"), "found", False)
        an_hour_ago = (system_clock() - timedelta(hours=1)).replace(microsecond=0, tzinfo=None)
        record = {**person, "status": "ONAY", "source": "HS_WEB", "consent_date": an_hour_ago.isoformat()}
        await self._confirm("iys_register", {"consents": [record]})
        self._expect(await self._call("iys_check", person, outcome="ok"), "status", "ONAY")

    async def _mistake(self) -> None:
        self._begin(
            Text("6. A mistake, refused before anything happens", "6. Hatalı bir çağrı: işlem yapılmadan reddedilir")
        )
        arguments = {
            "recipients": ["05321234567"],
            "text": "Merhaba",
            "message_type": "transactional",
            "schedule_att": "2020-01-01T10:00",
        }
        await self._call("send_sms", arguments, outcome="nothing_done")

    def _expect(self, answer: Mapping[str, Any], field: str, expected: object, *, name: str | None = None) -> None:
        if (value := answer.get(field)) != expected:
            raise ExplainedError(_UNEXPECTED.format(name=name or field, value=str(value), expected=str(expected)))
