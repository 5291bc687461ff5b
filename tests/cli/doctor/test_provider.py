from __future__ import annotations

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from iletimerkezi_mcp.cli.doctor.provider import address_findings, clock_finding
from iletimerkezi_mcp.provider.client import ApiClient
from iletimerkezi_mcp.settings import Settings

ELSEWHERE = "https://api.example.invalid"


async def test_a_proxy_on_the_way_is_named_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://user:geheim@proxy.example.invalid:3128")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    answering = httpx.MockTransport(lambda _: httpx.Response(200, headers={"date": "Mon, 23 Nov 2026 07:00:00 GMT"}))
    async with ApiClient(base_url=ELSEWHERE, credentials=None, transport=lambda: answering) as client:
        address, clock = await address_findings(
            client, Settings(api_url=ELSEWHERE), lambda: datetime(2026, 11, 23, 7, 0, 4, tzinfo=UTC)
        )
    assert address.summary.en == (
        f"{ELSEWHERE} answers through the proxy proxy.example.invalid:3128, its certificate is trusted."
    )
    assert (address.verdict, clock.verdict) == ("ok", "ok")


@pytest.mark.parametrize(
    ("ahead", "verdict", "summary"),
    [
        (30, "ok", "agrees"),
        (-31, "warning", "31 s behind"),
        (60, "warning", "60 s ahead of"),
        (61, "wrong", "61 s ahead of"),
        (-61, "wrong", "61 s behind"),
    ],
)
def test_a_clock_that_has_scheduled_messages_refused_is_wrong(ahead: int, verdict: str, summary: str) -> None:
    found = clock_finding(timedelta(seconds=ahead))
    assert found.verdict == verdict
    assert summary in found.summary.en
    assert (found.next_step is not None and "until then scheduled messages are refused" in found.next_step.en) == (
        verdict == "wrong"
    )
