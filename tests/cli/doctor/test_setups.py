"""Set-ups as people have them, most of them broken, and the verdict on each: real processes, real sockets."""

from __future__ import annotations

import os
import shutil
import socket
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from iletimerkezi_mcp.cli import main
from iletimerkezi_mcp.cli.doctor import launcher
from iletimerkezi_mcp.cli.doctor.configuration import read_configuration, settings_findings
from iletimerkezi_mcp.cli.doctor.report import Subject
from iletimerkezi_mcp.sandbox.database import SandboxDatabase
from iletimerkezi_mcp.sandbox.http import serving
from iletimerkezi_mcp.sandbox.magic_numbers import UNSUBSCRIBED_BRAND, WRONG_KEY
from iletimerkezi_mcp.sandbox.provider import Provider
from iletimerkezi_mcp.settings import PREFIX, SETTINGS
from tests.processes import UNPRIVILEGED
from tests.provider.scripted import Step, answer, drop

from .clinic import BALANCE, HASH, KEY, called, certified, greeted, refused, scripted, senders, visited


@pytest.fixture
def provider() -> Iterator[Provider]:
    with SandboxDatabase() as database:
        yield Provider(database)


async def test_a_sound_live_set_up_is_found_sound(tmp_path: Path, provider: Provider) -> None:
    async with serving(provider) as origin:
        visit = await called(tmp_path, API_URL=origin)
    assert visit.code == 0
    for subject in ("settings", "credentials", "address", "clock", "account", "sender", "character_mode"):
        assert visit.verdicts(subject) == ["ok"], visit.advice(subject)
    for subject in ("limits", "confirmation", "audit_log", "state_folder", "ledger", "transport"):
        assert visit.verdicts(subject) == ["ok"], visit.advice(subject)
    assert visit.verdicts("brand_code") == ["not_checked"]
    assert "not verified" in visit.advice("brand_code")
    assert "100,000 SMS credits" in visit.advice("account")


async def test_the_provider_is_asked_for_nothing_but_balance_and_senders(tmp_path: Path) -> None:
    async with scripted(greeted(), BALANCE, senders("FIRMAADI")) as server:
        visit = await visited(tmp_path, API_URL=server.url)
    assert visit.code == 0
    assert [seen.line.rpartition(" ")[0] for seen in server.requests] == [
        "HEAD /",
        "POST /v1/get-balance/json",
        "POST /v1/get-sender/json",
    ]
    assert server.requests[0].body == b""


async def test_the_sandbox_is_found_sound_without_anything_set(tmp_path: Path) -> None:
    visit = await called(
        tmp_path,
        "--sandbox",
        API_KEY=None,
        API_HASH=None,
        API_URL=None,
        SENDER=None,
        BRAND_CODE=None,
        CHARSET=None,
        AUDIT_LOG=None,
    )
    assert visit.code == 0
    assert visit.verdicts("clock") == ["not_checked"]
    assert {one["verdict"] for one in visit.findings if one["subject"] != "clock"} == {"ok"}
    assert "The sandbox knows 123456." in visit.advice("brand_code")


async def test_a_brand_without_a_subscription_is_told_in_the_sandbox(tmp_path: Path) -> None:
    visit = await visited(tmp_path, "--sandbox", BRAND_CODE=UNSUBSCRIBED_BRAND)
    assert visit.wrong() == {"brand_code"}
    assert "no active İYS subscription (403)" in visit.advice("brand_code")


