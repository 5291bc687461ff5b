"""The tools by the public rubric's own linter (TDQS, Glama), and by its arithmetic for what it does without a model."""

from __future__ import annotations

from tdqs import LintFinding, lint_server, parse_tool_definitions

from iletimerkezi_mcp.tools.catalogue import TOOLS
from iletimerkezi_mcp.tools.list_catalogue import LIST_TOOLS


def test_the_public_linter_finds_no_error() -> None:
    specs = [tool.spec() for tool in (*TOOLS, *LIST_TOOLS)]
    tools = [spec.model_dump(by_alias=True, mode="json", exclude_none=True) for spec in specs]
    report = lint_server(server_name="iletimerkezi", tools=parse_tool_definitions({"tools": tools}).tools)
    assert report.server.tool_count == len(specs)
    # Only a reader can say if a cheaper tool answers the same question; no tool here does.
    assert [finding for finding in report.findings if not _is_about_price(finding)] == []


def _is_about_price(finding: LintFinding) -> bool:
    return (finding.rule, finding.severity) == ("shadow-candidate", "warning")
