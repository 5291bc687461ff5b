"""The memory and the processor time of a process, as the system tells them. Linux only."""

from __future__ import annotations

import os
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")


def resident(pid: int) -> float:
    """Return the MiB that the process holds now."""
    return _status(pid, "VmRSS")


def peak(pid: int) -> float:
    """Return the most MiB that the process has held."""
    return _status(pid, "VmHWM")


def processor_seconds(pid: int) -> float:
    """Return the seconds that all threads of the process have computed, user and system; the kernel counts in hundredths."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICK


def _status(pid: int, name: str) -> float:
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines():
        key, _, value = line.partition(":")
        if key == name:
            return int(value.split()[0]) / 1024
    raise LookupError(name)
