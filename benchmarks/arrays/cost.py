"""What calls within this process cost: seconds, taken in turns, and memory."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median

__all__ = ["megabytes", "seconds"]

STATUS, CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")
PEAK_OF_NOW = "5"  # what resets the peak, see proc_pid_clear_refs(5)


def seconds(calls: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Time calls in turns, so that what disturbs the machine disturbs all, and return the medians.

    In each turn a call is made twice and the second is timed: the threads that the call before
    it used are at rest by then, and its own are awake.

    Parameters
    ----------
    calls
        By name.
    rounds
        How often each is timed.
    """
    times: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(rounds):
        for name, call in calls.items():
            call()
            started = time.perf_counter()
            call()
            times[name].append(time.perf_counter() - started)
    return {name: median(times[name]) for name in times}


def megabytes(call: Callable[[], object]) -> float | None:
    """Return by how much a call raises the peak of this process's memory, with its result.

    None where the system does not tell that; Linux does.
    """
    call()
    gc.collect()
    with contextlib.suppress(OSError, AttributeError):
        # What earlier calls have freed and the allocator has kept would hide what this one takes.
        ctypes.CDLL(None).malloc_trim(0)
        CLEAR.write_text(PEAK_OF_NOW, "ascii")
        before = _kilobytes("VmRSS")
        kept = call()
        peak = _kilobytes("VmHWM")
        del kept
        return (peak - before) * 1024 / 1e6
    return None


def _kilobytes(name: str) -> int:
    """Read a line of the process's status."""
    return int(STATUS.read_text("ascii").partition(f"\n{name}:")[2].split(maxsplit=1)[0])
