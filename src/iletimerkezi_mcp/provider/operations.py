"""The paths of the operations, for the check of ``--tools``."""

from __future__ import annotations

from typing import Final

from . import OPERATIONS

PATHS: Final = {name: operation.path for name, operation in OPERATIONS.items()}
