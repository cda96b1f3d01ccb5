"""Pages made from those of other tools."""

import base64
import json
import re
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from literate.fault import PageError
from literate.importing import ForeignError, import_page
from literate.page import Block
from literate.read import read

PIXEL = base64.b64encode(b"\x89PNG, as it were").decode()


def cell(kind, source, **more):
    return {"cell_type": kind, "metadata": {}, "source": source} | more


NOTEBOOK = {
    "nbformat": 4,
    "metadata": {"kernelspec": {"name": "python3", "language": "python"}},
    "cells": [
        cell("markdown", "# Sums\n\nBraces {{ here }} and $ n $.\n\n![one](attachment:one.png)",
             attachments={"one.png": {"image/png": PIXEL}}),
        cell("code", ["%matplotlib inline\n", "!pip install numpy\n",
                      "import matplotlib.pyplot as plt"]),
        cell("markdown", "\\begin{align}\na &= b \\label{eq:a}\n\\end{align}\n\n"
             "See \\eqref{eq:a}.\n\n"
             "```bash\nls\n```\n\n```python\nnever(run)\n```\n\n<script>alert(1)</script>"),
        cell("code", "n = 12\ndisplay(n)", metadata={"tags": ["hide-input", "strange"]}),
        cell("code", "%%bash\nls"),
        cell("raw", "raw"),
        cell("code", "1 / 0", metadata={"tags": ["raises-exception"]}),
        cell("code", "plt.plot([1, n])"),
        cell("code", ""),
        {"cell_type": "code"},
    ],
}  # fmt: skip

MYST = """\
---
title: Steps
jupytext:
  text_representation: {extension: .md, format_name: myst}
kernelspec: {name: python3}
---

(start)=
# Steps

See {ref}`start`, {numref}`curve`, {eq}`sq`, {math}`a^2`, {doc}`other` and {cite}`someone`.

$$
y = x^2
$$ (sq)

```{math}
:label: cube
z = x^3
```

:::{note}
Mind {eq}`cube`.
:::

````{admonition} A *title*
:class: dropdown, tip
```{code-block} bash
ls
```
````

```{code-cell} ipython3
---
tags: [remove-input]
mystnb:
  figure:
    caption: A curve.
    name: curve
  image:
    alt: It rises.
---
import matplotlib.pyplot as plt
plt.plot([1, 2]);
```

+++

```{exercise}
:label: one
Add them.
```

```{code-cell} ipython3
:tags: [hide-input]
print("a\\n```")
```

```{index} single: Steps
```

```{prf:example} Of *steps*
:label: two
One.
```

```{strange} Thing
Its text.
```
"""

QUARTO = """\
---
title: Steps
author: Somebody
execute:
  echo: false
---

## First {#sec-first}

```{python}
#| label: fig-line
#| fig-cap: "A line"
#| fig-alt: "It rises"
#| fig-width: 5
import matplotlib.pyplot as plt
x = 2
plt.plot([1, x]);
```

@fig-line and @eq-a of @sec-first say `{python} x + 1`; see @fig-none.

$$
y = x
$$ {#eq-a}

::: {.callout-tip collapse="true"}
## A hint
Do it.
:::

::: {.columns}
Text.
:::

```{r}
x <- 1
```

```{python}
#| echo: true
#| error: true
x / 0
```
"""


def write(folder, name, text):
    path = folder / name
    path.write_text(text if isinstance(text, str) else json.dumps(text), "utf-8")
    return path


def imported(folder, name, text):
    found = import_page(write(folder, name, text), docs=folder / "docs")
    return found.path.read_text("utf-8"), [
        line.removeprefix(f"{folder}/") for line in found.remarks
    ]


def blocks(text):
    return [chunk for chunk in read(text).chunks if isinstance(chunk, Block) and chunk.runs]


def run(project, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "literate", "import", *arguments],
        cwd=project.folder, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_a_notebook_becomes_one_chain(tmp_path):
    text, _ = imported(tmp_path, "a.ipynb", NOTEBOOK)
    page = read(text)

    assert len(page.chains) == 1
    assert [block.shown.splitlines()[-1] for block in blocks(text)] == [
        "import matplotlib.pyplot as plt", "display(n)",
        '    print(f"{type(error).__name__}: {error}")', "plt.plot([1, n]);",
    ]  # fmt: skip
    assert "from IPython.display import display\nn = 12" in text
    assert "#| echo: fold\n" in text
    assert "\\{{ here }} and $n$." in text
    assert "$$\n\\begin{align}\na &= b \\label{eq:a}\n\\end{align}\n$$" in text
    assert "See $\\eqref{eq:a}$." in text
    assert "~~~console\nls\n~~~\n\n~~~text\nnever(run)\n~~~" in text
    assert "alert" not in text
    assert "![one](a-files/one.png)" in text
    assert (tmp_path / "docs/a-files/one.png").read_bytes() == b"\x89PNG, as it were"