async def test_a_sandbox_that_lasts_is_looked_at_and_none_is_made(tmp_path: Path) -> None:
    assert (await visited(tmp_path, "--sandbox", STATE_DIR=str(tmp_path / "kept"))).code == 0
    SandboxDatabase(tmp_path / "sandbox" / "world.sqlite3").close()
    known = await visited(tmp_path, "--sandbox", STATE_DIR=str(tmp_path))
    other = await visited(tmp_path, "--sandbox", STATE_DIR=str(tmp_path), BRAND_CODE="999")
    assert (known.code, known.verdicts("brand_code")) == (0, ["ok"])
    assert (other.code, other.verdicts("brand_code")) == (0, ["warning"])
    (tmp_path / "sandbox" / "world.sqlite3").write_bytes(b"another program's" * 100)
    damaged = await visited(tmp_path, "--sandbox", STATE_DIR=str(tmp_path))
    assert damaged.wrong() == {"address"}
    assert "Delete it to start afresh" in damaged.advice("address")


def test_without_any_setting_the_defaults_apply() -> None:
    (finding,) = settings_findings(read_configuration({}, {}), {})
    assert (finding.verdict, finding.summary.en) == ("ok", "Nothing is set; the defaults apply.")


async def test_a_tool_that_does_not_exist_is_a_setting_that_cannot_be_used(tmp_path: Path) -> None:
    visit = await visited(tmp_path, "--sandbox", TOOLS="get_balance,send_mms")
    assert visit.wrong() == {"settings"}
    assert "ILETIMERKEZI_TOOLS names send_mms, which is not a tool" in visit.advice("settings")


async def test_the_folder_of_the_lists_is_named_with_how_much_lies_there(tmp_path: Path) -> None:
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "a.csv").write_text("")
    visit = await visited(tmp_path, "--sandbox", FILES_DIR=str(tmp_path / "lists"))
    assert (visit.code, visit.verdicts("lists")) == (0, ["ok"])
    assert f"1 list in {tmp_path / 'lists'}" in visit.advice("lists")
    missing = await visited(tmp_path, "--sandbox", FILES_DIR=str(tmp_path / "none"))
    assert missing.wrong() == {"lists"}
    assert "ILETIMERKEZI_FILES_DIR" in missing.advice("lists")
    unreadable = await visited(tmp_path, "--sandbox", FILES_DIR=str(tmp_path / "lists" / "a.csv"))
    assert (unreadable.wrong(), unreadable.verdicts("lists")) == ({"settings"}, ["not_checked"])
    assert (await visited(tmp_path, "--sandbox")).verdicts("lists") == []


async def test_without_credentials_the_address_is_checked_all_the_same(tmp_path: Path) -> None:
    async with scripted(greeted()) as server:
        visit = await called(tmp_path, API_URL=server.url, API_KEY=None, API_HASH=None)
    assert visit.wrong() == {"credentials"}
    assert "Settings > Security > API Access" in visit.advice("credentials")
    assert (visit.verdicts("address"), visit.verdicts("account")) == (["ok"], ["not_checked"])


@pytest.mark.parametrize(
    ("key", "hashed", "summary"),
    [
        ("${ILETIMERKEZI_API_KEY}", HASH, "placeholder that was not expanded"),
        ("$IM_KEY", HASH, "ILETIMERKEZI_API_KEY is a placeholder"),
        ("%IM_KEY%", HASH, "ILETIMERKEZI_API_KEY is a placeholder"),
        ("your-api-key", HASH, "ILETIMERKEZI_API_KEY is a placeholder"),
        ("YOUR_KEY", HASH, "ILETIMERKEZI_API_KEY is a placeholder"),
        ("ILETIMERKEZI_API_KEY", HASH, "is a placeholder, not a value."),
        (KEY, "<API hash>", "ILETIMERKEZI_API_HASH is a placeholder"),
        (KEY, "xxxxxxxx", "ILETIMERKEZI_API_HASH is a placeholder"),
        (f'"{KEY}"', HASH, "ILETIMERKEZI_API_KEY has blanks or quotes"),
        (KEY, f"{HASH}\n", "ILETIMERKEZI_API_HASH has blanks or quotes"),
        (KEY, KEY, "the same value"),
        (KEY, None, "ILETIMERKEZI_API_KEY is set and ILETIMERKEZI_API_HASH is not"),
        (None, HASH, "ILETIMERKEZI_API_HASH is set and ILETIMERKEZI_API_KEY is not"),
    ],
)
async def test_a_placeholder_and_a_half_credential_go_to_nobody(
    tmp_path: Path, key: str | None, hashed: str | None, summary: str
) -> None:
    async with scripted(greeted()) as server:
        visit = await visited(tmp_path, API_URL=server.url, API_KEY=key, API_HASH=hashed)
    assert visit.wrong() == {"credentials"}
    assert summary in visit.advice("credentials")
    assert visit.verdicts("account") == ["not_checked"]
    assert [seen.line for seen in server.requests] == ["HEAD / HTTP/1.1"]


