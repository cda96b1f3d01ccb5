"""One run of every page that has blocks, and the HTML of the site, for tests of what they give."""

from pathlib import Path

import lxml.html
import pytest

from literate.read import read
from literate.run import Pool

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="session")
def pool():
    """Give the warm parent, in the project's folder."""
    pool = Pool(ROOT)
    yield pool
    pool.close()


@pytest.fixture(scope="session")
def runs(pool):
    """Give each page with its results, by its path in the project."""
    paths = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    pages = [read(path.read_text("utf-8"), path.relative_to(ROOT).as_posix()) for path in paths]
    results = {run.path: run.results for run in pool.run(pages)}
    return {page.path: (page, results[page.path]) for page in pages}


@pytest.fixture(scope="session")
def documents(site):
    """Give each HTML file of the site, parsed, by its path."""
    return {
        path.relative_to(site).as_posix(): lxml.html.parse(path).getroot()
        for path in sorted(site.rglob("*.html"))
    }
