"""The cells of a notebook."""

import re

from literate.notebook import make_note, make_notebook, write_script
from literate.read import read
from literate.result import Ran
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


def sources(notebook, kind="markdown"):
    return [cell.source for cell in notebook.cells if cell.cell_type == kind]


def outputs(notebook):
    return [output for cell in notebook.cells for output in cell.get("outputs", [])]


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


def test_a_block_in_a_box_or_a_list_is_a_cell_and_the_box_goes_on_after_it(convert):
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


def test_only_a_title_that_begins_the_page_is_moved_to_the_note(convert):
    text = "In C# it is:\n\n```text\n# a comment\n```\n\n# Part"
    page = f"{text}\n\n```python\nx = 2\n```\n"

    assert sources(convert(page, note="A note.")) == ["A note.", text]


def test_a_text_that_looks_like_the_place_of_a_block_is_none(convert):
    page = "{0}0{0}\n\n```python\nx = 2\n```\n\n{0}9{0}\n".format("\0")

    assert sources(convert(page)) == ["0", "9"]


def test_a_notebook_of_a_page_is_made_without_running_it():
    page = read("# T\n\n```python\nx\n```\n\n{{ x }}\n")
    ran = Ran(value={"text/plain": "2", "text/html": "<b>2</b>"}, stderr="hidden")
    notebook = make_notebook(page, weave(page, [[ran, Ran(value={"text/markdown": "2"})]]))

    title, code, text = notebook["cells"]
    assert (title["source"], text["source"]) == ("# T", "2")
    assert [output["data"] for output in code["outputs"]] == [{"text/html": "<b>2</b>"}]


RAISING = """\
<!--pytest.mark.xfail(strict=True)-->

```python
#| error: true
text = \'\'\'a
b\'\'\'
int(text)
```
"""


def test_a_cell_that_must_raise_says_so_and_the_script_leaves_it_out(convert):
    (cell,) = convert(RAISING)["cells"]

    assert cell["metadata"]["tags"] == ["raises-exception"]
    (output,) = cell["outputs"]
    assert (output["output_type"], output["ename"]) == ("error", "ValueError")
    assert output["evalue"].startswith("invalid literal for int()")
    script = write_script({"cells": [cell]})
    assert script == "# %% raises an error\n# text = '''a\n# b'''\n# int(text)\n"


def test_what_is_displayed_stands_in_its_place_in_a_notebook(convert):
    code = "from IPython.display import Math, display\nprint(1)\ndisplay(Math('x'))\nprint(2)\n3"
    (cell,) = convert(f"```python\n{code}\n```\n")["cells"]

    kinds = [output["output_type"] for output in cell["outputs"]]
    assert kinds == ["stream", "display_data", "stream", "execute_result"]
    assert [cell["outputs"][index]["text"] for index in (0, 2)] == ["1\n", "2\n"]
