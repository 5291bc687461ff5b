"""A route to one path."""

from __future__ import annotations

import re
from collections.abc import Sequence

from starlette.routing import Route
from starlette.types import ASGIApp


class ExactRoute(Route):
    """A route of `app` at exactly `path` and for exactly `methods`; another method is answered with 405.

    With `slash` the path may also end in one, as people write addresses.

    Starlette's own matches the path with a line break after it too, and takes HEAD wherever it takes GET, which would
    open a stream.
    """

    def __init__(self, path: str, app: ASGIApp, methods: Sequence[str], *, slash: bool = False) -> None:
        super().__init__(path, app)
        self.app = app
        # In the order in which the Allow header names them.
        self.methods = dict.fromkeys(methods)  # type: ignore[assignment]
        self.path_regex = re.compile(re.escape(path) + (r"/?\Z" if slash else r"\Z"))
