"""Watch what a run reads: the files, folders and packages that its results follow from.

A process that is watched notes each file of the project it opens or imports, by the content that
it had then. The interpreter's audit events show every opening; project modules are compiled from
the text on disk, never from bytecode that only claims, by its time stamp, to belong to it.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import os
import py_compile
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib.abc import PathEntryFinder
from importlib.machinery import (
    BYTECODE_SUFFIXES,
    EXTENSION_SUFFIXES,
    SOURCE_SUFFIXES,
    ExtensionFileLoader,
    FileFinder,
    ModuleSpec,
    SourceFileLoader,
    SourcelessFileLoader,
)
from importlib.util import MAGIC_NUMBER, cache_from_source, source_hash
from threading import get_ident
from types import CodeType, ModuleType
from typing import Any

from literate.digest import digest, name_in, version
from literate.result import Reading

__all__ = ["merge", "watch"]

CHECKED_HASH = b"\x03\x00\x00\x00"
LISTINGS = {"os.listdir", "os.scandir"}
CHANGES = {"os.mkdir": 1, "os.remove": 1, "os.rename": 2, "os.rmdir": 1, "os.truncate": 1}
"""Events that change what lies under a path, and how many of their arguments are such paths."""

UNSEEN = {
    **dict.fromkeys(
        ("os.exec", "os.posix_spawn", "os.spawn", "os.system", "pty.spawn", "subprocess.Popen"),
        "starts a program",
    ),
    **dict.fromkeys(("os.fork", "os.forkpty"), "starts a process"),
    **dict.fromkeys(("socket.connect", "socket.getaddrinfo"), "asks a network"),
    "sqlite3.connect": "opens a database",
}
"""Events after which a run may read what cannot be seen from here."""

HEARD = {"ctypes.dlopen", "import", "open", *LISTINGS, *CHANGES, *UNSEEN}
"""All events that tell something of what a run reads."""

PROCESSES = {"multiprocessing.popen_forkserver", "multiprocessing.popen_spawn_posix"}
"""Modules that start processes by a way of their own, which has no event."""


def merge(readings: Iterable[Reading]) -> Reading:
    """Return what several runs, one after the other, read together."""
    whole = Reading()
    for one in readings:
        for path, seen in one.files.items():
            if whole.files.setdefault(path, seen) != seen:
                whole.unseen = f"changes {path} between two chains"
        whole.packages |= one.packages
        whole.written += one.written
        whole.unseen = whole.unseen or one.unseen
    return whole


def watch() -> Callable[[], Reading]:
    """Note from now on what this process reads; the function that is returned tells what it was.

    It cannot be undone, so it is for a process that does nothing else. The working directory is
    taken for the project's folder.
    """
    watcher = _Watcher(os.getcwd())

    def hear(event: str, arguments: tuple[Any, ...]) -> None:
        # A function, and it asks this first: a figure causes ten thousands of other events, and
        # the interpreter takes three times as long to call a method.
        if event in HEARD:
            watcher.hear(event, arguments)

    sys.addaudithook(hear)
    loaders = (
        (ExtensionFileLoader, EXTENSION_SUFFIXES),
        (SourceFileLoader, SOURCE_SUFFIXES),
        (SourcelessFileLoader, BYTECODE_SUFFIXES),
    )
    make = _finder(watcher).path_hook(*loaders)

    def open_project_folder(entry: str) -> PathEntryFinder:
        if watcher.name(entry) is None:
            raise ImportError(entry)
        if not os.path.isdir(entry):
            watcher.note(watcher.look, entry)
        return make(entry)

    sys.path_hooks.insert(0, open_project_folder)
    for entry in [entry for entry in sys.path_importer_cache if watcher.name(entry) is not None]:
        del sys.path_importer_cache[entry]
    _distrust_bytecode(watcher)
    return watcher.tell


class _Watcher:
    """What a process has been seen to read and to change."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.modules = set(sys.modules)
        self.read: dict[str, str | None] = {}
        self.changed: dict[str, None] = {}
        self.unseen = ""
        self.busy: set[int] = set()

    def hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Take an audit event of the interpreter, two frames below where it was raised."""
        if event == "open":
            self.note(self.opening, *arguments)
        elif event in LISTINGS:
            # The import system lists folders too; what it looks for is noted by the finder.
            caller = sys._getframe(2).f_code.co_filename  # noqa: SLF001 - where the event is raised
            if not caller.startswith("<frozen importlib"):
                self.note(self.look, arguments[0] or ".")
        elif event in CHANGES:
            for path in arguments[: CHANGES[event]]:
                self.note(self.change, path)
        elif event == "import":
            self.importing(*arguments[:2])
        elif event == "ctypes.dlopen" and os.sep in str(arguments[0]):
            self.note(self.look, arguments[0])
        elif event in UNSEEN:
            self.unseen = self.unseen or UNSEEN[event]

    def note(self, take: Callable[..., None], path: Any, *arguments: Any) -> None:
        """Take a path unless noting another one is what used it."""
        thread = get_ident()
        if thread in self.busy or isinstance(path, int):
            return
        self.busy.add(thread)
        try:
            name = os.path.abspath(os.fsdecode(path))
            if self.name(name) is not None and "__pycache__" not in name:
                take(name, *arguments)
        except (OSError, TypeError, ValueError):
            pass  # the interpreter will say what is wrong with the path
        finally:
            self.busy.discard(thread)

    def importing(self, module: str, file: str | None) -> None:
        """Note a module that is imported: of an extension there is no other sign."""
        if module in PROCESSES:
            self.unseen = self.unseen or "starts a process"
        if file:
            self.note(self.look, file)

    def opening(self, path: str, _: str | None, flags: int) -> None:
        """Note a file that is opened, unless it has no name."""
        if flags & getattr(os, "O_DIRECTORY", 0):
            return
        reads = not flags & (os.O_TRUNC | os.O_EXCL)
        if reads:
            self.look(path)
        if flags & (os.O_WRONLY | os.O_RDWR):
            self.change(path)

    def look(self, path: str) -> None:
        """Note what a file or a folder holds, unless the run has made it itself."""
        if path not in self.changed and path not in self.read:
            self.read[path] = digest(path)

    def change(self, path: str) -> None:
        """Note a file or a folder that is changed."""
        self.changed[path] = None

    def name(self, path: str) -> str | None:
        """Name a path as seen from the project's folder; None for what belongs to the system."""
        return name_in(self.root, path)

    def tell(self) -> Reading:
        """Say what was read up to now."""
        self.busy.add(get_ident())
        new = {name: module for name, module in sys.modules.items() if name not in self.modules}
        files = {path: seen for path, seen in self.read.items() if path not in self.changed}
        unseen = self.unseen
        for path in self.read:
            if path in self.changed:
                unseen = unseen or f"changes {self.name(path)}, which it has read"
            elif digest(path) != self.read[path]:
                unseen = unseen or f"was run while {self.name(path)} changed"
        for path in self.changed:
            files.setdefault(path, digest(path))
        named = {self.name(path) or path: seen for path, seen in files.items()}
        written = [self.name(path) or path for path in self.changed if files[path]]
        return Reading(named, self._packages(new), written, unseen)

    def _packages(self, modules: Mapping[str, ModuleType]) -> dict[str, str | None]:
        """Return the installed packages among modules, with their versions."""
        tops = {name.partition(".")[0] for name in modules} - sys.stdlib_module_names
        files = {top: getattr(sys.modules.get(top), "__file__", None) for top in sorted(tops)}
        installed = [top for top, file in files.items() if file and self.name(file) is None]
        return {package: version(package) for top in installed for package in _packages_of(top)}


