"""The doctor: looks at everything that a set-up needs and says what is wrong and what to do.

It changes nothing and sends nothing. Each module looks at one thing and gives :class:`.Finding` objects.
"""

from __future__ import annotations
