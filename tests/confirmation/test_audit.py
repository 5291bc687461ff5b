"""The audit log: one line for each changing call, confirmed or refused."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import anyio
import anyio.lowlevel
import httpx
import mcp.types as mcp_types
import pytest

from iletimerkezi_mcp.confirmation.audit import AuditLog, AuditUnavailableError
from iletimerkezi_mcp.ledger.sqlite import SqliteLedger
from iletimerkezi_mcp.redaction import Redactor
from tests.calls import ADD_BLACKLIST, CANCEL_ORDER, GET_BALANCE, REGISTER_LIST, SEND_LIST, SEND_SMS
from tests.confirmation.scenes import Asked, sha256
from tests.hosting import ERAS, LIVE, ManualClock, Mode, Wire, hosted
from tests.loop_clock import LoopClock
from tests.tools.list_sends import CAMPAIGN, with_lists, write_list

SEND: dict[str, Any] = {
    "recipients": ["05321234567", "05331112233"],
    "text": "Gizli kod 4711.",
    "message_type": "transactional",
}
COMMERCIAL = {**SEND, "text": "Yüzde 20 indirim! RET yazıp 3300'e gönderin.", "message_type": "commercial",
              "iys_list": "BIREYSEL"}  # fmt: skip


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def ends(path: Path) -> list[dict[str, Any]]:
    """Return the lines on what came of a call."""
    return [line for line in lines(path) if line["outcome"] != "in_flight"]


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize(
    "text",
    [
        "Sayin {{ad”: HIV test sonucunuz pozitif “x}}, arayin",
        "{{ad”: HIV}}",
        "{{ad“ “HIV” ”}} {soyad}",
        "Kampanya {{”HIV ücretsiz indirim “}} fırsat",
    ],
)
async def test_quotation_marks_in_a_text_end_no_quote_of_a_warning(mode: Mode, text: str, tmp_path: Path) -> None:
    log = tmp_path / "audit.jsonl"
    async with hosted(replace(LIVE, audit_log=log, confirm="code"), mode=mode) as host:
        answer = await host.confirm(SEND_SMS, {**SEND, "text": text})
    assert answer["outcome"] == "done"
    assert any("HIV" in warning for warning in answer["warnings"])
    for warning in answer["warnings"]:
        assert "HIV" not in re.sub("“[^“”]*”", "", warning)
    assert "HIV" not in log.read_text(encoding="utf-8")


async def test_quotation_marks_in_a_label_end_no_quote_of_a_preview() -> None:
    later = {**SEND, "send_at": "2026-11-25T10:00", "label": "Kasım”, sent by nobody, “x"}
    async with hosted() as host:
        done = await host.confirm(SEND_SMS, later)
        answer = await host.call(CANCEL_ORDER, order_id=done["order_id"])
    assert done["label"] == 'Kasım", sent by nobody, "x'
    assert f"“{done['label']}”" in answer["preview"]


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize(
    "written", ["①05321234567", "05321234567¹", "١05321234567", "0532\n\n\n123 45 67", "*532*: 123 45 67"]
)
async def test_a_number_in_a_text_or_label_is_masked_in_preview_and_log(
    mode: Mode, written: str, tmp_path: Path
) -> None:
    log = tmp_path / "audit.jsonl"
    settings = replace(LIVE, audit_log=log, confirm="code", mask_numbers=True)
    async with hosted(settings, mode=mode) as host:
        arguments = {**SEND, "text": f"Ara: {written} bekleriz", "label": f"Ara {written}"}
        preview = await host.call(SEND_SMS, arguments)
        answer = await host.call(SEND_SMS, arguments, confirm=preview["confirm"])
    for shown in (preview["preview"], answer["label"], lines(log)[1]["label"]):
        plain = re.sub(r"\\u[0-9a-f]{4}", " ", shown)
        assert re.search(r"532[^0-9]*\*\*\*", plain)
        assert not re.search(r"123[^0-9]*45[^0-9]*67", plain)


@pytest.mark.parametrize("mode", ERAS)
async def test_a_confirmed_send_is_a_line_before_and_one_after_that_say_who_what_and_how(
    mode: Mode, tmp_path: Path
) -> None:
    log = tmp_path / "audit.jsonl"
    settings = replace(LIVE, audit_log=log, operator_name="Ayşe", confirm="code")
    client = mcp_types.Implementation(name="test-host", version="7")
    async with hosted(settings, mode=mode, client_info=client) as host:
        preview = await host.call(SEND_SMS, SEND, send_at="2026-11-25T10:00", label="Kasım")
        assert not log.exists() or lines(log) == []
        host.clock.advance(seconds=42)
        done = await host.call(SEND_SMS, SEND, send_at="2026-11-25T10:00", label="Kasım", confirm=preview["confirm"])
    before, line = lines(log)
    assert len(line.pop("change")) == 64
    assert {**before, "outcome": "done", "order_id": done["order_id"]} == {**line, "change": before["change"]}
    assert before["outcome"] == "in_flight"
    assert line == {
        "time": "2026-11-23T10:00:42+03:00",
        "mode": "live",
        "who": "Ayşe",
        "host": "test-host 7",
        "tool": SEND_SMS,
        "outcome": "done",
        "order_id": done["order_id"],
        "attempt": 1,
        "confirmed_by": "code",
        "way": "code",
        "seconds_since_preview": 42.0,
        "count": 2,
        "preview_digest": sha256(preview["preview"]),
        "message_type": "transactional",
        "sender": "FIRMAADI",
        "send_at": "2026-11-25T10:00+03:00",
        "credits": 2,
        "recipients": ["+90532*****67", "+90533*****33"],
        "label": "Kasım",
    }
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize("yes", [True, False])
async def test_what_a_person_was_shown_is_in_the_line_on_their_answer(mode: Mode, yes: bool, tmp_path: Path) -> None:
    log, person = tmp_path / "audit.jsonl", Asked("accept", {"send": yes})
    async with hosted(replace(LIVE, audit_log=log, mask_numbers=True), mode=mode, elicitation_callback=person) as host:
        await host.call(SEND_SMS, SEND)
    (asked,) = person.shown
    digests = {line["preview_digest"] for line in lines(log)}
    assert len(digests) == 1
    # The form holds the whole preview, and more.
    parts = asked.message.split("\n")
    texts = ["\n".join(parts[start:end]) for start in range(len(parts)) for end in range(start + 1, len(parts) + 1)]
    assert digests < set(map(sha256, texts))


@pytest.mark.parametrize("mode", ERAS)
async def test_what_a_model_was_shown_is_masked_if_numbers_are(mode: Mode, tmp_path: Path) -> None:
    log = tmp_path / "audit.jsonl"
    async with hosted(replace(LIVE, audit_log=log, mask_numbers=True), mode=mode) as host:
        preview = await host.call(SEND_SMS, SEND)
        await host.call(SEND_SMS, SEND, confirm=preview["confirm"])
    assert "*****" in preview["preview"]
    assert [line["preview_digest"] for line in lines(log)] == [sha256(preview["preview"])] * 2


async def test_what_another_process_has_shown_is_not_known(tmp_path: Path) -> None:
    log = tmp_path / "audit.jsonl"
    settings, clock = replace(LIVE, audit_log=log, state_dir=tmp_path / "state"), ManualClock()
    async with hosted(settings, clock=clock) as host:
        code = (await host.call(SEND_SMS, SEND))["confirm"]
    async with hosted(settings, clock=clock) as host:
        await host.call(SEND_SMS, SEND, confirm=code)
    assert [("preview_digest" in line, line["outcome"]) for line in lines(log)] == [
        (False, "in_flight"),
        (False, "done"),
    ]


async def test_a_caller_whom_nothing_names_is_not_identified(tmp_path: Path) -> None:
    log = tmp_path / "audit.jsonl"
    settings = replace(LIVE, audit_log=log, state_dir=tmp_path / "state")
    network = replace(settings, transport="streamable-http", no_auth=True)
    async with hosted(network) as host:
        done = await host.confirm(SEND_SMS, SEND, send_at="2026-11-25T10:00")
    async with hosted(settings) as host:
        cancelled = await host.call(CANCEL_ORDER, order_id=done["order_id"])
    assert {line["who"] for line in lines(log)} == {"not identified"}
    assert cancelled["warnings"] == ["Who sent this order is not known."]


async def test_a_persons_yes_is_recorded_as_such_with_the_warnings_shown(tmp_path: Path) -> None:
    async def yes(_: Any, __: Any) -> mcp_types.ElicitResult:
        return mcp_types.ElicitResult(action="accept", content={"send": True})

    log = tmp_path / "audit.jsonl"
    async with hosted(replace(LIVE, audit_log=log), elicitation_callback=yes) as host:
        await host.call(SEND_SMS, {**SEND, "text": "Merhaba {ad}, siparişiniz yolda."})
        await host.call(ADD_BLACKLIST, number="05321234567")
    sent, blocked = ends(log)
    assert sent["confirmed_by"] == "person"
    assert sent["warnings"][0].startswith("Placeholder not filled in")
    assert "{ad}" not in sent["warnings"][0]
    assert blocked["number"] == "+90532*****67"


@pytest.mark.parametrize(
    ("arguments", "outcome"),
    [
        ({**SEND, "confirm": "AAAAAAAAAAAA"}, "nothing_done"),
        ({**SEND, "recipients": ["nobody"]}, "nothing_done"),
        ({**SEND, "message_type": "commercial", "iys_list": "TACIR"}, "nothing_done"),
    ],
    ids=["code", "arguments", "limit"],
)
async def test_what_was_refused_is_a_line_too(arguments: dict[str, Any], outcome: str, tmp_path: Path) -> None:
    log = tmp_path / "audit.jsonl"
    async with hosted(replace(LIVE, audit_log=log, allow_commercial=False)) as host:
        await host.call(SEND_SMS, arguments)
        await host.call(GET_BALANCE, nonsense=True)
    (line,) = lines(log)
    assert (line["tool"], line["outcome"]) == (SEND_SMS, outcome)


async def test_a_change_without_credentials_is_a_line_too(tmp_path: Path) -> None:
    log = tmp_path / "audit.jsonl"
    async with hosted(replace(LIVE, audit_log=log, api_key=None)) as host:
        await host.call(SEND_SMS, SEND)
        await host.call(GET_BALANCE)
    (line,) = lines(log)
    assert (line["tool"], line["outcome"], line["reason"]) == (SEND_SMS, "nothing_done", "precondition")


async def test_a_refusal_says_that_it_lacks_its_line(tmp_path: Path) -> None:
    async with hosted(replace(LIVE, audit_log=tmp_path / "missing" / "audit.jsonl")) as host:
        answer = await host.call(SEND_SMS, {**SEND, "recipients": ["nobody"]})
    assert answer["outcome"] == "nothing_done"
    assert "lacks a line on this" in answer["summary"]


async def test_declined_held_back_unknown_and_refused_by_the_provider_are_lines(tmp_path: Path) -> None:
    log = tmp_path / "audit.jsonl"
    async with hosted(replace(LIVE, audit_log=log)) as host:
        await host.confirm(SEND_SMS, {**SEND, "recipients": ["+905000000402"]})
        await host.confirm(SEND_SMS, {**SEND, "recipients": ["+905000000900"]})
        await host.call(SEND_SMS, {**SEND, "recipients": ["+905000000900"]})
    assert [(line["outcome"], line.get("code")) for line in ends(log)] == [
        ("refused", 402),
        ("unknown", None),
        ("held_back", None),
    ]


@pytest.mark.parametrize("kept", ["none", "commercial"])
async def test_only_commercial_texts_are_kept_and_only_if_that_is_set(kept: str, tmp_path: Path) -> None:
    log = tmp_path / "audit.jsonl"
    settings = replace(LIVE, audit_log=log, audit_text="commercial" if kept == "commercial" else "none")
    async with hosted(settings) as host:
        await host.confirm(SEND_SMS, SEND)
        await host.confirm(SEND_SMS, COMMERCIAL)
    notice, campaign = ends(log)
    assert "text" not in notice
    assert campaign.get("text") == (COMMERCIAL["text"] if kept == "commercial" else None)
    assert "kod 4711" not in log.read_text(encoding="utf-8")
    assert "905321234567" not in log.read_text(encoding="utf-8")


@pytest.mark.parametrize("mode", ERAS)
async def test_without_its_log_nothing_is_done(mode: Mode, tmp_path: Path) -> None:
    missing = tmp_path / "missing" / "audit.jsonl"
    async with hosted(replace(LIVE, audit_log=missing), mode=mode) as host:
        answer = await host.call(SEND_SMS, SEND)
        assert (await host.call(GET_BALANCE))["outcome"] == "ok"
    assert answer["outcome"] == "nothing_done"
    assert "ILETIMERKEZI_AUDIT_LOG" in answer["summary"]
    assert "lacks a line" not in answer["summary"]
    assert host.wire.paths() == ["get-balance"]


async def test_a_line_that_could_not_follow_a_change_is_missed_in_the_answer_and_written_at_the_next_start(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "log"
    folder.mkdir()
    settings = replace(LIVE, audit_log=folder / "audit.jsonl", state_dir=tmp_path / "state")
    async with hosted(settings) as host:

        def vanish(_: Any) -> None:
            (folder / "audit.jsonl").unlink()
            folder.rmdir()

        host.wire.broken = vanish
        answer = await host.confirm(SEND_SMS, SEND)
    assert answer["outcome"] == "done"
    assert "lacks a line on this" in answer["summary"]
    assert "lacks a line on this" in caplog.text
    folder.mkdir()
    async with hosted(settings, clock=host.clock) as restarted:
        # The ledger answers in turn: what is owed was asked for first.
        await restarted.call(ADD_BLACKLIST, number="05321234567")
    (line,) = lines(folder / "audit.jsonl")
    assert (line["outcome"], line["order_id"], line["written_late"]) == ("done", answer["order_id"], True)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device here")
async def test_what_the_log_cannot_be_told_before_is_not_done() -> None:
    async with hosted(replace(LIVE, audit_log=Path("/dev/full"))) as host:
        answer = await host.confirm(SEND_SMS, SEND)
    assert answer["outcome"] == "nothing_done"
    assert "/dev/full cannot be written (the disk is full), and nothing is done without it" in answer["summary"]
    assert host.wire.paths() == []


async def test_a_log_that_reaches_its_size_limit_in_the_request_is_told_with_the_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = os.write

    def too_large(descriptor: int, line: bytes) -> int:
        if b'"outcome":"done"' in line:
            raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
        return write(descriptor, line)

    monkeypatch.setattr(os, "write", too_large)
    async with hosted(replace(LIVE, audit_log=tmp_path / "audit.jsonl")) as host:
        answer = await host.confirm(SEND_SMS, SEND)
    assert answer["outcome"] == "done"
    assert "lacks a line on this" in answer["summary"]
    assert os.strerror(errno.EFBIG) in answer["summary"]


async def test_a_send_whose_caller_has_hung_up_is_a_line_too(tmp_path: Path) -> None:
    log, begun, written = tmp_path / "audit.jsonl", anyio.Event(), anyio.Event()
    async with hosted(replace(LIVE, audit_log=log), mode="legacy") as host:
        code = (await host.call(SEND_SMS, SEND))["confirm"]
        real = host.wire.handle_async_request

        async def slow(request: httpx.Request) -> httpx.Response:
            begun.set()
            await written.wait()
            return await real(request)

        with pytest.MonkeyPatch.context() as patch, anyio.fail_after(60):
            patch.setattr(Wire, "handle_async_request", lambda _, request: slow(request))
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(host.client.call_tool, SEND_SMS, {**SEND, "confirm": code})
                await begun.wait()
                tasks.cancel_scope.cancel()
            written.set()
            while "under way" in (await host.call(SEND_SMS, SEND))["summary"]:
                """The request is still on its way."""
    assert [line["outcome"] for line in lines(log) if line.get("confirmed_by") == "code"] == ["in_flight", "done"]


async def test_it_holds_no_secrets(tmp_path: Path) -> None:
    log = tmp_path / "audit.jsonl"
    async with hosted(replace(LIVE, audit_log=log, operator_name="x live-key-7f3a y")) as host:
        await host.confirm(ADD_BLACKLIST, number="05321234567")
    assert "live-key-7f3a" not in log.read_text(encoding="utf-8")


async def test_numbers_are_masked_in_all_that_people_write_but_the_text_kept_for_proof(tmp_path: Path) -> None:
    async def yes(_: Any, __: Any) -> mcp_types.ElicitResult:
        return mcp_types.ElicitResult(action="accept", content={"send": True})

    log = tmp_path / "audit.jsonl"
    settings = replace(LIVE, audit_log=log, operator_name="Ayşe 0532_123_45_67", audit_text="commercial")
    client = mcp_types.Implementation(name="host +905321234567", version="7")
    text = "İndirim! Bilgi: 0850 123 45 67. RET yazıp 3300'e gönderin."
    async with hosted(settings, elicitation_callback=yes, client_info=client) as host:
        send = {**COMMERCIAL, "text": text, "sender": "05321234567", "label": "Ali 0532*123*45*67"}
        await host.call(SEND_SMS, send)
    before, line = lines(log)
    assert (line["change"], line["text"]) == (before["change"], text)
    assert line["label"] == "Ali 0532********67"
    assert line["sender"] == "0532*****67"
    assert line["host"] == "host +90532*****67 7"
    assert line["who"] == "Ayşe 0532_***_**_67"
    assert not re.search("123.?45", log.read_text(encoding="utf-8").replace(text, ""))


async def test_what_a_host_or_a_text_says_neither_ends_a_line_nor_steers_a_terminal(tmp_path: Path) -> None:
    log = tmp_path / "audit.jsonl"
    signs = "\x9b2J\x85\u2028\u202e\u200d\x7f\U000e0041\ufeff"
    client = mcp_types.Implementation(name=f'ş{signs}{{"tool":"x"}}', version="7")
    text = f"İndirim 🎉{signs}! RET yazıp 3300'e gönderin."
    async with hosted(replace(LIVE, audit_log=log, audit_text="commercial"), client_info=client) as host:
        await host.confirm(SEND_SMS, {**COMMERCIAL, "text": text})
    written = log.read_text(encoding="utf-8")
    assert len(written.splitlines()) == 2
    assert all(line.isprintable() for line in written.splitlines())
    assert [(line["host"], line["text"]) for line in lines(log)] == [(f'ş{signs}{{"tool":"x"}} 7', text)] * 2
    assert "İndirim 🎉" in written


@pytest.mark.parametrize("before", [85, 90])
async def test_a_hosts_name_is_cut_so_that_no_secret_and_no_number_is_left_in_part(before: int, tmp_path: Path) -> None:
    log = tmp_path / "audit.jsonl"
    for end in (LIVE.secrets[0], "05321234567"):
        client = mcp_types.Implementation(name="x" * before + end, version="7")
        async with hosted(replace(LIVE, audit_log=log), client_info=client) as host:
            await host.confirm(ADD_BLACKLIST, number="05321234567")
    hosts = [line["host"] for line in lines(log)]
    assert all(len(name) <= 100 for name in hosts)
    assert not re.search("live|05321", " ".join(hosts))


async def test_the_login_name_is_used_if_no_other_is_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import getpass

    log = tmp_path / "audit.jsonl"
    monkeypatch.setattr(getpass, "getuser", lambda: "mehmet")
    async with hosted(replace(LIVE, audit_log=log)) as host:
        await host.confirm(ADD_BLACKLIST, number="05321234567")

    def nobody() -> str:
        raise KeyError("no such user")

    monkeypatch.setattr(getpass, "getuser", nobody)
    async with hosted(replace(LIVE, audit_log=log)) as host:
        await host.confirm(ADD_BLACKLIST, number="05321234567")
    assert [line["who"] for line in ends(log)] == ["mehmet", "not identified"]


async def test_a_log_that_others_may_read_is_made_private_again(tmp_path: Path) -> None:
    log = tmp_path / "audit.jsonl"
    log.touch()
    log.chmod(0o644)
    async with hosted(replace(LIVE, audit_log=log)) as host:
        await host.call(SEND_SMS, SEND)
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


async def test_a_log_that_others_may_read_while_the_server_runs_is_made_private_within_the_hour(tmp_path: Path) -> None:
    log, loop = tmp_path / "audit.jsonl", LoopClock()
    async with hosted(replace(LIVE, audit_log=log)) as host:
        await host.call(SEND_SMS, SEND)
        await loop.tick(60)
        # The ledger answers in turn: after the round that began with that minute.
        await host.call(SEND_SMS, SEND)
        log.chmod(0o644)
        await loop.tick(3_600)
        with anyio.fail_after(60):
            while stat.S_IMODE(log.stat().st_mode) != 0o600:
                await anyio.lowlevel.checkpoint()


def test_a_device_keeps_its_rights(monkeypatch: pytest.MonkeyPatch) -> None:
    changed: list[int] = []
    monkeypatch.setattr(os, "fchmod", lambda descriptor, _: changed.append(descriptor))
    AuditLog(Path(os.devnull), Redactor(())).append({"tool": SEND_SMS})
    assert changed == []


async def test_a_pipe_without_a_reader_does_not_block_the_server(tmp_path: Path) -> None:
    pipe = tmp_path / "audit.pipe"
    os.mkfifo(pipe)
    with anyio.fail_after(60):
        async with hosted(replace(LIVE, audit_log=pipe)) as host:
            answer = await host.call(SEND_SMS, SEND)
    assert answer["outcome"] == "nothing_done"
    assert "ILETIMERKEZI_AUDIT_LOG" in answer["summary"]
    assert "lacks a line" not in answer["summary"]


async def test_on_a_full_disk_nothing_is_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    full = list(os.statvfs(tmp_path))
    full[4] = 1
    monkeypatch.setattr(os, "fstatvfs", lambda _: os.statvfs_result(full))
    async with hosted(replace(LIVE, audit_log=tmp_path / "audit.jsonl")) as host:
        answer = await host.call(SEND_SMS, SEND)
    assert answer["outcome"] == "nothing_done"
    assert "(the disk is full)" in answer["summary"]
    assert host.wire.paths() == []


def test_a_line_that_was_cut_off_does_not_spoil_the_next_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log, another = (AuditLog(tmp_path / "audit.jsonl", Redactor(())) for _ in range(2))
    write = os.write
    with monkeypatch.context() as full:
        full.setattr(os, "write", lambda descriptor, line: write(descriptor, line[:5]))
        with pytest.raises(AuditUnavailableError, match="the disk is full"):
            log.append({"tool": SEND_SMS})
    # Another process, or this one after a restart, knows nothing of it.
    another.append({"tool": CANCEL_ORDER})
    log.append({"tool": ADD_BLACKLIST})
    assert (tmp_path / "audit.jsonl").read_text(encoding="utf-8").splitlines()[1:] == [
        '{"tool":"cancel_order"}',
        '{"tool":"add_blacklist"}',
    ]


async def test_a_line_on_a_list_has_the_digest_of_its_file(tmp_path: Path) -> None:
    log, people = tmp_path / "audit.jsonl", write_list(tmp_path, 3)
    consents = tmp_path / "izinler.csv"
    consents.write_text(
        "Telefon;İzin Durumu;İzin Kaynağı;İzin Tarihi\n05321234567;ONAY;HS_WEB;20.11.2026 11:47:13\n", encoding="utf-8"
    )
    own = replace(LIVE, audit_log=log, test_number="+905399999999")
    async with with_lists(tmp_path, settings=own) as host:
        await host.confirm(SEND_LIST, CAMPAIGN, test=True)
        await host.confirm(SEND_LIST, CAMPAIGN)
        await host.confirm(REGISTER_LIST, file="izinler.csv", recipient_type="BIREYSEL", channel="MESAJ")
    whole = [line for line in lines(log) if "series" not in line]
    assert [(line["tool"], line["file_digest"]) for line in whole] == [
        *[(SEND_LIST, hashlib.sha256(people.read_bytes()).hexdigest())] * 4,
        *[(REGISTER_LIST, hashlib.sha256(consents.read_bytes()).hexdigest())] * 2,
    ]
    assert all(len(line["preview_digest"]) == 64 for line in whole)
    assert not any("preview_digest" in line for line in lines(log) if "series" in line)


async def test_a_late_line_on_a_campaign_has_the_digest_of_its_file_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log, people, clock = tmp_path / "audit.jsonl", write_list(tmp_path, 3), ManualClock()
    settings = replace(LIVE, audit_log=log, state_dir=tmp_path / "state")
    with monkeypatch.context() as unwritten:
        unwritten.setattr(AuditLog, "append", lambda *_: None)
        unwritten.setattr(SqliteLedger, "mark_audited", _not_now)
        async with with_lists(tmp_path, settings=settings, clock=clock) as host:
            await host.confirm(SEND_LIST, CAMPAIGN)
    async with with_lists(tmp_path, settings=settings, clock=clock) as host:
        with anyio.fail_after(60):
            while not log.exists() or len(lines(log)) < 2:
                await host.call(GET_BALANCE)
    assert [line.get("file_digest") for line in lines(log)] == [hashlib.sha256(people.read_bytes()).hexdigest(), None]


async def _not_now(*_: Any) -> None:
    """Leave the line owed."""
