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
from collections import deque
from collections.abc import Iterator, Sequence
from multiprocessing.connection import wait
from pathlib import Path
from typing import IO, Any

from literate.digest import digest, is_importable, version
from literate.page import Chain
from literate.result import Failure, Reading, Run
from literate.run import session
from literate.run.channel import GarbledError, Inbox
from literate.run.child import PR_SET_CHILD_SUBREAPER, Child, ask_linux
from literate.run.crowd import end_others, is_crowd
from literate.run.guard import guard
from literate.run.imports import Missing, loaded, places
from literate.run.kernel import Call
from literate.run.pool import FORK, Job, send
from literate.run.record import Record, merge

__all__ = ["serve"]

GUARDED = "LITERATE_GUARDED"
"""The variable of the environment that says to this process, started anew, that it is guarded."""

LOOK = 0.05
"""After how many seconds the processes of a chain are counted again."""

PACKAGE = Path(__file__).parent.parent


def serve() -> None:
    """Be the warm parent until the build closes the pipe or ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if not os.environ.pop(GUARDED, "") and FORK:
        guard()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    ask_linux(PR_SET_CHILD_SUBREAPER, 1)
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what is printed here is no answer
    base = _warm_up()
    gc.freeze()  # a child that collects garbage would make all of this its own
    send(sink, True)  # it is ready
    post = _Post(source)
    while True:
        post.wait()
        if not (post.waiting or _holds(base)):
            send(sink, False)  # until it is ready again
            os.dup2(sink.fileno(), 1)
            environment = os.environ | ({GUARDED: "1"} if FORK else {})
            os.execve(sys.executable, sys.orig_argv, environment)  # noqa: S606 - this process, anew
        try:
            job: Job | None = post.take()
        except EOFError:
            # Taking apart all that was loaded would keep the build waiting for a fifth of a second.
            os._exit(0)
        try:
            for run in _run_pages(job, base, post) if job else ():
                send(sink, run)
        except _StoppedError:
            send(sink, None)


class _StoppedError(Exception):
    """The build wants no more of what runs."""


class _Post:
    """What the build asks for: a job, or that one stops."""

    def __init__(self, source: IO[bytes]) -> None:
        self.source = source
        self.inbox = Inbox()
        self.waiting: deque[Any] = deque()

    def fileno(self) -> int:
        """Return the descriptor to wait for."""
        return self.source.fileno()

    def wait(self) -> None:
        """Wait until there is something to take."""
        if not self.waiting:
            wait([self.fileno()])

    def take(self) -> Any:
        """Wait for the next message.

        Raises
        ------
        EOFError
            The build is gone.
        """
        while not self.waiting:
            data = os.read(self.fileno(), 2**20)
            if not data:
                raise EOFError
            self.waiting += self.inbox.take(data)
        return self.waiting.popleft()


def _warm_up() -> Reading:
    """Load what pages need; return what that was read from."""
    root = os.getcwd()  # noqa: PTH109 - a path as the interpreter knows them
    opened: list[Any] = []
    warming = True

    def hear(event: str, arguments: tuple[Any, ...]) -> None:
        if warming and event == "open":
            opened.append(arguments[0])

    sys.addaudithook(hear)
    missing = Missing()
    sys.meta_path.append(missing)
    session.warm_up()
    sys.meta_path.remove(missing)
    warming = False
    record = Record(root)
    files, packages = loaded(root)
    for path in (*opened, *files, *_settings()):
        if isinstance(path, (str, bytes)) and not _is_own(
            name := Path(os.fsdecode(path)).absolute()
        ):
            record.take(Call("open", str(name)))
    record.packages |= packages
    return merge([record.tell(), Reading(missing=missing.names)])


def _settings() -> list[str]:
    """Return what Python and matplotlib read as they start, where there are such."""
    import matplotlib as mpl

    names = [name for module in ("sitecustomize", "usercustomize") for name in places(module)]
    starting = [f"{entry}/{name}" for entry in sys.path for name in names]
    own = [f"{mpl.get_configdir()}/{name}" for name in ("matplotlibrc", "stylelib")]
    return [*starting, "matplotlibrc", *own]


def _is_own(path: Path) -> bool:
    """Tell whether a file is of this package, which counts anyway, or of matplotlib's cache."""
    import matplotlib as mpl

    return any(path.is_relative_to(known) for known in (PACKAGE, mpl.get_cachedir()))


def _holds(base: Reading) -> bool:
    """Tell whether what was loaded is still what it was read from."""
    return (
        all(digest(name) == seen for name, seen in base.files.items())
        and all(version(package) == known for package, known in base.packages.items())
        and not any(map(is_importable, base.missing))
    )


class _PageRun:
    """A page that runs, one chain after the other."""

    def __init__(self, path: str, chains: Sequence[Chain], job: Job, base: Reading) -> None:
        self.run = Run(path)
        self.chains = chains
        self.limits = job.limits
        self.made = job.made
        self.started = time.monotonic()
        self.readings = [base]
        self.child: Child

    @property
    def deadline(self) -> float:
        """When the page's time is up."""
        return self.started + self.limits.seconds

    def go_on(self, *, heard: bool, count: bool) -> bool:
        """Take what the child tells, if it was heard; return whether the page runs on."""
        self.child.listen()
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
        if not late:
            return self.start()
        rest = self.chains[len(self.run.results) :]
        self.run.results += [
            [Failure(chain.steps[0].line, "the page's time was up")] for chain in rest
        ]
        return False

    def end_chain(self, cause: str | None) -> None:
        """Take over what the child has told."""
        self.child.end(cause)
        self.run.results.append(self.child.results)
        if self.child.reading:
            self.readings.append(self.child.reading)

    def end(self) -> Run:
        """Return the page's run."""
        self.run.seconds = time.monotonic() - self.started
        if len(self.readings) == len(self.chains) + 1:
            self.run.reading = merge(self.readings)
        return self.run

    def start(self) -> bool:
        """Start the next chain; return whether there is one that starts."""
        for chain in self.chains[len(self.run.results) :]:
            try:
                self.child = Child(self.run.path, chain, self.limits.megabytes, self.made)
            except OSError as error:  # no process, no memory or no file is left
                message = f"the system starts no process for the chain: {error.strerror}"
                self.run.results.append([Failure(chain.steps[0].line, message)])
            else:
                return True
        return False


def _run_pages(job: Job, base: Reading, post: _Post) -> Iterator[Run]:
    """Keep as many pages running as there are workers, and yield each as it ends."""
    waiting = list(job.pages)[::-1]
    active: list[_PageRun] = []
    counted = 0.0
    try:
        while waiting or active:
            while waiting and len(active) < job.workers:
                path, chains = waiting.pop()
                page = _PageRun(path, chains, job, base)
                if page.start():
                    active.append(page)
                else:
                    yield page.end()
            heard = _wait(active, post) if active else []
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


def _wait(active: Sequence[_PageRun], post: _Post) -> list[object]:
    """Wait for a message, for the end of a child, or for the time to look.

    Raises
    ------
    _StoppedError
        The build wants no more of what runs.
    """
    left = min(page.deadline for page in active) - time.monotonic()
    sources = [source for page in active for source in page.child.sources]
    number = post.fileno()
    ready = wait([*sources, *([number] if FORK else [])], min(max(left, 0), LOOK))
    if post.waiting or any(item == number for item in ready):
        try:
            post.take()
        except (EOFError, GarbledError):  # or a block wrote in its place
            raise SystemExit("the build is gone") from None
        raise _StoppedError
    return list(ready)
