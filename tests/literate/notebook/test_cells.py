"""From a page to its notebook and its script, without MkDocs."""

import re
import subprocess
import sys

import nbformat
import pytest

from literate.notebook import make_note, make_notebook, write_notebook, write_script
from literate.notebook.plain import plain
from literate.notebook.view import hide, show
from literate.read import read
from literate.run import Pool
from literate.weave import weave

CHAINS = """\
```python
sum = 3
print(sum)
```

<!--pytest-codeblocks:cont-->
```python
sum + 1
```

```python
print(sum([4, 5]))
```
"""
FIGURE = """\
```python
#| label: fig-line
#| fig-cap: "A line of {{ n }} points."
#| fig-alt: A rising line
import matplotlib.pyplot as plt
n = 3
plt.plot(range(n));
```

See @fig-line.
"""


@pytest.fixture(scope="module")
def convert(tmp_path_factory):
    """Run a page and make its notebook."""
    pool = Pool(tmp_path_factory.mktemp("folder"), workers=1)

    def convert(text, **options):
        page = read(text)
        (run,) = pool.run([page])
        notebook = nbformat.from_dict(make_notebook(page, weave(page, run.results), **options))
        nbformat.validate(notebook)
        return notebook

    yield convert
    pool.close()


def sources(notebook, kind="markdown"):
    return [cell.source for cell in notebook.cells if cell.cell_type == kind]


def outputs(notebook):
    return [output for cell in notebook.cells for output in cell.get("outputs", [])]


def run_script(notebook, tmp_path):
    script = tmp_path / "script.py"
    script.write_text(write_script(notebook), "utf-8")
    return subprocess.run(
        [sys.executable, "-W", "error", script], capture_output=True, text=True, check=False
    )


def test_values_are_filled_in_and_the_front_matter_is_left_out(convert):
    page = "---\ntitle: T\n---\n\n# T\n\n```python\nx = 2\n```\n\nTwo is {{ x }}, $y = {{ x }}$.\n"

    assert sources(convert(page)) == ["# T", "Two is 2, $y = 2$."]


def test_the_first_cell_has_the_title_and_says_how_to_install_the_library(convert):
    note = make_note("https://example.org/page/", "mathlib", "https://example.org/repository")
    notebook = convert("# T\n\nText.\n\n```python\nx = 2\n```\n", note=note)

    assert notebook.cells[0].source.startswith("# T\n\n> The source of this notebook is [its page]")
    assert "pip install git+https://example.org/repository" in notebook.cells[0].source
    assert notebook.cells[1].source == "Text."
    assert "pip install ." in make_note("../", "mathlib")


def test_what_a_block_prints_and_returns_stands_below_it(convert):
    (printed, returned, other) = outputs(convert(CHAINS))

    assert (printed.output_type, printed.name, printed.text) == ("stream", "stdout", "3\n")
    assert (returned.output_type, dict(returned.data)) == ("execute_result", {"text/plain": "4"})
    assert returned.execution_count == 2
    assert other.text == "9\n"


def test_a_chain_that_starts_afresh_does_so_in_the_notebook(convert):
    codes = sources(convert(CHAINS), "code")

    assert codes[:2] == ["sum = 3\nprint(sum)", "sum + 1"]
    assert codes[2].endswith("\n%reset -f")
    assert codes[3:] == ["print(sum([4, 5]))"]


def test_a_chain_that_starts_afresh_does_so_in_the_script(convert, tmp_path):
    done = run_script(convert(CHAINS), tmp_path)

    assert (done.returncode, done.stdout, done.stderr) == (0, "3\n9\n", "")


def test_future_statements_of_any_chain_begin_the_script(convert, tmp_path):
    second = "```python\nfrom __future__ import annotations\nprint(2)\n```\n"
    page = f"# T\n\n```python\nx = 1\n```\n\n{second}"
    done = run_script(convert(page), tmp_path)

    assert (done.returncode, done.stdout, done.stderr) == (0, "2\n", "")


