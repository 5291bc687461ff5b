"""What can go wrong between this machine and the provider: one tree, one class per cause.

::

    ApiError                       (outcome)
    ├── NotSent                     nothing_done
    │   ├── NoCredentials           key or hash is not set
    │   ├── TooBusy                 no free slot or no rate in time
    │   ├── Closed                  the client is closing
    │   ├── Redirected              the address answers with a redirect, which is never followed
    │   └── CannotConnect           no connection, or it broke before the request was handed over
    │       ├── AddressUnusable     no address can be made of the one that is set
    │       ├── NameNotFound        DNS does not know the host
    │       ├── ConnectionRefused   nobody listens there
    │       ├── ConnectTooSlow      no connection in time
    │       ├── ProxyFailed         the operator's proxy did not let it through
    │       └── TlsFailed           no encrypted connection could be agreed on
    │           └── CertificateRefused   the host's certificate is not trusted
    ├── Refused                     refused: the provider answered with a code
    │   └── Throttled               … with 429
    └── OutcomeUnknown              unknown: the request left and no readable answer came
        ├── AnswerLost              the connection broke
        ├── AnswerLate              the time limit passed
        ├── AnswerUnreadable        not JSON, no code, wrong types, too large
        ├── ServerFailed            5xx, or 408
        └── AcceptedUntracked       code 200, but no order number

Reads raise the same classes: nothing was changed by them, and whoever tells a person
knows which it was. No error holds a request, a key, or the provider's text, except the
short cleaned `upstream` of :class:`Refused`.
"""

# ruff: noqa: N818 -- a class is named after what happened, as httpx names its own; the root says Error

from __future__ import annotations

from typing import Any, ClassVar, Final

from iletimerkezi_mcp.language import Text

from .codes import Code, lookup
from .decoding import printable
from .operation import Operation
from .outcomes import FailureOutcome

AnyOperation = Operation[Any, Any]

MAX_UPSTREAM: Final = 120
"""Characters of the provider's own message that an error may hold."""


class ApiError(Exception):
    """Any failure of a call to the provider.

    `outcome` says what became of a change (see :data:`.outcomes.OUTCOMES`). `what` and `next_step` are one sentence each. `code` is the
    provider's, or its HTTP status. `transient` is true where the same request may work a moment later.
    """

    outcome: ClassVar[FailureOutcome]
    transient: ClassVar[bool] = False

    def __init__(self, what: Text, next_step: Text, code: int | None = None) -> None:
        super().__init__(what.en)
        self.what = what
        self.next_step = next_step
        self.code = code


class NotSent(ApiError):
    """Nothing left this machine that the provider could act on."""

    outcome = "nothing_done"
    _WHAT: ClassVar[Text]
    _NEXT: ClassVar[Text]

    def __init__(self) -> None:
        super().__init__(self._WHAT, self._NEXT)


class NoCredentials(NotSent):
    """Raised before anything else where the operator has set no key or no hash."""

    _WHAT = Text(
        "No key and hash of an iletiMerkezi account are set, so nothing was asked or sent.",
        "iletiMerkezi hesabının anahtarı ve hash'i ayarlı değil; hiçbir şey sorulmadı, gönderilmedi.",
    )
    _NEXT = Text(
        "Tell the user: key and hash are in panel.iletimerkezi.com under Settings > Security > API Access; turn on "
        "Allow API access under Settings > Security > Access Permissions (most first 401 answers come from it being "
        "off); set ILETIMERKEZI_API_KEY and ILETIMERKEZI_API_HASH in this host's configuration of the server and "
        "restart it; or try everything without an account by starting the server with --sandbox.",
        "Kullanıcıya söyleyin: anahtar ve hash, panel.iletimerkezi.com'da Ayarlar > Güvenlik > API Erişimi altında; "
        "Ayarlar > Güvenlik > Erişim İzinleri altındaki “API kullanımına izin ver” açılmalı (ilk 401 yanıtlarının çoğu "
        "bundandır); ILETIMERKEZI_API_KEY ve ILETIMERKEZI_API_HASH bu istemcinin sunucu yapılandırmasına yazılıp "
        "sunucu yeniden başlatılmalı; hesapsız denemek için sunucu --sandbox ile başlatılabilir.",
    )


class TooBusy(NotSent):
    """Raised where other calls kept every slot, or the 100 recipients a second, for too long."""

    _WHAT = Text(
        "Too many calls at once: this one waited for its turn in vain and was not sent.",
        "Aynı anda çok fazla çağrı var: bu çağrı sırasını boşuna bekledi ve gönderilmedi.",
    )
    _NEXT = Text(
        "Try again in a minute, with fewer calls side by side.",
        "Bir dakika sonra, daha az çağrıyı yan yana yürüterek yeniden deneyin.",
    )


