"""The doctor's findings, and the report of them: line by line, or as one JSON object."""

from __future__ import annotations

import platform
import shutil
import sys
import textwrap
from dataclasses import dataclass, field
from enum import Enum
from typing import Literal

from iletimerkezi_mcp import __version__
from iletimerkezi_mcp.cli.terminal import DIM, GREEN, RED, YELLOW, Output
from iletimerkezi_mcp.language import Language, Text, plural
from iletimerkezi_mcp.redaction import Redactor
from iletimerkezi_mcp.sms.escape import escape_line

Verdict = Literal["ok", "warning", "wrong", "not_checked"]

_MARKS: dict[Verdict, str] = {"ok": "✓", "warning": "!", "wrong": "✗", "not_checked": "–"}
_ASCII_MARKS: dict[Verdict, str] = {"ok": "+", "warning": "!", "wrong": "X", "not_checked": "-"}
_STYLES: dict[Verdict, str] = {"ok": GREEN, "warning": YELLOW, "wrong": RED, "not_checked": DIM}

MIN_COLUMNS = 60
"""Columns below which a terminal wraps the lines itself."""


class Subject(Enum):
    """A thing that is looked at. Its name in small letters is its name in JSON."""

    SETTINGS = Text("Settings", "Ayarlar")
    CREDENTIALS = Text("Credentials", "Anahtar ve hash")
    ADDRESS = Text("Address", "Adres")
    CLOCK = Text("Clock", "Saat")
    ACCOUNT = Text("Account", "Hesap")
    SENDER = Text("Sender", "Başlık")
    BRAND_CODE = Text("Brand code", "Marka kodu")
    CHARACTER_MODE = Text("Character mode", "Karakter modu")
    LIMITS = Text("Limits", "Sınırlar")
    CONFIRMATION = Text("Confirmation", "Onay")
    AUDIT_LOG = Text("Audit log", "Denetim kaydı")
    STATE_FOLDER = Text("State folder", "Durum klasörü")
    LEDGER = Text("Ledger", "İşlem defteri")
    RULES = Text("Rules", "Kurallar")
    LISTS = Text("Lists", "Listeler")
    DELIVERY = Text("Pushed reports", "Bildirimler")
    TRANSPORT = Text("Transport", "Aktarım")
    UVX = Text("uvx", "uvx")


@dataclass(frozen=True, slots=True)
class Finding:
    """The verdict on `subject`, explained in one sentence. `next_step` is what to do, unless `summary` says it itself."""

    subject: Subject
    verdict: Verdict
    summary: Text
    next_step: Text | None = None


@dataclass(slots=True)
class Report:
    """Writes findings as they come, or gathers them for one JSON object, without any secret.

    On a terminal long lines are folded with a hanging indent; elsewhere a finding is one line.
    """

    output: Output
    language: Language
    redactor: Redactor
    findings: list[Finding] = field(default_factory=list)

    @property
    def healthy(self) -> bool:
        return self._number("wrong") == 0

    def begin(self) -> None:
        """Write the versions and the platform, for readers on another machine."""
        self.output.line(f"iletimerkezi-mcp {__version__}, Python {platform.python_version()}, {sys.platform}")

    def add(self, *findings: Finding) -> None:
        self.findings += findings
        for finding in findings:
            self.output.line(self._line(finding))

    def skip(self, reason: Text, *subjects: Subject) -> None:
        """Report `subjects` as not checked."""
        self.add(*(Finding(subject, "not_checked", reason) for subject in subjects))

    def end(self) -> None:
        self.output.line(self._summary().to(self.language))
        self.output.json(
            {
                "ok": self.healthy,
                "version": __version__,
                "python": platform.python_version(),
                "platform": sys.platform,
                "findings": [
                    {
                        "subject": finding.subject.name.lower(),
                        "verdict": finding.verdict,
                        "summary": self._clean(finding.summary),
                        "next_step": None if finding.next_step is None else self._clean(finding.next_step),
                    }
                    for finding in self.findings
                ],
            }
        )

    def _line(self, finding: Finding) -> str:
        width = max(len(subject.value.to(self.language)) for subject in Subject)
        mark, title = self._mark(finding.verdict), finding.subject.value.to(self.language).ljust(width)
        sentences = [finding.summary, *([finding.next_step] if finding.next_step else [])]
        line = f"{mark} {title}  {' '.join(map(self._clean, sentences))}"
        columns = shutil.get_terminal_size().columns if self.output.out.isatty() else 0
        if columns >= MIN_COLUMNS:
            indent = " " * (width + 4)
            line = textwrap.fill(
                line, columns - 1, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
            )
        return self.output.styled(mark, _STYLES[finding.verdict]) + line.removeprefix(mark)

    def _mark(self, verdict: Verdict) -> str:
        """Return a mark that can be written: not every encoding has the better ones."""
        try:
            "".join(_MARKS.values()).encode(self.output.out.encoding or "utf-8")
        except UnicodeEncodeError:
            return _ASCII_MARKS[verdict]
        return _MARKS[verdict]

    def _summary(self) -> Text:
        wrong, warnings = self._number("wrong"), self._number("warning")
        counts = [Text("Nothing is wrong", "Sorun yok")]
        if wrong:
            counts = [plural(wrong, "thing is wrong", "things are wrong", "sorun var")]
        if warnings:
            counts.append(plural(warnings, "warning", "warnings", "uyarı"))
        return Text("{counts}.", "{counts}.").format(counts=Text.join(", ", counts))

    def _number(self, verdict: Verdict) -> int:
        return sum(finding.verdict == verdict for finding in self.findings)

    def _clean(self, text: Text) -> str:
        return escape_line(" ".join(self.redactor.text(text.to(self.language, "person")).split()))
