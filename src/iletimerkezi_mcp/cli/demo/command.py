"""``demo``: play a story in the sandbox, on the real server as a subprocess, driven as a host drives it."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import anyio
from mcp import Client, MCPError
from mcp.client.stdio import StdioServerParameters
from mcp.server import Server

from iletimerkezi_mcp.cli.streams import require_streams
from iletimerkezi_mcp.cli.terminal import Output
from iletimerkezi_mcp.cli.usage import FAILED, Flags, causes
from iletimerkezi_mcp.language import ExplainedError, Language, Text
from iletimerkezi_mcp.settings import PREFIX, Settings, load_settings

from .list_story import ListStory
from .sms_story import SmsStory
from .stage import Stage

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


def run(options: argparse.Namespace, flags: Flags) -> int:
    """Play the demo; return exit code 0 only if all of it worked."""
    settings = load_settings(os.environ, flags, only=options.command.settings)
    require_streams("stdout")
    output = Output.on_stdout(as_json=options.json)
    with tempfile.TemporaryDirectory(prefix="iletimerkezi-mcp-demo-", ignore_cleanup_errors=True) as name:
        lists = None
        if options.lists:
            lists = Path(name) / "lists"
            lists.mkdir()
        server = temporary_server(Path(name) / "state", lists, settings.language)
        return anyio.run(play, settings, output, server, lists)


async def play(
    settings: Settings, output: Output, server: StdioServerParameters | Server[Any], lists: Path | None = None
) -> int:
    """Play a story; return exit code 0 only if all of it worked.

    It is that of the eleven tools or, with the server's folder of `lists`, that of a list, on a host that can ask.
    """
    stage = Stage(output, settings.language)
    story = SmsStory(stage) if lists is None else ListStory(stage, lists)
    start = time.monotonic()
    failure: Text | None = None
    output.line(_OPENING.to(settings.language))
    try:
        async with Client(server, elicitation_callback=story.answer_form) as client:
            stage.client = client
            await story.play()
    # The client's own task groups wrap what is raised within them.
    except* ExplainedError as error:
        failure = next(cause.reason for cause in causes(error) if isinstance(cause, ExplainedError))
    except* MCPError as error:
        cause = str(next(causes(error)))
        failure = Text("the server failed: {error}", "sunucu hata verdi: {error}").format(error=cause)
    stage.end(failure, time.monotonic() - start)
    return 0 if failure is None else FAILED


def temporary_server(state: Path, lists: Path | None, language: Language) -> StdioServerParameters:
    """Return this package's own server in the sandbox, without the operator's account, with these folders."""
    folders = {"STATE_DIR": state} if lists is None else {"STATE_DIR": state, "FILES_DIR": lists}
    environment = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    return StdioServerParameters(
        command=sys.executable,
        args=["-m", "iletimerkezi_mcp", "--sandbox", "--lang", language],
        env={**environment, **{f"{PREFIX}{name}": str(folder) for name, folder in folders.items()}},
    )
