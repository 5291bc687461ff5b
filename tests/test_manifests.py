"""What is committed for hosts and registries to read is what the code makes of it."""

from __future__ import annotations

import json
from pathlib import Path

from iletimerkezi_mcp.tools.catalogue import all_tools

MANIFESTS = Path(__file__).parents[1] / "manifests"


def test_tools_json_is_the_whole_of_tools_list() -> None:
    listed = [spec.model_dump(by_alias=True, mode="json", exclude_none=True) for spec in all_tools().specs]
    committed = json.loads((MANIFESTS / "tools.json").read_text(encoding="utf-8"))
    assert committed == {"tools": listed}
