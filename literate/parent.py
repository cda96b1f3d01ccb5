"""The warm parent: run pages side by side, each chain in a process forked from this one.

It is a process of its own that has imported what pages need and nothing of MkDocs. It takes pages
as pickles on its standard input, forks a child for each chain, and answers with pickles on its
standard output. A child that never ends is killed; one that dies is noticed. Where the system has
no fork, a child is spawned and warms up by itself.
"""

from __future__ import annotations

import contextlib
import ctypes
import faulthandler
import gc
import multiprocessing
import os
import pickle
import re
import signal
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import IO, Any

from literate import session
from literate.chunk import Chain
from literate.pool import Limits, Run, send
from literate.reading import Reading, merge, watch
from literate.result import Failure

__all__ = ["serve"]

FORK = "fork" in multiprocessing.get_all_start_methods()
LONGEST_WAIT = 3600.0
PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
CONTEXT: Any = multiprocessing.get_context("fork" if FORK else "spawn")


@dataclass(slots=True)
class _Active:
    """A page that runs: what is left of it, and the child that runs its present chain."""

    run: Run
    chains: list[Chain]
    limits: Limits
    started: float = field(default_factory=time.monotonic)
    readings: list[Reading] = field(default_factory=list)
    process: BaseProcess | None = None
    connection: Connection | None = None
    crash: IO[bytes] | None = None

    @property
    def deadline(self) -> float:
        """When the page's time is up."""
        return self.started + self.limits.seconds

    def begin_chain(self) -> None:
        """Fork a child for the next chain."""
        self.connection, theirs = CONTEXT.Pipe(duplex=False)
        chain = self.chains[len(self.run.results)]
        self.run.results.append([])
        self.crash = tempfile.TemporaryFile() if FORK else None  # noqa: SIM115 - `end_chain` closes it
        arguments = chain, self.run.path, self.limits.megabytes, theirs, self.crash
        self.process = CONTEXT.Process(target=_child, args=arguments)
        self.process.start()
        theirs.close()

    def take(self) -> bool:
        """Take one message of the child; False when there will be no more."""
        assert self.connection
        try:
            message = self.connection.recv()
        except (EOFError, OSError, pickle.UnpicklingError):
            return False
        if isinstance(message, Reading):
            self.readings.append(message)
            return False
        self.run.results[-1].append(message)
        return not isinstance(message, Failure)

    @property
    def complete(self) -> bool:
        """Whether every step of the present chain has its result, or one has failed."""
        steps, results = self.chains[len(self.run.results) - 1].steps, self.run.results[-1]
        return len(results) == len(steps) or (bool(results) and isinstance(results[-1], Failure))

    def end_chain(self, cause: str | None = None) -> None:
        """Kill what is left of the child; say why, if its chain is not complete."""
        assert self.process
        assert self.connection
        if not self.complete:
            cause = cause or _cause(_status(self.process))
            steps, results = self.chains[len(self.run.results) - 1].steps, self.run.results[-1]
            line = self.crash_line() or steps[len(results)].line
            results.append(Failure(line, cause))
        _kill(self.process)
        self.connection.close()
        if self.crash:
            self.crash.close()

    def crash_line(self) -> int | None:
        """Give the page's line that the interpreter named when it crashed."""
        if not self.crash:
            return None
        self.crash.seek(0)
        frame = rf'File "{re.escape(self.run.path)}", line (\d+) '.encode()
        found = re.search(frame, self.crash.read())
        return int(found[1]) if found else None

    def end(self) -> Run:
        """Give the page's run."""
        self.run.seconds = time.monotonic() - self.started
        if len(self.readings) == len(self.chains):
            self.run.reading = merge(self.readings)
        return self.run


def _status(process: BaseProcess) -> int | None:
    """Give the exit status of a child that is about to end, None if it goes on."""
    deadline = time.monotonic() + 1
    while process.exitcode is None and time.monotonic() < deadline:
        time.sleep(0.002)
    return process.exitcode


def _cause(status: int | None) -> str:
    """Say how a process ended that did not tell."""
    if status is None:
        return "the block closed files that are not its own"
    if status >= 0:
        return f"the block ended the interpreter (exit status {status})"
    known = -status in set(signal.Signals)
    name = signal.Signals(-status).name if known else f"signal {-status}"
    return f"the block crashed the interpreter ({name})"


