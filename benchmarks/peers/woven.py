"""The pages as they are once their blocks have run: what plain Material is given to build."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from benchmarks.peers.dialect import for_literate
from benchmarks.peers.example import Page, library
from literate.page import read
from literate.pool import Pool
from literate.weave import weave

__all__ = ["Weaver"]


class Weaver:
    """Run pages and weave them, each once.

    Parameters
    ----------
    folder
        Where they run.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.woven: dict[Page, str] = {}

    def __call__(self, pages: Sequence[Page]) -> list[str]:
        """Give the Markdown of pages."""
        new = [page for page in pages if page not in self.woven]
        if new:
            self._weave(new)
        return [self.woven[page] for page in pages]

    def _weave(self, pages: Sequence[Page]) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "model.py").write_text(library(factor=1), "utf-8")
        sources = {f"{page.name}.md": page for page in pages}
        read_pages = {path: read(for_literate(page), path) for path, page in sources.items()}
        pool = Pool(self.folder)
        try:
            for run in pool.run(list(read_pages.values())):
                text = weave(read_pages[run.path], run.results).text
                self.woven[sources[run.path]] = text
        finally:
            pool.close()