class Closed(NotSent):
    """Raised for a call that comes when the client is already closed, at the server's end."""

    _WHAT = Text("This server is shutting down and sends nothing more.", "Bu sunucu kapanıyor ve artık göndermiyor.")
    _NEXT = Text("Start the server again.", "Sunucuyu yeniden başlatın.")


class Redirected(NotSent):
    """Raised for HTTP 301, 307 and 308.

    The request did leave, but these three say that whatever acts on it is elsewhere and that the
    request is to be repeated there; the server that said so did not act. Following one would post the
    account's key to a host that the operator has not named.
    """

    _WHAT = Text(
        "The address that is set answers with a redirect, which is never followed.",
        "Ayarlı adres yönlendirme yanıtı veriyor; yönlendirmeler izlenmez.",
    )
    _NEXT = Text("The operator checks ILETIMERKEZI_API_URL.", "Yönetici ILETIMERKEZI_API_URL ayarını kontrol etmeli.")


class CannotConnect(NotSent):
    """Raised where no connection came about, or it broke before any of the request's body was handed over."""

    transient = True
    _WHAT = Text("The provider could not be reached.", "Sağlayıcıya ulaşılamadı.")
    _NEXT = Text(
        "Check this machine's network, then try again.", "Bu makinenin ağ bağlantısını kontrol edip yeniden deneyin."
    )


class AddressUnusable(CannotConnect):
    """Raised where the address that is set cannot be called at all: no name, or one that no resolver takes."""

    transient = False
    _WHAT = Text(
        "The address that is set cannot be called, so nothing was asked or sent.",
        "Ayarlı adres kullanılamıyor; hiçbir şey sorulmadı, gönderilmedi.",
    )
    _NEXT = Text("The operator checks ILETIMERKEZI_API_URL.", "Yönetici ILETIMERKEZI_API_URL ayarını kontrol etmeli.")


class NameNotFound(CannotConnect):
    """Raised where the host's name has no address."""

    _WHAT = Text(
        "The provider could not be reached: its name was not found (DNS).",
        "Sağlayıcıya ulaşılamadı: adı çözümlenemedi (DNS).",
    )
    _NEXT = Text(
        "Check this machine's network and name service, and ILETIMERKEZI_API_URL where it is set.",
        "Bu makinenin ağını ve DNS ayarını, ayarlıysa ILETIMERKEZI_API_URL değerini kontrol edin.",
    )


class ConnectionRefused(CannotConnect):
    """Raised where the host refused the connection."""

    _WHAT = Text(
        "The provider could not be reached: the connection was refused.",
        "Sağlayıcıya ulaşılamadı: bağlantı reddedildi.",
    )
    _NEXT = Text(
        "Try again in a few minutes; check ILETIMERKEZI_API_URL where it is set.",
        "Birkaç dakika sonra yeniden deneyin; ayarlıysa ILETIMERKEZI_API_URL değerini kontrol edin.",
    )


class ConnectTooSlow(CannotConnect):
    """Raised where no connection came about within its time limit."""

    _WHAT = Text(
        "The provider could not be reached in time.",
        "Sağlayıcıya zamanında ulaşılamadı.",
    )


class ProxyFailed(CannotConnect):
    """Raised where the proxy of the environment cannot be used or does not let the connection through."""

    _WHAT = Text(
        "The provider could not be reached through the proxy that this machine is set to use.",
        "Bu makinede ayarlı vekil sunucu (proxy) üzerinden sağlayıcıya ulaşılamadı.",
    )
    _NEXT = Text(
        "The operator checks HTTPS_PROXY, ALL_PROXY and NO_PROXY.",
        "Yönetici HTTPS_PROXY, ALL_PROXY ve NO_PROXY ayarlarını kontrol etmeli.",
    )


class TlsFailed(CannotConnect):
    """Raised where no encrypted connection could be agreed on, or the trusted certificates cannot be read."""

    transient = False
    _WHAT = Text(
        "No encrypted connection (TLS) to the provider could be made.",
        "Sağlayıcıyla şifreli bağlantı (TLS) kurulamadı.",
    )
    _NEXT = Text(
        "The operator checks ILETIMERKEZI_API_URL, SSL_CERT_FILE and what on the network intercepts TLS.",
        "Yönetici ILETIMERKEZI_API_URL ve SSL_CERT_FILE ayarlarını ve ağda TLS trafiğine giren bir şey olup olmadığını "
        "kontrol etmeli.",
    )


