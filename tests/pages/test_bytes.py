"""Builds of one state of the project give one site, to the last byte."""

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.reading.sources import copy_sources

ROOT = Path(__file__).parent.parent.parent
BUILD = """\
import sys, time_machine
time_machine.travel(float(sys.argv.pop(1)), tick=True).start()
from mkdocs.__main__ import cli
cli()
"""


def build(folder, clock, hosted):
    """Build a copy under a clock that shows another time; give its log."""
    done = subprocess.run(
        [sys.executable, "-c", BUILD, str(clock), "build", "--strict"],
        cwd=folder,
        env=hosted | {"PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stderr


def digest(site):
    """Give the digest of every file of a site, by its path."""
    return {
        path.relative_to(site).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(site.rglob("*"))
        if path.is_file()
    }


def differing(one, other):
    return sorted(name for name in one | other if one.get(name) != other.get(name))


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """Give a copy of the project, in a folder of another name and depth."""
    return copy_sources(ROOT, tmp_path_factory.mktemp("project") / "deep er")


@pytest.fixture(scope="module")
def log(project, hosted):
    return build(project, 1_912_345_678, hosted)


def test_another_folder_and_another_time_give_the_same_bytes(site, project, log):
    built = digest(site)

    assert ", 0 kept" in log
    assert len(built) > 50
    assert differing(built, digest(project / "site")) == []


def test_kept_results_give_the_same_bytes(site, project, log, hosted):  # noqa: ARG001 - the first build keeps them
    again = build(project, 2_000_000_000, hosted)

    assert " 0 pages run, " in again
    assert differing(digest(site), digest(project / "site")) == []


def test_the_date_of_the_site_is_the_one_that_is_set(site):
    sitemap = (site / "sitemap.xml").read_text("utf-8")

    assert "<lastmod>2023-11-14</lastmod>" in sitemap


def test_a_file_that_differs_would_be_named():
    assert differing({"a": "1", "b": "2"}, {"a": "1", "b": "3", "c": "4"}) == ["b", "c"]
