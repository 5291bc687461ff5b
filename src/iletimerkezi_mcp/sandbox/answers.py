"""What can come back from the provider, an answer being only one of the things."""

from __future__ import annotations

import json
from dataclasses import dataclass

from iletimerkezi_mcp.provider.codes import lookup

from .request_context import Json

_PAGE = """<!DOCTYPE html>
<html lang="tr"><head><title>iletiMerkezi</title></head>
<body><h1>Bakım çalışması</h1><p>Lütfen daha sonra tekrar deneyin.</p></body></html>
"""


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer with a JSON body. The HTTP status mirrors the body's code (contract, section 1.1)."""

    http_status: int
    body: Json
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def content(self) -> bytes:
        """The body's bytes."""
        return json.dumps(self.body, ensure_ascii=False).encode()


@dataclass(frozen=True, slots=True)
class Lost:
    """The connection ends without an answer."""


@dataclass(frozen=True, slots=True)
class Silent:
    """Nothing ever comes; the caller's time limit decides."""


@dataclass(frozen=True, slots=True)
class Garbled:
    """HTTP 200 with a page of HTML in place of JSON."""

    content: bytes = _PAGE.encode()


Answer = Reply | Lost | Silent | Garbled


def reply(code: int, result: Json | None = None, *, retry_after: int | None = None) -> Reply:
    """The answer with body code `code` and what stands beside the status."""
    status = {"code": code, "message": lookup(code).turkish}
    headers = () if retry_after is None else (("Retry-After", str(retry_after)),)
    return Reply(code, {"response": {"status": status, **(result or {})}}, headers)
