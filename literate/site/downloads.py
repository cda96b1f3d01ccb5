"""Offer beside a page its notebook and its script, to download and to look at.

The view of a notebook is a page of its own, after all others. What is offered is kept with the
page's results, for as long as all that it follows from is the same.
"""

from __future__ import annotations

import contextlib
import json
import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urldefrag, urljoin

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import get_toc
from mkdocs.utils import get_relative_url

from literate import page as literate_page
from literate.cache import Cache
from literate.digest import sha256, version
from literate.notebook import Renderer, make_note, make_notebook, write_notebook, write_script
from literate.shape import describe
from literate.site.rendering import add_files
from literate.weave import Woven

__all__ = ["Downloads"]

VIEW = "notebook.md"
NOT_SEARCHED = "---\nsearch:\n  exclude: true\n---\n"
EXTERNAL = re.compile(r"[A-Za-z][\w+.-]*:|/")
ADDRESS = re.compile(r'(<(?:a|img)\s[^<>]*?\b(?:href|src)=")([^"#][^"]*)')
SITE = "https://site.invalid/"
"""Stands for the address of a site that has none."""

RENDERERS = ("mkdocs-jupyter", "nbconvert", "mistune", "lxml")


@dataclass(slots=True)
class _Made:
    """What a page offers: its notebook, its script, and the view of the notebook."""

    notebook: str
    script: str
    content: str | None = None
    headings: list[Any] = field(default_factory=list)


class Downloads:
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

    Attributes
    ----------
    views
        The page that each view belongs to; both by their source.
    """

    def __init__(
        self,
        config: MkDocsConfig,
        files: Files,
        pages: Mapping[str, literate_page.Page],
        library: str,
        cache: Cache | None,
    ) -> None:
        self.config = config
        self.files = files
        self.pages = dict(pages)
        self.library = library
        self.cache = cache
        self.renderer: Renderer | None = None
        self.views = {_view(files.src_uris[uri]): uri for uri in pages}
        self.made: dict[str, _Made] = {}
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
        self.site = sha256(site)  # once, and not for every page

    def offer(
        self, page: Page, html: str, woven: Woven, equations: Mapping[str, str]
    ) -> tuple[str, list[File]]:
        """Publish a page's notebook and its script; return the HTML with links, and the files.

        Parameters
        ----------
        page, html
            The page and its HTML.
        woven
            What was woven of it; none of its steps failed.
        equations
            The number of each equation that has a label.
        """
        uri = page.file.src_uri
        self._make(uri, woven, equations)
        names = _downloads(page.file)
        texts = self.made[uri].notebook, self.made[uri].script
        added = add_files(self.files, self.config, dict(zip(names, texts, strict=True)))
        links = [
            (self.files.src_uris[_view(page.file)].url, "view", ""),
            (quote(names[0]), "download", " download"),
            (quote(names[1]), "script", " download"),
        ]
        shown = " · ".join(
            f'<a href="{get_relative_url(url, page.url)}"{how}>{name}</a>'
            for url, name, how in links
        )
        line = f'<p class="notebook" data-search-exclude>Notebook: {shown}</p>\n'
        end = html.find("</h1>")
        at = end + len("</h1>") if end >= 0 else 0
        return f"{html[:at]}\n{line}{html[at:]}", added

    def show(self, page: Page) -> str:
        """Return the HTML of a view, which goes by the name of the page it belongs to.

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
        if made.content is None:
            assert self.renderer
            view = self.renderer.take(uri)
            made.content, made.headings = view["content"], view["headings"]
            if self.cache:
                with contextlib.suppress(OSError):
                    self.cache.store_made(self.pages[uri].path, self.sources[uri], made)
        page.toc = get_toc(made.headings)
        return ADDRESS.sub(lambda m: m[1] + self._relocated(m[2], uri, page.url), made.content)

    def close(self) -> None:
        """End the process that renders notebooks."""
        if self.renderer:
            self.renderer.close()
            self.renderer = None

    def _make(self, uri: str, woven: Woven, equations: Mapping[str, str]) -> None:
        """Make a page's notebook, and begin to render its view, unless both were kept."""
        page = self.pages[uri]
        others = [str(there) for there in woven.numbering.elsewhere.values()]
        results = [describe(ran) for ran in woven.ran.values()]
        self.sources[uri] = source = json.dumps([page.text, results, others, self.site])
        made = self.cache.load_made(page.path, source, _Made) if self.cache else None
        if made is None:
            note = make_note(self._link("", uri), self.library, self.config.repo_url or "")
            notebook = make_notebook(
                page, woven, equations, note, lambda address: self._link(address, uri)
            )
            text = write_notebook(notebook)
            made = _Made(text, write_script(notebook))
            if self.renderer is None:
                # In the folder of this build, which goes with the next one if it is killed.
                place = Path(self.config.site_dir).parent
                self.renderer = Renderer(Path(self.config.docs_dir), place)
            self.renderer.start(uri, text)
        self.made[uri] = made

    def _link(self, address: str, uri: str) -> str:
        """Return where a page's link leads from its notebook: to the site's address, if known."""
        file = self.files.src_uris[uri]
        path, fragment = urldefrag(address)
        source = posixpath.join(posixpath.dirname(file.src_uri), path) if path else file.src_uri
        target = self.files.src_uris.get(posixpath.normpath(source))
        if target is None or EXTERNAL.match(address):
            return address
        there = target.url + f"#{fragment}" * bool(fragment)
        if self.config.site_url:
            return urljoin(self.config.site_url, there)
        return get_relative_url(there, quote(_downloads(file)[0]))

    def _relocated(self, address: str, uri: str, url: str) -> str:
        """Return where a link of a page's notebook leads from a page of the site."""
        site = self.config.site_url or SITE
        target = urljoin(urljoin(site, quote(_downloads(self.files.src_uris[uri])[0])), address)
        if not target.startswith(site):
            return address
        there = target.removeprefix(site)
        return get_relative_url(there if there.partition("#")[0] else f"./{there}", url)


def _view(file: File) -> str:
    """Name the page that shows a page's notebook."""
    folder, name = posixpath.split(file.dest_uri)
    return posixpath.join(folder, "" if name == "index.html" else file.name, VIEW)


def _downloads(file: File) -> tuple[str, str]:
    """Name the notebook and the script of a page, which are published beside its HTML."""
    name = posixpath.join(posixpath.dirname(file.dest_uri), file.name)
    return f"{name}.ipynb", f"{name}.py"
