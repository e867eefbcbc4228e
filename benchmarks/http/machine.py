"""What the system tells of processes: which cores they may use, what they used, what they hold."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Cores:
    """One for what is measured, one for us; both are the same where there is only one."""

    served: int
    asking: int

    @classmethod
    def found(cls) -> Cores:
        allowed = sorted(os.sched_getaffinity(0))
        return cls(allowed[0], allowed[-1])

    @contextmanager
    def for_served(self) -> Iterator[None]:
        """What is started inside runs on the served core, and so does all that it starts."""
        os.sched_setaffinity(0, {self.served})
        try:
            yield
        finally:
            os.sched_setaffinity(0, {self.asking})


def tree(pid: int) -> list[int]:
    """The process and all that descend from it."""
    found = [pid]
    for one in found:
        with suppress(OSError):
            for task in Path(f"/proc/{one}/task").iterdir():
                found.extend(map(int, (task / "children").read_text().split()))
    return found


def cpu_seconds(pid: int) -> float:
    """User and system time of the whole tree so far, in seconds, exact to less than a millisecond.
    A thread that has ended no longer counts: those that serve do not end."""
    nanoseconds = 0
    for one in tree(pid):
        for task in Path(f"/proc/{one}/task").iterdir():
            with suppress(FileNotFoundError, ProcessLookupError):
                nanoseconds += int((task / "schedstat").read_text().split()[0])
    return nanoseconds / 1e9


def resident_megabytes(pid: int) -> float:
    """What the whole tree holds in memory; what processes share counts for each."""
    kilobytes = 0
    for one in tree(pid):
        with suppress(FileNotFoundError, ProcessLookupError):
            status = Path(f"/proc/{one}/status").read_text().splitlines()
            held = (line.split()[1] for line in status if line.startswith("VmRSS:"))
            kilobytes += sum(map(int, held))
    return kilobytes / 1024
