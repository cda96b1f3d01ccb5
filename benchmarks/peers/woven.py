"""The pages as they are once their blocks have run: what plain Material is given to build."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.peers.dialect import for_literate
from benchmarks.peers.example import Page, library
from literate.read import read
from literate.run import Pool
from literate.weave import weave

__all__ = ["weaver"]


def weaver(folder: Path) -> Callable[[Sequence[Page]], list[str]]:
    """Return a function from pages to their Markdown, which runs each page once, in a folder."""
    woven: dict[Page, str] = {}

    def write(pages: Sequence[Page]) -> list[str]:
        if new := [page for page in pages if page not in woven]:
            woven.update(zip(new, _weave(new, folder), strict=True))
        return [woven[page] for page in pages]

    return write


def _weave(pages: Sequence[Page], folder: Path) -> list[str]:
    """Run pages, and return them with their results."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.py").write_text(library(factor=1), "utf-8")
    texts = {f"{page.name}.md": for_literate(page) for page in pages}
    sources = {path: read(text, path) for path, text in texts.items()}
    pool = Pool(folder)
    try:
        for run in pool.run(list(sources.values())):
            texts[run.path] = weave(sources[run.path], run.results).text
    finally:
        pool.close()
    return list(texts.values())
