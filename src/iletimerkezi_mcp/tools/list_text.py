"""A list as a campaign uses it: read, its text filled in, and looked at again before each step."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import cast

from anyio import to_thread

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.ledger.attempts import PendingMessage
from iletimerkezi_mcp.ledger.campaigns import Campaign
from iletimerkezi_mcp.lists.division import Slice
from iletimerkezi_mcp.lists.error import ListError
from iletimerkezi_mcp.lists.filling import Filling, fill
from iletimerkezi_mcp.lists.folder import ListFolder
from iletimerkezi_mcp.lists.reading import read_list
from iletimerkezi_mcp.lists.recipients import Wanted
from iletimerkezi_mcp.lists.table import Column, ListOptions, RecipientList
from iletimerkezi_mcp.lists.template import Template, TemplateError, parse_template
from iletimerkezi_mcp.sms.clock import ISTANBUL
from iletimerkezi_mcp.sms.escape import quoted
from iletimerkezi_mcp.sms.numbers import PhoneNumber, digest_of_recipients

from .context import ServerContext
from .errors import BadArgumentsError, Problems
from .sending_terms import SendingTerms

_CHANGED = Text("The file {file} has changed since it was previewed.", "{file} dosyası önizlemeden sonra değişti.")
_NOT_THE_SAME = Text("{file} has changed since.", "{file} o zamandan beri değişmiş.")
_GONE = Text("The file {file} is no longer there.", "{file} dosyası artık yerinde değil.")


@dataclass(frozen=True)
class FilledList:
    """A list that was read, how it was to be read, and its texts.

    `flaw_warnings` are those that were worked out, by the recipients' digest and if the message is transactional.
    """

    folder: ListFolder
    options: ListOptions
    reading: RecipientList
    filling: Filling
    flaw_warnings: dict[tuple[bytes, bool], list[Text]] = field(default_factory=dict)

    @property
    def numbers(self) -> tuple[PhoneNumber, ...]:
        """The recipients, each once, in the order of their rows."""
        return cast("tuple[PhoneNumber, ...]", self.reading.numbers)

    @cached_property
    def recipients_digest(self) -> bytes:
        """The digest of all `numbers`, for which a million are sorted: the preview and the yes to it need it."""
        return digest_of_recipients(self.numbers)

    def is_current(self) -> bool:
        """Return whether the file, read once more, is the one that was read: its content and all facts."""
        reading = self.reading
        try:
            file = self.folder.open(self.options.file)
        except ListError:
            return False
        return (file.name, file.modified, file.held_open, file.digest) == (
            reading.name,
            reading.modified,
            reading.held_open,
            reading.content_digest,
        )

    async def changed(self) -> Text | None:
        """Return why the file is no longer what was read; its content is read again only if its time or size differs."""
        return await to_thread.run_sync(self._changed)

    def _changed(self) -> Text | None:
        reading = self.reading
        try:
            status = (self.folder.path / reading.name).lstat()
            if (datetime.fromtimestamp(status.st_mtime, ISTANBUL), status.st_size) == (reading.modified, reading.size):
                return None
            if self.folder.open(reading.name).digest == reading.content_digest:
                return None
        except ListError as error:
            return error.reason
        except OSError:
            return _GONE.format(file=quoted(reading.name))
        return _CHANGED.format(file=quoted(reading.name))


@dataclass(kw_only=True)
class CampaignPlan:
    """A campaign as far as it is worked out: who of a list gets their text, on which terms and in which orders.

    `continued` is the campaign that it goes on with. `left_out` says who is left out and why;
    `having` are those who have the text, or may have it. `balance_unknown` is why the balance could not be read.
    """

    name: str
    filled: FilledList
    terms: SendingTerms
    continued: Campaign | None
    context: ServerContext
    positions: Sequence[int] = ()
    left_out: list[Text] = field(default_factory=list)
    having: list[int] = field(default_factory=list)
    balance_unknown: Text | None = None
    message: PendingMessage = field(init=False)
    slices: Sequence[Slice] = ()


def list_options(campaign: Campaign) -> ListOptions:
    """Return how the list of `campaign` was read for it."""
    return ListOptions(campaign.file, campaign.sheet, campaign.number_column, campaign.include_hidden)


async def read_list_again(campaign: Campaign, context: ServerContext, wanted: Wanted | None = None) -> RecipientList:
    """Read the list of `campaign` as it was read for it.

    Raises :class:`.ListError` if it cannot be read, or is not the same any more.
    """
    international = context.settings.abroad
    reading = await read_list(context.folder, list_options(campaign), international=international, wanted=wanted)
    if reading.content_digest != campaign.file_digest:
        raise ListError(_NOT_THE_SAME.format(file=quoted(campaign.file)))
    return reading


async def read_filled_list(options: ListOptions, text: str, context: ServerContext) -> FilledList:
    """Read a list and fill `text` from each of its rows, unless this list and text came last and the file is the same.

    Only the last one is kept, and until it is asked for again: the yes to a preview needs it once more. Raises
    :class:`.BadArgumentsError` for a file that cannot be read, or a text that cannot be filled from it.
    """
    filled = context.last_list.pop((options, text), None)
    context.last_list.clear()
    if filled is None or not await to_thread.run_sync(filled.is_current):
        filled = context.last_list[options, text] = await _read(options, text, context)
    return filled


async def _read(options: ListOptions, text: str, context: ServerContext) -> FilledList:
    template: Template | None = None

    def wanted(columns: Sequence[Column]) -> Collection[int]:
        nonlocal template
        template = parse_template(text, [column.name for column in columns])
        return template.columns

    folder = context.folder
    try:
        reading = await read_list(folder, options, international=context.settings.abroad, wanted=wanted)
    except ListError as error:
        raise BadArgumentsError(error.reason) from None
    except TemplateError as error:
        problems = Problems()
        problems.add("text", error.reason)
        raise problems.error() from None
    assert template is not None
    rows, mode = len(reading.numbers), context.settings.character_mode
    filling = await to_thread.run_sync(fill, template, reading.cells, rows, mode)
    return FilledList(folder, options, reading, filling)
