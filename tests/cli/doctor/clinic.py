"""The doctor as an operator calls it: a real process, its exit code, and what it left behind."""

from __future__ import annotations

import json
import os
import ssl
from contextlib import redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from io import StringIO
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any
from unittest import mock

import anyio
import anyio.to_thread
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from iletimerkezi_mcp.cli import main
from tests.processes import COMMAND, environment
from tests.provider.scripted import ScriptedServer, Step, answer, closed_port

KEY, HASH = "0f1e2d3c4b5a69788796a5b4c3d2e1f0", "a1" * 32

BALANCE = answer({"response": {"status": {"code": 200, "message": ""}, "balance": {"amount": "0", "sms": "1500"}}})

_PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


def scripted(*steps: Step, tls: ssl.SSLContext | None = None) -> ScriptedServer:
    """A server that lasts as long as the processes of a test may take on a busy machine."""
    return ScriptedServer(*steps, tls=tls, bound=120.0)


def greeted(off: timedelta = timedelta(0)) -> Step:
    """The answer to a greeting, by a clock that is `off`."""
    return answer(b"", date=format_datetime(datetime.now(UTC) + off, usegmt=True))


def refused(code: int, **headers: str) -> Step:
    """The provider's answer with a code other than 200."""
    return answer({"response": {"status": {"code": code, "message": "x"}}}, code, **headers)


def senders(*names: str) -> Step:
    """The approved senders."""
    return answer({"response": {"status": {"code": 200, "message": ""}, "senders": {"sender": list(names)}}})


@dataclass(frozen=True, slots=True)
class Visit:
    """The result of one call of the doctor."""

    code: int
    output: str
    findings: tuple[dict[str, Any], ...]

    def verdicts(self, subject: str) -> list[str]:
        """Return the verdicts on `subject`."""
        return [finding["verdict"] for finding in self.findings if finding["subject"] == subject]

    def advice(self, subject: str) -> str:
        """Return the summaries of `subject`, each with what to do."""
        findings = (finding for finding in self.findings if finding["subject"] == subject)
        return "\n".join(f"{finding['summary']} {finding['next_step'] or ''}" for finding in findings)

    def wrong(self) -> set[str]:
        """The subjects that are wrong."""
        return {finding["subject"] for finding in self.findings if finding["verdict"] == "wrong"}


def judged(code: int, output: str) -> Visit:
    """The visit that ended with `code` and this JSON, checked for what holds of every finding."""
    report = json.loads(output)
    visit = Visit(code, output, tuple(report["findings"]))
    assert report["ok"] == (code == 0) == (not visit.wrong())
    assert KEY not in output
    assert HASH not in output
    for finding in visit.findings:
        assert finding["verdict"] in ("ok", "warning", "wrong", "not_checked")
        assert finding["summary"].endswith((".", "”"))
        assert finding["next_step"] is None or finding["verdict"] in ("warning", "wrong")
    return visit


def setup(home: Path, **changed: str | None) -> dict[str, str]:
    """The environment of a live set-up below `home` in which nothing is wrong but that the provider does not answer.

    `changed` names settings without their prefix, other variables as they are; None takes finding away.
    """
    variables_of_tests = {name: value for name, value in environment().items() if name.lower() not in _PROXIES}
    variables: dict[str, str | None] = {
        **variables_of_tests,
        "HOME": str(home),
        "XDG_STATE_HOME": str(home / "state"),
        "ILETIMERKEZI_API_KEY": KEY,
        "ILETIMERKEZI_API_HASH": HASH,
        "ILETIMERKEZI_API_URL": f"http://127.0.0.1:{closed_port()}",
        "ILETIMERKEZI_SENDER": "FIRMAADI",
        "ILETIMERKEZI_BRAND_CODE": "123456",
        "ILETIMERKEZI_CHARSET": "turkish",
        "ILETIMERKEZI_AUDIT_LOG": str(home / "audit.jsonl"),
    }
    for name, value in changed.items():
        own = name in ("HOME", "PATH", "TERM", "NO_COLOR") or name.startswith(("XDG_", "HTTPS_", "SSL_", "PYTHON"))
        variables[name if own else f"ILETIMERKEZI_{name}"] = value
    return {name: value for name, value in variables.items() if value is not None}


def left_in(folder: Path) -> dict[str, bytes | None]:
    """Every file below `folder` with what is in it, and every folder.

    Of SQLite's shared memory only that it is there: a reader notes that in it.
    """
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() and path.suffix != ".sqlite3-shm" else None
        for path in sorted(folder.rglob("*"))
    }


async def visited(home: Path, *arguments: str, **changed: str | None) -> Visit:
    """Run the doctor on :func:`setup` with `changed`; it must change nothing below `home`."""
    earlier = left_in(home)
    with mock.patch.dict(os.environ, setup(home, **changed), clear=True), redirect_stdout(StringIO()) as shown:
        code = await anyio.to_thread.run_sync(main, ["doctor", "--json", *arguments])
    assert left_in(home) == earlier
    return judged(code, shown.getvalue())


async def called(home: Path, *arguments: str, before: tuple[str, ...] = (), **changed: str | None) -> Visit:
    """The same in a process of its own; `before` is what starts that."""
    earlier = left_in(home)
    with anyio.fail_after(60):
        ran = await anyio.run_process(
            [*before, *COMMAND, "doctor", "--json", *arguments], env=setup(home, **changed), check=False, cwd=home
        )
    assert ran.stderr == b""
    assert left_in(home) == earlier
    return judged(ran.returncode, ran.stdout.decode("utf-8"))


def certified(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """Return what a server on loopback needs for TLS, and the file of its self-signed certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    chain, secret = folder / "certificate.pem", folder / "key.pem"
    chain.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, secret)
    secret.unlink()
    return context, chain
