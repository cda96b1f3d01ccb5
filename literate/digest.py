"""Name what lies at a path by its content, packages by their version, and paths from the project.

What was asked of a path is part of its key: the plain path stands for the content of a file, and
`LISTING`, `STATUS` and `LINK` after it for the names in a folder and their kinds, for what there is
with its size and its rights, and for where a symbolic link leads.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.metadata
import os
import re
import site
import stat
import sys
import sysconfig
from collections.abc import Collection, Mapping
from functools import lru_cache
from pathlib import Path

__all__ = [
    "INSTALLED",
    "LINK",
    "LISTING",
    "PACKAGES",
    "STATUS",
    "digest",
    "is_importable",
    "name_in",
    "owners",
    "sha256",
    "top_module",
    "version",
]

LISTING, STATUS, LINK = "\0names", "\0status", "\0link"

INSTALLED = "*"
"""Stands for all packages together: their version is what is installed, by name."""

PACKAGES = tuple(
    dict.fromkeys(
        (*map(sysconfig.get_path, ("purelib", "platlib")), site.getusersitepackages()),
    )
)
"""Folders that packages are installed in: the versions of packages stand for their files."""

LIBRARY = sysconfig.get_path("stdlib")
ZIPPED = f"{os.path.dirname(LIBRARY)}/python{sys.version_info.major}{sys.version_info.minor}.zip"
SYSTEM = (
    *("/proc", "/sys", "/dev", LIBRARY, ZIPPED, sysconfig.get_path("platstdlib")),
    *PACKAGES,
)
"""Folders whose files belong to no project."""

TOOLS = {".cache", "__pycache__"}
"""Folders that are made beside a project's files, by builds and by Python."""

FIRST_PART = re.compile(r"^([^/.,\n]+)", re.MULTILINE)
DISTRIBUTION = re.compile(r"(?P<name>[^-]+)-(?P<version>[^-]+)(-.*)?\.(dist|egg)-info")


def sha256(text: str) -> str:
    """Return the SHA-256 of a text, in hexadecimal digits."""
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


def digest(key: str, made: Collection[str] = ()) -> str | None:
    """Return what the answer to a question about a path follows from, None if there is none.

    Parameters
    ----------
    key
        A path, or a path and what is asked of it. The SHA-256 of its content answers for a file,
        that of its names for a folder; a folder without a question is just one.
    made
        Files and folders that builds make, which no listing holds.
    """
    path, mark, question = key.partition("\0")
    try:
        if mark + question == LINK:
            return os.readlink(path)
        if mark + question == STATUS:
            return _status(path)
        status = os.stat(path)
        is_folder = stat.S_ISDIR(status.st_mode)
        if mark + question == LISTING:
            return _names(os.path.normpath(path), made) if is_folder else None
        if is_folder:
            return "a folder"
        if not stat.S_ISREG(status.st_mode):
            return "no file"
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):
        return None


def name_in(root: str, path: str) -> str | None:
    """Name a path as seen from a project's folder, None if it belongs to the system.

    A path outside of both is named whole: it may hold data, or a library that is worked on.

    Examples
    --------
    >>> name_in("/project", "/project/data/points.csv")
    'data/points.csv'
    >>> name_in("/project", "/dev/null") is None
    True
    """
    folders = (folder for folder in (*SYSTEM, root) if _within(path, folder))
    if max(folders, key=len, default=root) != root:
        return None
    name = os.path.relpath(path, root) if _within(path, root) else path
    return name.replace(os.sep, "/")


def top_module(path: str) -> str | None:
    """Return the top-level module that an installed file belongs to, None if none is installed.

    What tells of a package, such as its metadata, goes by the package's name.

    Examples
    --------
    >>> top_module(f"{PACKAGES[0]}/numpy/linalg/__init__.py")
    'numpy'
    >>> top_module(f"{PACKAGES[0]}/six.py"), top_module("/project/six.py")
    ('six', None)
    """
    folder = max((entry for entry in PACKAGES if _within(path, entry)), key=len, default=None)
    if folder is None or path == folder:
        return None
    first, *rest = os.path.relpath(path, folder).split(os.sep)
    if match := DISTRIBUTION.fullmatch(first):
        return match["name"]
    return (rest[0] if first == "__pycache__" and rest else first).partition(".")[0]


def owners(module: str) -> list[str]:
    """Return the packages that install a top-level module; most are called as it is."""
    if version(module) is not None:
        return [module]
    return _owners(_folders()).get(module, [])


def is_importable(module: str) -> bool:
    """Tell whether a top-level module is installed."""
    return module in _modules(_folders())


