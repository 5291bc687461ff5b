"""The eleven tools."""

from __future__ import annotations
