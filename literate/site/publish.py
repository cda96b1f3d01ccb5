"""Publish a site: build it apart, and let it replace the old one when it is complete.

The new site is built in a folder that no other build can have. A lock holds the folder for as long
as the build lives; the next build puts right what a killed one has left.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import glob
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from mkdocs.exceptions import PluginError

from literate.lock import take, turn

__all__ = ["NewSite"]

SUFFIX = ".building"
LOCK, NEW, OLD, NAMES = "lock", "site", "old", "names"
"""What lies in the folder of a build. The names of a complete site are there while it is moved in
file by file, and at no other time."""

AT_FDCWD, RENAME_EXCHANGE = -100, 2
UNMOVABLE = {errno.EACCES, errno.EBUSY, errno.EPERM, errno.EXDEV}
"""Why a folder cannot be renamed: it is a mount point, another's, or part of an image."""


class NewSite:
    """A site that is being built.

    Parameters
    ----------
    site
        Where it will be published. It is built in a hidden folder beside that, or, if that is a
        mount point, within it.

    Attributes
    ----------
    built
        The folder that it is built in.

    Raises
    ------
    PluginError
        The folder beside the site cannot be written.
    """

    def __init__(self, site: Path) -> None:
        self.site = Path(os.path.realpath(site))  # a link to a folder stays one
        self.home = self.site if _is_mounted(self.site) else self.site.parent
        if self.site.exists() and not self.site.is_dir():
            raise PluginError(f"{self.site}: the site cannot be published here: it is no folder")
        with self._naming_the_folder():
            self.home.mkdir(parents=True, exist_ok=True)
            self.folder, self.lock = self._hold()
            if self.lock:
                with self._turn():
                    self._sweep()
        self.built = self.folder / NEW

    def publish(self) -> None:
        """Put the site, which is complete, in the place of the old one.

        Raises
        ------
        PluginError
            The old site cannot be replaced.
        """
        with self._naming_the_folder(), self._turn():
            if self.home == self.site:
                self._move_in(self.folder)
                return
            carried = list(self._carry())
            try:
                self._swap()
            except OSError as error:
                if error.errno not in UNMOVABLE:
                    raise
                for path in carried:  # it stays where it is
                    path.unlink()
                self._move_in(self.folder)

    def discard(self) -> None:
        """Delete the folder that the site was built in, with what is left in it."""
        if not (self.folder / NAMES).exists():
            _delete(self.folder)
        if self.lock:
            self.lock.close()

    def _hold(self) -> tuple[Path, IO[bytes] | None]:
        """Make a folder that no other build can have, and hold it where that is possible."""
        while True:
            folder = Path(tempfile.mkdtemp(SUFFIX, f".{self.site.name}-", self.home))
            try:
                lock = take(folder / LOCK)
            except OSError:
                return folder, None
            if lock:
                return folder, lock

    def _turn(self) -> contextlib.AbstractContextManager[None]:
        """Let one build at a time change the site."""
        return turn(self.home / f".{self.site.name}{SUFFIX}")

    @contextlib.contextmanager
    def _naming_the_folder(self) -> Iterator[None]:
        """Say in one line which folder cannot be written, and why."""
        try:
            yield
        except OSError as error:
            why = f"the site cannot be built in this folder: {error.strerror} ({error.filename})"
            raise PluginError(f"{self.home}: {why}") from error

    def _sweep(self, *, recover: bool = True) -> None:
        """Finish what killed builds were doing with the site, and delete the rest."""
        pattern = f".{glob.escape(self.site.name)}-*{SUFFIX}"
        for folder in (*self.site.parent.glob(pattern), *self.site.glob(pattern)):
            with contextlib.suppress(OSError):  # it stays as it is, for the next build
                if not (folder / LOCK).exists():
                    folder.rmdir()  # which the system refuses if anything is in it
                elif lock := take(folder / LOCK):
                    with lock:
                        if recover:
                            self._recover(folder)
                        _delete(folder)

    def _recover(self, folder: Path) -> None:
        """Finish what a killed build was doing with the site."""
        new = folder / NEW
        if (folder / NAMES).exists():
            self._move_in(folder)
        elif (folder / OLD).exists() and new.exists() and not self.site.exists():
            new.rename(self.site)

    def _carry(self) -> Iterator[Path]:
        """Yield the hidden files of the old site, which MkDocs would leave, for the new one too."""
        if self.site.is_dir():
            for entry in self.site.iterdir():
                if entry.name.startswith("."):
                    yield from _link(entry, self.built / entry.name)
            _liken(self.built, self.site)

    def _swap(self) -> None:
        """Exchange the sites, at once where the system can."""
        if not self.site.exists():
            self.built.rename(self.site)
        elif not _exchange(self.built, self.site):
            old = self.folder / OLD
            self.site.rename(old)
            try:
                self.built.rename(self.site)
            except BaseException:
                old.rename(self.site)
                raise

    def _move_in(self, folder: Path) -> None:
        """Move a site in file by file; if that is cut short, the next build goes on with it."""
        names, new = folder / NAMES, folder / NEW
        if not names.exists():
            self._sweep(recover=False)  # the sites that others were moving in are older
            listed = [path.relative_to(new).as_posix() for path in new.rglob("*")]
            names.with_suffix(".part").write_text(json.dumps(listed), "ascii")
            names.with_suffix(".part").replace(names)
        _merge(new, self.site)
        _trim(self.site, set(json.loads(names.read_text("ascii"))))
        names.unlink()