async def test_a_key_unlike_the_panels_is_tried_and_only_warned_of(tmp_path: Path) -> None:
    async with scripted(greeted(), BALANCE, senders("FIRMAADI")) as server:
        visit = await visited(tmp_path, API_URL=server.url, API_KEY="Zq9-unlike-others")
    assert (visit.code, visit.verdicts("credentials")) == (0, ["warning"])
    assert "Zq9" not in visit.output


async def test_a_refused_connection(tmp_path: Path) -> None:
    visit = await called(tmp_path)
    assert visit.wrong() == {"address"}
    assert "the connection was refused" in visit.advice("address")
    for subject in ("clock", "account", "sender"):
        assert visit.verdicts(subject) == ["not_checked"]


async def test_an_unknown_host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown_name(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown_name)
    visit = await visited(tmp_path, API_URL="https://api.iletimerkez.invalid")
    assert visit.wrong() == {"address"}
    assert "name was not found (DNS)" in visit.advice("address")
    assert "https://api.iletimerkez.invalid" in visit.advice("address")


async def test_a_certificate_that_is_not_trusted_and_the_same_once_it_is(tmp_path: Path) -> None:
    tls, certificate = certified(tmp_path)
    async with scripted(greeted(), BALANCE, senders("FIRMAADI"), tls=tls) as server:
        stranger = await called(tmp_path, API_URL=server.url)
        assert server.requests == []
        known = await visited(tmp_path, API_URL=server.url, SSL_CERT_FILE=str(certificate))
    assert stranger.wrong() == {"address"}
    assert "is not trusted, so the key was not sent to it" in stranger.advice("address")
    assert "SSL_CERT_FILE" in stranger.advice("address")
    assert known.code == 0
    assert "its certificate is trusted" in known.advice("address")


async def test_a_proxy_that_is_not_there(tmp_path: Path) -> None:
    visit = await visited(tmp_path, API_URL="https://api.example.invalid", HTTPS_PROXY="http://u:geheim@127.0.0.1:1")
    assert visit.wrong() == {"address"}
    assert "HTTPS_PROXY" in visit.advice("address")
    assert "geheim" not in visit.output


@pytest.mark.parametrize(
    ("off", "verdict", "summary"),
    [
        (timedelta(hours=3, minutes=2), "wrong", "3 h behind"),
        (timedelta(minutes=-10, seconds=-10), "wrong", "10 min ahead of"),
        (timedelta(days=-4, hours=-1), "wrong", "4 days ahead of"),
        (timedelta(seconds=-80), "wrong", " s ahead of"),
    ],
)
async def test_a_clock_that_is_off(tmp_path: Path, off: timedelta, verdict: str, summary: str) -> None:
    async with scripted(greeted(off), BALANCE, senders("FIRMAADI")) as server:
        visit = await visited(tmp_path, API_URL=server.url)
    assert visit.verdicts("clock") == [verdict]
    assert summary in visit.advice("clock")
    assert "NTP" in visit.advice("clock")
    assert "scheduled messages are refused" in visit.advice("clock")


