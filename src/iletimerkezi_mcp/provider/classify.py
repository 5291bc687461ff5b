"""What an answer says: the provider's result, or which failure of :mod:`.errors` it is.

Success is HTTP 2xx *and* a body code of 200, int or string (contract, section 1.1).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from .decoding import Envelope, MalformedAnswerError, envelope
from .errors import AnswerUnreadable, Redirected, Refused, ServerFailed, Throttled
from .operation import Operation

_MOVED: Final = frozenset({301, 307, 308})
_GAVE_UP_WAITING: Final = 408
_UNREAD: Final = Envelope(None, "", {})


def judge(
    operation: Operation[Any, Any], status: int, body: bytes, retry_after: float | None = None
) -> Mapping[str, Any]:
    """The ``response`` object of a success; anything else is raised as the :class:`.ApiError` that it is.

    A 4xx code in the body is the provider's own word and wins over the HTTP status. A 4xx HTTP status
    without a readable code is a refusal too, for whoever gave it did not carry the request out; 408 is
    not, for it comes from a server that was already at work on it.
    """
    if status in _MOVED:
        raise Redirected
    try:
        answer = envelope(body)
    except MalformedAnswerError:
        answer = _UNREAD
    code = answer.code
    if code == 200 and 200 <= status < 300:
        return answer.response
    telling = code if code is not None else status if status >= 400 else None
    if telling == 429:
        raise Throttled(operation, answer.message, retry_after)
    if telling is not None and 400 <= telling < 500 and telling != _GAVE_UP_WAITING:
        raise Refused(telling, operation, answer.message)
    if status >= 500 or (telling is not None and (telling >= 500 or telling == _GAVE_UP_WAITING)):
        raise ServerFailed(operation, telling if telling is not None and telling >= 400 else status, retry_after)
    raise AnswerUnreadable(operation)


def read_retry_after(value: str | None, now: datetime) -> float | None:
    """The seconds of a ``Retry-After`` header, given as seconds or as an HTTP date; None where it says nothing."""
    if value is None:
        return None
    if re.fullmatch(r"\s*[0-9]{1,9}\s*", value):
        return float(value)
    moment = read_date(value)
    return None if moment is None else max(0.0, (moment - now).total_seconds())


def read_date(value: str | None) -> datetime | None:
    """The moment of an HTTP date (RFC 9110, section 5.6.7); None where it is none."""
    if value is None:
        return None
    from email.utils import parsedate_to_datetime

    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
