"""Starts the server; the package is beside this file."""

import sys

from iletimerkezi_mcp.cli import main

sys.exit(main())