@pytest.mark.parametrize(
    "greeting",
    [answer(b""), answer(b"", date="yesterday"), answer(b"", date="Wed, 01 Jan 2020 00:00:00 GMT", age="9")],
    ids=["none", "no date", "a cache's"],
)
async def test_a_greeting_without_a_time_of_its_own_says_nothing_of_the_clock(tmp_path: Path, greeting: Step) -> None:
    async with scripted(greeting, BALANCE, senders("FIRMAADI")) as server:
        visit = await visited(tmp_path, API_URL=server.url)
    assert (visit.code, visit.verdicts("clock")) == (0, ["not_checked"])


async def test_an_account_that_is_not_let_in_is_told_the_three_causes_in_order(tmp_path: Path) -> None:
    async with scripted(greeted(), refused(401)) as server:
        visit = await called(tmp_path, API_URL=server.url)
    assert visit.wrong() == {"account"}
    advice = visit.advice("account")
    places = [advice.index(cause) for cause in ("(401)", "Allow API access", "key and hash", "allowed IP addresses")]
    assert places == sorted(places)
    assert visit.verdicts("sender") == ["not_checked"]


async def test_what_keeps_the_account_out_is_told_once(tmp_path: Path) -> None:
    visit = await visited(tmp_path, SANDBOX="1", API_KEY=WRONG_KEY)
    assert visit.wrong() == {"account"}
    assert visit.verdicts("brand_code") == ["not_checked"]


async def test_the_sandboxs_wrong_key_is_wrong_to_the_doctor_too(tmp_path: Path, provider: Provider) -> None:
    async with serving(provider) as origin:
        visit = await visited(tmp_path, API_URL=origin, API_KEY=WRONG_KEY)
    assert visit.wrong() == {"account"}
    assert visit.verdicts("credentials") == ["warning"]


@pytest.mark.parametrize(
    ("step", "summary"),
    [
        (refused(429, retry_after="90"), "throttling this account for now (429). Try again in 90 s, not before."),
        (refused(503, retry_after="90"), "(503). Try again in 90 s, not before."),
        (answer(b"<html>Please log in</html>"), "something that is not the provider's API"),
        (answer(b"", 302, location="http://127.0.0.1:1/"), "something that is not the provider's API"),
        (answer(b"", 308, location="http://127.0.0.1:1/"), "answers with a redirect, which is never followed"),
        (answer(b"", 404), "ILETIMERKEZI_API_URL"),
        (refused(402), "(402)"),
    ],
    ids=["throttled", "unavailable", "a page", "a redirect to a page", "a redirect", "another server", "a code"],
)
async def test_an_account_that_cannot_be_read(tmp_path: Path, step: Step, summary: str) -> None:
    async with scripted(greeted(), step) as server:
        visit = await visited(tmp_path, API_URL=server.url)
    assert visit.wrong() == {"account"}
    assert summary in visit.advice("account")
    assert visit.verdicts("address") == ["ok"]


async def test_a_server_that_does_not_answer_a_greeting_may_still_answer_the_account(tmp_path: Path) -> None:
    async with scripted(drop, drop, drop, BALANCE, senders("FIRMAADI")) as server:
        visit = await visited(tmp_path, API_URL=server.url)
    assert visit.code == 0
    assert (visit.verdicts("address"), visit.verdicts("clock")) == (["not_checked"], ["not_checked"])
    assert visit.verdicts("account") == ["ok"]


async def test_an_empty_account_is_a_warning(tmp_path: Path) -> None:
    empty = answer({"response": {"status": {"code": 200}, "balance": {"amount": 0, "sms": 0}}})
    async with scripted(greeted(), empty, senders("FIRMAADI")) as server:
        visit = await visited(tmp_path, API_URL=server.url)
    assert (visit.code, visit.verdicts("account")) == (0, ["warning"])
    assert "Top up" in visit.advice("account")


