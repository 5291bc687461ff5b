from __future__ import annotations

from iletimerkezi_mcp.provider.timeouts import DEFAULT_TIMEOUTS


def test_a_call_ends_before_a_host_gives_up_and_a_request_that_begins_late_can_still_be_answered() -> None:
    assert DEFAULT_TIMEOUTS.call_seconds < 45
    assert DEFAULT_TIMEOUTS.queue_seconds + DEFAULT_TIMEOUTS.connect_seconds < DEFAULT_TIMEOUTS.call_seconds - 15
    assert DEFAULT_TIMEOUTS.connect_seconds + DEFAULT_TIMEOUTS.read_seconds < DEFAULT_TIMEOUTS.call_seconds
