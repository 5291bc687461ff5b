"""The documents say what is true: what they name exists, and what they claim of a text the server sees too."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import get_args

import pytest

from iletimerkezi_mcp.confirmation.series import ANSWER_SECONDS
from iletimerkezi_mcp.ledger.attempts import DIGEST_RETENTION, REPEAT_HOLD, UNKNOWN_HOLD
from iletimerkezi_mcp.ledger.entries import RETENTION
from iletimerkezi_mcp.ledger.pushed_reports import ORDER_WAIT, PUSHED_RETENTION
from iletimerkezi_mcp.provider.consents import MAX_CONSENTS, Source
from iletimerkezi_mcp.sandbox.fixtures import FIXTURES
from iletimerkezi_mcp.settings import (
    DEFAULT_MAX_CONSENTS_PER_DAY,
    DEFAULT_MAX_LIST_RECIPIENTS,
    DEFAULT_MAX_RECIPIENTS,
    DEFAULT_TEXTS_PER_ORDER,
    SETTINGS,
    Settings,
    load_settings,
)
from iletimerkezi_mcp.sms.promotion import promotional_words
from iletimerkezi_mcp.sms.rule_text import MAX_FIELD_LENGTH, MAX_FIELDS, parse_rule_text
from iletimerkezi_mcp.tools.catalogue import REGISTRY, TOOLS
from iletimerkezi_mcp.tools.halving import MAX_REQUESTS
from iletimerkezi_mcp.tools.list_catalogue import LIST_TOOLS
from iletimerkezi_mcp.transports.delivery import BODY_SECONDS, FIRST_DELAY, MAX_BODY, MAX_DELAY, MAX_WAITING

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
IYS, SAFETY = ((ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("iys.md", "safety.md"))
SECURITY = (ROOT / "SECURITY.md").read_text(encoding="utf-8")

COUNTED = f"counted when they are confirmed, scheduled ones too; {DEFAULT_MAX_RECIPIENTS:,} unless set"

every_document = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))


@every_document
def test_links_to_files_lead_somewhere(document: Path) -> None:
    linked = re.findall(r"\]\(([^):#]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8"))
    assert [name for name in linked if not (document.parent / name).exists()] == []


@every_document
def test_every_variable_that_is_named_is_a_setting(document: Path) -> None:
    named = set(re.findall(r"\bILETIMERKEZI_[A-Z_]+[A-Z]\b", document.read_text(encoding="utf-8")))
    assert named - {setting.variable for setting in SETTINGS} == set()


@pytest.mark.parametrize("name", ["iys.md", "iys.tr.md"])
def test_the_texts_that_are_called_commercial_are_those_in_which_promotion_is_seen(name: str) -> None:
    page = (ROOT / "docs" / name).read_text(encoding="utf-8")
    rows = re.findall(r"^\| (.+) \| (?:[a-z ]+\()?(transactional|commercial)\)? \|$", page, re.MULTILINE)
    assert len(rows) >= 6
    assert [(text, "commercial" if promotional_words(text) else "transactional") for text, _ in rows] == rows


def test_every_source_of_a_consent_is_told() -> None:
    assert set(re.findall(r"`(HS_[A-Z0-9_]+)`", IYS)) == set(get_args(Source))


def test_the_sandboxs_consents_are_told() -> None:
    known = {consent.recipient for consent in FIXTURES.consents if consent.recipient_type == "BIREYSEL"}
    told = set(re.findall(r"`(\+90\d{10})`", IYS.split("## Trying it")[1]))
    assert told <= known


def test_limits_are_told_as_they_are() -> None:
    assert f"| `ILETIMERKEZI_MAX_RECIPIENTS` | recipients of all texts within a rolling hour, {COUNTED}" in SAFETY
    assert f"day of Istanbul; {DEFAULT_MAX_CONSENTS_PER_DAY:,} unless set" in SAFETY
    assert f"fewer than {Settings().type_count_from} recipients within an hour" in SAFETY
    turkish = (ROOT / "docs" / "safety.tr.md").read_text(encoding="utf-8")
    for limit in (DEFAULT_MAX_RECIPIENTS, DEFAULT_MAX_LIST_RECIPIENTS, DEFAULT_MAX_CONSENTS_PER_DAY):
        assert f"ayarlanmamışsa {limit:,} |".replace(",", ".") in turkish
    assert f"bir saatte {Settings().type_count_from}'den az alıcıya" in turkish
    for tools in re.findall(r"ILETIMERKEZI_TOOLS=([a-z_,]+)", SAFETY):
        assert set(tools.split(",")) <= {spec.name for spec in REGISTRY.specs}


@pytest.mark.parametrize(
    ("name", "sentences"),
    [
        ("README.md", ["1,000 recipients of all texts within an hour", "fewer than 100 recipients within an hour"]),
        (
            "README.tr.md",
            ["bütün metinler birlikte bir saatte en çok 1.000 alıcı", "bir saatte toplam 100 alıcıdan azı"],
        ),
        ("docs/safety.md", ["carries the sum of the last hour to the next multiple of 100", "whatever came of it"]),
        ("docs/safety.tr.md", ["son bir saatin toplamını 100'ün bir sonraki katına", "sonucu ne olursa olsun sayılır"]),
        ("docs/iys.md", ["At most 1,000 in a day of Istanbul", "fewer than 100 within an hour"]),
        ("docs/iys.tr.md", ["bir günde, bütün çağrılar birlikte en çok 1.000", "bir saatte 100'den az kayda yeter"]),
    ],
)
def test_every_document_tells_the_limits_alike(name: str, sentences: list[str]) -> None:
    document = " ".join((ROOT / name).read_text(encoding="utf-8").split())
    assert [sentence for sentence in sentences if sentence not in document] == []
    no_way_around = (
        "bölmek ya da saatlere yaymak"
        if name.endswith(".tr.md")
        else r"[Ss]plitting (?:a list|it) or spreading it over hours"
    )
    assert re.search(no_way_around, document)


@pytest.mark.parametrize("name", ["settings.md", "settings.tr.md"])
def test_the_variables_that_are_shown_in_a_hosts_block_are_read(name: str) -> None:
    (block,) = re.findall(r"```json\n(.*?)```", (ROOT / "docs" / name).read_text(encoding="utf-8"), re.DOTALL)
    loaded = load_settings(json.loads(f"{{{block}}}")["env"])
    assert (loaded.sender, loaded.files_dir, loaded.language) == ("FIRMAADI", Path("/home/ayse/listeler"), "tr")


@pytest.mark.parametrize(
    ("name", "head", "source", "disclaimer"),
    [
        ("law.md", "| the rule", r"\b20\d\d\b|art\.|same", "not legal advice"),
        ("law.tr.md", "| kural", r"\b20\d\d\b|m\. \d|[Aa]ynı", "Hukuki görüş değildir"),
    ],
)
def test_each_rule_of_the_law_names_its_source_and_what_stays_with_the_company(
    name: str, head: str, source: str, disclaimer: str
) -> None:
    page = (ROOT / "docs" / name).read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| ") and not line.startswith(head)]
    assert len(rows) > 10
    for row in rows:
        rule, basis, server, company = row.strip("| ").split(" | ")
        assert re.search(source, basis), row
        assert all(cell.strip().endswith(".") for cell in (rule, server, company)), row
    assert disclaimer in page


def test_the_holds_are_told_as_they_are() -> None:
    assert (timedelta(minutes=10), timedelta(hours=24), timedelta(days=90)) == (REPEAT_HOLD, UNKNOWN_HOLD, RETENTION)
    for document in (SECURITY, SAFETY):
        assert [span for span in ("ten minutes after", "24 hours", "90 days") if span not in document] == []


def test_the_pages_on_lists_tell_the_same_in_both_languages() -> None:
    pages = [(ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("lists.md", "lists.tr.md")]
    tools = "|".join(tool.name for tool in (*TOOLS, *LIST_TOOLS))
    for pattern in (r"ILETIMERKEZI_[A-Z_]+", rf"`({tools})`", r"(?m)^\d\. \*\*", r"(?m)^## ", r"(?m)^\| "):
        english, turkish = (sorted(re.findall(pattern, page)) for page in pages)
        assert english == turkish != [], pattern
    assert {tool.name for tool in LIST_TOOLS} <= set(re.findall(r"`(\w+)`", pages[0]))
    limits = (DEFAULT_MAX_LIST_RECIPIENTS, DEFAULT_TEXTS_PER_ORDER, DEFAULT_MAX_CONSENTS_PER_DAY, MAX_CONSENTS)
    for limit in limits:
        assert f"{limit:,}" in pages[0]
        assert f"{limit:,}".replace(",", ".") in pages[1]
    assert (
        timedelta(days=7),
        timedelta(days=90),
        64,
        45.0,
    ) == (DIGEST_RETENTION, RETENTION, MAX_REQUESTS, ANSWER_SECONDS)


@pytest.mark.parametrize(("readme", "page"), [("README.md", "docs/lists.md"), ("README.tr.md", "docs/lists.tr.md")])
def test_each_readme_leads_to_the_page_on_lists_in_its_language(readme: str, page: str) -> None:
    assert f"]({page})" in (ROOT / readme).read_text(encoding="utf-8")


@every_document
def test_no_other_document_claims_that_anything_is_lawful(document: Path) -> None:
    claims = re.findall(
        r"(?i)\b(?:complian(?:t|ce)|mevzuata uygun|yasaya uygun\w*)\b", document.read_text(encoding="utf-8")
    )
    assert claims == []


@pytest.mark.parametrize("name", ["unattended.md", "unattended.tr.md"])
def test_the_rules_that_are_shown_are_rules(name: str) -> None:
    document = (ROOT / "docs" / name).read_text(encoding="utf-8")
    texts = [text for text in re.findall(r"`([^`\n]+)`", document) if "{" in text]
    fields, rules = [text for text in texts if text.startswith("{")], [text for text in texts if text[0] != "{"]
    assert (len(fields), len(rules)) == (2, 2)
    for text in (*(f"Metniniz budur: {field} gibi" for field in fields), *rules):
        parse_rule_text(text)
    for bound in (MAX_FIELDS, MAX_FIELD_LENGTH):
        assert re.search(rf"\b{bound}\b", document)


def test_the_pages_on_pushed_reports_say_the_same_examples_and_the_limits_of_the_code() -> None:
    pages = [(ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("delivery.md", "delivery.tr.md")]
    english, turkish = (re.findall(r"```\n(.*?)```", page, re.DOTALL) for page in pages)
    assert english == turkish
    assert len(english) == 4
    for page in pages:
        for limit in (
            f"{MAX_BODY >> 10} KiB",
            str(int(BODY_SECONDS)),
            str(int(MAX_DELAY)),
            str(MAX_WAITING),
            str(PUSHED_RETENTION.days),
        ):
            assert re.search(rf"\b{limit}\b", page), limit
    assert timedelta(days=1) == ORDER_WAIT
    assert f"{FIRST_DELAY} seconds" in pages[0]