@pytest.mark.parametrize(
    ("sender", "approved", "summary"),
    [
        ("Firmaadi", ("FIRMAADI", "DEMO"), "“FIRMAADI” is; case and spaces count. Write “FIRMAADI”"),
        ("FIRMA ADI", ("FIRMAADI", "DEMO"), "“FIRMAADI” is; case and spaces count."),
        ("FIRMADI", ("DEMO", "FIRMAADI"), "“FIRMAADI” is; case and spaces count."),
        ("ACME", ("FIRMAADI", "DEMO"), "Write an approved one in ILETIMERKEZI_SENDER: “FIRMAADI”, “DEMO”."),
        ("ACME", tuple("ABCDEFG"), "“A”, “B”, “C”, “D”, “E”, …."),
        ("ACME", (), "Apply for one in the panel"),
    ],
)
async def test_a_sender_that_is_not_approved_and_the_one_that_was_meant(
    tmp_path: Path, sender: str, approved: tuple[str, ...], summary: str
) -> None:
    async with scripted(greeted(), BALANCE, senders(*approved)) as server:
        visit = await visited(tmp_path, API_URL=server.url, SENDER=sender)
    assert visit.wrong() == {"sender"}
    assert f"“{sender}” is not approved" in visit.advice("sender")
    assert summary in visit.advice("sender")


async def test_senders_that_are_allowed_here_and_not_approved_there(tmp_path: Path) -> None:
    async with scripted(greeted(), BALANCE, senders("FIRMAADI", "DEMO")) as server:
        visit = await visited(tmp_path, API_URL=server.url, ALLOWED_SENDERS="DEMO,Dem o")
    assert visit.verdicts("sender") == ["ok", "wrong", "wrong"]
    assert "“FIRMAADI” is not in ILETIMERKEZI_ALLOWED_SENDERS" in visit.advice("sender")
    assert "“DEMO” is; case and spaces count. Write “DEMO” in ILETIMERKEZI_ALLOWED_SENDERS." in visit.advice("sender")


@pytest.mark.parametrize(("approved", "next_step"), [(("A", "B"), "one of: “A”, “B”."), ((), "Apply for one")])
async def test_no_sender_and_no_brand_code_are_no_fault(
    tmp_path: Path, approved: tuple[str, ...], next_step: str
) -> None:
    async with scripted(greeted(), BALANCE, senders(*approved)) as server:
        visit = await visited(tmp_path, API_URL=server.url, SENDER=None, BRAND_CODE=None)
    assert visit.code == 0
    assert (visit.verdicts("sender"), visit.verdicts("brand_code")) == (["warning"], ["not_checked"])
    assert next_step in visit.advice("sender")


async def test_senders_that_cannot_be_read(tmp_path: Path) -> None:
    async with scripted(greeted(), BALANCE, refused(403)) as server:
        visit = await visited(tmp_path, API_URL=server.url)
    assert visit.wrong() == {"sender"}


async def test_every_setting_that_cannot_be_read_is_named_and_the_rest_is_checked(tmp_path: Path) -> None:
    async with scripted(greeted(), BALANCE) as server:
        visit = await called(
            tmp_path, "--max-recipients", "many", API_URL=server.url, SENDER="ŞİRKET", CHARSET="latin", BRAND_CODE="x"
        )
    assert visit.wrong() == {"settings"}
    assert visit.verdicts("settings") == ["wrong"] * 4
    for name in ("SENDER", "CHARSET", "BRAND_CODE"):
        assert f"ILETIMERKEZI_{name} must" in visit.advice("settings")
    assert "--max-recipients (ILETIMERKEZI_MAX_RECIPIENTS) must" in visit.advice("settings")
    assert (visit.verdicts("account"), visit.verdicts("sender")) == (["ok"], ["not_checked"])
    for subject in ("limits", "character_mode", "brand_code"):
        assert visit.verdicts(subject) == ["not_checked"]
    assert visit.verdicts("state_folder") == ["ok"]