def _is_mounted(folder: Path) -> bool:
    """Tell whether a folder is a mount point."""
    try:
        return _mount(folder) != _mount(folder.parent)
    except OSError:
        return os.path.ismount(folder)


def _mount(folder: Path) -> list[str]:
    """Return the kernel's number of the mount that a folder lies on."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        # Not by `stat`: a folder may be mounted on another one of the same file system.
        return re.findall(r"mnt_id:.*", Path(f"/proc/self/fdinfo/{descriptor}").read_text("ascii"))
    finally:
        os.close(descriptor)


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two folders at once; return whether the system could."""
    try:
        rename = ctypes.CDLL(None).renameat2
    except (AttributeError, OSError, TypeError):
        return False
    paths = os.fsencode(one), os.fsencode(other)
    return bool(rename(AT_FDCWD, paths[0], AT_FDCWD, paths[1], RENAME_EXCHANGE) == 0)


def _link(source: Path, target: Path) -> Iterator[Path]:
    """Let a file, or a folder with all that is in it, be at another place too; yield the files."""
    if _is_folder(source):
        target.mkdir(exist_ok=True)
        for entry in source.iterdir():
            yield from _link(entry, target / entry.name)
        _liken(target, source)
    elif not os.path.lexists(target):
        try:
            os.link(source, target, follow_symlinks=False)
        except OSError:
            shutil.copy2(source, target, follow_symlinks=False)
        yield target


def _liken(folder: Path, model: Path) -> None:
    """Let a folder belong to whom another one belongs to."""
    status = model.stat()
    with contextlib.suppress(OSError, AttributeError):
        os.chown(folder, status.st_uid, status.st_gid)
    shutil.copymode(model, folder)


def _merge(new: Path, site: Path) -> None:
    """Move what is in a folder into another one, in the place of what is there."""
    for entry in new.iterdir():
        target = site / entry.name
        if os.path.lexists(target) and _is_folder(target) != _is_folder(entry):
            _remove(target)
        if _is_folder(entry):
            target.mkdir(exist_ok=True)
            _merge(entry, target)
        else:
            entry.replace(target)


def _trim(folder: Path, names: set[str], within: str = "") -> None:
    """Delete what is in a site, apart from these names and what is hidden."""
    for entry in folder.iterdir():
        name = within + entry.name
        if name.startswith("."):
            continue
        if name not in names:
            _remove(entry)
        elif _is_folder(entry):
            _trim(entry, names, f"{name}/")


def _remove(path: Path) -> None:
    """Delete a file, or a folder with all that is in it."""
    if _is_folder(path):
        shutil.rmtree(path)
    else:
        path.unlink()


def _is_folder(path: Path) -> bool:
    """Tell whether a path is a folder, and no link to one."""
    return path.is_dir() and not path.is_symlink()


def _delete(folder: Path) -> None:
    """Delete the folder of a build, its lock last."""
    for entry in folder.iterdir() if folder.is_dir() else ():
        if entry.name != LOCK:
            with contextlib.suppress(OSError):
                _remove(entry)
    shutil.rmtree(folder, ignore_errors=True)
