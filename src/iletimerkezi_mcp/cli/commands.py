"""All sub-commands, in the order in which the help names them."""

from __future__ import annotations

from iletimerkezi_mcp.cli.call.command import CALL
from iletimerkezi_mcp.cli.config.command import CONFIG
from iletimerkezi_mcp.cli.demo.command import DEMO
from iletimerkezi_mcp.cli.doctor.command import DOCTOR

from .command import Command
from .sandbox import SANDBOX
from .token import TOKEN

COMMANDS: tuple[Command, ...] = (CALL, CONFIG, DEMO, DOCTOR, SANDBOX, TOKEN)
