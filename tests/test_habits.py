"""What every test keeps to: processes are started in one place, and no wait is too short for a busy machine."""

from __future__ import annotations

import ast
from pathlib import Path

TESTS = Path(__file__).parent
FILES = sorted(path for path in TESTS.rglob("*.py") if "node_modules" not in path.parts)

STARTING = {"Popen", "open_process", "create_subprocess_exec", "create_subprocess_shell", "check_output", "system"}
"""What starts a process; only `tests/processes.py` may, for it kills what it has started."""

LEAST_BOUND = 60.0
"""Seconds that a bounded wait has at least: it is there for the failing test, not for the passing one."""


def _calls(path: Path) -> list[tuple[str, ast.Call]]:
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return [(ast.unparse(node.func), node) for node in nodes if isinstance(node, ast.Call)]


def test_a_process_is_started_where_it_is_killed() -> None:
    starts = [
        f"{path.relative_to(TESTS)}:{call.lineno}"
        for path in FILES
        for name, call in _calls(path)
        if path.name != "processes.py"
        and (
            name.rpartition(".")[2] in STARTING
            or (name == "subprocess.run" and "timeout" not in {word.arg for word in call.keywords})
        )
    ]
    assert starts == [], "start it with tests.processes"


def test_a_bounded_wait_leaves_time_on_a_busy_machine() -> None:
    short = [
        f"{path.relative_to(TESTS)}:{call.lineno}"
        for path in FILES
        for name, call in _calls(path)
        if name in ("anyio.fail_after", "asyncio.timeout")
        and isinstance(call.args[0], ast.Constant)
        and ast.literal_eval(call.args[0]) < LEAST_BOUND
    ]
    assert short == []