def _packages_of(module: str) -> Sequence[str]:
    """Return the packages that install a top-level module; most are called as it is."""
    if version(module) is not None:
        return [module]
    return importlib.metadata.packages_distributions().get(module, [])


def _finder(watcher: _Watcher) -> type[FileFinder]:
    """Return a finder of modules that notes where it looks: a file put there would be imported."""

    class Finder(FileFinder):
        def find_spec(self, fullname: str, target: ModuleType | None = None) -> ModuleSpec | None:
            tail = fullname.rpartition(".")[2]
            for suffix in (f"{os.sep}__init__.py", *SOURCE_SUFFIXES):
                watcher.note(watcher.look, os.path.join(self.path, tail + suffix))
            return super().find_spec(fullname, target)

    return Finder


def _distrust_bytecode(watcher: _Watcher) -> None:
    """Let every loader take a project module's bytecode only if it belongs to the module's text."""
    trusting = SourceFileLoader.get_code

    def get_code(self: SourceFileLoader, fullname: str) -> CodeType | None:
        if watcher.name(self.path) is None:
            return trusting(self, fullname)
        source = self.get_data(self.path)
        expected = MAGIC_NUMBER + CHECKED_HASH + source_hash(source)
        if not _has_bytecode(self.path, expected) and not sys.dont_write_bytecode:
            with contextlib.suppress(OSError, py_compile.PyCompileError, ValueError):
                py_compile.compile(
                    self.path,
                    doraise=True,
                    invalidation_mode=py_compile.PycInvalidationMode.CHECKED_HASH,
                )
        if _has_bytecode(self.path, expected):
            return trusting(self, fullname)
        return self.source_to_code(source, self.path)

    SourceFileLoader.get_code = get_code  # type: ignore[method-assign,assignment]


def _has_bytecode(path: str, expected: bytes) -> bool:
    """Tell whether the bytecode of a module begins as it must."""
    try:
        with open(cache_from_source(path), "rb") as file:
            return file.read(len(expected)) == expected
    except (OSError, NotImplementedError):
        return False
