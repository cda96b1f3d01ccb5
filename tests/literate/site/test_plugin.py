"""The plugin in MkDocs: small projects are built in a folder of their own."""

import re
import subprocess

import lxml.html


def test_a_page_is_published_with_its_values(project):
    status, log = project.build("--strict")

    assert status == 0, log
    assert "Twice is 42" in project.html()
    assert "<mn>0.3</mn>" in project.html()
    assert "<title>A page - Project</title>" in project.html()
    assert re.search(r"docs/index\.md: run in 0\.\d\d s", log)
    assert re.search(r"1 page run, 0 kept\n$", log)
    assert project.leftovers() == []


def test_every_fault_of_every_page_is_reported_and_the_old_site_stays(project):
    project.build()
    before = project.html()
    project.write("docs/index.md", project.PAGE + "\n{{ 1 / 0 }}\n")
    project.write("docs/sub/other.md", "```python\nx = 1\n```\n\n```py\nx = 1\n```\n")
    project.write("docs/third.md", "```python\nraise KeyError('a')\n```\n")

    status, log = project.build()

    assert status == 1
    assert "docs/index.md:13: ZeroDivisionError: division by zero" in log
    assert "docs/sub/other.md:5: a block runs only after ```python alone" in log
    assert "docs/third.md:2: KeyError: 'a'" in log
    assert project.html() == before
    assert project.leftovers() == []


def test_a_difference_to_the_recorded_output_stops_the_build(project):
    project.write(
        "docs/index.md",
        "```python\nprint(1)\n```\n\n<!--pytest-codeblocks:expected-output-->\n\n```\n2\n```\n",
    )
    status, log = project.build()

    assert status == 1
    assert "docs/index.md:8: the chain does not print what is recorded" in log


def test_an_invalid_formula_stops_the_build_at_its_line(project):
    project.build()
    project.write("docs/index.md", project.PAGE + "\n## Title\n\nText $a$ and\n$\\nonsense$.\n")

    status, log = project.build()

    assert status == 1
    assert r'docs/index.md:16: Unknown command "\nonsense".' in log
    assert "42" in project.html()


def test_an_invalid_formula_on_a_page_without_blocks_stops_the_build_too(project):
    project.write("docs/plain.md", "# Plain\n\nText.\n\n$$\n\\nonsense\n$$\n")

    status, log = project.build()

    assert status == 1
    assert r'docs/plain.md:6: Unknown command "\nonsense".' in log


def test_a_figure_without_alternative_text_warns_and_stops_a_strict_build(project):
    project.build()
    before = project.html()
    project.write(
        "docs/index.md",
        "```python\n#| fig-cap: A figure.\nimport matplotlib.pyplot as plt\nplt.figure();\n```\n",
    )
    strict, _ = project.build("--strict")
    kept = project.html()
    status, log = project.build()

    assert (strict, status) == (1, 0)
    assert kept == before
    assert "docs/index.md:1: Figure 1 has no alternative text (fig-alt)" in log
    assert '<figure id="figure-1">' in project.html()


def test_standard_error_goes_to_the_log_and_not_to_the_page(project):
    code = "import sys\nprint('to the log', file=sys.stderr)"
    project.write("docs/index.md", f"```python\n{code}\n```\n")

    _, log = project.build()

    assert "docs/index.md:1: to the log" in log
    assert ">to the log" not in project.html()


def test_blocks_in_admonitions_tabs_and_lists_are_rendered_where_they_stand(project):
    block = (
        "    ```python\n"
        "    #| label: fig-{0}\n    #| fig-cap: In {0}, $x$.\n    #| fig-alt: Empty.\n"
        "    import matplotlib.pyplot as plt\n"
        "    plt.figure()\n    print('printed in {0}');\n    ```\n"
    )
    project.write(
        "docs/index.md",
        "!!! note\n\n" + block.format("note") + '\n=== "Tab"\n\n' + block.format("tab")
        + "\n1. item\n\n" + block.format("list") + "\nSee @fig-tab.\n",
    )  # fmt: skip
    project.write(
        "mkdocs.yml",
        project.CONFIG + "markdown_extensions:\n  - admonition\n"
        "  - pymdownx.tabbed: {alternate_style: true}\n",
    )

    status, log = project.build("--strict")

    assert status == 0, log
    document = lxml.html.fromstring(project.html())
    for name, inside in (
        ("note", "//div[contains(@class, 'admonition')]"),
        ("tab", "//div[@class='tabbed-block']"),
        ("list", "//ol/li"),
    ):
        (container,) = document.xpath(f"//article{inside}")
        assert f"printed in {name}" in container.text_content()
        (figure,) = container.xpath(f".//figure[@id='fig-{name}'][.//*[@role='img']]")
        assert figure.xpath(".//figcaption//math")
    assert document.xpath("//article//a[@href='#fig-tab'][text()='Figure 2']")
    assert "```" not in document.text_content()


def test_the_search_index_holds_text_and_no_drawing_or_display(project):
    drawing = (
        "#| fig-cap: A caption.\n#| fig-alt: A drawing.\n"
        "import matplotlib.pyplot as plt\nplt.figtext(0, 0, str(3**12));"
    )
    page = f"{project.PAGE}\n$$\n987 + 654\n$$\n\n```python\n{drawing}\n```\n"
    project.write("docs/index.md", page)

    status, log = project.build("--strict")

    assert status == 0, log
    index = project.html("search/search_index.json")
    assert "Twice is 42, and x=0.3" in index
    assert "A caption" in index
    assert not any(text in index for text in ("987", "531441", "<svg", "<math"))


def test_a_large_figure_is_published_as_a_pair_of_images(project):
    code = (
        "#| fig-cap: Points.\n#| fig-alt: Many points.\n#| label: fig-points\n"
        "import matplotlib.pyplot as plt\nplt.scatter(range(5000), range(5000), c=range(5000));"
    )
    project.write("docs/deep/page.md", f"```python\n{code}\n```\n")

    status, log = project.build("--strict")

    assert status == 0, log
    html = project.html("deep/page/index.html")
    images = sorted((project.folder / "site/assets/figures").iterdir())
    assert [image.suffix for image in images] == [".webp", ".webp"]
    assert all(f'src="../../assets/figures/{image.name}#only-' in html for image in images)
    assert html.count('alt="Many points."') == 2
    assert '<figure id="fig-points">' in html


def test_blocks_of_a_page_that_is_not_tested_are_refused(project):
    project.write("docs/other.markdown", "```python\nx = 1\n```\n")
    status, log = project.build()

    assert status == 1
    assert (
        "docs/other.markdown:1: pytest-codeblocks tests the blocks of files that end in .md" in log
    )


def test_a_complete_site_alone_is_deployed(project):
    for command in (
        ["git", "init", "-q", "--bare", "remote.git"],
        ["git", "init", "-q"],
        ["git", "config", "user.name", "Author"],
        ["git", "config", "user.email", "author@project.example"],
        ["git", "remote", "add", "origin", "remote.git"],
    ):
        subprocess.run(command, cwd=project.folder, check=True)
    status, log = project.run("gh-deploy")
    assert status == 0, log
    project.write("docs/index.md", project.PAGE + "\n{{ 1 / 0 }}\n")
    assert project.run("gh-deploy")[0] == 1

    show = ["git", "show", "gh-pages:index.html"]
    deployed = subprocess.check_output(show, cwd=project.folder / "remote.git")
    assert b"Twice is 42" in deployed
    assert "Twice is 42" in project.html()
    assert project.leftovers() == []