def _child(
    chain: Chain, path: str, megabytes: int | None, connection: Connection, crash: IO[bytes] | None
) -> None:
    """Run a chain in a process of its own, and leave without waiting for its threads."""
    if FORK:
        os.setsid()
        _ask_linux(PR_SET_PDEATHSIG, signal.SIGKILL)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        sys.path.insert(0, os.getcwd())  # noqa: PTH109 - a path as the interpreter knows them
        # The pipe of the warm parent is not for a block to read.
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, 0)
        os.close(null)
        # What the block forks must neither answer for it nor keep the pipe open.
        os.register_at_fork(after_in_child=connection.close)
    else:
        sys.path.insert(0, os.getcwd())  # noqa: PTH109 - as above
        session.warm_up()
    if crash:
        faulthandler.enable(crash, all_threads=False)
    tell = watch()
    session.run(chain, path, connection.send, megabytes)
    connection.send(tell())
    connection.close()
    os._exit(0)


def _kill(process: BaseProcess) -> None:
    """Kill a child and everything that it started."""
    if FORK and process.pid:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.join()


def serve() -> None:
    """Be the warm parent until the build closes the pipe or ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    _ask_linux(PR_SET_CHILD_SUBREAPER, 1)
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what is printed here is no answer
    session.warm_up()
    gc.freeze()  # a child that collects garbage would make all of this its own
    while True:
        try:
            jobs, workers, limits = pickle.load(source)  # noqa: S301 - the build wrote it
        except EOFError:
            # Taking apart all that was loaded would keep the build waiting for a fifth of a second.
            os._exit(0)
        for run in _run_pages(jobs, workers, limits, source):
            send(sink, run)


def _ask_linux(option: int, value: int) -> None:
    """Set an option of this process that Linux alone has."""
    with contextlib.suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).prctl(option, value)


def _run_pages(
    jobs: Iterable[tuple[str, tuple[Chain, ...]]], workers: int, limits: Limits, source: IO[bytes]
) -> Iterator[Run]:
    """Keep as many pages running as there are workers, and give each as it ends."""
    waiting = list(jobs)[::-1]
    active: list[_Active] = []
    try:
        while waiting or active:
            while waiting and len(active) < workers:
                path, chains = waiting.pop()
                active.append(_Active(Run(path), list(chains), limits))
                if chains:
                    active[-1].begin_chain()
            ready = _wait(active, source)
            for page in list(active):
                if _advance(page, ready):
                    active.remove(page)
                    yield page.end()
    finally:
        for page in active:
            if page.process:
                _kill(page.process)
        _kill_strays()


def _kill_strays() -> None:
    """Kill what blocks have started in sessions of their own: orphans come to this process."""
    listed = Path(f"/proc/self/task/{os.getpid()}/children")
    with contextlib.suppress(OSError):
        while children := listed.read_text("ascii").split():
            for child in map(int, children):
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)


def _wait(active: Sequence[_Active], source: IO[bytes]) -> list[object]:
    """Wait for a message, for the end of a child, or for the time of a page to be up."""
    if any(page.connection is None for page in active):
        return []
    left = min(page.deadline for page in active) - time.monotonic()
    gone = [source.fileno()] if FORK else []
    connections: list[Any] = [page.connection for page in active if page.connection]
    ready = wait(connections + gone, min(max(left, 0), LONGEST_WAIT))
    if any(item == number for item in ready for number in gone):
        raise SystemExit("the build is gone")
    return list(ready)


def _advance(page: _Active, ready: Sequence[object]) -> bool:
    """Take what a page has to give; True when it has ended."""
    if page.connection is None:
        return True
    if page.connection in ready and page.take():
        return False
    if page.connection in ready:
        page.end_chain()
    elif time.monotonic() >= page.deadline:
        seconds = page.limits.seconds
        page.end_chain(f"the page ran longer than {seconds:g} s, and this block was running")
        for chain in page.chains[len(page.run.results) :]:
            page.run.results.append([Failure(chain.steps[0].line, "the page's time was up")])
    else:
        return False
    if len(page.run.results) < len(page.chains):
        page.begin_chain()
        return False
    return True
