"""Introduce each page of a site where somebody links to it, by its card, its title and its text."""

from __future__ import annotations

from urllib.parse import urljoin

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from literate.card import draw_card, tag_card

__all__ = ["Introduction"]

CARDS = "assets/cards"


class Introduction:
    """The cards of a site.

    Parameters
    ----------
    config
        The site, which has an address.
    files
        Its files, to which the cards are added.
    """

    def __init__(self, config: MkDocsConfig, files: Files) -> None:
        self.config = config
        self.files = files

    def add(self, page: Page) -> None:
        """Draw the card of a page, whose title is known by now."""
        site_name = "" if page.is_homepage else self.config.site_name
        card = draw_card(self._title(page), self._description(page), site_name)
        self.files.append(File.generated(self.config, _card(page.file), content=card))

    def tag(self, html: str, page: Page, source: File) -> str:
        """Introduce a page in its head, with the card of the page that it belongs to."""
        return tag_card(
            html,
            urljoin(self.config.site_url or "", _card(source)),
            type="website" if page.is_homepage else "article",
            title=self._title(page),
            description=self._description(page),
            url=page.canonical_url or "",
            site_name=self.config.site_name,
        )

    def _title(self, page: Page) -> str:
        """Give a page's title; the first page is the site."""
        own = self.config.site_name if page.is_homepage else page.title
        return str(page.meta.get("title") or own or "")

    def _description(self, page: Page) -> str:
        """Give what a page says of itself, or what the site does."""
        return str(page.meta.get("description") or self.config.site_description or "")


def _card(file: File) -> str:
    """Name the card of a page."""
    return f"{CARDS}/{file.dest_uri.removesuffix('.html')}.png"