async def test_with_an_address_that_cannot_be_read_nobody_is_asked(tmp_path: Path) -> None:
    visit = await visited(tmp_path, API_URL="api.iletimerkezi.com", CONFIRM="x", AUDIT_LOG=str(tmp_path), TRANSPORT="x")
    assert visit.wrong() == {"settings"}
    for subject in ("address", "clock", "account", "sender"):
        assert visit.verdicts(subject) == ["not_checked"]
    assert visit.verdicts("credentials") == ["ok"]
    for subject in ("ledger", "confirmation", "audit_log", "transport", "uvx"):
        assert visit.verdicts(subject) == ["not_checked"]


@pytest.mark.parametrize("name", ["ALLOW_ORIGIN", "NO_AUTH", "STATELESS"])
async def test_a_transport_is_not_judged_where_one_of_its_settings_cannot_be_read(name: str, tmp_path: Path) -> None:
    tokens = "cron:0123456789abcdef0123456789abcdef"
    visit = await visited(tmp_path, TRANSPORT="streamable-http", HTTP_TOKEN=tokens, **{name: "CANARY"})
    assert (visit.verdicts("settings"), visit.verdicts("transport")) == (["wrong"], ["not_checked"])


async def test_neither_the_key_nor_its_account_is_looked_at_where_nobody_knows_whether_it_is_the_sandbox(
    tmp_path: Path,
) -> None:
    visit = await visited(tmp_path, SANDBOX="maybe")
    assert visit.wrong() == {"settings"}
    for subject in ("credentials", "address", "account", "brand_code", "state_folder", "ledger"):
        assert visit.verdicts(subject) == ["not_checked"]


async def test_every_subject_is_told_of_however_little_can_be_read(tmp_path: Path) -> None:
    spoilt = {setting.variable.removeprefix(PREFIX): "${NAME}" for setting in SETTINGS}
    visit = await visited(tmp_path, **{**spoilt, "LANG": "en"})
    assert {subject.name.lower() for subject in Subject} == {one["subject"] for one in visit.findings}


async def test_a_state_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    visit = await visited(tmp_path, STATE_DIR=str(tmp_path / "file"))
    assert visit.wrong() == {"settings", "address"}
    assert "must be a folder" in visit.advice("settings")
    assert visit.verdicts("state_folder") == ["not_checked"]


async def test_a_variable_that_is_no_setting_is_told_with_the_one_that_is_meant(tmp_path: Path) -> None:
    visit = await visited(tmp_path, "--sandbox", APIKEY="canary", ZZZ="1")
    assert visit.verdicts("settings") == ["ok", "warning", "warning"]
    assert "ILETIMERKEZI_APIKEY is not a setting and is not read. Rename it to ILETIMERKEZI_API_KEY" in visit.advice(
        "settings"
    )
    assert "ILETIMERKEZI_ZZZ is not a setting and is not read. Remove it" in visit.advice("settings")
    assert "canary" not in visit.output


async def test_a_state_folder_below_a_file_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    visit = await called(tmp_path, STATE_DIR=str(tmp_path / "file" / "state"))
    assert visit.wrong() == {"address", "state_folder"}
    assert "is not a folder, and none can be created there" in visit.advice("state_folder")


@pytest.mark.skipif(sys.platform == "win32", reason="rights as POSIX has them")
@pytest.mark.parametrize("below", ["", "state"])
async def test_a_state_folder_that_may_not_be_written_to(tmp_path: Path, below: str) -> None:
    if os.geteuid() == 0 and shutil.which(UNPRIVILEGED[0]) is None:
        pytest.skip("the superuser can write everywhere")
    folder = tmp_path / "closed"
    folder.mkdir()
    folder.chmod(0o555)
    try:
        before = tuple(UNPRIVILEGED) if os.geteuid() == 0 else ()
        visit = await called(tmp_path, before=before, STATE_DIR=str(folder / below))
    finally:
        folder.chmod(0o700)
    assert visit.wrong() == {"address", "state_folder"}
    assert "cannot be written to. Give the user who runs this server write access there" in visit.advice("state_folder")


