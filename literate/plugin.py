"""The MkDocs plugin: it runs a site's pages, weaves them, and sets their formulas."""

from __future__ import annotations

import logging
import os
import shutil
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future
from html import escape
from importlib import resources
from pathlib import Path
from typing import Any, Literal

from jinja2 import Environment
from mkdocs.config import base, config_options
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import BasePlugin
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import AnchorLink

from literate import chunk
from literate.math import MathError, set_math, set_title, strip_math
from literate.page import read
from literate.pool import Pool, Run
from literate.result import Ran
from literate.weave import Fault, Woven, find_faults, show_fault, weave

__all__ = ["LiterateConfig", "LiteratePlugin"]

log = logging.getLogger("mkdocs.plugins.literate")

ASSETS = "assets/literate"
EXTENSIONS: dict[str, dict[str, Any]] = {
    "attr_list": {},
    "pymdownx.arithmatex": {"generic": True},
    "pymdownx.blocks.caption": {"types": ["caption"]},
    "pymdownx.details": {},
    "pymdownx.highlight": {},
    "pymdownx.superfences": {},
}


class LiterateConfig(base.Config):
    """The options of the plugin in ``mkdocs.yml``."""

    time_limit = config_options.Type((int, float), default=120)
    """How many seconds a page may run."""

    workers = config_options.Optional(config_options.Type(int))
    """How many pages run side by side; by default one a processor."""


class LiteratePlugin(BasePlugin[LiterateConfig]):
    """Run the Python blocks of every page, and publish what they give."""

    def __init__(self) -> None:
        self.command = ""
        self.pool: Pool | None = None
        self.site: Path | None = None
        self.built = Path()
        self.pages: dict[str, chunk.Page] = {}
        self.runs: dict[str, Future[Run]] = {}
        self.woven: dict[str, Woven] = {}
        self.unread: dict[str, Fault] = {}
        self.seconds: dict[str, float] = {}
        self.faults: list[Fault] = []

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        """Note what MkDocs was called for."""
        self.command = "" if dirty else command

    def on_config(self, config: MkDocsConfig) -> None:
        """Start the warm parent, and tell Markdown what woven pages need."""
        self.root = Path(config.config_file_path or "mkdocs.yml").parent.absolute()
        if self.pool is None:
            options = self.config
            self.pool = Pool(self.root, workers=options.workers, time_limit=options.time_limit)
        _configure_markdown(config)
        config.extra_css.insert(0, f"{ASSETS}/literate.css")
        if self.command == "build":
            # The site is built beside the old one, which only a complete one replaces.
            self.site = Path(config.site_dir)
            self.built = self.site.with_name(f".{self.site.name}-{os.getpid()}")
            config.site_dir = str(self.built)

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Read every page and let them run, while MkDocs goes on to render the first."""
        assert self.pool
        self.pages, self.woven, self.unread, self.seconds, self.faults = {}, {}, {}, {}, []
        self.files = files
        for file in files.documentation_pages():
            if file.src_uri.endswith(".md"):
                self._read(file, config)
        self.runs = self.pool.start(list(self.pages.values()))
        for asset in (resources.files("literate") / "assets").iterdir():
            content = asset.read_bytes()
            files.append(File.generated(config, f"{ASSETS}/{asset.name}", content=content))
        return files

    def on_page_read_source(self, *, page: Page, config: MkDocsConfig) -> str | None:
        """Give MkDocs the woven page in place of its source."""
        uri = page.file.src_uri
        if uri in self.pages:
            self._weave(uri, config)
        if fault := self.unread.get(uri):
            return show_fault(fault)
        return self.woven[uri].text if uri in self.woven else None

    def on_page_content(self, html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG002
        """Set the formulas of a page, and of the titles of its sections."""
        started = time.perf_counter()
        uri = page.file.src_uri
        try:
            for item in _all_items(page.toc.items):
                item.title = set_title(item.title)
            page.title = strip_math(page.title or "")
            return set_math(html)
        except MathError as error:
            fault = Fault(self._path(uri, config), self._line_of(page, error.formula), str(error))
            self.faults.append(fault)
            return f'<div class="admonition failure"><p>{escape(str(fault))}</p></div>{html}'
        finally:
            self.seconds[uri] = self.seconds.get(uri, 0) + time.perf_counter() - started

    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> None:  # noqa: ARG002
        """Stop if a page failed; a server goes on, because the page shows it."""
        faults = sorted(self.faults, key=lambda fault: (fault.path, fault.line))
        if faults and self.command != "serve":
            raise PluginError("\n".join(map(str, faults)))
        for fault in faults:
            log.error("%s", fault)

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Say how long each page took in this plugin."""
        for uri in self.woven:
            log.info("%s: %.2f s in literate", self._path(uri, config), self.seconds[uri])

    def on_serve(self, server: LiveReloadServer, *, config: MkDocsConfig, builder: Any) -> None:  # noqa: ARG002
        """Watch the project's own modules, which pages import."""
        for path in sorted(self.root.iterdir()):
            if path.suffix == ".py" or (path / "__init__.py").exists():
                server.watch(str(path))

    def on_shutdown(self) -> None:
        """End the warm parent; put the new site in the place of the old one if it is complete."""
        if self.pool:
            self.pool.close()
        if not self.site:
            return
        # MkDocs calls this in a `finally`, so an exception on its way says the build failed.
        if sys.exception() is None and self.built.is_dir():
            old = self.built.with_name(f"{self.built.name}-old")
            if self.site.exists():
                self.site.rename(old)
            self.built.rename(self.site)
            shutil.rmtree(old, ignore_errors=True)
        shutil.rmtree(self.built, ignore_errors=True)

    def _path(self, uri: str, config: MkDocsConfig) -> str:
        """Give a page's file as messages name it, seen from the project's folder."""
        return Path(os.path.relpath(Path(config.docs_dir, uri), self.root)).as_posix()

    def _read(self, file: File, config: MkDocsConfig) -> None:
        """Read a page; note what cannot be read."""
        started = time.perf_counter()
        path = self._path(file.src_uri, config)
        try:
            page = read(file.content_string, path)
        except chunk.PageError as error:
            self._refuse(file.src_uri, Fault(path, error.line, error.message))
            return
        if page.chunks:
            self.pages[file.src_uri] = page
            self.seconds[file.src_uri] = time.perf_counter() - started

    def _weave(self, uri: str, config: MkDocsConfig) -> None:
        """Wait for a page's results and weave them into it."""
        page = self.pages[uri]
        run = self.runs[page.path].result()
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
        self.seconds[uri] += run.seconds + time.perf_counter() - started

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


def _log_stderr(page: chunk.Page, results: list[list[Any]]) -> None:
    """Put what blocks wrote to their error stream into the log, not on the page."""
    for chain, outcomes in zip(page.chains, results, strict=True):
        for step, outcome in zip(chain.steps, outcomes, strict=False):
            if isinstance(outcome, Ran) and outcome.stderr:
                log.info("%s:%d: %s", page.path, step.line, outcome.stderr.strip())


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
