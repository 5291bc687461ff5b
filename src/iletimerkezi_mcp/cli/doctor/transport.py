"""How hosts reach the server, and who may where that is the network."""

from __future__ import annotations

from collections.abc import Iterator

from iletimerkezi_mcp.language import Text, verbatim
from iletimerkezi_mcp.settings import Settings, SettingsError

from .findings import Finding, Subject, fine, mind, wrong


def transport_findings(settings: Settings) -> Iterator[Finding]:
    """The transport as it would be served. Nothing is opened."""
    if settings.transport == "stdio":
        yield fine(Subject.TRANSPORT, Text("stdio: the host starts the server.", "stdio: sunucuyu istemci başlatır."))
        return
    from iletimerkezi_mcp.transports.config import Service

    try:
        service = Service.of(settings)
    except SettingsError as error:
        yield wrong(Subject.TRANSPORT, error.reason)
        return
    said = verbatim(f"{service.transport}, {service.address}:{service.port}{service.path}")
    if service.tokens is not None:
        names = ", ".join(service.tokens.names)
        said += Text(f", to the tokens {names}", f", token'lar: {names}")
    yield fine(Subject.TRANSPORT, said + ".")
    for notice in service.notices():
        yield mind(
            Subject.TRANSPORT,
            notice,
            Text("Leave it so only if that is meant.", "Yalnızca bilinçli bir seçimse böyle bırakın."),
        )