async def test_a_live_set_up_that_changes_things_without_an_audit_log_is_warned_of(tmp_path: Path) -> None:
    changing = await visited(tmp_path, AUDIT_LOG=None)
    reading = await visited(tmp_path, "--read-only", AUDIT_LOG=None)
    assert changing.verdicts("audit_log") == ["warning"]
    assert "does not write down who did what. Set ILETIMERKEZI_AUDIT_LOG" in changing.advice("audit_log")
    assert reading.verdicts("audit_log") == ["ok"]


@pytest.mark.parametrize("path", ["no/such/audit.jsonl", "ledger.key/audit.jsonl"])
async def test_an_audit_log_that_cannot_be_written(tmp_path: Path, path: str) -> None:
    (tmp_path / "ledger.key").write_text("", encoding="utf-8")
    visit = await visited(tmp_path, AUDIT_LOG=str(tmp_path / path))
    assert visit.wrong() == {"address", "audit_log"}
    assert "cannot be written" in visit.advice("audit_log")


async def test_an_audit_log_that_exists_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "audit.jsonl").write_text("{}\n", encoding="utf-8")
    assert (await visited(tmp_path)).verdicts("audit_log") == ["ok"]


async def test_what_is_unknown_and_who_says_yes_are_told(tmp_path: Path) -> None:
    visit = await visited(
        tmp_path,
        CHARSET=None,
        CONFIRM="code",
        MAX_CREDITS_PER_DAY="none",
        ALLOW_COMMERCIAL="0",
        ALLOWED_SENDERS="FIRMAADI",
        ALLOWED_RECIPIENTS="+90533*,+905321234567",
    )
    assert (visit.verdicts("character_mode"), visit.verdicts("confirmation")) == (["warning"], ["warning"])
    assert visit.advice("limits").startswith(
        "1,000 recipients in an hour, all texts together; credits without limit; 1,000 consents a day; no commercial "
        "messages; senders FIRMAADI; recipients on a list of 2."
    )


@pytest.mark.parametrize(
    ("confirm", "verdict", "advice"),
    [
        (
            "form,code",
            "ok",
            "A person confirms in a form; if the host cannot ask, a code does: at most 99 recipients an hour.",
        ),
        ("form", "ok", "Only a person confirms, in a form. ILETIMERKEZI_CONFIRM changes that."),
        ("page,code", "ok", "Only a code confirms: at most 99 recipients an hour."),
        (
            "page",
            "warning",
            "only a page is allowed, and none can open here. ILETIMERKEZI_CONFIRM=auto has a person asked.",
        ),
        ("code", "warning", "A code confirms a change of any size; no person is asked. ILETIMERKEZI_CONFIRM=auto has"),
    ],
)
async def test_the_ways_that_are_on_are_told(tmp_path: Path, confirm: str, verdict: str, advice: str) -> None:
    visit = await visited(tmp_path, CONFIRM=confirm, TRANSPORT="streamable-http")
    assert visit.verdicts("confirmation") == [verdict]
    assert advice in visit.advice("confirmation")


@pytest.mark.parametrize("changed", [{}, {"CONFIRM": "human"}, {"CONFIRM": "code"}, {"READ_ONLY": "1"}])
@pytest.mark.parametrize("language", ["en", "tr"])
async def test_who_confirms_is_told_in_a_line(tmp_path: Path, changed: dict[str, str], language: str) -> None:
    for sandbox in ("0", "1"):
        visit = await visited(tmp_path, LANG=language, SANDBOX=sandbox, **changed)
        assert len(visit.advice("confirmation")) < 220


