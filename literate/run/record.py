"""Record what a run reads and changes, by what the kernel or the interpreter tells of it."""

from __future__ import annotations

import contextlib
import os
import re
import stat
from collections.abc import Collection, Iterable
from importlib.util import source_from_cache

from literate.digest import (
    INSTALLED,
    LINK,
    LISTING,
    PACKAGES,
    STATUS,
    digest,
    is_importable,
    name_in,
    owners,
    top_module,
    version,
)
from literate.result import Reading
from literate.run.kernel import Call

__all__ = ["Record", "merge"]

BYTECODE = "__pycache__"
"""The name of the folders in which Python keeps what it makes of modules."""

SCRIPT, LONGEST_LINE, NESTED = re.compile(rb"#![ \t]*([^ \t\n]+)"), 256, 4
"""How a script names the program that runs it, and how many of these the system runs in turn."""

SHARED = "/dev/shm/"  # noqa: S108 - nothing is put there
"""Where Linux has shared memory and semaphores by their names."""


class Record:
    """What a run has been seen to read and to change.

    Parameters
    ----------
    root
        The project's folder.
    made
        Files and folders that builds make, which no listing holds.
    """

    def __init__(self, root: str, made: Collection[str] = ()) -> None:
        self.root = root
        self.made = made
        self.read: dict[str, str | None] = {}
        self.changed: dict[str, bool] = {}
        self.packages: set[str] = set()
        self.missing: set[str] = set()
        self.shared: set[str] = set()
        self.fresh: set[str] = set()
        self.unseen = ""

    def take(self, call: Call) -> None:
        """Take a call that was seen."""
        if call.act == "unseen":
            self.unseen = self.unseen or call.path
        elif call.act == "open" and (source := _source(call.path)):
            self.take(Call("open", source))
        elif call.act == "run":
            self.run(call.path)
        elif call.path.startswith(SHARED):
            self._share(call)
        elif self._is_of_package(call) or self._is_of_system(call.path):
            pass
        elif call.act == "change":
            self.change(call.path)
        elif call.act == "open":
            self.open(call.path, call.flags)
        else:
            marks = {"look": STATUS, "list": LISTING, "link": LINK}
            self.look(call.path + marks[call.act])

    def open(self, path: str, flags: int) -> None:
        """Note a file or a folder that is opened."""
        if flags & os.O_DIRECTORY or os.path.isdir(path):
            if not flags & getattr(os, "O_TMPFILE", 0) & ~os.O_DIRECTORY:
                self.look(path + LISTING)
            return
        if not flags & (os.O_TRUNC | os.O_EXCL):
            self.look(path + (STATUS if flags & getattr(os, "O_PATH", 0) else ""))
        if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            self.change(path)

    def run(self, path: str, depth: int = 0) -> None:
        """Note a program, and those that it names to run it: the system asks nobody for these."""
        if not (self._is_of_package(Call("open", path)) or self._is_of_system(path)):
            self.look(path)
        if depth < NESTED and (named := _interpreter(path)):
            self.run(os.path.join(self.root, named), depth + 1)

    def look(self, key: str) -> None:
        """Note the answer to a question about a path, unless the run has changed it itself."""
        if key not in self.read and key.partition("\0")[0] not in self.changed:
            self.read[key] = digest(key, self.made)

    def change(self, path: str) -> None:
        """Note a file or a folder that is changed."""
        self.changed.setdefault(path, os.path.lexists(path))

    def tell(self) -> Reading:
        """Return what was read and changed up to now."""
        files, written, unseen = dict(self.read), list[str](), self.unseen
        for key, seen in self.read.items():
            path = key.partition("\0")[0]
            if digest(key, self.made) == seen:
                continue
            if path in self.changed:
                unseen = unseen or f"changes {self._name(path)}, which it has read"
            else:
                unseen = unseen or f"was run while {self._name(path)} changed"
        for path, existed in self.changed.items():
            if path in self.read and digest(path) == self.read[path]:
                continue
            if existed or os.path.lexists(path):
                written.append(self._name(path))
                files.setdefault(path, digest(path))
        named = {self._name(key): seen for key, seen in files.items()}
        packages = {package: version(package) for package in sorted(self.packages)}
        return Reading(named, packages, sorted(self.missing), written, unseen)

    def free(self) -> None:
        """Delete the shared memory that the run has made and left."""
        for path in sorted(self.shared, reverse=True):  # a folder after what is in it
            with contextlib.suppress(OSError):
                os.rmdir(path) if os.path.isdir(path) else os.unlink(path)

    def _share(self, call: Call) -> None:
        """Note shared memory that the run makes or deletes, before it does, or finds."""
        if not os.path.lexists(call.path):
            self.fresh.add(call.path)
        elif call.path not in self.fresh and call.act == "open" and _is_file(call.path):
            self.look(call.path)
        if call.flags & os.O_CREAT and not os.path.lexists(call.path):
            self.shared.add(call.path)
        elif call.act == "change" and not call.flags:
            self.shared.discard(call.path)

    def _name(self, key: str) -> str:
        """Name a path, and what was asked of it, as seen from the project's folder."""
        path, mark, question = key.partition("\0")
        return f"{name_in(self.root, path) or path}{mark}{question}"

    def _is_of_system(self, path: str) -> bool:
        """Tell whether a path belongs to no project, or holds what Python makes of a module."""
        return BYTECODE in path or (name_in(self.root, path) is None and top_module(path) is None)

    def _is_of_package(self, call: Call) -> bool:
        """Note the package that installed a file, or will; tell whether that says all of it."""
        module, path = top_module(call.path), call.path
        if (module is None and path not in PACKAGES) or name_in(self.root, path) is not None:
            return False
        if call.act in {"open", "list"} and _holds_packages(path):
            self.packages.add(INSTALLED)  # Python looks for a module among these names
        packages = owners(module) if module else []
        if call.act in {"open", "run"}:
            self.packages.update(packages)
        if module and not packages and is_importable(module):
            return False  # installed by hand
        if module and not packages:
            self.missing.add(module)
        return True


def merge(readings: Iterable[Reading]) -> Reading:
    """Return what several runs, one after the other, read together."""
    whole = Reading()
    for one in readings:
        for path, seen in one.files.items():
            if whole.files.setdefault(path, seen) != seen:
                whole.unseen = f"changes {path.partition(chr(0))[0]} between two chains"
        whole.packages |= one.packages
        whole.missing += [name for name in one.missing if name not in whole.missing]
        whole.written += [name for name in one.written if name not in whole.written]
        whole.unseen = whole.unseen or one.unseen
    return whole


def _interpreter(path: str) -> str | None:
    """Return the program that a script says runs it."""
    if not _is_file(path):
        return None
    try:
        with open(path, "rb") as script:
            named = SCRIPT.match(script.read(LONGEST_LINE))
    except OSError:
        return None
    return os.fsdecode(named[1]) if named else None


def _source(path: str) -> str | None:
    """Return what bytecode was made of, of which who loads it may ask for no more than its time."""
    try:
        return source_from_cache(path) if BYTECODE in path else None
    except (NotImplementedError, ValueError):
        return None


def _holds_packages(path: str) -> bool:
    """Tell whether a path is a folder of packages, or one that several may install a part of."""
    is_shared = os.path.dirname(path) in PACKAGES and not os.path.exists(f"{path}/__init__.py")
    return (path in PACKAGES or is_shared) and os.path.isdir(path)


def _is_file(path: str) -> bool:
    """Tell whether a path leads to a file."""
    try:
        return stat.S_ISREG(os.stat(path).st_mode)
    except OSError:
        return False
