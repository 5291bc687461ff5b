"""Starts the server; the package stands beside this file."""

import sys

from iletimerkezi_mcp.cli import main

sys.exit(main())
