"""The provider as this machine reaches it, and the account there: its credit, its senders, its brand code."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from difflib import get_close_matches
from urllib.parse import urlsplit

from iletimerkezi_mcp.confirmation.policy import CLOCK_TOLERANCE
from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.provider.account import GET_BALANCE, GET_SENDER
from iletimerkezi_mcp.provider.client import ApiClient
from iletimerkezi_mcp.provider.consents import IYS_CHECK, BrandCode, ConsentQuery
from iletimerkezi_mcp.provider.errors import AnswerUnreadable, ApiError, OutcomeUnknown, Redirected
from iletimerkezi_mcp.provider.http import proxy_for
from iletimerkezi_mcp.settings import Settings
from iletimerkezi_mcp.sms.clock import Clock
from iletimerkezi_mcp.sms.escape import quoted
from iletimerkezi_mcp.sms.normalize import fold
from iletimerkezi_mcp.sms.senders import is_sender
from iletimerkezi_mcp.tools.account import describe_balance

from .report import Finding, Subject

TOLERANCE = timedelta(seconds=30)
"""The time that two clocks may be apart: an HTTP date has whole seconds, and its way takes time."""

_SIMULATED = Text("The sandbox answers in place of the network.", "Ağın yerine deneme ortamı yanıt veriyor.")
_AT = Text("{address}: {problem}", "{address}: {problem}")
_WITHOUT_TLS = Text(
    "{address} answers, without TLS on this machine.", "{address} yanıt veriyor, bu makinede TLS olmadan."
)
_DIRECT = Text("{address} answers, its certificate is trusted.", "{address} yanıt veriyor, sertifikasına güveniliyor.")
_THROUGH_A_PROXY = Text(
    "{address} answers through the proxy {proxy}, its certificate is trusted.",
    "{address}, {proxy} vekil sunucusu (proxy) üzerinden yanıt veriyor, sertifikasına güveniliyor.",
)
_BEHIND = Text(
    "This machine's clock is {span} behind the provider's.", "Bu makinenin saati sağlayıcınınkinden {span} geri."
)
_AHEAD = Text(
    "This machine's clock is {span} ahead of the provider's.", "Bu makinenin saati sağlayıcınınkinden {span} ileri."
)

SIMILARITY = 0.75
"""The least similarity of two sender names for one to be taken for a slip of the other."""

MAX_SENDERS = 5

IN_THE_REGISTRY = "+905330000099"
"""A number that the sandbox's registry has a consent of."""

ACCOUNT_FIRST = Text("Solve the account's problem first.", "Önce hesap sorununu giderin.")
"""The reason why something that only an accepted account can show was not looked at."""

