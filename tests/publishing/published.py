"""Committed files read back, and the schemas that they are held to."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema

from publishing.files import ROOT

SCHEMAS = Path(__file__).parent / "schemas"
"""As published by the MCP registry (2025-12-11) and by MCPB (manifest 0.4)."""


def committed(path: str) -> Any:
    """The JSON that stands in the committed file."""
    return json.loads((ROOT / path).read_text(encoding="utf-8"))


def problems(content: object, schema: str) -> list[str]:
    """Return the errors that the published schema finds in `content`."""
    validator = jsonschema.Draft7Validator(json.loads((SCHEMAS / schema).read_text(encoding="utf-8")))
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(content)]
