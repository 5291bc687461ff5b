"""The person at the terminal, in this process, on a pseudo-terminal."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from typing import Any, cast

import anyio
import anyio.lowlevel
import mcp.types as mcp_types
import pytest
from mcp.client.session import ClientRequestContext

if sys.platform == "win32":
    pytest.skip("a pseudo-terminal", allow_module_level=True)

import pty

from iletimerkezi_mcp.cli.call.prompt import TerminalPrompt
from iletimerkezi_mcp.cli.call.waiting import WaitingLine
from iletimerkezi_mcp.confirmation.elicitation import Question
from iletimerkezi_mcp.confirmation.pending_change import QUESTION

UNWATCHED = WaitingLine(None, "en")
NO_CONTEXT = cast("ClientRequestContext", None)


class Screen(io.StringIO):
    """A terminal's screen; `typed` are the lines that the person types, one at each prompt."""

    def __init__(self, keyboard: int, typed: list[bytes]) -> None:
        super().__init__()
        self._keyboard = keyboard
        self._typed = typed

    def write(self, text: str) -> int:
        if text.endswith(" ") and self._typed:
            os.write(self._keyboard, self._typed.pop(0))
        return super().write(text)


@pytest.fixture
def ends() -> Iterator[tuple[int, int]]:
    keyboard, source = pty.openpty()
    yield keyboard, source
    os.close(keyboard)
    os.close(source)


def form(typed: int | None) -> mcp_types.ElicitRequestFormParams:
    question = Question(
        preview="the preview", number=typed, counted="recipients", title=QUESTION, caution=None, language="en"
    )
    return mcp_types.ElicitRequestFormParams(message=question.preview, requested_schema=question.schema())


async def answered(ends: tuple[int, int], typed: list[bytes], count: int | None = None) -> tuple[Any, str]:
    screen = Screen(ends[0], typed)
    prompt = TerminalPrompt(ends[1], screen, "en", UNWATCHED)
    with anyio.fail_after(60):
        return await prompt(NO_CONTEXT, form(count)), screen.getvalue()


@pytest.mark.parametrize("yes", ["y", "YES", " e ", "evet"])
async def test_a_yes_in_either_language_is_a_yes(ends: tuple[int, int], yes: str) -> None:
    result, shown = await answered(ends, [yes.encode() + b"\n"])
    assert (result.action, result.content) == ("accept", {"send": True})
    assert shown.startswith("the preview\n\nDo you confirm this? Say yes only if")
    assert shown.endswith("[y/N] ")


@pytest.mark.parametrize("no", [b"\n", b"n\n", b"yep\n", b"\xff\n", b"\x04"])
async def test_anything_else_is_a_no_and_so_is_the_end_of_the_input(ends: tuple[int, int], no: bytes) -> None:
    result, _ = await answered(ends, [no])
    assert (result.action, result.content) == ("decline", None)


async def test_the_number_is_typed_after_the_yes_and_judged_by_the_server(ends: tuple[int, int]) -> None:
    result, shown = await answered(ends, [b"y\n", b"12.000\n"], 12_000)
    assert result.content == {"send": True, "count": "12.000"}
    assert "Type the number above, 12,000" in shown


async def test_a_line_that_comes_in_pieces_is_one(ends: tuple[int, int]) -> None:
    long = b"y" * 3000 + b"\x04" + b"y" * 3000
    screen = Screen(ends[0], [])
    prompt = TerminalPrompt(ends[1], screen, "en", UNWATCHED)
    with anyio.fail_after(60):
        async with anyio.create_task_group() as tasks:
            content: list[object] = []

            async def fill() -> None:
                content.append(
                    await prompt.fill("m", {"properties": {"a": {"type": "string", "title": "t", "description": "d"}}})
                )

            tasks.start_soon(fill)
            while not screen.getvalue().endswith("t: d "):
                await anyio.lowlevel.checkpoint()
            os.write(ends[0], long)
            await anyio.wait_all_tasks_blocked()
            os.write(ends[0], b"\n")
    assert content == [{"a": "y" * 6000}]


async def test_keys_pressed_before_the_question_are_no_answer(ends: tuple[int, int]) -> None:
    os.write(ends[0], b"y\n")
    result, _ = await answered(ends, [b"n\n"])
    assert result.action == "decline"


async def test_silence_is_a_no(ends: tuple[int, int]) -> None:
    screen = Screen(ends[0], [])
    prompt = TerminalPrompt(ends[1], screen, "tr", UNWATCHED, life=0.01)
    with anyio.fail_after(60):
        result = await prompt(NO_CONTEXT, form(None))
    assert isinstance(result, mcp_types.ElicitResult)
    assert result.action == "cancel"
    assert screen.getvalue().endswith("\nSüresinde yanıt gelmedi; bu, hayır demektir.\n")
    assert prompt.abandoned
    assert not prompt.stop()


async def test_a_long_line_of_the_message_is_folded_with_its_mark(
    ends: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "24")
    screen = Screen(ends[0], [b"n\n"])
    prompt = TerminalPrompt(ends[1], screen, "en", UNWATCHED)
    with anyio.fail_after(60):
        await prompt.fill("| Siparişiniz hazır, abi.- To: +905321234567", form(None).requested_schema)
    assert screen.getvalue().startswith("| Siparişiniz hazır, \n| abi.- To: \n| +905321234567\n")
