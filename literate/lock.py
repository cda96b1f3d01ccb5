"""Hold files: what a process holds is free once it ends, however it ends.

The kernel keeps the locks, on the file and not on a process id. So they hold between containers
that share a volume, and nobody holds what a killed process has left.
"""

from __future__ import annotations

import contextlib
import errno
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

__all__ = ["hold", "take", "turn"]

LONGEST_WAIT = 60.0


def take(path: Path) -> IO[bytes] | None:
    """Open a file, which is made if it is missing, and hold it until it is closed.

    Returns None if another process holds the file or has just deleted it.

    Raises
    ------
    OSError
        The file cannot be opened, or this file system has no locks.
    """
    if fcntl is None:
        raise OSError(errno.ENOTSUP, "this system has no locks", str(path))
    with contextlib.ExitStack() as stack:
        try:
            file = stack.enter_context(path.open("ab"))
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.path.samestat(os.fstat(file.fileno()), path.stat()):
                stack.pop_all()
                return file
        except (BlockingIOError, FileNotFoundError):
            pass
    return None


def hold(path: Path) -> IO[bytes]:
    """Open a file that has a name of its own, and hold it where files can be held.

    Raises
    ------
    OSError
        The file cannot be made.
    """
    try:
        lock = take(path)
    except OSError:
        lock = None
    return lock or path.open("ab")


@contextlib.contextmanager
def turn(path: Path) -> Iterator[None]:
    """Let one process at a time go on; the file that it holds is deleted afterwards.

    Where files cannot be held, all go on.

    Raises
    ------
    TimeoutError
        Another process has held the file for a minute.
    """
    lock = _wait_for(path)
    try:
        yield
    finally:
        if lock:
            path.unlink(missing_ok=True)
            lock.close()


def _wait_for(path: Path) -> IO[bytes] | None:
    """Wait until this process holds a file; return None where files cannot be held."""
    deadline = time.monotonic() + LONGEST_WAIT
    while time.monotonic() < deadline:
        try:
            if lock := take(path):
                return lock
        except OSError:
            return None
        time.sleep(0.02)
    raise TimeoutError(errno.ETIMEDOUT, "another process holds this file", str(path))
