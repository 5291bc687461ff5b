"""The parsers of the settings: from what the operator wrote to a value, or to the reason why it cannot be one."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from pydantic import SecretStr

from iletimerkezi_mcp.language import ExplainedError, Text, either
from iletimerkezi_mcp.sms.numbers import NumberError, parse_number
from iletimerkezi_mcp.sms.senders import MAX_SENDER, SenderError, parse_sender

NO_LIMIT = 0
"""The value of `max_credits_per_day` that lifts the limit."""

MIN_DIFFERENT = 8
"""Different characters of a delivery secret: 32 random hexadecimal digits have fewer once in ten million times."""

_TRUE, _FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}


class SettingsError(ExplainedError, ValueError):
    """A setting has a value that cannot be used. `reason` reads on from the name of the variable."""


def secret(value: str) -> SecretStr:
    """Take a key, a hash or tokens as they are. Raise :class:`SettingsError` for a placeholder like ``${NAME}``."""
    # Other spellings of a placeholder ($NAME, %NAME%) may as well be the secret itself.
    if re.fullmatch(r"\$\{[^}]*\}", value):
        raise SettingsError(
            Text(
                "is a placeholder that was not expanded; put the value itself, or let the host expand it",
                "açılmamış bir yer tutucu; değerin kendisini yazın ya da istemcinin onu açmasını sağlayın",
            )
        )
    return SecretStr(value)


def delivery_secret(value: str) -> SecretStr:
    """Read the secret in the path of pushed reports, which needs no escapes in a URL and at least 128 random bits.

    32 characters are the least that can hold them: those of 128 bits as hexadecimal digits.
    """
    word = value.strip()
    if not re.fullmatch(r"[A-Za-z0-9_-]{32,}", word) or len(set(word)) < MIN_DIFFERENT:
        raise SettingsError(
            Text(
                "must be at least 32 random letters, digits, hyphens and underscores (iletimerkezi-mcp token --delivery "
                "makes them)",
                "en az 32 rastgele harf, rakam, tire ve alt çizgiden oluşmalı (iletimerkezi-mcp token --delivery bir tane "
                "üretir)",
            )
        )
    return SecretStr(word)


def switch(value: str) -> bool:
    """Read yes or no."""
    if value.lower() in _TRUE:
        return True
    if value.lower() in _FALSE:
        return False
    raise SettingsError(Text("must be 1 or 0", "1 ya da 0 olmalı"))


def choice(*words: str) -> Callable[[str], str]:
    """Return a parser of one of `words`, in any case; of the members of an enumeration it returns the member."""

    def parse(value: str) -> str:
        if value.lower() not in words:
            raise SettingsError(Text("must be {words}", "{words} olmalı").format(words=either(words)))
        return words[words.index(value.lower())]

    return parse


def positive(value: str) -> int:
    """Read a whole number from 1 to 999,999,999; underscores may group its digits."""
    plain = value.replace("_", "")
    if not re.fullmatch(r"[0-9]{1,9}", plain) or int(plain) == 0:
        raise SettingsError(Text("must be a whole number of at least 1", "en az 1 olan bir tam sayı olmalı"))
    return int(plain)


def credits_per_day(value: str) -> int:
    """Read a number of credits, or ``none`` for no limit."""
    return NO_LIMIT if value.lower() == "none" else positive(value)


def brand_code(value: str) -> str:
    """Read a brand code of İYS: 1 to 20 digits."""
    if not re.fullmatch(r"[0-9]{1,20}", value):
        raise SettingsError(
            Text("must be digits only, such as 123456", "yalnızca rakamlardan oluşmalı, örneğin 123456")
        )
    return value


def sender(value: str) -> str:
    """Read a sender name (contract, section 2)."""
    try:
        return parse_sender(value)
    except SenderError:
        # The reason of the error sends a model to get_sender, which an operator cannot call.
        must_be = Text(
            "must be a sender name as the panel shows it: at most {maximum} characters, no Turkish letters",
            "panelde göründüğü gibi bir başlık olmalı: en çok {maximum} karakter, Türkçe harf olmadan",
        )
        raise SettingsError(must_be.format(maximum=MAX_SENDER)) from None


def person(value: str) -> str:
    """Read the name of a person: printable, at most 80 characters."""
    if len(value) > 80 or not value.isprintable():
        raise SettingsError(Text("must be a name of at most 80 characters", "en çok 80 karakterlik bir ad olmalı"))
    return value


def _path(value: str) -> Path:
    """Read a path, with ``~`` expanded. Raise :class:`SettingsError` for one that cannot be accessed."""
    try:
        path = Path(value).expanduser()
        path.exists()
    except OSError as error:
        no_access = Text("cannot be accessed ({error})", "erişilemeyen bir yol ({error})")
        raise SettingsError(no_access.format(error=str(error.strerror))) from None
    except RuntimeError:
        raise SettingsError(
            Text(
                "begins with ~, and that user has no home folder; write the whole path",
                "~ ile başlıyor ama bu kullanıcının ev klasörü yok; yolun tamamını yazın",
            )
        ) from None
    return path


def file(value: str) -> Path:
    """Read a path that is not a folder."""
    path = _path(value)
    if path.is_dir():
        raise SettingsError(Text("must be a file, and this is a folder", "bir dosya olmalı, bu ise bir klasör"))
    return path


def folder(value: str) -> Path:
    """Read a path that is not a file."""
    path = _path(value)
    if path.exists() and not path.is_dir():
        raise SettingsError(Text("must be a folder, and this is a file", "bir klasör olmalı, bu ise bir dosya"))
    return path


def comma_separated(value: str) -> tuple[str, ...]:
    """Return the parts of a list, without blanks around them; empty parts do not count."""
    return tuple(part.strip() for part in value.split(",") if part.strip())


def token_secrets(value: str) -> tuple[str, ...]:
    """Return the secrets in a list of tokens, each bare or after its name and a colon."""
    return tuple(part.partition(":")[2] or part for part in comma_separated(value))


def names(value: str) -> tuple[str, ...]:
    """Read a list of at least one part: an empty one would allow everything, which is not what a lone comma means."""
    parts = comma_separated(value)
    if not parts:
        raise SettingsError(Text("contains only commas", "yalnızca virgül içeriyor"))
    return parts


def senders(value: str) -> tuple[str, ...]:
    """Read sender names."""
    return tuple(sender(name) for name in names(value))


def mobile_number(value: str) -> str:
    """Read a mobile number, and return it in its canonical form."""
    try:
        return parse_number(value, international=True)
    except NumberError as error:
        raise SettingsError(error.reason) from None


def recipients(value: str) -> tuple[str, ...]:
    """Read numbers and prefixes of numbers, from `value` itself or from the file after its ``@``."""
    if value.startswith("@"):
        file = value[1:]
        try:
            value = Path(file).expanduser().read_text(encoding="utf-8").replace("\n", ",")
        except (OSError, UnicodeDecodeError, RuntimeError, ValueError):
            unreadable = Text("names a file that cannot be read: {file}", "okunamayan bir dosya gösteriyor: {file}")
            raise SettingsError(unreadable.format(file=file)) from None
    return tuple(_recipient(part) for part in names(value))


def _recipient(value: str) -> str:
    """Return a canonical number, or the prefix of one with its ``*``."""
    if not value.endswith("*"):
        try:
            return parse_number(value, international=True)
        except NumberError as error:
            wrong = Text("contains {value}, which {reason}", "içindeki {value}: {reason}")
            raise SettingsError(wrong.format(value=value, reason=error.reason)) from None
    digits = re.sub(r"[\s().-]", "", value[:-1])
    if not re.fullmatch(r"\+?[0-9]{1,14}", digits):
        not_a_prefix = Text(
            "contains {value}, which is not the prefix of a number; write it like +90533*",
            "{value} içeriyor, bu bir numara öneki değil; +90533* gibi yazın",
        )
        raise SettingsError(not_a_prefix.format(value=value))
    if digits.startswith("+"):
        return digits + "*"
    return "+" + re.sub(r"^(00|0(?=5)|(?=5))", lambda match: "" if match[0] == "00" else "90", digits) + "*"
