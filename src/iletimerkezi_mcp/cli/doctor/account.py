"""The account as the provider knows it: let in, with something left, its senders, its brand code."""

from __future__ import annotations

from difflib import get_close_matches

from iletimerkezi_mcp.language import Text, count
from iletimerkezi_mcp.provider.account import GET_BALANCE, GET_SENDER, Balance
from iletimerkezi_mcp.provider.client import ApiClient
from iletimerkezi_mcp.provider.consents import IYS_CHECK, BrandCode, ConsentQuery
from iletimerkezi_mcp.provider.errors import AnswerUnreadable, ApiError
from iletimerkezi_mcp.settings import Settings
from iletimerkezi_mcp.sms.normalize import fold
from iletimerkezi_mcp.tools.account import describe_balance

from .findings import Finding, Subject, fine, mind, unchecked, wrong

NEAR = 0.75
"""How alike two sender names are for the one to be taken for a slip of the other."""

ACCOUNT_FIRST = Text("The account comes first.", "Önce hesap düzelmeli.")
"""Why what only an account that is let in can show was not looked at."""

IN_THE_REGISTRY = "+905330000099"
"""A number that the sandbox's registry has a consent of."""


async def account_finding(client: ApiClient, settings: Settings) -> Finding:
    """Whether the provider lets the account in, and what is left on it."""
    try:
        balance = await client.call(GET_BALANCE, None)
    except ApiError as error:
        return _failed(Subject.ACCOUNT, error, settings)
    return _left(balance)


def _left(balance: Balance) -> Finding:
    told = Text("Let in; ", "Giriş yapıldı; ") + describe_balance(balance)
    if balance.sms <= 0 and balance.amount <= 0:
        return mind(
            Subject.ACCOUNT,
            told,
            Text("Top up in the panel before sending.", "Göndermeden önce panelden bakiye yükleyin."),
        )
    return fine(Subject.ACCOUNT, told)


def _failed(subject: Subject, error: ApiError, settings: Settings) -> Finding:
    if isinstance(error, AnswerUnreadable):
        return wrong(
            subject,
            Text(
                f"What answers at {settings.api_url} is not the provider's API.",
                f"{settings.api_url} adresinde yanıt veren, sağlayıcının API'si değil.",
            ),
            Text(
                "Check ILETIMERKEZI_API_URL, and whether a login page or a proxy of this network answers in its place.",
                "ILETIMERKEZI_API_URL ayarını ve bu ağdaki bir giriş sayfasının ya da vekil sunucunun (proxy) onun "
                "yerine yanıt verip vermediğini kontrol edin.",
            ),
        )
    what = error.reason if error.code is None else _with_code(error.reason, error.code)
    return wrong(subject, what, error.next_step)


def _with_code(what: Text, code: int) -> Text:
    return Text(what.en.removesuffix("."), what.tr.removesuffix(".")) + f" ({code})."


async def sender_findings(client: ApiClient, settings: Settings) -> list[Finding]:
    """Whether the default sender and the only senders allowed are approved, to the letter."""
    try:
        approved = await client.call(GET_SENDER, None)
    except ApiError as error:
        return [_failed(Subject.SENDER, error, settings)]
    found = [_default_sender(settings, approved)]
    if (
        (default := settings.sender) is not None
        and settings.allowed_senders
        and default not in settings.allowed_senders
    ):
        found.append(
            wrong(
                Subject.SENDER,
                Text(
                    f"“{default}” is not in ILETIMERKEZI_ALLOWED_SENDERS, so nothing can be sent with it.",
                    f"“{default}” ILETIMERKEZI_ALLOWED_SENDERS içinde yok; onunla hiçbir şey gönderilemez.",
                ),
                Text("Add it there, or set another sender.", "Oraya ekleyin ya da başka bir başlık ayarlayın."),
            )
        )
    found += [
        _not_approved(name, approved, "ILETIMERKEZI_ALLOWED_SENDERS")
        for name in settings.allowed_senders
        if name not in approved and name != default
    ]
    return found


