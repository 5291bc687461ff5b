"""The tools: one module for each family, every tool one record in :data:`.catalogue.TOOLS`."""

from __future__ import annotations
