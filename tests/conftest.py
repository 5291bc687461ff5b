"""The rules of every run: how much hypothesis tries, that the checkout stays as it was, and what starts a process."""

from __future__ import annotations

import hashlib
import signal
import subprocess
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).parents[1]

settings.register_profile("ci", max_examples=100, derandomize=True, deadline=None, print_blob=True)
settings.register_profile(
    "long", max_examples=2_000, deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("ci")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--no-processes`, with which the tests that start a process are skipped: they are the slow ones."""
    parser.addoption("--no-processes", action="store_true", help="skip the tests that start a process")


def pytest_configure(config: pytest.Config) -> None:
    """Prepare the run; the long tests get the long form of the properties."""
    if config.option.markexpr == "long":
        settings.load_profile("long")
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        # A run in the background of a script ignores Ctrl-C, and so would each process that it starts.
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True, scope="session")
def _no_processes(request: pytest.FixtureRequest) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        if request.config.option.no_processes:
            patch.setattr(subprocess.Popen, "__init__", _skip)
        yield


def _skip(*_: Any, **__: Any) -> NoReturn:
    pytest.skip("starts a process")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Generator[None, None, None]:
    """Skip a test whose process was to be started in a task group."""
    try:
        return (yield)
    except BaseExceptionGroup as group:
        if group.subgroup(pytest.skip.Exception):
            _skip()
        raise


class Checkout:
    """The files that git sees, and whether a test has changed one of them."""

    def __init__(self) -> None:
        self._before = _files()
        self.changed: list[str] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Fail the run if a file has changed."""
        after = _files()
        self.changed = sorted(
            name for name in after.keys() | self._before.keys() if after.get(name) != self._before.get(name)
        )
        if self.changed and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Name the files that have changed."""
        if self.changed:
            terminalreporter.section("a test wrote into the checkout (or the files were edited meanwhile)")
            terminalreporter.write_line("\n".join(self.changed))


def pytest_sessionstart(session: pytest.Session) -> None:
    """Watch the checkout, from the one process that all the workers of a run share."""
    if not hasattr(session.config, "workerinput") and (ROOT / ".git").exists():
        session.config.pluginmanager.register(Checkout())


def _files() -> dict[str, str]:
    """Return the digest of each file that differs from the last commit, by its name."""
    asked = ["git", "ls-files", "-z", "--modified", "--others", "--exclude-standard"]
    listed = subprocess.run(asked, cwd=ROOT, capture_output=True, encoding="utf-8", timeout=60, check=True)
    names = [name for name in listed.stdout.split("\0") if name]
    return {name: hashlib.sha256(_content(ROOT / name)).hexdigest() for name in names}


def _content(file: Path) -> bytes:
    return file.read_bytes() if file.is_file() else b""
