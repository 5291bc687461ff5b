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
        """Everything before the body, as it goes over the wire."""
        length = ("Content-Length", str(len(self.body) + self.more))
        lines = [f"{name}: {value}" for name, value in (*self.headers, length)]
        return "\r\n".join([f"HTTP/1.1 {self.status} X", *lines, "", ""]).encode()

    def content(self) -> Iterator[bytes]:
        """Yield the whole body, in pieces."""
        yield self.body
        for start in range(0, self.more, CHUNK):
            yield b" " * min(CHUNK, self.more - start)


def told(code: int, *headers: tuple[str, str], status: int | None = None) -> Answer:
    """Return a documented answer with nothing but a code."""
    body = json.dumps({"response": {"status": {"code": code, "message": ""}}}).encode()
    return Answer(status or code, body, (("Content-Type", "application/json"), *headers))


def page(status: int, asked: bytes) -> Answer:
    """Return a page for people, which repeats the request, key and hash included."""
    title = f"{status}"
    body = f"<html><title>{title}</title><pre>{asked.decode()}</pre></html>".encode()
    return Answer(status, body, (("Content-Type", "text/html"),))


def moved(status: int) -> Answer:
    """Return a redirect to the same server, which would count the request that followed it."""
    return Answer(status, b"", (("Location", "/elsewhere"),))


def halved(_: bytes, answer: Answer) -> Answer:
    """Cut the JSON in two; HTTP stays whole."""
    return replace(answer, body=answer.body[: len(answer.body) // 2])


def emptied(_: bytes, answer: Answer) -> Answer:
    """Leave nothing in the body."""
    return replace(answer, body=b"")


def malformed(asked: bytes, answer: Answer) -> Answer:
    """Put a warning of the provider's own language before the JSON, which repeats the request."""
    return replace(answer, body=b"Warning: " + asked + b" on line 12\n" + answer.body)


def _with(answer: Answer, **changed: Any) -> Answer:
    document = json.loads(answer.body)
    document["response"] |= changed
    return replace(answer, body=json.dumps(document).encode())


def mistyped(_: bytes, answer: Answer) -> Answer:
    """Answer code 200, with every result of another type than documented."""
    results = json.loads(answer.body)["response"].keys() - {"status"}
    return _with(answer, **{name: "many" if name == "count" else [{"x": 1}] for name in results})


def uncoded(_: bytes, answer: Answer) -> Answer:
    """Give the code a type that no code has."""
    return _with(answer, status={"code": [200], "message": "OK"})


def code_as_text(_: bytes, answer: Answer) -> Answer:
    """Put the code in quotes, as older versions of the provider's interface have it."""
    status = json.loads(answer.body)["response"]["status"]
    return _with(answer, status={**status, "code": str(status["code"])})


def without_status(_: bytes, answer: Answer) -> Answer:
    """Take out the object that says if the request succeeded; HTTP 200 and the result stay."""
    response = json.loads(answer.body)["response"]
    del response["status"]
    return replace(answer, body=json.dumps({"response": response}).encode())


def nested(_: bytes, answer: Answer) -> Answer:
    """Nest arrays deeper than a parser goes."""
    deep = b'{"response": {"status": {"code": 200}, "order": ' + b"[" * 200_000 + b"]" * 200_000 + b"}}"
    return replace(answer, body=deep)


def swollen(_: bytes, answer: Answer) -> Answer:
    """Append blanks that make 100 MB of the right answer; to JSON they mean nothing."""
    return replace(answer, more=LARGE)


def folded(_: bytes, answer: Answer) -> Answer:
    """Compress the same 100 MB to 100 kB, which was not asked for."""
    return replace(answer, body=_bomb(), headers=(*answer.headers, ("Content-Encoding", "gzip")))


@cache
def _bomb() -> bytes:
    packing = zlib.compressobj(wbits=31)
    pieces = [packing.compress(b'{"response": {"status": {"code": 200}}}')]
    pieces += [packing.compress(b" " * CHUNK) for _ in range(LARGE // CHUNK)]
    return b"".join(pieces) + packing.flush()


def failed(_: bytes, answer: Answer) -> Answer:
    """Put HTTP 500 over a body that says 200."""
    return replace(answer, status=500)
