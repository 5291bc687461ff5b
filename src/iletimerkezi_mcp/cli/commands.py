"""All sub-commands, in the order in which the help names them."""

from __future__ import annotations

from .command import Command
from .demo import DEMO
from .doctor import DOCTOR
from .sandbox import SANDBOX
from .token import TOKEN

COMMANDS: tuple[Command, ...] = (DEMO, DOCTOR, SANDBOX, TOKEN)
