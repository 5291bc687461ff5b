"""Secrets, texts and numbers are planted everywhere and looked for in all that leaves the process."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from anyio.abc import Process
from anyio.streams.buffered import BufferedByteReceiveStream

from tests import processes
from tests.calls import (
    ADD_BLACKLIST,
    CANCEL_ORDER,
    DELETE_BLACKLIST,
    GET_BALANCE,
    GET_BLACKLIST,
    GET_REPORT,
    GET_REPORTS,
    GET_SENDER,
    IYS_CHECK,
    IYS_REGISTER,
    SEND_SMS,
)
from tests.hosting import ERAS, LIVE, Mode, hosted
from tests.processes import COMMAND, environment
from tests.tools.examples import EXAMPLES, READS

from .canaries import HASH, KEY, SECRETS, secrets_in
from .stdio_client import ENVELOPE
from .upstream import raw, upstream

ROOT = Path(__file__).parents[2]
TALKATIVE = [sys.executable, "-m", "tests.e2e.defective"]


NUMBER = "+905321239876"
OTHER_NUMBER = "+905339871234"
PRIVATE = "Siparişiniz gizlikelime yolda, kod QZ775533"
PUBLIC = "Kampanya: çadırlarda %20 indirim, ret için RET yazın"


Echo = Callable[[str], bytes | None]
"""An answer that says back what it was told."""


def _everywhere(code: int, cut: int) -> Echo:
    """Put the request, `cut` characters further in, and its parts into every field of every answer."""

    def answer(told: str) -> bytes:
        said = "." * cut + told
        order = {
            "id": "312891245",
            "status": 114,
            "total": 1,
            "delivered": said,
            "submitAt": said,
            "sendAt": said,
            "sender": said,
            "price": said,
            "message": [{"number": word, "status": 111} for word in (said, KEY, HASH)],
        }
        consent = dict.fromkeys(("recipient", "recipientType", "type", "status", "source", "consentDate"), said)
        body = {
            "status": {"code": code, "message": said},
            "senders": {"sender": [said, KEY, HASH]},
            "balance": {"amount": said, "sms": said},
            "order": order,
            "orders": [order, {**order, "id": 312891246, "sender": KEY}],
            "count": 2,
            "blacklist": {"count": 1, "number": [said, KEY, HASH]},
            "consent": consent,
            said: said,
        }
        return raw(code, json.dumps({"response": body}, ensure_ascii=False).encode(), ("X-Echo", told))

    return answer


def _page(status: int, reason: str) -> Echo:
    return lambda told: raw(
        status,
        f"<html><title>{told}</title><body>{told}</body></html>".encode(),
        ("Content-Type", "text/html"),
        ("Retry-After", told),
        ("Location", f"http://127.0.0.1/{quote(told)}"),
        ("Set-Cookie", f"session={KEY}"),
        ("X-Hash", HASH),
        reason=f"{reason} {KEY} {HASH}",
    )


def _half(told: str) -> bytes:
    return raw(200, told.encode(), ("Connection", "close"))[:-40]


ECHOES: dict[str, Echo] = {
    "in every field": _everywhere(200, 0),
    "in a refusal": _everywhere(450, 0),
    "in a page": _page(200, "OK"),
    "in a redirect": _page(302, "Found"),
    "in a refusal's page": _page(403, "Forbidden"),
    "in a failure's page": _page(500, "Broken"),
    "in half an answer": _half,
    "in no answer": lambda _: None,
    "in no HTTP": lambda told: f"{told}\r\n\r\n{KEY}".encode(),
}

READ_CALLS: dict[str, dict[str, Any]] = {
    **{tool: EXAMPLES[tool] for tool in READS},
    GET_REPORT: {**EXAMPLES[GET_REPORT], "show": "all"},
    IYS_CHECK: {**EXAMPLES[IYS_CHECK], "recipient": NUMBER},
}


def changes(nth: int) -> dict[str, list[dict[str, Any]]]:
    """Return calls of the changing tools, with another text each time, so that no send holds back the next."""
    consent = {
        "recipient": NUMBER,
        "recipient_type": "BIREYSEL",
        "channel": "MESAJ",
        "status": "ONAY",
        "source": "HS_WEB",
        "consent_date": "2026-11-20T09:00:00",
    }
    send = {"recipients": [NUMBER, OTHER_NUMBER]}
    return {
        SEND_SMS: [
            {**send, "text": f"{PRIVATE} {nth}", "message_type": "transactional"},
            {**send, "text": f"{PUBLIC} {nth}", "message_type": "commercial", "iys_list": "BIREYSEL"},
        ],
        CANCEL_ORDER: [{"order_id": "312891245"}],
        ADD_BLACKLIST: [{"number": NUMBER}],
        DELETE_BLACKLIST: [{"number": NUMBER}],
        IYS_REGISTER: [{"consents": [consent]}],
    }


MISTAKES: list[tuple[str, dict[str, Any]]] = [
    *((tool, {**dict.fromkeys(arguments, "x"), "more": 1}) for tool, arguments in EXAMPLES.items()),
    (SEND_SMS, {"recipients": ["12"], "text": "", "message_type": "none"}),
    (CANCEL_ORDER, {"order_id": "999"}),
    (IYS_REGISTER, {"consents": []}),
    (GET_REPORTS, {"start": "yesterday"}),
    (GET_BLACKLIST, {"page": 0}),
    ("no_such_tool", {}),
]


@dataclass(slots=True)
class Line:
    """A host that keeps every byte that the server says, in either protocol version, with a form to show or without."""

    process: Process
    mode: Mode
    asks: bool
    said: list[bytes] = field(default_factory=list)
    last: int = 0

    @property
    def _capabilities(self) -> dict[str, Any]:
        return {"elicitation": {"form": {}}} if self.asks else {}

    async def open(self) -> None:
        """Shake hands, or do what the protocol version has in its place."""
        if self.mode == "auto":
            await self.ask("server/discover", {})
            return
        info = {"capabilities": self._capabilities, "clientInfo": {"name": "h", "version": "1"}}
        await self.ask("initialize", {"protocolVersion": "2025-11-25", **info})
        await self._post({"method": "notifications/initialized"})

    async def ask(self, method: str, params: Mapping[str, Any]) -> dict[str, Any]:
        """Return the answer to one request; whatever the server asks of a person meanwhile is answered with a yes."""
        self.last += 1
        wanted = self.last
        meta = {**ENVELOPE, "io.modelcontextprotocol/clientCapabilities": self._capabilities}
        envelope = {"_meta": meta} if self.mode == "auto" else {}
        await self._post({"id": wanted, "method": method, "params": {**params, **envelope}})
        while True:
            message = await self._heard()
            if message.get("method") == "elicitation/create":
                assert self.asks
                await self._post({"id": message["id"], "result": {"action": "accept", "content": {"send": True}}})
            elif message.get("id") == wanted:
                return message

    async def call(self, tool: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Return a tool's whole answer, after a person's yes if the server asks for one."""
        params = {"name": tool, "arguments": arguments}
        answer = await self.ask("tools/call", params)
        state = answer.get("result", {}).get("requestState")
        if state is None:
            return answer
        yes = {"confirm": {"action": "accept", "content": {"send": True}}}
        return await self.ask("tools/call", {**params, "requestState": state, "inputResponses": yes})

    async def change(self, tool: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Return a changing tool's structured answer, after its code has been presented if it gives one."""
        first = (await self.call(tool, arguments))["result"]["structuredContent"]
        assert isinstance(first, dict)
        if first["outcome"] != "preview":
            return first
        second = (await self.call(tool, {**arguments, "confirm": first["confirm"]}))["result"]["structuredContent"]
        assert isinstance(second, dict)
        return second

    async def close(self) -> bytes:
        """End the server, and return what else it printed."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        await self.process.stdin.aclose()
        await self.process.wait()
        return b"".join([chunk async for chunk in self.process.stdout])

    async def _post(self, message: Mapping[str, Any]) -> None:
        assert self.process.stdin is not None
        await self.process.stdin.send(json.dumps({"jsonrpc": "2.0", **message}).encode() + b"\n")

    async def _heard(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = await self._lines.receive_until(b"\n", 1 << 24)
        self.said.append(line)
        message = json.loads(line)
        assert isinstance(message, dict)
        return message

    _lines: BufferedByteReceiveStream = field(init=False)

    def __post_init__(self) -> None:
        assert self.process.stdout is not None
        self._lines = BufferedByteReceiveStream(self.process.stdout)


@asynccontextmanager
async def listening(
    where: str, noise: Path, mode: Mode = "auto", *, asks: bool = False, **variables: str
) -> AsyncIterator[Line]:
    """Start a talkative server with the secrets in its environment, whose stderr goes to the file `noise`."""
    everything = environment(**SECRETS, ILETIMERKEZI_SENDER="FIRMAADI", ILETIMERKEZI_BRAND_CODE="123456", **variables)
    with noise.open("wb") as stderr:
        async with processes.opened([*TALKATIVE, where], env=everything, stderr=stderr, cwd=ROOT) as process:
            line = Line(process, mode, asks)
            await line.open()
            yield line


def kept(folder: Path) -> dict[str, bytes]:
    """Return the files of a folder by name, and their bytes."""
    return {path.name: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.parametrize("asks", [False, True], ids=["codes", "forms"])
@pytest.mark.parametrize("mode", ERAS)
async def test_no_secret_text_or_number_stays_or_leaves_although_the_upstream_says_all_of_it_back(
    mode: Mode, asks: bool, tmp_path: Path
) -> None:
    state, audit, noise = tmp_path / "state", tmp_path / "audit.jsonl", tmp_path / "stderr"
    echo = ECHOES["in every field"]
    outcomes: dict[str, set[str]] = {}
    async with (
        upstream(lambda _, body: echo(body.decode())) as up,
        listening(
            "nowhere",
            noise,
            mode,
            asks=asks,
            ILETIMERKEZI_API_URL=up.origin,
            ILETIMERKEZI_STATE_DIR=str(state),
            ILETIMERKEZI_AUDIT_LOG=str(audit),
            ILETIMERKEZI_MAX_CREDITS_PER_DAY="none",
        ) as line,
    ):
        await line.ask("tools/list", {})
        for tool, arguments in MISTAKES:
            await line.call(tool, arguments)
        for nth, (name, told) in enumerate(ECHOES.items()):
            echo = told
            seen = outcomes.setdefault(name, set())
            for tool, arguments in READ_CALLS.items():
                seen.add((await line.call(tool, arguments))["result"]["structuredContent"]["outcome"])
            for tool, calls in changes(nth).items():
                for arguments in calls:
                    seen.add((await line.change(tool, arguments))["outcome"])
        while_running = kept(state)
        line.said.append(await line.close())
    stderr = noise.read_bytes()
    assert outcomes["in every field"] >= {"ok", "done"}
    assert outcomes["in a refusal"] == outcomes["in a refusal's page"] == {"refused"}
    assert outcomes["in a failure's page"] == outcomes["in half an answer"] == {"failed", "unknown"}
    assert {one.operation for one in up.posted} >= {"send-sms", "cancel-order", "consent/create", "consent/show"}
    # Both logs are on, so there is something to be scrubbed.
    assert stderr.count(b"[hidden]") > 100
    assert b"httpcore" in stderr
    assert b"DEBUG mcp" in stderr
    assert [secrets_in(line) for line in line.said if secrets_in(line)] == []
    assert secrets_in(stderr) == []
    files = {**while_running, **{f"{name} afterwards": content for name, content in kept(state).items()}}
    files["audit.jsonl"] = audit.read_bytes()
    assert {name.split(" ")[0] for name in files} >= {"ledger.sqlite3", "ledger.key", "audit.jsonl"}
    for name, content in files.items():
        assert (name, secrets_in(content)) == (name, [])
        for word in (NUMBER, OTHER_NUMBER, "gizlikelime", "QZ775533", "çadırlarda"):
            for spelt in {word, word.lstrip("+"), json.dumps(word)[1:-1]}:
                assert spelt.encode() not in content, (name, word)
                assert spelt.encode("utf-16-le") not in content, (name, word)


@pytest.mark.parametrize("audited", ["none", "commercial"])
async def test_the_audit_log_keeps_commercial_texts_where_that_is_set_and_no_others(
    audited: str, tmp_path: Path
) -> None:
    audit = tmp_path / "audit.jsonl"
    async with (
        upstream() as up,
        listening(
            "nowhere",
            tmp_path / "stderr",
            ILETIMERKEZI_API_URL=up.origin,
            ILETIMERKEZI_STATE_DIR=str(tmp_path / "state"),
            ILETIMERKEZI_AUDIT_LOG=str(audit),
            ILETIMERKEZI_AUDIT_TEXT=audited,
        ) as line,
    ):
        outcomes = [await line.change(SEND_SMS, arguments) for arguments in changes(0)[SEND_SMS]]
        await line.close()
    assert [answer["outcome"] for answer in outcomes] == ["done", "done"]
    entries = [json.loads(entry) for entry in audit.read_text(encoding="utf-8").splitlines()]
    texts = [entry.get("text") for entry in entries if entry["tool"] == SEND_SMS]
    # Each send has a line before it and one after it.
    assert texts == [None] * 2 + [f"{PUBLIC} 0" if audited == "commercial" else None] * 2
    ledger = b"".join(kept(tmp_path / "state").values())
    assert all(told.encode() not in ledger for told in ("gizlikelime", "çadırlarda", NUMBER[1:]))


async def test_a_secret_of_which_a_length_limit_leaves_a_part_does_not_leave(tmp_path: Path) -> None:
    echo = ECHOES["in every field"]
    async with (
        upstream(lambda _, body: echo(body.decode())) as up,
        listening(
            "nowhere",
            tmp_path / "stderr",
            ILETIMERKEZI_API_URL=up.origin,
            ILETIMERKEZI_STATE_DIR=str(tmp_path / "state"),
        ) as line,
    ):
        for cut in range(0, 160, 4):
            echo = _everywhere(200, cut)
            for tool, arguments in READ_CALLS.items():
                await line.call(tool, arguments)
        await line.close()
    assert [secrets_in(said) for said in line.said if secrets_in(said)] == []


@pytest.mark.parametrize("mode", ERAS)
async def test_a_defect_tells_no_secret_to_the_model_or_on_stderr(mode: Mode, tmp_path: Path) -> None:
    noise = tmp_path / "stderr"
    async with (
        upstream() as up,
        listening(
            "request",
            noise,
            mode,
            ILETIMERKEZI_API_URL=up.origin,
            ILETIMERKEZI_STATE_DIR=str(tmp_path / "state"),
            ILETIMERKEZI_AUDIT_LOG=str(tmp_path / "audit.jsonl"),
        ) as line,
    ):
        read = await line.call(GET_BALANCE, {})
        preview = (await line.call(ADD_BLACKLIST, {"number": NUMBER}))["result"]["structuredContent"]
        changed = await line.call(ADD_BLACKLIST, {"number": NUMBER, "confirm": preview["confirm"]})
        unharmed = await line.call(GET_SENDER, {})
        await line.close()
    assert "error" in read
    assert changed["result"]["structuredContent"]["outcome"] == "unknown"
    assert unharmed["result"]["structuredContent"]["outcome"] == "ok"
    stderr = noise.read_bytes()
    assert b"Traceback" in stderr
    assert b"nobody foresaw" in stderr
    assert secrets_in(stderr) == []
    assert [secrets_in(said) for said in line.said if secrets_in(said)] == []
    assert b"notifications/message" not in b"".join(line.said)
    assert secrets_in(b"".join(kept(tmp_path).values())) == []


@pytest.mark.parametrize("word", ["{gizlikelime}", "[İSİM]", "%GIZLI%", "indirim"])
async def test_a_warning_that_quotes_the_text_brings_no_word_of_it_into_the_audit_log(
    word: str, tmp_path: Path
) -> None:
    audit = tmp_path / "audit.jsonl"
    settings = replace(LIVE, state_dir=tmp_path / "state", audit_log=audit)
    async with hosted(settings) as host:
        sent = await host.confirm(SEND_SMS, {**changes(0)[SEND_SMS][0], "text": f"Sayın {word}, siparişiniz yolda"})
    assert sent["outcome"] == "done"
    entries = [json.loads(entry) for entry in audit.read_text(encoding="utf-8").splitlines()]
    assert entries[0]["warnings"]
    assert word not in json.dumps(entries, ensure_ascii=False)


def _ended(command: list[str], **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a server that ends by itself, with the secrets in its environment."""
    return processes.run(command, env=environment(**{**SECRETS, **variables}), cwd=ROOT)


def test_a_defect_at_the_start_tells_no_secret() -> None:
    ran = _ended([*TALKATIVE, "start"])
    assert ran.returncode == 1
    assert "Traceback" in ran.stderr
    assert "nobody foresaw" in ran.stderr
    assert secrets_in(ran.stderr + ran.stdout) == []


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("LANG", "!"),
        ("API_URL", KEY),
        ("API_URL", f"https://x/{KEY}"),
        ("SENDER", KEY),
        ("BRAND_CODE", KEY),
        ("CHARSET", HASH),
        ("CONFIRM", HASH),
        ("TOOLS", KEY),
        ("ALLOWED_RECIPIENTS", HASH),
        ("ALLOWED_RECIPIENTS", f"@{HASH}"),
        ("ALLOWED_RECIPIENTS", f"{KEY}*"),
        ("ALLOWED_SENDERS", KEY),
    ],
    ids=range(12),
)
def test_a_setting_that_cannot_be_used_tells_no_secret_even_where_it_is_one(variable: str, value: str) -> None:
    ran = _ended(COMMAND, **{f"ILETIMERKEZI_{variable}": value})
    assert (ran.returncode, ran.stdout) == (2, "")
    assert f"ILETIMERKEZI_{variable}" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert secrets_in(ran.stderr) == []


