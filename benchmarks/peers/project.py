"""A peer's project on disk: its pages and library, edits of them, builds, and what is published."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from pathlib import Path

from benchmarks.peers.command import Taken, run
from benchmarks.peers.environment import Environment, make
from benchmarks.peers.example import Page, library
from benchmarks.peers.tools import Peer
from benchmarks.setting import Setting

__all__ = ["Project", "shows"]

TAG = re.compile(r"<[^>]*>")


class Project:
    """A site of a peer.

    Parameters
    ----------
    peer
        The tool.
    environment
        Where it is installed.
    folder
        Where the project is written; what was there is deleted.
    count
        How many pages it has.
    """

    def __init__(self, peer: Peer, environment: Environment, folder: Path, count: int) -> None:
        self.peer, self.environment, self.folder = peer, environment, folder
        self.factor = 1
        self.pages = {number: Page(number) for number in range(1, count + 1)}
        shutil.rmtree(folder, ignore_errors=True)
        for name, text in peer.files.items():
            self._write(name, text)
        self._write("model.py", library(self.factor))
        self._write_pages(list(self.pages.values()))

    @classmethod
    def new(cls, peer: Peer, setting: Setting, place: str, count: int) -> Project:
        """Make a project in a place among the benchmark's folders, with what the peer needs."""
        folder = setting.folder / place / peer.folder
        return cls(peer, make(peer.packages, setting), folder, count)

    def build(self) -> Taken:
        """Build the site."""
        command = [str(self.environment.python), *self.peer.build]
        return run(command, self.folder, self.environment.variables(self.folder))

    def edit_prose(self, number: int) -> None:
        """Change a sentence of a page."""
        self._edit(number, lambda page: replace(page, edition=page.edition + 1))

    def edit_code(self, number: int) -> None:
        """Change a number in the first block of a page, so that all its outputs change."""
        self._edit(number, lambda page: replace(page, revision=page.revision + 1))

    def edit_library(self) -> None:
        """Change a number in the library, so that all pages change."""
        self.factor *= 10
        self._write("model.py", library(self.factor))

    def wrong(self) -> int:
        """Return how many published pages do not say what they must."""
        return sum(not self._is_right(number) for number in self.pages)

    def address(self, number: int) -> str:
        """Return where a page is on the site."""
        return self.peer.address.format(name=self.pages[number].name)

    def published(self, number: int) -> Path:
        """Return the file of a page on the site."""
        address = self.address(number)
        return self.folder / "site" / address / ("index.html" if address.endswith("/") else "")

    def _is_right(self, number: int) -> bool:
        file = self.published(number)
        return file.exists() and shows(file.read_text("utf-8"), self.pages[number], self.factor)

    def _edit(self, number: int, change: Callable[[Page], Page]) -> None:
        self.pages[number] = change(self.pages[number])
        self._write_pages([self.pages[number]])

    def _write_pages(self, pages: list[Page]) -> None:
        for page, text in zip(pages, self.peer.write(pages), strict=True):
            self._write(f"docs/{page.name}.md", text)

    def _write(self, name: str, text: str) -> None:
        """Write a file at once, so that no server sees half of it."""
        path, new = self.folder / name, self.folder / ".new"
        path.parent.mkdir(parents=True, exist_ok=True)
        new.write_text(text, "utf-8")
        new.replace(path)


def shows(html: str, page: Page, factor: int) -> bool:
    """Return whether a published page has its prose and the library's number of today."""
    text = " ".join(unescape(TAG.sub("", html)).split())
    return all(re.search(rf"{re.escape(needed)}(?!\d)", text) for needed in page.published(factor))
