"""Watch a run from within its process: what it imports and, where the kernel tells nothing, reads.

Where the kernel does not tell what is read, the interpreter's audit events do; native code that may
read without them makes a run one that cannot be kept.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable
from threading import get_ident
from typing import Any

from literate.digest import name_in, top_module
from literate.result import Reading
from literate.run.imports import Missing, distrust_bytecode, find_afresh
from literate.run.kernel import Call
from literate.run.record import Record, merge

__all__ = ["watch"]

LISTINGS = {"os.listdir", "os.scandir"}
CHANGES = {"os.mkdir": 1, "os.remove": 1, "os.rename": 2, "os.rmdir": 1, "os.truncate": 1}
CHANGES |= {"os.link": 2, "os.symlink": 2}
"""Events that change what lies under a path, and how many of their arguments are such paths; the
folders that these are relative to come after them."""

UNSEEN = {
    **dict.fromkeys(
        ("os.exec", "os.posix_spawn", "os.spawn", "os.system", "pty.spawn", "subprocess.Popen"),
        "starts a program",
    ),
    **dict.fromkeys(("os.fork", "os.forkpty"), "starts a process"),
    **dict.fromkeys(
        (
            "socket.bind",
            "socket.connect",
            "socket.getaddrinfo",
            "socket.gethostbyaddr",
            "socket.gethostbyname",
            "socket.sendmsg",
            "socket.sendto",
        ),
        "asks a network",
    ),
    "sqlite3.connect": "opens a database",
}
"""Events after which a run may read what the interpreter does not tell of."""

HEARD = {"ctypes.dlopen", "import", "open", *LISTINGS, *CHANGES, *UNSEEN}
"""All events that tell something of what a run reads."""

PROCESSES = {"multiprocessing.popen_forkserver", "multiprocessing.popen_spawn_posix"}
"""Modules that start processes by a way of their own, which has no event."""

NATIVE = "loads native code ({}), and the system does not tell what that reads"
AUDITED = {"contourpy", "kiwisolver", "matplotlib", "mpl_toolkits", "numpy"}
"""Packages whose native code reads files through Python alone, as the tests of this module show."""


def watch(root: str, record: Record | None = None) -> Callable[[], Reading]:
    """Note from now on what this process imports; the function that is returned tells what it was.

    It cannot be undone, so it is for a process that does nothing else.

    Parameters
    ----------
    root
        The project's folder, which modules are imported from first.
    record
        Takes what the interpreter tells of reading; None if the kernel tells of it.
    """
    look = record.look if record else lambda _: None
    missing = Missing()
    sys.meta_path.append(missing)
    find_afresh(root, look)
    distrust_bytecode(root)
    if record is None:
        return lambda: Reading(missing=missing.names)
    hearing = _Hearing(record)

    def hear(event: str, arguments: tuple[Any, ...]) -> None:
        # A function, and it asks this first: a figure causes ten thousands of other events, and
        # the interpreter takes three times as long to call a method.
        if event in HEARD:
            hearing.hear(event, arguments)

    sys.addaudithook(hear)

    def tell() -> Reading:
        with hearing.deaf():
            return merge([record.tell(), Reading(missing=missing.names)])

    return tell


class _Hearing:
    """What the interpreter's audit events tell of reading."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self.busy: set[int] = set()

    @contextlib.contextmanager
    def deaf(self) -> Any:
        """Hear nothing of what this thread does."""
        self.busy.add(get_ident())
        try:
            yield
        finally:
            self.busy.discard(get_ident())

    def hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Take an audit event of the interpreter, two frames below where it was raised."""
        if get_ident() in self.busy:
            return
        with self.deaf():
            if event == "open":
                self._open(*arguments)
            elif event in LISTINGS:
                # The import system lists folders too; what it looks for is noted by the finder.
                caller = sys._getframe(3).f_code.co_filename  # noqa: SLF001 - where the event is raised
                if not caller.startswith("<frozen importlib"):
                    self._take("list", arguments[0] or ".")
            elif event in CHANGES:
                count = CHANGES[event]
                folders = [*arguments[count:], -1, -1]
                for path, folder in zip(arguments[:count], folders, strict=False):
                    self._take("change", path, folder=folder)
            elif event == "import":
                self._import(*arguments[:2])
            elif event == "ctypes.dlopen":
                self._load(str(arguments[0] or ""))
            elif event in UNSEEN:
                self._miss(UNSEEN[event])

    def _open(self, path: Any, mode: str | None, flags: int) -> None:
        """Take an opening, which does not tell what folder its path is relative to."""
        is_relative = isinstance(path, (str, bytes)) and not os.path.isabs(path)
        if mode is None and is_relative and not os.path.lexists(path):
            self._miss("opens a file by its folder")
        self._take("open", path, flags)

    def _take(self, act: Any, path: Any, flags: int = 0, *, folder: Any = -1) -> None:
        """Take something that is done to a path."""
        if isinstance(path, int):
            return
        try:
            name = os.fsdecode(path)
            if isinstance(folder, int) and folder >= 0:
                name = os.path.join(os.readlink(f"/proc/self/fd/{folder}"), name)
            self.record.take(Call(act, os.path.abspath(name), flags))
        except (OSError, TypeError, ValueError):
            pass  # the interpreter will say what is wrong with the path

    def _import(self, module: str, file: str | None) -> None:
        """Take the loading of a module: of native code there is no other sign."""
        if module in PROCESSES:
            self._miss("starts a process")
        if file:
            self._take("open", file)
            top = top_module(file)
            if name_in(self.record.root, file) is not None or top not in {None, *AUDITED}:
                self._miss(NATIVE.format(module))

    def _load(self, library: str) -> None:
        """Take the loading of a library, whose code may do anything."""
        if os.sep in library:
            self._take("open", library)
        self._miss(NATIVE.format(library or "by ctypes"))

    def _miss(self, reason: str) -> None:
        """Note that something may have been read that was not seen."""
        self.record.take(Call("unseen", reason))
