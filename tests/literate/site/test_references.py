"""References from page to page."""

import json

import lxml.html
import pytest

FIGURE = """\
```python
#| label: fig-a
#| fig-cap: A line.
#| fig-alt: A line.
import matplotlib.pyplot as plt
plt.figure();
```
"""
TABLE = "| a |\n|---|\n| 1 |\n\n: A caption. {#tbl-a}\n"
CAPTION = (
    "```python\n#| tbl-cap: As @tbl-a.\n"
    "class T:\n    def _repr_html_(self):\n        return '<table>'\nT()\n```\n"
)


@pytest.fixture
def two(project):
    """Return a project of a page, and of one in a folder that it refers to."""
    project.write("mkdocs.yml", project.CONFIG.replace("literate]", "literate: {notebooks: true}]"))
    project.write(
        "docs/sub/other.md",
        f"---\ntitle: The *other* page\n---\n\n{FIGURE}\n{FIGURE}\n{TABLE}".replace(
            "fig-a", "fig-b", 1
        ),
    )
    project.write("docs/index.md", f"{project.PAGE}\nSee @fig-a and @tbl-a.\n\n{CAPTION}")
    return project


def test_a_reference_leads_to_another_page(two):
    status, log = two.build("--strict")

    assert status == 0, log
    document = lxml.html.fromstring(two.html())
    (figure, table, captioned) = document.xpath("//article//a[contains(@href, 'other/#')]")
    assert [figure.text, table.text, captioned.text] == ["Figure 2", "Table 1", "Table 1"]
    assert figure.get("href") == "sub/other/#fig-a"
    assert (
        figure.getparent().text_content()
        == "See Figure 2 of The other page and Table 1 of The other page."
    )
    assert 'id="fig-a"' in two.html("sub/other/index.html")


def test_a_notebook_says_the_same(two):
    assert two.build()[0] == 0
    notebook = json.loads(two.html("index.ipynb"))
    texts = "\n".join("".join(cell["source"]) for cell in notebook["cells"])

    assert "See Figure 2 of The other page and Table 1 of The other page." in texts
    assert "**Table 1.** As Table 1 of The other page." in texts
    other = json.loads(two.html("sub/other/other.ipynb"))
    assert "**Table 1.** A caption." in str(other["cells"])


def test_a_number_of_another_page_is_the_one_it_has_now(two):
    assert two.build()[0] == 0
    two.write("docs/sub/other.md", f"# Other\n\n{TABLE}\n{FIGURE}")
    status, log = two.build()

    assert status == 0, log
    assert "docs/index.md: kept" in log
    assert ">Figure 1</a> of <em>Other</em>" in two.html()
    assert "Figure 1 of Other" in two.html("index.ipynb")


def test_a_label_that_several_other_pages_have_is_refused(two):
    two.write("docs/third.md", TABLE)
    status, log = two.build()

    assert status == 1
    message = "the label tbl-a is that of several pages: docs/sub/other.md and docs/third.md"
    assert f"docs/index.md:13: {message}" in log


def test_a_label_of_the_page_itself_comes_first(two):
    two.write("docs/third.md", f"{TABLE}\nSee @tbl-a.\n")
    two.write("docs/index.md", two.PAGE)
    status, log = two.build()

    assert status == 0, log
    assert '<a href="#tbl-a">Table 1</a>' in two.html("third/index.html")


def test_a_label_of_a_page_that_cannot_be_read_is_unknown(two):
    two.write("docs/sub/other.md", FIGURE + "```py\n```\n")
    status, log = two.build()

    assert status == 1
    assert "docs/index.md:13: no figure has the label fig-a" in log
