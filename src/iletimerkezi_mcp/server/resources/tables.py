"""The tables that never change while the server runs: the provider's codes, and the limits of a message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from iletimerkezi_mcp.language import Language, Text
from iletimerkezi_mcp.provider import OPERATIONS
from iletimerkezi_mcp.provider.codes import ANSWER_CODES, MESSAGE_STATUSES, ORDER_STATUSES, ProviderCode, lookup
from iletimerkezi_mcp.provider.orders import MAX_ORDER_RECIPIENTS
from iletimerkezi_mcp.provider.outcomes import OUTCOMES
from iletimerkezi_mcp.sms.alphabet import EXTENSION_CHARACTERS, TURKISH_CHARACTERS, Alphabet, CharacterMode
from iletimerkezi_mcp.sms.parts import MAX_PARTS, SUFFIX_UNITS, most_units
from iletimerkezi_mcp.sms.senders import MAX_SENDER

from .read_cache import Document

_ALPHABETS: Mapping[Alphabet, Text] = {
    Alphabet.GSM7: Text(
        "Latin letters, digits and common signs; of the Turkish letters ö ü Ö Ü Ç, but not ç ş ğ ı İ.",
        "Latin harfleri, rakamlar ve yaygın işaretler; Türkçe harflerden ö ü Ö Ü Ç var, ç ş ğ ı İ yok.",
    ),
    Alphabet.TURKISH: Text(
        "As GSM-7, with ç ş ğ ı İ and without a few letters of other languages.",
        "GSM-7 gibi; ç ş ğ ı İ var, başka dillerin birkaç harfi yok.",
    ),
    Alphabet.UCS2: Text(
        "Everything else: other scripts, emoji, and ş together with letters such as è.",
        "Geri kalan her şey: başka yazılar, emoji, ş ile è gibi harflerin birlikte geçtiği metinler.",
    ),
}

_MODES: Mapping[CharacterMode, Text] = {
    CharacterMode.ENGLISH: Text(
        "The panel's default: always GSM-7; ş becomes s, emoji are dropped.",
        "Panelin varsayılanı: her zaman GSM-7; ş yerine s gider, emoji silinir.",
    ),
    CharacterMode.TURKISH: Text(
        "GSM-7 or the Turkish alphabet; what fits neither is replaced or dropped.",
        "GSM-7 ya da Türkçe alfabe; ikisine de sığmayan değiştirilir ya da silinir.",
    ),
    CharacterMode.UNICODE: Text(
        "The text arrives as it was written, in the cheapest alphabet that holds it.",
        "Metin yazıldığı gibi, onu taşıyan en ucuz alfabeyle gider.",
    ),
}

FIRST_FAILURE = 400
"""The least code of an answer that is no success."""

_SUFFIX = Text(
    "B186 is the operator's code that the carrier adds to every SMS, and no way to refuse; its {units} units are already "
    "taken off.",
    "B186, operatörün her SMS'in sonuna eklediği kodudur, ret yolu değildir; {units} birimi bu sayılardan düşülmüştür.",
)


def status_codes(language: Language) -> Document:
    """Return the codes of the provider's answers, then the statuses of orders and of recipients."""
    return {
        "codes": [_answer(number, code, language) for number, code in ANSWER_CODES.items()],
        "orders": [_row("status", number, code, language) for number, code in ORDER_STATUSES.items()],
        "recipients": [_row("status", number, code, language) for number, code in MESSAGE_STATUSES.items()],
    }


def status_code(number: int, language: Language) -> Document | None:
    """Return one code or status in the shape of the whole table; None if it can be neither.

    Of a refusal or failure that the documentation lacks it has the meaning of its kind.
    """
    statuses = {"orders": ORDER_STATUSES, "recipients": MESSAGE_STATUSES}
    for kind, rows in statuses.items():
        if number in rows:
            return {kind: [_row("status", number, rows[number], language)]}
    if number in ANSWER_CODES or number >= FIRST_FAILURE:
        return {"codes": [_answer(number, lookup(number), language)]}
    return None


def message_limits(mode: CharacterMode | None, language: Language) -> Document:
    """Return alphabets, units and parts, and what each character mode does. `mode` is the account's, None if unknown."""
    return {
        "alphabets": [
            {
                "alphabet": alphabet.value,
                "most_units_in_1_2_3_parts": [most_units(alphabet, parts) for parts in range(1, MAX_PARTS + 1)],
                "holds": _ALPHABETS[alphabet].to(language),
            }
            for alphabet in Alphabet
        ],
        "max_parts": MAX_PARTS,
        "credits_per_part_and_recipient": 1,
        "two_units_each": {
            Alphabet.GSM7.value: _printable(EXTENSION_CHARACTERS),
            Alphabet.TURKISH.value: _printable(EXTENSION_CHARACTERS - TURKISH_CHARACTERS),
        },
        "suffix": _SUFFIX.format(units=SUFFIX_UNITS).to(language),
        "modes": [{"mode": character_mode.value, "does": text.to(language)} for character_mode, text in _MODES.items()],
        "mode": None if mode is None else mode.value,
        "max_recipients": MAX_ORDER_RECIPIENTS,
        "max_sender_characters": MAX_SENDER,
    }


def _printable(characters: frozenset[str]) -> str:
    return "".join(sorted(filter(str.isprintable, characters)))


def _answer(number: int, code: ProviderCode, language: Language) -> dict[str, Any]:
    """Return a code of an answer, its outcome for a change unless only reads get it, and where it means something else."""
    tools: dict[ProviderCode, list[str]] = {}
    for operation in OPERATIONS.values():
        tools.setdefault(lookup(number, operation), []).append(operation.name)
    row = _row("code", number, code, language)
    if code.tools:
        row["only_from"] = list(code.tools)
    if not code.tools or any(OPERATIONS[name].changes for name in code.tools):
        row["after_a_change"] = OUTCOMES[code.outcome].meaning.to(language)
    if tools.keys() - {code}:
        row["for_some_tools"] = [
            {"tools": names, "meaning": other.meaning.to(language), "next_step": other.next_step.to(language)}
            for other, names in tools.items()
            if other != code
        ]
    return row


def _row(kind: Literal["code", "status"], number: int, code: ProviderCode, language: Language) -> dict[str, Any]:
    return {
        kind: number,
        "provider_says": code.turkish,
        "meaning": code.meaning.to(language),
        "next_step": code.next_step.to(language),
    }
