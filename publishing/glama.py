"""``glama.json``: who may claim the server's page in Glama's directory, which reads it at the repository's root."""

from __future__ import annotations

import json

from .project import OWNER


def glama_json() -> str:
    """Return the only field of the format, the maintainers' accounts on the repository host."""
    document = {"$schema": "https://glama.ai/mcp/schemas/server.json", "maintainers": [OWNER]}
    return json.dumps(document, indent=2) + "\n"
