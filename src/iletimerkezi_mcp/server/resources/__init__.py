"""What a host may read and follow without calling a tool: live data, the policy in force, the tables."""

from __future__ import annotations

from .handlers import register

__all__ = ["register"]
