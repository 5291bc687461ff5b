"""The error of everything that keeps a list from being read or a file from being written."""

from __future__ import annotations

from iletimerkezi_mcp.language import ExplainedError


class ListError(ExplainedError, ValueError):
    """A file cannot be used; `reason` is a whole sentence that says what to do. It never quotes a cell."""
