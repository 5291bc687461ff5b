"""``demo``: play a story in the sandbox, on the real server as a subprocess, driven as a host drives it."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
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
from .pushing import pushing
from .sms_story import SmsStory
from .stage import Stage

_OPENING = Text(
    "With the server iletimerkezi-mcp, an AI assistant sends SMS through iletiMerkezi. This demo shows how.\n"
    "The server is real, the provider is simulated: no message goes out, no money is spent, your account and settings are "
    "not used.\n"
    "The demo plays both the assistant and its user. How to read it:\n"
    "  →              what the assistant calls\n"
    "  to the model   what the server answers, word for word; it is written for the assistant's model, not for you",
    "iletimerkezi-mcp sunucusuyla yapay zekâ asistanları iletiMerkezi üzerinden SMS gönderir. Bu tanıtım bunu gösterir.\n"
    "Sunucu gerçek, sağlayıcı simülasyondur: mesaj gitmez, ücret alınmaz, hesabınız ve ayarlarınız kullanılmaz.\n"
    "Tanıtım hem asistanın hem kullanıcının rolünü oynar. Çıktıda:\n"
    "  →        asistanın çağrısı\n"
    "  modele   sunucunun yanıtı, kelimesi kelimesine; size değil, asistanın modeline yazılmıştır",
)


def run(options: argparse.Namespace, flags: Flags) -> int:
    """Play the demo; return exit code 0 only if all of it worked."""
    settings = load_settings(os.environ, flags, only=options.command.settings)
    require_streams("stdout")
    output = Output.on_stdout(as_json=options.json)
    with tempfile.TemporaryDirectory(prefix="iletimerkezi-mcp-demo-", ignore_cleanup_errors=True) as name:
        state, lists = Path(name) / "state", None
        story: Callable[[Stage], SmsStory | ListStory]
        if options.lists:
            lists = Path(name) / "lists"
            lists.mkdir()
            story = partial(ListStory, folder=lists)
        else:
            sandbox = load_settings({f"{PREFIX}STATE_DIR": str(state)}, {"sandbox": "1", "language": settings.language})
            story = partial(SmsStory, pushes=pushing(sandbox))
        return anyio.run(play, settings, output, temporary_server(state, lists, settings.language), story)


async def play(
    settings: Settings,
    output: Output,
    server: StdioServerParameters | Server[Any],
    story_on: Callable[[Stage], SmsStory | ListStory],
) -> int:
    """Play a story; return exit code 0 only if all of it worked."""
    stage = Stage(output, settings.language)
    story = story_on(stage)
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
