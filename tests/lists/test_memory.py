"""Results that are remembered: each once, and the latest ones only."""

from __future__ import annotations

from iletimerkezi_mcp.lists.memory import MOST, ListMemory


def test_a_result_is_worked_out_once_until_others_have_taken_its_place() -> None:
    memory = ListMemory()
    worked_out: list[int] = []

    def recall(key: int) -> int:
        def work_out() -> int:
            worked_out.append(key)
            return key * 10

        return memory.recall(key, work_out)

    assert [recall(1), recall(1), recall(2)] == [10, 10, 20]
    assert worked_out == [1, 2]
    for key in range(3, MOST + 3):
        recall(key)
    assert recall(1) == 10
    assert worked_out == [*range(1, MOST + 3), 1]
