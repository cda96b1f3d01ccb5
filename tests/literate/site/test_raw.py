"""Nothing that runs reaches a site raw, whoever brings it: sites with the real plugins."""

import re
from urllib.parse import quote, unquote, urljoin, urlsplit

import lxml.html
import pytest

BLOCK = "```python\nprint(6 * 7)\n```\n"
SKIPPED = "<!--pytest.mark.skip-->\n\n```python\n#| echo: fold\nprint(6 * 7)\n```\n"
BROUGHT = {
    "a block": BLOCK,
    "a value": "It is {{ 6 * 7 }}.\n",
    "tildes": "~~~python\nprint(6 * 7)\n~~~\n",
    "attributes": "```{.python title='x'}\nprint(6 * 7)\n```\n",
    "another name": "```py\nprint(6 * 7)\n```\n",
    "a quotation": "> ```python\n> print(6 * 7)\n> ```\n",
    "an admonition": "!!! note\n\n    ```python\n    print(6 * 7)\n    ```\n",
    "an option": "```python\n#| echo: false\nprint(6 * 7)\n```\n",
}
PAGE = "# Page\n\nText.\n\n```python\nx = 1\n```\n\nSome {{ x }}.\n\n@\n\nMore text.\n"
LINE = 11
"""Where what others bring is put into the page."""


@pytest.fixture
def with_plugin(project):
    """Give a function that configures the project's plugins and extensions, and writes files."""

    def with_plugin(plugins="", extensions="", **files):
        config = project.CONFIG.replace("search, literate", f"literate, {plugins}".rstrip(", "))
        extensions = f"markdown_extensions: [admonition, {extensions}]\n"
        project.write("mkdocs.yml", config + extensions.replace(", ]", "]"))
        for name, content in files.items():
            project.write(
                name.replace("__", "/").replace("_md", ".md").replace("_py", ".py"), content
            )
        return project

    return with_plugin


def refused(project, line=LINE, page="docs/index.md"):
    """Build; give the log of a build that stops for what is put into a page at a line."""
    status, log = project.build()

    assert status == 1, log
    assert f"\n{page}:{line}: put into the page here: " in log
    assert "1 fault in the pages" in log
    return log


def article(project, name="index.html"):
    return lxml.html.fromstring(project.html(name)).xpath("//article")[0]


@pytest.mark.parametrize("brought", BROUGHT.values(), ids=BROUGHT)
def test_what_a_snippet_brings_is_refused_where_it_is_put(with_plugin, brought):
    refused(
        with_plugin(
            extensions="pymdownx.snippets",
            docs__index_md=PAGE.replace("@", '--8<-- "brought.txt"'),
            **{"brought.txt": brought},
        )
    )


def test_what_include_markdown_brings_is_refused_where_it_is_put(with_plugin):
    page = PAGE.replace("@", '{% include-markdown "../brought.txt" %}')
    refused(with_plugin("include-markdown", docs__index_md=page, **{"brought.txt": BLOCK}))


def test_what_macros_bring_is_refused_where_it_is_put(with_plugin):
    macro = f"def define_env(env):\n    @env.macro\n    def bring():\n        return {BLOCK!r}\n"
    page = PAGE.replace("@", "{% set brought = bring() %}\n{% print(brought) %}")
    refused(with_plugin("macros", docs__index_md=page, main_py=macro))


@pytest.mark.parametrize("plugins", ["macros, literate", "literate, macros"])
def test_values_are_the_pages_own_whatever_the_order_of_macros(project, plugins):
    project.write("mkdocs.yml", project.CONFIG.replace("search, literate", plugins))
    block = "```python\nx = 1\nprint('{{ x }} {% if %}')\n```\n\n"
    project.write("docs/index.md", block + "One: {{ x }}.{% if true %} Yes.{% endif %}\n")
    status, log = project.build("--strict")

    assert status == 0, log
    assert "One: 1. Yes." in article(project).text_content()
    assert article(project).text_content().count("{{ x }} {% if %}") == 2


