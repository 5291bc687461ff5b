"""Key and hash as they were given: there, and not a placeholder or a value with something stuck to it."""

from __future__ import annotations

import re

from pydantic import SecretStr

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.settings import CREDENTIALS, SETTINGS

from .configuration import Configuration
from .findings import Finding, Subject, fine, mind, wrong

# The panel gives both as hexadecimal digits (contract, section 1).
_HEX = re.compile(r"[0-9A-Fa-f]+")
# Brackets and variables nobody filled in, the name in place of the value, and the words of examples.
_PLACEHOLDER = re.compile(
    r"\$\{?\w+\}?|%\w+%|\{.*\}|<.*>|\[.*\]|\W+|x+|"
    r"(\w+[-_ ])?api[-_ ]?(key|hash|secret)|"
    r".*(?<![a-z])(your|change|replace|placeholder|example|anahtarınız|buraya|örnek)(?![a-z]).*",
    re.IGNORECASE | re.DOTALL,
)
_WRAPPED = re.compile(r"\s.*|.*\s|([\"'`]).*\1", re.DOTALL)

_FROM_THE_PANEL = Text(
    "Copy it from panel.iletimerkezi.com, Settings > Security > API Access, and restart the server.",
    "panel.iletimerkezi.com'da Ayarlar > Güvenlik > API Erişimi altından kopyalayıp sunucuyu yeniden başlatın.",
)


def credentials_finding(configuration: Configuration) -> Finding | None:
    """How key and hash look; None where one could not be read, which is told already.

    Whether they are the account's only the provider can say.
    """
    settings = configuration.settings
    if not configuration.knows(*CREDENTIALS, "sandbox"):
        return None
    given = {"api_key": settings.api_key, "api_hash": settings.api_hash}
    values = [(_VARIABLES[field], secret) for field, secret in given.items() if secret is not None]
    if settings.sandbox:
        return fine(
            Subject.CREDENTIALS,
            Text("The sandbox needs neither key nor hash.", "Deneme ortamı anahtar ve hash istemez."),
        )
    if not values:
        return _none_set()
    if len(values) == 1:
        missing = next(_VARIABLES[field] for field, secret in given.items() if secret is None)
        return wrong(
            Subject.CREDENTIALS,
            Text(f"{values[0][0]} is set and {missing} is not.", f"{values[0][0]} ayarlı ama {missing} değil."),
            _FROM_THE_PANEL,
        )
    (_, key), (_, hashed) = values
    if key == hashed:
        return wrong(
            Subject.CREDENTIALS,
            Text("Key and hash have the same value.", "Anahtar ve hash aynı değeri taşıyor."),
            _FROM_THE_PANEL,
        )
    return next((found for name, secret in values if (found := _odd(name, secret)) is not None), None) or fine(
        Subject.CREDENTIALS, Text("Key and hash are set.", "Anahtar ve hash ayarlı.")
    )


_VARIABLES = {setting.field: setting.variable for setting in SETTINGS}


def _none_set() -> Finding:
    return wrong(
        Subject.CREDENTIALS,
        Text("No key and hash are set.", "Anahtar ve hash ayarlı değil."),
        Text(
            "Copy them from panel.iletimerkezi.com, Settings > Security > API Access, into ILETIMERKEZI_API_KEY and "
            "ILETIMERKEZI_API_HASH, and turn on Allow API access under Access Permissions; without an account use "
            "--sandbox.",
            "panel.iletimerkezi.com'da Ayarlar > Güvenlik > API Erişimi altından ILETIMERKEZI_API_KEY ve "
            "ILETIMERKEZI_API_HASH değişkenlerine kopyalayın, Erişim İzinleri altında API kullanımına izin verin; hesabınız "
            "yoksa --sandbox kullanın.",
        ),
    )


def _odd(name: str, secret: SecretStr) -> Finding | None:
    """What is odd about one of the two, in words that repeat nothing of it."""
    value = secret.get_secret_value()
    if _HEX.fullmatch(value):
        return None
    if _WRAPPED.fullmatch(value):
        return wrong(
            Subject.CREDENTIALS,
            Text(f"{name} has blanks or quotes around it.", f"{name} boşluk veya tırnak içinde yazılmış."),
            Text("Write the value alone.", "Yalnızca değerin kendisini yazın."),
        )
    if _PLACEHOLDER.fullmatch(value):
        return wrong(
            Subject.CREDENTIALS,
            Text(f"{name} is a placeholder, not a value.", f"{name} gerçek değer değil, yer tutucu."),
            _FROM_THE_PANEL,
        )
    return mind(
        Subject.CREDENTIALS,
        Text(
            f"{name} is set and does not look like one of the panel's, which have the digits 0-9 and a-f only.",
            f"{name} ayarlı ama paneldekilere benzemiyor; onlar yalnızca 0-9 ve a-f'den oluşur.",
        ),
        Text(
            "Compare it with the panel where the account refuses it.", "Hesap kabul etmezse paneldekiyle karşılaştırın."
        ),
    )
