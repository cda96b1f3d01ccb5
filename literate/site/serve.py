"""Watch, while the site is served, what its pages follow from."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from literate.result import Reading

if TYPE_CHECKING:  # what a build need not load
    from mkdocs.livereload import LiveReloadServer

__all__ = ["Watch"]


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
            for path, seen in reading.files.items():
                if seen and not Path(path).is_absolute():
                    self._add(self.root / path)

    def _add(self, path: Path) -> None:
        """Watch a file or a folder, unless that is done."""
        if not any(path.is_relative_to(known) for known in self.watched):
            self.watched.append(path)
            self.server.watch(str(path))
