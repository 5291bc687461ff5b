"""``server.json`` is what the MCP registry takes, and says of the settings what is true."""

from __future__ import annotations

import json
import re
from typing import Any

from iletimerkezi_mcp import __version__
from iletimerkezi_mcp.settings import SETTINGS, load_settings
from publishing.files import ROOT
from publishing.project import NAMESPACE, PACKAGE
from tests.publishing.published import committed, problems

SERVER: dict[str, Any] = committed("server.json")
STDIO, STREAMABLE = SERVER["packages"]


def _variables(package: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {variable["name"]: variable for variable in package["environmentVariables"]}


def test_it_is_valid_against_the_published_schema() -> None:
    assert problems(SERVER, "server.schema.2025-12-11.json") == []


def test_the_schema_finds_a_mistake() -> None:
    assert problems({**SERVER, "name": "no-slash"}, "server.schema.2025-12-11.json") != []


def test_both_packages_are_this_version_of_the_package_and_started_by_uvx() -> None:
    for package in (STDIO, STREAMABLE):
        told = {name: package[name] for name in ("registryType", "identifier", "version", "runtimeHint")}
        assert told == {
            "registryType": "pypi",
            "identifier": PACKAGE,
            "version": __version__,
            "runtimeHint": "uvx",
        }
    assert [package["transport"]["type"] for package in (STDIO, STREAMABLE)] == ["stdio", "streamable-http"]


def test_no_package_names_its_registrys_address() -> None:
    assert "registryBaseUrl" not in json.dumps(SERVER)


def test_every_setting_stands_in_a_package_but_the_one_that_would_open_it_to_all() -> None:
    told = _variables(STDIO).keys() | _variables(STREAMABLE).keys()
    assert {setting.variable for setting in SETTINGS} - told == {"ILETIMERKEZI_NO_AUTH"}


def test_secrets_are_marked_and_nothing_else_is() -> None:
    secret = {setting.variable for setting in SETTINGS if setting.secret}
    marked = {
        name
        for package in (STDIO, STREAMABLE)
        for name, variable in _variables(package).items()
        if variable.get("isSecret")
    }
    assert marked == secret


def test_on_stdio_nothing_is_required_and_on_the_network_a_token_is() -> None:
    assert [name for name, variable in _variables(STDIO).items() if variable.get("isRequired")] == []
    required = [name for name, variable in _variables(STREAMABLE).items() if variable.get("isRequired")]
    assert required == ["ILETIMERKEZI_HTTP_TOKEN"]


def test_the_network_package_serves_where_its_url_points() -> None:
    variables = _variables(STREAMABLE)
    given = {name: told.get("value", told.get("default", "")) for name, told in variables.items()}
    settings = load_settings(given)
    url = STREAMABLE["transport"]["url"].format(**given)
    assert (settings.transport, url) == (
        "streamable-http",
        f"http://{settings.http_host}:{settings.http_port}{settings.http_path}",
    )


def test_the_readme_names_the_server_as_the_registry_demands() -> None:
    named = re.findall(r"^<!-- mcp-name: (\S+) -->$", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert named == [NAMESPACE] == [SERVER["name"]]