def test_the_prose_of_a_script_is_in_its_comments(convert):
    script = write_script(convert("# T\n\nOne\ntwo.\n\n```python\nx = 1\n```\n"))

    assert script == ("# %% [markdown]\n# # T\n\n# %% [markdown]\n# One\n# two.\n\n# %%\nx = 1\n")


def test_a_recorded_output_is_not_repeated(convert):
    recorded = "<!--pytest-codeblocks:expected-output-->\n\n```\n1\n```\n"
    page = f"```python\nprint(1)\n```\n\n{recorded}\nEnd.\n"

    assert [cell.source for cell in convert(page).cells] == ["print(1)", "End."]


def test_a_skipped_block_is_prose(convert):
    page = "```python\nx = 1\n```\n\n<!--pytest.mark.skip-->\n```python\nnever()\n```\n"
    notebook = convert(page)

    assert sources(notebook) == ["```python\nnever()\n```"]
    assert sources(notebook, "code") == ["x = 1"]


def test_code_that_the_page_hides_or_folds_is_there_and_hidden(convert):
    blocks = [
        f"```python\n#| echo: {echo}\n{name} = 1\n```\n"
        for echo, name in (("false", "x"), ("fold", "y"), ("true", "z"))
    ]
    cells = convert("\n".join(blocks)).cells
    cells = [cell for cell in cells if "%reset" not in cell.source]

    assert [cell.source for cell in cells] == ["x = 1", "y = 1", "z = 1"]
    hidden = [cell.metadata.get("jupyter", {}).get("source_hidden", False) for cell in cells]
    assert hidden == [True, True, False]


def test_output_that_the_page_hides_is_left_out(convert):
    (cell,) = convert("```python\n#| output: false\nprint(1)\n```\n").cells

    assert cell.outputs == []
    assert cell.metadata["jupyter"] == {"outputs_hidden": True}


def test_a_figure_is_a_drawing_that_stands_by_itself(convert):
    notebook = convert(FIGURE)
    (figure,) = outputs(notebook)
    svg = figure.data["image/svg+xml"]

    assert svg.startswith('<svg xmlns="http://www.w3.org/2000/svg" ')
    assert 'aria-label="A rising line"' in svg
    assert re.search(r'id="fig-line-\d"', svg)
    assert figure.data["text/plain"] == "A rising line"
    assert sources(notebook) == ["**Figure 1.** A line of 3 points.", "See Figure 1."]


def test_a_large_figure_is_an_image(convert):
    page = (
        "```python\nimport numpy as np\nimport matplotlib.pyplot as plt\n"
        "rows = np.random.default_rng(0).random((60, 2000))\nplt.plot(rows.T);\n```\n"
    )
    (figure,) = outputs(convert(page))

    assert figure.data["image/png"].startswith("iVBORw0KGgo")


def test_equations_have_the_numbers_of_the_page(convert):
    page = (
        "```python\nx = 1\n```\n\n$$\ny\n\\label{eq:y}\n$$\n\n$$\nz\n$$\n\n"
        "From $\\eqref{eq:w}$ and $\\eqref{eq:y}$:\n\n$$\nw\n\\label{eq:w}\n$$\n"
    )
    (text,) = sources(convert(page, equations={"eq:y": "1", "eq:w": "2"}))

    assert text == (
        "$$\ny\n\\tag{1}\n$$\n\n$$\nz\n$$\n\nFrom $(2)$ and $(1)$:\n\n$$\nw\n\\tag{2}\n$$"
    )


def test_links_lead_to_the_site_and_sections_of_the_page_to_those_of_the_notebook(convert):
    page = (
        "# T\n\n[a](b.md#c), [d](#the-end), [e](#fig-x), `[f](g.md)`\n\n```python\nx = 1\n```\n\n"
        "## The end\n"
    )
    notebook = convert(page, link=lambda address: f"https://example.org/{address}")

    assert sources(notebook)[1] == (
        "[a](https://example.org/b.md#c), [d](#The-end), [e](https://example.org/#fig-x), "
        "`[f](g.md)`"
    )