_APPLY = Text(
    "Apply for one in the panel; it takes one to two working days.", "Panelden başvurun; bir iki iş günü sürer."
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
        reason = Text("The answer does not contain the provider's time.", "Yanıt, sağlayıcıdaki saati içermiyor.")
        return [answers, Finding(Subject.CLOCK, "not_checked", reason)]
    return [answers, clock_finding(clock() - provider_time)]


def _answers(address: str) -> Text:
    """Say how `address` is reached. A proxy is named without its user name and password."""
    if address.startswith("http:"):
        # Only loopback is reached without TLS, and that through no proxy.
        return _WITHOUT_TLS.format(address=address)
    proxy = proxy_for(address)
    if proxy is None:
        return _DIRECT.format(address=address)
    return _THROUGH_A_PROXY.format(address=address, proxy=urlsplit(proxy).netloc.rpartition("@")[2])


def clock_finding(ahead: timedelta) -> Finding:
    """Judge a clock that is `ahead` of the provider's, or behind it if that is negative."""
    difference = abs(ahead)
    if difference <= TOLERANCE:
        return Finding(
            Subject.CLOCK,
            "ok",
            Text(
                "This machine's clock agrees with the provider's.",
                "Bu makinenin saati sağlayıcınınkiyle uyumlu.",
            ),
        )
    summary = (_BEHIND if ahead < timedelta(0) else _AHEAD).format(span=_span(difference))
    if difference > CLOCK_TOLERANCE:
        next_step = Text(
            "Set this machine's clock by the network (NTP): until then scheduled messages are refused, because they would "
            "go out at another time, and consent dates are wrong.",
            "Bu makinenin saatini ağdan (NTP) ayarlayın: o zamana kadar ileri tarihli mesajlar, başka bir saatte gideceği "
            "için reddedilir; izin tarihleri de yanlış olur.",
        )
        return Finding(Subject.CLOCK, "wrong", summary, next_step)
    next_step = Text(
        "Set this machine's clock by the network (NTP): beyond a minute scheduled messages are refused.",
        "Bu makinenin saatini ağdan (NTP) ayarlayın: fark bir dakikayı aşarsa ileri tarihli mesajlar reddedilir.",
    )
    return Finding(Subject.CLOCK, "warning", summary, next_step)


def _span(difference: timedelta) -> Text:
    seconds = round(difference.total_seconds())
    for unit, size, limit in (
        (Text("{number} s", "{number} sn"), 1, 120),
        (Text("{number} min", "{number} dk"), 60, 7200),
        (Text("{number} h", "{number} saat"), 3600, 2 * 86_400),
    ):
        if seconds < limit:
            return unit.format(number=seconds // size)
    return Text("{number} days", "{number} gün").format(number=seconds // 86_400)


async def account_finding(client: ApiClient, settings: Settings) -> Finding:
    """Find if the provider accepts the account, and what is left on it."""
    try:
        balance = await client.call(GET_BALANCE, None)
    except ApiError as error:
        return _api_failure(Subject.ACCOUNT, error, settings)
    summary = Text("Accepted: {balance}", "Giriş başarılı: {balance}").format(balance=describe_balance(balance))
    if (balance.sms or 0) <= 0 and (balance.amount or 0) <= 0:
        next_step = Text("Top up in the panel before sending.", "Göndermeden önce panelden bakiye yükleyin.")
        return Finding(Subject.ACCOUNT, "warning", summary, next_step)
    return Finding(Subject.ACCOUNT, "ok", summary)


def _api_failure(subject: Subject, error: ApiError, settings: Settings) -> Finding:
    if isinstance(error, AnswerUnreadable) and not isinstance(error, Redirected):
        return Finding(
            subject,
            "wrong",
            Text(
                "{address} is answered by something that is not the provider's API.",
                "{address} adresinde yanıt veren, sağlayıcının API'si değil.",
            ).format(address=settings.api_url),
            Text(
                "Check ILETIMERKEZI_API_URL, and if a login page or a proxy of this network answers in its place.",
                "ILETIMERKEZI_API_URL ayarını ve bu ağdaki bir giriş sayfasının ya da vekil sunucunun (proxy) onun "
                "yerine yanıt verip vermediğini kontrol edin.",
            ),
        )
    if error.code is None:
        return Finding(subject, "wrong", error.reason, error.next_step)
    clause = Text(error.reason.en.removesuffix("."), error.reason.tr.removesuffix("."))
    summary = Text("{clause} ({code}).", "{clause} ({code}).").format(clause=clause, code=str(error.code))
    return Finding(subject, "wrong", summary, error.next_step)


async def sender_findings(client: ApiClient, settings: Settings) -> list[Finding]:
    """Find if the default sender and the only senders allowed are approved, to the letter."""
    try:
        approved = await client.call(GET_SENDER, None)
    except ApiError as error:
        return [_api_failure(Subject.SENDER, error, settings)]
    return list(_senders(settings, tuple(filter(is_sender, approved.senders))))


def _senders(settings: Settings, approved: tuple[str, ...]) -> Iterator[Finding]:
    default, allowed = settings.sender, settings.allowed_senders
    if default is None:
        summary = Text(
            "No default sender is set: every send must name one.",
            "Varsayılan başlık ayarlı değil: her gönderimde bir başlık belirtmek gerekir.",
        )
        next_step = Text(
            "Set ILETIMERKEZI_SENDER to one of: {senders}.", "ILETIMERKEZI_SENDER için birini seçin: {senders}."
        )
        yield Finding(
            Subject.SENDER, "warning", summary, next_step.format(senders=_names(approved)) if approved else _APPLY
        )
    elif default in approved:
        yield Finding(
            Subject.SENDER, "ok", Text("“{sender}” is approved.", "“{sender}” onaylı.").format(sender=default)
        )
    else:
        yield _not_approved(default, approved, "ILETIMERKEZI_SENDER")
    if default is not None and allowed and default not in allowed:
        summary = Text(
            "“{sender}” is not in ILETIMERKEZI_ALLOWED_SENDERS, so nothing can be sent with it.",
            "“{sender}” ILETIMERKEZI_ALLOWED_SENDERS içinde yok; bu başlıkla hiçbir şey gönderilemez.",
        )
        next_step = Text("Add it there, or set another sender.", "Oraya ekleyin ya da başka bir başlık ayarlayın.")
        yield Finding(Subject.SENDER, "wrong", summary.format(sender=default), next_step)
    for name in allowed:
        if name not in approved and name != default:
            yield _not_approved(name, approved, "ILETIMERKEZI_ALLOWED_SENDERS")


def _not_approved(name: str, approved: tuple[str, ...], variable: str) -> Finding:
    if (similar := most_similar(name, approved)) is not None:
        summary = Text(
            "“{name}” is not approved for this account. “{similar}” is; case and spaces count.",
            "“{name}” bu hesap için onaylı değil. “{similar}” onaylı; büyük küçük harf ve boşluk önemlidir.",
        )
        next_step = Text("Write “{similar}” in {variable}.", "{variable} ayarına “{similar}” yazın.")
        return Finding(
            Subject.SENDER,
            "wrong",
            summary.format(name=name, similar=similar),
            next_step.format(similar=similar, variable=variable),
        )
    summary = Text("“{name}” is not approved for this account.", "“{name}” bu hesap için onaylı değil.")
    next_step = Text(
        "Write an approved one in {variable}: {senders}.", "{variable} ayarına onaylı birini yazın: {senders}."
    ).format(variable=variable, senders=_names(approved))
    return Finding(Subject.SENDER, "wrong", summary.format(name=name), next_step if approved else _APPLY)


def _names(approved: tuple[str, ...]) -> str:
    names = [quoted(name) for name in approved[:MAX_SENDERS]]
    return ", ".join([*names, "…"] if len(approved) > MAX_SENDERS else names)


def most_similar(name: str, approved: tuple[str, ...]) -> str | None:
    """Return the approved sender that `name` is probably meant to be: case, blanks, Turkish marks or a letter apart."""
    by_folded_name = {"".join(fold(sender).split()): sender for sender in reversed(approved)}
    close = get_close_matches("".join(fold(name).split()), list(by_folded_name), n=1, cutoff=SIMILARITY)
    return by_folded_name[close[0]] if close else None


async def brand_code_finding(client: ApiClient, settings: Settings, *, accepted: bool) -> Finding:
    """Find if there is a brand code, and in the sandbox if it works. `accepted` says if the account is.

    Live it is not checked: the registry is asked about people, not about brands.
    """
    code = settings.brand_code
    if code is None:
        reason = Text(
            "None is set; iys_check and iys_register need one in each call.",
            "Ayarlı değil; iys_check ve iys_register her çağrıda bir tane ister.",
        )
        return Finding(Subject.BRAND_CODE, "not_checked", reason)
    if not settings.sandbox:
        reason = Text(
            "{code} is set and not verified: that would take looking up a person in the national registry (İYS).",
            "{code} ayarlı ama doğrulanmadı: doğrulamak için İYS'de bir kişiyi sorgulamak gerekir.",
        )
        return Finding(Subject.BRAND_CODE, "not_checked", reason.format(code=code))
    if not accepted:
        return Finding(Subject.BRAND_CODE, "not_checked", ACCOUNT_FIRST)
    try:
        consent = await client.call(IYS_CHECK, ConsentQuery(BrandCode(code), IN_THE_REGISTRY, "BIREYSEL", "MESAJ"))
    except ApiError as error:
        return _api_failure(Subject.BRAND_CODE, error, settings)
    if consent is None:
        summary = Text(
            "The sandbox in this state folder does not know {code}.",
            "Bu durum klasöründeki deneme ortamı {code} kodunu tanımıyor.",
        )
        next_step = Text(
            "Delete its world.sqlite3 to begin a new one with this code.",
            "Bu kodla yenisine başlamak için oradaki world.sqlite3 dosyasını silin.",
        )
        return Finding(Subject.BRAND_CODE, "warning", summary.format(code=code), next_step)
    summary = Text("The sandbox knows {code}.", "Deneme ortamı {code} kodunu tanıyor.")
    return Finding(Subject.BRAND_CODE, "ok", summary.format(code=code))
