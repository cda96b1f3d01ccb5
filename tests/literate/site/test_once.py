"""Each thing of a page is made once in a build, wherever the site shows it."""

import re
from collections import Counter

import pytest
from mkdocs.commands.build import build as build_site
from mkdocs.config import load_config

import literate.read.options
import literate.site.downloads

CONFIG = """\
site_name: Project
theme: {name: null, custom_dir: theme}
plugins: [literate: {notebooks: true, cache: false}]
markdown_extensions: [admonition, toc]
"""
PAGE = """\
# The rule of $f_1$

## Where $g_2$ grows

```python
#| label: [fig-a, fig-b]
#| fig-cap: ["First of {{ n }}", "Second after @fig-a and $h_3$"]
#| fig-alt: ["One of {{ n }}", "Two"]
import matplotlib.pyplot as plt
n = 2
plt.figure()
plt.figure();
```

$$
x_4 + {{ n }} \\label{eq:x}
$$

From $\\eqref{eq:x}$, $k_5$ and $k_5$:

$$
y_6
$$

!!! note

    $$
    z_7
    $$
"""
OTHER = "# Other\n\n$$\ny_6\n$$\n\n```python\n1\n```\n"
CAPTIONS = ["First of {{ n }}", "Second after @fig-a and $h_3$", "One of {{ n }}", "Two"]


class Counted:
    """What was done in a build, and the site."""

    def __init__(self, folder):
        self.folder = folder
        self.notebooks = []
        self.texts = []
        self.formulas = []

    def html(self, name):
        return (self.folder / "site" / name).read_text("utf-8")


@pytest.fixture(scope="module")
def built(count_formulas, tmp_path_factory):
    """Build a site of two pages and the views of their notebooks, and count on the way."""
    built = Counted(tmp_path_factory.mktemp("once"))
    files = {
        "mkdocs.yml": CONFIG,
        "theme/main.html": "{{ page.toc | string }}{{ page.content }}",
        "docs/index.md": PAGE,
        "docs/other.md": OTHER,
    }
    for name, text in files.items():
        (built.folder / name).parent.mkdir(exist_ok=True)
        (built.folder / name).write_text(text, "utf-8")

    with pytest.MonkeyPatch.context() as patch:
        watch(patch, literate.site.downloads, "make_notebook", built.notebooks)
        watch(patch, literate.read.options, "read_text", built.texts)
        built.formulas = count_formulas(patch)
        config = load_config(str(built.folder / "mkdocs.yml"), strict=False)
        config.plugins.on_startup(command="build", dirty=False)
        try:
            build_site(config)
        finally:
            config.plugins.on_shutdown()
            # MkDocs keeps the plugin for all builds of this process.
            config.plugins["literate"].downloads = None
    return built


def watch(patch, module, name, calls):
    """Note the first argument of each call of a function."""
    function = getattr(module, name)

    def watched(first, *rest, **options):
        calls.append(first)
        return function(first, *rest, **options)

    patch.setattr(module, name, watched)


def test_a_page_has_one_notebook(built):
    assert Counter(page.path for page in built.notebooks) == {
        "docs/index.md": 1,
        "docs/other.md": 1,
    }


def test_a_display_is_converted_once_for_its_page_and_its_notebook(built):
    displays = Counter(re.sub(r"\s", "", latex) for latex, display in built.formulas if display)

    assert displays == {
        r"\begin{equation}x_4+2\label{eq:x}\end{equation}": 1,
        "y_6": 2,  # once on each of two pages
        "z_7": 1,
    }


@pytest.mark.parametrize("formula", ["f_1", "g_2", "h_3"])
def test_a_formula_of_a_title_or_a_caption_is_converted_once(built, formula):
    assert [latex for latex, _ in built.formulas].count(formula) == 1


def test_a_caption_is_read_once(built):
    assert Counter(built.texts) == dict.fromkeys(CAPTIONS, 1)


@pytest.mark.parametrize("name", ["index.html", "notebook/index.html"])
def test_what_was_made_once_is_shown_on_the_page_and_in_its_notebook(built, name):
    html = built.html(name)

    for letter in "fghkxyz":
        assert f"<msub><mi>{letter}</mi>" in html
    assert html.count('display="block"') == 3
    assert "<mtext>(1)</mtext>" in html
    assert "First of 2" in html
    assert "Second after" in html
    assert html.count(' role="img"') == 2
    assert r"\(" not in html
