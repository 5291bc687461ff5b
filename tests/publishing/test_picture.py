"""The pictures in the documents show what the demo says today, and are small."""

from __future__ import annotations

import html
import re
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from publishing.files import ROOT

if sys.platform == "win32":
    pytest.skip("a terminal as POSIX has it", allow_module_level=True)

from publishing.picture import PICTURES, chapters_of, record

CHANGING = re.compile(r"\b[0-9A-Z]{12}\b|\d{4}-\d{2}-\d{2}|\d{2}\.\d{2}\.\d{4}|\d{2}:\d{2}")
WEEKDAYS = re.compile(
    "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|Pazartesi|Salı|Çarşamba|Perşembe|Cumartesi|Cuma|Pazar"
)
MOVING = re.compile(r"(?ms)^ +(?:Order|Gönderim no) \d+: .*?\d\. *$\n?")


def _words(said: str) -> str:
    """Return what is the same in every run, without blanks: a picture breaks its lines elsewhere."""
    plain = re.sub(r"\x1b\[[0-9;]*m", "", said)
    return re.sub(r"\s", "", CHANGING.sub("", WEEKDAYS.sub("", MOVING.sub("", plain))))


def _in_the_picture(language: str) -> str:
    svg = (ROOT / PICTURES[language]).read_text(encoding="utf-8").split('<g class="demo-matrix">')[1]
    lines: dict[str, str] = {}
    for y, text in re.findall(r'<text [^>]*?y="([0-9.]+)"[^>]*>([^<]*)</text>', svg):
        lines[y] = lines.get(y, "") + html.unescape(text).rstrip("\n")
    return "\n".join(line.replace("\xa0", " ") for line in lines.values())


def test_those_of_the_demo_show_what_it_says() -> None:
    with ThreadPoolExecutor() as both:
        said = dict(zip(PICTURES, both.map(record, PICTURES), strict=True))
    for language in PICTURES:
        drawn, now = _words(_in_the_picture(language)), _words(chapters_of(said[language], language))
        assert drawn == now, language
        assert len(drawn) > 1_000


def test_they_fetch_nothing() -> None:
    for path in PICTURES.values():
        assert re.findall(r"url\((?!#)|(?:href|src)=", (ROOT / path).read_text(encoding="utf-8")) == []


def test_those_of_cards_and_page_are_small_and_each_is_shown_somewhere() -> None:
    documents = "".join(
        file.read_text(encoding="utf-8") for file in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
    )
    pictures = list((ROOT / "docs").glob("*.png"))
    assert len(pictures) >= 7
    for picture in pictures:
        assert picture.stat().st_size < 100_000
        assert f"{picture.name})" in documents
