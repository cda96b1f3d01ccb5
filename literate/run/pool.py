"""Run pages side by side in a process of its own, the warm parent, and wait for their results."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from multiprocessing.connection import wait
from pathlib import Path
from threading import Event, Thread
from typing import IO, Any

from literate.page import Chain, Page
from literate.process import start
from literate.result import Failure, Limits, Run
from literate.run.channel import GarbledError, Inbox, pack

__all__ = ["FORK", "Job", "Pool", "send"]

FORK = "fork" in multiprocessing.get_all_start_methods()
"""Whether the system can fork."""

SLACK = 60
"""How many seconds longer than a page may run the warm parent may be silent."""


@dataclass(frozen=True, slots=True)
class Job:
    """What the warm parent is to do.

    Attributes
    ----------
    pages
        The path and the chains of each page.
    workers
        How many pages run side by side.
    limits
        What a page may take.
    made
        Files and folders that builds make.
    """

    pages: tuple[tuple[str, tuple[Chain, ...]], ...]
    workers: int
    limits: Limits
    made: tuple[str, ...] = ()


class Pool:
    """The warm parent, seen from the build.

    Parameters
    ----------
    root
        The folder that blocks run in, and the first place they import from.
    workers
        How many pages run side by side.
    limits
        What a page may take.
    """

    def __init__(
        self, root: Path, *, workers: int | None = None, limits: Limits | None = None
    ) -> None:
        self.workers = workers or os.cpu_count() or 1
        self.limits = limits or Limits()
        self.root = root
        self.reader: Thread | None = None
        self.is_asked = Event()
        self.is_asked.set()
        self._begin()

    def _begin(self) -> None:
        """Start the warm parent."""
        self.process = start("run.parent", self.root)
        self.messages = self._receive()
        self.is_ready = False

    def start(self, pages: Sequence[Page], made: Iterable[Path] = ()) -> dict[str, Future[Run]]:
        """Start to run pages; return a future of the run of each, by its path.

        The names of what builds have `made` are of no importance to a page.

        A future raises `RuntimeError` if the warm parent cannot start.
        """
        if self.reader:
            self.reader.join()
        self.is_asked.clear()
        futures: dict[str, Future[Run]] = {page.path: Future() for page in pages}
        self.reader = Thread(target=self._settle, args=(list(pages), made, futures), daemon=True)
        self.reader.start()
        return futures

    def _settle(
        self, pages: Sequence[Page], made: Iterable[Path], futures: dict[str, Future[Run]]
    ) -> None:
        """Set the future of each page to its run."""
        try:
            for run in self.run(pages, made):
                futures[run.path].set_result(run)
        except BaseException as error:  # noqa: BLE001 - whoever waits for a page must learn of it
            for future in futures.values():
                if not future.done():
                    future.set_exception(error)
        finally:
            self.is_asked.set()

    def stop(self) -> None:
        """End the pages that were started and still run; their futures raise `RuntimeError`."""
        self.is_asked.wait()
        if self.reader and self.reader.is_alive():
            with contextlib.suppress(BrokenPipeError):  # the reader learns of it
                send(self.process.stdin, None)

    def run(
        self, pages: Sequence[Page], made: Iterable[Path] = (), workers: int | None = None
    ) -> Iterator[Run]:
        """Run the chains of pages; yield each page as it ends.

        If the warm parent is killed or stopped, a page did that. Those that were running run again
        one by one, which shows which it was; it fails, and the others go on in a new warm parent.

        Raises
        ------
        RuntimeError
            The warm parent cannot start, or the pool was closed.
        """
        if not pages:
            return
        workers = workers or self.workers
        made = tuple(made)
        left = {page.path: page for page in pages}
        jobs = tuple((page.path, page.chains) for page in pages)
        try:
            for run in self._ask(Job(jobs, workers, self.limits, tuple(map(str, made)))):
                del left[run.path]
                yield run
        except (EOFError, BrokenPipeError, TimeoutError, GarbledError) as error:
            closed, status = self.is_closed, self._end()
            if closed or not self.is_ready:
                text = f"the process that runs pages ended with status {status}"
                raise RuntimeError(text) from error
            self._let_go()
            self._begin()
        if left:
            running, waiting = list(left.values())[:workers], list(left.values())[workers:]
            if len(running) > 1:
                yield from self.run(running, made, 1)
            else:
                yield _without_parent(running[0])
            yield from self.run(waiting, made, workers)

    def _ask(self, job: Job) -> Iterator[Run]:
        """Let the warm parent run pages; yield each as it ends."""
        send(self.process.stdin, job)
        self.is_asked.set()
        left = len(job.pages)
        while left:
            message = next(self.messages)
            if isinstance(message, bool):
                self.is_ready = message
            elif message is None:
                raise RuntimeError("the pages were stopped")
            else:
                left -= 1
                yield message

    def _receive(self) -> Iterator[Any]:
        """Yield the messages of the warm parent, which may not be silent for ever."""
        stdout, inbox = self.process.stdout, Inbox()
        assert stdout
        while True:
            # Second by second: a build that was stopped itself has not waited all that time.
            for _ in range(int(self.limits.seconds) + SLACK if FORK else 0):
                if wait([stdout.fileno()], 1):
                    break
            else:
                if FORK:
                    raise TimeoutError
            data = os.read(stdout.fileno(), 2**20)
            if not data:
                raise EOFError
            yield from inbox.take(data)

    @property
    def is_closed(self) -> bool:
        """Whether the warm parent was told to end."""
        assert self.process.stdin
        return self.process.stdin.closed

    def close(self) -> None:
        """End the warm parent and every block that still runs."""
        assert self.process.stdin
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=10)
        self._end()
        if self.reader:
            self.reader.join()
        self._let_go()

    def _let_go(self) -> None:
        """Close the pipes of a warm parent that has ended."""
        for pipe in (self.process.stdin, self.process.stdout):
            assert pipe
            with contextlib.suppress(BrokenPipeError):
                pipe.close()

    def _end(self) -> int:
        """End the warm parent, at once; return its exit status."""
        for end in (self.process.terminate, self.process.kill):
            try:
                return self.process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                end()
        return self.process.wait()


def send(stream: IO[bytes] | None, message: object) -> None:
    """Write a pickle and flush the stream."""
    assert stream
    stream.write(pack(message))
    stream.flush()


def _without_parent(page: Page) -> Run:
    """Return the run of a page that has ended what ran it."""
    line = page.chains[0].steps[0].line if page.chains else 1
    failure = Failure(line, "a block of the page killed or stopped the process that runs pages")
    return Run(page.path, [[failure], *([] for _ in page.chains[1:])])
