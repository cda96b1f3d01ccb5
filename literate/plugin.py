"""The MkDocs plugin: it runs a site's pages, weaves them, and sets their formulas."""

from __future__ import annotations

import logging
import os
import sys
import time
from collections.abc import Iterable, Iterator
from html import escape
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from jinja2 import Environment
from mkdocs.config import base, config_options
from mkdocs.config.base import ValidationError
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import AnchorLink
from mkdocs.utils import get_relative_url, markdown_extensions

from literate import chunk
from literate.cache import Cache
from literate.enlargement import enlarge
from literate.fence import BYTE_ORDER_MARK
from literate.math import MathError, set_math, set_title, strip_math
from literate.names import link_names
from literate.page import decode, read
from literate.pool import Limits, Pool, Run
from literate.reading import Reading
from literate.renderer import RenderingError
from literate.result import Ran
from literate.site import NewSite
from literate.weave import Fault, Woven, find_exchanges, find_faults, show_fault, weave

if TYPE_CHECKING:  # what a build need not load
    from mkdocs.livereload import LiveReloadServer

    from literate.introduction import Introduction
    from literate.offer import Offer
    from literate.progress import Progress

__all__ = ["LiterateConfig", "LiteratePlugin"]

log = logging.getLogger("mkdocs.plugins.literate")

ASSETS = "assets/literate"
FONT = "STIXTwoMath.woff2"
CACHE = ".cache/literate"
EXTENSIONS: dict[str, dict[str, Any]] = {
    "attr_list": {},
    "pymdownx.arithmatex": {"generic": True},
    "pymdownx.blocks.caption": {},
    "pymdownx.details": {},
    "pymdownx.highlight": {},
    "pymdownx.superfences": {},
}


Number = TypeVar("Number", bound=float)


class AtLeast(config_options.Type[Number]):
    """A number that may not be smaller than another."""

    def __init__(self, least: float, type_: Any, default: Number | None = None) -> None:
        super().__init__(type_, default=default)
        self.least = least

    def run_validation(self, value: object) -> Number:
        """Check the number."""
        number = super().run_validation(value)
        if number < self.least:
            raise ValidationError(f"at least {self.least:g} is required, and {number:g} was given")
        return number


class LiterateConfig(base.Config):
    """The options of the plugin in ``mkdocs.yml``."""

    time_limit = AtLeast[float](0.1, (int, float), default=120)
    """How many seconds a page may run."""

    memory_limit = AtLeast[int](0, int, default=4096)
    """How many megabytes a chain of blocks may allocate, where the system can tell (Linux); 0 for
    any amount."""

    cache = config_options.Type(bool, default=True)
    """Whether pages are kept in ``.cache/literate``, beside ``mkdocs.yml``, for as long as all that
    they follow from is the same. If not, every page runs in every build."""

    notebooks = config_options.Type(bool, default=False)
    """Whether each page with blocks that run is offered as a notebook and as a script too. The site
    shows the notebook as mkdocs-jupyter renders it."""

    cards = config_options.Type(bool, default=False)
    """Whether each page has a card, which a message shows where somebody links to the page. Only a
    site with a ``site_url`` has cards."""

    library = config_options.Type(str, default="")
    """The package that the blocks import: the notebooks say how to install it."""

    workers = config_options.Optional(AtLeast[int](1, int))
    """How many pages run side by side; by default one a processor."""


