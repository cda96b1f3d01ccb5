"""The warm parent: run pages side by side, each chain in a process forked from this one.

It is a process of its own that has imported what pages need and nothing of MkDocs. It takes pages
as pickles on its standard input, and answers with pickles on its standard output.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from multiprocessing.connection import wait
from typing import IO, Any

from literate.page import Chain
from literate.result import Failure, Limits, Reading, Run
from literate.run import session
from literate.run.channel import Inbox
from literate.run.child import FORK, PR_SET_CHILD_SUBREAPER, Child, ask_linux
from literate.run.guard import guard, kill_strays
from literate.run.pool import send
from literate.run.watch import merge

__all__ = ["serve"]

LONGEST_WAIT = 3600.0


def serve() -> None:
    """Be the warm parent until the build closes the pipe or ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if FORK:
        guard()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    ask_linux(PR_SET_CHILD_SUBREAPER, 1)
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what is printed here is no answer
    session.warm_up()
    send(sink, None)  # it is ready
    gc.freeze()  # a child that collects garbage would make all of this its own
    requests = _receive(source)
    while True:
        try:
            jobs, workers, limits = next(requests)
        except StopIteration:
            # Taking apart all that was loaded would keep the build waiting for a fifth of a second.
            os._exit(0)
        for run in _run_pages(jobs, workers, limits, source):
            send(sink, run)


def _receive(source: IO[bytes]) -> Iterator[Any]:
    """Yield what the build asks for."""
    inbox = Inbox()
    while data := os.read(source.fileno(), 2**20):
        yield from inbox.take(data)


class _PageRun:
    """A page that runs, one chain after the other."""

    def __init__(self, path: str, chains: Sequence[Chain], limits: Limits) -> None:
        self.run = Run(path)
        self.chains = chains
        self.limits = limits
        self.started = time.monotonic()
        self.readings: list[Reading] = []
        self.child = Child(path, chains[0], limits.megabytes)

    @property
    def deadline(self) -> float:
        """When the page's time is up."""
        return self.started + self.limits.seconds

    def go_on(self, *, heard: bool) -> bool:
        """Take what the child tells, if it was heard; return whether the page runs on."""
        more = self.child.take() if heard else True
        late = more and time.monotonic() >= self.deadline
        if more and not late:
            return True
        seconds = self.limits.seconds
        cause = f"the page ran longer than {seconds:g} s, and this block was running"
        self.end_chain(cause if late else None)
        rest = self.chains[len(self.run.results) :]
        if late:
            self.run.results += [
                [Failure(chain.steps[0].line, "the page's time was up")] for chain in rest
            ]
        elif rest:
            self.child = Child(self.run.path, rest[0], self.limits.megabytes)
        return bool(rest) and not late

    def end_chain(self, cause: str | None) -> None:
        """Take over what the child has told."""
        self.child.end(cause)
        self.run.results.append(self.child.results)
        if self.child.reading:
            self.readings.append(self.child.reading)

    def end(self) -> Run:
        """Return the page's run."""
        self.run.seconds = time.monotonic() - self.started
        if len(self.readings) == len(self.chains):
            self.run.reading = merge(self.readings)
        return self.run


def _run_pages(
    jobs: Iterable[tuple[str, tuple[Chain, ...]]], workers: int, limits: Limits, source: IO[bytes]
) -> Iterator[Run]:
    """Keep as many pages running as there are workers, and yield each as it ends."""
    waiting = list(jobs)[::-1]
    active: list[_PageRun] = []
    try:
        while waiting or active:
            while waiting and len(active) < workers:
                path, chains = waiting.pop()
                if chains:
                    active.append(_PageRun(path, chains, limits))
                else:
                    yield Run(path, reading=Reading())
            heard = _wait(active, source) if active else []
            for page in list(active):
                if not page.go_on(heard=page.child.connection in heard):
                    active.remove(page)
                    yield page.end()
    finally:
        for page in active:
            page.child.kill()
        kill_strays()


def _wait(active: Sequence[_PageRun], source: IO[bytes]) -> list[object]:
    """Wait for a message, for the end of a child, or for the time of a page to be up."""
    left = min(page.deadline for page in active) - time.monotonic()
    gone = [source.fileno()] if FORK else []
    connections = [page.child.connection for page in active]
    ready = wait(connections + gone, min(max(left, 0), LONGEST_WAIT))
    if any(item == number for item in ready for number in gone):
        raise SystemExit("the build is gone")
    return list(ready)
