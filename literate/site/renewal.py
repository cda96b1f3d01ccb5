"""Build again, of a site that is served, what a save has touched."""

from __future__ import annotations

import logging
import time
from collections.abc import Collection
from typing import TYPE_CHECKING

from literate.site.notices import Notices
from literate.site.pages import OutdatedError, Pages
from literate.site.standing import Site

if TYPE_CHECKING:  # what a build need not load
    from mkdocs.livereload import LiveReloadServer

    from literate.site.plugin import LiteratePlugin
    from literate.site.serve import Shown, Watch

__all__ = ["Renewal"]

PATIENCE = 0.5
"""After how many seconds pages say that others of them run."""

DELAY = 0.02
"""How many seconds without a change are the end of a save."""

log = logging.getLogger("mkdocs.plugins.literate")


class Renewal:
    """What a server builds after a save: what it touches at once, and the rest behind that.

    Parameters
    ----------
    plugin
        The plugin that builds the site.
    server
        The server, which does not serve yet.
    watch
        What is watched.
    shown
        The site that is shown.
    """

    def __init__(
        self, plugin: LiteratePlugin, server: LiveReloadServer, watch: Watch, shown: Shown
    ) -> None:
        Notices(server)
        self.shown = shown
        self.plugin = plugin
        self.server = server
        self.watch = watch
        self.build_all = server.builder
        server.builder = self
        server.build_delay = DELAY
        self.site: Site | None = None
        watch.take()
        self.due: set[str] = set()
        self.late: set[str] = set()
        self.is_whole_due = False

    def __call__(self) -> None:
        """Build what the last save has touched, or what has waited for that."""
        self.begun = time.perf_counter()
        self._sort(self.watch.take())
        try:
            if self.site and (uris := self.due or (not self.is_whole_due and self.late)):
                is_late = uris is self.late
                self._renew(self.site, uris)
                uris.clear()
                log.info("built again in %.2f s", time.perf_counter() - self.begun)
                if is_late:
                    self._hold()
                if self.is_whole_due or self.late:
                    self._come_again()
            elif self.is_whole_due or not self.site:
                self._build_all()
            else:
                self._hold()
            self.shown.tell_end()
        except OutdatedError:
            self._hold()

    def complete(self, pages: Pages) -> None:
        """Take a site that was built whole in the place of the last one."""
        if self.site:
            self.site.pages.close()
        self.site = Site(self.plugin, pages)
        if self.plugin.project and pages.build.pages:
            self.plugin.project.pool  # noqa: B018 - warm before the first edit of a block

    def is_outdated(self) -> bool:
        """Tell whether something was saved that is not being built; say so if it takes long."""
        if time.perf_counter() - self.begun > PATIENCE:
            self.shown.tell()
        return self.server._want_rebuild and self.watch.has_changed()

    def _sort(self, changed: Collection[str]) -> None:
        """Note what a save has touched."""
        if not self.site:
            return
        pages, is_all = self.site.touched(changed)
        self.due |= pages
        self.late |= {view for view, uri in self.site.pages.views.items() if uri in pages}
        self.is_whole_due |= is_all

    def _renew(self, site: Site, uris: Collection[str]) -> None:
        """Build pages again, or everything if that does not go."""
        try:
            self.is_whole_due |= site.renew(uris)
        except Exception:
            log.debug("pages cannot be built alone", exc_info=True)
            self.is_whole_due = True

    def _build_all(self) -> None:
        """Build everything."""
        try:
            self.build_all()
        except BaseException:
            if self.plugin.pages and not (self.site and self.site.pages is self.plugin.pages):
                self.plugin.pages.close()
            raise
        self.is_whole_due = False
        self.due.clear()
        self.late.clear()

    def _hold(self) -> None:
        """Let browsers keep what they show."""
        self.server._wanted_epoch = self.server._visible_epoch

    def _come_again(self) -> None:
        """Let browsers load what is built, and go on then."""
        with self.server._rebuild_cond:
            self.server._want_rebuild = True