class LiteratePlugin(BasePlugin[LiterateConfig]):
    """Run the Python blocks of every page, and publish what they give."""

    def __init__(self) -> None:
        self.command = ""
        self.site: NewSite | None = None
        self.cache: Cache | None = None
        self.pool: Pool | None = None
        self.server: LiveReloadServer | None = None
        self.watched: list[Path] = []
        self.offer: Offer | None = None
        self.progress: Progress | None = None
        self.introduction: Introduction | None = None

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        """Note what MkDocs was called for."""
        self.command = "" if dirty else command

    def on_config(self, config: MkDocsConfig) -> None:
        """Tell Markdown what woven pages need, and MkDocs where to build."""
        self.started = time.monotonic()
        self.root = Path(config.config_file_path or "mkdocs.yml").parent.absolute()
        _configure_markdown(config)
        config.extra_css.insert(0, f"{ASSETS}/literate.css")
        if self.command in {"build", "gh-deploy"}:
            self.site = NewSite(Path(config.site_dir))
            config.site_dir = str(self.site.built)
            self.mkdocs_config = config

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Read every page, and let those run that were not kept, while MkDocs renders the first."""
        self.files = files
        self.pages: dict[str, chunk.Page] = {}
        self.woven: dict[str, Woven] = {}
        self.unread: dict[str, Fault] = {}
        self.seconds: dict[str, float] = {}
        self.faults: list[Fault] = []
        self.readings: dict[str, Reading] = {}
        for file in files.documentation_pages():
            if file.src_uri.endswith(markdown_extensions):
                self._read(file, config)
        self._run()
        if self.config.cards and config.site_url and self.command != "serve":
            from literate.introduction import Introduction

            self.introduction = Introduction(config, files)
        for asset in (resources.files("literate") / "assets").iterdir():
            content = asset.read_bytes()
            files.append(File.generated(config, f"{ASSETS}/{asset.name}", content=content))
        if self.offer:  # of a build that failed
            self.offer.close()
        if self.config.notebooks and self.command:
            from literate.offer import Offer

            pages = {uri: page for uri, page in self.pages.items() if page.chains}
            self.offer = Offer(config, files, pages, self.config.library, self.cache)
        return files

    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:  # noqa: ARG002
        """Let MkDocs render first what need not wait, and views behind the pages they are of."""
        self.order = [file for file in files if file.is_documentation_page()]
        views = self.offer.views if self.offer else {}
        waiting = self.pages.keys() - self.kept.keys()

        def patience(file: File) -> int:
            return 2 if file.src_uri in views else int(file.src_uri in waiting)

        _arrange(files, sorted(self.order, key=patience))
        return nav

    def on_page_read_source(self, *, page: Page, config: MkDocsConfig) -> str | None:
        """Give MkDocs the woven page in place of its source."""
        uri = page.file.src_uri
        if uri in self.pages:
            self._weave(uri, config)
        if fault := self.unread.get(uri):
            return show_fault(fault)
        return self.woven[uri].text.lstrip(BYTE_ORDER_MARK) if uri in self.woven else None

    def on_page_content(self, html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG002
        """Set the formulas of a page, and of the titles of its sections; let its drawings open."""
        started = time.perf_counter()
        uri = page.file.src_uri
        is_view = self.offer is not None and uri in self.offer.views
        if self.offer and is_view:
            html = self._show(self.offer, page, config)
        elif self.offer and uri in self.offer.made:
            html = self.offer.link(page, html)
        try:
            for item in _all_items(page.toc.items):
                item.title = set_title(item.title)
            page.title = strip_math(page.title or "")
            if self.introduction and not is_view:
                self.introduction.add(page)
            if uri in self.woven and "autorefs" in config.plugins:
                html = link_names(html, self._is_own)
            return enlarge(set_math(html))
        except MathError as error:
            if is_view:  # its page has the same formula
                return html
            fault = Fault(self._path(uri, config), self._line_of(page, error.formula), str(error))
            self.faults.append(fault)
            return f'<div class="admonition failure"><p>{escape(str(fault))}</p></div>{html}'
        finally:
            if uri in self.woven:
                seconds = self.seconds[uri] + time.perf_counter() - started
                how = "kept" if uri in self.kept else "run"
                log.info("%s: %s, %.2f s in literate", self._path(uri, config), how, seconds)

    def _show(self, offer: Offer, page: Page, config: MkDocsConfig) -> str:
        """Show the notebook of a page."""
        try:
            return offer.show(page)
        except RenderingError as error:
            path = self._path(offer.views[page.file.src_uri], config)
            self.faults.append(Fault(path, 1, str(error)))
            return ""

    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> None:  # noqa: ARG002
        """Stop if a page failed; a server goes on, because the page shows it."""
        _arrange(files, self.order)
        if self.progress:
            self.progress.close()
        self.faults += find_exchanges(self.readings)
        faults = sorted(self.faults, key=lambda fault: (fault.path, fault.line))
        for fault in faults:
            # Not through the log, which puts its own mark before the file and the line.
            sys.stderr.write(f"{fault}\n")
        if faults and self.command != "serve":
            raise PluginError(f"{_counted(len(faults), 'fault')} in the pages, named above")

    def on_post_page(self, output: str, *, page: Page, config: MkDocsConfig) -> str:  # noqa: ARG002
        """Say in a page's head what it loads first, and introduce it: a view as its page."""
        if "<math" in output:
            output = _load_font_first(output, page)
        if not self.introduction:
            return output
        views = self.offer.views if self.offer else {}
        source = views.get(page.file.src_uri, page.file.src_uri)
        return self.introduction.tag(output, page, self.files.src_uris[source])

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Forget the pages that are gone."""
        if self.cache:
            self.cache.prune(
                {self._path(file.src_uri, config) for file in self.files.documentation_pages()}
            )
        self._watch_read()
        if self.offer:
            self.offer.close()
        if not self.site:
            self._sum_up()

    def on_serve(self, server: LiveReloadServer, *, config: MkDocsConfig, builder: Any) -> None:  # noqa: ARG002
        """Watch the project's own modules, and what the pages read."""
        self.server = server
        self.watched = [Path(config.docs_dir)]
        for path in sorted(self.root.iterdir()):
            if path.suffix == ".py" or (path / "__init__.py").exists():
                self._watch(path)
        self._watch_read()

    def on_shutdown(self) -> None:
        """End the warm parent; put the new site in the place of the old one if it is complete."""
        if self.pool:
            self.pool.close()
            self.pool = None
        if self.offer:
            self.offer.close()
        if self.site:
            # MkDocs calls this in a `finally`, so an exception on its way says the build failed.
            if sys.exception() is None and self.site.built.is_dir():
                self.site.publish()
                self._sum_up()
            self.site.discard()
            # A deployment goes on from here with the folder that the project names.
            self.mkdocs_config.site_dir = str(self.site.site)

    def _run(self) -> None:
        """Take the runs that were kept, and start the others."""
        settings = self.config
        self.cache = Cache(self.root / CACHE, self.root) if settings.cache else None
        kept = {
            uri: self.cache.load(page) if self.cache else None for uri, page in self.pages.items()
        }
        self.kept: dict[str, Run] = {uri: run for uri, run in kept.items() if run}
        waiting = [page for uri, page in self.pages.items() if uri not in self.kept]
        if waiting and self.pool is None:
            limits = Limits(settings.time_limit, settings.memory_limit or None)
            self.pool = Pool(self.root, workers=settings.workers, limits=limits)
        self.progress = None
        if waiting and self.pool:
            from literate.progress import Progress

            self.progress = Progress(self.pool.start(waiting), self.pool.workers)

    def _sum_up(self) -> None:
        """Say what was run and what was not."""
        kept, run = len(self.kept), len(self.pages) - len(self.kept)
        seconds = time.monotonic() - self.started
        log.info("%s run, %d kept, %.2f s", _counted(run, "page"), kept, seconds)

    def _watch_read(self) -> None:
        """Watch the files that pages read."""
        for reading in self.readings.values():
            for path, seen in reading.files.items():
                if seen and not Path(path).is_absolute():
                    self._watch(self.root / path)

    def _watch(self, path: Path) -> None:
        """Watch a file or a folder, unless that is done."""
        if self.server and not any(path.is_relative_to(known) for known in self.watched):
            self.watched.append(path)
            self.server.watch(str(path))

    def _path(self, uri: str, config: MkDocsConfig) -> str:
        """Give a page's file as messages name it, seen from the project's folder."""
        return Path(os.path.relpath(Path(config.docs_dir, uri), self.root)).as_posix()

    def _is_own(self, module: str) -> bool:
        """Tell whether a module is one of the project's."""
        path = self.root / module.partition(".")[0]
        return (path / "__init__.py").exists() or path.with_suffix(".py").exists()

    def _read(self, file: File, config: MkDocsConfig) -> None:
        """Read a page; note what cannot be read."""
        started = time.perf_counter()
        path = self._path(file.src_uri, config)
        try:
            page = read(decode(file.content_bytes), path)
        except chunk.PageError as error:
            self._refuse(file.src_uri, Fault(path, error.line, error.message))
            return
        if page.chunks:
            self.pages[file.src_uri] = page
            self.seconds[file.src_uri] = time.perf_counter() - started

    def _weave(self, uri: str, config: MkDocsConfig) -> None:
        """Wait for a page's results and weave them into it."""
        page = self.pages[uri]
        run = self.kept.get(uri) or self._take(page)
        if run.reading:
            self.readings[page.path] = run.reading
        started = time.perf_counter()
        _log_stderr(page, run.results)
        faults = find_faults(page, run.results)
        self.faults += faults
        try:
            woven = weave(page, run.results, uri.rpartition("/")[0], faults)
        except chunk.PageError as error:
            self._refuse(uri, Fault(page.path, error.line, error.message))
            return
        self.woven[uri] = woven
        for fault in woven.faults:
            log.warning("%s", fault)
        for name, content in woven.files.items():
            if name not in self.files.src_uris:
                self.files.append(File.generated(config, name, content=content))
        if self.offer and page.chains and not faults:
            self.offer.add(uri, run)
        self.seconds[uri] += run.seconds + time.perf_counter() - started

    def _take(self, page: chunk.Page) -> Run:
        """Wait for a page that runs, and keep what it gave."""
        assert self.progress
        run = self.progress.wait(page.path)
        if self.cache:
            if run.reading and run.reading.unseen:
                log.info("%s: runs in every build, because it %s", page.path, run.reading.unseen)
            try:
                self.cache.store(page, run)
            except OSError as error:
                log.info("%s: cannot be kept: %s", page.path, error)
        return run

    def _refuse(self, uri: str, fault: Fault) -> None:
        """Note that a page cannot be shown, and why."""
        self.unread[uri] = fault
        self.faults.append(fault)

    def _line_of(self, page: Page, formula: str) -> int:
        """Give the line of a page's file that a formula begins on; 1 where it cannot be told."""
        woven = self.woven.get(page.file.src_uri)
        text = woven.text if woven else page.file.content_string
        first = max(formula.splitlines() or [""], key=len).strip()
        offset = max(text.find(first), 0)
        return woven.line(offset) if woven else text.count("\n", 0, offset) + 1


