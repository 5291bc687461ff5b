"""The base address: whether somebody answers there, and whether this machine's clock agrees with theirs."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from iletimerkezi_mcp.confirmation.policy import LEAD
from iletimerkezi_mcp.language import Text, verbatim
from iletimerkezi_mcp.provider.client import ApiClient
from iletimerkezi_mcp.provider.errors import ApiError, OutcomeUnknown
from iletimerkezi_mcp.settings import Settings
from iletimerkezi_mcp.sms.clock import Clock

from .findings import Finding, Subject, fine, mind, unchecked, wrong

CLOSE = timedelta(seconds=30)
"""How far two clocks may be apart without anybody noticing: an HTTP date has whole seconds, and its way takes time."""

SIMULATED = Text("The sandbox answers in place of the network.", "Ağın yerine deneme ortamı yanıt veriyor.")


async def address_findings(client: ApiClient, settings: Settings, clock: Clock) -> list[Finding]:
    """Who answers at the address, and when they say it is; only the first, and that wrong, where nobody can be reached."""
    if settings.sandbox:
        return [fine(Subject.ADDRESS, SIMULATED), unchecked(Subject.CLOCK, SIMULATED)]
    origin = settings.api_url
    try:
        theirs = await client.greet()
    except OutcomeUnknown as error:
        # Connected, and TLS agreed on: the account's own request will tell more.
        told = verbatim(f"{origin}: ") + error.reason
        return [unchecked(Subject.ADDRESS, told), unchecked(Subject.CLOCK, told)]
    except ApiError as error:
        return [wrong(Subject.ADDRESS, verbatim(f"{origin}: ") + error.reason, error.next_step)]
    said = Text(f"{origin} answers", f"{origin} yanıt veriyor") + _way(origin) + "."
    if theirs is None:
        told = Text("The answer does not say what time it is there.", "Yanıt, orada saatin kaç olduğunu söylemiyor.")
        return [fine(Subject.ADDRESS, said), unchecked(Subject.CLOCK, told)]
    return [fine(Subject.ADDRESS, said), clock_finding(clock() - theirs)]


def _way(origin: str) -> Text:
    """How it is reached; of a proxy only host and port, for there may be a password in its address."""
    from iletimerkezi_mcp.provider.http import proxy_for

    secure = (
        Text(", its certificate is trusted", ", sertifikasına güveniliyor")
        if origin.startswith("https:")
        else Text(", without TLS on this machine", ", bu makinede TLS olmadan")
    )
    proxy = proxy_for(origin)
    if proxy is None:
        return secure
    place = urlsplit(proxy).netloc.rpartition("@")[2]
    return secure + Text(f", through the proxy {place}", f", {place} vekil sunucusu (proxy) üzerinden")


def clock_finding(ahead: timedelta) -> Finding:
    """What it means that this machine's clock is `ahead` of the provider's, or behind where that is negative."""
    off = abs(ahead)
    if off <= CLOSE:
        return fine(
            Subject.CLOCK, Text("This machine's clock agrees with theirs.", "Bu makinenin saati onlarınkine uyuyor.")
        )
    late = ahead < timedelta(0)
    told = Text(
        f"This machine's clock is {_span(off).en} {'behind' if late else 'ahead of'} the provider's.",
        f"Bu makinenin saati sağlayıcınınkinden {_span(off).tr} {'geri' if late else 'ileri'}.",
    )
    do = Text(
        "Set this machine's clock by the network (NTP): scheduled messages and consent dates go by it.",
        "Bu makinenin saatini ağdan (NTP) ayarlayın: zamanlanmış mesajlar ve izin tarihleri ona göre belirlenir.",
    )
    return wrong(Subject.CLOCK, told, do) if off >= LEAD else mind(Subject.CLOCK, told, do)


def _span(off: timedelta) -> Text:
    seconds = round(off.total_seconds())
    if seconds < 120:
        return Text(f"{seconds} s", f"{seconds} sn")
    if seconds < 7200:
        return Text(f"{seconds // 60} min", f"{seconds // 60} dk")
    if seconds < 2 * 86_400:
        return Text(f"{seconds // 3600} h", f"{seconds // 3600} saat")
    return Text(f"{seconds // 86_400} days", f"{seconds // 86_400} gün")
