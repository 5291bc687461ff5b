"""The failures between this machine and the provider: one tree, one class per cause.

::

    ApiError                       (outcome)
    ├── NotSent                     nothing_done: nothing left that the provider could act on
    │   ├── NoCredentials           key or hash is not set
    │   ├── TooBusy                 no free slot, or no place in the rate of 100 recipients a second, in time
    │   ├── Closed                  the client is closed, for the server ends
    │   ├── ConfirmationTooOld      the machine slept, or the process was paused, between the yes and the request
    │   └── CannotConnect           no connection, or it broke before any of the request's body was handed over
    │       ├── AddressUnusable     the configured address has no name, or one that no resolver accepts
    │       ├── NameNotFound        DNS does not know the server
    │       ├── ConnectionRefused   no server listens there
    │       ├── ConnectTooSlow      no connection in time
    │       ├── ProxyFailed         the environment's proxy cannot be used or did not let it through
    │       └── TlsFailed           no encrypted connection, or the trusted certificates cannot be read
    │           └── CertificateRefused   the server's is expired, for another name, or by an unknown issuer
    ├── Refused                     refused: the provider answered with a code
    │   └── Throttled               … with 429
    └── OutcomeUnknown              unknown, perhaps done: the request began to leave, no readable answer came
        ├── AnswerLost              the connection broke
        ├── AnswerLate              the time limit passed
        ├── AnswerUnreadable        not JSON, no code, wrong types, too large
        │   └── Redirected          a redirect, which is never followed
        ├── ServerFailed            5xx as a code or as an HTTP status, or 408
        └── AcceptedUntracked       code 200, but no order number

Reads raise the same classes; they changed nothing, and the caller knows that it was a read. No error holds a request, a
key, or the provider's text.
"""

# ruff: noqa: N818 -- a class is named after what happened, as httpx names its own; the root says Error

from __future__ import annotations

from typing import Any, ClassVar

from iletimerkezi_mcp.language import ExplainedError, Text

from .codes import ProviderCode, lookup
from .operation import READ_AGAIN, Operation
from .outcomes import FailureOutcome

AnyOperation = Operation[Any, Any]

_CHECK_ADDRESS = Text(
    "Ask the operator to check ILETIMERKEZI_API_URL.",
    "Yönetici ILETIMERKEZI_API_URL ayarını kontrol etmeli.",
    person=Text("Check ILETIMERKEZI_API_URL.", "ILETIMERKEZI_API_URL ayarını kontrol edin."),
)


class ApiError(ExplainedError):
    """Any failure of a call to the provider.

    `outcome` says what became of a change (see :data:`.outcomes.OUTCOMES`). `reason` says what happened, and `next_step`
    what to do. `code` is the provider's, or its HTTP status. `transient` is true if the same request may work a moment
    later. `retry_after` is the seconds that the provider wants to be left alone, None if it names none.
    """

    outcome: ClassVar[FailureOutcome]
    transient: ClassVar[bool] = False
    retry_after: float | None = None

    def __init__(self, reason: Text, next_step: Text, code: int | None = None) -> None:
        super().__init__(reason)
        self.next_step = next_step
        self.code = code


class NotSent(ApiError):
    outcome = "nothing_done"
    _REASON: ClassVar[Text]
    _NEXT_STEP: ClassVar[Text]

    def __init__(self) -> None:
        super().__init__(self._REASON, self._NEXT_STEP)


class NoCredentials(NotSent):
    _REASON = Text(
        "Key and hash of an iletiMerkezi account are not set, so no request was made.",
        "iletiMerkezi hesabının anahtarı ve hash'i ayarlı değil; hiçbir istek yapılmadı.",
    )
    _NEXT_STEP = Text(
        "Tell the user: key and hash are in panel.iletimerkezi.com under Settings > Security > API Access; turn on "
        "Allow API access under Settings > Security > Access Permissions (most first 401 answers come from it being "
        "off); set ILETIMERKEZI_API_KEY and ILETIMERKEZI_API_HASH in this host's configuration of the server and "
        "restart it; or try everything without an account by starting the server with --sandbox.",
        "Kullanıcıya söyleyin: anahtar ve hash, panel.iletimerkezi.com'da Ayarlar > Güvenlik > API Erişimi altında; "
        "Ayarlar > Güvenlik > Erişim İzinleri altındaki “API kullanımına izin ver” açılmalı (ilk 401 yanıtlarının çoğu "
        "bundandır); ILETIMERKEZI_API_KEY ve ILETIMERKEZI_API_HASH bu istemcinin sunucu yapılandırmasına yazılıp "
        "sunucu yeniden başlatılmalı; hesapsız denemek için sunucu --sandbox ile başlatılabilir.",
        person=Text(
            "Key and hash are in panel.iletimerkezi.com under Settings > Security > API Access; turn "
            "on Allow API access under Settings > Security > Access Permissions (most first 401 "
            "answers come from it being off); set ILETIMERKEZI_API_KEY and ILETIMERKEZI_API_HASH in "
            "the environment; or try everything without an account with --sandbox.",
            "Anahtar ve hash, panel.iletimerkezi.com'da Ayarlar > Güvenlik > API Erişimi altında; "
            "Ayarlar > Güvenlik > Erişim İzinleri altındaki “API kullanımına izin ver” seçeneğini "
            "açın (ilk 401 yanıtlarının çoğu bundandır); ILETIMERKEZI_API_KEY ve "
            "ILETIMERKEZI_API_HASH ortam değişkenlerini ayarlayın; ya da --sandbox ile hesapsız "
            "deneyin.",
        ),
    )