def _arrange(files: Files, order: Iterable[File]) -> None:
    """Put files behind the others, in an order; those that are gone stay so."""
    for file in [file for file in order if file.src_uri in files.src_uris]:
        files.remove(file)
        files.append(file)


def _log_stderr(page: chunk.Page, results: list[list[Any]]) -> None:
    """Put what blocks wrote to their error stream into the log, not on the page."""
    for chain, outcomes in zip(page.chains, results, strict=True):
        for step, outcome in zip(chain.steps, outcomes, strict=False):
            if isinstance(outcome, Ran) and outcome.stderr:
                log.info("%s:%d: %s", page.path, step.line, outcome.stderr.strip())


def _load_font_first(html: str, page: Page) -> str:
    """Let a page ask for the font of its formulas at once, so that no line moves when it comes."""
    font = get_relative_url(f"{ASSETS}/{FONT}", page.url)
    link = f'<link rel="preload" href="{font}" as="font" type="font/woff2" crossorigin>'
    return html.replace("</head>", f"{link}</head>", 1)


def _counted(number: int, noun: str) -> str:
    """Give a number of things."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _configure_markdown(config: MkDocsConfig) -> None:
    """Add the extensions that woven pages need to those of the project."""
    for name, settings in EXTENSIONS.items():
        if name not in config.markdown_extensions:
            config.markdown_extensions.append(name)
        config.mdx_configs[name] = {**(config.mdx_configs.get(name) or {}), **settings}
    superfences = config.mdx_configs["pymdownx.superfences"]
    woven = {"name": "woven", "class": "woven", "format": _as_it_is}
    superfences["custom_fences"] = [*superfences.get("custom_fences", []), woven]


def _as_it_is(source: str, *_: Any, **__: Any) -> str:
    """Put a fence of HTML into the page."""
    return source


def _all_items(items: list[AnchorLink]) -> Iterator[AnchorLink]:
    """Give the entries of a table of contents, those of the sections within it too."""
    for item in items:
        yield item
        yield from _all_items(item.children)