@pytest.mark.parametrize("browser", [None, object()])
async def test_if_a_page_can_open_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, browser: object | None
) -> None:
    monkeypatch.setattr("iletimerkezi_mcp.cli.doctor.policy.graphical_browser", lambda: browser)
    advice = (await visited(tmp_path, CONFIRM="auto")).advice("confirmation")
    assert ("No page can open" in advice) == (browser is None)
    assert ("in a form, on a card or on a page" in advice) == (browser is not None)


async def test_with_a_folder_of_lists_the_limit_of_a_campaign_is_told(tmp_path: Path) -> None:
    visit = await visited(tmp_path, FILES_DIR=str(tmp_path), MAX_LIST_RECIPIENTS="4800")
    limits = visit.advice("limits")
    assert "A campaign from a list: at most 4,800 recipients (ILETIMERKEZI_MAX_LIST_RECIPIENTS)." in limits
    assert "48,000 credits a day" in limits


async def test_a_network_without_tokens_would_not_start(tmp_path: Path) -> None:
    visit = await called(tmp_path, "--sandbox", "--transport", "streamable-http")
    assert visit.wrong() == {"transport"}
    assert "ILETIMERKEZI_HTTP_TOKEN is required" in visit.advice("transport")
    assert "Not needed" in visit.advice("uvx")


async def test_a_network_is_told_with_the_names_of_its_tokens_and_what_to_mind(tmp_path: Path) -> None:
    secret = "s3cret" * 8
    named = await visited(tmp_path, "--sandbox", TRANSPORT="streamable-http", HTTP_TOKEN=f"ali:{secret}")
    open_to_all = await visited(tmp_path, "--sandbox", "--transport", "sse", "--no-auth")
    assert named.advice("transport").strip() == "streamable-http, 127.0.0.1:8000/mcp, to the tokens ali."
    assert secret not in named.output
    assert open_to_all.verdicts("transport") == ["ok", "warning", "warning"]


def _program(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    program = folder / ("uvx.exe" if sys.platform == "win32" else "uvx")
    program.write_text("", encoding="utf-8")
    program.chmod(0o755)
    return program


@pytest.mark.parametrize(
    ("where", "verdict", "summary"),
    [
        ("desktop", "ok", "hosts on the desktop find it"),
        ("path", "warning", "may not look (“spawn uvx ENOENT”). Write this whole path as the command"),
        (".local/bin", "warning", "Write this whole path as the command"),
        (".cargo/bin", "warning", "Write this whole path as the command"),
        ("own", "warning", "Write this whole path as the command"),
        (None, "warning", "Not found in any of the usual places. Install uv"),
    ],
)
async def test_uvx_where_a_desktop_host_would_look(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    where: str | None,
    verdict: str,
    summary: str,
) -> None:
    program = None if where is None else _program(tmp_path / where)
    (tmp_path / "CACHEDIR.TAG").touch()
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "archive-v0" / "x"))
    places = (str(tmp_path / "desktop"),)
    monkeypatch.setattr(launcher, "DESKTOP", dict.fromkeys(launcher.DESKTOP, places))
    visit = await visited(tmp_path, SANDBOX="1", PATH=str(tmp_path / "path"), XDG_BIN_HOME=str(tmp_path / "own"))
    assert visit.verdicts("uvx") == [verdict]
    assert summary in visit.advice("uvx")
    assert program is None or str(program) in visit.advice("uvx")


async def test_a_program_that_uvx_did_not_start_does_not_need_it(tmp_path: Path) -> None:
    visit = await visited(tmp_path, SANDBOX="1", PATH=str(tmp_path))
    assert visit.verdicts("uvx") == ["ok"]
    assert visit.advice("uvx").startswith("Not needed: the block that config writes starts this program")


def test_wrong_usage_is_exit_2_and_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--cure"]) == 2
    assert main(["doctor", "--api-key", "canary"]) == 2
    captured = capsys.readouterr()
    assert (captured.out, captured.err.count("\n")) == ("", 2)
    assert "canary" not in captured.err
