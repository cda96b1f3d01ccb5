"""Names that a page's code imports are linked, and nothing else is."""

import re

import lxml.html
import pytest
from markdown import Markdown

from literate.weave.autolink import link_names

LINK = re.compile(r'<autoref optional identifier="([^"]*)">(.*?)</autoref>', re.DOTALL)
TAG = re.compile(r"<[^>]+>")


def linked(text):
    """Return what is linked in a page, with where to."""
    html = Markdown(extensions=["pymdownx.superfences", "pymdownx.highlight"]).convert(text)
    given = link_names(html, lambda module: module.split(".")[0] == "library")
    assert LINK.sub(r"\2", given) == html
    return [(TAG.sub("", text), path) for path, text in LINK.findall(given)]


def block(code):
    return f"```python\n{code}\n```\n\n"


def test_a_name_is_linked_where_it_is_imported_and_where_it_is_used():
    code = block("from library.part import area\n\nprint(2 * area(3))")

    assert linked(code) == [("area", "library.part.area")] * 2


def test_a_name_in_a_list_of_many_lines_is_linked_and_one_with_another_name_too():
    code = block("from library import (\n    area,\n    volume as V,\n)\narea(V)")

    assert linked(code) == [
        ("area", "library.area"),
        ("volume", "library.volume"),
        ("area", "library.area"),
        ("V", "library.volume"),
    ]


def test_later_blocks_and_prose_know_the_name():
    page = (
        "At first `area`.\n\n" + block("from library import area") + block("area") + "Then `area`."
    )

    assert linked(page) == [("area", "library.area")] * 4


@pytest.mark.parametrize(
    "use",
    [
        "shape.area",
        "f(area=1)",
        "'area'",
        "# area",
        "area = 1; area",
        "def f(area): return area",
        "def area(): return area",
        "from elsewhere import area; area",
        "[area for area in shapes]",
        "area is no Python",
    ],
)
def test_what_only_looks_like_the_name_is_not_linked(use):
    page = block("from library import area") + block(use)

    assert linked(page) == [("area", "library.area")]


def test_a_name_that_the_page_gives_two_meanings_is_not_linked_in_prose():
    assert linked(block("from library import area\narea = 1") + "`area`") == [
        ("area", "library.area")
    ]


@pytest.mark.parametrize(
    "text", ["# On `area`", "[`area`](x.md)", "`area(2)`", "`shape.area`", "area"]
)
def test_headings_links_and_other_code_are_left_alone(text):
    assert linked(block("from library import area") + text) == [("area", "library.area")]


def test_names_after_letters_of_many_bytes_and_characters_of_html_are_found():
    code = block("from library import area\nη = 'ä < & > 𝛿'; area; '<b>' < area")

    assert linked(code) == [("area", "library.area")] * 3


def test_names_of_other_packages_are_not_linked():
    assert linked(block("import numpy as np\nfrom numpy import array\narray(np)") + "`array`") == []


def test_a_page_links_to_the_reference_of_the_project(project):
    project.write("docs/reference.md", "# Reference\n\n::: library\n")
    project.write("library.py", 'def double(x):\n    """Double a number."""\n    return 2 * x\n')
    project.write("docs/sub/page.md", project.PAGE + "\nSo `double` doubles, `os` does not.\n")
    reference = "{mkdocstrings: {handlers: {python: {paths: [.]}}}}"
    project.write("mkdocs.yml", project.CONFIG.replace("literate]", f"literate, {reference}]"))

    status, log = project.build("--strict")

    assert status == 0, log
    links = lxml.html.fromstring(project.html("sub/page/index.html")).xpath(
        "//article//a[.//text()='double']/@href"
    )
    assert links == ["../../reference/#library.double"] * 2


def test_a_site_without_a_reference_has_no_links(project):
    status, log = project.build("--strict")

    assert status == 0, log
    assert "autoref" not in project.html()