@pytest.mark.parametrize("flag", ["--api-key", "--api-hash", "--tools", "--key", "--confirm-mode"])
def test_a_secret_that_somebody_puts_on_the_command_line_is_not_said_back(flag: str) -> None:
    for arguments in ([flag, KEY], [f"{flag}={HASH}"]):
        ran = _ended([*COMMAND, *arguments])
        assert ran.returncode == 2
        assert secrets_in(ran.stderr + ran.stdout) == []


@pytest.mark.parametrize("origin", ["http://127.0.0.1:9", "http://nowhere.invalid", "https://127.0.0.1:9"])
async def test_an_address_that_cannot_be_reached_tells_no_secret(origin: str, tmp_path: Path) -> None:
    noise = tmp_path / "stderr"
    async with listening(
        "nowhere",
        noise,
        ILETIMERKEZI_API_URL=origin.replace("http://nowhere", "https://nowhere"),
        ILETIMERKEZI_STATE_DIR=str(tmp_path / "state"),
    ) as line:
        read = (await line.call(GET_BALANCE, {}))["result"]["structuredContent"]
        changed = await line.change(ADD_BLACKLIST, {"number": NUMBER})
        await line.close()
    assert (read["outcome"], changed["outcome"]) == ("failed", "nothing_done")
    assert [secrets_in(said) for said in (*line.said, noise.read_bytes()) if secrets_in(said)] == []


async def test_an_audit_log_that_cannot_be_written_tells_no_secret_and_nothing_is_done(tmp_path: Path) -> None:
    noise, file = tmp_path / "stderr", tmp_path / "file"
    file.write_text("", encoding="utf-8")
    async with (
        upstream() as up,
        listening(
            "nowhere",
            noise,
            ILETIMERKEZI_API_URL=up.origin,
            ILETIMERKEZI_STATE_DIR=str(tmp_path / "state"),
            ILETIMERKEZI_AUDIT_LOG=str(file / "below"),
        ) as line,
    ):
        changed = [await line.change(tool, calls[0]) for tool, calls in changes(0).items() if tool != CANCEL_ORDER]
        await line.close()
    assert {answer["outcome"] for answer in changed} == {"nothing_done"}
    assert all("ILETIMERKEZI_AUDIT_LOG" in answer["summary"] for answer in changed)
    assert up.posted == []
    assert str(file / "below").encode() in noise.read_bytes()
    assert [secrets_in(said) for said in (*line.said, noise.read_bytes()) if secrets_in(said)] == []
