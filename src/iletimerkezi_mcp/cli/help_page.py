"""The help of a command, in the chosen language and no wider than the terminal."""

from __future__ import annotations

import argparse
import shutil
import textwrap
from typing import Any

from iletimerkezi_mcp.language import Language, Text

from .terminal import MIN_COLUMNS, fold
from .usage import EXIT_CODES

NARROW = 80
"""Columns below which the explanations begin further to the left."""

_USAGE = Text("usage:", "kullanım:")
_OPTIONS, _ARGUMENTS = Text("options", "seçenekler"), Text("arguments", "parametreler")
_HELP = Text("show this help", "bu yardımı gösterir")


def help_width() -> int:
    """Return the columns of the terminal (``COLUMNS`` wins); 80 if there is none."""
    columns = shutil.get_terminal_size().columns
    return columns if columns >= MIN_COLUMNS else NARROW


def filled(text: str, indent: int = 0, label: str = "") -> str:
    """Return `text` in lines that fit, each after `indent` blanks; `label` comes before the first."""
    return textwrap.fill(
        text,
        help_width() - 1,
        initial_indent=f"{label.ljust(indent - 1)} " if label else " " * indent,
        subsequent_indent=" " * indent,
        break_on_hyphens=False,
    )


def exit_codes(language: Language) -> str:
    """Return the table of exit codes."""
    rows = (filled(meaning.to(language), 7, f"  {code}") for code, meaning in EXIT_CODES.items())
    return "\n".join([Text("exit codes:", "çıkış kodları:").to(language), *rows])


class HelpParser(argparse.ArgumentParser):
    """A parser whose help is wholly in `language`; `tables` follows it, line by line as it is."""

    def __init__(self, *, language: Language, tables: str = "", **options: Any) -> None:
        super().__init__(
            allow_abbrev=False,
            exit_on_error=False,
            add_help=False,
            formatter_class=_FORMATTERS[language],
            **options,
        )
        self.tables = tables
        self._optionals.title, self._positionals.title = _OPTIONS.to(language), _ARGUMENTS.to(language)
        self.add_argument("-h", "--help", action="help", default=argparse.SUPPRESS, help=_HELP.to(language))

    def format_help(self) -> str:
        return super().format_help() + (f"\n{self.tables}\n" if self.tables else "")


class _Formatter(argparse.HelpFormatter):
    language: Language = "en"

    def __init__(self, prog: str, **options: Any) -> None:
        width = help_width()
        super().__init__(prog, max_help_position=24 if width >= NARROW else 10, width=width - 1, **options)

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, f"{_USAGE.to(self.language)} " if prefix is None else prefix)

    def _format_usage(self, usage: Any, actions: Any, groups: Any, prefix: Any) -> str:
        return fold(super()._format_usage(usage, actions, groups, prefix), help_width() - 1)


class _TurkishFormatter(_Formatter):
    language = "tr"


_FORMATTERS: dict[Language, type[_Formatter]] = {"en": _Formatter, "tr": _TurkishFormatter}


def add_json(parser: HelpParser, language: Language) -> None:
    """Add the flag of the commands that can write JSON."""
    words = Text("Write one JSON object instead of lines.", "Satırlar yerine tek bir JSON nesnesi yazar.")
    parser.add_argument("--json", action="store_true", help=words.to(language))
