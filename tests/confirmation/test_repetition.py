"""What reads nearly alike, or was declared before, is warned of and not held back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from iletimerkezi_mcp.ledger.sqlite import SqliteLedger
from tests.calls import CANCEL_ORDER, IYS_CHECK, IYS_REGISTER, SEND_SMS
from tests.calls import SEND_TO_TWO as SEND
from tests.hosting import ERAS, LIVE, Mode, hosted
from tests.tools.examples import EXAMPLES

from .scenes import YES, Asked, lost

TEXT = "Siparişiniz 4821 yarın kapınızda."
WARNING = "A text that reads nearly alike was sent to some of these recipients at 10:00 on Monday 2026-11-23."
CONSENTS = EXAMPLES[IYS_REGISTER]


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize(
    "alike",
    [
        "SİPARİŞİNİZ 4821 YARIN KAPINIZDA.",
        "siparisiniz 4821 yarin kapinizda.",
        "Siparişiniz 4821 yarın kapınızda",
        "Siparişiniz 4821 yarın kapınızda!!",
        "Siparişiniz 4821, yarın kapınızda :)",
        "Sipari\u015finiz 4821 y\u0430r\u0131n kap\u0131n\u0131zda.",
        "Sípàrişiñiz 4821 yarın kapınızda.",
        "Siparişiniz\u000b4821\u2003yarın-kapınızda.",
        "Siparişiniz4821yarınkapınızda",
        "Siparişiniz 4821 yarın kapınızda. 🎉",
        "Siparlşiniz 482I yarın kap1nızda.",
        "Siparişiniz 4821 ж yarın 代 kapınızda.",
    ],
)
async def test_a_text_that_reads_nearly_alike_is_warned_of_for_ten_minutes(mode: Mode, alike: str) -> None:
    async with hosted(mode=mode) as host:
        await host.confirm(SEND_SMS, SEND, text=TEXT)
        preview = await host.call(SEND_SMS, SEND, text=alike, recipients=["05331112233", "05341112244"])
        assert (preview["outcome"], preview["warnings"]) == ("preview", [WARNING])
        assert preview["preview"].splitlines()[1] == "! " + WARNING
        assert "warnings" not in await host.call(SEND_SMS, SEND, text=alike, recipients=["05341112244"])
        done = await host.call(
            SEND_SMS, SEND, text=alike, recipients=["05331112233", "05341112244"], confirm=preview["confirm"]
        )
        assert done["outcome"] == "done"
        host.clock.advance(minutes=10)
        assert "warnings" not in await host.call(SEND_SMS, SEND, text=f"{alike} {alike}")
        assert "warnings" not in await host.call(SEND_SMS, SEND, text=alike, recipients=["05321234567"])


@pytest.mark.parametrize(
    "other", [TEXT.replace("4821", "4822"), TEXT.replace("4821", "482"), "Siparişiniz 4821 bugün kapınızda.", "4821"]
)
async def test_a_digit_or_a_word_makes_another_text(other: str) -> None:
    async with hosted() as host:
        await host.confirm(SEND_SMS, SEND, text=TEXT)
        assert "warnings" not in await host.call(SEND_SMS, SEND, text=other)


@pytest.mark.parametrize("mode", ERAS)
async def test_a_form_warns_of_it_too(mode: Mode) -> None:
    asked = Asked("accept", {"send": True})
    async with hosted(mode=mode, elicitation_callback=asked) as host:
        await host.call(SEND_SMS, SEND, text=TEXT)
        assert (await host.call(SEND_SMS, SEND, text=TEXT.lower()))["outcome"] == "done"
    assert asked.shown[1].message.splitlines()[1] == "! " + WARNING


async def test_a_scheduled_text_that_reads_nearly_alike_is_warned_of_until_ten_minutes_after_its_time() -> None:
    async with hosted() as host:
        await host.confirm(SEND_SMS, SEND, text=TEXT, send_at="2026-11-23T12:00")
        host.clock.advance(hours=2, minutes=9)
        assert (await host.call(SEND_SMS, SEND, text=TEXT.lower()))["warnings"] == [WARNING]
        host.clock.advance(minutes=1)
        assert "warnings" not in await host.call(SEND_SMS, SEND, text=TEXT.lower())


async def test_a_refused_send_warns_of_nothing_and_an_unknown_one_does() -> None:
    async with hosted() as host:
        await host.confirm(SEND_SMS, SEND, text=TEXT, recipients=["+905000000402", "05321234567"])
        assert "warnings" not in await host.call(SEND_SMS, SEND, text=TEXT.upper())
        host.wire.broken = lost
        await host.confirm(SEND_SMS, SEND, text=TEXT)
        assert (await host.call(SEND_SMS, SEND, text=TEXT.lower()))["warnings"] == [WARNING]


@pytest.mark.parametrize("mode", ERAS)
async def test_consents_that_were_declared_a_moment_ago_are_warned_of(mode: Mode) -> None:
    async with hosted(mode=mode) as host:
        assert (await host.confirm(IYS_REGISTER, CONSENTS))["outcome"] == "done"
        preview = await host.call(IYS_REGISTER, CONSENTS)
        assert preview["warnings"][0] == (
            "The same was declared at 10:00 on Monday 2026-11-23, and the provider accepted it."
        )
        assert preview["preview"].splitlines()[1] == "! " + preview["warnings"][0]
        consent = {**CONSENTS["consents"][0], "recipient": "05329998878"}
        assert "declared at" not in str(await host.call(IYS_REGISTER, consents=[consent]))
        host.clock.advance(minutes=10)
        assert "declared at" not in str(await host.call(IYS_REGISTER, CONSENTS))


@pytest.mark.parametrize("mode", ERAS)
async def test_consents_of_unknown_outcome_are_warned_of_for_as_long_as_they_are_on_record(mode: Mode) -> None:
    async with hosted(mode=mode) as host:
        host.wire.broken = lost
        assert (await host.confirm(IYS_REGISTER, CONSENTS))["outcome"] == "unknown"
        host.wire.broken = None
        for wait in ({}, {"hours": 25}):
            host.clock.advance(**wait)
            preview = await host.call(IYS_REGISTER, CONSENTS)
            assert preview["warnings"][0] == (
                "The same may have been declared at 10:00 on Monday 2026-11-23, and its outcome is unknown. Look with iys_check "
                "before declaring again."
            )
            assert IYS_CHECK in preview["preview"].splitlines()[1]


async def test_a_person_is_told_of_an_earlier_declaration_without_the_name_of_a_tool() -> None:
    asked = YES()
    async with hosted(elicitation_callback=asked) as host:
        host.wire.broken = lost
        for _ in range(2):
            await host.call(IYS_REGISTER, CONSENTS)
    assert "its outcome is unknown. Have it looked up in the chat before you approve." in asked.shown[1].message
    assert IYS_CHECK not in asked.shown[1].message


@pytest.mark.parametrize("mode", ERAS)
async def test_records_of_a_batch_that_were_declared_before_are_counted_and_named(mode: Mode, tmp_path: Path) -> None:
    def batch(*places: int) -> list[dict[str, Any]]:
        return [{**CONSENTS["consents"][0], "recipient": f"+9053299988{place:02}"} for place in places]

    log = tmp_path / "audit.jsonl"
    async with hosted(replace(LIVE, audit_log=log, confirm="code"), mode=mode) as host:
        assert (await host.confirm(IYS_REGISTER, consents=batch(*range(6))))["outcome"] == "done"
        names = ", ".join(f"“+9053299988{place:02} MESAJ”" for place in range(5))
        late = await host.call(IYS_REGISTER, consents=batch(1, 8))
        preview = await host.call(IYS_REGISTER, consents=batch(*range(7)))
        assert preview["warnings"][0] == (
            "Of these 7 records 6 were declared before, last at 10:00 on Monday 2026-11-23, and the provider accepted "
            f"them: {names}, …."
        )
        assert preview["preview"].splitlines()[1] == "! " + preview["warnings"][0]
        part = await host.call(IYS_REGISTER, consents=batch(3))
        assert part["warnings"][0].startswith("The same was declared at 10:00 ")
        later = [{**record, "status": "RET"} for record in batch(1)]
        for other in (batch(7, 8), later):
            assert "declared" not in str((await host.call(IYS_REGISTER, consents=other))["warnings"])
        elsewhere = await host.call(IYS_REGISTER, consents=batch(1, 8), brand_code="654321")
        assert "declared" not in str(elsewhere["warnings"])
        # What another call declared meanwhile is a reason for a new preview.
        await host.confirm(IYS_REGISTER, consents=batch(8))
        again = await host.call(IYS_REGISTER, consents=batch(1, 8), confirm=late["confirm"])
        assert again["summary"].startswith("After this code was issued the same, or nearly the same, was confirmed")
        assert again["warnings"][0].startswith("The same was declared")
        host.clock.advance(minutes=10)
        assert "declared" not in str((await host.call(IYS_REGISTER, consents=batch(0, 7)))["warnings"])
    assert "90532" not in log.read_text(encoding="utf-8")


@pytest.mark.parametrize("mode", ERAS)
async def test_an_e_mail_address_in_another_case_is_the_same_record(mode: Mode) -> None:
    def batch(*addresses: str) -> dict[str, Any]:
        record = {**CONSENTS["consents"][0], "channel": "EPOSTA"}
        return {"consents": [{**record, "recipient": address} for address in addresses]}

    async with hosted(mode=mode) as host:
        assert (await host.confirm(IYS_REGISTER, batch("Ali@Example.com", "veli@example.com")))["outcome"] == "done"
        for address in ("Ali@example.com", "ali@EXAMPLE.com"):
            preview = await host.call(IYS_REGISTER, batch(address))
            assert preview["warnings"][0].startswith("The same was declared at 10:00")
        part = await host.call(IYS_REGISTER, batch("VELI@example.com", "ayse@example.com"))
        assert "Of these 2 records 1 were declared before" in part["warnings"][0]
        assert "“VELI@example.com EPOSTA”" in part["warnings"][0]


@pytest.mark.parametrize("mode", ERAS)
async def test_records_of_unknown_outcome_are_warned_of_in_another_batch(mode: Mode) -> None:
    other = {**CONSENTS["consents"][0], "recipient": "05329998800"}
    async with hosted(replace(LIVE, language="tr"), mode=mode) as host:
        host.wire.broken = lost
        assert (await host.confirm(IYS_REGISTER, CONSENTS))["outcome"] == "unknown"
        host.wire.broken = None
        host.clock.advance(hours=25)
        preview = await host.call(IYS_REGISTER, consents=[*CONSENTS["consents"], other])
        assert preview["warnings"][0] == (
            "Bu 2 izin kaydından 1 tanesi daha önce bildirilmiş olabilir (son bildirim: 23.11.2026 Pazartesi 10:00), sonucu "
            "bilinmiyor: “+905329998877 MESAJ”. Yeniden bildirmeden önce iys_check ile bakın."
        )


async def test_it_is_said_in_turkish() -> None:
    async with hosted(replace(LIVE, language="tr")) as host:
        await host.confirm(SEND_SMS, SEND, text=TEXT)
        alike = await host.call(SEND_SMS, SEND, text=TEXT.lower())
        host.wire.broken = lost
        await host.confirm(IYS_REGISTER, CONSENTS)
        declared = await host.call(IYS_REGISTER, CONSENTS)
    assert alike["warnings"] == [
        "Neredeyse aynı okunan bir metin bu alıcıların bazılarına gönderildi (23.11.2026 Pazartesi 10:00)."
    ]
    assert declared["warnings"][0].startswith(
        "Aynı beyan daha önce verilmiş olabilir (23.11.2026 Pazartesi 10:00), sonucu"
    )


@pytest.mark.parametrize(
    ("language", "warning"),
    [("en", "This order was sent by ayse, not by you."), ("tr", "Bu gönderimi siz değil, ayse yaptı.")],
)
async def test_anothers_order_is_cancelled_under_a_warning(language: Any, warning: str, tmp_path: Path) -> None:
    settings = replace(LIVE, state_dir=tmp_path, language=language)
    async with hosted(replace(settings, operator_name="ayse")) as hers:
        order_id = (await hers.confirm(SEND_SMS, SEND, send_at="2026-11-25T10:00"))["order_id"]
        assert "warnings" not in await hers.call(CANCEL_ORDER, order_id=order_id)
        async with hosted(replace(settings, operator_name="mehmet"), clock=hers.clock, wire=hers.wire) as his:
            preview = await his.call(CANCEL_ORDER, order_id=order_id)
            assert preview["warnings"] == [warning]
            assert (await his.call(CANCEL_ORDER, order_id=order_id, confirm=preview["confirm"]))["outcome"] == "done"


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize(
    ("tool", "first", "second"),
    [
        (SEND_SMS, {**SEND, "text": TEXT}, {**SEND, "text": TEXT.lower()}),
        (IYS_REGISTER, CONSENTS, CONSENTS),
    ],
)
async def test_a_code_is_void_once_something_was_done_of_which_its_preview_would_have_warned(
    mode: Mode, tool: str, first: dict[str, Any], second: dict[str, Any]
) -> None:
    async with hosted(mode=mode) as host:
        early = await host.call(tool, second)
        await host.confirm(tool, first)
        answer = await host.call(tool, second, confirm=early["confirm"])
        assert answer["outcome"] == "nothing_done"
        assert answer["summary"].startswith(
            "After this code was issued the same, or nearly the same, was confirmed; its preview did not show that."
        )
        assert "at 10:00 on Monday 2026-11-23" in answer["warnings"][0]
        assert len(host.wire.requests) == 1
        # The registry takes no record twice.
        assert (await host.call(tool, second, confirm=answer["confirm"]))["outcome"] in {"done", "refused"}
        assert len(host.wire.requests) == 2


@pytest.mark.parametrize("mode", ERAS)
async def test_a_question_is_asked_anew_once_something_was_done_of_which_it_would_have_warned(
    mode: Mode, tmp_path: Path
) -> None:
    settings = replace(LIVE, state_dir=tmp_path)
    asked = Asked("accept", {"send": True})
    async with hosted(settings) as elsewhere:

        async def interrupted(context: Any, params: Any) -> Any:
            if not asked.shown:
                await elsewhere.confirm(SEND_SMS, SEND, text=TEXT)
            return await asked(context, params)

        async with hosted(
            settings, mode=mode, clock=elsewhere.clock, wire=elsewhere.wire, elicitation_callback=interrupted
        ) as host:
            answer = await host.call(SEND_SMS, SEND, text=TEXT.lower())
    assert answer["outcome"] == "done"
    assert [WARNING in form.message for form in asked.shown] == [False, True]
    assert len(elsewhere.wire.requests) == 2


async def test_a_preview_warns_of_what_was_done_before_its_code_was_issued(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, issue = replace(LIVE, state_dir=tmp_path), SqliteLedger.issue
    async with hosted(settings) as one, hosted(settings, clock=one.clock, wire=one.wire) as other:

        async def after_another(self: SqliteLedger, *arguments: Any) -> str:
            monkeypatch.setattr(SqliteLedger, "issue", issue)
            await other.confirm(SEND_SMS, SEND, text=TEXT)
            return await issue(self, *arguments)

        monkeypatch.setattr(SqliteLedger, "issue", after_another)
        preview = await one.call(SEND_SMS, SEND, text=TEXT.upper())
        answer = await one.call(SEND_SMS, SEND, text=TEXT.upper(), confirm=preview["confirm"])
    assert preview["warnings"] == [WARNING]
    assert answer["outcome"] == "done"