def test_what_a_notebook_has_no_counterpart_for_is_named_by_cell_and_line(tmp_path):
    _, remarks = imported(tmp_path, "a.ipynb", NOTEBOOK)

    assert [re.split("[,;]", remark)[0] for remark in remarks] == [
        "a.ipynb:3 of cell 1: braces that this format would read as a value are written as text",
        "a.ipynb:1 of cell 2: %matplotlib inline is left out: a page needs no such setting",
        "a.ipynb:2 of cell 2: !pip install numpy is a shell command",
        "a.ipynb:11 of cell 3: Python that is shown only: a fence of it would end the chain",
        "a.ipynb:15 of cell 3: <script> is live HTML",
        "a.ipynb:1 of cell 4: the tag strange has no counterpart",
        "a.ipynb:1 of cell 5: the cell magic %%bash is not run",
        "a.ipynb:1 of cell 6: a raw cell has no counterpart",
        "a.ipynb:1 of cell 7: a cell that must raise cannot stand in a chain",
        "a.ipynb:1 of cell 8: this cell draws: a strict build asks for fig-cap and fig-alt",
    ]


def test_a_myst_page_is_translated(tmp_path):
    text, remarks = imported(tmp_path, "a.md", MYST)

    assert text.startswith("---\ntitle: Steps\n---\n\n# Steps {#start}\n")
    assert (
        "See [Steps](#start), @fig-curve, $\\eqref{sq}$, $a^2$, [other](other.md) and `someone`."
    ) in text
    assert "$$\ny = x^2\n\\label{sq}\n$$" in text
    assert "$$\nz = x^3\n\\label{cube}\n$$" in text
    assert "!!! note\n\n    Mind $\\eqref{cube}$.\n" in text
    assert '??? tip "A *title*"\n\n    ~~~console\n    ls\n    ~~~\n' in text
    assert (
        "```python\n#| label: fig-curve\n#| fig-cap: A curve.\n#| fig-alt: It rises.\n"
        "#| echo: false\nimport"
    ) in text
    assert '!!! question "Exercise"\n\n    Add them.' in text
    assert "<!--pytest-codeblocks:cont-->\n\n```python\n#| echo: fold\nprint(" in text
    assert '!!! abstract "Example (Of *steps*)"\n\n    One.' in text
    assert "+++" not in text
    assert "single" not in text
    assert remarks == [
        "a.md:11: the role {cite} has no counterpart; its text is left as code",
        "a.md:67: the directive {strange} has no counterpart; what stands in it is left as prose",
    ]


def test_a_quarto_page_is_translated(tmp_path):
    text, remarks = imported(tmp_path, "a.qmd", QUARTO)

    assert text.startswith("---\ntitle: Steps\n---\n\n# Steps\n\n## First {#sec-first}\n")
    assert "#| label: fig-line\n#| fig-cap: A line\n#| fig-alt: It rises\n#| echo: false\n" in text
    assert (
        "@fig-line and $\\eqref{eq-a}$ of [First](#sec-first) say {{ x + 1 }}; see `fig-none`."
        in text
    )
    assert "$$\ny = x\n\\label{eq-a}\n$$" in text
    assert '??? tip "A hint"\n\n    Do it.' in text
    assert "~~~r\nx <- 1\n~~~" in text
    assert [remark.split(";")[0] for remark in remarks] == [
        "a.qmd:1: `author` of the front matter has no counterpart, and is left out",
        "a.qmd:14: the option fig-width has no counterpart",
        "a.qmd:20: @fig-none refers to nothing that this page labels",
        "a.qmd:31: the division {.columns} has no counterpart",
        "a.qmd:36: a cell of r is shown and not run",
        "a.qmd:42: a cell that must raise cannot stand in a chain",
    ]


