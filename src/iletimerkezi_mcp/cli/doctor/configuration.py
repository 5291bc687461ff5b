"""The settings, each read by itself, so that one that cannot be read does not hide the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches

from iletimerkezi_mcp.language import Text, plural
from iletimerkezi_mcp.settings import CREDENTIALS, PREFIX, SETTINGS, Settings, SettingsError, load_settings
from iletimerkezi_mcp.tools.catalogue import REGISTRY

from .findings import Finding, Subject, fine, mind, wrong

Environment = Mapping[str, str]
Flags = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Configuration:
    """What could be read, the reason for each field that could not, and how many values were given."""

    settings: Settings
    unread: Mapping[str, Text]
    given: int

    def knows(self, *fields: str) -> bool:
        """Whether all of these fields hold what the operator wants."""
        return not any(field in self.unread for field in fields)


def read_configuration(environment: Environment, flags: Flags) -> Configuration:
    """Every setting of `environment` and `flags` that can be read."""
    unread: dict[str, Text] = {}
    given = 0
    for setting in SETTINGS:
        flag = flags.get(setting.field)
        given += bool((environment.get(setting.variable, "") if flag is None else flag).strip())
        try:
            load_settings(environment, flags, only=(setting.field,))
        except SettingsError as error:
            unread[setting.field] = error.reason
    readable = [setting.field for setting in SETTINGS if setting.field not in unread]
    settings = load_settings(environment, flags, only=readable)
    try:
        REGISTRY.offered(settings)
    except SettingsError as error:
        unread["tools"] = error.reason
        settings = replace(settings, tools=())
    return Configuration(settings, unread, given)


def settings_findings(configuration: Configuration, environment: Environment) -> Iterator[Finding]:
    """Each value that the server would refuse to start with, and each variable that no setting is read from."""
    for field, reason in configuration.unread.items():
        yield wrong(Subject.CREDENTIALS if field in CREDENTIALS else Subject.SETTINGS, reason)
    if not configuration.unread:
        yield fine(
            Subject.SETTINGS,
            plural(configuration.given, "setting is given", "settings are given", "ayar verilmiş")
            + Text(", all readable.", ", hepsi okunabiliyor."),
        )
    variables = [setting.variable for setting in SETTINGS]
    for name in sorted(environment):
        if name.startswith(PREFIX) and name not in variables:
            yield _unknown(name, variables)


def _unknown(name: str, variables: list[str]) -> Finding:
    # Without what they all begin with, by which any two would be alike.
    ends = {variable.removeprefix(PREFIX): variable for variable in variables}
    close = [ends[end] for end in get_close_matches(name.removeprefix(PREFIX), ends, n=1)]
    return mind(
        Subject.SETTINGS,
        Text(f"{name} is no setting and is not read.", f"{name} diye bir ayar yok, okunmuyor."),
        Text(f"Rename it to {close[0]}, if that is meant.", f"Kastedilen buysa adını {close[0]} olarak değiştirin.")
        if close
        else Text(
            "Remove it; iletimerkezi-mcp --help lists the settings.",
            "Kaldırın; ayarları iletimerkezi-mcp --help listeler.",
        ),
    )
