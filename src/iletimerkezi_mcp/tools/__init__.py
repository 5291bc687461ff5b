"""The tools: one module for each family, every tool one record in :data:`.catalogue.ALL`."""

from __future__ import annotations
