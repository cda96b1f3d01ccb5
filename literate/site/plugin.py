"""The MkDocs plugin: it publishes what a build of a project's pages gives."""

from __future__ import annotations

import errno
import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from jinja2 import Environment
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils import markdown_extensions
from mkdocs.utils.meta import get_data

from literate.build import Build, Project
from literate.fault import Fault
from literate.notebook import RenderingError
from literate.result import Run
from literate.site.downloads import Downloads
from literate.site.extension import Conversion
from literate.site.options import LiterateConfig
from literate.site.publish import NewSite
from literate.site.rendering import (
    add_assets,
    add_files,
    arrange,
    configure,
    load_font_first,
    set_formulas,
)
from literate.text import counted
from literate.weave import Formulas, MathError, fault_box, link_names

if TYPE_CHECKING:  # what a build need not load
    from mkdocs.livereload import LiveReloadServer
    from mkdocs.utils.templates import TemplateContext

    from literate.site.progress import Progress
    from literate.site.serve import Shown, Watch

__all__ = ["LiteratePlugin"]

FIRST, LAST = 1000, -1000
"""Before and after what other plugins do at an event."""

log = logging.getLogger("mkdocs.plugins.literate")

REFUSALS = {errno.EACCES, errno.EDQUOT, errno.EFBIG, errno.EMFILE, errno.ENOSPC, errno.EROFS}
"""What a system says that has no room, or no right to write."""


