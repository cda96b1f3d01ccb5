"""What a site offers beside a page: its notebook and its script, to download and to look at.

The view of a notebook is a page of its own, behind all others. What is offered is kept with the
page's results, for as long as all that it follows from is the same.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import posixpath
import re
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urljoin

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import get_toc
from mkdocs.utils import get_relative_url

from literate import chunk
from literate.cache import Cache, describe
from literate.notebook import make_note, make_notebook, write_notebook, write_script
from literate.pool import Run
from literate.renderer import Renderer

__all__ = ["Offer"]

VIEW = "notebook.md"
NOT_SEARCHED = "---\nsearch:\n  exclude: true\n---\n"
EXTERNAL = re.compile(r"[A-Za-z][\w+.-]*:|/")
RENDERERS = ("mkdocs-jupyter", "nbconvert", "mistune", "lxml")


class Offer:
    """The notebooks of one build.

    Parameters
    ----------
    config
        The site.
    files
        Its files, to which the views are added.
    pages
        The pages that have a notebook, by their source in the folder of the documents.
    library
        The package that the pages' blocks import.
    cache
        Where what is offered is kept, if it is.
    """

    def __init__(
        self,
        config: MkDocsConfig,
        files: Files,
        pages: Mapping[str, chunk.Page],
        library: str,
        cache: Cache | None,
    ) -> None:
        self.config = config
        self.files = files
        self.pages = pages
        self.library = library
        self.cache = cache
        self.renderer: Renderer | None = None
        self.views = {_view(files.src_uris[uri]): uri for uri in pages}
        self.made: dict[str, dict[str, Any]] = {}
        self.sources: dict[str, str] = {}
        for view in self.views:
            files.append(
                File.generated(
                    config, view, content=NOT_SEARCHED, inclusion=InclusionLevel.NOT_IN_NAV
                )
            )
        urls = sorted((name, file.url) for name, file in files.src_uris.items())
        versions = [version(name) for name in RENDERERS]
        site = json.dumps([config.site_url, config.repo_url, library, urls, versions])
        self.site = hashlib.sha256(site.encode()).hexdigest()  # once, and not for every page

    def add(self, uri: str, run: Run) -> None:
        """Publish a page's notebook and its script beside its HTML, and prepare the view."""
        page = self.pages[uri]
        names = _downloads(self.files.src_uris[uri])
        source = json.dumps([page.text, describe(run.results), self.site])
        made = self.cache.load_made(page.path, source) if self.cache else None
        if made is None:
            site_url = self.config.site_url or ""
            notebook = self._notebook(uri, run, names[0], site_url)
            made = {"texts": [write_notebook(notebook), write_script(notebook)]}
            self._render(uri, run)
        self.made[uri], self.sources[uri] = made, source
        for name, text in zip(names, made["texts"], strict=True):
            self.files.append(File.generated(self.config, name, content=text))

    def _render(self, uri: str, run: Run) -> None:
        """Let the view of a page's notebook be rendered."""
        url = self.files.src_uris[_view(self.files.src_uris[uri])].url
        self.renderer = self.renderer or Renderer(Path(self.config.docs_dir))
        self.renderer.start(uri, write_notebook(self._notebook(uri, run, url, "")))

    def _notebook(self, uri: str, run: Run, url: str, site: str) -> dict[str, Any]:
        """Make a notebook that links to the site's address, or from where it stands in the site."""
        file = self.files.src_uris[uri]

        def link(address: str) -> str:
            path, fragment = urldefrag(address)
            source = posixpath.join(posixpath.dirname(file.src_uri), path) if path else file.src_uri
            target = self.files.src_uris.get(posixpath.normpath(source))
            if target is None or EXTERNAL.match(address):
                return address
            there = target.url + f"#{fragment}" * bool(fragment)
            return urljoin(site, there) if site else get_relative_url(there, url)

        note = make_note(link(""), self.library, self.config.repo_url or "")
        return make_notebook(self.pages[uri], run.results, note, link)

    def show(self, page: Page) -> str:
        """Give the HTML of a view, which goes by the name of the page it belongs to.

        Raises
        ------
        RenderingError
            The notebook cannot be rendered.
        """
        uri = self.views[page.file.src_uri]
        source = self.files.src_uris[uri].page
        assert source
        page.title = f"{source.title} (notebook)"
        page.edit_url = source.edit_url
        if "description" in source.meta:
            page.meta["description"] = f"{source.meta['description']} (The notebook.)"
        made = self.made.get(uri)
        if made is None:  # the page failed
            return ""
        if "view" not in made:
            assert self.renderer
            made["view"] = self.renderer.take(uri)
            self._keep(uri)
        page.toc = get_toc(made["view"]["headings"])
        content: str = made["view"]["content"]
        return content

    def _keep(self, uri: str) -> None:
        """Keep what is offered of a page."""
        if self.cache:
            with contextlib.suppress(OSError):
                self.cache.store_made(self.pages[uri].path, self.sources[uri], self.made[uri])

    def link(self, page: Page, html: str) -> str:
        """Offer a page's notebook below its title."""
        notebook, script = _downloads(page.file)
        links = [
            (self.files.src_uris[_view(page.file)].url, "view", ""),
            (notebook, "download", " download"),
            (script, "script", " download"),
        ]
        shown = " · ".join(
            f'<a href="{get_relative_url(url, page.url)}"{how}>{name}</a>'
            for url, name, how in links
        )
        line = f'<p class="notebook" data-search-exclude>Notebook: {shown}</p>\n'
        end = html.find("</h1>")
        at = end + len("</h1>") if end >= 0 else 0
        return f"{html[:at]}\n{line}{html[at:]}"

    def close(self) -> None:
        """End the process that renders notebooks."""
        if self.renderer:
            self.renderer.close()
            self.renderer = None


def _view(file: File) -> str:
    """Name the page that shows a page's notebook."""
    folder, name = posixpath.split(file.dest_uri)
    return posixpath.join(folder, "" if name == "index.html" else file.name, VIEW)


def _downloads(file: File) -> tuple[str, str]:
    """Name the notebook and the script of a page, which are published beside its HTML."""
    name = posixpath.join(posixpath.dirname(file.dest_uri), file.name)
    return f"{name}.ipynb", f"{name}.py"
