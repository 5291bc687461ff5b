"""``glama.json``: who may claim the server's page in Glama's directory, which reads it at the repository's root."""

from __future__ import annotations

import json

from .identity import OWNER


def glama_json() -> str:
    """The one field that the format has, the maintainers' accounts on the repository host."""
    told = {"$schema": "https://glama.ai/mcp/schemas/server.json", "maintainers": [OWNER]}
    return json.dumps(told, indent=2) + "\n"
