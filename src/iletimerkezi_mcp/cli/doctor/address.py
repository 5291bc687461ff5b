"""The base address: if it answers, and if this machine's clock agrees with the provider's."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from iletimerkezi_mcp.confirmation.policy import LEAD
from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.provider.client import ApiClient
from iletimerkezi_mcp.provider.errors import ApiError, OutcomeUnknown
from iletimerkezi_mcp.settings import Settings
from iletimerkezi_mcp.sms.clock import Clock

from .findings import Finding, Subject

TOLERANCE = timedelta(seconds=30)
"""The time that two clocks may be apart: an HTTP date has whole seconds, and its way takes time."""

_SIMULATED = Text("The sandbox answers in place of the network.", "Ağın yerine deneme ortamı yanıt veriyor.")
_AT = Text("{address}: {problem}", "{address}: {problem}")
_ANSWERS = {
    (True, False): Text(
        "{address} answers, its certificate is trusted.", "{address} yanıt veriyor, sertifikasına güveniliyor."
    ),
    (True, True): Text(
        "{address} answers through the proxy {proxy}, its certificate is trusted.",
        "{address}, {proxy} vekil sunucusu (proxy) üzerinden yanıt veriyor, sertifikasına güveniliyor.",
    ),
    (False, False): Text(
        "{address} answers, without TLS on this machine.", "{address} yanıt veriyor, bu makinede TLS olmadan."
    ),
    (False, True): Text(
        "{address} answers through the proxy {proxy}, without TLS.",
        "{address}, {proxy} vekil sunucusu (proxy) üzerinden TLS olmadan yanıt veriyor.",
    ),
}
"""By if the address is https and if a proxy is on the way."""

_BEHIND = Text(
    "This machine's clock is {span} behind the provider's.", "Bu makinenin saati sağlayıcınınkinden {span} geri."
)
_AHEAD = Text(
    "This machine's clock is {span} ahead of the provider's.", "Bu makinenin saati sağlayıcınınkinden {span} ileri."
)


async def address_findings(client: ApiClient, settings: Settings, clock: Clock) -> list[Finding]:
    """Greet the address and compare the clocks; if it cannot be reached, return that finding alone."""
    if settings.sandbox:
        return [Finding(Subject.ADDRESS, "ok", _SIMULATED), Finding(Subject.CLOCK, "not_checked", _SIMULATED)]
    try:
        provider_time = await client.greet()
    except OutcomeUnknown as error:
        # Connected, and TLS agreed on: the account's own request will tell more.
        problem = _AT.format(address=settings.api_url, problem=error.reason)
        return [Finding(Subject.ADDRESS, "not_checked", problem), Finding(Subject.CLOCK, "not_checked", problem)]
    except ApiError as error:
        return [
            Finding(
                Subject.ADDRESS, "wrong", _AT.format(address=settings.api_url, problem=error.reason), error.next_step
            )
        ]
    answers = Finding(Subject.ADDRESS, "ok", _answers(settings.api_url))
    if provider_time is None:
        reason = Text("The answer does not say what time it is there.", "Yanıt, sağlayıcıdaki saati içermiyor.")
        return [answers, Finding(Subject.CLOCK, "not_checked", reason)]
    return [answers, clock_finding(clock() - provider_time)]


def _answers(address: str) -> Text:
    """Say how `address` is reached; of a proxy only host and port, for there may be a password in its address."""
    from iletimerkezi_mcp.provider.http import proxy_for

    proxy = proxy_for(address)
    template = _ANSWERS[address.startswith("https:"), proxy is not None]
    if proxy is None:
        return template.format(address=address)
    return template.format(address=address, proxy=urlsplit(proxy).netloc.rpartition("@")[2])


def clock_finding(ahead: timedelta) -> Finding:
    """Judge a clock that is `ahead` of the provider's, or behind it if that is negative."""
    off = abs(ahead)
    if off <= TOLERANCE:
        return Finding(
            Subject.CLOCK,
            "ok",
            Text(
                "This machine's clock agrees with the provider's.",
                "Bu makinenin saati sağlayıcınınkiyle uyumlu.",
            ),
        )
    message = (_BEHIND if ahead < timedelta(0) else _AHEAD).format(span=_span(off))
    remedy = Text(
        "Set this machine's clock by the network (NTP): scheduled messages and consent dates go by it.",
        "Bu makinenin saatini ağdan (NTP) ayarlayın: ileri tarihli mesajlar ve izin tarihleri ona göre belirlenir.",
    )
    return Finding(Subject.CLOCK, "wrong" if off >= LEAD else "warning", message, remedy)


def _span(off: timedelta) -> Text:
    seconds = round(off.total_seconds())
    for unit, size, most in (
        (Text("{number} s", "{number} sn"), 1, 120),
        (Text("{number} min", "{number} dk"), 60, 7200),
        (Text("{number} h", "{number} saat"), 3600, 2 * 86_400),
    ):
        if seconds < most:
            return unit.format(number=seconds // size)
    return Text("{number} days", "{number} gün").format(number=seconds // 86_400)
