"""Run a command to its end within a time, and see what it takes: seconds and memory."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

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
    command: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    *,
    timeout: float = 900,
) -> Taken:
    """Run a command to its end.

    Raises
    ------
    CommandError
        It failed or took longer than ``timeout``; the message ends with what it said last.
    """
    started, before = time.perf_counter(), _children_cpu()
    with running(command, folder, environment) as process:
        ended = Event()
        watcher = _Watcher(process.pid, ended, started + timeout)
        watcher.start()
        status = process.wait()
        seconds = time.perf_counter() - started
        ended.set()
        watcher.join()
    if status:
        cause = f"took longer than {timeout:g} s" if watcher.late else f"ended with {status}"
        raise CommandError(f"{_shown(command)} {cause}\n{_last_words(folder)}")
    return Taken(seconds, _children_cpu() - before, watcher.peak / 1e6)


@contextlib.contextmanager
def running(
    command: Sequence[str], folder: Path, environment: Mapping[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    """Start a command in a session of its own, and leave nothing of it behind."""
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
            left = _tree(process.pid)
            _kill(process.pid, left)
            process.wait()


class _Watcher(Thread):
    """Note the peak of a command's memory, and kill the command when its time is up."""

    def __init__(self, pid: int, ended: Event, deadline: float) -> None:
        super().__init__(daemon=True)
        self.pid, self.ended, self.deadline = pid, ended, deadline
        self.peak, self.late = 0, False

    def run(self) -> None:
        while not self.ended.wait(INTERVAL):
            self.peak = max(self.peak, sum(map(_size, _tree(self.pid))))
            if time.perf_counter() > self.deadline:
                self.late = True
                _kill(self.pid, _tree(self.pid))
                return


def _tree(pid: int) -> list[psutil.Process]:
    """Give a process that still runs, and all that it has started."""
    with contextlib.suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        return [process, *process.children(recursive=True)]
    return []


def _size(process: psutil.Process) -> int:
    """Give the memory of a process, its share of what it shares; 0 if it is gone."""
    with contextlib.suppress(psutil.Error, OSError):
        with contextlib.suppress(FileNotFoundError):
            rollup = Path(f"/proc/{process.pid}/smaps_rollup").read_text("ascii")
            return 1024 * int(rollup.partition("\nPss:")[2].split(maxsplit=1)[0])
        return int(process.memory_info().rss)
    return 0


def _kill(pid: int, tree: Sequence[psutil.Process]) -> None:
    """Kill what is left of a session, and of a tree of processes in sessions of their own."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    for process in tree:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()


def _children_cpu() -> float:
    """Give the processor time of all commands that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _shown(command: Sequence[str]) -> str:
    return " ".join(command)


def _last_words(folder: Path, count: int = 2000) -> str:
    return (folder / "log.txt").read_text("utf-8", "replace")[-count:]
