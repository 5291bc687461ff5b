"""The previews that wait for a yes, as a person or a model got them."""

from __future__ import annotations

import hashlib

from iletimerkezi_mcp.language import Audience
from iletimerkezi_mcp.ledger.attempts import ConfirmedBy
from iletimerkezi_mcp.ledger.confirmation_codes import canonical
from iletimerkezi_mcp.redaction import Redactor
from iletimerkezi_mcp.settings import Settings

from .latest import Latest
from .pending_change import Preview, preview_mode


class ShownPreviews:
    """The latest previews by the code that came with them: a yes is to them, and a new one would have other times and balances."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._redactor = Redactor(settings.secrets, mask_numbers=settings.mask_numbers)
        self._previews = Latest[bytes, Preview](100)
        self._texts = Latest[bytes, str](100)

    def keep(self, code: str, preview: Preview) -> Preview:
        """Keep `preview` for a yes with `code`, and return it."""
        self._previews[canonical(code)] = preview
        return preview

    def keep_text(self, code: str, text: str) -> None:
        """Keep the whole `text` of the preview that another process has shown to a person for a yes with `code`."""
        self._texts[canonical(code)] = text

    def get(self, code: str) -> Preview | None:
        """Return the preview that came with `code`; None if another process made it, or it was used."""
        return self._previews.get(canonical(code))

    def take(self, code: str, reader: ConfirmedBy) -> tuple[Preview | None, str | None]:
        """Return the preview that came with `code`, which has been used, and its digest, and forget it."""
        shown = self.digest(code, reader)
        return self._previews.pop(canonical(code), None), shown

    def digest(self, code: str, reader: ConfirmedBy) -> str | None:
        """Return the SHA-256, in hex, of the preview that came with `code`, whole or as an answer has it; None as above."""
        preview, text = self.get(code), self._texts.get(canonical(code))
        if preview is not None:
            text = self._redactor.redact(self.answer(preview)) if reader == "code" else self.render(preview)
        if text is None:
            return None
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()

    def answer(self, preview: Preview, **parts: bool) -> str:
        """Return `preview` for an answer: without what is for people only, unless the operator says so."""
        settings = self._settings
        parts = {"private": settings.audience == "person" or settings.show_cells, **parts}
        return preview.render(preview_mode(settings), settings.language, settings.audience, **parts)

    def render(self, preview: Preview) -> str:
        """Return the whole `preview` for the person who decides: without what speaks to a model."""
        settings = self._settings
        reader: Audience = "person" if settings.audience == "person" else "onlooker"
        return preview.render(preview_mode(settings), settings.language, reader)
