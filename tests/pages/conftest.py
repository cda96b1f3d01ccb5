"""One run of every page that has blocks, for the tests of what they give."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from literate.page import read
from literate.pool import Pool

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
def site(tmp_path_factory):
    """Give the folder of the site, built strictly."""
    folder = tmp_path_factory.mktemp("site")
    subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", folder],
        cwd=ROOT,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
        check=True,
    )
    return folder
