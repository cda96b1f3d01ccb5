"""A peer's project: what is written, what is edited, and what counts as wrong."""

import pytest

from benchmarks.peers.example import Page
from benchmarks.peers.project import shows

PAGE = Page(2)
HTML = "<p>This is edition\n1 of page 2.</p><pre><span>squares</span>: 334835501\n</pre>"


@pytest.fixture
def published(project):
    """Return a project that a right tool has built."""
    publish(project)
    return project


def publish(project):
    """Write what a right tool would."""
    for page in project.pages.values():
        file = project.folder / "site" / page.name / "index.html"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("<br>".join(page.published(project.factor)), "utf-8")


def test_a_project_has_its_own_files_the_library_and_the_pages(project):
    files = {
        path.name for path in project.folder.rglob("*") if path.suffix in {".md", ".py", ".yml"}
    }

    assert files == {"a.yml", "model.py", "page-001.md", "page-002.md"}


def test_a_page_is_right_that_shows_its_prose_and_its_number():
    assert shows(HTML, PAGE, factor=1)


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("edition\n1", "edition\n2"),
        ("page 2", "page 1"),
        ("334835501", "3348355010"),
        (": 334835501", ": -334835501"),
    ],
)
def test_a_page_is_wrong_that_shows_another_version(text, other):
    assert not shows(HTML.replace(text, other), PAGE, factor=1)


@pytest.mark.parametrize(
    ("edit", "wrong"),
    [
        (lambda _: None, 0),
        (lambda project: project.edit_prose(1), 1),
        (lambda project: project.edit_code(2), 1),
        (lambda project: project.edit_library(), 2),
    ],
    ids=["nothing", "prose", "code", "library"],
)
def test_pages_that_an_edit_has_not_reached_are_wrong(published, edit, wrong):
    edit(published)

    assert published.wrong() == wrong
    publish(published)
    assert published.wrong() == 0


def test_a_page_that_is_not_published_is_wrong(published):
    (published.folder / "site" / "page-001" / "index.html").unlink()

    assert published.wrong() == 1


def test_an_edit_changes_one_file_and_the_library_another(project):
    pages = [project.folder / "docs" / f"page-00{number}.md" for number in (1, 2)]
    before = [page.read_text("utf-8") for page in pages]
    project.edit_code(1)
    project.edit_library()

    assert "n = 2001" in pages[0].read_text("utf-8")
    assert pages[1].read_text("utf-8") == before[1]
    assert "FACTOR = 10\n" in (project.folder / "model.py").read_text("utf-8")
