"""Import a project's modules: from the text on disk, and as plain Python would find them.

They are never taken from bytecode that only claims, by its time stamp, to belong to a text.
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
from importlib.metadata import MetadataPathFinder
from importlib.util import (
    MAGIC_NUMBER,
    cache_from_source,
    source_hash,
    spec_from_file_location,
)
from types import CodeType, ModuleType
from typing import Any

from literate.digest import STATUS, name_in, owners, top_module

__all__ = ["Missing", "distrust_bytecode", "find_afresh", "loaded", "places", "unload_shadowed"]

CHECKED_HASH = b"\x03\x00\x00\x00"
LOADERS: Sequence[tuple[str, Any]] = (
    *((suffix, ExtensionFileLoader) for suffix in EXTENSION_SUFFIXES),
    *((suffix, SourceFileLoader) for suffix in SOURCE_SUFFIXES),
    *((suffix, SourcelessFileLoader) for suffix in BYTECODE_SUFFIXES),
)


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
        if any(os.path.isfile(os.path.join(root, place)) for place in places(name)):
            for known in [known for known in sys.modules if known.partition(".")[0] == name]:
                del sys.modules[known]


def places(name: str) -> list[str]:
    """Return the files that a module may be imported from, in a folder, in Python's order."""
    return [f"{name}{part}{suffix}" for part in (f"{os.sep}__init__", "") for suffix, _ in LOADERS]


def _is_in(file: str, root: str) -> bool:
    """Tell whether a file is one of the project's."""
    return name_in(root, file) is not None and file.startswith(root.rstrip(os.sep) + os.sep)


class Missing(MetaPathFinder):
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


def find_afresh(root: str, look: Callable[[str], None]) -> None:
    """Find modules outside the system's folders, and what tells of packages, each time anew."""
    MetadataPathFinder().invalidate_caches()

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


def distrust_bytecode(root: str) -> None:
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
