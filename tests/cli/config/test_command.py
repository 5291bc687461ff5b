"""``config``: the block on stdout, the rest on stderr, and the host's file changed only by --write."""

from __future__ import annotations

import json
import os
import stat
import sys
import sysconfig
from pathlib import Path
from typing import Any

import pytest

from iletimerkezi_mcp.cli import main
from iletimerkezi_mcp.cli.config import jsonc, toml
from iletimerkezi_mcp.cli.config.entry import Launch, block
from iletimerkezi_mcp.cli.config.hosts import HOSTS, Host, host_named
from tests import processes

KEY, HASH = "canary-key", "canary-hash"
PROGRAM = (str(Path(sysconfig.get_path("scripts"), "iletimerkezi-mcp.exe" if os.name == "nt" else "iletimerkezi-mcp")),)
"""The program of the environment that the tests run in."""

URL = "https://im.example.com/mcp"
REMOTE = [host for host in HOSTS if host.url_key]
CREDENTIALS = {"ILETIMERKEZI_API_KEY": KEY, "ILETIMERKEZI_API_HASH": HASH}


@pytest.fixture(autouse=True)
def _home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for variable in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(variable, str(tmp_path / "home"))
    for variable in ("APPDATA", "XDG_CONFIG_HOME", "CODEX_HOME", "CLAUDE_CONFIG_DIR", "GEMINI_CLI_HOME", *CREDENTIALS):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.delenv("ILETIMERKEZI_LANG", raising=False)
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def cursor(tmp_path: Path) -> Path:
    """Cursor's file."""
    return tmp_path / "home" / ".cursor" / "mcp.json"


def named(name: str) -> Host:
    host = host_named(name)
    assert host is not None
    return host


def everything(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_without_a_host_it_lists_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["config"]) == 0
    listed = capsys.readouterr()
    assert [line.split()[0] for line in listed.out.splitlines()] == [host.id for host in HOSTS]
    assert all(host.user_file.on(sys.platform) in listed.out for host in HOSTS)
    assert main(["config", "cursor", "--list"]) == 0
    assert capsys.readouterr() == listed


@pytest.mark.parametrize("host", HOSTS, ids=lambda host: host.id)
@pytest.mark.parametrize("flags", [[], ["--sandbox"], ["--read-only"]])
@pytest.mark.parametrize("language", ["en", "tr"])
def test_stdout_is_the_block_and_stderr_says_where_it_goes(
    host: Host, flags: list[str], language: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["config", host.id, *flags, "--lang", language]) == 0
    printed = capsys.readouterr()
    assert printed.out == block(
        host,
        Launch(
            program=PROGRAM,
            sandbox="--sandbox" in flags,
            read_only="--read-only" in flags,
            fixed={"ILETIMERKEZI_LANG": language},
        ),
    )
    assert str(
        host.user_file.path({"HOME": str(tmp_path / "home"), "USERPROFILE": str(tmp_path / "home")}, sys.platform)
    ) in (printed.err)
    assert host.next_step.to("tr" if language == "tr" else "en") in printed.err
    assert everything(tmp_path) == {}


@pytest.mark.parametrize("host", HOSTS, ids=lambda host: host.id)
def test_language_and_folder_of_lists_are_in_the_block_for_hosts_pass_no_variables_on(
    host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lists = tmp_path / "lists"
    lists.mkdir()
    assert main(["config", host.id, "--write", "--lang", "tr"]) == 0
    monkeypatch.setenv("ILETIMERKEZI_FILES_DIR", str(lists))
    for language in ("en", "tr"):
        monkeypatch.setenv("ILETIMERKEZI_LANG", language)
        assert main(["config", host.id, "--write"]) == 0
        path = host.user_file.path(os.environ, sys.platform)
        text = path.read_text(encoding="utf-8")
        document = toml.read(text) if host.format == "toml" else jsonc.read(text)
        own = document[host.key]["iletimerkezi"]["env"]
        assert own.items() >= {"ILETIMERKEZI_LANG": language, "ILETIMERKEZI_FILES_DIR": str(lists)}.items()


def test_a_folder_of_lists_that_is_not_there_is_refused_before_it_is_in_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = tmp_path / "lists"
    assert main(["config", "cursor", "--write", "--files-dir", str(missing)]) == 1
    printed = capsys.readouterr().err
    assert str(missing) in printed
    assert "Create it first" in printed
    assert everything(tmp_path) == {}


@pytest.mark.parametrize(
    ("host", "flags", "words"),
    [
        ("claude-code", [], "by its documents Claude Code asks you in a form"),
        ("vscode", [], "by its documents VS Code asks you in a form"),
        ("claude-desktop", [], "by its documents Claude Desktop shows a card in the chat"),
        ("gemini", [], "Gemini CLI documents neither forms nor cards"),
        ("zed", ["--lang", "tr"], "Zed belgelerinde form da kart da yok"),
    ],
)
def test_it_says_where_a_person_is_asked(
    host: str, flags: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["config", host, *flags]) == 0
    assert words in capsys.readouterr().err
    assert main(["config", host, *flags, "--read-only"]) == 0
    assert words not in capsys.readouterr().err


@pytest.mark.parametrize("language", ["en", "tr"])
@pytest.mark.parametrize("flags", [[], ["--write"]])
def test_a_block_that_cannot_start_is_refused_and_nothing_is_written(
    language: str,
    flags: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "cache" / "environment"))
    (tmp_path / "cache").mkdir()
    tag = tmp_path / "cache" / "CACHEDIR.TAG"
    tag.touch()
    for variable in ("PATH", "UV_INSTALL_DIR", "XDG_BIN_HOME"):
        monkeypatch.delenv(variable, raising=False)
    assert main(["config", "cursor", "--lang", language, *flags]) == 1
    printed = capsys.readouterr()
    assert (printed.out, printed.err.count("\n")) == ("", 1)
    assert "docs.astral.sh/uv" in printed.err
    assert list(everything(tmp_path)) == [tag]


