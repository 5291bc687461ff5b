"""The path for pushed reports: if it is on, what came last, which URL the provider's panel needs, and which orders wait."""

from __future__ import annotations

from iletimerkezi_mcp.language import Text, sentences
from iletimerkezi_mcp.ledger.unavailable import LedgerUnavailableError
from iletimerkezi_mcp.settings import Settings
from iletimerkezi_mcp.sms.clock import Clock, describe_time
from iletimerkezi_mcp.tools.pushed import LATE

from .report import Finding, Subject
from .state import readable_ledger


async def delivery_findings(settings: Settings, clock: Clock) -> list[Finding]:
    """Find if pushed reports are taken and have come. The secret of the path is not shown."""
    last, late = None, []
    if (ledger := readable_ledger(settings, clock)) is not None:
        try:
            last, late = await ledger.last_pushed(), [str(order.order_id) for order in await ledger.late_orders()]
        except LedgerUnavailableError as error:
            return [Finding(Subject.DELIVERY, "not_checked", error.reason)]
        finally:
            ledger.close()
    came = _NONE if last is None else _LAST.format(time=describe_time(last))
    if settings.delivery_secret is None:
        summary = _OFF if last is None else sentences(_OFF, came)
    else:
        served = _BY_COMMAND if settings.transport == "stdio" else _BY_SERVER.format(transport=settings.transport)
        host = settings.allow_hosts[0] if settings.allow_hosts else _YOUR_NAME
        summary = sentences(served, came, _PANEL.format(host=host))
    findings = [Finding(Subject.DELIVERY, "ok", summary)]
    if late:
        findings.append(Finding(Subject.DELIVERY, "warning", LATE.format(order_ids=", ".join(late)), _READ_THEM))
    return findings


_OFF = Text(
    "No pushed reports are taken with these settings: ILETIMERKEZI_DELIVERY_SECRET is not set (iletimerkezi-mcp token "
    "--delivery makes one).",
    "Bu ayarlarla iletim bildirimi alınmaz: ILETIMERKEZI_DELIVERY_SECRET verilmemiş (iletimerkezi-mcp token --delivery "
    "bir tane üretir).",
)
_BY_SERVER = Text(
    "Pushed reports are taken by this server ({transport}).", "İletim bildirimlerini bu sunucu alır ({transport})."
)
_BY_COMMAND = Text(
    "Pushed reports are taken while iletimerkezi-mcp delivery runs.",
    "İletim bildirimleri iletimerkezi-mcp delivery çalışırken alınır.",
)
# One that says again what is known leaves no trace, and one about an unknown order is deleted after a day.
_LAST = Text("The last that changed a state was received at {time}.", "Bir durumu değiştiren son bildirim: {time}.")
_NONE = Text("None is on record.", "Kayıtlı bildirim yok.")
_PANEL = Text(
    "In iletiMerkezi's panel, under Ayarlar > API > Webhook (Bildirim Adresi), enter https://{host}/delivery/ with the "
    "value of ILETIMERKEZI_DELIVERY_SECRET at its end.",
    "iletiMerkezi panelinde Ayarlar > API > Webhook (Bildirim Adresi) alanına https://{host}/delivery/ adresini, sonunda "
    "ILETIMERKEZI_DELIVERY_SECRET değeriyle yazın.",
)
_YOUR_NAME = Text("YOUR-NAME", "SİZİN-ADINIZ")
_READ_THEM = Text(
    "Have the assistant read each (get_report): the provider's list says what came of it.",
    "Asistandan her birini okumasını (get_report) isteyin: ne olduğunu sağlayıcının raporu gösterir.",
)
