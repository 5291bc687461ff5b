"""``smithery.yaml``: its schema asks for settings that exist, and its function makes a command that starts."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from iletimerkezi_mcp.settings import SETTINGS, load_settings
from publishing.files import ROOT
from publishing.project import PACKAGE
from tests.publishing.launched import ALL_TOOLS, launched

SMITHERY: dict[str, Any] = yaml.safe_load((ROOT / "smithery.yaml").read_text(encoding="utf-8"))
START = SMITHERY["startCommand"]
FIELDS: dict[str, dict[str, Any]] = START["configSchema"]["properties"]


def command_for(config: dict[str, Any]) -> dict[str, Any]:
    """Return what the function makes of `config`, run by Node."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed: the function in smithery.yaml was not run")
    program = (
        f"const make = {START['commandFunction']};\nprocess.stdout.write(JSON.stringify(make({json.dumps(config)})))"
    )
    ran = subprocess.run([node, "-e", program], capture_output=True, encoding="utf-8", check=True, timeout=60)
    made = json.loads(ran.stdout)
    assert isinstance(made, dict)
    return made


def test_the_container_is_the_one_at_the_root() -> None:
    assert (SMITHERY["build"], START["type"]) == ({"dockerfile": "Dockerfile", "dockerBuildPath": "."}, "stdio")


def test_the_name_is_the_packages() -> None:
    assert SMITHERY["name"] == PACKAGE


def test_the_schema_is_one_and_takes_the_example_and_nothing_at_all() -> None:
    jsonschema.Draft202012Validator.check_schema(START["configSchema"])
    jsonschema.validate(START["exampleConfig"], START["configSchema"])
    jsonschema.validate({}, START["configSchema"])
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"unknown": 1}, START["configSchema"])


def test_secrets_are_asked_for_as_passwords() -> None:
    secret = {setting.field for setting in SETTINGS if setting.secret}
    assert {name for name, told in FIELDS.items() if told.get("format") == "password"} == secret & set(FIELDS)


def test_the_function_sets_what_was_given_and_nothing_else() -> None:
    assert command_for({}) == {"command": "iletimerkezi-mcp", "args": ["--transport", "stdio"], "env": {}}
    given = {"api_key": "k", "api_hash": 'h"\\', "sandbox": False, "max_recipients": 5, "language": "tr"}
    settings = load_settings(command_for(given)["env"])
    assert settings.api_hash is not None
    assert settings.api_hash.get_secret_value() == given["api_hash"]
    assert (settings.sandbox, settings.max_recipients, settings.language) == (False, 5, "tr")


def test_the_function_with_every_default_leaves_every_default() -> None:
    defaults = {name: told["default"] for name, told in FIELDS.items() if "default" in told}
    assert len(defaults) > 5
    assert load_settings(command_for(defaults)["env"]) == load_settings({})


async def test_what_the_function_makes_of_the_example_starts_and_lists_the_tools(tmp_path: Path) -> None:
    made = command_for(START["exampleConfig"])
    program = str(Path(sys.executable).parent / made["command"])
    started = await launched([program, *made["args"]], made["env"], tmp_path)
    assert started.tools == ALL_TOOLS
    assert started.instructions.startswith("SANDBOX")
