"""What Markdown, the theme, the search and MkDocs' order of pages need for woven pages."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from importlib import resources
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import AnchorLink, TableOfContents
from mkdocs.utils import get_relative_url

from literate.site.extension import NAME, Conversion
from literate.weave import Formulas

__all__ = [
    "add_assets",
    "add_files",
    "arrange",
    "configure",
    "hasten_search",
    "load_font_first",
    "set_formulas",
]

ASSETS = "assets/literate"
FONT = "STIXTwoMath.woff2"
EXTENSIONS: dict[str, dict[str, Any]] = {
    "attr_list": {},
    "pymdownx.arithmatex": {"generic": True},
    "pymdownx.blocks.caption": {},
    "pymdownx.details": {},
    "pymdownx.highlight": {},
    "pymdownx.superfences": {},
    "tables": {"use_align_attribute": True},  # and no styles, which a policy may forbid
}

SEARCH = "material/search"
NOT_SEARCHED = re.compile(
    r"<svg\b[^>]* data-search-exclude\b.*?</svg>"
    r'|<div class="arithmatex" data-search-exclude>.*?</div>',
    re.DOTALL,
)
FORMULA = re.compile(r"<math\b.*?</math>", re.DOTALL)
TOKEN = re.compile(r'<span class="\w+">([^<]*)</span>')
TAG = re.compile(r"<[^>]*>")


def configure(config: MkDocsConfig, conversion: Conversion) -> None:
    """Add the extensions and the styles that woven pages need to those of the project, once."""
    if NAME in config.markdown_extensions:
        return
    for name, settings in EXTENSIONS.items():
        if name not in config.markdown_extensions:
            config.markdown_extensions.append(name)
        config.mdx_configs[name] = {**(config.mdx_configs.get(name) or {}), **settings}
    superfences = config.mdx_configs["pymdownx.superfences"]
    woven = {"name": "woven", "class": "woven", "format": _as_it_is}
    superfences["custom_fences"] = [*superfences.get("custom_fences", []), woven]
    config.markdown_extensions.append(NAME)
    config.mdx_configs[NAME] = {"conversion": conversion}
    config.extra_css.insert(0, f"{ASSETS}/literate.css")


def add_files(
    files: Files, config: MkDocsConfig, contents: Mapping[str, str | bytes]
) -> list[File]:
    """Add files to a site, by their names below it, and return them; one that is there stays."""
    added = [
        File.generated(config, name, content=content)
        for name, content in contents.items()
        if name not in files.src_uris
    ]
    for file in added:
        files.append(file)
    return added


def add_assets(files: Files, config: MkDocsConfig) -> None:
    """Add the styles and the fonts of woven pages to a site."""
    assets = (resources.files("literate") / "assets").iterdir()
    add_files(files, config, {f"{ASSETS}/{file.name}": file.read_bytes() for file in assets})


def load_font_first(html: str, page: Page) -> str:
    """Request the font of a page's formulas at once, so that no line moves when it comes."""
    font = get_relative_url(f"{ASSETS}/{FONT}", page.url)
    link = f'<link rel="preload" href="{font}" as="font" type="font/woff2" crossorigin>'
    return html.replace("</head>", f"{link}</head>", 1) if "<math" in html else html


def hasten_search(config: MkDocsConfig) -> None:
    """Let the search of Material read pages without the elements that say nothing to a search.

    Its parser takes a second for the drawings, the formulas and the tokens of a long page.
    """
    if plugin := config.plugins.get(SEARCH):
        index: Any = plugin.search_index
        index.add_entry_from_context = partial(_add_entry, index.add_entry_from_context)


def _add_entry(add: Callable[[Page], None], page: Page) -> None:
    """Add a page to the index of a search."""
    page = copy.copy(page)
    page.content = _searched(page.content or "")
    add(page)


def _searched(html: str) -> str:
    """Return HTML in which a search finds the same, but sooner."""
    html = FORMULA.sub(lambda formula: TAG.sub("", formula[0]), NOT_SEARCHED.sub("", html))
    return TOKEN.sub(r"\1", html)


def arrange(files: Files, order: Iterable[File]) -> None:
    """Put files after the others, in an order; those that are gone stay so."""
    for file in [file for file in order if file.src_uri in files.src_uris]:
        files.remove(file)
        files.append(file)


def set_formulas(html: str, contents: TableOfContents, formulas: Formulas) -> str:
    """Return the HTML of a page with its formulas set, and set those of its table of contents.

    Raises
    ------
    MathError
        A formula that cannot be set.
    """
    html = formulas.set(html)
    for item in _all_items(contents.items):
        item.title = formulas.set_title(item.title)
    return html


def _all_items(items: list[AnchorLink]) -> Iterator[AnchorLink]:
    """Yield the entries of a table of contents, those of the sections within it too."""
    for item in items:
        yield item
        yield from _all_items(item.children)


def _as_it_is(source: str, *_: Any, **__: Any) -> str:
    """Put a fence of HTML into the page."""
    return source
