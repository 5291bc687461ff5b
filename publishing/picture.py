"""The picture of a session in the documents: the demo, run on a terminal of its own and recorded.

``python -m publishing.picture`` plays the demo in both languages and writes ``docs/demo.svg`` and
``docs/demo.tr.svg``. It wants `rich`, which the development set-up installs, and a POSIX terminal. Dates, codes and
numbers differ from one recording to the next, so a test compares the committed pictures with a new run without them.
"""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from pathlib import Path
from typing import Final

from iletimerkezi_mcp.cli.config.entry import LAUNCH_LINE, PACKAGE, RELEASED

COLUMNS: Final = 82
"""The width of the picture's terminal, in characters."""

CHAPTERS: Final = 2
"""The parts of the demo's story that are shown, from its beginning."""

PICTURES: Final = {"en": "docs/demo.svg", "tr": "docs/demo.tr.svg"}

_FONTS: Final = '"Cascadia Code", "Fira Code", Menlo, Consolas, "DejaVu Sans Mono", monospace'

_FRAME: Final = (
    '<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg" role="img">\n'
    "<style>\n"
    ".{unique_id}-matrix {{ font-family: " + _FONTS + "; font-size: {char_height}px; line-height: {line_height}px; }}\n"
    ".{unique_id}-title {{ font-size: 18px; font-weight: bold; font-family: arial, sans-serif; }}\n"
    "{styles}\n</style>\n"
    '<defs><clipPath id="{unique_id}-clip-terminal">'
    '<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" /></clipPath>{lines}</defs>\n'
    '{chrome}<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">\n'
    '{backgrounds}<g class="{unique_id}-matrix">\n{matrix}\n</g></g></svg>\n'
)
"""Rich's own frame without its fonts, which a reader's browser would fetch from somebody else."""


def record(language: str) -> str:
    """Return what the demo writes to a terminal, escape sequences included. Raises CalledProcessError if it fails."""
    controller, terminal = pty.openpty()
    kept = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    command = [sys.executable, "-m", "iletimerkezi_mcp", "demo", "--lang", language]
    with subprocess.Popen(command, stdin=terminal, stdout=terminal, env={**kept, "TERM": "xterm-256color"}) as process:
        os.close(terminal)
        output = b""
        try:
            while chunk := os.read(controller, 65_536):
                output += chunk
        except OSError:
            """The terminal's other end is closed: the demo is over."""
    os.close(controller)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return output.decode().replace("\r\n", "\n")


def chapters_of(output: str, language: str) -> str:
    """Return the chapters that the picture shows, after the command that plays them."""
    beginning, *chapters = re.split(r"\n(?=\n\x1b\[1m\d\.)", output)
    flag = "" if language == "en" else f" --lang {language}"
    program = " ".join(LAUNCH_LINE) if RELEASED else f".venv/bin/{PACKAGE}"
    return "\n".join([f"\x1b[1m$ {program} demo{flag}\x1b[0m", beginning, *chapters[:CHAPTERS]])


def draw(output: str) -> str:
    """Return `output` as an SVG."""
    from rich.console import Console
    from rich.terminal_theme import MONOKAI
    from rich.text import Text as Styled

    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        console = Console(record=True, width=COLUMNS, file=nowhere, force_terminal=True, color_system="truecolor")
        console.print(Styled.from_ansi(output))
        return console.export_svg(title="iletimerkezi-mcp", theme=MONOKAI, code_format=_FRAME, unique_id="demo")


def main() -> None:
    """Record and write both pictures."""
    for language, path in PICTURES.items():
        picture = draw(chapters_of(record(language), language))
        (Path(__file__).parents[1] / path).write_text(picture, encoding="utf-8", newline="\n")
        sys.stdout.write(f"{path}\n")


if __name__ == "__main__":
    main()
