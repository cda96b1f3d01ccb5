"""The page that a new page starts from."""

import subprocess
import sys
from types import SimpleNamespace

import pytest


def start(project, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "literate", "new", *arguments],
        cwd=project.folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_new_page_has_its_title_and_says_what_to_add_to_the_navigation(project):
    done = start(project, "docs/deep/er/sums.md", "Sums of $n$ numbers")
    text = (project.folder / "docs/deep/er/sums.md").read_text("utf-8")

    assert done.returncode == 0, done.stderr
    assert "\n# Sums of $n$ numbers\n" in text
    assert "- deep/er/sums.md\n" in done.stdout
    assert "pytest docs/deep/er/sums.md\n" in done.stdout


def test_a_new_page_builds_strictly_and_passes_its_tests(project):
    start(project, "docs/solutions/sums.md", "Sums")
    status, log = project.build("--strict")
    tested = subprocess.run(
        [sys.executable, "-m", "pytest", "--codeblocks", "-q", "docs/solutions/sums.md"],
        cwd=project.folder,
        capture_output=True,
        text=True,
        check=False,
    )

    assert status == 0, log
    assert "the sum is 78" in project.html("solutions/sums/index.html")
    assert "3 passed" in tested.stdout, tested.stdout


@pytest.mark.parametrize("config", ["site_name: P\n", "site_name: P\ndocs_dir: docs\n", None])
def test_the_first_page_makes_the_folder(config, tmp_path):
    if config:
        (tmp_path / "mkdocs.yml").write_text(config)
    project = SimpleNamespace(folder=tmp_path)
    done = start(project, "docs/index.md", "First")

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "docs/index.md").exists()


def test_pages_lie_where_the_configuration_says(tmp_path):
    (tmp_path / "mkdocs.yml").write_text("site_name: P\ndocs_dir: pages\n")
    project = SimpleNamespace(folder=tmp_path)

    assert start(project, "pages/a.md", "A").stdout.count("- a.md\n") == 1
    assert (
        "such as pages/solutions/name.md, not docs/a.md" in start(project, "docs/a.md", "A").stderr
    )


def test_a_page_that_is_there_is_not_overwritten(project):
    done = start(project, "docs/index.md", "Another")

    assert done.returncode == 2
    assert "docs/index.md is there already" in done.stderr
    assert (project.folder / "docs/index.md").read_text("utf-8") == project.PAGE


@pytest.mark.parametrize("path", ["page.md", "docs/page.txt", "docs/../page.md", "/docs/page.md"])
def test_a_page_lies_in_the_folder_of_the_pages(path, project):
    done = start(project, path, "Title")

    assert done.returncode == 2
    assert f"docs/solutions/name.md, not {path}" in done.stderr
    assert not (project.folder / "page.md").exists()


def test_a_page_needs_a_title(project):
    done = start(project, "docs/page.md", " ")

    assert done.returncode == 2
    assert "a page needs a title" in done.stderr
    assert not (project.folder / "docs/page.md").exists()
