"""What this process holds in memory, now and at its highest."""

from __future__ import annotations

import resource
from pathlib import Path

_KILO = 1024


def said() -> str:
    return f"memory: {now():.0f} MB now, {highest():.0f} MB at the highest"


def now() -> float:
    """In megabytes; the pages of the system's own table."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / _KILO / _KILO


def highest() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KILO
