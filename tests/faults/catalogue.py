"""Every fault that is tried."""

from __future__ import annotations

from typing import Final

from . import answer
from .answer import moved, page, told
from .fault import Altered, Broken, Exchange, Fault, Instead, Unreachable


async def reset_after_request(exchange: Exchange) -> None:
    await exchange.reset()


async def reset_after_deed(exchange: Exchange) -> None:
    await exchange.forward()
    await exchange.reset()


async def reset_in_answer(exchange: Exchange) -> None:
    whole = await exchange.forward()
    await exchange.write(whole.head + whole.body[: len(whole.body) // 2])
    await exchange.reset()


async def slow_head(exchange: Exchange) -> None:
    await exchange.forward()
    await exchange.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        await exchange.write(b"X-Wait: 1\r\n")
        await exchange.pause()


async def slow_body(exchange: Exchange) -> None:
    whole = await exchange.forward()
    await exchange.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + whole.body[:-1])
    while True:
        await exchange.write(b" ")
        await exchange.pause()


async def slow_in_time(exchange: Exchange) -> None:
    whole = await exchange.forward()
    middle = len(whole.body) // 2
    for piece in (whole.head[:20], whole.head[20:], whole.body[:middle], whole.body[middle:]):
        await exchange.write(piece)
        await exchange.pause()


async def silent(exchange: Exchange) -> None:
    await exchange.forward()
    await exchange.outlast()


async def stale(exchange: Exchange) -> None:
    if exchange.nth > 1:
        await exchange.reset()
        return
    whole = await exchange.forward()
    await exchange.write(whole.head + whole.body)


STALE: Final = Fault(
    "closed at reuse",
    "A kept-alive connection is reset at the moment at which the next read comes over it; a change never takes one.",
    Broken(stale),
    alone=True,
)

CONNECTION: Final = (
    Fault("refused", "Nobody listens at the port.", Unreachable("refused")),
    Fault("name unknown", "DNS knows no address for the host.", Unreachable("name")),
    Fault("no TLS", "What listens at the port does not speak TLS.", Unreachable("no tls")),
    Fault(
        "certificate untrusted", "The host's certificate is signed by nobody who is trusted.", Unreachable("untrusted")
    ),
    Fault(
        "reset before the request",
        "The connection is made, and reset before TLS is agreed on, so before anything is asked.",
        Unreachable("reset"),
    ),
    Fault(
        "handshake never answered",
        "The connection is made, and nothing more comes.",
        Unreachable("silent"),
        alone=True,
    ),
    Fault(
        "reset after the request",
        "The whole request arrives; the connection is reset, and nothing is done.",
        Broken(reset_after_request),
    ),
    Fault(
        "reset after the deed",
        "The provider does it; the connection is reset before a word of its answer.",
        Broken(reset_after_deed),
    ),
    Fault(
        "reset in the answer",
        "The provider does it; the connection is reset in the middle of its answer.",
        Broken(reset_in_answer),
    ),
    STALE,
)
"""Faults of the connection."""

TIME: Final = (
    Fault("never", "The provider does it and never answers.", Broken(silent), alone=True),
    Fault(
        "slow headers", "The provider does it; one header follows another without end.", Broken(slow_head), alone=True
    ),
    Fault(
        "slow body", "The provider does it; its answer drips, and does not end in time.", Broken(slow_body), alone=True
    ),
    Fault(
        "slow, in time",
        "The provider's answer comes in pieces, and is whole in time.",
        Broken(slow_in_time),
        alone=True,
    ),
)
"""Faults of time."""

WORD: Final = (
    Fault("429", "Too many requests; nothing is done.", Instead(lambda _: told(429))),
    Fault(
        "429, Retry-After",
        "Too many requests, with the wish to be left alone for 120 s; nothing is done.",
        Instead(lambda _: told(429, ("Retry-After", "120"))),
    ),
    Fault("500", "The provider does it, and answers HTTP 500 and code 500.", Altered(lambda *_: told(500))),
    Fault("500 over 200", "The provider does it, and answers code 200 under HTTP 500.", Altered(answer.failed)),
    Fault(
        "502 in HTML",
        "The provider does it, and a gateway answers with a page that repeats the request, key and hash included.",
        Altered(lambda asked, _: page(502, asked)),
    ),
    Fault("503", "A maintenance answer; nothing is done.", Instead(lambda _: told(503))),
    Fault("redirect 307", "A redirect that says to repeat the request elsewhere.", Instead(lambda _: moved(307))),
    Fault("redirect 302", "The provider does it, and answers with a redirect.", Altered(lambda *_: moved(302))),
)
"""Faults of the answer's status."""

BODY: Final = (
    Fault("truncated", "The provider does it; the answer's JSON is cut in two.", Altered(answer.halved)),
    Fault("empty", "The provider does it; the answer is HTTP 200 and nothing else.", Altered(answer.emptied)),
    Fault("malformed", "The provider does it; words stand before the answer's JSON.", Altered(answer.malformed)),
    Fault("HTML", "The provider does it; a page comes with HTTP 200.", Altered(lambda asked, _: page(200, asked))),
    Fault("wrong types", "The provider does it; code 200, every result of a wrong type.", Altered(answer.mistyped)),
    Fault("code of a wrong type", "The provider does it; the code is a list.", Altered(answer.uncoded)),
    Fault("code as string", "The provider does it; the code is a string.", Altered(answer.code_as_text)),
    Fault(
        "200 without status", "The provider does it; HTTP 200, no status in the answer.", Altered(answer.without_status)
    ),
    Fault("deep nesting", "The provider does it; 200,000 arrays one in another.", Altered(answer.nested)),
    Fault("100 MB", "The provider does it; the answer goes on for 100 MB.", Altered(answer.swollen)),
    Fault("100 MB, compressed", "The same in 100 kB of gzip, which was not asked for.", Altered(answer.folded)),
)
"""Faults of the answer's body."""

FAULTS: Final = (*CONNECTION, *TIME, *WORD, *BODY)
