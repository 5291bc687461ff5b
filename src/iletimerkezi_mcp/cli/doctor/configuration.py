"""The settings, each read by itself, so that one that cannot be read does not hide the others.

Key and hash are judged by their looks too: a placeholder, or a value with something stuck to it, goes to no server.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches

from pydantic import SecretStr

from iletimerkezi_mcp.cli.usage import Flags
from iletimerkezi_mcp.language import Text, plural
from iletimerkezi_mcp.settings import CREDENTIALS, PREFIX, SETTINGS, Settings, SettingsError, load_settings
from iletimerkezi_mcp.tools.catalogue import REGISTRY

from .report import Finding, Subject

Environment = Mapping[str, str]
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


@dataclass(frozen=True, slots=True)
class Configuration:
    """The settings that could be read, the reason for each field that could not, and how many values were set."""

    settings: Settings
    unreadable: Mapping[str, Text]
    set_values: int

    def knows(self, *fields: str) -> bool:
        """Return if all of these fields hold what the operator wants."""
        return not any(field in self.unreadable for field in fields)


def read_configuration(environment: Environment, flags: Flags) -> Configuration:
    unreadable: dict[str, Text] = {}
    set_values = 0
    for setting in SETTINGS:
        flag = flags.get(setting.field)
        set_values += bool((environment.get(setting.variable, "") if flag is None else flag).strip())
        try:
            load_settings(environment, flags, only=(setting.field,))
        except SettingsError as error:
            unreadable[setting.field] = error.reason
    readable = [setting.field for setting in SETTINGS if setting.field not in unreadable]
    settings = load_settings(environment, flags, only=readable)
    try:
        REGISTRY.offered(settings)
    except SettingsError as error:
        unreadable["tools"] = error.reason
        settings = replace(settings, tools=())
    return Configuration(settings, unreadable, set_values)


def settings_findings(configuration: Configuration, environment: Environment) -> Iterator[Finding]:
    """Find each value that the server would refuse to start with, and each variable that no setting is read from."""
    for field, reason in configuration.unreadable.items():
        yield Finding(Subject.CREDENTIALS if field in CREDENTIALS else Subject.SETTINGS, "wrong", reason)
    if not configuration.unreadable:
        summary = Text("Nothing is set; the defaults apply.", "Ayar verilmemiş; varsayılanlar geçerli.")
        if configuration.set_values:
            number = plural(configuration.set_values, "setting", "settings", "ayar")
            summary = Text("{number} set, all readable.", "{number} verilmiş, hepsi okunabiliyor.").format(
                number=number
            )
        yield Finding(Subject.SETTINGS, "ok", summary)
    variables = [setting.variable for setting in SETTINGS]
    for name in sorted(environment):
        if name.startswith(PREFIX) and name not in variables:
            yield _unknown_variable(name, variables)


def _unknown_variable(name: str, variables: list[str]) -> Finding:
    # Compared without the prefix, which would make any two alike.
    names = {variable.removeprefix(PREFIX): variable for variable in variables}
    close = [names[end] for end in get_close_matches(name.removeprefix(PREFIX), names, n=1)]
    next_step = Text(
        "Remove it; iletimerkezi-mcp --help lists the settings.",
        "Kaldırın; ayarları iletimerkezi-mcp --help listeler.",
    )
    if close:
        next_step = Text(
            "Rename it to {variable} if that is what you meant.", "Kastedilen buysa adını {variable} olarak değiştirin."
        ).format(variable=close[0])
    summary = Text("{name} is not a setting and is not read.", "{name} diye bir ayar yok, okunmuyor.")
    return Finding(Subject.SETTINGS, "warning", summary.format(name=name), next_step)


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
    api_key, api_hash = settings.api_key, settings.api_hash
    if api_key is None and api_hash is None:
        return _wrong_credentials(
            Text("No key and hash are set.", "Anahtar ve hash ayarlı değil."), _BOTH_FROM_THE_PANEL
        )
    if api_hash is None:
        return _wrong_credentials(_HALF_SET.format(present=_KEY, missing=_HASH))
    if api_key is None:
        return _wrong_credentials(_HALF_SET.format(present=_HASH, missing=_KEY))
    if api_key == api_hash:
        return _wrong_credentials(Text("Key and hash have the same value.", "Anahtar ve hash aynı değeri taşıyor."))
    return (
        _oddity(_KEY, api_key)
        or _oddity(_HASH, api_hash)
        or Finding(Subject.CREDENTIALS, "ok", Text("Key and hash are set.", "Anahtar ve hash ayarlı."))
    )


def _oddity(variable: str, secret: SecretStr) -> Finding | None:
    """Return what is odd about one of the two, in words that repeat nothing of it."""
    value = secret.get_secret_value()
    if _HEX.fullmatch(value):
        return None
    if _WRAPPED.fullmatch(value):
        summary = Text("{variable} has blanks or quotes around it.", "{variable} boşluk veya tırnak içinde yazılmış.")
        next_step = Text("Write the value alone.", "Yalnızca değerin kendisini yazın.")
        return _wrong_credentials(summary.format(variable=variable), next_step)
    if _PLACEHOLDER.fullmatch(value):
        summary = Text("{variable} is a placeholder, not a value.", "{variable} gerçek değer değil, yer tutucu.")
        return _wrong_credentials(summary.format(variable=variable))
    return Finding(
        Subject.CREDENTIALS,
        "warning",
        Text(
            "{variable} is set and does not look like one of the panel's, which have the digits 0-9 and a-f only.",
            "{variable} ayarlı ama paneldekilere benzemiyor; onlar yalnızca 0-9 ve a-f'den oluşur.",
        ).format(variable=variable),
        Text("Compare it with the panel if the account refuses it.", "Hesap kabul etmezse paneldekiyle karşılaştırın."),
    )


def _wrong_credentials(summary: Text, next_step: Text = _FROM_THE_PANEL) -> Finding:
    return Finding(Subject.CREDENTIALS, "wrong", summary, next_step)
