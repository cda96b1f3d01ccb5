"""What Markdown, the theme and MkDocs' order of pages need for woven pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from importlib import resources
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import AnchorLink, TableOfContents
from mkdocs.utils import get_relative_url

from literate.site.extension import NAME, Conversion
from literate.weave import Formulas

__all__ = ["add_assets", "add_files", "arrange", "configure", "load_font_first", "set_formulas"]

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


def add_files(files: Files, config: MkDocsConfig, contents: Mapping[str, str | bytes]) -> None:
    """Add files to a site, by their names below it; one that is there already stays."""
    for name, content in contents.items():
        if name not in files.src_uris:
            files.append(File.generated(config, name, content=content))


def add_assets(files: Files, config: MkDocsConfig) -> None:
    """Add the styles and the fonts of woven pages to a site."""
    assets = (resources.files("literate") / "assets").iterdir()
    add_files(files, config, {f"{ASSETS}/{file.name}": file.read_bytes() for file in assets})


def load_font_first(html: str, page: Page) -> str:
    """Request the font of a page's formulas at once, so that no line moves when it comes."""
    font = get_relative_url(f"{ASSETS}/{FONT}", page.url)
    link = f'<link rel="preload" href="{font}" as="font" type="font/woff2" crossorigin>'
    return html.replace("</head>", f"{link}</head>", 1) if "<math" in html else html


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
