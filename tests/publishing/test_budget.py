"""The tool list takes no more of a model's context than its budget."""

from __future__ import annotations

import pytest

from iletimerkezi_mcp.tools.catalogue import TOOLS
from iletimerkezi_mcp.tools.list_catalogue import LIST_TOOLS
from publishing.budget import BUDGETS, LARGEST_TOOL, Budget, tokens


@pytest.mark.parametrize("budget", BUDGETS.values(), ids=BUDGETS)
def test_a_group_of_tools_keeps_to_its_budget(budget: Budget) -> None:
    assert 0 < budget.model_tokens() <= budget.model
    assert budget.model_tokens() < budget.listed_tokens() <= budget.listed


def test_no_tool_takes_the_room_of_the_others() -> None:
    assert max(Budget((tool,), 0, 0).listed_tokens() for tool in (*TOOLS, *LIST_TOOLS)) <= LARGEST_TOOL


def test_every_tool_belongs_to_one_group() -> None:
    assert sorted(tool.name for budget in BUDGETS.values() for tool in budget.tools) == sorted(
        tool.name for tool in (*TOOLS, *LIST_TOOLS)
    )


def test_the_eleven_tools_have_the_room_that_was_set_for_them() -> None:
    sms = BUDGETS["sms"]
    assert (len(sms.tools), sms.model, sms.listed) == (11, 2_900, 5_000)


def test_the_tools_of_lists_have_a_budget_of_their_own() -> None:
    assert BUDGETS["lists"].model == 1_800


def test_a_token_is_four_bytes_of_compact_json() -> None:
    assert tokens({"a": "ş"}) == len('{"a":"ş"}'.encode()) / 4