@pytest.mark.parametrize("host", HOSTS, ids=lambda host: host.id)
def test_writing_twice_writes_once(host: Host, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["config", host.id, "--write"]) == 0
    once = everything(tmp_path)
    assert list(once.values()) == [block(host, Launch(program=PROGRAM)).encode()]
    assert capsys.readouterr().out == ""
    assert main(["config", host.id, "--write"]) == 0
    assert everything(tmp_path) == once
    assert "has it already; nothing was written" in capsys.readouterr().err


@pytest.mark.parametrize("host", [host for host in HOSTS if host.project_file], ids=lambda host: host.id)
def test_a_projects_file_is_written_in_this_folder(host: Host, tmp_path: Path) -> None:
    assert main(["config", host.id, "--project", "--write", "--sandbox"]) == 0
    assert everything(tmp_path) == {
        tmp_path / str(host.project_file): block(host, Launch(program=PROGRAM, sandbox=True)).encode()
    }


def test_the_former_content_is_kept_beside_the_file(cursor: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cursor.parent.mkdir(parents=True)
    former = '{"mcpServers": {"other": {"command": "x"}}} // mine\n'
    cursor.write_text(former, encoding="utf-8")
    assert main(["config", "cursor", "--write"]) == 0
    backup = cursor.with_name("mcp.json.bak")
    assert backup.read_text(encoding="utf-8") == former
    assert str(backup) in capsys.readouterr().err
    text = cursor.read_text(encoding="utf-8")
    assert text.endswith(" // mine\n")
    assert list(json.loads(text.removesuffix(" // mine\n"))["mcpServers"]) == ["other", "iletimerkezi"]


@pytest.mark.parametrize("language", ["en", "tr"])
def test_a_file_that_cannot_be_read_is_not_touched(
    cursor: Path, capsys: pytest.CaptureFixture[str], language: str
) -> None:
    cursor.parent.mkdir(parents=True)
    cursor.write_text("{", encoding="utf-8")
    before = everything(cursor.parent)
    assert main(["config", "cursor", "--write", "--lang", language]) == 1
    assert everything(cursor.parent) == before
    stderr = capsys.readouterr().err
    assert stderr.count("\n") == 1
    assert (
        "was not changed: line 1 is not JSON" if language == "en" else "değiştirilmedi: 1. satır JSON değil"
    ) in stderr


def test_no_secret_is_written_or_printed_without_with_secrets(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for variable, value in CREDENTIALS.items():
        monkeypatch.setenv(variable, value)
    for host in HOSTS:
        assert main(["config", host.id]) == 0
        assert main(["config", host.id, "--write"]) == 0
    assert "canary" not in "".join(capsys.readouterr())
    assert [path for path, former in everything(tmp_path).items() if b"canary" in former] == []


@pytest.mark.parametrize("host", HOSTS, ids=lambda host: host.id)
def test_with_secrets_writes_them_into_a_file_that_only_its_owner_reads(
    host: Host, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for variable, value in CREDENTIALS.items():
        monkeypatch.setenv(variable, value)
    assert main(["config", host.id, "--write"]) == 0
    assert main(["config", host.id, "--write", "--with-secrets"]) == 0
    file = host.user_file.path({"HOME": str(tmp_path / "home"), "USERPROFILE": str(tmp_path / "home")}, sys.platform)
    text = file.read_text(encoding="utf-8")
    assert (KEY in text, HASH in text) == (True, True)
    assert "canary" not in "".join(capsys.readouterr())
    if sys.platform != "win32":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.skipif(sys.platform == "win32", reason="modes as POSIX has them")
def test_a_file_that_has_the_secrets_already_becomes_its_owners_alone(
    cursor: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable, value in CREDENTIALS.items():
        monkeypatch.setenv(variable, value)
    main(["config", "cursor", "--write", "--with-secrets"])
    cursor.chmod(0o644)
    assert main(["config", "cursor", "--write", "--with-secrets"]) == 0
    assert stat.S_IMODE(cursor.stat().st_mode) == 0o600
    assert list(cursor.parent.iterdir()) == [cursor]


def test_a_user_without_a_home_folder_is_pointed_to_the_project(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def no_home() -> Path:
        raise RuntimeError

    for variable in ("HOME", "USERPROFILE"):
        monkeypatch.delenv(variable)
    monkeypatch.setattr(Path, "home", no_home)
    assert main(["config", "cursor", "--write"]) == 1
    printed = capsys.readouterr()
    assert (printed.out, printed.err.count("\n")) == ("", 1)
    assert "no home folder" in printed.err
    assert "use --project" in printed.err


@pytest.mark.parametrize(
    ("arguments", "variables", "message"),
    [
        (["nobody"], {}, "HOST must be one of claude-code, "),
        (["--write"], {}, "this needs a HOST"),
        (["--project"], {}, "this needs a HOST"),
        (["--with-secrets", "--list", "zed"], {}, "this needs a HOST"),
        (["claude-desktop", "--project"], {}, "Claude Desktop has no file for a project"),
        (["zed", "--with-secrets"], CREDENTIALS, "--with-secrets needs --write"),
        (["zed", "--with-secrets", "--write", "--project"], CREDENTIALS, "cannot be used with --project"),
        (["zed", "--with-secrets", "--write", "--sandbox"], CREDENTIALS, "the sandbox needs no secrets"),
        (["zed", "--with-secrets", "--write"], {"ILETIMERKEZI_API_KEY": KEY}, "must be set in the environment"),
        (
            ["zed", "--with-secrets", "--write"],
            {**CREDENTIALS, "ILETIMERKEZI_API_KEY": "${KEY}"},
            "ILETIMERKEZI_API_KEY is a placeholder",
        ),
        (
            ["gemini", "--with-secrets", "--write"],
            {**CREDENTIALS, "ILETIMERKEZI_API_KEY": "canary$x"},
            "would take the $ in a secret for a reference",
        ),
        (["zed", "--with-secrets=canary"], {}, "process list"),
        (["--url", URL], {}, "this needs a HOST"),
        (["zed", "--url"], {}, "--url needs a value"),
        (["zed", "--url", "http://im.example.com/mcp"], {}, "--url takes the address of a server"),
        (["zed", "--url", "https://canary@im.example.com/mcp"], {}, "--url takes the address of a server"),
        (["zed", "--url", URL, "--sandbox"], {}, "--url cannot be used with --sandbox"),
        (["zed", "--url", URL, "--read-only", "--with-secrets"], {}, "with --read-only, --with-secrets"),
        (["claude-desktop", "--url", "canary"], {}, "--url takes the address of a server"),
    ],
)
def test_wrong_usage_is_one_sentence_and_changes_nothing(
    arguments: list[str],
    variables: dict[str, str],
    message: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    for variable, value in variables.items():
        monkeypatch.setenv(variable, value)
    assert main(["config", *arguments]) == 2
    printed = capsys.readouterr()
    assert (printed.out, printed.err.count("\n")) == ("", 1)
    assert message in printed.err
    assert "canary" not in printed.err
    assert everything(tmp_path) == {}


@pytest.mark.parametrize("host", REMOTE, ids=lambda host: host.id)
@pytest.mark.parametrize("language", ["en", "tr"])
def test_a_remote_server_is_written_with_a_reference_to_its_token(
    host: Host, language: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("ILETIMERKEZI_HTTP_TOKEN", "canary-token")
    # The settings of this machine are not those of the server.
    monkeypatch.setenv("ILETIMERKEZI_SANDBOX", "1")
    assert main(["config", host.id, "--url", URL, "--lang", language]) == 0
    printed = capsys.readouterr()
    assert printed.out == block(host, Launch(url=URL))
    assert main(["config", host.id, "--url", URL, "--lang", language, "--write"]) == 0
    assert list(everything(tmp_path).values()) == [printed.out.encode()]
    said = printed.err + capsys.readouterr().err
    assert "canary" not in said + printed.out
    for words in {
        "en": ("the part after the name and the colon", "in a form" if host.shows else "a large one is refused"),
        "tr": ("iki nokta üst üsteden sonraki kısımdır", "formda sorar" if host.shows else "büyüğü reddedilir"),
    }[language]:
        assert said.count(words) == 2
    assert ("ILETIMERKEZI_HTTP_TOKEN" if host.credentials_source != "none" else "Bearer") in said


@pytest.mark.parametrize("language", ["en", "tr"])
def test_a_file_that_takes_no_remote_server_is_refused_with_another_way(
    language: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["config", "claude-desktop", "--url", URL, "--write", "--lang", language]) == 1
    printed = capsys.readouterr()
    assert (printed.out, printed.err.count("\n")) == ("", 1)
    assert "Customize > Connectors" in printed.err
    assert everything(tmp_path) == {}


def test_the_printed_block_can_be_piped(tmp_path: Path) -> None:
    ran = processes.run_command_line(["config", "vscode"], HOME=str(tmp_path), USERPROFILE=str(tmp_path))
    document: dict[str, Any] = json.loads(ran.stdout)
    assert list(document) == ["inputs", "servers"]
    assert all(line.startswith("iletimerkezi-mcp: ") for line in ran.stderr.splitlines())
    assert ran.returncode == 0
    assert named("vscode").title in ran.stderr
