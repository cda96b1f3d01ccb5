"""Watch a run from within its process: what it imports and, where the kernel tells nothing, reads.

Project modules are compiled from the text on disk, never from bytecode that only claims, by its
time stamp, to belong to it. Where the kernel does not tell what is read, the interpreter's audit
events do; native code that may read without them makes a run one that cannot be kept.
"""

from __future__ import annotations

import _imp
import contextlib
import os
import py_compile
import sys
from collections.abc import Callable, Sequence
from importlib.abc import MetaPathFinder, PathEntryFinder
from importlib.machinery import (
    BYTECODE_SUFFIXES,
    EXTENSION_SUFFIXES,
    SOURCE_SUFFIXES,
    ExtensionFileLoader,
    ModuleSpec,
    SourceFileLoader,
    SourcelessFileLoader,
)
from importlib.util import (
    MAGIC_NUMBER,
    cache_from_source,
    source_hash,
    spec_from_file_location,
)
from threading import get_ident
from types import CodeType, ModuleType
from typing import Any

from literate.digest import STATUS, name_in, owners, top_module
from literate.result import Reading
from literate.run.kernel import Call
from literate.run.record import Record

__all__ = ["loaded", "unload_shadowed", "watch"]

CHECKED_HASH = b"\x03\x00\x00\x00"
LOADERS: Sequence[tuple[str, Any]] = (
    *((suffix, ExtensionFileLoader) for suffix in EXTENSION_SUFFIXES),
    *((suffix, SourceFileLoader) for suffix in SOURCE_SUFFIXES),
    *((suffix, SourcelessFileLoader) for suffix in BYTECODE_SUFFIXES),
)

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
    missing = _Missing()
    sys.meta_path.append(missing)
    _find_afresh(root, look)
    _distrust_bytecode(root)
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
            reading = record.tell()
        reading.missing = missing.names
        return reading

    return tell


def loaded(root: str) -> tuple[list[str], set[str]]:
    """Return the files of the modules that are loaded and of no package, and the packages."""
    files, packages = [], set[str]()
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if file and name_in(root, file) is not None:
            files.append(file)
        elif file and "." not in name and (top := top_module(file)):
            packages.update(owners(top))
    return files, packages


def unload_shadowed(root: str) -> None:
    """Forget the modules that plain Python would have imported from the project's folder."""
    for entry in os.listdir(root):
        name = entry.partition(".")[0]
        module = sys.modules.get(name)
        file = getattr(module, "__file__", None)
        if file is None or name == "encodings" or _imp.is_frozen(name) or _is_in(file, root):
            continue
        if any(os.path.isfile(os.path.join(root, place)) for place in _places(name)):
            for known in [known for known in sys.modules if known.partition(".")[0] == name]:
                del sys.modules[known]


def _places(name: str) -> list[str]:
    """Return the files that a module may be imported from, in a folder, in Python's order."""
    return [f"{name}{part}{suffix}" for part in (f"{os.sep}__init__", "") for suffix, _ in LOADERS]


def _is_in(file: str, root: str) -> bool:
    """Tell whether a file is one of the project's."""
    return name_in(root, file) is not None and file.startswith(root.rstrip(os.sep) + os.sep)


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


class _Missing(MetaPathFinder):
    """Note the top-level modules that no other finder has found."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: ModuleType | None = None,  # noqa: ARG002
    ) -> None:
        """Note a module."""
        if path is None and fullname not in self.names:
            self.names.append(fullname)


class _Finder(PathEntryFinder):
    """Find the modules of a folder by asking for each file that may hold one.

    A finder that lists the folder would follow from all names in it.
    """

    def __init__(self, folder: str, look: Callable[[str], None]) -> None:
        self.folder = folder
        self.look = look

    def find_spec(self, fullname: str, target: ModuleType | None = None) -> ModuleSpec | None:  # noqa: ARG002
        """Return where a module is, or a part of one that has no file."""
        place = os.path.join(self.folder, fullname.rpartition(".")[2])
        for inner, locations in ((os.path.join(place, "__init__"), [place]), (place, None)):
            for suffix, loader in LOADERS:
                file = inner + suffix
                self.look(file + STATUS)
                if os.path.isfile(file):
                    return spec_from_file_location(
                        fullname,
                        file,
                        loader=loader(fullname, file),
                        submodule_search_locations=locations,
                    )
        self.look(place + STATUS)
        if not os.path.isdir(place):
            return None
        spec = ModuleSpec(fullname, None)
        spec.submodule_search_locations = [place]
        return spec


def _find_afresh(root: str, look: Callable[[str], None]) -> None:
    """Find modules outside the system's folders each time anew."""

    def open_folder(entry: str) -> PathEntryFinder:
        if name_in(root, os.path.abspath(entry)) is None:
            raise ImportError(entry)
        look(os.path.abspath(entry) + STATUS)
        if not os.path.isdir(entry):
            raise ImportError(entry)
        return _Finder(os.path.abspath(entry), look)

    sys.path_hooks.insert(0, open_folder)
    for entry in list(sys.path_importer_cache):
        if name_in(root, os.path.abspath(entry)) is not None:
            del sys.path_importer_cache[entry]


def _distrust_bytecode(root: str) -> None:
    """Let every loader take a project module's bytecode only if it belongs to the module's text."""
    trusting = SourceFileLoader.get_code

    def get_code(self: SourceFileLoader, fullname: str) -> CodeType | None:
        if name_in(root, self.path) is None:
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
