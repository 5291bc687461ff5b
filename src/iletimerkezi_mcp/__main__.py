"""``python -m iletimerkezi_mcp`` does what the console script does."""

import sys

from .cli import main

sys.exit(main())
