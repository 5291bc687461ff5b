"""How a setting that is a list is read: tools, senders, recipients, each separated by commas."""

from __future__ import annotations

import re
from pathlib import Path

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.provider.operations import PATHS
from iletimerkezi_mcp.sms.numbers import NumberError, parse_number

from .model import SettingsError
from .words import sender


def listed(value: str) -> tuple[str, ...]:
    """The parts of a comma-separated list, without blanks around them."""
    return tuple(part.strip() for part in value.split(",") if part.strip())


def some(value: str, nothing: Text) -> tuple[str, ...]:
    """The parts of a list that has at least one. Raises :class:`SettingsError` with `nothing` for commas alone.

    A list without parts would allow everything, and whoever wrote a comma did not mean that.
    """
    parts = listed(value)
    if not parts:
        raise SettingsError(nothing)
    return parts


def tools(value: str) -> tuple[str, ...]:
    """Names of tools."""
    names = some(value, Text("names no tool", "hiç araç adı içermiyor"))
    if unknown := [name for name in names if name not in PATHS]:
        known = ", ".join(PATHS)
        raise SettingsError(
            Text(
                f"names {unknown[0]}, which is no tool; the tools are {known}",
                f"{unknown[0]} içeriyor, böyle bir araç yok; araçlar: {known}",
            )
        )
    return names


def senders(value: str) -> tuple[str, ...]:
    """Names of senders."""
    return tuple(sender(name) for name in some(value, Text("names no sender", "hiç başlık içermiyor")))


def recipients(value: str) -> tuple[str, ...]:
    """Numbers and beginnings of numbers, from the value itself or from the file after ``@``."""
    if value.startswith("@"):
        file = value[1:]
        try:
            value = Path(file).expanduser().read_text(encoding="utf-8").replace("\n", ",")
        except (OSError, UnicodeDecodeError, RuntimeError, ValueError):
            raise SettingsError(
                Text(f"names a file that cannot be read: {file}", f"okunamayan bir dosya gösteriyor: {file}")
            ) from None
    return tuple(recipient(part) for part in some(value, Text("holds no number", "hiç numara içermiyor")))


def recipient(value: str) -> str:
    """A canonical number, or the beginning of one with its ``*``."""
    if value.endswith("*"):
        digits = re.sub(r"[\s().-]", "", value[:-1])
        if not re.fullmatch(r"\+?[0-9]{1,14}", digits):
            raise SettingsError(
                Text(
                    f"has {value}, which is no beginning of a number; write it like +90533*",
                    f"{value} içeriyor, bu bir numaranın başı değil; +90533* gibi yazın",
                )
            )
        if digits.startswith("+"):
            return digits + "*"
        return "+" + re.sub(r"^(00|0(?=5)|(?=5))", lambda found: "" if found[0] == "00" else "90", digits) + "*"
    try:
        return parse_number(value, abroad=True)
    except NumberError as error:
        raise SettingsError(
            Text(f"has {value}, which {error.reason.en}", f"içindeki {value}: {error.reason.tr}")
        ) from None