class CertificateRefused(TlsFailed):
    """Raised where the host's certificate is not trusted: expired, for another name, or by an unknown issuer."""

    _WHAT = Text(
        "The certificate of the host that answered is not trusted, so no key was handed to it.",
        "Yanıt veren sunucunun TLS sertifikasına güvenilmiyor; ona hiçbir anahtar verilmedi.",
    )
    _NEXT = Text(
        "The operator checks this machine's clock; behind a company proxy, put its certificate into SSL_CERT_FILE.",
        "Yönetici bu makinenin saatini kontrol etmeli; şirket vekil sunucusu (proxy) varsa onun sertifikasını "
        "SSL_CERT_FILE ile tanıtmalı.",
    )


class Refused(ApiError):
    """Raised where the provider answered with a code other than 200. Nothing was done.

    `row` holds the code's meaning for the operation. `upstream` is the provider's own message where it is
    not the table's: at most 120 characters, none of them a control character.
    """

    outcome = "refused"
    code: int

    def __init__(self, code: int, operation: AnyOperation | None = None, upstream: str = "") -> None:
        self.row: Code = lookup(code, None if operation is None else operation.name)
        super().__init__(self.row.meaning, self.row.next_step, code)
        said = printable(upstream, MAX_UPSTREAM).strip()
        self.upstream: str | None = said if said and not _same(said, self.row.turkish) else None


class Throttled(Refused):
    """Raised for 429. `retry_after` is the seconds that the provider wants to be left alone, where it says so."""

    transient = True

    def __init__(
        self, operation: AnyOperation | None = None, upstream: str = "", retry_after: float | None = None
    ) -> None:
        super().__init__(429, operation, upstream)
        self.retry_after = retry_after
        if retry_after is not None:
            self.next_step = _not_before(retry_after)


class OutcomeUnknown(ApiError):
    """The request left, and no answer that can be relied on came back. A change may have been made."""

    outcome = "unknown"
    _WHAT: ClassVar[Text]

    def __init__(self, operation: AnyOperation, what: Text | None = None, code: int | None = None) -> None:
        super().__init__(what or self._WHAT, operation.verify or _TRY_AGAIN, code)


class AnswerLost(OutcomeUnknown):
    """Raised where the connection broke after the request had begun to leave and before the whole answer came."""

    transient = True
    _WHAT = Text(
        "The connection broke before the provider's answer came.",
        "Sağlayıcının yanıtı gelmeden bağlantı koptu.",
    )


class AnswerLate(OutcomeUnknown):
    """Raised where the request left and the time limit passed without an answer."""

    transient = True
    _WHAT = Text(
        "The provider did not answer within the time limit.",
        "Sağlayıcı süre sınırı içinde yanıt vermedi.",
    )


class AnswerUnreadable(OutcomeUnknown):
    """Raised where an answer came that is not the documented one: no JSON, no code, wrong types, too large."""

    _WHAT = Text(
        "The provider's answer could not be read.",
        "Sağlayıcının yanıtı okunamadı.",
    )


class ServerFailed(OutcomeUnknown):
    """Raised for a 5xx, as a code or as an HTTP status, and for 408. `retry_after` is in seconds."""

    transient = True

    def __init__(self, operation: AnyOperation, code: int, retry_after: float | None = None) -> None:
        super().__init__(operation, lookup(503 if code == 503 else 500).meaning, code)
        self.retry_after = retry_after
        if retry_after is not None and not operation.changes:
            self.next_step = _not_before(retry_after)


class AcceptedUntracked(OutcomeUnknown):
    """Raised where `send_sms` was accepted (code 200) and the answer holds no order number.

    It is sent, as far as anyone can tell, but nothing in hand could follow or cancel it; calling it
    done would hide that, and calling it failed would have it sent twice.
    """

    _WHAT = Text(
        "The provider accepted the order (code 200) but gave no order number.",
        "Sağlayıcı siparişi kabul etti (kod 200) ama sipariş numarası vermedi.",
    )

    def __init__(self, operation: AnyOperation) -> None:
        super().__init__(operation, code=200)


def _not_before(retry_after: float) -> Text:
    seconds = max(1, round(retry_after))
    return Text(f"Try again in {seconds} s, not before.", f"{seconds} sn sonra yeniden deneyin, daha önce değil.")


def _same(said: str, listed: str) -> bool:
    return said.rstrip(". ").casefold() == listed.rstrip(". ").casefold()


_TRY_AGAIN = Text(
    "Nothing was changed by this read; try again in a minute.",
    "Bu okuma hiçbir şeyi değiştirmedi; bir dakika sonra yeniden deneyin.",
)
