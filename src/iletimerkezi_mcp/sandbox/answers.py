"""The ways in which the provider can answer, or not; a proper answer is only one of them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from iletimerkezi_mcp.provider.codes import lookup

_PAGE = """<!DOCTYPE html>
<html lang="tr"><head><title>iletiMerkezi</title></head>
<body><h1>Bakım çalışması</h1><p>Lütfen daha sonra tekrar deneyin.</p></body></html>
"""


@dataclass(frozen=True, slots=True)
class JsonAnswer:
    """An HTTP answer with a JSON body. The HTTP status mirrors the body's code (contract, section 1.1)."""

    http_status: int
    body: dict[str, Any]
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def content(self) -> bytes:
        """The body's bytes."""
        return json.dumps(self.body, ensure_ascii=False).encode()


@dataclass(frozen=True, slots=True)
class ConnectionLoss:
    """The connection ends without an answer."""


@dataclass(frozen=True, slots=True)
class Silence:
    """Nothing ever comes; the caller's time limit decides."""


@dataclass(frozen=True, slots=True)
class HtmlPage:
    """HTTP 200 with a page of HTML in place of JSON."""

    content: bytes = _PAGE.encode()


FailedAnswer = ConnectionLoss | Silence | HtmlPage
ProviderAnswer = JsonAnswer | FailedAnswer


def json_answer(code: int, result: dict[str, Any] | None = None, *, retry_after: int | None = None) -> JsonAnswer:
    """Return the answer with body code `code` and `result` beside the status."""
    status = {"code": code, "message": lookup(code).turkish}
    headers = () if retry_after is None else (("Retry-After", str(retry_after)),)
    return JsonAnswer(code, {"response": {"status": status, **(result or {})}}, headers)
