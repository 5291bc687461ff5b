"""An HTTP answer, and what can be done to it on its way."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

CHUNK = 1 << 16
LARGE = 100_000_000


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer whose body is `body`, followed by `more` bytes of blanks."""

    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "application/json"),)
    more: int = 0

    @property
    def head(self) -> bytes:
        """All before the body, as it stands on the wire."""
        length = ("Content-Length", str(len(self.body) + self.more))
        lines = [f"{name}: {value}" for name, value in (*self.headers, length)]
        return "\r\n".join([f"HTTP/1.1 {self.status} X", *lines, "", ""]).encode()

    def content(self) -> Iterator[bytes]:
        """The whole body, in pieces."""
        yield self.body
        for start in range(0, self.more, CHUNK):
            yield b" " * min(CHUNK, self.more - start)


def told(code: int, *headers: tuple[str, str], status: int | None = None) -> Answer:
    """A documented answer with nothing but a code."""
    body = json.dumps({"response": {"status": {"code": code, "message": ""}}}).encode()
    return Answer(status or code, body, (("Content-Type", "application/json"), *headers))


def page(status: int, asked: bytes) -> Answer:
    """A page for people, which repeats the request, key and hash included."""
    title = f"{status}"
    body = f"<html><title>{title}</title><pre>{asked.decode()}</pre></html>".encode()
    return Answer(status, body, (("Content-Type", "text/html"),))


def moved(status: int) -> Answer:
    """A redirect to where it came from, where it would be seen to arrive."""
    return Answer(status, b"", (("Location", "/elsewhere"),))


def halved(_: bytes, answer: Answer) -> Answer:
    """HTTP whole, its JSON cut in two."""
    return replace(answer, body=answer.body[: len(answer.body) // 2])


def emptied(_: bytes, answer: Answer) -> Answer:
    """Nothing in it."""
    return replace(answer, body=b"")


def malformed(asked: bytes, answer: Answer) -> Answer:
    """No JSON: a warning of the provider's own language stands before it, and repeats the request."""
    return replace(answer, body=b"Warning: " + asked + b" on line 12\n" + answer.body)


def _with(answer: Answer, **changed: Any) -> Answer:
    document = json.loads(answer.body)
    document["response"] |= changed
    return replace(answer, body=json.dumps(document).encode())


def mistyped(_: bytes, answer: Answer) -> Answer:
    """Code 200, and every result of another type than documented."""
    wrong = [{"x": 1}]
    names = ("order", "orders", "balance", "blacklist", "senders", "consent")
    return _with(answer, **dict.fromkeys(names, wrong), count="many")


def uncoded(_: bytes, answer: Answer) -> Answer:
    """A status whose code is of a type that no code has."""
    return _with(answer, status={"code": [200], "message": "OK"})


def code_as_text(_: bytes, answer: Answer) -> Answer:
    """The code in quotes, as older versions of the provider's interface have it."""
    status = json.loads(answer.body)["response"]["status"]
    return _with(answer, status={**status, "code": str(status["code"])})


def without_status(_: bytes, answer: Answer) -> Answer:
    """HTTP 200 and the result, without the object that says whether it is one."""
    response = json.loads(answer.body)["response"]
    del response["status"]
    return replace(answer, body=json.dumps({"response": response}).encode())


def nested(_: bytes, answer: Answer) -> Answer:
    """Arrays in arrays, deeper than a parser goes."""
    deep = b'{"response": {"status": {"code": 200}, "order": ' + b"[" * 200_000 + b"]" * 200_000 + b"}}"
    return replace(answer, body=deep)


def swollen(_: bytes, answer: Answer) -> Answer:
    """The right answer, and blanks after it that make 100 MB of it; to JSON they mean nothing."""
    return replace(answer, more=LARGE)


def folded(_: bytes, answer: Answer) -> Answer:
    """The same 100 MB, compressed to 100 kB though nobody asked for that."""
    return replace(answer, body=_bomb(), headers=(*answer.headers, ("Content-Encoding", "gzip")))


@cache
def _bomb() -> bytes:
    packing = zlib.compressobj(wbits=31)
    pieces = [packing.compress(b'{"response": {"status": {"code": 200}}}')]
    pieces += [packing.compress(b" " * CHUNK) for _ in range(LARGE // CHUNK)]
    return b"".join(pieces) + packing.flush()


def failed(_: bytes, answer: Answer) -> Answer:
    """HTTP 500 over a body that says 200."""
    return replace(answer, status=500)
