"""The warm parent: run pages side by side, each chain in a process forked from this one.

It is a process of its own that has imported what pages need and nothing of MkDocs. It takes pages
as pickles on its standard input, and answers with pickles on its standard output.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from multiprocessing.connection import wait
from typing import IO

from literate.page import Chain
from literate.result import Failure, Limits, Reading, Run
from literate.run import session
from literate.run.child import FORK, PR_SET_CHILD_SUBREAPER, Child, ask_linux
from literate.run.crowd import end_others, is_crowd, take_precedence
from literate.run.pool import send
from literate.run.watch import merge

__all__ = ["serve"]

LOOK = 0.05
"""After how many seconds the processes of a chain are counted again."""


def serve() -> None:
    """Be the warm parent until the build closes the pipe or ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    ask_linux(PR_SET_CHILD_SUBREAPER, 1)
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what is printed here is no answer
    session.warm_up()
    take_precedence()
    gc.freeze()  # a child that collects garbage would make all of this its own
    while True:
        try:
            jobs, workers, limits = pickle.load(source)  # noqa: S301 - the build wrote it
        except EOFError:
            # Taking apart all that was loaded would keep the build waiting for a fifth of a second.
            os._exit(0)
        for run in _run_pages(jobs, workers, limits, source):
            send(sink, run)


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

    def go_on(self, *, heard: bool, count: bool) -> bool:
        """Take what the child tells, if it was heard; return whether the page runs on."""
        more = self.child.take() if heard else True
        late = more and time.monotonic() >= self.deadline
        cause = None
        if late:
            seconds = self.limits.seconds
            cause = f"the page ran longer than {seconds:g} s, and this block was running"
        elif more and count and is_crowd(self.child.number, self.limits.processes):
            cause = f"the chain had more than {self.limits.processes} processes and threads"
        if more and not cause:
            return True
        self.end_chain(cause)
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
    counted = 0.0
    try:
        while waiting or active:
            while waiting and len(active) < workers:
                path, chains = waiting.pop()
                if chains:
                    active.append(_PageRun(path, chains, limits))
                else:
                    yield Run(path, reading=Reading())
            heard = _wait(active, source) if active else []
            count = time.monotonic() >= counted + LOOK
            for page in list(active):
                if not page.go_on(heard=page.child.connection in heard, count=count):
                    active.remove(page)
                    yield page.end()
            if count:
                # Orphans of a chain that runs stay below it: others are left by one that ended.
                end_others({page.child.number for page in active})
                counted = time.monotonic()
    finally:
        for page in active:
            page.child.kill()
        end_others(())


def _wait(active: Sequence[_PageRun], source: IO[bytes]) -> list[object]:
    """Wait for a message, for the end of a child, or for the time to look."""
    left = min(page.deadline for page in active) - time.monotonic()
    gone = [source.fileno()] if FORK else []
    connections = [page.child.connection for page in active]
    ready = wait(connections + gone, min(max(left, 0), LOOK))
    if any(item == number for item in ready for number in gone):
        raise SystemExit("the build is gone")
    return list(ready)
