"""The revisions that the official suite judges by, and which of its scenarios the product has to pass as it is."""

from __future__ import annotations

from typing import Literal

Revision = Literal["2025-11-25", "2026-07-28"]

REVISIONS: tuple[Revision, ...] = ("2025-11-25", "2026-07-28")

REQUIRED: dict[Revision, int] = {"2025-11-25": 30, "2026-07-28": 37}
"""The number of scenarios for servers that a revision requires by the suite's own lists."""

WITHOUT_FIXTURES: dict[Revision, tuple[str, ...]] = {
    "2025-11-25": (
        "server-initialize",
        "server-session-lifecycle",
        "ping",
        "tools-list",
        "resources-list",
        "prompts-list",
        "server-sse-multiple-streams",
        "dns-rebinding-protection",
    ),
    "2026-07-28": (
        "server-stateless",
        "tools-list",
        "resources-list",
        "prompts-list",
        "sep-2164-resource-not-found",
        "caching",
        "http-header-validation",
        "server-sse-multiple-streams",
        "dns-rebinding-protection",
        "input-required-result-unsupported-methods",
    ),
}
"""Every other scenario calls a tool, reads a resource or gets a prompt by a name that only a fixture has."""

NOT_TESTABLE = "Not testable: server does not list the diagnostic tool"
"""The beginning of the suite's remark on single checks (of ``server-stateless``) that need a fixture."""

UNSCORED = ("tasks-", "sep-2640-", "server-sse-polling")
"""The prefixes of scenarios that the suite runs and does not score: extensions, and streams that a client may resume. This
server has neither."""
