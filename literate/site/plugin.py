"""The MkDocs plugin: it publishes what a build of a project's pages gives."""

from __future__ import annotations

import errno
import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from jinja2 import Environment
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils.meta import get_data

from literate.build import Build
from literate.project import Project
from literate.site.extension import Conversion
from literate.site.options import LiterateConfig
from literate.site.pages import Pages
from literate.site.publish import NewSite
from literate.site.rendering import add_assets, arrange, configure, hasten_search, load_font_first

if TYPE_CHECKING:  # what a build need not load
    from mkdocs.livereload import LiveReloadServer
    from mkdocs.utils.templates import TemplateContext

    from literate.site.serve import Serving

__all__ = ["LiteratePlugin"]

FIRST, LAST = 1000, -1000
"""Before and after what other plugins do at an event."""

log = logging.getLogger("mkdocs.plugins.literate")

REFUSALS = {errno.EACCES, errno.EDQUOT, errno.EFBIG, errno.EMFILE, errno.ENOSPC, errno.EROFS}
REFUSALS |= {errno.EAGAIN, errno.ENOMEM}
"""What a system says that has no room, no process or memory left, or no right to write."""


class LiteratePlugin(BasePlugin[LiterateConfig]):
    """Run the Python blocks of every page, and publish what they give."""

    def __init__(self) -> None:
        self.command = ""
        self.conversion = Conversion()
        self.complete = False
        self.new: NewSite | None = None
        self.project: Project | None = None
        self.serving: Serving | None = None
        self.pages: Pages | None = None

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
        if self.serving and self.serving.shown:
            config.site_dir = self.serving.shown.next()
        elif self.command in {"build", "gh-deploy"} and not self.new:
            self.new = NewSite(Path(config.site_dir))
            config.site_dir = str(self.new.built)
            self.mkdocs_config = config

    @event_priority(LAST)
    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
        """Read every page, and start those that were not kept, while MkDocs renders the first."""
        assert self.project
        if self.pages and not self.serving:  # of a build that failed
            self.pages.close()
        build = Build(self.project, keep=self.config.cache, say=log.info)
        self.conversion.build = build
        self.pages = Pages(build, config, files, nav, is_served=self.command == "serve")
        if self.serving:
            self.serving.begin(self.pages)
        self.pages.read()
        add_assets(files, config)
        if self.config.notebooks and self.command:
            self.pages.offer(self.config.library)
        self.pages.sort()
        return nav

    def on_pre_page(self, page: Page, *, config: MkDocsConfig, files: Files) -> Page:  # noqa: ARG002
        """Note what a page is before anything is made of it."""
        assert self.pages
        self.pages.begin(page)
        return page

    def on_page_read_source(self, *, page: Page, config: MkDocsConfig) -> str | None:  # noqa: ARG002
        """Give MkDocs the woven page in place of its source."""
        assert self.pages
        return self.pages.source(page)

    @event_priority(FIRST)
    def on_page_markdown(
        self,
        markdown: str,
        *,
        page: Page,
        config: MkDocsConfig,  # noqa: ARG002
        files: Files,  # noqa: ARG002
    ) -> str:
        """Weave a page that reads its source by itself, such as a post of Material's blog."""
        assert self.pages
        uri = page.file.src_uri
        if uri not in self.pages.given and (text := self.pages.source(page)):
            markdown = get_data(text)[0]
        self.conversion.begin(page, self.pages.path(uri), self.pages.given[uri])
        return markdown

    def on_page_content(self, html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG002
        """Set the formulas of a page and of its titles, link its code, and offer its notebook."""
        assert self.pages
        return self.pages.content(page, html)

    @event_priority(LAST)
    def on_page_context(
        self,
        context: TemplateContext,
        *,
        page: Page,  # noqa: ARG002
        config: MkDocsConfig,
        nav: Navigation,  # noqa: ARG002
    ) -> TemplateContext:
        """Set the formulas of the excerpts that a page of Material's blog shows of its posts."""
        assert self.pages
        posts: Any = context.get("posts", ()) if "material/blog" in config.plugins else ()
        for post in posts:
            self.pages.excerpt(post)
        return context

    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> None:
        """Stop if a page failed; a server goes on, because the page shows it."""
        assert self.pages
        arrange(files, self.pages.order)
        self.pages.stop(at_end=False)
        hasten_search(config)
        self.pages.env = env

    def on_post_page(self, output: str, *, page: Page, config: MkDocsConfig) -> str:  # noqa: ARG002
        """Say in a page's head what it loads first."""
        return load_font_first(output, page)

    @event_priority(-100)  # after all plugins that add to the site
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Forget the pages that are gone, watch what the others have read, and show them."""
        assert self.pages
        self.pages.stop(at_end=True)  # for what was converted after the pages too
        self.pages.finish()
        if self.serving:
            self.serving.complete(self, config)
        self.complete = True
        if not self.new:
            log.info("%s", self.pages.build)

    def on_serve(self, server: LiveReloadServer, *, config: MkDocsConfig, builder: Any) -> None:  # noqa: ARG002
        """Watch what the pages follow from, build what a save touches, and show the last site."""
        from literate.site.serve import Serving

        self.serving = Serving(self, server, config)

    def on_build_error(self, *, error: Exception) -> None:
        """Note that the site is not complete, and say in one line what the system refused."""
        self.complete = False
        if isinstance(error, OSError) and error.errno in REFUSALS:
            raise PluginError(f"the site cannot be built: {error}") from error

    def on_shutdown(self) -> None:
        """End all processes; put the new site in the place of the old one if it is complete."""
        for started in (self.project, self.pages, self.serving):
            if started:
                started.close()
        self.project = self.serving = None
        if self.new:
            try:
                # MkDocs calls this in a `finally`: an exception on its way came past the hooks.
                if self.complete and sys.exception() is None:
                    self.new.publish()
                    log.info("%s", self.pages and self.pages.build)
            finally:
                self.new.discard()
            # A deployment goes on from here with the folder that the project names.
            self.mkdocs_config.site_dir = str(self.new.site)
            self.new = None  # MkDocs may use the plugin for another build
