"""The hosts that this server can be put into: one table, and the block, the place and the links made from it.

Nothing here holds a secret unless it is handed one.
"""

from __future__ import annotations

from .block import add_command, block, entry, inputs
from .errors import HostFileError
from .host import Format, Handing, Host, Scope
from .launch import COMMAND, CREDENTIALS, PACKAGE, Launch, Secrets
from .links import cursor_link, cursor_page, vscode_link, vscode_page
from .merge import merged
from .table import HOSTS, host_named

__all__ = [
    "COMMAND",
    "CREDENTIALS",
    "HOSTS",
    "PACKAGE",
    "Format",
    "Handing",
    "Host",
    "HostFileError",
    "Launch",
    "Scope",
    "Secrets",
    "add_command",
    "block",
    "cursor_link",
    "cursor_page",
    "entry",
    "host_named",
    "inputs",
    "merged",
    "vscode_link",
    "vscode_page",
]
