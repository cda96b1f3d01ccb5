"""Pages that need no plugin: other builders make the same articles of them."""

import subprocess
import sys

import pytest
from lxml import etree

EXTENSIONS = """\
extra_css: [assets/literate/literate.css]
markdown_extensions:
  - admonition
  - attr_list
  - tables
  - pymdownx.blocks.caption
  - pymdownx.details
  - pymdownx.highlight
  - pymdownx.superfences
  - pymdownx.tabbed: {alternate_style: true}
"""
CONFIG = "site_name: P\ntheme: {name: null, custom_dir: theme}\nplugins: [literate]\n" + EXTENSIONS
PLAIN = CONFIG.replace("[literate]", "[]").replace(
    "theme}", "theme}\ndocs_dir: out\nsite_dir: plain"
)
ZENSICAL = "site_name: P\ndocs_dir: out\nsite_dir: zensical\n" + EXTENSIONS

PAGE = r"""---
title: Of $5
---

# Page with $x^2$

```python
#| label: fig-a
#| fig-cap: "{{ x }} of *them*, $y_1$."
#| fig-alt: "A <line> & more"
import matplotlib.pyplot as plt

x, name = 3, "a*b*c_d_e"
plt.plot([1, x])
plt.title("$x_1$ *not* _so_");
```

Text with {{ x }}, {{ name }}, $a_{{ x }} * b * c$ and `$no$ formula`.
See @fig-a and $\eqref{eq:one}$.

$$
\begin{aligned}
a &= {{ x }} \\
b &< 4
\end{aligned}
\label{eq:one}
$$

- An item, with $z_1$ and $z_2$:

    <!--pytest-codeblocks:cont-->
    ```python
    print("*printed*\n\n```\n  $5$ {{ x }}")
    ```

    $$
    x < y_1 * y_2
    $$

!!! note "A note"

    <!--pytest-codeblocks:cont-->
    ```python
    #| echo: fold
    class Table:
        def _repr_html_(self):
            return "<pre>a\n\n```python\nb * c * d\n```</pre>"

    Table()
    ```

<!--pytest-codeblocks:cont-->
```python
class Styled:
    def _repr_html_(self):
        return "<style>\n\nem > b {color: red}</style>\n\n<em>*a*\n\n<b>$1$</b></em>"

Styled()
```

| a | b |
|---|---|
| $p_1 * q$ | {{ x }} |
"""


@pytest.fixture
def site(tmp_path):
    files = {
        "mkdocs.yml": CONFIG,
        "plain.yml": PLAIN,
        "zensical.yml": ZENSICAL,
        "theme/main.html": "<article>{{ page.content }}</article>",
        "docs/index.md": PAGE,
        "docs/deep/page.md": PAGE,
        "docs/plain.md": "# Plain\n\nText.\n",
        "docs/deep/data.csv": "1\n",
    }
    for name, content in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8")
    return tmp_path


def call(folder, *arguments, module="literate"):
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=folder, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout + done.stderr


def test_plain_mkdocs_and_zensical_make_the_same_articles_of_plain_pages(site, article):
    assert call(site, "weave", "docs", "out") == (0, "3 pages woven\n")
    for arguments in (["mkdocs", "--strict"], ["mkdocs", "--strict", "-f", "plain.yml"],
                      ["zensical", "-f", "zensical.yml"]):  # fmt: skip
        status, said = call(site, "build", *arguments[1:], module=arguments[0])
        assert status == 0, said

    for name in ("index.html", "deep/page/index.html", "plain/index.html"):
        woven = article(site / "site" / name)
        assert article(site / "plain" / name) == woven
        assert article(site / "zensical" / name) == woven
    assert (site / "out/deep/data.csv").read_text() == "1\n"
    assert (site / "plain/assets/literate/literate.css").exists()


def test_formulas_may_stay_latex_and_drawings_become_files(site):
    assert call(site, "weave", "docs", "out", "--latex", "--figure-files")[0] == 0
    page = (site / "out/deep/page.md").read_text("utf-8")
    (figure,) = (site / "out/assets/figures").iterdir()
    svg = etree.parse(figure).getroot()

    assert "$a_3 * b * c$" in page
    assert f"![A &#60;line&#62; &#38; more](../assets/figures/{figure.name})" in page
    assert svg.tag == "{http://www.w3.org/2000/svg}svg"
    assert not svg.xpath("//*[@aria-label or @popover]")
    assert "<svg" not in page
    assert "<math" not in page


def test_a_folder_is_replaced_only_if_the_command_made_it(site):
    (site / "out").mkdir()
    (site / "out/mine.txt").write_text("mine")

    status, said = call(site, "weave", "docs", "out")
    assert (status, said) == (
        2,
        "literate: out is there already, and is not made by this command\n",
    )
    (site / "out/mine.txt").unlink()
    assert call(site, "weave", "docs", "out")[0] == 0
    (site / "out/mine.txt").write_text("mine")
    (site / "docs/plain.md").unlink()
    assert call(site, "weave", "docs", "out") == (0, "2 pages woven\n")
    assert not (site / "out/mine.txt").exists()
    assert not (site / "out/plain.md").exists()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("```python\n1 / 0\n```\n", "docs/bad.md:2: ZeroDivisionError"),
        ("```python\nx = 1\n```\n\n$\\nonsense$ {{ x }}\n", "docs/bad.md:5: "),
        ("```python\nfrom pylab import *\nplot([1]);\n```\n", "docs/bad.md:1: Figure 1"),
        ("```py\n```\n", "docs/bad.md:1: a block runs only after"),
    ],
)  # fmt: skip
def test_nothing_is_written_if_a_page_has_a_fault(site, text, fault):
    assert call(site, "weave", "docs", "out")[0] == 0
    before = (site / "out/index.md").stat().st_mtime_ns
    (site / "docs/bad.md").write_text(text)
    status, said = call(site, "weave", "docs", "out")

    assert status == 1
    assert fault in said
    assert (site / "out/index.md").stat().st_mtime_ns == before
    assert not (site / "out/bad.md").exists()


def test_pages_that_are_left_out_and_hidden_files_are_not_woven(site):
    (site / "docs/.hidden").write_text("x")
    (site / "docs/draft.md").write_text("```python\nx = 1\n```\n")
    (site / "mkdocs.yml").write_text(f"{CONFIG}exclude_docs: draft.md\n")

    assert call(site, "weave", "docs", "out") == (0, "3 pages woven\n")
    assert not (site / "out/draft.md").exists()
    assert not (site / "out/.hidden").exists()
