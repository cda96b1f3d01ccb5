"""What woven pages need of Markdown and of the theme."""

import lxml.html


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
