"""The pages of one build of a site: read, woven when MkDocs asks for them, set and offered."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils import markdown_extensions

from literate.build import Build
from literate.fault import Fault
from literate.notebook import RenderingError
from literate.result import Run
from literate.site.downloads import Downloads
from literate.site.rendering import add_files, arrange, set_formulas
from literate.text import counted
from literate.weave import Formulas, MathError, fault_box, link_names

if TYPE_CHECKING:  # what a build need not load
    from literate.site.progress import Progress

__all__ = ["OutdatedError", "Pages"]

SKIP_SLOW = "LITERATE_SKIP_SLOW"
"""The variable of the environment by which a server leaves slow blocks out."""

log = logging.getLogger("mkdocs.plugins.literate")


class OutdatedError(BaseException):
    """What is built has changed since: nobody but the server's own loop is to catch it."""


class Pages:
    """The pages of one build, as MkDocs asks for them.

    Parameters
    ----------
    build
        What reads, runs and weaves them.
    config
        The site.
    files, nav
        Its files and its navigation.
    is_served
        Whether the site is served while it is written: then pages show their faults, and drafts
        are published.

    Attributes
    ----------
    env
        What the theme's templates are rendered in, once it is there.
    is_outdated
        Tells whether what is built has changed since.
    """

    def __init__(
        self,
        build: Build,
        config: MkDocsConfig,
        files: Files,
        nav: Navigation,
        *,
        is_served: bool,
    ) -> None:
        self.build = build
        self.config = config
        self.files = files
        self.nav = nav
        self.env: Environment | None = None
        self.is_served = is_served
        self.downloads: Downloads | None = None
        self.progress: Progress | None = None
        self.given: dict[str, str | None] = {}
        self.formulas: dict[str, Formulas] = {}
        self.named: list[Fault] = []
        self.made: dict[str, list[File]] = {}
        self.begun: dict[str, dict[str, Any]] = {}
        self.is_outdated: Callable[[], bool] = bool

    def read(self, uris: Collection[str] | None = None) -> None:
        """Read every page, or those, and start the ones that were not kept."""
        for file in self.sources():
            uri = file.src_uri
            if uris is None or (uri in uris and uri not in self.views):
                self.build.read(uri, self.path(uri), file.content_bytes)
                if self.downloads and uri in self.downloads.pages and uri in self.build.pages:
                    self.downloads.pages[uri] = self.build.pages[uri]
        skip_slow = self.is_served and os.environ.get(SKIP_SLOW, "0") != "0"
        if runs := self.build.start(skip_slow=skip_slow):
            from literate.site.progress import Progress

            self.progress = Progress(runs, self.build.project.pool.workers)

    @property
    def views(self) -> Mapping[str, str]:
        """The page that each view of a notebook belongs to."""
        return self.downloads.views if self.downloads else {}

    def offer(self, library: str) -> None:
        """Offer a notebook with each page that has blocks."""
        pages = {uri: page for uri, page in self.build.pages.items() if page.chains}
        self.downloads = Downloads(self.config, self.files, pages, library, self.build.cache)

    def sort(self) -> None:
        """Let MkDocs render first what need not wait, and views after the pages they are of."""
        self.order = [file for file in self.files if file.is_documentation_page()]
        waiting = self.build.pages.keys() - self.build.kept.keys()

        def patience(file: File) -> int:
            return 2 if file.src_uri in self.views else int(file.src_uri in waiting)

        arrange(self.files, sorted(self.order, key=patience))

    def begin(self, page: Page) -> None:
        """Note what a page is before anything is made of it."""
        self.begun[page.file.src_uri] = dict(vars(page))

    def source(self, page: Page) -> str | None:
        """Return the woven text of a page, None for one that stays as it is."""
        uri = page.file.src_uri
        text = self.build.weave(uri, self._wait, uri.rpartition("/")[0])
        self.given[uri] = text
        if woven := self.build.woven.get(uri):
            for fault in woven.faults:
                log.warning("%s", fault)
            self.made[uri] = add_files(self.files, self.config, woven.files)
        return text

    def content(self, page: Page, html: str) -> str:
        """Set the formulas of a page and of its titles, link its code, and offer its notebook."""
        uri = page.file.src_uri
        if self.downloads and uri in self.downloads.views:
            return self._view(self.downloads, page)
        formulas = self.formulas[uri] = Formulas()
        try:
            html = set_formulas(html, page.toc, formulas)
            page.title = formulas.plain_title(page.title or "")
        except MathError as error:
            line = self.build.line_of(uri, error.formula, page.file.content_string)
            fault = Fault(self.path(uri), line, str(error))
            self.build.faults.append(fault)
            return f"{fault_box(fault)}{html}"
        if uri in self.build.woven and "autorefs" in self.config.plugins:
            html = link_names(html, self.build.is_own)
        if self.downloads and uri in self.downloads.pages and self.build.is_sound(uri):
            woven = self.build.woven[uri]
            html, files = self.downloads.offer(page, html, woven, formulas.numbers)
            self.made[uri] += files
        return html

    def excerpt(self, post: Page) -> None:
        """Set the formulas of the excerpt that a blog shows of a post."""
        formulas = self.formulas[post.file.src_uri]
        with suppress(MathError):  # the post is refused for it
            post.content = set_formulas(post.content or "", post.toc, formulas)

    def failed(self) -> set[str]:
        """Return the pages of which something is wrong."""
        paths = {fault.path for fault in self.build.faults}
        return {uri for uri in self.begun if self.path(uri) in paths}

    def forget(self, uris: Collection[str]) -> None:
        """Forget what was made of pages, so that they can be built anew."""
        paths = {uri: self.path(uri) for uri in uris}
        self.build.forget(paths)
        self.named = [fault for fault in self.named if fault.path not in paths.values()]
        for uri in uris:
            self.given.pop(uri, None)
            self.formulas.pop(uri, None)
            for file in self.made.pop(uri, ()):
                self.files.remove(file)
            if self.downloads:
                self.downloads.made.pop(uri, None)
            page = self.files.src_uris[uri].page
            vars(page).clear()
            vars(page).update(self.begun[uri])

    def stop(self, *, at_end: bool) -> None:
        """Name the faults that were not named yet, and stop; a server goes on, for pages show them.

        What the pages have read is compared with what there is now at the end alone.

        Raises
        ------
        PluginError
            There are faults.
        """
        if self.progress:
            self.progress.close()
        found = self.build.all_faults(compare=at_end)
        faults = [fault for fault in found if fault not in self.named]
        self.named += faults
        for fault in faults:
            # Not through the log, which puts its own mark before the file and the line.
            sys.stderr.write(f"{fault}\n")
        if faults and not self.is_served:
            raise PluginError(f"{counted(len(faults), 'fault')} in the pages, named above")

    def close(self) -> None:
        """End what works beside the build."""
        if self.progress:
            self.progress.close()
        if self.downloads:
            self.downloads.close()

    def finish(self) -> None:
        """Forget the results of pages that are gone; end what works, unless pages may change."""
        docs = Path(self.config.docs_dir)
        names = {file.src_uri for file in self.sources()}
        # A site of several languages is several builds, each of some of the pages.
        names |= {path.relative_to(docs).as_posix() for path in docs.rglob("*.md")}
        self.build.prune(set(map(self.path, names)), self.path(""))
        if not self.is_served:
            self.close()

    def sources(self) -> Iterator[File]:
        """Yield the files of the pages that are published or served."""
        included = InclusionLevel.is_in_serve if self.is_served else InclusionLevel.is_included
        for file in self.files.documentation_pages(inclusion=included):
            if file.src_uri.endswith(markdown_extensions):
                yield file

    def path(self, uri: str) -> str:
        """Return a page's file as messages name it, seen from the project's folder."""
        file = Path(self.config.docs_dir, uri)
        return Path(os.path.relpath(file, self.build.project.root)).as_posix()

    def _look(self) -> None:
        """End the build if what it builds has changed since.

        Raises
        ------
        OutdatedError
            It has changed.
        """
        if self.is_outdated():
            self.build.project.pool.stop()
            raise OutdatedError

    def _wait(self, path: str) -> Run:
        """Wait for a page that runs."""
        assert self.progress
        try:
            return self.progress.wait(path, self._look)
        except RuntimeError as error:
            raise PluginError(f"{path}: {error}") from error

    def _view(self, downloads: Downloads, page: Page) -> str:
        """Return the view of a page's notebook."""
        source = downloads.views[page.file.src_uri]
        try:
            html = downloads.show(page)
            formulas = self.formulas[source]
            page.title = formulas.plain_title(page.title or "")
            return set_formulas(html, page.toc, formulas)
        except RenderingError as error:
            self.build.faults.append(Fault(self.path(source), 1, str(error)))
        except MathError:
            pass  # the page has the same formula, and is refused for it
        return ""
