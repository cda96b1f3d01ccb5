"""Serve the site while it is built again, and watch what its pages follow from."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Condition
from typing import TYPE_CHECKING, TypeVar

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.livereload import _timestamp

from literate.result import Reading
from literate.site.pages import Pages
from literate.site.renewal import Renewal

if TYPE_CHECKING:  # what a build need not load
    from mkdocs.livereload import LiveReloadServer

    from literate.site.plugin import LiteratePlugin

__all__ = ["Serving", "Shown", "Watch"]

Answer = TypeVar("Answer")


RUNNING = b'<p class="literate-running" role="status">Running what was saved</p>'


class Serving:
    """What there is beside a build while a site is served.

    Parameters
    ----------
    plugin
        The plugin, which has built the site.
    server
        The server, which does not serve yet.
    config
        The site.
    """

    def __init__(
        self, plugin: LiteratePlugin, server: LiveReloadServer, config: MkDocsConfig
    ) -> None:
        # Not where MkDocs builds a part of the site.
        self.shown = Shown(server, config.site_dir) if plugin.command else None
        self.watch = Watch(server, plugin.root, [config.docs_dir, *config.watch])
        self.renewal: Renewal | None = None
        if self.shown and plugin.command == "serve":
            self.renewal = Renewal(plugin, server, self.watch, self.shown)
        assert plugin.pages
        self.begin(plugin.pages)
        self.complete(plugin, config)

    def begin(self, pages: Pages) -> None:
        """Let a build end early if what it builds has changed since."""
        if self.renewal:
            pages.is_outdated = self.renewal.is_outdated

    def complete(self, plugin: LiteratePlugin, config: MkDocsConfig) -> None:
        """Watch what the pages of a whole site have read, and show it."""
        assert plugin.pages
        self.watch.add(plugin.pages.build.readings.values())
        if self.renewal:
            self.renewal.complete(plugin.pages)
        if self.shown:
            self.shown.show(config.site_dir)

    def close(self) -> None:
        """Delete what was made for this."""
        if self.shown:
            self.shown.close()


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
        server._epoch_cond = _Unhurried()
        server.error_handler = self.page_of_error
        self.is_running = False
        self.inject = server._inject_js_into_html
        server._inject_js_into_html = self.page  # type: ignore[method-assign]
        self.show(site)

    def next(self) -> str:
        """Return the folder to build the next site in: the one that is not shown."""
        return next(folder for folder in self.folders if folder != self.server.root)

    def show(self, site: str) -> None:
        """Show the site in a folder from now on.

        The one that was shown stays until the next is built, for requests on their way.
        """
        self.server.root = site

    def page(self, content: bytes, epoch: int) -> bytes:
        """Return a page as browsers get it, with a word on it if pages run."""
        page: bytes = self.inject(content, epoch)
        return page.replace(b"</body>", RUNNING + b"</body>", 1) if self.is_running else page

    def tell(self) -> None:
        """Let pages say that what has been saved runs, those too that browsers show."""
        if not self.is_running:
            self.is_running = True
            with self.server._epoch_cond:
                self.server._visible_epoch = _timestamp()
                self.server._epoch_cond.notify_all()

    def tell_end(self) -> None:
        """Let pages say it no more, once the server goes on."""
        if self.is_running:
            self.is_running = False
            self.server._wanted_epoch = _timestamp()

    def page_of_error(self, code: int) -> bytes | None:
        """Return the page that the site has for an error."""
        with suppress(OSError):
            return Path(self.server.root, f"{code}.html").read_bytes()
        return None

    def close(self) -> None:
        """Delete the folder that was made for this."""
        self.spare.cleanup()


def _files(top: str) -> Iterator[str]:
    """Yield a file, or those below a folder that Python has not made."""
    yield top
    for folder, folders, names in os.walk(top, followlinks=True):
        folders[:] = [name for name in folders if name != "__pycache__"]
        yield from (os.path.join(folder, name) for name in names)  # noqa: PTH118 - many, at once


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
    known
        What MkDocs watches: the folder of its pages, and what the site's configuration names.
    """

    def __init__(self, server: LiveReloadServer, root: Path, known: Iterable[str]) -> None:
        self.server = server
        self.root = root
        self.watched = list(map(Path, known))
        self.stamps: set[tuple[str, int, int, int]] = set()
        for name in known:
            server.watch(name)
        for path in sorted(root.iterdir()):
            if path.suffix == ".py" or (path / "__init__.py").exists():
                self._add(path)

    def add(self, readings: Iterable[Reading]) -> None:
        """Watch the files that pages have read, those of other folders too."""
        for reading in readings:
            for key, seen in reading.files.items():
                path = Path(key.partition("\0")[0])
                # A folder elsewhere may be the user's own, with all that is in it.
                if seen and path != Path() and (not path.is_absolute() or path.is_file()):
                    self._add(self.root / path)

    def take(self) -> set[str]:
        """Return the paths of the files that came, went or changed since the last time."""
        known, self.stamps = self.stamps, self._look(self._tops())
        return {path for path, *_ in known ^ self.stamps}

    def has_changed(self) -> bool:
        """Tell whether there is something to take."""
        return self._look(self._tops()) != self.stamps

    def _tops(self) -> list[str]:
        """Return all that is watched."""
        return list(self.server._watched_paths)

    def _look(self, tops: Iterable[str]) -> set[tuple[str, int, int, int]]:
        """Return what tells each file at or below some paths from itself at another time."""
        stamps = set()
        for top in tops:
            for path in _files(top):
                with suppress(OSError):
                    status = os.stat(path)  # noqa: PTH116 - as above
                    if not stat.S_ISDIR(status.st_mode):
                        stamps.add((path, status.st_mtime_ns, status.st_size, status.st_ino))
        return stamps

    def _add(self, path: Path) -> None:
        """Watch a file or a folder, unless that is done."""
        if not any(path.is_relative_to(known) for known in self.watched):
            self.watched.append(path)
            self.server.watch(str(path))
            self.stamps |= self._look([str(path)])