def test_a_block_in_a_box_or_a_list_is_a_cell_and_the_box_goes_on_behind_it(convert):
    page = (
        '??? success "Solution"\n\n    Before.\n\n    ```python\n    x = 1\n    ```\n\n'
        "    After.\n\n"
        "-   Item.\n\n    ```python\n    y = 1\n    ```\n\n    Rest.\n"
    )
    cells = [c.source for c in convert(page).cells if "%reset" not in c.source]

    assert cells == [
        "> **Solution**\n>\n> Before.",
        "x = 1",
        "> After.\n\n-   Item.",
        "y = 1",
        "Rest.",
    ]


def test_a_notebook_has_the_same_bytes_each_time(convert):
    first, second = (write_notebook(convert(CHAINS + FIGURE)) for _ in range(2))

    assert first == second
    assert [cell.id for cell in nbformat.reads(first, 4).cells[:2]] == ["cell-1", "cell-2"]


PLAIN = {
    "an admonition without a title": ("!!! note\n\n    A.\n\nB.", "> **Note**\n>\n> A.\n\nB."),
    "one with an empty title": ('!!! note ""\n    A.', "> A."),
    "one with classes": ('!!! tip inline end "T"\n    A.', "> **T**\n>\n> A."),
    "an open one that folds": ('???+ tip "T"\n\n    A.', "> **T**\n>\n> A."),
    "one in another": (
        '!!! a "A"\n\n    1\n\n    !!! b "B"\n\n        2\n\n    3',
        "> **A**\n>\n> 1\n>\n> > **B**\n> >\n> > 2\n>\n> 3",
    ),
    "two in a row": (
        '!!! a "A"\n\n    1\n\n!!! b "B"\n\n    2',
        "> **A**\n>\n> 1\n\n> **B**\n>\n> 2",
    ),
    "one in a list": ('- i\n\n    !!! a "A"\n\n        1', "- i\n\n    > **A**\n    >\n    > 1"),
    "one right behind a text": ('Text\n!!! a "A"\n    1\nEnd', "Text\n\n> **A**\n>\n> 1\n\nEnd"),
    "a block": ("/// tip | T\n    type: x\n\nA.\n///\n\nB.", "> **T**\n>\n> A.\n\nB."),
    "tabs": ('## S\n\n=== "A"\n\n    1\n\n=== "B"\n\n    2', "## S\n\n### A\n\n1\n\n### B\n\n2"),
    "a display in a box": ("!!! a\n\n    $$\n    x\n    $$", "> **A**\n>\n> $$ x $$"),
    "a fence in a box": (
        "!!! a\n\n    ```text\n    !!! b\n\n    c\n    ```",
        "> **A**\n>\n> ```text\n> !!! b\n>\n> c\n> ```",
    ),
    "attributes": (
        "[a](b){ .c #d } `{ .e }` $\\frac{ .5 }{2}$",
        "[a](b) `{ .e }` $\\frac{ .5 }{2}$",
    ),
    "attributes of a fence": ('```yaml title="a"\nb: 1\n```', "```yaml\nb: 1\n```"),
    "Markdown in HTML": ('<div class="grid" markdown>\n\n- a\n\n</div>\n\nb', "- a\n\nb"),
    "LaTeX's own delimiters": ("\\(x\\)\n\n\\[\ny\n\\]", "$x$\n\n$$\ny\n$$"),
}


@pytest.mark.parametrize(("page", "text"), PLAIN.values(), ids=PLAIN)
def test_plain_markdown_says_what_the_page_says(page, text):
    assert plain(page) == text


def rendered(*cells):
    """Give cells as mkdocs-jupyter renders them, with what it puts around them."""
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


def test_what_no_file_can_hold_is_left_out_as_on_the_page(convert):
    page = "```python\nx = '\\ud800'\nprint(f'\\033[1ma\\033[0m{x}')\n```\n"
    notebook = convert(page)

    assert outputs(notebook)[0].text == "a\n"
    assert write_notebook(notebook).encode("utf-8")
