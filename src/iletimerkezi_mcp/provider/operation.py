"""An operation of the provider's JSON API: one record holds all that is known of it.

The records of a family are in one module, with the types of their requests and answers: :mod:`.orders`,
:mod:`.account`, :mod:`.blacklist`, :mod:`.consents`. All of them are in ``provider.OPERATIONS``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

from pydantic_core import PydanticSerializationError, to_json

from iletimerkezi_mcp.language import Text

Q = TypeVar("Q")
A = TypeVar("A")

Fields = Mapping[str, Any]
"""The operation's part of a request, beside ``authentication`` (contract, section 1)."""

MAX_PAGE_SIZE: Final = 1_000
"""Rows of one page of a report or of the blacklist (contract, sections 5 and 9.1)."""

FORBIDDEN: Final = (
    Text(
        "Access was forbidden, by the provider or by a firewall on the way.",
        "Erişim, sağlayıcı ya da aradaki bir güvenlik duvarı tarafından engellendi.",
    ),
    Text(
        "Ask the user to check the panel's access permissions and allowed IP addresses, then the network.",
        "Kullanıcı önce paneldeki erişim izinlerine ve izinli IP adreslerine, sonra ağa bakmalı.",
        person=Text(
            "Check the panel's access permissions and allowed IP addresses, then the network.",
            "Önce paneldeki erişim izinlerine ve izinli IP adreslerine, sonra ağa bakın.",
        ),
    ),
)
"""The meaning of code 403 and the next step. For İYS it means instead that there is no subscription."""


READ_AGAIN = Text(
    "Nothing was changed by this read; try again in a minute.",
    "Bu okuma hiçbir şeyi değiştirmedi; bir dakika sonra yeniden deneyin.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation(Generic[Q, A]):
    """One operation: `Q` is what it takes, `A` is what it answers.

    `name` is that of the tool that uses it. `path` is where it is posted, below the base address. An operation
    without `changes` only reads, so it may be repeated.

    `encode` gives the request's fields in the wire's own spellings. `decode` reads the ``response`` object of a
    success, and gets the request too, for older answers leave out what was asked. It raises
    :class:`.MalformedAnswerError` for whatever is not the documented answer.

    `how_to_verify` says which read shows if a request of unknown outcome was carried out.
    `own_codes` holds the codes that mean something else here than elsewhere, each with its meaning and the next step.
    `answer_for_code` holds the codes of refusals that are an answer. `rate_limited` returns true for a request that counts
    against the account's rate of single messages.
    """

    name: str
    path: str
    changes: bool
    encode: Callable[[Q], Fields]
    decode: Callable[[Mapping[str, Any], Q], A]
    how_to_verify: Callable[[Q], Text] = lambda request: READ_AGAIN
    own_codes: Mapping[int, tuple[Text, Text]] = field(default_factory=lambda: {403: FORBIDDEN})
    answer_for_code: Mapping[int, A] = field(default_factory=dict)
    rate_limited: Callable[[Q], bool] = lambda request: False


def no_answer(response: Mapping[str, Any], request: object) -> None:
    """Read nothing, for an operation whose answer is only its code."""


def request_body(key: str, hash_: str, fields: Fields) -> bytes:
    """Return the whole request as it is posted, in UTF-8.

    An unpaired surrogate is no character and has no UTF-8; it goes out as ``?``. The alternatives are worse: failing
    here would be a crash over one bad character of a text, U+FFFD would push a plain text into the most expensive
    alphabet, and ASCII escapes would leave the choice to the provider's parser.
    """
    envelope = {"request": {"authentication": {"key": key, "hash": hash_}, **fields}}
    try:
        return to_json(envelope)
    except PydanticSerializationError:
        return json.dumps(envelope, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
