"""The site as it is published: one strict build, its HTML, and its pages against their tests."""

import copy
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

import lxml.html
import pytest
from pytest_codeblocks import extract_from_file

from literate.read import read

ROOT = Path(__file__).parent.parent.parent
PAGES = sorted((ROOT / "docs").rglob("*.md"))
LITERATE = [page for page in PAGES if "```python" in page.read_text("utf-8")]
RESOURCES = {"img": "src", "script": "src", "iframe": "src", "source": "src", "image": "href"}
LOADING_RELATIONS = {"stylesheet", "icon", "preload", "modulepreload", "preconnect", "dns-prefetch"}


def without_blank_lines(codes):
    return [line for code in codes for line in code.splitlines() if line.strip()]


def prose(document):
    """Give a page's text outside code and what was printed."""
    (article,) = copy.deepcopy(document.xpath("//article") or [document])
    for element in article.xpath(".//pre | .//code"):
        element.drop_tree()
    return article.text_content()


def requests(document):
    """Give every address that a browser would load for a page."""
    for element in document.iter():
        if not isinstance(element.tag, str):
            continue
        name = element.tag.rpartition("}")[2]
        if name == "link" and LOADING_RELATIONS & set(element.get("rel", "").split()):
            yield element.get("href", "")
        elif name in RESOURCES:
            yield element.get(RESOURCES[name], "")


def test_there_is_a_page_for_every_source(documents):
    for page in PAGES:
        name = page.relative_to(ROOT / "docs").with_suffix("").as_posix()
        html = "index.html" if name == "index" else f"{name}/index.html"
        assert html in documents


def test_no_markup_is_left_raw(documents):
    for name, document in documents.items():
        text = prose(document)
        for raw in ("{{", "}}", "$", "!!!", "???", "\\(", "\\[", "@fig-", "///", "<!--", "#|"):
            assert raw not in text, (name, raw)


def test_every_formula_is_mathml(documents):
    formulas = [f for document in documents.values() for f in document.find_class("arithmatex")]

    assert formulas
    assert all(formula.xpath("./math") for formula in formulas)


def test_no_page_asks_another_host(documents, site):
    for name, document in documents.items():
        foreign = [a for a in requests(document) if re.match(r"(https?:)?//", a)]
        assert not foreign, name
    for sheet in site.rglob("*.css"):
        assert not re.search(r"(@import|url\()\s*[\"']?(https?:)?//", sheet.read_text("utf-8"))


def test_a_request_to_another_host_would_be_seen():
    page = '<link rel="stylesheet" href="https://fonts.example/a.css"><img src="//x.example/a.png">'
    document = lxml.html.fromstring(page)

    assert len([a for a in requests(document) if re.match(r"(https?:)?//", a)]) == 2


def test_no_id_stands_twice_on_a_page(documents):
    for name, document in documents.items():
        ids = document.xpath("//@id")
        assert len(ids) == len(set(ids)), (name, {i for i in ids if ids.count(i) > 1})


def test_every_figure_has_a_caption_a_number_and_an_alternative_text(documents):
    for name, document in documents.items():
        figures = document.xpath("//article//figure")
        numbers = [figure.xpath("string(.//figcaption//strong)") for figure in figures]
        for word in ("Figure", "Table"):
            its = [number for number in numbers if number.startswith(word)]
            assert its == [f"{word} {i}." for i in range(1, len(its) + 1)], name
        assert all(number.startswith(("Figure", "Table")) for number in numbers), name
        for figure in document.xpath("//article//figure[not(.//table)]"):
            texts = figure.xpath(".//svg/@aria-label | .//img/@alt")
            assert texts, name
            assert all(len(text) > 20 for text in texts), name


def test_every_link_within_the_site_has_a_target(documents, site):
    for name, document in documents.items():
        for href in document.xpath("//article//a/@href"):
            if re.match(r"\w+:|//", href):
                continue
            path, _, anchor = href.partition("#")
            folder = site if path.startswith("/") else (site / name).parent
            target = folder / path.lstrip("/") if path else site / name
            target = target / "index.html" if target.is_dir() else target
            assert target.exists(), (name, href)
            if anchor and target.suffix == ".html":
                key = target.resolve().relative_to(site.resolve()).as_posix()
                assert documents[key].get_element_by_id(unquote(anchor), None) is not None, (
                    name,
                    href,
                )


@pytest.mark.parametrize("path", LITERATE, ids=lambda path: path.stem)
def test_every_block_of_a_page_is_in_some_test(path):
    fences = re.findall(
        r"^([ \t]*)(`{3,})([^\n]*)\n(.*?)^\1\2$", path.read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    codes = [
        re.sub(f"^{indent}", "", code, flags=re.MULTILINE)
        for indent, _, info, code in fences
        if info == "python"
    ]
    tested = [block for block in extract_from_file(path) if block.syntax == "python"]

    assert codes
    # Of an indented block, pytest-codeblocks leaves out the blank lines.
    assert without_blank_lines(codes) == without_blank_lines(block.code for block in tested)
    marks = {mark for block in tested for mark in block.marks}
    assert marks <= {"pytest.mark.xfail(strict=True)"}


@pytest.fixture(scope="module")
def collected(pytestconfig):
    """Give the lines of each page at which pytest finds a test."""
    assert pytestconfig.getoption("codeblocks")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", *map(str, LITERATE)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    lines = {path: [] for path in LITERATE}
    for name, line in re.findall(r"^(\S+\.md)::line (\d+)$", done.stdout, re.MULTILINE):
        lines[ROOT / name].append(int(line))
    return lines


@pytest.mark.parametrize("path", LITERATE, ids=lambda path: path.stem)
def test_pytest_collects_a_test_for_every_chain_of_a_page(path, collected):
    page = read(path.read_text("utf-8"), path.name)

    assert [chain.steps[0].line for chain in page.chains] == sorted(collected[path])


def test_every_page_is_in_the_navigation():
    nav = (ROOT / "mkdocs.yml").read_text("utf-8").partition("\nnav:\n")[2].partition("\n\n")[0]
    named = set(re.findall(r"[\w/-]+\.md$", nav, re.MULTILINE))

    assert named == {page.relative_to(ROOT / "docs").as_posix() for page in PAGES}
