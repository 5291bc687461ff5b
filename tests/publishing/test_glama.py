from __future__ import annotations

from publishing.project import OWNER
from tests.publishing.published import committed


def test_the_owner_may_claim_the_page() -> None:
    assert committed("glama.json") == {"$schema": "https://glama.ai/mcp/schemas/server.json", "maintainers": [OWNER]}
