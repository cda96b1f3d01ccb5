"""Bound the processes and threads of a chain, and end those that it leaves.

The kernel's own limits count what a user has in all, and none for root. So the parent counts,
where the system lists the children of a process (Linux).
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Collection, Iterator
from contextlib import suppress

__all__ = ["end_others", "is_crowd"]

PATIENCE = 10.0
"""How many seconds are spent on ending processes that do not end."""


def is_crowd(process: int, most: int) -> bool:
    """Tell whether a process and all below it have more threads than so many.

    Parameters
    ----------
    process
        Its number. Orphans below it must come to it, or they are not counted.
    most
        How many they may have, at least one a process.
    """
    return sum(1 for _, _ in zip(range(most + 1), _threads(process), strict=False)) > most


def end_others(kept: Collection[int]) -> None:
    """Kill what is below this process, but some of its children and what is below those.

    A process may fork until it is killed, so it is looked again until nothing is left.

    Parameters
    ----------
    kept
        The numbers of the children that stay.
    """
    own = os.getpid()
    deadline = time.monotonic() + PATIENCE
    # Each is killed before it is asked what is below it, so that it starts no more by then.
    while sum(_kill(number) for number in _threads(own, kept) if number != own):
        if time.monotonic() > deadline:
            return
        time.sleep(0.02)  # to those that die


def _kill(number: int) -> bool:
    """Kill a process; tell whether it is one that this process may kill."""
    try:
        os.kill(number, signal.SIGKILL)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    with suppress(ChildProcessError):  # what is below another comes here when that has ended
        os.waitpid(number, os.WNOHANG)
    return True


def _threads(process: int, without: Collection[int] = ()) -> Iterator[int]:
    """Yield the process of each thread that a process and all below it have."""
    waiting = [process]
    while waiting:
        number = waiting.pop()
        with suppress(OSError):
            for thread in os.listdir(f"/proc/{number}/task"):  # noqa: PTH208 - their names will do
                yield number
                with open(f"/proc/{number}/task/{thread}/children", encoding="ascii") as listed:  # noqa: PTH123
                    children = map(int, listed.read().split())
                    waiting += [child for child in children if child not in without]
