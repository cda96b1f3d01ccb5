"""Serve the site while it is built again, and watch what its pages follow from."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Condition
from typing import TYPE_CHECKING, TypeVar

from literate.result import Reading

if TYPE_CHECKING:  # what a build need not load
    from mkdocs.livereload import LiveReloadServer

__all__ = ["Shown", "Watch"]

Answer = TypeVar("Answer")


class Shown:
    """The site that a server shows while the next one is built in another folder.

    Parameters
    ----------
    server
        The server, which does not serve yet.
    site
        The folder of the first site.
    """

    def __init__(self, server: LiveReloadServer, site: str) -> None:
        self.server = server
        self.spare = TemporaryDirectory(prefix="literate-site-")
        self.folders = site, self.spare.name
        server._epoch_cond = _Unhurried()  # noqa: SLF001 - MkDocs has no option for it
        server.error_handler = self.page_of_error
        self.show(site)

    def next(self) -> str:
        """Return the folder to build the next site in: the one that is not shown."""
        return next(folder for folder in self.folders if folder != self.server.root)

    def show(self, site: str) -> None:
        """Show the site in a folder from now on.

        The one that was shown stays until the next is built, for requests on their way.
        """
        self.server.root = site

    def page_of_error(self, code: int) -> bytes | None:
        """Return the page that the site has for an error."""
        with suppress(OSError):
            return Path(self.server.root, f"{code}.html").read_bytes()
        return None

    def close(self) -> None:
        """Delete the folder that was made for this."""
        self.spare.cleanup()


class _Unhurried(Condition):
    """What MkDocs' server waits for: browsers for the next site, but no page for its end."""

    def wait_for(self, predicate: Callable[[], Answer], timeout: float | None = None) -> Answer:
        """Wait for as long as is said; where nothing is said, a page is asked for."""
        return predicate() if timeout is None else super().wait_for(predicate, timeout)


class Watch:
    """What a server watches of a project: its own modules, and what its pages read.

    Parameters
    ----------
    server
        The server.
    root
        The project's folder.
    docs
        The folder of its pages, which MkDocs watches.
    """

    def __init__(self, server: LiveReloadServer, root: Path, docs: Path) -> None:
        self.server = server
        self.root = root
        self.watched = [docs]
        for path in sorted(root.iterdir()):
            if path.suffix == ".py" or (path / "__init__.py").exists():
                self._add(path)

    def add(self, readings: Iterable[Reading]) -> None:
        """Watch the project's files that pages have read."""
        for reading in readings:
            for key, seen in reading.files.items():
                path = Path(key.partition("\0")[0])
                if seen and not path.is_absolute() and path != Path():
                    self._add(self.root / path)

    def _add(self, path: Path) -> None:
        """Watch a file or a folder, unless that is done."""
        if not any(path.is_relative_to(known) for known in self.watched):
            self.watched.append(path)
            self.server.watch(str(path))
