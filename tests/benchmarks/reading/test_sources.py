"""The sources of this site, copied."""

from benchmarks.reading.sources import copy_sources
from benchmarks.setting import ROOT


def test_a_copy_takes_the_place_of_what_was_there(tmp_path):
    (tmp_path / "old").write_text("")
    copy = copy_sources(ROOT, tmp_path)

    assert not (copy / "old").exists()
    for name in ("mkdocs.yml", "docs/index.md", "benchmarks/results.json"):
        assert (copy / name).read_bytes() == (ROOT / name).read_bytes()
    assert not list(copy.rglob("__pycache__"))
