"""The settings read from the environment and from flags, once, at the start."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from iletimerkezi_mcp.language import Language, Text, system_language

from .declaration import Setting
from .model import SANDBOX_BRAND_CODE, SANDBOX_SENDER, SETTINGS, Settings, token_secrets
from .parsers import SettingsError


def load_settings(
    environment: Mapping[str, str],
    flags: Mapping[str, str | None] | None = None,
    *,
    only: Collection[str] | None = None,
) -> Settings:
    """Return the settings of `environment`, with `flags` (by field name) winning over it.

    An empty value is an unset one. `only` names the fields to read if not all of them matter; the others keep
    their defaults, whatever their variables contain. In the sandbox sender and brand code have defaults. Raises
    :class:`SettingsError` with one sentence naming the variable (and the flag, if the value came from there) when a
    value cannot be used.
    """
    values: dict[str, Any] = {"language": system_language()}
    for setting in SETTINGS:
        if only is not None and setting.field not in only:
            continue
        text, name = _source(setting, environment, flags)
        if not text.strip():
            continue
        try:
            values[setting.field] = setting.parse(text)
        except SettingsError as error:
            sentence = Text("{name} {reason}.", "{name} {reason}.")
            raise SettingsError(sentence.format(name=name, reason=error.reason)) from None
    if values.get("sandbox"):
        values.setdefault("sender", next(iter(values.get("allowed_senders", ())), SANDBOX_SENDER))
        values.setdefault("brand_code", SANDBOX_BRAND_CODE)
    return Settings(**values)


def language_for(environment: Mapping[str, str], flags: Mapping[str, str | None] | None = None) -> Language:
    """Return the language to speak before the settings have been read, whatever is wrong with them."""
    try:
        return load_settings(environment, flags, only=("language",)).language
    except SettingsError:
        return system_language()


def secrets_in(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Return all secrets in `environment`, used or not: none of them may leave the process."""
    values = {
        setting.field: environment[setting.variable]
        for setting in SETTINGS
        if setting.secret and setting.variable in environment
    }
    return (*values.values(), *token_secrets(values.get("http_token", "")))


def _source(
    setting: Setting, environment: Mapping[str, str], flags: Mapping[str, str | None] | None
) -> tuple[str, str]:
    """Return the text that `setting` is read from, and the name of where it came from."""
    text, name = (flags or {}).get(setting.field), f"{setting.flag} ({setting.variable})"
    if text is None:
        text, name = environment.get(setting.variable, ""), setting.variable
    return text if setting.secret else text.strip(), name
