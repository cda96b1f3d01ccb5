"""Record what a run reads and changes, by what the kernel or the interpreter tells of it."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Collection, Iterable
from importlib.util import source_from_cache

from literate.digest import LINK, LISTING, STATUS, digest, name_in, owners, top_module, version
from literate.result import Reading
from literate.run.kernel import Call

__all__ = ["Record", "merge"]

BYTECODE = "__pycache__"
"""The name of the folders in which Python keeps what it makes of modules."""

SCRIPT, LONGEST_LINE, NESTED = re.compile(rb"#![ \t]*([^ \t\n]+)"), 256, 4
"""How a script names the program that runs it, and how many of these the system runs in turn."""


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
        self.unseen = ""

    def take(self, call: Call) -> None:
        """Take a call that was seen."""
        if call.act == "unseen":
            self.unseen = self.unseen or call.path
        elif call.act == "open" and (source := _source(call.path)):
            self.take(Call("open", source))
        elif call.act == "run":
            self.run(call.path)
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
        return Reading(named, packages, [], written, unseen)

    def _name(self, key: str) -> str:
        """Name a path, and what was asked of it, as seen from the project's folder."""
        path, mark, question = key.partition("\0")
        return f"{name_in(self.root, path) or path}{mark}{question}"

    def _is_of_system(self, path: str) -> bool:
        """Tell whether a path belongs to no project, or holds what Python makes of a module."""
        return name_in(self.root, path) is None or BYTECODE in path

    def _is_of_package(self, call: Call) -> bool:
        """Note the package that a file was installed by; tell whether there is one."""
        module = top_module(call.path)
        if module is None or name_in(self.root, call.path) is not None:
            return False
        packages = owners(module)
        if packages and call.act in {"open", "run"}:
            self.packages.update(packages)
        elif not packages and call.act in {"open", "run"} and _is_file(call.path):
            self.look(call.path)  # installed by hand
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


def _is_file(path: str) -> bool:
    """Tell whether a path leads to a file."""
    try:
        return stat.S_ISREG(os.stat(path).st_mode)
    except OSError:
        return False
