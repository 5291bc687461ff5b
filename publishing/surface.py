"""The public surface as clients see it, so that any change of it shows in a diff."""

from __future__ import annotations

import json

from iletimerkezi_mcp.tools.catalogue import all_tools


def tools_json() -> str:
    """The whole of `tools/list`."""
    listed = [spec.model_dump(by_alias=True, mode="json", exclude_none=True) for spec in all_tools().specs]
    return json.dumps({"tools": listed}, ensure_ascii=False, indent=1) + "\n"