def test_what_is_imported_builds_and_passes_its_tests(project):
    for name, text in (("book.ipynb", NOTEBOOK), ("steps.md", MYST), ("quarto.qmd", QUARTO)):
        write(project.folder, name, text)
        done = run(project, name)
        assert done.returncode == 0, done.stderr
        assert f"docs/{name.partition('.')[0]}.md is written" in done.stdout
    project.write("docs/other.md", "# Other\n")
    extensions = "admonition, attr_list, tables, pymdownx.details, pymdownx.superfences"
    config = f"markdown_extensions: [{extensions}]\n"
    project.write("mkdocs.yml", project.CONFIG + config)
    status, log = project.build()
    tested = subprocess.run(
        [sys.executable, "-m", "pytest", "--codeblocks", "-q", "docs"],
        cwd=project.folder, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert status == 0, log
    assert "ZeroDivisionError: division by zero" in project.html("book/index.html")
    assert "say 3;" in project.html("quarto/index.html")
    assert '<a href="#fig-curve">' in project.html("steps/index.html")
    assert "failed" not in tested.stdout, tested.stdout
    assert tested.returncode == 0, tested.stdout


def test_a_page_that_is_there_is_not_overwritten(project):
    write(project.folder, "index.ipynb", NOTEBOOK)
    before = (project.folder / "docs/index.md").read_text("utf-8")

    assert run(project, "index.ipynb").returncode == 2
    assert run(project, "index.ipynb", "--to", "deep/other").returncode == 0
    written = (project.folder / "docs/deep/other.md").read_text("utf-8")
    again = run(project, "index.ipynb", "--to", "docs/deep/other.md")
    assert (again.returncode, "is there already" in again.stderr) == (2, True)
    assert (project.folder / "docs/deep/other.md").read_text("utf-8") == written
    assert (project.folder / "docs/index.md").read_text("utf-8") == before


@pytest.mark.parametrize(
    ("name", "content", "status", "message"),
    [
        ("a.ipynb", b"{", 1, "a.ipynb:1: it is no notebook"),
        ("a.ipynb", b"[]", 1, "a.ipynb:1: it is no notebook"),
        ("a.ipynb", b"{}", 1, "a.ipynb:1: it holds nothing to import"),
        ("a.ipynb", b'{"cells": []}', 1, "a.ipynb:1: it holds nothing to import"),
        ("a.md", b"", 1, "a.md:1: it holds nothing to import"),
        ("a.md", b"caf\xe9", 1, "a.md:1: it is not UTF-8"),
        ("a.rst", b"text", 2, "from a .ipynb, .md or .qmd file, not from a.rst"),
        ("a.md", None, 2, "No such file"),
    ],
)
def test_what_is_no_page_is_refused(name, content, status, message, project):
    if content is not None:
        project.write(name, content)
    done = run(project, name)

    assert done.returncode == status
    assert message in done.stderr
    assert not (project.folder / "docs/a.md").exists()


@pytest.mark.parametrize("to", ["../a", "/a", "x/../../a"])
def test_a_page_stays_in_the_folder_of_the_pages(to, tmp_path):
    with pytest.raises(ValueError, match="a page has a name such as"):
        import_page(write(tmp_path, "a.qmd", "text"), to, tmp_path / "docs")


def test_an_attachment_stays_beside_the_page(tmp_path):
    source = "![a](attachment:../../evil.png) ![b](attachment:x/evil.png)"
    held = {"../../evil.png": {"image/png": PIXEL}, "x/evil.png": {"image/png": "QQ=="}}
    text, _ = imported(tmp_path, "a.ipynb", {"cells": [cell("markdown", source, attachments=held)]})

    assert text == "![a](a-files/evil.png) ![b](a-files/evil-2.png)\n"
    assert {path.name for path in tmp_path.rglob("*.png")} == {"evil.png", "evil-2.png"}


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("%time x = 1", "x = 1"),
        ("x = !ls", "# x = !ls"),
        ("if True:\n    %cd a\n    x = 1", "if True:\n    pass  # %cd a\n    x = 1"),
        ("%%time\nx = 1", "x = 1"),
        ('text = """\n%time\n!ls\n"""', 'text = """\n%time\n!ls\n"""'),
        ("len?", "# len?"),
        ('if __name__ == "__main__":\n    x = 1', "if True:\n    x = 1"),
    ],
)
def test_magics_become_python(source, code, tmp_path):
    text, _ = imported(tmp_path, "a.ipynb", {"cells": [cell("code", source)]})

    assert text == f"```python\n{code}\n```\n"


