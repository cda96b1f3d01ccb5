"""A process that runs one chain, forked from the warm parent, and what it tells.

A child that never ends is killed; one that dies is noticed. Where the system has no fork, a child
is spawned and warms up by itself.
"""

from __future__ import annotations

import contextlib
import ctypes
import faulthandler
import multiprocessing
import os
import re
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Sequence
from functools import partial
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import IO, Any

from literate.page import Chain
from literate.result import Failure, Reading, Result
from literate.run import session
from literate.run.channel import GarbledError, Inbox, pack
from literate.run.imports import unload_shadowed
from literate.run.kernel import Listener, install
from literate.run.record import Record, merge
from literate.run.watch import watch

__all__ = ["FORK", "PR_SET_CHILD_SUBREAPER", "Child", "ask_linux"]

FORK = "fork" in multiprocessing.get_all_start_methods()
PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
SWITCH = "LITERATE_WATCH"
"""The variable of the environment that switches to the audit events of the ``interpreter``."""

CONTEXT: Any = multiprocessing.get_context("fork" if FORK else "spawn")


class Child:
    """A process that runs a chain.

    Parameters
    ----------
    path
        The page.
    chain
        Its blocks and values.
    megabytes
        How much memory the chain may allocate; None for any amount.
    made
        Files and folders that builds make.

    Attributes
    ----------
    connection
        What it tells through.
    door
        What it sends the kernel's listener through, and closes if there is none.
    listener
        What the kernel tells of it.
    results
        The results of the steps so far.
    reading
        What the chain read, once it has ended well.
    """

    def __init__(
        self, path: str, chain: Chain, megabytes: int | None, made: Sequence[str] = ()
    ) -> None:
        self.path = path
        self.chain = chain
        self.record = Record(str(Path.cwd()), made)
        self.listener: Listener | None = None
        self.results: list[Result] = []
        self.reading: Reading | None = None
        self.inbox = Inbox()
        self.crash = _nameless_file() if FORK else None
        self.connection, theirs = CONTEXT.Pipe(duplex=False)
        their_door: socket.socket | None = None
        self.door: socket.socket | None = None
        if FORK:
            self.door, their_door = socket.socketpair()
        arguments = chain, path, megabytes, made, theirs, their_door, self.crash
        self.process: BaseProcess = CONTEXT.Process(target=_run, args=arguments)
        self.process.start()
        for end in (theirs, their_door):
            if end:
                end.close()

    @property
    def sources(self) -> list[Any]:
        """What to wait for."""
        return [self.connection, *filter(None, (self.door, self.listener))]

    def listen(self) -> None:
        """Take the listener, and what the kernel tells through it."""
        if self.door and wait([self.door], 0):
            with contextlib.suppress(OSError):
                _, descriptors, _, _ = socket.recv_fds(self.door, 1, 1)
                self.listener = Listener(descriptors[0]) if descriptors else None
            self.door.close()
            self.door = None
        for call in self.listener.calls() if self.listener else ():
            self.record.take(call)

    @property
    def number(self) -> int:
        """The number of the process."""
        return self.process.pid or 0

    def take(self) -> bool:
        """Take what has come, as soon as something does; return whether more will."""
        while self.connection not in wait(self.sources):
            self.listen()
        try:
            number = self.connection.fileno()
            data = os.read(number, 2**20) if FORK else self.connection.recv_bytes()
            for message in self.inbox.take(data):
                if isinstance(message, Reading):
                    self.reading = self._whole(message)
                    return False
                self.results.append(message)
                if isinstance(message, Failure):
                    return False
        except GarbledError:
            line = self.chain.steps[min(len(self.results), len(self.chain.steps) - 1)].line
            self.results.append(Failure(line, "the block wrote to files that are not its own"))
            return False
        except (EOFError, OSError):
            return False
        return bool(data)

    def _whole(self, told: Reading) -> Reading:
        """Return what the chain read, by what it has told and by what the kernel has."""
        return merge([self.record.tell(), told]) if self.listener else told

    def end(self, cause: str | None = None) -> None:
        """Kill what is left of the process; if its chain is not complete, add why."""
        steps = self.chain.steps
        failed = bool(self.results) and isinstance(self.results[-1], Failure)
        if len(self.results) < len(steps) and not failed:
            cause = cause or _cause(self._status())
            line = self._crash_line() or steps[len(self.results)].line
            self.results.append(Failure(line, cause))
        self.kill()
        for open_ in (*self.sources, self.crash):
            if open_:
                open_.close()

    def kill(self) -> None:
        """Kill the process and everything that it started, and free what these shared."""
        if FORK and self.process.pid:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process.kill()
        self.process.join()
        self.record.free()

    def _status(self) -> int | None:
        """Return the exit status of a process that is about to end, None if it goes on."""
        deadline = time.monotonic() + 1
        while self.process.exitcode is None and time.monotonic() < deadline:
            self.listen()
            time.sleep(0.002)
        return self.process.exitcode

    def _crash_line(self) -> int | None:
        """Return the page's line that the interpreter named when it crashed."""
        if not self.crash:
            return None
        self.crash.seek(0)
        frame = rf'File "{re.escape(self.path)}", line (\d{{1,9}}) '.encode()
        found = re.search(frame, self.crash.read(2**20))
        return int(found[1]) if found else None


