"""The view of a notebook, as a page of the site."""

import re

import pytest

from literate.notebook.view import hide, show


def rendered(*cells):
    """Return cells as mkdocs-jupyter renders them, with what it puts around them."""
    return (
        f'<style>x</style><div class="jp-Notebook">{"".join(cells)}</div><script src=""></script>'
    )


def prose(text):
    return f'<div class="jp-Cell"><div class="jp-MarkdownOutput">{text}</div></div>'


def test_a_view_names_headings_once_and_sets_formulas_apart(convert):
    notebook = convert("```python\nx = 1\n```\n\n## On $x$\n")
    del notebook.cells[0]
    hidden = hide(notebook)
    mark = re.search("<span.*?></span>", hidden.notebook["cells"][0]["source"])[0]
    heading = f'<h2 id="a">On {mark}<a class="anchor-link" href="#a">x</a></h2>'

    view = show(rendered(prose(heading * 2)), hidden)

    assert "style" not in view.content
    assert "script" not in view.content
    assert re.findall(r'<h2 id="([^"]*)">', view.content) == ["On", "On_1"]
    assert r'<span class="arithmatex">\(x\)</span>' in view.content
    assert [token["id"] for token in view.headings] == ["On", "On_1"]
    assert view.headings[0]["name"] == r'On <span class="arithmatex">\(x\)</span>'


def test_a_view_of_other_cells_than_it_was_given_is_an_error(convert):
    hidden = hide(convert("```python\nx = 1\n```\n"))

    with pytest.raises(ValueError, match="zip"):
        show(rendered(), hidden)
