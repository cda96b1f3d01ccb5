"""A site that stands, and of which pages can be built again."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from mkdocs.commands.build import _build_page, _populate_page
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.toc import AnchorLink

from literate.digest import name_in
from literate.site.pages import Pages
from literate.site.rendering import SEARCH

if TYPE_CHECKING:  # what a build need not load
    from literate.site.plugin import LiteratePlugin

__all__ = ["Site"]

PLUGINS = {"literate", SEARCH, "mkdocstrings", "autorefs"}
EXTENSIONS = {
    *("abbr", "admonition", "attr_list", "def_list", "fenced_code", "footnotes", "literate"),
    *("markdown", "md_in_html", "meta", "pymdownx", "sane_lists", "smarty", "tables", "toc"),
}
INCLUDING = {"pymdownx.b64", "pymdownx.snippets"}
"""The plugins and the extensions through which an edit of a page changes no other, and those of
the extensions that do not count because they put other files into a page."""


class Site:
    """A site that was built whole, of which pages can be built again.

    Parameters
    ----------
    plugin
        The plugin that builds it.
    pages
        Its pages.
    """

    def __init__(self, plugin: LiteratePlugin, pages: Pages) -> None:
        self.plugin = plugin
        self.pages = pages
        self.config = pages.config
        self.search: Any = self.config.plugins.get(SEARCH)
        self.index: Any = self.search and self.search.search_index
        self.faces: dict[str, list[Any]] = {}
        self.made: dict[str, list[File]] = {}
        self.is_known = self.config.plugins.keys() <= PLUGINS and all(
            map(_is_known, self.config.markdown_extensions)
        )

    def renew(self, uris: Collection[str]) -> bool:
        """Build pages again; return whether others must follow.

        Parameters
        ----------
        uris
            The pages, by their source below the folder of the pages.
        """
        pages = self.plugin.pages = self.pages
        self.plugin.conversion.build = pages.build
        documents = list(pages.files.documentation_pages(inclusion=InclusionLevel.is_in_serve))
        chosen = [file for file in documents if file.src_uri in uris]
        for file in chosen:  # as it was published: a build that was outdated has left less
            self.faces.setdefault(file.src_uri, self._face(file))
            self.made.setdefault(file.src_uri, pages.made.get(file.src_uri, []))
        pages.forget([file.src_uri for file in chosen])
        pages.read(uris)
        for file in chosen:
            assert file.page
            _populate_page(file.page, self.config, pages.files)
        if "autorefs" in self.config.plugins:
            references: Any = self.config.plugins["autorefs"]
            references.on_env(pages.env, config=self.config, files=Files(chosen))
        pages.stop(at_end=False)
        self._publish(chosen, documents)
        looks = [self._settle(file) for file in chosen]
        return not all(looks)

    def touched(self, changed: Collection[str]) -> tuple[set[str], bool]:
        """Return the pages that changes touch, and whether these may touch other parts too.

        Parameters
        ----------
        changed
            The paths of files that came, went or have another content.
        """
        pages, is_all = set(), bool(changed) and not self.is_known
        for path in changed:
            uri = Path(os.path.relpath(path, self.config.docs_dir)).as_posix()
            pages |= (readers := self._readers(path))
            if uri in self.pages.begun and os.path.exists(path):  # noqa: PTH110
                pages.add(uri)
                continue
            pages |= self.pages.failed()
            is_code = path.endswith(".py") and "mkdocstrings" in self.config.plugins
            is_all |= is_code or not readers or not uri.startswith("..")
        return pages, is_all

    def _readers(self, path: str) -> set[str]:
        """Return the pages whose blocks have read a file."""
        build = self.pages.build
        name = name_in(str(build.project.root), path)
        return {
            uri
            for uri, page in build.pages.items()
            if (reading := build.readings.get(page.path))
            and any(key.partition("\0")[0] == name for key in reading.files)
        }

    def _settle(self, file: File) -> bool:
        """Put the files that a page makes into the site; return whether it looks as before."""
        uri, face = file.src_uri, self._face(file)
        for made in self.made[uri]:
            Path(made.abs_dest_path).unlink(missing_ok=True)
        self.made[uri] = self.pages.made.get(uri, [])
        for made in self.made[uri]:
            made.copy_file()
        before, self.faces[uri] = self.faces[uri], face
        return before == face

    def _face(self, file: File) -> list[Any]:
        """Return what other pages may show of a page."""
        page = file.page
        assert page
        known = self.pages.build.pages.get(file.src_uri)
        has_notebook = known is not None and bool(known.chains)
        text = page.markdown or ""
        documented = text if ":::" in text and "mkdocstrings" in self.config.plugins else ""
        anchors = page.toc.items if "autorefs" in self.config.plugins else []
        woven = self.pages.build.woven.get(file.src_uri)
        numbers = woven.numbering.labelled if woven else {}
        return [page.title, page.meta, has_notebook, documented, numbers, _anchors(anchors)]

    def _publish(self, chosen: Sequence[File], documents: Sequence[File]) -> None:
        """Put the HTML of pages, and what a search finds of them, into the site."""
        entries = self.index.entries if self.index else []
        with TemporaryDirectory(prefix=".literate-", dir=self.config.site_dir) as folder:
            for file in chosen:
                if self.index:
                    self.index.entries = []
                # A reader gets the old page or the new one, and never half of it.
                place, file.abs_dest_path = file.abs_dest_path, os.path.join(folder, "page")  # noqa: PTH118
                is_draft = file.inclusion.is_excluded()
                nav, env = self.pages.nav, self.pages.env
                assert file.page
                assert env
                _build_page(file.page, self.config, documents, nav, env, excluded=is_draft)
                os.replace(file.abs_dest_path, place)  # noqa: PTH105 - paths as MkDocs has them
                file.abs_dest_path = place
                if self.index:
                    entries = _spliced(entries, self.index.entries, file.page.url)
        if self.index:
            self.index.entries = entries
            self.search.search_index = self.index  # that of a build which was not finished is none
            self.search.on_post_build(config=self.config)


def _is_known(extension: object) -> bool:
    """Tell whether an edit of a page changes nothing else through an extension."""
    name = extension if isinstance(extension, str) else type(extension).__module__
    first = name.partition(".")[0]
    return name not in INCLUDING and first in EXTENSIONS | {"mkdocs_autorefs", "mkdocstrings"}


def _anchors(items: Sequence[AnchorLink]) -> list[Any]:
    """Return what others may refer to."""
    return [(item.id, item.title, _anchors(item.children)) for item in items]


def _spliced(entries: list[Any], new: list[Any], url: str) -> list[Any]:
    """Return the entries of a search with those of one page replaced, in their place."""
    old = [i for i, entry in enumerate(entries) if entry["location"].partition("#")[0] == url]
    place = old[0] if old else len(entries)
    return [*entries[:place], *new, *entries[place + len(old) :]]
