"""Copies of what this site is built from."""

from benchmarks.reading.sources import copy_without_results
from benchmarks.setting import ROOT


def test_this_site_is_built_whatever_the_results_are(tmp_path):
    copy = copy_without_results(ROOT, tmp_path / "site")

    assert (copy / "mkdocs.yml").read_text("utf-8") == (ROOT / "mkdocs.yml").read_text("utf-8")
    assert "```" not in (copy / "docs" / "benchmarks.md").read_text("utf-8")
    assert "```python" in (copy / "docs" / "solutions" / "gradients.md").read_text("utf-8")
