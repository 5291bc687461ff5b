"""Habits of the whole code: processes in one place, waits that are long enough, a tool's name in few files."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.tools.examples import EXAMPLES

ROOT = Path(__file__).parents[1]
TESTS = ROOT / "tests"
FILES = sorted(path for path in TESTS.rglob("*.py") if "node_modules" not in path.parts)

STARTING = {"Popen", "open_process", "create_subprocess_exec", "create_subprocess_shell", "check_output", "system"}
"""The functions that start a process; only `tests/processes.py` may call them, for it kills what it has started."""

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


MOST_FILES = 30
"""Files that a tool's name may be in: who renames or removes a tool edits no more."""


def test_a_tools_name_is_in_few_files() -> None:
    names = re.compile(rf"\b({'|'.join(EXAMPLES)})\b")
    files: dict[str, int] = dict.fromkeys(EXAMPLES, 0)
    for folder in ("src", "tests", "publishing", "benchmarks"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in {".py", ".json", ".jsonl"} and "node_modules" not in path.parts:
                for name in set(names.findall(path.read_text(encoding="utf-8"))):
                    files[name] += 1
    assert {name: count for name, count in files.items() if count > MOST_FILES} == {}, "take it from tests.calls"


def test_no_test_is_imported() -> None:
    imports = [
        f"{path.relative_to(TESTS)}:{node.lineno}"
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").rpartition(".")[2].startswith("test_")
        and (node.level or (node.module or "").startswith("tests."))
    ]
    assert imports == [], "what several tests need is in a module of its own"
