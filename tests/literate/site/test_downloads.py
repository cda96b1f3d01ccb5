"""What a site offers beside its pages: notebooks, scripts, and the views of notebooks."""

import json

import lxml.html
import psutil
import pytest

NAMES = ("index.ipynb", "index.py", "notebook/index.html")


@pytest.fixture
def offering(project):
    """Return the project, with notebooks."""
    configure(project)
    return project


def configure(project, options="notebooks: true", rest=""):
    config = project.CONFIG.replace("literate]", f"{{literate: {{{options}}}}}]")
    project.write("mkdocs.yml", f"{config}{rest}")


def links(project, name="index.html"):
    document = lxml.html.fromstring(project.html(name))
    return document.xpath('//p[@class="notebook"]/a/@href')


def test_a_page_offers_its_notebook_and_its_script(offering):
    status, log = offering.build("--strict")

    assert status == 0, log
    assert links(offering) == ["notebook/", "index.ipynb", "index.py"]
    notebook = json.loads(offering.html("index.ipynb"))
    assert [cell["cell_type"] for cell in notebook["cells"]] == ["markdown", "code", "markdown"]
    assert "Twice is 42" in notebook["cells"][-1]["source"]
    assert "from library import double" in offering.html("index.py")
    assert "Twice is 42" in offering.html("notebook/index.html")
    assert "not included in the" not in log


def test_the_view_of_an_edited_page_is_made_after_it(offering):
    offering.write("docs/other.md", offering.PAGE)
    offering.build()
    offering.write("docs/index.md", offering.PAGE.replace("21", "23"))
    status, log = offering.build("--strict")

    assert status == 0, log
    assert "Twice is 46" in offering.html("notebook/index.html")
    assert "Twice is 42" in offering.html("other/notebook/index.html")


def test_a_site_offers_notebooks_only_if_it_is_told_to(project):
    project.build()

    assert 'class="notebook"' not in project.html()
    assert not list((project.folder / "site").rglob("*.ipynb"))


def test_notebooks_have_their_places_without_directory_urls_too(project):
    configure(project, rest="use_directory_urls: false\n")
    project.write("docs/sub/other.md", project.PAGE)
    status, log = project.build("--strict")

    assert status == 0, log
    assert links(project, "sub/other.html") == ["other/notebook.html", "other.ipynb", "other.py"]
    for link in links(project, "sub/other.html"):
        assert (project.folder / "site/sub" / link).exists()


def test_a_downloaded_notebook_links_to_the_known_site_and_its_view_to_the_built_one(project):
    known = "site_url: https://example.org/a/\nrepo_url: https://r.org\n"
    configure(project, "notebooks: true, library: library", known)
    project.write("docs/sub/other.md", f"{project.PAGE}\n[First](../index.md#page).\n")
    status, log = project.build("--strict")
    notebook = project.html("sub/other/other.ipynb")

    assert status == 0, log
    assert "[its page](https://example.org/a/sub/other/)" in notebook
    assert "[First](https://example.org/a/#page)" in notebook
    assert "pip install git+https://r.org" in notebook
    assert '<a href="../../../#page">First</a>' in project.html("sub/other/notebook/index.html")


def test_a_kept_notebook_is_the_same_and_is_not_rendered_again(offering):
    offering.build()
    first = [offering.html(name) for name in NAMES]
    kept = {file: file.stat().st_mtime_ns for file in made(offering)}
    _, log = offering.build()

    assert "0 pages run, 1 kept" in log
    assert [offering.html(name) for name in NAMES] == first
    assert kept
    assert {file: file.stat().st_mtime_ns for file in made(offering)} == kept


def made(project):
    return list((project.folder / ".cache/literate").glob("*.made"))


@pytest.mark.parametrize(
    ("name", "before", "after", "new"),
    [
        ("docs/index.md", "Twice is", "Two times it is", "Two times it is 42"),
        ("library.py", "2 * x", "3 * x", "Twice is 63"),
        (
            "mkdocs.yml",
            "site_name: Project",
            "site_name: Project\nrepo_url: https://r.org",
            "r.org",
        ),
    ],
)
def test_a_notebook_follows_an_edit(project, name, before, after, new):
    configure(project, "notebooks: true, library: library")
    project.build()
    assert not [name for name in NAMES if new in project.html(name)]
    path = project.folder / name
    project.write(name, path.read_text("utf-8").replace(before, after))
    project.build()

    assert [name for name in NAMES if new in project.html(name)] == list(NAMES)


def test_without_a_cache_notebooks_are_made_in_each_build(project):
    configure(project, "notebooks: true, cache: false")
    for _ in range(2):
        status, log = project.build("--strict")

        assert status == 0, log
        assert "Twice is 42" in project.html("notebook/index.html")
    assert not (project.folder / ".cache").exists()


def test_the_search_finds_no_view(offering):
    offering.build()
    index = json.loads(offering.html("search/search_index.json"))

    assert {entry["location"] for entry in index["docs"]} == {""}


def test_a_failing_page_has_no_notebook_until_it_is_mended(offering):
    offering.write("docs/index.md", f"{offering.PAGE}\n{{{{ 1 / 0 }}}}\n")
    with offering.serving() as wait_for:
        assert 'class="notebook"' not in wait_for("ZeroDivisionError")
        offering.write("docs/index.md", offering.PAGE)
        wait_for("Twice is 42", 'class="notebook"')
        wait_for("Twice is 42", "its page", page="notebook/")


def test_a_page_whose_html_breaks_its_notebook_is_named(offering):
    offering.write("docs/index.md", f"{offering.PAGE}\n{'</div>' * 9}\n\n```python\n1\n```\n")
    status, log = offering.build()

    assert status == 1
    assert "docs/index.md:1: its notebook cannot be shown" in log


def test_the_process_that_renders_notebooks_ends_with_the_build(offering):
    process = offering.start("build")
    build = psutil.Process(process.pid)
    seen = set()
    while process.poll() is None:
        seen |= {
            child for child in children(build) if "literate.notebook.renderer" in command(child)
        }
    process.communicate()

    assert len(seen) == 1
    assert not [child for child in seen if child.is_running()]


def children(process):
    try:
        return process.children()
    except psutil.NoSuchProcess:
        return []


def command(process):
    try:
        return process.cmdline()
    except psutil.NoSuchProcess:
        return []
