"""The columns of a campaign's list, to be written beside each number of its report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from anyio import to_thread

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.ledger.campaigns import Campaign
from iletimerkezi_mcp.lists.error import ListError
from iletimerkezi_mcp.lists.folder import ListFolder
from iletimerkezi_mcp.lists.layout import is_number_name
from iletimerkezi_mcp.lists.reading import read_list
from iletimerkezi_mcp.lists.recipients import Wanted
from iletimerkezi_mcp.lists.table import Column, RecipientList
from iletimerkezi_mcp.lists.template import comparison_name
from iletimerkezi_mcp.sms.escape import quoted

from .list_text import list_options

ColumnChoice = Literal["used", "all"]


@dataclass(frozen=True)
class ListColumns:
    """The columns beside the numbers: their names, and the cells of each number. `number_name` heads the numbers."""

    names: tuple[str, ...] = ()
    cells: Mapping[str, Sequence[str]] = field(default_factory=dict, repr=False)
    number_name: str | None = None

    def beside(self, number: str) -> Sequence[str]:
        """Return the cells of `number`; empty ones if the list does not have it."""
        return self.cells.get(number) or ("",) * len(self.names)

    def without(self, *names: str) -> ListColumns:
        """Return the columns without those of these names: the list may be a report itself."""
        own = set(map(comparison_name, names))
        kept = [place for place, name in enumerate(self.names) if comparison_name(name) not in own]
        if len(kept) == len(self.names):
            return self
        cells = {number: [row[place] for place in kept] for number, row in self.cells.items()}
        return replace(self, names=tuple(self.names[place] for place in kept), cells=cells)


async def read_columns(
    folder: ListFolder, campaign: Campaign, choice: ColumnChoice, *, international: bool
) -> ListColumns:
    """Read the list of `campaign` again, and return the columns that its text used, or all.

    Raises :class:`.ListError` if it cannot be read, or is not the same any more.
    """
    if choice == "used" and not campaign.columns:
        return ListColumns()

    def wanted(columns: Sequence[Column]) -> list[int]:
        return [index for index in range(len(columns)) if choice == "all" or index in campaign.columns]

    reading = await read_list_again(folder, campaign, wanted, international=international)
    return await to_thread.run_sync(_columns, reading)


async def read_list_again(
    folder: ListFolder, campaign: Campaign, wanted: Wanted | None = None, *, international: bool
) -> RecipientList:
    """Read the list of `campaign` as it was read for it.

    Raises :class:`.ListError` if it cannot be read, or is not the same any more.
    """
    reading = await read_list(folder, list_options(campaign), international=international, wanted=wanted)
    if reading.content_digest != campaign.file_digest:
        raise ListError(_CHANGED.format(file=quoted(campaign.file, 120)))
    return reading


def _columns(reading: RecipientList) -> ListColumns:
    indexes = [index for index in reading.cells if index != reading.number_column]
    names = [reading.columns[index].name or reading.columns[index].letter for index in indexes]
    number_name = reading.columns[reading.number_column].name
    rows = zip(*(reading.cells[index] for index in indexes), strict=True) if indexes else ()
    return ListColumns(
        tuple(names),
        dict(zip(reading.numbers, rows, strict=True)) if indexes else {},
        number_name if is_number_name(number_name) else None,
    )


_CHANGED = Text("{file} has changed since.", "{file} o zamandan beri değişmiş.")
