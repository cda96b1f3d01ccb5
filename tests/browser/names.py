"""The pages of the site: of sources, of notebooks, and the one for missing addresses."""

from pathlib import Path

import pytest

from literate.read import read

__all__ = ["KINDS", "PAGES", "SOURCES", "WORKED", "every_page", "publish"]

DOCS = Path(__file__).parent.parent.parent / "docs"


def publish(path):
    """Give where a source is published."""
    return f"{path.relative_to(DOCS).with_suffix('').as_posix()}/".replace("index/", "")


SOURCES = sorted(DOCS.rglob("*.md"))
VIEWS = [f"{publish(p)}notebook/" for p in SOURCES if read(p.read_text("utf-8"), p.name).chains]
PAGES = ["404.html", *map(publish, SOURCES), *VIEWS]
WORKED = [name for name in PAGES if name.startswith("solutions/") and name not in VIEWS]
KINDS = {"404.html", "", "answers/", "authoring/", "reference/shapes/", WORKED[-1], VIEWS[-1]}

every_page = pytest.mark.parametrize("name", PAGES, ids=lambda name: name.strip("/") or "home")
