"""All sub-commands, in the order in which the help names them."""

from __future__ import annotations

from .call import CALL
from .command import Command
from .config import CONFIG
from .demo import DEMO
from .doctor import DOCTOR
from .sandbox import SANDBOX
from .token import TOKEN

COMMANDS: tuple[Command, ...] = (CALL, CONFIG, DEMO, DOCTOR, SANDBOX, TOKEN)
