"""Builds of one state of the project give one site, to the last byte."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
SOURCES = ["docs", "literate", "mathlib", "mkdocs.yml", "tests/literate/cases"]
EPOCH = "1700000000"
BUILD = """\
import sys, time_machine
time_machine.travel(float(sys.argv.pop(1)), tick=True).start()
from mkdocs.__main__ import cli
cli()
"""


def copy_project(folder):
    """Copy what the site is built from."""
    for name in SOURCES:
        source, target = ROOT / name, folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(source, target)
    return folder


def build(folder, clock):
    """Build a copy under a clock that shows another time; give its log and its files' digests."""
    done = subprocess.run(
        [sys.executable, "-c", BUILD, str(clock), "build", "--strict"],
        cwd=folder,
        env=os.environ
        | {
            "NO_MKDOCS_2_WARNING": "1",
            "PYTHONPATH": str(folder),
            "SITE_URL": "https://site.example/",
            "SOURCE_DATE_EPOCH": EPOCH,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    files = (path for path in sorted((folder / "site").rglob("*")) if path.is_file())
    return done.stderr, {
        path.relative_to(folder / "site").as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }


def differing(one, other):
    return sorted(name for name in one | other if one.get(name) != other.get(name))


@pytest.fixture(scope="module")
def copies(tmp_path_factory):
    """Give two copies of the project, in folders of other names and depths."""
    return [copy_project(tmp_path_factory.mktemp("project") / name) for name in ("a", "b/deep er")]


@pytest.fixture(scope="module")
def first(copies):
    return build(copies[0], 1_800_000_000)


@pytest.fixture(scope="module")
def second(copies):
    return build(copies[1], 1_912_345_678)


def test_another_folder_and_another_time_give_the_same_bytes(first, second):
    assert ", 0 kept, " in first[0]
    assert ", 0 kept, " in second[0]
    assert len(first[1]) > 50
    assert differing(first[1], second[1]) == []


def test_kept_results_give_the_same_bytes(first, second, copies):  # noqa: ARG001 - the copy was built
    log, files = build(copies[1], 2_000_000_000)

    assert " 0 pages run, " in log
    assert differing(first[1], files) == []


def test_the_date_of_the_site_is_the_one_that_is_set(first, copies):  # noqa: ARG001 - as above
    sitemap = (copies[0] / "site/sitemap.xml").read_text("utf-8")

    assert "<lastmod>2023-11-14</lastmod>" in sitemap


def test_a_file_that_differs_would_be_named():
    assert differing({"a": "1", "b": "2"}, {"a": "1", "b": "3", "c": "4"}) == ["b", "c"]
