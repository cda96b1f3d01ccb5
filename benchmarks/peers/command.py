"""Run a command to its end within a time, and see what it takes: seconds and memory."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Event

import psutil

__all__ = ["CommandError", "Taken", "run", "running"]

INTERVAL = 0.1
"""Seconds between two looks at the memory."""


class CommandError(RuntimeError):
    """A command failed, or did not end in time."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What a command took.

    Attributes
    ----------
    seconds
        From its start to its end.
    cpu
        Seconds of processors, of all its processes that it waited for.
    megabytes
        The most memory that its processes had at one time, where pages that several of them share
        count once (the sum of their proportional set sizes); where the system does not tell that,
        the sum of their resident sets.
    """

    seconds: float
    cpu: float
    megabytes: float


def run(
    command: Sequence[str], folder: Path, environment: Mapping[str, str], *, timeout: float = 900
) -> Taken:
    """Run a command to its end.

    Raises
    ------
    CommandError
        It failed or took longer than ``timeout``; the message ends with what it said last.
    """
    started, before, ended = time.perf_counter(), _children_cpu(), Event()
    with running(command, folder, environment) as process, ThreadPoolExecutor(1) as pool:
        watched = pool.submit(_watch, process.pid, ended, started + timeout)
        try:
            status = process.wait()
            seconds = time.perf_counter() - started
        finally:
            ended.set()
    peak, late = watched.result()
    if status:
        cause = f"took longer than {timeout:g} s" if late else f"ended with {status}"
        said = (folder / "log.txt").read_text("utf-8", "replace")[-2000:]
        raise CommandError(f"{' '.join(command)} {cause}\n{said}")
    return Taken(seconds, _children_cpu() - before, peak / 1e6)


@contextlib.contextmanager
def running(
    command: Sequence[str], folder: Path, environment: Mapping[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    """Start a command in a session of its own, and end all that it has started.

    What it says is in ``log.txt`` in the folder.
    """
    with (folder / "log.txt").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 - the benchmark's own commands
            command,
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            _kill(process.pid)
            process.wait()


def _watch(pid: int, ended: Event, deadline: float) -> tuple[int, bool]:
    """Return the peak of a command's memory, and whether it was killed because its time was up."""
    peak = 0
    while not ended.wait(INTERVAL):
        peak = max(peak, sum(map(_size, _tree(pid))))
        if time.perf_counter() > deadline:
            _kill(pid)
            return peak, True
    return peak, False


def _tree(pid: int) -> list[psutil.Process]:
    """Return a process that still runs, and all that it has started."""
    with contextlib.suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        return [process, *process.children(recursive=True)]
    return []


def _size(process: psutil.Process) -> int:
    """Return the memory of a process, its share of what it shares; 0 if it has ended."""
    with contextlib.suppress(psutil.Error, OSError):
        memory = process.memory_full_info()
        return int(getattr(memory, "pss", memory.rss))
    return 0


def _kill(pid: int) -> None:
    """Kill what is left of a session, and of a tree of processes in sessions of their own."""
    tree = _tree(pid)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    for process in tree:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()


def _children_cpu() -> float:
    """Return the processor time of all commands that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
