"""The notebook of every worked page: what is published runs, and shows what the page shows."""

import asyncio
import json
import os
import subprocess
import sys
from itertools import groupby
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from traitlets.config import Config

from literate.page import Block
from literate.read import read
from literate.result import in_order, richest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent.parent
WORKED = [
    path.relative_to(ROOT / "docs").with_suffix("").as_posix()
    for path in sorted((ROOT / "docs").rglob("*.md"))
    if read(path.read_text("utf-8")).chains
]
LOCAL = Config({"KernelManager": {"transport": "ipc"}})
DRAWINGS = {"image/svg+xml", "image/png"}
each_page = pytest.mark.parametrize("name", WORKED)


def folder(name):
    """Give where a page's HTML is, and what its downloads are called."""
    return ("", "index") if name == "index" else (f"{name}/", name.rpartition("/")[2])


def load(site, name):
    where, stem = folder(name)
    return nbformat.read(site / f"{where}{stem}.ipynb", as_version=4)


def found_in_both(documents, name, query):
    """Give what a query finds in the view of a page's notebook, and in the page."""
    where, _ = folder(name)
    return [
        documents[f"{where}{file}"].xpath(query) for file in ("notebook/index.html", "index.html")
    ]


def texts(cell):
    """Give what a cell printed, showed and raised, and how many drawings it left."""
    drawn = [o for o in cell.outputs if DRAWINGS & set(o.get("data", ()))]
    rest = [o for o in cell.outputs if o.get("name") != "stderr" and o not in drawn]
    shown = []
    for is_text, outputs in groupby(rest, lambda output: output.output_type == "stream"):
        if is_text:  # which Jupyter sends piece by piece
            shown.append("".join(output.text for output in outputs))
        else:
            shown += [output.get("ename") or dict(output.data) for output in outputs]
    return shown, len(drawn)


def named(kind, part):
    """Give a text that was printed, or the name of an error."""
    return part.partition(": ")[0] if kind == "error" else part


@each_page
def test_a_notebook_has_what_the_page_has(name, site, runs):
    notebook = load(site, name)
    nbformat.validate(notebook)
    page, results = runs[f"docs/{name}.md"]
    expected = []
    for chain, outcomes in zip(page.chains, results, strict=True):
        for step, ran in zip(chain.steps, outcomes, strict=True):
            if isinstance(step, Block):
                given = [
                    dict([richest(part)]) if isinstance(part, dict) else named(kind, part)
                    for kind, part in in_order(ran)
                    if kind not in {"figure", "stderr"}
                ]
                shown = (given, len(ran.figures)) if step.options.output else ([], 0)
                expected.append((step.shown.strip("\n"), shown))

    codes = [c for c in notebook.cells if c.cell_type == "code" and "%reset" not in c.source]
    assert [(cell.source, texts(cell)) for cell in codes] == expected


@each_page
def test_a_notebook_runs_from_top_to_bottom_to_the_same_outputs(name, site):
    published = load(site, name)
    executed = load(site, name)
    client = NotebookClient(
        executed, timeout=60, config=LOCAL, resources={"metadata": {"path": str(ROOT)}}
    )
    asyncio.run(client.async_execute())

    for before, after in zip(published.cells, executed.cells, strict=True):
        if before.cell_type == "code":
            assert after.execution_count == before.execution_count
            if not before.metadata.get("jupyter", {}).get("outputs_hidden"):
                (shown, drawn), (again, redrawn) = texts(before), texts(after)
                kept = [set(s) if isinstance(s, dict) else () for s in shown]
                assert shown == [
                    {media: a[media] for media in keys} if isinstance(a, dict) else a
                    for a, keys in zip(again, kept, strict=True)
                ]
                assert redrawn == drawn


@each_page
def test_a_script_runs_with_python_alone(name, site):
    where, stem = folder(name)
    done = subprocess.run(
        [sys.executable, site / f"{where}{stem}.py"],
        cwd=ROOT,
        env=os.environ | {"MPLBACKEND": "agg", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    rest = done.stdout
    for cell in load(site, name).cells:
        for output in cell.get("outputs", []):
            if output.get("name") == "stdout":
                # What the page does not show stands between what it shows.
                _, found, rest = rest.partition(output.text)
                assert found


@each_page
def test_a_page_offers_its_notebook(name, site, documents):
    where, stem = folder(name)
    links = documents[f"{where}index.html"].xpath('//p[@class="notebook"]/a')

    assert [link.get("href") for link in links] == ["notebook/", f"{stem}.ipynb", f"{stem}.py"]
    for link in links:
        assert (site / where / link.get("href")).exists()


@each_page
def test_a_view_is_no_heavier_than_its_page_and_brings_no_style_or_script(name, site, documents):
    where, _ = folder(name)
    view, page = f"{where}notebook/index.html", f"{where}index.html"
    sizes = [(site / file).stat().st_size for file in (view, page)]
    article = documents[view].xpath("//article")[0]

    # The code that the page hides is in its notebook: on the first page, all there is.
    assert sizes[0] < 1.05 * sizes[1] + 25_000
    assert not article.xpath(".//style | .//script | .//link")
    assert not article.xpath(".//*[contains(@class, 'jp-') or contains(@class, 'clipboard-copy')]")


@each_page
def test_a_view_sets_every_display_of_its_page(name, documents):
    view, page = found_in_both(documents, name, "//article//div[@class='arithmatex']/math")

    assert len(view) == len(page)


@each_page
def test_a_view_shows_every_drawing_of_its_page(name, documents):
    view, page = found_in_both(documents, name, "//article//svg[@role='img']/@aria-label")

    assert view == page


def test_the_search_finds_no_view(site):
    index = json.loads((site / "search" / "search_index.json").read_text("utf-8"))
    locations = [entry["location"] for entry in index["docs"]]

    assert "solutions/gradients/" in locations
    pages = [location for location in locations if not location.startswith("reference/")]
    assert not [location for location in pages if "notebook/" in location]


def test_a_view_links_back_to_its_page_and_its_sections(documents):
    view = documents["solutions/gradients/notebook/index.html"]

    assert view.xpath("//article//blockquote//a/@href")[0] == "../"
    assert "#The-answer" in view.xpath("//article//p/a/@href")
    assert "../../reverse-mode/" in view.xpath("//article//a/@href")
    assert view.xpath("string(//title)").startswith(
        "The gradients of a two-layer network (notebook)"
    )
