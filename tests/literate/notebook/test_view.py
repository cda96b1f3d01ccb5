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


@pytest.mark.parametrize("number", ["0", "999"])
def test_a_text_that_looks_like_a_mark_stays(number):
    text = f'<span data-literate="{number}"></span>'
    hidden = hide({"cells": [{"cell_type": "markdown", "metadata": {}, "source": f"{text} $x$"}]})
    shown = hidden.restore(hidden.notebook["cells"][0]["source"])

    assert shown == rf'{text} <span class="arithmatex">\(x\)</span>'


def test_a_view_of_other_cells_than_it_was_given_is_an_error(convert):
    hidden = hide(convert("```python\nx = 1\n```\n"))

    with pytest.raises(ValueError, match="zip"):
        show(rendered(), hidden)


SVG = '<svg viewBox="0 0 9 6" role="img"></svg>'


def cell(source="", *outputs, **metadata):
    kind = {"cell_type": "code", "outputs": list(outputs), "execution_count": 3}
    return kind | {"metadata": metadata, "source": source}


def code(text, *outputs):
    """Return a cell of code as mkdocs-jupyter renders it."""
    shown = "".join(f'<div class="jp-OutputArea-output">{output}</div>' for output in outputs)
    box = f'<div class="highlight-ipynb"><pre>{text}</pre></div>'
    return f'<div class="jp-Cell">{box}{shown}</div>'


def test_a_notebook_that_is_hidden_is_not_changed():
    notebook = {"cells": [{"cell_type": "markdown", "metadata": {}, "source": "$x$"}]}
    hide(notebook)

    assert notebook["cells"][0]["source"] == "$x$"


@pytest.mark.parametrize(
    ("source", "part"),
    [
        ("$a < b$", r'<span class="arithmatex">\(a &lt; b\)</span>'),
        ("$$\nx\n$$", '<div class="arithmatex">\\[\nx\n\\]</div>'),
        ("Text $$x$$ text", r'<span class="arithmatex">\(x\)</span>'),
        ("> $$x$$\n", r'<div class="arithmatex">\[x\]</div>'),
    ],
)
def test_a_formula_is_hidden_as_the_page_marks_it(source, part):
    hidden = hide({"cells": [{"cell_type": "markdown", "metadata": {}, "source": source}]})

    assert hidden.parts == [part]
    assert part in hidden.restore(hidden.notebook["cells"][0]["source"])


@pytest.mark.parametrize(
    ("data", "part"),
    [
        ({"image/png": "QQ==", "text/plain": "A & B"},
         '<p><img alt="A &amp; B" src="data:image/png;base64,QQ=="></p>'),
        ({"text/html": "<b>a</b>", "text/plain": "a"}, '<div class="output-html"><b>a</b></div>'),
        ({"text/latex": "$x$", "text/plain": "a"}, r'<div class="arithmatex">\[x\]</div>'),
    ],
)  # fmt: skip
def test_an_output_is_hidden_as_the_page_shows_it(data, part):
    hidden = hide({"cells": [cell("x", {"data": data})]})
    (output,) = hidden.notebook["cells"][0]["outputs"]

    assert hidden.parts == [part]
    assert list(output["data"]) == ["text/html"]


def test_each_drawing_opens_large_in_a_frame_of_its_own():
    drawings = ({"data": {"image/svg+xml": SVG}} for _ in range(2))
    hidden = hide({"cells": [cell("x", *drawings)]})

    assert [re.search(r'popovertarget="(.*?)"', part)[1] for part in hidden.parts] == [
        "literate-drawing-1",
        "literate-drawing-2",
    ]


def test_code_and_what_it_printed_have_the_classes_of_a_page():
    hidden = hide({"cells": [cell("x")]})
    error = "<pre>b</pre>"
    rendered_cell = code("<b>x</b>", "<pre>a</pre>", error).replace(
        f'output">{error}', f'output" data-mime-type="application/vnd.jupyter.stderr">{error}'
    )

    view = show(rendered(rendered_cell), hidden)

    assert view.content.split("\n") == [
        (
            '<div class="highlight"><span class="filename">In [3]</span>'
            "<pre><code><b>x</b></code></pre></div>"
        ),
        '<div class="text output highlight"><pre><code>a</code></pre></div>',
        '<div class="text output warning highlight"><pre><code>b</code></pre></div>',
    ]
    assert view.headings == []


def test_code_that_the_page_folds_is_folded():
    hidden = hide({"cells": [cell("x", jupyter={"source_hidden": True})]})

    assert show(rendered(code("x")), hidden).content.startswith('<details class="code"><summary>')