def _default_sender(settings: Settings, approved: tuple[str, ...]) -> Finding:
    if settings.sender is None:
        return mind(
            Subject.SENDER,
            Text("No default sender is set: ", "Varsayılan başlık ayarlı değil: ")
            + Text("every send must name one.", "her gönderimde bir başlık belirtmek gerekir."),
            Text("Set ILETIMERKEZI_SENDER to one of: ", "ILETIMERKEZI_SENDER ayarına şunlardan birini yazın: ")
            + ", ".join(approved[:5])
            + "."
            if approved
            else _APPLY,
        )
    if settings.sender in approved:
        return fine(Subject.SENDER, Text(f"“{settings.sender}” is approved.", f"“{settings.sender}” onaylı."))
    return _not_approved(settings.sender, approved, "ILETIMERKEZI_SENDER")


_APPLY = Text(
    "Apply for one in the panel; it takes one to two working days.", "Panelden başvurun; bir iki iş günü sürer."
)


def _not_approved(name: str, approved: tuple[str, ...], variable: str) -> Finding:
    said = Text(f"“{name}” is not approved for this account.", f"“{name}” bu hesap için onaylı değil.")
    if (meant := near(name, approved)) is not None:
        said += Text(
            f" “{meant}” is; case and spaces count.", f" “{meant}” onaylı; büyük küçük harf ve boşluk önemlidir."
        )
        return wrong(
            Subject.SENDER, said, Text(f"Write “{meant}” in {variable}.", f"{variable} ayarına “{meant}” yazın.")
        )
    if not approved:
        return wrong(Subject.SENDER, said, _APPLY)
    some = ", ".join(approved[:5])
    more = Text(" (", " (") + count(len(approved)) + Text(" in all)", " başlık)") if len(approved) > 5 else ""
    return wrong(
        Subject.SENDER,
        said,
        Text(f"Write an approved one in {variable}: {some}", f"{variable} ayarına onaylı birini yazın: {some}")
        + more
        + ".",
    )


def near(name: str, approved: tuple[str, ...]) -> str | None:
    """The approved sender that `name` is probably meant to be: case, blanks, Turkish marks or a letter apart."""
    flat = {"".join(fold(one).split()): one for one in reversed(approved)}
    close = get_close_matches("".join(fold(name).split()), list(flat), n=1, cutoff=NEAR)
    return flat[close[0]] if close else None


async def brand_code_finding(client: ApiClient, settings: Settings, *, let_in: bool) -> Finding:
    """Whether there is a brand code. Live it stays unproven: the registry is asked about people, not about brands."""
    code = settings.brand_code
    if code is None:
        return unchecked(
            Subject.BRAND_CODE,
            Text(
                "None is set; iys_check and iys_register need one in each call.",
                "Ayarlı değil; iys_check ve iys_register her çağrıda bir tane ister.",
            ),
        )
    if not settings.sandbox:
        return unchecked(
            Subject.BRAND_CODE,
            Text(
                f"{code} is set and unproven: the only proof would look a person up in the national registry (İYS).",
                f"{code} ayarlı ama doğrulanmadı: doğrulamak için ulusal kayıtta (İYS) bir kişiyi sorgulamak gerekirdi.",
            ),
        )
    if not let_in:
        return unchecked(Subject.BRAND_CODE, ACCOUNT_FIRST)
    try:
        consent = await client.call(IYS_CHECK, ConsentQuery(BrandCode(code), IN_THE_REGISTRY, "BIREYSEL", "MESAJ"))
    except ApiError as error:
        return _failed(Subject.BRAND_CODE, error, settings)
    if consent is None:
        return mind(
            Subject.BRAND_CODE,
            Text(
                f"The sandbox in this state folder does not know {code}.",
                f"Bu durum klasöründeki deneme ortamı {code} kodunu tanımıyor.",
            ),
            Text(
                "Delete its world.sqlite3 to begin a new one with this code.",
                "Bu kodla yenisine başlamak için oradaki world.sqlite3 dosyasını silin.",
            ),
        )
    return fine(Subject.BRAND_CODE, Text(f"The sandbox knows {code}.", f"Deneme ortamı {code} kodunu tanıyor."))