def _nameless_file() -> IO[bytes]:
    """Open a file without a name, in memory where the system can: no disk may be full."""
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("literate"), "w+b")
    return tempfile.TemporaryFile()


def ask_linux(option: int, value: int) -> None:
    """Set an option of this process that Linux alone has."""
    with contextlib.suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).prctl(option, value)


def _cause(status: int | None) -> str:
    """Say how a process ended that did not tell."""
    if status is None:
        return "the block closed files that are not its own"
    if status >= 0:
        return f"the block ended the interpreter (exit status {status})"
    known = -status in set(signal.Signals)
    name = signal.Signals(-status).name if known else f"signal {-status}"
    return f"the block crashed the interpreter ({name})"


def _run(
    chain: Chain,
    path: str,
    megabytes: int | None,
    made: Sequence[str],
    connection: Connection,
    door: socket.socket | None,
    crash: IO[bytes] | None,
) -> None:
    """Run a chain in a process of its own, and leave without waiting for its threads."""
    root = os.getcwd()  # noqa: PTH109 - a path as the interpreter knows them
    sys.path.insert(0, root)
    if FORK:
        _part_from_parent(connection, door, crash)
    else:
        session.warm_up()
    if crash:
        faulthandler.enable(crash, all_threads=False)
    unload_shadowed(root)
    tell = watch(root, None if _is_listened_to(door) else Record(root, made))
    emit = partial(_send, connection)
    session.run(chain, path, emit, megabytes)
    emit(tell())
    connection.close()
    os._exit(0)


def _send(connection: Connection, message: object) -> None:
    """Tell the parent something."""
    data = memoryview(pack(message))
    if not FORK:
        connection.send_bytes(data)
        return
    while data:
        data = data[os.write(connection.fileno(), data) :]


def _is_listened_to(door: socket.socket | None) -> bool:
    """Let the parent listen to what the kernel tells of this process, if the kernel does."""
    if door is None:
        return False
    with door:
        if os.environ.get(SWITCH) == "interpreter":
            return False
        try:
            listener = install()
        except OSError:
            return False
        socket.send_fds(door, [b"\0"], [listener])
        os.close(listener)
        return True


def _part_from_parent(
    connection: Connection, door: socket.socket | None, crash: IO[bytes] | None
) -> None:
    """Become a session of its own that dies with the parent and has no file of the parent's."""
    os.setsid()
    ask_linux(PR_SET_PDEATHSIG, signal.SIGKILL)
    ask_linux(PR_SET_CHILD_SUBREAPER, 1)  # so that whatever it starts is counted as its own
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    kept = {0, 1, 2, *(own.fileno() for own in (connection, door, crash) if own)}
    with contextlib.suppress(OSError):
        for descriptor in {int(name) for name in os.listdir("/dev/fd")} - kept:  # noqa: PTH208
            with contextlib.suppress(OSError):
                os.close(descriptor)
    # What the block forks must neither answer for it nor keep the pipe open.
    os.register_at_fork(after_in_child=connection.close)
