"""Routes to one path."""

from __future__ import annotations

import pytest

from tests.connections import http_client

from .served import TRANSPORTS, Transport, bearer, served


async def test_health_is_read_and_nothing_else() -> None:
    async with served() as at, http_client() as http:
        head = await http.head(at.origin + "/healthz")
        assert (head.status_code, head.content) == (200, b"")
        posted = await http.post(at.origin + "/healthz")
        assert (posted.status_code, posted.headers["allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_a_path_that_ends_in_a_line_break_is_another_path(transport: Transport) -> None:
    async with served(transport) as at, http_client() as http:
        for path in (at.address, f"{at.address}/messages", f"{at.origin}/healthz"):
            for method in ("GET", "POST"):
                answer = await http.request(method, f"{path}%0a", headers=bearer())
                assert answer.status_code == 404, path
        assert (await http.get(f"{at.origin}/healthz%0a")).status_code == 401
