"""``demo``: play a story in the sandbox, on the real server as a subprocess, driven as a host drives it."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
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
    return anyio.run(play, settings, Output.on_stdout(as_json=options.json))


async def play(settings: Settings, output: Output, server: StdioServerParameters | Server[Any] | None = None) -> int:
    """Play the story; return exit code 0 only if all of it worked.

    `server` takes the place of the subprocess that is started otherwise.
    """
    stage = Stage(output, settings.language)
    start = time.monotonic()
    failure: Text | None = None
    output.line(_OPENING.to(settings.language))
    try:
        with nullcontext(server) if server is not None else temporary_server(settings.language) as target:
            async with Client(target) as client:
                stage.client = client
                await SmsStory(stage).play()
    # The client's own task groups wrap what is raised within them.
    except* ExplainedError as error:
        failure = next(cause.reason for cause in causes(error) if isinstance(cause, ExplainedError))
    except* MCPError as error:
        cause = str(next(causes(error)))
        failure = Text("the server failed: {error}", "sunucu hata verdi: {error}").format(error=cause)
    stage.end(failure, time.monotonic() - start)
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
