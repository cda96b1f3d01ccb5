"""Name content by its hash, packages by their version, and files as seen from the project."""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
import site
import sys

__all__ = ["digest", "name_in", "sha256", "version"]

SYSTEM = ("/proc", "/sys", "/dev", sys.prefix, sys.base_prefix, site.getusersitepackages())
"""Folders whose files belong to no project; the versions of packages stand for them."""


def sha256(text: str) -> str:
    """Return the SHA-256 of a text, in hexadecimal digits."""
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


def digest(path: str) -> str | None:
    """Return the SHA-256 of a file's content or of a folder's names, None if it is neither."""
    try:
        if os.path.isdir(path):
            names = "\n".join(sorted(os.listdir(path)))
            return hashlib.sha256(os.fsencode(names)).hexdigest()
        if not os.path.isfile(path):
            return None
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
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


def version(package: str) -> str | None:
    """Return the version of an installed package, None if it is not installed."""
    try:
        return importlib.metadata.version(package)
    except (importlib.metadata.PackageNotFoundError, ValueError):
        return None


def _within(path: str, folder: str) -> bool:
    """Tell whether a path lies in a folder or is it."""
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)