def version(package: str) -> str | None:
    """Return the version of an installed package, None if it is not installed."""
    if package == INSTALLED:
        return sha256("\n".join(sorted(_modules(_folders()))))
    known = _versions(tuple((entry, _changed(entry)) for entry in sys.path))
    return known.get(_normal(package)) or _asked(package)


@lru_cache(maxsize=4)
def _versions(entries: tuple[tuple[str, int], ...]) -> Mapping[str, str]:
    """Return the versions of packages by their folders' names: asking each takes a millisecond."""
    found: dict[str, str] = {}
    for entry, changed in entries:
        for name in os.listdir(entry or ".") if changed else ():
            if match := DISTRIBUTION.fullmatch(name):
                found.setdefault(_normal(match["name"]), match["version"])
    return found


@lru_cache(maxsize=4)
def _owners(folders: tuple[tuple[str, int], ...]) -> Mapping[str, list[str]]:
    """Return the packages that say of a top-level module that they have installed it."""
    found: dict[str, list[str]] = {}
    for folder, changed in folders:
        for name in os.listdir(folder) if changed else ():
            if match := DISTRIBUTION.fullmatch(name):
                with contextlib.suppress(OSError):
                    record = Path(folder, name, "RECORD").read_text("utf-8", "replace")
                    for top in set(FIRST_PART.findall(record)):
                        found.setdefault(top, []).append(match["name"])
    return found


@lru_cache(maxsize=4)
def _modules(folders: tuple[tuple[str, int], ...]) -> Collection[str]:
    """Return what the folders of packages hold, without endings and versions."""
    return {
        match["name"] if (match := DISTRIBUTION.fullmatch(name)) else name.partition(".")[0]
        for folder, changed in folders
        for name in (os.listdir(folder) if changed else ())
    }


def _folders() -> tuple[tuple[str, int], ...]:
    """Return the folders of packages, each with when it changed last."""
    return tuple((folder, _changed(folder)) for folder in PACKAGES)


def _changed(folder: str) -> int:
    """Return when the names in a folder changed last, 0 for what is no folder."""
    try:
        status = os.stat(folder or ".")
    except OSError:
        return 0
    return status.st_mtime_ns if stat.S_ISDIR(status.st_mode) else 0


def _asked(package: str) -> str | None:
    """Return the version that a package itself states."""
    try:
        return importlib.metadata.version(package)
    except (importlib.metadata.PackageNotFoundError, ValueError):
        return None


def _normal(package: str) -> str:
    """Return the name of a package in the form that all its spellings share."""
    return re.sub(r"[-_.]+", "-", package).lower()


def _names(folder: str, made: Collection[str]) -> str:
    """Return the SHA-256 of the names in a folder, without those that builds make.

    Whoever lists a folder is told of the kind of each entry too, which stands after its name.
    """
    with os.scandir(folder) as entries:
        kinds = {entry.name: _kind(entry) for entry in entries if entry.name not in TOOLS}
    kept = (n for n in sorted(kinds) if not any(_is_made(os.path.join(folder, n), m) for m in made))
    return hashlib.sha256(os.fsencode("\n".join(n + kinds[n] for n in kept))).hexdigest()


def _kind(entry: os.DirEntry[str]) -> str:
    """Return a mark for an entry of a folder that is no file."""
    if entry.is_symlink():
        return "\0link"
    return "" if entry.is_file() else "\0folder" if entry.is_dir() else "\0"


def _status(path: str) -> str:
    """Say what lies at a path, itself and where it leads."""
    own = os.lstat(path)
    link = f"a link to {os.readlink(path)}, " if stat.S_ISLNK(own.st_mode) else ""
    try:
        status = os.stat(path)
    except OSError:
        return f"{link}nothing" if link else "nothing"
    kind, rights = stat.S_IFMT(status.st_mode), f"{stat.S_IMODE(status.st_mode):o}"
    what = {stat.S_IFDIR: "a folder", stat.S_IFREG: f"{status.st_size} bytes"}.get(kind, "no file")
    return f"{link}{what}, {rights}{_attributes(path)}"


def _attributes(path: str) -> str:
    """Name the attributes that a file has beside its content, where the system has such."""
    if not hasattr(os, "listxattr"):
        return ""
    with contextlib.suppress(OSError):
        names = [name for name in sorted(os.listxattr(path)) if name.startswith("user.")]
        return "".join(f", {name}={os.getxattr(path, name)!r}" for name in names)
    return ""


def _is_made(path: str, made: str) -> bool:
    """Tell whether a path is made by a build, or lies hidden beside what one makes."""
    folder, name = os.path.split(made)
    return path == made or path.startswith(os.path.join(folder, f".{name}"))


def _within(path: str, folder: str) -> bool:
    """Tell whether a path lies in a folder or is it."""
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)
