"""The preview of a campaign: what is said of the file and of the rows that it leaves out, and what no model reads."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from iletimerkezi_mcp.confirmation.pending_change import Preview
from iletimerkezi_mcp.confirmation.recent_reads import RecentReads
from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.lists.division import divide
from iletimerkezi_mcp.lists.filling import fill
from iletimerkezi_mcp.lists.folder import ListFolder
from iletimerkezi_mcp.lists.table import ListOptions
from iletimerkezi_mcp.lists.template import parse_template
from iletimerkezi_mcp.provider.orders import Sender
from iletimerkezi_mcp.tools.context import ServerContext
from iletimerkezi_mcp.tools.list_preview import campaign_preview
from iletimerkezi_mcp.tools.list_text import CampaignPlan, FilledList
from iletimerkezi_mcp.tools.list_warnings import describe_rows
from iletimerkezi_mcp.tools.sending_terms import SendingTerms
from tests.hosting import MONDAY
from tests.lists.files import read


def _preview(
    folder: Path, content: str, text: str = "Sayın {Ad}", *, shows_cells: bool = False, **facts: Any
) -> Preview:
    """Return the preview of a campaign to this list, with `facts` of the file replaced."""
    reading = replace(read(folder, content), **facts)
    template = parse_template(text, [column.name for column in reading.columns])
    filled = FilledList(
        ListFolder(folder),
        ListOptions(reading.name),
        reading,
        fill(template, reading.cells, len(reading.numbers), None),
    )
    positions = filled.filling.sendable()
    terms = SendingTerms(Sender("FIRMAADI"), "transactional", None, None, None)
    settings = SimpleNamespace(character_mode=None, sandbox=False)
    plan = CampaignPlan(
        name="k-000001",
        filled=filled,
        terms=terms,
        context=cast(
            "ServerContext", SimpleNamespace(recent_reads=RecentReads(), settings=settings, shows_cells=shows_cells)
        ),
        positions=positions,
        slices=divide([filled.filling.text_numbers[row] for row in positions], most_texts=10, proven=True),
        continued=None,
        balance_unknown=Text("x", "x"),
    )
    plan.message = terms.message(template.text, filled.numbers, filled.filling.credits(positions))
    return campaign_preview(plan, MONDAY)


LIST = "Ad;GSM\nAyşe;05321000001\nBüşra;05321000002\n"


def test_hidden_rows_that_cannot_be_known_are_said_first(tmp_path: Path) -> None:
    preview = _preview(tmp_path, LIST, hidden_known=False, held_open=True)
    assert "hidden (filtered) rows cannot be told from others" in preview.warnings[0].en
    assert "open in another program" in preview.warnings[1].en
    assert preview.warnings[2] == Text("The balance could not be read: x", "Bakiye okunamadı: x")


def test_formulas_without_a_value_are_said_with_what_to_do(tmp_path: Path) -> None:
    columns = [replace(column, uncalculated=1) for column in read(tmp_path, LIST).columns]
    said = "Some of these cells have a formula without a value: open the file in Excel and save it"
    assert said in [detail.en for detail in _preview(tmp_path, LIST, columns=tuple(columns)).details]
    assert said not in [detail.en for detail in _preview(tmp_path, LIST).details]


@pytest.mark.parametrize(
    ("rows", "included", "said"),
    [(7, False, "Left out, hidden: 7"), (0, True, "Hidden rows and columns are included")],
)
def test_hidden_rows_are_counted(tmp_path: Path, rows: int, included: bool, said: str) -> None:
    preview = _preview(tmp_path, LIST, hidden_rows=rows, include_hidden=included, sheet="Müşteriler")
    details = [detail.en for detail in preview.details]
    assert said in details
    assert details[1].startswith("List: “liste.csv”, sheet “Müşteriler”, changed ")


def test_the_first_rows_with_no_usable_number_are_named_with_their_reasons(tmp_path: Path) -> None:
    preview = _preview(tmp_path, LIST + "X;0532 1\n" * 6 + "Y;5,32E+09\n")
    (line,) = [detail.en for detail in preview.details if "no usable number" in detail.en]
    assert line.startswith("Left out, no usable number: 7 (rows 4, 5, 6, 7, 8: is too short")
    assert line.endswith("; …)")


def test_rows_are_named_as_a_spreadsheet_numbers_them() -> None:
    assert describe_rows([4], 1) == Text("row 4", "satır 4")
    assert describe_rows(range(2, 9), 7) == Text("rows 2, 3, 4, 5, 6, …", "satırlar: 2, 3, 4, 5, 6, …")


def test_three_texts_are_for_people_alone(tmp_path: Path) -> None:
    content = LIST.replace("Ayşe", "Ay\u202eşe") + f"{'a' * 120};05321000003\n{'₺' * 70};05321000004\n"
    preview = _preview(tmp_path, content, "Sayın {Ad},\niyi günler.")
    first, longest, dearest = (text.en for text in preview.private)
    assert first.startswith("First text (row 2, +905321000001): ")
    assert first.endswith("\nSayın Ay\u202eşe,\niyi günler.")
    assert longest.startswith("Longest text (row 4, +905321000003): ")
    assert dearest.startswith("Dearest text (row 5, +905321000004): ")
    public = preview.render(Text("x", "x"), "en", private=False)
    assert "Sayın A" not in public
    assert "Texts as they are filled in are for people" in public
    assert _preview(tmp_path, content, shows_cells=True).advice == _preview(tmp_path, content, "Sabit metin").advice
    assert "+90" not in public
    assert "| Sayın Ay\\u202eşe," in preview.render(Text("x", "x"), "en").split("First text")[1]
