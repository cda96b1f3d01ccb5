"""Run pages side by side in a process of its own, the warm parent, and wait for their results."""

from __future__ import annotations

import contextlib
import os
import pickle
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import IO

from literate.page import Chain, Page
from literate.process import start
from literate.result import Limits, Run

__all__ = ["Job", "Pool", "send"]


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
        self.reader: Thread | None = None
        self.process = start("run.parent", root)

    def start(self, pages: Sequence[Page], made: Iterable[Path] = ()) -> dict[str, Future[Run]]:
        """Start to run pages; return a future of the run of each, by its path.

        The names of what builds have `made` are of no importance to a page.

        A future raises `RuntimeError` if the warm parent died before the page ended.
        """
        if self.reader:
            self.reader.join()
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

    def run(self, pages: Sequence[Page], made: Iterable[Path] = ()) -> Iterator[Run]:
        """Run the chains of pages; yield each page as it ends.

        Raises
        ------
        RuntimeError
            The warm parent died.
        """
        jobs = tuple((page.path, page.chains) for page in pages)
        try:
            send(self.process.stdin, Job(jobs, self.workers, self.limits, tuple(map(str, made))))
            for _ in jobs:
                yield pickle.load(self.process.stdout)  # type: ignore[arg-type]  # noqa: S301
        except (EOFError, BrokenPipeError) as error:
            status = self.process.wait()
            raise RuntimeError(f"the process that runs pages ended with status {status}") from error

    def close(self) -> None:
        """End the warm parent and every block that still runs."""
        assert self.process.stdin
        assert self.process.stdout
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.reader:
            self.reader.join()
        self.process.stdout.close()


def send(stream: IO[bytes] | None, message: object) -> None:
    """Write a pickle and flush the stream."""
    assert stream
    pickle.dump(message, stream, pickle.HIGHEST_PROTOCOL)
    stream.flush()
