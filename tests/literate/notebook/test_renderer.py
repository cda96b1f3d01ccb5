"""Notebooks rendered by mkdocs-jupyter, in a process beside the build."""

from pathlib import Path

import pytest

from literate.notebook import Renderer, RenderingError, write_notebook


@pytest.fixture(scope="module")
def renderer(tmp_path_factory):
    renderer = Renderer(tmp_path_factory.mktemp("root"), tmp_path_factory.mktemp("place"))
    yield renderer
    renderer.close()


def notebook(*sources):
    cells = [{"cell_type": "markdown", "metadata": {}, "source": source} for source in sources]
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    return write_notebook({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def test_notebooks_are_rendered_in_any_order_one_that_is_broken_among_them(renderer):
    renderer.start("first", notebook("# One\n\nLet $x$ be."))
    renderer.start("broken", "no notebook")
    renderer.start("last", notebook("# Three"))

    last = renderer.take("last")
    assert last["content"].startswith('<h1 id="Three">Three<a ')
    assert [heading["id"] for heading in last["headings"]] == ["Three"]
    with pytest.raises(RenderingError, match=r"^its notebook cannot be shown\n") as refused:
        renderer.take("broken")
    assert "JSONDecodeError" in str(refused.value)
    assert r'<span class="arithmatex">\(x\)</span>' in renderer.take("first")["content"]


def test_the_end_of_the_process_is_an_error_and_not_a_hang(tmp_path):
    renderer = Renderer(tmp_path, tmp_path)
    renderer.process.kill()
    renderer.process.wait()
    renderer.start("page", notebook("# One"))
    with pytest.raises(RenderingError, match="its notebook cannot be shown: its process ended"):
        renderer.take("page")
    folder = Path(renderer.folder.name)
    renderer.close()

    assert not folder.exists()
