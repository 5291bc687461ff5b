"""The settings, each read by itself, so that one that cannot be read does not hide the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches

from iletimerkezi_mcp.language import Text, plural
from iletimerkezi_mcp.settings import CREDENTIALS, PREFIX, SETTINGS, Settings, SettingsError, load_settings
from iletimerkezi_mcp.tools.catalogue import REGISTRY

from .findings import Finding, Subject

Environment = Mapping[str, str]
Flags = Mapping[str, str | None]


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
    """Return every setting of `environment` and `flags` that can be read."""
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
        yield Finding(Subject.SETTINGS, "ok", _readable(configuration.set_values))
    variables = [setting.variable for setting in SETTINGS]
    for name in sorted(environment):
        if name.startswith(PREFIX) and name not in variables:
            yield _unknown(name, variables)


def _readable(set_values: int) -> Text:
    if not set_values:
        return Text("Nothing is set; the defaults apply.", "Ayar verilmemiş; varsayılanlar geçerli.")
    return Text("{settings} set, all readable.", "{settings} verilmiş, hepsi okunabiliyor.").format(
        settings=plural(set_values, "setting", "settings", "ayar")
    )


def _unknown(name: str, variables: list[str]) -> Finding:
    # Compared without the prefix, which would make any two alike.
    names = {variable.removeprefix(PREFIX): variable for variable in variables}
    close = [names[end] for end in get_close_matches(name.removeprefix(PREFIX), names, n=1)]
    remedy = Text(
        "Remove it; iletimerkezi-mcp --help lists the settings.",
        "Kaldırın; ayarları iletimerkezi-mcp --help listeler.",
    )
    if close:
        remedy = Text(
            "Rename it to {variable}, if that is meant.", "Kastedilen buysa adını {variable} olarak değiştirin."
        ).format(variable=close[0])
    message = Text("{name} is not a setting and is not read.", "{name} diye bir ayar yok, okunmuyor.")
    return Finding(Subject.SETTINGS, "warning", message.format(name=name), remedy)