def test_a_skipped_block_that_is_brought_is_shown_as_one_of_the_page(with_plugin):
    page = PAGE.replace("@", '--8<-- "brought.txt"')
    project = with_plugin(
        extensions="pymdownx.snippets", docs__index_md=page, **{"brought.txt": SKIPPED}
    )
    status, log = project.build("--strict")

    assert status == 0, log
    (code,) = article(project).xpath(".//details//code")
    assert code.text_content() == "print(6 * 7)\n"
    assert "#|" not in article(project).text_content()


def test_shells_that_do_not_run_are_published(with_plugin):
    skipped = "<!--pytest.mark.skip-->\n\n```bash\ntouch made\n```\n"
    page = PAGE.replace("@", f'{skipped}\n--8<-- "brought.txt"')
    brought = "```sh\ntouch more\n```\n"
    project = with_plugin(
        extensions="pymdownx.snippets", docs__index_md=page, **{"brought.txt": brought}
    )
    status, log = project.build("--strict")

    assert status == 0, log
    shown = article(project).text_content()
    assert "touch made" in shown
    assert "touch more" in shown
    assert "pytest" not in project.html()


def test_examples_of_fences_and_docstrings_are_no_pages(with_plugin):
    library = f'def double(x):\n    """Double.\n\n{BLOCK}\n    """\n'.replace("\n", "\n    ")
    page = "````markdown\n```python\n{{ x }}\n```\n````\n\n`{{ x }}`\n\n::: library\n"
    project = with_plugin(
        "mkdocstrings: {handlers: {python: {paths: [.]}}}",
        docs__index_md=page,
        library_py=library.replace("\n    def", "\ndef").strip() + "\n",
    )
    status, log = project.build("--strict")

    assert status == 0, log
    assert article(project).text_content().count("print(6 * 7)") >= 1
    assert "```python" in article(project).text_content()


@pytest.mark.parametrize("order", ["gen-files, literate", "literate, gen-files"])
def test_a_generated_page_is_woven(project, order):
    config = project.CONFIG.replace("search, literate", order)
    project.write("mkdocs.yml", config.replace("gen-files", "gen-files: {scripts: [gen.py]}"))
    project.write(
        "gen.py",
        "import mkdocs_gen_files\n"
        f"with mkdocs_gen_files.open('new.md', 'w') as file:\n    file.write({project.PAGE!r})\n",
    )
    status, log = project.build("--strict", "--quiet")

    assert status == 0, log
    assert "Twice is 42" in project.html("new/index.html")


def test_each_language_of_a_site_is_woven_and_kept(project):
    languages = (
        "[{locale: en, default: true, name: English, build: true},"
        " {locale: de, name: Deutsch, build: true}]"
    )
    i18n = f"i18n: {{docs_structure: suffix, languages: {languages}}}"
    config = project.CONFIG.replace("search, literate", f"literate: {{notebooks: true}}, {i18n}")
    project.write("mkdocs.yml", config)
    project.write("docs/index.de.md", project.PAGE.replace("Twice is", "Zweimal:"))
    project.write("docs/other.md", project.PAGE)
    status, log = project.build()
    assert status == 0, log
    status, log = project.build()

    assert status == 0, log
    assert "Twice is 42" in project.html()
    assert "Zweimal: 42" in project.html("de/index.html")
    assert "Twice is 42" in project.html("de/other/index.html")
    assert (project.folder / "site/de/assets/literate/literate.css").exists() or (
        project.folder / "site/assets/literate/literate.css"
    ).exists()
    assert " run in " not in log
    assert project.leftovers() == []


POST = """\
---
date: 2024-01-31
---

# A post with {{ 2 * n }}

```python
n = 21
print("printed", n)
```

Twice is {{ 2 * n }}, and $x^2$ is {{ n * n }}.

<!-- more -->

After that {{ n }}.
"""


