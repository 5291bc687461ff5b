"""The layers import downwards only, and the pure parts read and test alone."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import iletimerkezi_mcp
from tests import processes

PACKAGE = Path(iletimerkezi_mcp.__file__).parent

# From the bottom up: a module may import those that stand before it, and its own folder.
LAYERS = (
    "__init__",
    "language",
    "sms",
    "lists",
    "settings",
    "redaction",
    "provider",
    "ledger",
    "http_server",
    "sandbox",
    "confirmation",
    "tools",
    "server",
    "transports",
    "cli",
    "__main__",
)

PURE = (
    "language.py",
    "redaction.py",
    "cli/terminal.py",
    "cli/config/*.py",
    "settings/*.py",
    "sms/*.py",
    "ledger/[!s]*.py",
    "ledger/schema.py",
    "provider/__init__.py",
    "provider/operation.py",
    "provider/orders.py",
    "provider/account.py",
    "provider/blacklist.py",
    "provider/consents.py",
    "provider/decoding.py",
    "provider/codes.py",
    "provider/errors.py",
    "provider/send_progress.py",
    "provider/timeouts.py",
    "provider/outcomes.py",
    "confirmation/audit.py",
    "confirmation/pending_change.py",
    "confirmation/reconciliation.py",
    "confirmation/policy.py",
    "confirmation/audit_entry.py",
    "confirmation/change_result.py",
    "confirmation/recent_reads.py",
)
"""These read and test alone."""

NOT_FOR = {
    "provider": {"mcp", "mcp_types"},
    "sandbox": {"mcp", "mcp_types", "iletimerkezi_mcp.provider.client", "iletimerkezi_mcp.provider.http"},
    "tools": {"httpx", "iletimerkezi_mcp.provider.http", "sqlite3"},
}
"""The folders that a folder may not import although they lie below: the sandbox must not share the client's mistakes."""


def _imports(path: Path) -> set[str]:
    """Every module that `path` imports, absolute, wherever in the file it does so."""
    inside = path.relative_to(PACKAGE.parent).with_suffix("").parts
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(inside[: len(inside) - node.level]) if node.level else ""
            module = ".".join(filter(None, (base, node.module or "")))
            found |= {f"{module}.{alias.name}" for alias in node.names}
    return found


def _layer(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def test_every_module_belongs_to_a_layer() -> None:
    assert {_layer(path) for path in PACKAGE.rglob("*.py")} <= set(LAYERS)


def test_no_layer_imports_one_above_it() -> None:
    upwards = []
    for path in sorted(PACKAGE.rglob("*.py")):
        own = LAYERS.index(_layer(path))
        for name in _imports(path):
            parts = name.split(".")
            if (
                parts[0] == "iletimerkezi_mcp"
                and len(parts) > 1
                and parts[1] in LAYERS
                and LAYERS.index(parts[1]) > own
            ):
                upwards.append(f"{path.relative_to(PACKAGE)} imports {name}")
    assert upwards == []


def test_the_pure_parts_know_neither_the_sdk_nor_the_http_client() -> None:
    found = []
    for pattern in PURE:
        for path in sorted(PACKAGE.glob(pattern)):
            found += [
                f"{path.name} imports {name}"
                for name in _imports(path)
                if name.split(".")[0] in {"mcp", "mcp_types", "httpx", "httpx2", "starlette", "uvicorn", "anyio"}
            ]
    assert found == []


LISTS = ("iletimerkezi_mcp.lists.reading", "iletimerkezi_mcp.lists.table", "iletimerkezi_mcp.tools.list_catalogue")


def test_no_folder_imports_what_is_not_for_it() -> None:
    found = []
    for folder, barred in NOT_FOR.items():
        for path in sorted((PACKAGE / folder).glob("*.py")):
            found += [
                f"{path.relative_to(PACKAGE)} imports {name}"
                for name in _imports(path)
                if any(name == one or name.startswith(f"{one}.") for one in barred)
            ]
    assert found == []


def _loaded(code: str, *barred: str) -> str:
    """Return those of the `barred` modules, or of the modules in them, that `code` loads in a process of its own."""
    look = f"print([m for m in sys.modules if any(m == one or m.startswith(one + '.') for one in {barred!r})])"
    # Measuring coverage would itself load SQLite.
    ran = processes.run([sys.executable, "-c", f"import sys; {code}; {look}"], env=processes.unmeasured())
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.strip()


def test_starting_the_server_loads_neither_the_http_client_nor_the_sandbox_nor_what_reads_lists() -> None:
    code = "import iletimerkezi_mcp.server.build as s; from iletimerkezi_mcp.settings import Settings; s.build_server(Settings())"
    assert _loaded(code, "httpx", "iletimerkezi_mcp.sandbox", "sqlite3", *LISTS) == "[]"


def test_a_start_without_words_loads_nothing_that_reads_them() -> None:
    code = "import iletimerkezi_mcp.cli.program, iletimerkezi_mcp.server.build, iletimerkezi_mcp.transports.stdio"
    assert _loaded(code, "argparse", "difflib", "tomlkit", "iletimerkezi_mcp.cli.commands") == "[]"


def test_reading_the_command_line_loads_nothing_that_only_a_command_needs() -> None:
    code = "from iletimerkezi_mcp.cli.commands import parse; parse([], 'en')"
    barred = [
        f"iletimerkezi_mcp.{name}"
        for name in (
            "cli.config.hosts",
            "cli.doctor.examination",
            "cli.call.session",
            "cli.demo.command",
            "sandbox",
            "server",
        )
    ]
    assert _loaded(code, *barred, "mcp.types", "anyio", "tomlkit", "tomllib") == "[]"


def test_the_house_stays_small_enough_to_find_things_in() -> None:
    entries = {path.name for path in PACKAGE.iterdir() if not path.name.startswith("_") and path.name != "py.typed"}
    long = [path.name for path in PACKAGE.rglob("*.py") if len(path.read_text(encoding="utf-8").splitlines()) > 450]
    assert len(entries) <= 16
    assert long == []
