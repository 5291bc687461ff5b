"""The entry in a host's file, and that everything that others have there stays."""

from __future__ import annotations

import json
import tomllib
from typing import Any

import pytest

from iletimerkezi_mcp.cli.config.entry import Launch, block, entry, inputs, merge
from iletimerkezi_mcp.cli.config.files import HostFileError
from iletimerkezi_mcp.cli.config.hosts import HOSTS, Host, host_named
from iletimerkezi_mcp.confirmation.elicitation import QUESTION_LIFE

SECRETS = {"ILETIMERKEZI_API_KEY": 'k"ey', "ILETIMERKEZI_API_HASH": "ha\\sh"}
LAUNCHES = [Launch(sandbox=sandbox, read_only=read_only) for sandbox in (False, True) for read_only in (False, True)]


NEW = {"ILETIMERKEZI_API_KEY": "new-key", "ILETIMERKEZI_API_HASH": "new-hash"}
OLD = {"ILETIMERKEZI_API_KEY": "old-key", "ILETIMERKEZI_API_HASH": "old-hash"}


def named(name: str) -> Host:
    host = host_named(name)
    assert host is not None
    return host


def parsed(host: Host, text: str) -> dict[str, Any]:
    document: dict[str, Any] = tomllib.loads(text) if host.format == "toml" else json.loads(text)
    return document


def servers(host: Host, text: str) -> dict[str, Any]:
    """The servers in a file of `host`."""
    value: dict[str, Any] = parsed(host, text)[host.key]
    return value


@pytest.mark.parametrize("host", HOSTS, ids=lambda host: host.id)
@pytest.mark.parametrize("launch", LAUNCHES)
def test_a_block_is_the_entry_alone(host: Host, launch: Launch) -> None:
    assert servers(host, block(host, launch)) == {launch.name: entry(host, launch)}


@pytest.mark.parametrize("host", HOSTS, ids=lambda host: host.id)
def test_a_block_without_secrets_holds_what_the_host_has_in_their_place(host: Host) -> None:
    mine = entry(host, Launch())
    assert mine["command"] == "uvx"
    assert mine["args"] == ["iletimerkezi-mcp"]
    if host.credentials_source == "forwarding":
        assert (mine["env_vars"], "env" in mine) == (list(SECRETS), False)
    else:
        assert mine["env"] == {variable: host.reference.replace("NAME", variable) for variable in SECRETS}


@pytest.mark.parametrize("host", HOSTS, ids=lambda host: host.id)
def test_a_block_with_secrets_holds_them_and_asks_for_nothing(host: Host) -> None:
    mine = servers(host, block(host, Launch(), SECRETS))["iletimerkezi"]
    assert (mine["env"], "env_vars" in mine) == (SECRETS, False)
    assert inputs(host, Launch(), SECRETS) == []


def test_the_sandbox_has_its_own_name_and_needs_no_secret() -> None:
    launch = Launch(sandbox=True, read_only=True)
    for host in HOSTS:
        mine = servers(host, block(host, launch))["iletimerkezi-sandbox"]
        assert mine["args"] == ["iletimerkezi-mcp", "--sandbox", "--read-only"]
        assert not mine.keys() & {"env", "env_vars"}


def test_vs_code_asks_for_what_the_entry_refers_to_and_hides_it() -> None:
    host = named("vscode")
    document = json.loads(block(host, Launch()))
    assert [(one["type"], one["password"]) for one in document["inputs"]] == [("promptString", True)] * 2
    asked = {f"${{input:{one['id']}}}" for one in document["inputs"]}
    assert set(document["servers"]["iletimerkezi"]["env"].values()) == asked
    assert "inputs" not in json.loads(block(host, Launch(sandbox=True)))


URL = "https://im.example.com/mcp"


def test_a_remote_server_is_written_in_each_hosts_own_form() -> None:
    """The forms are those of the hosts' documents of November 2026."""
    entries = {
        host.id: servers(host, block(host, Launch(url=URL)))["iletimerkezi-remote"] for host in HOSTS if host.url_key
    }

    def headers(reference: str) -> dict[str, Any]:
        return {"headers": {"Authorization": f"Bearer {reference}"}}

    assert entries == {
        "claude-code": {"type": "http", "url": URL, **headers("${ILETIMERKEZI_HTTP_TOKEN:-}")},
        "cursor": {"url": URL, **headers("${env:ILETIMERKEZI_HTTP_TOKEN}")},
        "vscode": {"type": "http", "url": URL, **headers("${input:ILETIMERKEZI_HTTP_TOKEN}")},
        "codex": {
            "url": URL,
            "bearer_token_env_var": "ILETIMERKEZI_HTTP_TOKEN",
            "startup_timeout_sec": 60,
            "tool_timeout_sec": 600,
        },
        "gemini": {"httpUrl": URL, **headers("${ILETIMERKEZI_HTTP_TOKEN}"), "timeout": 600_000},
        "windsurf": {"serverUrl": URL, **headers("${env:ILETIMERKEZI_HTTP_TOKEN}")},
        "zed": {"url": URL, **headers("")},
    }