class TooBusy(NotSent):
    _REASON = Text(
        "Too many calls at once: this one got no turn in time, so it was not sent.",
        "Aynı anda çok fazla çağrı var: sıra gelmediği için bu çağrı gönderilmedi.",
    )
    _NEXT_STEP = Text(
        "Try again in a minute, with fewer calls at once.",
        "Bir dakika sonra, aynı anda daha az çağrıyla yeniden deneyin.",
    )


class Closed(NotSent):
    _REASON = Text(
        "This server is shutting down and sends nothing more.", "Bu sunucu kapanıyor, artık gönderim yapmıyor."
    )
    _NEXT_STEP = Text("Start the server again.", "Sunucuyu yeniden başlatın.")


class ConfirmationTooOld(NotSent):
    _REASON = Text(
        "It was not sent: by the time of the request the confirmation was out of date (this machine may have slept, or the "
        "night hours had begun).",
        "İstek gönderilmedi: sırası geldiğinde onay güncelliğini yitirmişti (bilgisayar uyku moduna geçmiş ya da gece "
        "saatleri başlamış olabilir).",
    )
    _NEXT_STEP = Text(
        "Ask the user if it is still to be done, then call again without confirm.",
        "Kullanıcıya hâlâ yapılmasını isteyip istemediğini sorun, sonra confirm olmadan yeniden çağırın.",
        person=Text("Preview it again if it is still to be done.", "Hâlâ yapılacaksa yeniden önizleyin."),
    )


class CannotConnect(NotSent):
    transient = True
    _REASON = Text("The provider could not be reached.", "Sağlayıcıya ulaşılamadı.")
    _NEXT_STEP = Text(
        "Check this machine's network, then try again.", "Bu makinenin ağ bağlantısını kontrol edip yeniden deneyin."
    )


class AddressUnusable(CannotConnect):
    transient = False
    _REASON = Text(
        "The configured address cannot be called, so no request was made.",
        "Ayarlı adres kullanılamıyor; hiçbir istek yapılmadı.",
    )
    _NEXT_STEP = _CHECK_ADDRESS


class NameNotFound(CannotConnect):
    _REASON = Text(
        "The provider could not be reached: its name was not found (DNS).",
        "Sağlayıcıya ulaşılamadı: adı çözümlenemedi (DNS).",
    )
    _NEXT_STEP = Text(
        "Check this machine's network and name service, and ILETIMERKEZI_API_URL if it is set.",
        "Bu makinenin ağını ve DNS ayarını, ayarlıysa ILETIMERKEZI_API_URL değerini kontrol edin.",
    )


class ConnectionRefused(CannotConnect):
    _REASON = Text(
        "The provider could not be reached: the connection was refused.",
        "Sağlayıcıya ulaşılamadı: bağlantı reddedildi.",
    )
    _NEXT_STEP = Text(
        "Try again in a few minutes; check ILETIMERKEZI_API_URL if it is set.",
        "Birkaç dakika sonra yeniden deneyin; ayarlıysa ILETIMERKEZI_API_URL değerini kontrol edin.",
    )


class ConnectTooSlow(CannotConnect):
    _REASON = Text("The provider could not be reached in time.", "Sağlayıcıya zamanında ulaşılamadı.")


class ProxyFailed(CannotConnect):
    _REASON = Text(
        "The provider could not be reached through this machine's proxy.",
        "Bu makinede ayarlı vekil sunucu (proxy) üzerinden sağlayıcıya ulaşılamadı.",
    )
    _NEXT_STEP = Text(
        "Ask the operator to check HTTPS_PROXY, ALL_PROXY and NO_PROXY.",
        "Yönetici HTTPS_PROXY, ALL_PROXY ve NO_PROXY ayarlarını kontrol etmeli.",
        person=Text(
            "Check HTTPS_PROXY, ALL_PROXY and NO_PROXY.", "HTTPS_PROXY, ALL_PROXY ve NO_PROXY ayarlarını kontrol edin."
        ),
    )


