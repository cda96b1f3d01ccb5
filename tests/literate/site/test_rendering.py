"""What woven pages need of Markdown and of the theme."""

from types import SimpleNamespace

import lxml.html
import pytest
from markdown import markdown
from mkdocs.commands.build import build as build_site
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.toc import get_toc

from literate.site.extension import Conversion
from literate.site.rendering import (
    add_assets,
    add_files,
    arrange,
    configure,
    load_font_first,
    set_formulas,
)
from literate.weave import Formulas


def test_a_page_with_formulas_and_no_other_loads_their_font_first(project):
    project.write("docs/sub/plain.md", "# Plain\n")
    project.build()
    query = '//link[@rel="preload"][@as="font"]/@href'
    first, second = (
        lxml.html.fromstring(project.html(name)).xpath(query)
        for name in ("index.html", "sub/plain/index.html")
    )

    assert first == ["assets/literate/STIXTwoMath.woff2"]
    assert (project.folder / "site" / first[0]).exists()
    assert second == []


def test_formulas_in_titles_are_set_in_the_contents_and_read_in_the_title(project):
    project.write("docs/other.md", "# The gradient of $W_1$\n\n## And $b_1$\n\nText.\n")

    status, log = project.build("--strict")

    assert status == 0, log
    html = project.html("other/index.html")
    assert "<title>The gradient of W1 - Project</title>" in html
    assert html.count("<math><msub><mi>b</mi><mn>1</mn></msub></math>") >= 2
    assert r"\(" not in html


def test_a_project_keeps_its_own_settings_of_the_extensions(project):
    project.write(
        "mkdocs.yml",
        project.CONFIG + "markdown_extensions:\n  - pymdownx.highlight: {linenums: true}\n"
        "  - pymdownx.superfences:\n      custom_fences:\n"
        "        - {name: mermaid, class: mermaid, "
        "format: !!python/name:pymdownx.superfences.fence_code_format }\n",
    )
    project.write("docs/index.md", project.PAGE + "\n```mermaid\na --> b\n```\n")

    status, log = project.build("--strict")

    assert status == 0, log
    assert 'class="linenos"' in project.html()
    assert '<pre class="mermaid">' in project.html()


@pytest.fixture
def config():
    config = MkDocsConfig()
    config.load_dict({"site_name": "Site", "extra_css": ["own.css"]})
    config.validate()
    config.plugins._current_plugin = "literate"  # noqa: SLF001 - as in an event of MkDocs
    return config


@pytest.fixture
def files(config):
    """Return the files of a site of three pages."""
    return Files([File.generated(config, f"{name}.md", content=name) for name in "abc"])


def names(files):
    return [file.src_uri for file in files]


def test_markdown_is_told_what_woven_pages_need(config):
    configure(config, Conversion())

    assert config.markdown_extensions.count("pymdownx.superfences") == 1
    assert config.mdx_configs["pymdownx.arithmatex"] == {"generic": True}
    assert config.extra_css == ["assets/literate/literate.css", "own.css"]
    html = markdown(
        "$x$\n\n```woven\n<b>as it is</b>\n```\n",
        extensions=[name for name in config.markdown_extensions if "literate" not in name],
        extension_configs=config.mdx_configs,
    )
    assert "<b>as it is</b>" in html
    assert r'<span class="arithmatex">\(x\)</span>' in html


def test_the_settings_of_a_project_stay_but_for_what_pages_need(config):
    fence = {"name": "mermaid", "class": "mermaid"}
    config.mdx_configs["pymdownx.superfences"] = {"custom_fences": [fence], "css_class": "own"}
    config.mdx_configs["pymdownx.arithmatex"] = {"generic": False, "smart_dollar": False}
    configure(config, Conversion())

    superfences = config.mdx_configs["pymdownx.superfences"]
    assert [one["name"] for one in superfences["custom_fences"]] == ["mermaid", "woven"]
    assert superfences["css_class"] == "own"
    assert config.mdx_configs["pymdownx.arithmatex"] == {"generic": True, "smart_dollar": False}


def test_files_are_added_once(config, files):
    add_files(files, config, {"b.md": "other", "d.txt": b"new"})

    assert names(files) == ["a.md", "b.md", "c.md", "d.txt"]
    assert files.src_uris["b.md"].content_string == "b"
    assert files.src_uris["d.txt"].content_bytes == b"new"


def test_the_styles_and_the_fonts_are_added(config, files):
    add_assets(files, config)

    assert {"assets/literate/literate.css", "assets/literate/STIXTwoMath.woff2"} <= set(
        names(files)
    )


def test_files_are_put_in_an_order_after_the_others(files):
    by_name = files.src_uris
    arrange(files, [by_name["c.md"], by_name["a.md"]])

    assert names(files) == ["b.md", "c.md", "a.md"]


def test_a_file_that_another_plugin_has_removed_stays_away(files):
    order = [files.src_uris[name] for name in ("c.md", "a.md")]
    files.remove(files.src_uris["a.md"])
    arrange(files, order)

    assert names(files) == ["b.md", "c.md"]


@pytest.mark.parametrize(
    ("html", "link"),
    [
        ("<head></head><math>", '<head><link rel="preload" href="../../assets/literate/STIX'),
        ("<head></head><p>", "<head></head><p>"),
    ],
)
def test_a_page_with_formulas_asks_for_their_font(html, link):
    page = SimpleNamespace(url="deep/page/")

    assert load_font_first(html, page).startswith(link)
    assert load_font_first(html, page).count("</head>") == 1


def test_formulas_of_a_page_and_of_all_its_titles_are_set():
    toc = get_toc([token(r"On \(a\)", token(r"And \(b\)", token(r"Or \(c\)"))), token("None")])
    html = set_formulas(r'<span class="arithmatex">\(x\)</span>', toc, Formulas())

    assert "<math><mi>x</mi></math>" in html
    (first, second) = toc.items
    assert first.title == "On <math><mi>a</mi></math>"
    assert first.children[0].children[0].title == "Or <math><mi>c</mi></math>"
    assert second.title == "None"


def token(name, *children):
    return {"level": 1, "id": "id", "name": name, "children": list(children)}


def test_a_search_finds_the_same_without_reading_drawings_formulas_and_tokens(project, monkeypatch):
    project.write(
        "docs/index.md",
        "# Page of $a_1$\n\nText $b < c$ and `d`:\n\n$$\ne_2\n$$\n\n"
        "```python\n#| fig-cap: Axes.\n#| fig-alt: Nothing.\nimport matplotlib.pyplot as plt\n"
        "plt.plot([1, 2], [3, 4]);\n```\n\n## Next\n\n```python\nf = 'g  <h>'\nf\n```\n",
    )

    def entries():
        config = load_config(str(project.folder / "mkdocs.yml"))
        build_site(config)
        config.plugins.on_shutdown()
        return (project.folder / "site/search/search_index.json").read_text("utf-8")

    hastened = entries()
    monkeypatch.setattr("literate.site.rendering._searched", lambda html: html)
    assert hastened == entries()
    assert "e_2" not in hastened
    assert "f = " in hastened


def test_columns_are_aligned_without_styles(project):
    project.write("docs/index.md", "# Page\n\n| n | m |\n|--:|:-:|\n| 1 | 2 |\n")
    project.build()

    assert '<td align="right">1</td>\n<td align="center">2</td>' in project.html()
    assert "text-align" not in project.html()
