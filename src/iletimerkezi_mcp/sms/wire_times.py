"""Dates and times in the provider's spellings, in Istanbul's time (contract, section 2, "Time zone")."""

from __future__ import annotations

from datetime import date, datetime

from .clock import ISTANBUL
from .times import read_iso


def wire_send_at(moment: datetime) -> str:
    """Write a time to send as the provider wants it: ``dd/MM/yyyy HH:mm``, never with seconds (contract, section 3)."""
    return f"{moment.astimezone(ISTANBUL):%d/%m/%Y %H:%M}"


def wire_moment(moment: datetime) -> str:
    """Write a moment as the provider writes and reads it: ``YYYY-MM-DD HH:MM:SS``, in Istanbul."""
    return f"{moment.astimezone(ISTANBUL):%Y-%m-%d %H:%M:%S}"


def wire_day(day: date) -> str:
    """Write a day as the provider reads it: ``YYYY-MM-DD`` (contract, section 6)."""
    return day.isoformat()


def read_moment(raw: object) -> datetime | None:
    """Read a moment of an answer; return None if there is none (``0000-00-00 00:00:00``, an empty field)."""
    return read_iso(raw) if isinstance(raw, str) else None