class LiteratePlugin(BasePlugin[LiterateConfig]):
    """Run the Python blocks of every page, and publish what they give."""

    def __init__(self) -> None:
        self.command = ""
        self.conversion = Conversion()
        self.complete = False
        self.new: NewSite | None = None
        self.project: Project | None = None
        self.watch: Watch | None = None
        self.shown: Shown | None = None
        self.downloads: Downloads | None = None
        self.progress: Progress | None = None

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        """Note what MkDocs was called for."""
        self.command = "" if dirty else command

    def on_config(self, config: MkDocsConfig) -> None:
        """Tell Markdown what woven pages need, and MkDocs where to build."""
        self.root = Path(config.config_file_path or "mkdocs.yml").parent.absolute()
        self.complete = False
        self.project = self.project or Project(self.root)
        if not self.new:
            made = [Path(config.site_dir).absolute()]
            self.project.configure(self.config.limits(), self.config.workers, made)
        configure(config, self.conversion)
        if self.shown:
            config.site_dir = self.shown.next()
        elif self.command in {"build", "gh-deploy"} and not self.new:
            self.new = NewSite(Path(config.site_dir))
            config.site_dir = str(self.new.built)
            self.mkdocs_config = config

    @event_priority(LAST)
    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
        """Read every page, and start those that were not kept, while MkDocs renders the first."""
        self.files = files
        assert self.project
        self.build = self.conversion.build = Build(
            self.project, keep=self.config.cache, say=log.info
        )
        self.given: dict[str, str | None] = {}
        self.named: list[Fault] = []
        self.formulas: dict[str, Formulas] = {}
        for file in self._pages():
            self.build.read(file.src_uri, self._path(file.src_uri, config), file.content_bytes)
        if runs := self.build.start():
            from literate.site.progress import Progress

            self.progress = Progress(runs, self.project.pool.workers)
        add_assets(files, config)
        if self.downloads:  # of a build that failed
            self.downloads.close()
        self.downloads = None
        if self.config.notebooks and self.command:
            pages = {uri: page for uri, page in self.build.pages.items() if page.chains}
            library, cache = self.config.library, self.build.cache
            self.downloads = Downloads(config, files, pages, library, cache)
        self.order = [file for file in files if file.is_documentation_page()]
        views = self.downloads.views if self.downloads else {}
        waiting = self.build.pages.keys() - self.build.kept.keys()

        def patience(file: File) -> int:
            return 2 if file.src_uri in views else int(file.src_uri in waiting)

        # What need not wait is rendered first, and views after the pages they are of.
        arrange(files, sorted(self.order, key=patience))
        return nav

    def on_page_read_source(self, *, page: Page, config: MkDocsConfig) -> str | None:
        """Give MkDocs the woven page in place of its source."""
        uri = page.file.src_uri
        text = self.build.weave(uri, self._wait, uri.rpartition("/")[0])
        self.given[uri] = text
        if woven := self.build.woven.get(uri):
            for fault in woven.faults:
                log.warning("%s", fault)
            add_files(self.files, config, woven.files)
        return text

    @event_priority(FIRST)
    def on_page_markdown(
        self, markdown: str, *, page: Page, config: MkDocsConfig, files: Files
    ) -> str:
        """Weave a page that reads its source by itself, such as a post of Material's blog."""
        uri = page.file.src_uri
        if uri not in self.given and (text := self.on_page_read_source(page=page, config=config)):
            markdown = get_data(text)[0]
        self.conversion.begin(page, self._path(uri, config), self.given[uri])
        return markdown

    def on_page_content(self, html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        """Set the formulas of a page and of its titles, link its code, and offer its notebook."""
        uri = page.file.src_uri
        if self.downloads and uri in self.downloads.views:
            source = files.src_uris[self.downloads.views[uri]]
            return self._view(self.downloads, page, self._path(source.src_uri, config))
        formulas = self.formulas[uri] = Formulas()
        try:
            html = set_formulas(html, page.toc, formulas)
            page.title = formulas.plain_title(page.title or "")
        except MathError as error:
            line = self.build.line_of(uri, error.formula, page.file.content_string)
            fault = Fault(self._path(uri, config), line, str(error))
            self.build.faults.append(fault)
            return f"{fault_box(fault)}{html}"
        if uri in self.build.woven and "autorefs" in config.plugins:
            html = link_names(html, self.build.is_own)
        if self.downloads and self.build.is_sound(uri):
            html = self.downloads.offer(page, html, self.build.woven[uri], formulas.numbers)
        return html

    @event_priority(LAST)
    def on_page_context(
        self, context: TemplateContext, *, page: Page, config: MkDocsConfig, nav: Navigation
    ) -> TemplateContext:
        """Set the formulas of the excerpts that a page of Material's blog shows of its posts."""
        posts: Any = context.get("posts", ()) if "material/blog" in config.plugins else ()
        for post in posts:
            formulas = self.formulas[post.file.src_uri]
            post.content = set_formulas(post.content, post.toc, formulas)
        return context

    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> None:  # noqa: ARG002
        """Stop if a page failed; a server goes on, because the page shows it."""
        arrange(files, self.order)
        if self.progress:
            self.progress.close()
        self._stop()

    def on_post_page(self, output: str, *, page: Page, config: MkDocsConfig) -> str:  # noqa: ARG002
        """Say in a page's head what it loads first."""
        return load_font_first(output, page)

    @event_priority(-100)  # after all plugins that add to the site
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Forget the pages that are gone, watch what the others have read, and show them."""
        self._stop()
        docs = Path(config.docs_dir)
        paths = {file.src_uri for file in self._pages()}
        # A site of several languages is several builds, each of some of the pages.
        paths |= {path.relative_to(docs).as_posix() for path in docs.rglob("*.md")}
        folder = Path(os.path.relpath(docs, self.root)).as_posix()
        self.build.prune({self._path(uri, config) for uri in paths}, folder)
        if self.watch:
            self.watch.add(self.build.readings.values())
        if self.downloads:
            self.downloads.close()
        if self.shown:
            self.shown.show(config.site_dir)
        self.complete = True
        if not self.new:
            log.info("%s", self.build)

    def on_serve(self, server: LiveReloadServer, *, config: MkDocsConfig, builder: Any) -> None:  # noqa: ARG002
        """Watch the project's own modules and what the pages read; show a site until the next."""
        from literate.site.serve import Shown, Watch

        if self.command:  # not where MkDocs builds a part of the site
            self.shown = Shown(server, config.site_dir)
        self.watch = Watch(server, self.root, Path(config.docs_dir))
        self.watch.add(self.build.readings.values())

    def on_build_error(self, *, error: Exception) -> None:
        """Note that the site is not complete, and say in one line what the system refused."""
        self.complete = False
        if isinstance(error, OSError) and error.errno in REFUSALS:
            raise PluginError(f"the site cannot be built: {error}") from error

    def on_shutdown(self) -> None:
        """End all processes; put the new site in the place of the old one if it is complete."""
        if self.project:
            self.project.close()
        if self.downloads:
            self.downloads.close()
        if self.shown:
            self.shown.close()
        if self.new:
            try:
                # MkDocs calls this in a `finally`: an exception on its way came past the hooks.
                if self.complete and sys.exception() is None:
                    self.new.publish()
                    log.info("%s", self.build)
            finally:
                self.new.discard()
            # A deployment goes on from here with the folder that the project names.
            self.mkdocs_config.site_dir = str(self.new.site)
            self.new = None  # MkDocs may use the plugin for another build

    def _stop(self) -> None:
        """Name the faults that were not named yet, and stop; a server goes on, for pages show them."""
        faults = [fault for fault in self.build.all_faults() if fault not in self.named]
        self.named += faults
        for fault in faults:
            # Not through the log, which puts its own mark before the file and the line.
            sys.stderr.write(f"{fault}\n")
        if faults and self.command != "serve":
            raise PluginError(f"{counted(len(faults), 'fault')} in the pages, named above")

    def _view(self, downloads: Downloads, page: Page, path: str) -> str:
        """Return the view of the notebook of the page at a path."""
        try:
            html = downloads.show(page)
            formulas = self.formulas[downloads.views[page.file.src_uri]]
            page.title = formulas.plain_title(page.title or "")
            return set_formulas(html, page.toc, formulas)
        except RenderingError as error:
            self.build.faults.append(Fault(path, 1, str(error)))
        except MathError:
            pass  # the page has the same formula, and is refused for it
        return ""

    def _wait(self, path: str) -> Run:
        """Wait for a page that runs."""
        assert self.progress
        try:
            return self.progress.wait(path)
        except RuntimeError as error:
            raise PluginError(f"{path}: {error}") from error

    def _pages(self) -> Iterator[File]:
        """Yield the pages that are published or served."""
        is_served = self.command == "serve"
        included = InclusionLevel.is_in_serve if is_served else InclusionLevel.is_included
        for file in self.files.documentation_pages(inclusion=included):
            if file.src_uri.endswith(markdown_extensions):
                yield file

    def _path(self, uri: str, config: MkDocsConfig) -> str:
        """Return a page's file as messages name it, seen from the project's folder."""
        return Path(os.path.relpath(Path(config.docs_dir, uri), self.root)).as_posix()
