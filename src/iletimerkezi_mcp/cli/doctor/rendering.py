"""The findings as a person reads them, line by line, or as one JSON object."""

from __future__ import annotations

import json
import platform
import shutil
import sys
import textwrap
from dataclasses import dataclass, field
from typing import TextIO

from iletimerkezi_mcp import __version__
from iletimerkezi_mcp.language import Language, Text, plural, verbatim
from iletimerkezi_mcp.redaction import Redactor
from iletimerkezi_mcp.sms.escape import escape_line

from .findings import Finding, Subject, Verdict

_MARKS: dict[Verdict, str] = {"ok": "✓", "warning": "!", "wrong": "✗", "not_checked": "–"}
_PLAIN_MARKS: dict[Verdict, str] = {"ok": "+", "warning": "!", "wrong": "X", "not_checked": "-"}
_COLOURS: dict[Verdict, str] = {
    "ok": "\x1b[32m",
    "warning": "\x1b[33m",
    "wrong": "\x1b[31m",
    "not_checked": "\x1b[2m",
}
_END = "\x1b[0m"

NARROWEST = 60
"""Columns below which a terminal wraps the lines itself."""


@dataclass(slots=True)
class Report:
    """Writes findings to `out` as they come, or gathers them for one JSON object. Secrets go out nowhere.

    On a terminal long lines are folded below their beginning; elsewhere a finding is one line.
    """

    language: Language
    as_json: bool
    out: TextIO
    colour: bool
    redactor: Redactor
    found: list[Finding] = field(default_factory=list)

    @property
    def healthy(self) -> bool:
        """Whether nothing is wrong."""
        return self._number("wrong") == 0

    def begin(self) -> None:
        """What was looked at, for whoever gets to see this."""
        if not self.as_json:
            self._write(f"iletimerkezi-mcp {__version__}, Python {platform.python_version()}, {sys.platform}")

    def tell(self, finding: Finding) -> None:
        """One finding."""
        self.found.append(finding)
        if not self.as_json:
            self._write(self._line(finding))

    def end(self) -> None:
        """The last line, or the whole JSON object."""
        if self.as_json:
            self._write(json.dumps(self._object(), ensure_ascii=False, indent=1))
        else:
            self._write(self._summary().to(self.language))

    def _line(self, finding: Finding) -> str:
        width = max(len(subject.value.to(self.language)) for subject in Subject)
        title = finding.subject.value.to(self.language).ljust(width)
        said = finding.said if finding.do is None else finding.said + " " + finding.do
        begun = f"{self._marks[finding.verdict]} {title}  "
        line = begun + self._clean(said)
        columns = shutil.get_terminal_size().columns if self.out.isatty() else 0
        if columns >= NARROWEST:
            line = textwrap.fill(
                line,
                columns - 1,
                subsequent_indent=" " * len(begun),
                break_long_words=False,
                break_on_hyphens=False,
            )
        return f"{_COLOURS[finding.verdict]}{line[0]}{_END}{line[1:]}" if self.colour else line

    @property
    def _marks(self) -> dict[Verdict, str]:
        """The marks that can be written: not every encoding has them."""
        try:
            "".join(_MARKS.values()).encode(self.out.encoding or "utf-8")
        except UnicodeEncodeError:
            return _PLAIN_MARKS
        return _MARKS

    def _summary(self) -> Text:
        faults, warnings = self._number("wrong"), self._number("warning")
        minded = plural(warnings, "thing to mind", "things to mind", "uyarı")
        if faults:
            told = plural(faults, "thing is wrong", "things are wrong", "sorun var")
        else:
            told = Text("Nothing is wrong", "Sorun yok")
        return told + (Text(", ", ", ") + minded if warnings else verbatim("")) + "."

    def _object(self) -> dict[str, object]:
        return {
            "ok": self.healthy,
            "version": __version__,
            "python": platform.python_version(),
            "platform": sys.platform,
            "findings": [
                {
                    "subject": finding.subject.name.lower(),
                    "verdict": finding.verdict,
                    "said": self._clean(finding.said),
                    "do": None if finding.do is None else self._clean(finding.do),
                }
                for finding in self.found
            ],
        }

    def _number(self, verdict: Verdict) -> int:
        return sum(finding.verdict == verdict for finding in self.found)

    def _clean(self, text: Text) -> str:
        return escape_line(" ".join(self.redactor.text(text.to(self.language)).split()))

    def _write(self, line: str) -> None:
        encoding = self.out.encoding or "utf-8"
        self.out.write(line.encode(encoding, "replace").decode(encoding) + "\n")
        self.out.flush()