def test_a_post_of_a_blog_is_woven_with_its_excerpts_and_its_notebook(with_plugin):
    post = POST.replace("# A post with {{ 2 * n }}", "# A post")
    project = with_plugin(
        "blog",
        docs__blog__posts__post_md=post,
        docs__blog__posts__draft_md=POST.replace("---\n\n#", "draft: true\n---\n\n#"),
    )
    config = (project.folder / "mkdocs.yml").read_text()
    project.write("mkdocs.yml", config.replace("[literate,", "[literate: {notebooks: true},"))
    status, log = project.build("--strict")

    assert status == 0, log
    for name in ("blog/2024/01/31/a-post", "blog", "blog/archive/2024"):
        html = project.html(f"{name}/index.html")
        assert "printed 21" in html, name
        assert "Twice is 42" in html, name
        assert "<msup><mi>x</mi><mn>2</mn></msup>" in html, name
        assert not any(raw in html for raw in ("{{", "\\(", "#|", "literate-")), name
    assert "After that 21." in project.html("blog/2024/01/31/a-post/index.html")
    assert "Twice is 42" in project.html("blog/2024/01/31/a-post/post.ipynb")


def test_what_a_post_brings_is_refused_once_and_its_excerpts_show_no_more(with_plugin):
    project = with_plugin(
        "blog",
        "pymdownx.snippets",
        docs__blog__posts__post_md=POST.split("# A", maxsplit=1)[0]
        + '# Post\n\n--8<-- "brought.txt"\n',
        **{"brought.txt": BLOCK},
    )
    refused(project, 7, "docs/blog/posts/post.md")


def test_a_fault_in_a_post_is_named_with_its_line(with_plugin):
    project = with_plugin("blog", docs__blog__posts__post_md=POST.replace("21", "1 / 0"))
    status, log = project.build()

    assert status == 1
    assert "\ndocs/blog/posts/post.md:5: no block runs before this inline value" in log


NAME = "a#b?100%20 c'\N{LATIN SMALL LETTER A WITH DIAERESIS}&d"
"""The name of a page, and of its folder."""


@pytest.mark.parametrize("urls", ["true", "false"])
def test_a_page_of_any_name_links_to_its_notebook(project, urls):
    config = project.CONFIG.replace("literate]", "literate: {notebooks: true}]")
    project.write("mkdocs.yml", f"{config}use_directory_urls: {urls}\n")
    project.write(f"docs/{NAME}/{NAME}.md", project.PAGE + "\n[First](../index.md)\n")
    status, log = project.build()

    assert status == 0, log
    page = f"{NAME}/{NAME}" + ("/index.html" if urls == "true" else ".html")
    links = lxml.html.fromstring(project.html(page)).xpath('//p[@class="notebook"]/a/@href')
    assert len(links) == 3
    for link in links:
        url = urlsplit(urljoin(f"http://a/{quote(page)}", link))
        path = project.folder / "site" / unquote(url.path).lstrip("/")
        assert not url.query + url.fragment
        assert (path / "index.html" if url.path.endswith("/") else path).exists(), link
    source = path.with_suffix(".ipynb").read_text("utf-8")
    (home,) = re.findall(r"\[First\]\((.*?)\)", source)
    assert urljoin(f"http://a/{quote(page)}", home) in {"http://a/", "http://a/index.html"}


def test_a_block_is_refused_whose_tabs_are_preserved(with_plugin):
    extensions = "pymdownx.snippets, pymdownx.superfences: {preserve_tabs: true}"
    page = PAGE.replace("@", '--8<-- "brought.txt"')
    refused(with_plugin("", extensions, docs__index_md=page, **{"brought.txt": BLOCK}))


def test_a_block_is_refused_that_a_value_brings(with_plugin):
    code = f"class Value:\n    def _repr_markdown_(self):\n        return {BLOCK!r}\n\nValue()\n"
    project = with_plugin(docs__index_md=f"# Page\n\nText.\n\n```python\n{code}```\n\nMore.\n")
    status, log = project.build()

    assert status == 1
    assert re.search(r"\ndocs/index\.md:\d+: put into the page here: this block would be", log)


def test_what_is_converted_after_the_pages_is_refused_too(project):
    project.write("mkdocs.yml", f"{project.CONFIG}hooks: [hook.py]\n")
    project.write(
        "hook.py",
        "from markdown import Markdown\n\n"
        "def on_page_context(context, *, page, config, nav):\n"
        "    md = Markdown(extensions=config.markdown_extensions, "
        "extension_configs=config.mdx_configs)\n"
        f"    page.content += md.convert({BLOCK!r})\n",
    )
    status, log = project.build()

    assert status == 1
    assert "docs/index.md:1: put into the page here: this block would be" in log
