"""How a setting that is a word, a number or a switch is read."""

from __future__ import annotations

import re
from collections.abc import Callable

from pydantic import SecretStr

from iletimerkezi_mcp.language import Language, Text
from iletimerkezi_mcp.sms.alphabet import CharacterMode
from iletimerkezi_mcp.sms.senders import MAX_SENDER, SenderError, parse_sender

from .model import NO_LIMIT, SettingsError

_TRUE, _FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}


def secret(value: str) -> SecretStr:
    """A key, a hash or tokens, as given; a placeholder that nobody has expanded is refused."""
    # Other spellings of a placeholder ($NAME, %NAME%) may as well be the secret itself.
    if re.fullmatch(r"\$\{[^}]*\}", value):
        raise SettingsError(
            Text(
                "is a placeholder that nobody has expanded; put the value itself, or let the host expand it",
                "açılmamış bir yer tutucu; değerin kendisini yazın ya da istemcinin onu açmasını sağlayın",
            )
        )
    return SecretStr(value)


def switch(value: str) -> bool:
    """Yes or no."""
    if value.lower() in _TRUE:
        return True
    if value.lower() in _FALSE:
        return False
    raise SettingsError(Text("must be 1 or 0", "1 ya da 0 olmalı"))


def digits(value: str) -> str:
    """A brand code: 1 to 20 digits."""
    if not re.fullmatch(r"[0-9]{1,20}", value):
        raise SettingsError(
            Text("must be digits only, such as 123456", "yalnızca rakamlardan oluşmalı, örneğin 123456")
        )
    return value


def sender(value: str) -> str:
    """A sender name (contract, section 2)."""
    try:
        return parse_sender(value)
    except SenderError:
        raise SettingsError(
            Text(
                f"must be a sender name as the panel shows it: at most {MAX_SENDER} characters, no Turkish letters",
                f"panelde göründüğü gibi bir başlık olmalı: en çok {MAX_SENDER} karakter, Türkçe harf olmadan",
            )
        ) from None


def mode(value: str) -> CharacterMode:
    """A character mode of the account."""
    try:
        return CharacterMode(value.lower())
    except ValueError:
        raise SettingsError(
            Text("must be english, turkish or unicode", "english, turkish ya da unicode olmalı")
        ) from None


def language(value: str) -> Language:
    """A language that the server speaks."""
    match value.lower():
        case "en":
            return "en"
        case "tr":
            return "tr"
    raise SettingsError(Text("must be en or tr", "en ya da tr olmalı"))


def word(*words: str) -> Callable[[str], str]:
    """A parser of one of `words`, in any case."""

    def parse(value: str) -> str:
        if value.lower() not in words:
            first = ", ".join(words[:-1])
            raise SettingsError(Text(f"must be {first} or {words[-1]}", f"{first} ya da {words[-1]} olmalı"))
        return value.lower()

    return parse


def positive(value: str) -> int:
    """A whole number from 1 to 999,999,999; underscores may group its digits."""
    plain = value.replace("_", "")
    if not re.fullmatch(r"[0-9]{1,9}", plain) or int(plain) == 0:
        raise SettingsError(Text("must be a whole number of at least 1", "en az 1 olan bir tam sayı olmalı"))
    return int(plain)


def credits_a_day(value: str) -> int:
    """A number of credits, or ``none`` for no limit."""
    return NO_LIMIT if value.lower() == "none" else positive(value)


def name(value: str) -> str:
    """A name of a person: printable, at most 80 characters."""
    if len(value) > 80 or not value.isprintable():
        raise SettingsError(Text("must be a name of at most 80 characters", "en çok 80 karakterlik bir ad olmalı"))
    return value
