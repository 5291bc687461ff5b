"""The settings read from the environment and from flags, once, at the start."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from iletimerkezi_mcp.language import Language, system_language, verbatim

from .model import SANDBOX_BRAND_CODE, SANDBOX_SENDER, Settings, SettingsError, token_secrets
from .table import SETTINGS, Setting


def load_settings(
    environment: Mapping[str, str],
    flags: Mapping[str, str | None] | None = None,
    *,
    only: Collection[str] | None = None,
) -> Settings:
    """The settings of `environment`, with `flags` (by field name) winning over it.

    An empty value is an unset one. `only` names the fields that are read at all, where not every one matters;
    the others keep their defaults and may hold anything. In the sandbox sender and brand code are known
    without being set. Raises :class:`SettingsError` with one sentence naming the variable (and the flag, if
    that is where the value came from) when a value cannot be used.
    """
    values: dict[str, Any] = {"language": system_language()}
    for setting in SETTINGS:
        if only is not None and setting.field not in only:
            continue
        given, name = _given(setting, environment, flags)
        if not given.strip():
            continue
        try:
            values[setting.field] = setting.parse(given)
        except SettingsError as error:
            raise SettingsError(verbatim(f"{name} ") + error.reason + ".") from None
    if values.get("sandbox"):
        values.setdefault("sender", next(iter(values.get("allowed_senders", ())), SANDBOX_SENDER))
        values.setdefault("brand_code", SANDBOX_BRAND_CODE)
    return Settings(**values)


def language_for(environment: Mapping[str, str], flags: Mapping[str, str | None] | None = None) -> Language:
    """The language to say things in before the settings have been read, whatever is wrong with them."""
    try:
        return load_settings(environment, flags, only=("language",)).language
    except SettingsError:
        return system_language()


def secrets_in(environment: Mapping[str, str]) -> tuple[str, ...]:
    """What `environment` holds of secrets, used or not: none of it may leave the process."""
    values = {
        setting.field: environment[setting.variable]
        for setting in SETTINGS
        if setting.secret and setting.variable in environment
    }
    return (*values.values(), *token_secrets(values.get("http_token", "")))


def _given(setting: Setting, environment: Mapping[str, str], flags: Mapping[str, str | None] | None) -> tuple[str, str]:
    """The text that `setting` was given, and the name to call it by."""
    flag = (flags or {}).get(setting.field)
    given, name = (
        (environment.get(setting.variable, ""), setting.variable)
        if flag is None
        else (flag, f"{setting.flag} ({setting.variable})")
    )
    return given if setting.secret else given.strip(), name
