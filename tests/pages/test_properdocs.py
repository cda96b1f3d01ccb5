"""ProperDocs, which goes on where MkDocs ends, builds the same site."""

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.slow
def test_properdocs_builds_the_same_articles(hosted, site, article, tmp_path):
    command = [sys.executable, "-m", "properdocs", "build", "--strict", "--quiet"]
    subprocess.run(
        [*command, "--config-file", "mkdocs.yml", "--site-dir", tmp_path],
        cwd=Path(__file__).parent.parent.parent,
        env=hosted,
        check=True,
    )
    pages = sorted(path.relative_to(site) for path in site.rglob("index.html"))

    assert sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("index.html")) == pages
    assert [str(page) for page in pages if article(tmp_path / page) != article(site / page)] == []
