"""The reference documents every module, and the pages link to it."""

import ast
import json
import pkgutil
import re
from pathlib import Path

import lxml.html
import pytest

import literate
import mathlib
from literate.page import Block

ROOT = Path(__file__).parent.parent.parent
PAGES = sorted(
    path for path in (ROOT / "docs").rglob("*.md") if "\n```python\n" in path.read_text("utf-8")
)
DOCUMENTED = {
    name
    for path in (ROOT / "docs/reference").glob("*.md")
    for name in re.findall(r"^::: ([\w.]+)$", path.read_text("utf-8"), re.MULTILINE)
}
INNER = {
    "literate.__main__": "the command once more",
    "literate.site.options": "its options are documented as `LiterateConfig`",
}


def imported(blocks):
    """Give the paths of the names that blocks import from the project and show."""
    for block in blocks:
        for node in ast.walk(ast.parse(block.shown)) if block.options.echo else ():
            if isinstance(node, ast.ImportFrom) and node.module.startswith(("mathlib", "literate")):
                yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_every_module_is_documented():
    modules = {
        module.name
        for package in (literate, mathlib)
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
        if not module.ispkg
    }
    assert modules - set(INNER) == DOCUMENTED - {"literate.site.options.LiterateConfig"}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_every_name_that_a_page_imports_links_to_the_reference(path, runs, site):
    page, _ = runs[path.relative_to(ROOT).as_posix()]
    uri = path.relative_to(ROOT / "docs").with_suffix("").as_posix()
    html = site / ("" if uri == "index" else uri) / "index.html"
    links = lxml.html.parse(html).xpath("//article//pre//a[contains(@class, 'autorefs')]/@href")
    linked = [link.rpartition("#")[2].rpartition(".")[2] for link in links]
    names = [name.rpartition(".")[2] for name in imported(
        step for chain in page.chains for step in chain.steps if isinstance(step, Block)
    )]  # fmt: skip

    assert not set(names) - set(linked)


def test_the_search_holds_what_the_reference_says_and_no_source(site):
    index = json.loads((site / "search/search_index.json").read_text("utf-8"))
    texts = [e["text"] for e in index["docs"] if e["location"].startswith("reference/")]

    assert any("Parameters:" in text for text in texts)
    assert not [text for text in texts if '"""' in text]
