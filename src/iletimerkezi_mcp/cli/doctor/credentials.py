"""Key and hash as they were set: there, and neither a placeholder nor a value with something stuck to it."""

from __future__ import annotations

import re

from pydantic import SecretStr

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.settings import CREDENTIALS, SETTINGS

from .configuration import Configuration
from .findings import Finding, Subject

# The panel gives both as hexadecimal digits (contract, section 1).
_HEX = re.compile(r"[0-9A-Fa-f]+")
# Brackets and variables that were not filled in, the name in place of the value, and the words of examples.
_PLACEHOLDER = re.compile(
    r"\$\{?\w+\}?|%\w+%|\{.*\}|<.*>|\[.*\]|\W+|x+|"
    r"(\w+[-_ ])?api[-_ ]?(key|hash|secret)|"
    r".*(?<![a-z])(your|change|replace|placeholder|example|anahtarınız|buraya|örnek)(?![a-z]).*",
    re.IGNORECASE | re.DOTALL,
)
_WRAPPED = re.compile(r"\s.*|.*\s|([\"'`]).*\1", re.DOTALL)

_KEY, _HASH = (setting.variable for field in CREDENTIALS for setting in SETTINGS if setting.field == field)

_FROM_THE_PANEL = Text(
    "Copy it from panel.iletimerkezi.com, Settings > Security > API Access, and restart the server.",
    "panel.iletimerkezi.com'da Ayarlar > Güvenlik > API Erişimi altından kopyalayıp sunucuyu yeniden başlatın.",
)
_BOTH_FROM_THE_PANEL = Text(
    "Copy them from panel.iletimerkezi.com, Settings > Security > API Access, into ILETIMERKEZI_API_KEY and "
    "ILETIMERKEZI_API_HASH, and turn on Allow API access under Access Permissions; without an account use --sandbox.",
    "panel.iletimerkezi.com'da Ayarlar > Güvenlik > API Erişimi altından ILETIMERKEZI_API_KEY ve "
    "ILETIMERKEZI_API_HASH değişkenlerine kopyalayın, Erişim İzinleri altında API kullanımına izin verin; hesabınız "
    "yoksa --sandbox kullanın.",
)
_HALF_SET = Text("{present} is set and {missing} is not.", "{present} ayarlı ama {missing} değil.")


def credentials_finding(configuration: Configuration) -> Finding | None:
    """Judge key and hash by their looks; None if one could not be read, which is a finding of the settings.

    Only the provider can say if they are the account's.
    """
    settings = configuration.settings
    if not configuration.knows(*CREDENTIALS, "sandbox"):
        return None
    if settings.sandbox:
        return Finding(
            Subject.CREDENTIALS,
            "ok",
            Text("The sandbox needs neither key nor hash.", "Deneme ortamı anahtar ve hash istemez."),
        )
    key, hashed = settings.api_key, settings.api_hash
    if key is None and hashed is None:
        return _wrong(Text("No key and hash are set.", "Anahtar ve hash ayarlı değil."), _BOTH_FROM_THE_PANEL)
    if hashed is None:
        return _wrong(_HALF_SET.format(present=_KEY, missing=_HASH))
    if key is None:
        return _wrong(_HALF_SET.format(present=_HASH, missing=_KEY))
    if key == hashed:
        return _wrong(Text("Key and hash have the same value.", "Anahtar ve hash aynı değeri taşıyor."))
    odd = _oddity(_KEY, key) or _oddity(_HASH, hashed)
    return odd or Finding(Subject.CREDENTIALS, "ok", Text("Key and hash are set.", "Anahtar ve hash ayarlı."))


def _oddity(variable: str, secret: SecretStr) -> Finding | None:
    """Return what is odd about one of the two, in words that repeat nothing of it."""
    value = secret.get_secret_value()
    if _HEX.fullmatch(value):
        return None
    if _WRAPPED.fullmatch(value):
        message = Text("{variable} has blanks or quotes around it.", "{variable} boşluk veya tırnak içinde yazılmış.")
        remedy = Text("Write the value alone.", "Yalnızca değerin kendisini yazın.")
        return _wrong(message.format(variable=variable), remedy)
    if _PLACEHOLDER.fullmatch(value):
        message = Text("{variable} is a placeholder, not a value.", "{variable} gerçek değer değil, yer tutucu.")
        return _wrong(message.format(variable=variable))
    return Finding(
        Subject.CREDENTIALS,
        "warning",
        Text(
            "{variable} is set and does not look like one of the panel's, which have the digits 0-9 and a-f only.",
            "{variable} ayarlı ama paneldekilere benzemiyor; onlar yalnızca 0-9 ve a-f'den oluşur.",
        ).format(variable=variable),
        Text("Compare it with the panel if the account refuses it.", "Hesap kabul etmezse paneldekiyle karşılaştırın."),
    )


def _wrong(message: Text, remedy: Text = _FROM_THE_PANEL) -> Finding:
    return Finding(Subject.CREDENTIALS, "wrong", message, remedy)