class TlsFailed(CannotConnect):
    transient = False
    _REASON = Text(
        "No encrypted connection (TLS) to the provider could be made.",
        "Sağlayıcıyla şifreli bağlantı (TLS) kurulamadı.",
    )
    _NEXT_STEP = Text(
        "Ask the operator to check ILETIMERKEZI_API_URL, SSL_CERT_FILE and whether anything on the network intercepts TLS.",
        "Yönetici ILETIMERKEZI_API_URL ve SSL_CERT_FILE ayarlarını ve ağda TLS trafiğine giren bir şey olup olmadığını "
        "kontrol etmeli.",
        person=Text(
            "Check ILETIMERKEZI_API_URL, SSL_CERT_FILE and whether anything on the network intercepts TLS.",
            "ILETIMERKEZI_API_URL ve SSL_CERT_FILE ayarlarını ve ağda TLS trafiğine giren bir şey "
            "olup olmadığını kontrol edin.",
        ),
    )


class CertificateRefused(TlsFailed):
    _REASON = Text(
        "The certificate of the server that answered is not trusted, so the key was not sent to it.",
        "Yanıt veren sunucunun TLS sertifikasına güvenilmiyor; anahtar gönderilmedi.",
    )
    _NEXT_STEP = Text(
        "Ask the operator to check this machine's clock and, behind a company proxy, to put its certificate into "
        "SSL_CERT_FILE.",
        "Yönetici bu makinenin saatini kontrol etmeli; şirket vekil sunucusu (proxy) varsa onun sertifikasını "
        "SSL_CERT_FILE ile tanıtmalı.",
        person=Text(
            "Check this machine's clock and, behind a company proxy, put its certificate into SSL_CERT_FILE.",
            "Bu makinenin saatini kontrol edin; şirket vekil sunucusu (proxy) varsa onun "
            "sertifikasını SSL_CERT_FILE ile tanıtın.",
        ),
    )


class Refused(ApiError):
    """Raised if the provider answered with a code other than 200. Nothing was done.

    `row` holds the code's meaning for the operation.
    """

    outcome = "refused"
    code: int

    def __init__(self, code: int, operation: AnyOperation | None = None) -> None:
        self.row: ProviderCode = lookup(code, operation)
        super().__init__(self.row.meaning, self.row.next_step, code)


class Throttled(Refused):
    transient = True

    def __init__(self, operation: AnyOperation | None = None, retry_after: float | None = None) -> None:
        super().__init__(429, operation)
        self.retry_after = retry_after
        if retry_after is not None:
            self.next_step = _not_before(retry_after)


class OutcomeUnknown(ApiError):
    outcome = "unknown"
    _REASON: ClassVar[Text]
    _AFTER_A_CHANGE = Text("Find out first whether it was done.", "Önce yapılıp yapılmadığına bakın.")
    _AFTER_A_READ = READ_AGAIN

    def __init__(self, operation: AnyOperation, reason: Text | None = None, code: int | None = None) -> None:
        next_step = self._AFTER_A_CHANGE if operation.changes else self._AFTER_A_READ
        super().__init__(reason or self._REASON, next_step, code)


class AnswerLost(OutcomeUnknown):
    transient = True
    _REASON = Text(
        "The connection broke before the provider's answer came.", "Sağlayıcının yanıtı gelmeden bağlantı koptu."
    )


class AnswerLate(OutcomeUnknown):
    transient = True
    _REASON = Text("The provider did not answer within the time limit.", "Sağlayıcı süre sınırı içinde yanıt vermedi.")


class AnswerUnreadable(OutcomeUnknown):
    _REASON = Text("The provider's answer could not be read.", "Sağlayıcının yanıtı okunamadı.")


class Redirected(AnswerUnreadable):
    """Raised for HTTP 301, 307 and 308.

    Following one would post the account's key to a server that the operator has not named. The whole request did leave:
    a server may act on it and redirect all the same.
    """

    _REASON = Text(
        "The configured address answers with a redirect, which is never followed.",
        "Ayarlı adres yönlendirme yanıtı veriyor; yönlendirmeler izlenmez.",
    )
    _AFTER_A_READ = _CHECK_ADDRESS


class ServerFailed(OutcomeUnknown):
    transient = True

    def __init__(self, operation: AnyOperation, code: int, retry_after: float | None = None) -> None:
        super().__init__(operation, lookup(503 if code == 503 else 500).meaning, code)
        self.retry_after = retry_after
        if retry_after is not None and not operation.changes:
            self.next_step = _not_before(retry_after)


class AcceptedUntracked(OutcomeUnknown):
    """Raised if `send_sms` was accepted (code 200) and the answer holds no order number.

    It is probably sent, but it can be neither followed nor cancelled. Calling it done would hide that, and
    calling it failed would have it sent twice.
    """

    _REASON = Text(
        "The provider accepted the order (code 200) but gave no order number.",
        "Sağlayıcı gönderimi kabul etti (kod 200) ama gönderim numarası vermedi.",
    )

    def __init__(self, operation: AnyOperation) -> None:
        super().__init__(operation, code=200)


def _not_before(retry_after: float) -> Text:
    return Text("Try again in {seconds} s, not before.", "{seconds} sn sonra yeniden deneyin, daha önce değil.").format(
        seconds=max(1, round(retry_after))
    )