def test_vs_code_asks_for_the_token_of_a_remote_server() -> None:
    (asked,) = json.loads(block(named("vscode"), Launch(url=URL)))["inputs"]
    assert (asked["id"], asked["password"]) == ("ILETIMERKEZI_HTTP_TOKEN", True)


@pytest.mark.parametrize("host", [host for host in HOSTS if host.url_key], ids=lambda host: host.id)
def test_a_remote_server_is_merged_beside_the_others_and_keeps_what_is_in_its_entry(host: Host) -> None:
    launch = Launch(url=URL)
    text = merge(host, launch, merge(host, Launch(), crowded(host)))
    assert list(servers(host, text)) == ["other", "iletimerkezi", "iletimerkezi-remote"]
    assert merge(host, launch, text) == text
    moved = merge(host, Launch(url="https://other.example.com/mcp"), text.replace("Bearer ", "Bearer mine"))
    mine = servers(host, moved)["iletimerkezi-remote"]
    assert mine[str(host.url_key)] == "https://other.example.com/mcp"
    assert host.credentials_source == "forwarding" or mine["headers"]["Authorization"].startswith("Bearer mine")


@pytest.mark.parametrize(
    ("host", "launch", "text"),
    [
        ("cursor", Launch(), '{"mcpServers": {"iletimerkezi": {"url": "https://im.example.com/mcp"}}}'),
        ("gemini", Launch(), '{"mcpServers": {"iletimerkezi": {"httpUrl": "https://im.example.com/mcp"}}}'),
        ("codex", Launch(url=URL), '[mcp_servers.iletimerkezi-remote]\ncommand = "c"\n'),
    ],
)
def test_an_entry_never_becomes_one_of_the_other_kind(host: str, launch: Launch, text: str) -> None:
    with pytest.raises(HostFileError, match=rf"something else at \w+\.{launch.name}"):
        merge(named(host), launch, text)


def test_codex_waits_longer_for_a_call_than_a_question_waits_for_a_person() -> None:
    assert named("codex").timeouts["tool_timeout_sec"] > QUESTION_LIFE.total_seconds()


def crowded(host: Host) -> str:
    """A file of `host` with another server and a setting in it."""
    if host.format == "toml":
        return f'model = "m"\n\n[{host.key}.other]\ncommand = "c"\n'
    return json.dumps({"theme": "dark", host.key: {"other": {"command": "c"}}, "last": [1]}, indent=4) + "\n"


@pytest.mark.parametrize("host", HOSTS, ids=lambda host: host.id)
@pytest.mark.parametrize("text", ["", "\n", "\ufeff"])
def test_an_empty_file_gets_the_block(host: Host, text: str) -> None:
    assert merge(host, Launch(), text) == block(host, Launch())


@pytest.mark.parametrize("host", HOSTS, ids=lambda host: host.id)
@pytest.mark.parametrize("secrets", [None, NEW], ids=["referred", "written"])
def test_everything_else_stays_and_a_second_merge_changes_nothing(host: Host, secrets: dict[str, str] | None) -> None:
    before = parsed(host, crowded(host))
    text = merge(host, Launch(), crowded(host), secrets)
    after = parsed(host, text)
    assert after[host.key].pop("iletimerkezi") == entry(host, Launch(), secrets)
    assert after.pop("inputs", []) == inputs(host, Launch(), secrets)
    assert after == before
    assert list(after) == list(before)
    assert merge(host, Launch(), text, secrets) == text


@pytest.mark.parametrize("host", HOSTS, ids=lambda host: host.id)
def test_a_present_entry_gets_the_launch_line_and_keeps_what_its_user_added(host: Host) -> None:
    if host.format == "toml":
        text = (
            f'[{host.key}.iletimerkezi]\ncommand = "old"\nenabled = false # for now\n'
            'env = { ILETIMERKEZI_SENDER = "FIRMAADI" }\n'
        )
    else:
        mine = {"command": "old", "disabled": True, "env": {"ILETIMERKEZI_SENDER": "FIRMAADI"}}
        text = json.dumps({host.key: {"iletimerkezi": mine}})
    changed = parsed(host, merge(host, Launch(read_only=True), text))[host.key]["iletimerkezi"]
    wanted = entry(host, Launch(read_only=True))
    added = {name: value for name, value in changed.items() if name not in wanted}
    assert added | {"env": 1} == ({"enabled": False} if host.format == "toml" else {"disabled": True}) | {"env": 1}
    assert changed["env"] == {"ILETIMERKEZI_SENDER": "FIRMAADI", **wanted.get("env", {})}
    assert {name: changed[name] for name in wanted if name != "env"} == {
        name: value for name, value in wanted.items() if name != "env"
    }


@pytest.mark.parametrize("host", HOSTS, ids=lambda host: host.id)
def test_credentials_written_by_hand_stay_until_there_are_new_ones(host: Host) -> None:
    text = block(host, Launch(), OLD)
    kept = merge(host, Launch(read_only=True), text)
    assert parsed(host, kept)[host.key]["iletimerkezi"]["env"] == OLD
    assert "inputs" not in parsed(host, kept)
    assert "env_vars" not in parsed(host, kept)[host.key]["iletimerkezi"]
    renewed = merge(host, Launch(), kept, NEW)
    assert renewed == block(host, Launch(), NEW)