@pytest.mark.parametrize(
    ("source", "kept"),
    [
        ("plt.plot([1])", "plt.plot([1]);"),
        ("axs[0].plot([1])  # a line", "axs[0].plot([1]);  # a line"),
        ("frame.hist();", "frame.hist();"),
        ("plt.xlabel('é'), plt.ylabel('b')", "plt.xlabel('é'), plt.ylabel('b');"),
        ("d3.legend(\n    loc=1\n)", "d3.legend(\n    loc=1\n);"),
        ("x.sum()", "x.sum()"),
    ],
)
def test_a_last_line_that_draws_keeps_its_value_back(source, kept, tmp_path):
    text, _ = imported(tmp_path, "a.ipynb", {"cells": [cell("code", source)]})

    assert text.endswith(f"{kept}\n```\n")


def test_a_function_draws_where_it_is_called(tmp_path):
    cells = [cell("code", "def show(x):\n    plt.plot(x)"), cell("code", "show([1])")]
    _, remarks = imported(tmp_path, "a.ipynb", {"cells": cells})

    assert [line.partition(":")[2][:11] for line in remarks] == ["1 of cell 2"]


def test_labels_of_equations_are_ones_that_formulas_may_have(tmp_path):
    source = "$$\n\\begin{split} a_b &= c \\end{split}\n$$ (two_steps)\n\nSee {eq}`two_steps`.\n"
    text, _ = imported(tmp_path, "a.md", source)

    assert text == (
        "$$\n\\begin{aligned} a_b &= c \\end{aligned}\n\\label{two-steps}\n$$\n\n"
        "See $\\eqref{two-steps}$.\n"
    )


def test_an_error_alone_is_one_that_the_test_expects(tmp_path):
    raising = cell("code", "1 / 0", metadata={"tags": ["raises-exception"]})
    text, remarks = imported(tmp_path, "a.ipynb", {"cells": [raising]})

    assert text == (
        "<!--pytest.mark.xfail(strict=True)-->\n\n```python\n#| error: true\n1 / 0\n```\n"
    )
    assert remarks == []


def test_python_that_is_no_cell_is_marked_outside_of_a_chain(tmp_path):
    text, remarks = imported(tmp_path, "a.qmd", "```python\nx = 1\n```\n")

    assert text == "<!--pytest.mark.skip-->\n\n```python\nx = 1\n```\n"
    assert remarks == []


HOSTILE = [
    "\ufeff# Title\r\n\r\n```{code-cell}\r\nx = 1\r\n```\r\n",
    "````markdown\n```python\nx\n```\n````\n",
    "```{code-cell}\nx = '''\n~~~\n````\n'''\n```\n",
    "```{note}\nnever closed",
    ":::\n:::{tip}\n```\n:::\n```\n",
    "> ```python\n> x\n> ```\n",
    "$$\nnever closed\n\n{{{x}}} `{{ y }}` $ {{a}} $",
    "\\begin{align}\nnever",
    "- item\n\n    ```bash\n    ls\n    ```\n",
    "---\ntitle: '{{ x }}'\n---\ntext",
    "(a)=\n(b)=\n",
    "{ref}`` {math}`x` {`a`}",
]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("ending", ["md", "qmd"])
def test_hostile_pages_are_written_so_that_they_can_be_read(text, ending, tmp_path):
    found, remarks = imported(tmp_path, f"a.{ending}", text) if text.strip("()=ab\n") else ("", [])

    read(found)
    assert not [line for line in remarks if line.startswith("docs/")]


PIECES = [
    *("```", "````", "~~~", "{code-cell}", "{python}", "{note}", "python", ":::", "$$", "$", "{{"),
    *("}}", "\n", "\n\n", "x", "<!--", "-->", "    ", "> ", "@fig-a", "#| label: a", "---", "- "),
    *(r"\begin{align}", r"\end{align}", "(a)=", "{ref}`a`", "%time", "!ls", "{math}", "`"),
]


@settings(max_examples=150, deadline=None)
@given(
    pieces=st.lists(st.sampled_from(PIECES), max_size=25), ending=st.sampled_from([".md", ".qmd"])
)
def test_any_text_is_imported_or_named(pieces, ending, tmp_path_factory):
    folder = tmp_path_factory.mktemp("any")
    path = write(folder, f"a{ending}", "".join(pieces))
    try:
        found = import_page(path, docs=folder / "docs")
    except ForeignError as error:
        assert str(error) == "it holds nothing to import"  # noqa: PT017
        return
    named = any(line.startswith(f"{folder}/docs/") for line in found.remarks)
    try:
        read(found.path.read_text("utf-8"))
    except PageError:
        assert named