@pytest.mark.parametrize("host", HOSTS, ids=lambda host: host.id)
def test_written_secrets_take_the_place_of_references(host: Host) -> None:
    changed = parsed(host, merge(host, Launch(), block(host, Launch()), NEW))
    assert changed[host.key]["iletimerkezi"] == entry(host, Launch(), NEW)


@pytest.mark.parametrize("host", HOSTS, ids=lambda host: host.id)
def test_the_sandbox_is_added_beside_the_live_server(host: Host) -> None:
    both = parsed(host, merge(host, Launch(sandbox=True), block(host, Launch())))
    assert both[host.key] == {
        "iletimerkezi": entry(host, Launch()),
        "iletimerkezi-sandbox": entry(host, Launch(sandbox=True)),
    }


@pytest.mark.parametrize(
    ("host", "text"),
    [
        ("gemini", '{"mcpServers": {"iletimerkezi": {"timeout": 7}}}'),
        ("codex", "[mcp_servers.iletimerkezi]\nstartup_timeout_sec = 7\ntool_timeout_sec = 7\n"),
    ],
)
def test_a_timeout_set_by_the_user_stays(host: str, text: str) -> None:
    mine = servers(named(host), merge(named(host), Launch(), text))["iletimerkezi"]
    assert [mine[name] for name in named(host).timeouts] == [7] * len(named(host).timeouts)


def test_comments_stay() -> None:
    text = '// mine\n{\n  "theme": "x", // a theme\n  /* servers */\n  "context_servers": {},\n}\n'
    changed = merge(named("zed"), Launch(sandbox=True), text)
    assert changed == text.replace(
        "{},",
        '{\n    "iletimerkezi-sandbox": {\n      "command": "uvx",\n      "args": [\n        "iletimerkezi-mcp",\n'
        '        "--sandbox"\n      ]\n    }\n  },',
    )


def test_an_input_of_that_name_is_its_users_and_others_stay() -> None:
    host = named("vscode")
    own = {"type": "promptString", "id": "ILETIMERKEZI_API_KEY", "description": "Şirketin anahtarı"}
    other = {"type": "pickString", "id": "other", "options": ["a"]}
    text = json.dumps({"inputs": [other, own, 7]})
    changed = json.loads(merge(host, Launch(), text))
    assert changed["inputs"] == [other, own, 7, inputs(host, Launch())[1]]


def test_variables_that_codex_forwards_already_stay_and_come_once() -> None:
    host = named("codex")
    text = '[mcp_servers.iletimerkezi]\nenv_vars = ["LANG", "ILETIMERKEZI_API_KEY"]\n'
    mine = tomllib.loads(merge(host, Launch(), text))["mcp_servers"]["iletimerkezi"]
    assert mine["env_vars"] == ["LANG", "ILETIMERKEZI_API_KEY", "ILETIMERKEZI_API_HASH"]
    mine = tomllib.loads(merge(host, Launch(), text, NEW))["mcp_servers"]["iletimerkezi"]
    assert (mine["env_vars"], mine["env"]) == (["LANG"], NEW)


def test_secrets_go_into_the_table_of_variables_of_codex_if_there_is_one() -> None:
    host = named("codex")
    text = block(host, Launch()) + '\n[mcp_servers.iletimerkezi.env]\nILETIMERKEZI_SENDER = "FIRMAADI"\n'
    changed = merge(host, Launch(), text, NEW)
    assert tomllib.loads(changed)["mcp_servers"]["iletimerkezi"]["env"] == {
        "ILETIMERKEZI_SENDER": "FIRMAADI",
        **NEW,
    }
    assert merge(host, Launch(), changed, NEW) == changed


@pytest.mark.parametrize(
    ("host", "text", "message"),
    [
        ("cursor", '{"mcpServers": {', "line 1 is not JSON"),
        ("codex", "[mcp_servers", "it is not TOML"),
        ("cursor", "[]", "something else at /"),
        ("cursor", '{"mcpServers": []}', "something else at mcpServers"),
        ("cursor", '{"mcpServers": {"iletimerkezi": "x"}}', "something else at mcpServers.iletimerkezi"),
        ("cursor", '{"mcpServers": {"iletimerkezi": {"env": "x"}}}', "something else at mcpServers.iletimerkezi.env"),
        ("vscode", '{"inputs": {}}', "something else at inputs"),
        ("codex", "mcp_servers = {}\n", "something else at mcp_servers.iletimerkezi"),
        ("codex", "mcp_servers = 1\n", "something else at mcp_servers,"),
    ],
)
def test_a_file_that_cannot_take_the_block_is_refused_with_the_place(host: str, text: str, message: str) -> None:
    with pytest.raises(HostFileError) as caught:
        merge(named(host), Launch(), text)
    assert message in caught.value.reason.en
    assert "by hand" in caught.value.reason.en
