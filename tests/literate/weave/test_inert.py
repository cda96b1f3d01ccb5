"""What a value prints comes out as these very characters, whatever extensions a site has."""

import html
import re
import urllib.request

import lxml.html
import pytest

TEXTS = [
    '" onmouseover="alert(1)',
    "' onmouseover='alert(1)",
    "x onmouseover=alert(1) y",
    "`<script>alert(1)</script>`",
    "<script>alert(1)</script>",
    "</div></section><!--",
    "&lt;b&gt; &amp;amp; &#42; &quot;",
    '--8<-- "secret.txt"',
    "{++added++} {--gone--} {>>said<<} {==marked==}",
    "++ctrl+alt++ ==marked== ^^inserted^^ ~~gone~~ H~2~O x^2^",
    "(c) (tm) --> <-- +/- =/= 1/2 1st 2nd ... -- \"q\" 'q' <<q>>",
    "www.example.org https://example.org a@example.org #1 @user !2",
    "0123456789abcdef0123456789abcdef01234567",
    ":smile: :material-school:",
    "[[Page]] [link](x.md) ![image](x.png) [^1] [a]{.b}",
    "HTML and CSS",
    "{: .class } { #id } {{ x }} {% x %}",
    "$x^2$ \\(x\\) \\begin{a}\\end{a}",
    "# no heading",
    "- [ ] no task",
    "12. no item",
    "> no quotation",
    "| no | table |",
    "*[CSS]: no abbreviation",
    "::: library",
    "!!! note",
    "*a* _b_ **c** __d__ \\* a\\\\b",
    "ünï 漢字 \N{NO-BREAK SPACE}\N{LINE SEPARATOR}| é",
]
EXTENSIONS = """\
markdown_extensions:
  - abbr
  - admonition
  - attr_list
  - def_list
  - footnotes
  - md_in_html
  - smarty
  - tables
  - wikilinks
  - pymdownx.betterem
  - pymdownx.caret
  - pymdownx.critic
  - pymdownx.emoji
  - pymdownx.escapeall
  - pymdownx.inlinehilite
  - pymdownx.keys
  - pymdownx.magiclink: {repo_url_shorthand: true, user: someone, repo: something}
  - pymdownx.mark
  - pymdownx.progressbar
  - pymdownx.smartsymbols
  - pymdownx.snippets: {auto_append: [abbreviations.txt]}
  - pymdownx.superfences: {preserve_tabs: true}
  - pymdownx.tasklist
  - pymdownx.tilde
"""
PAGE = f"""\
```python
texts = {TEXTS!r}
print(*texts, "a\\tb", sep="\\n")
```

"""


def values(index):
    value = f"{{{{ texts[{index}] }}}}"
    return (
        f'<div class="v{index}" title="{value}" data-a=\'{value}\' data-b={value} markdown>\n\n'
        f"{value}\n\n- {value}\n\n## Heading {value}\n\n"
        f"| {value} |\n|---|\n| **{value}** |\n\n"
        f'[{value}](page.md "{value}")\n\n</div>\n\n<p class="raw" title="{value}">{value}</p>\n\n'
    )


@pytest.fixture(scope="module")
def hostile(tmp_path_factory, project_class):
    """Give a site that has all extensions, with a page of values and of outputs."""
    page = PAGE + "".join(map(values, range(len(TEXTS))))
    page += 'A [site]({{ "https://example.org/?a=1&b=2" }}).\n'
    project = project_class(
        tmp_path_factory.mktemp("project"),
        {
            "mkdocs.yml": project_class.CONFIG + EXTENSIONS,
            "docs/index.md": page,
            "docs/page.md": "# A page\n",
            "secret.txt": "a secret\n",
            "abbreviations.txt": "*[HTML]: language\n*[CSS]: styles\n",
        },
    )
    status, log = project.build()
    assert status == 0, log
    return project


@pytest.fixture(scope="module")
def document(hostile):
    return lxml.html.fromstring(hostile.html())


@pytest.mark.parametrize("index", range(len(TEXTS)), ids=lambda index: TEXTS[index][:20])
def test_a_value_is_the_text_that_it_prints(document, index):
    text = TEXTS[index]
    (box,) = document.xpath(f"//article//div[@class='v{index}']")

    assert [box.get(name) for name in ("title", "data-a", "data-b")] == [text] * 3
    assert not set(box.keys()) - {"title", "data-a", "data-b", "class"}
    assert [element.text_content() for element in box.xpath("./p")] == [text] * 2
    assert [element.text_content() for element in box.xpath("./ul/li")] == [text]
    assert box.xpath("string(./h2/text())") == f"Heading {text}"
    assert [element.text_content() for element in box.xpath(".//th | .//td")] == [text] * 2
    assert [link.get("title") for link in box.xpath("./p/a")] == [text]
    assert not box.xpath(".//abbr | .//kbd | .//mark | .//sup | .//script | .//ins | .//del")
    (raw,) = box.xpath("(following-sibling::p[@class='raw'])[1]")
    assert (raw.get("title"), raw.text_content()) == (text, text)
    assert raw.keys() == ["class", "title"]


def test_what_is_printed_is_shown_to_the_letter(document):
    shown = document.xpath("string(//article//div[contains(@class, 'output')]//code)")

    assert shown == "\n".join([*TEXTS, "a\tb", ""])


def test_the_contents_have_the_texts_of_headings_and_no_mark(hostile, document):
    assert "literate" not in hostile.html("search/search_index.json")
    links = document.xpath("//nav[contains(@class, 'md-nav--secondary')]//a/span")
    shown = [" ".join(link.text_content().split()) for link in links[: len(TEXTS)]]

    assert shown == [" ".join(f"Heading {text}".split()) for text in TEXTS]


def test_a_link_to_a_value_leads_to_it(document):
    (link,) = document.xpath("//article//a[text()='site']/@href")

    assert link == "https://example.org/?a=1&b=2"


def test_nothing_of_a_page_is_read_from_the_output(hostile):
    assert "a secret" not in hostile.html()
    assert html.escape('--8<-- "secret.txt"', quote=False) in hostile.html()


def served(project):
    """Give the page of a project as it is served."""
    with project.serving() as wait_for:
        wait_for("</html>")
        log = (project.folder / "log").read_text()
        (address,) = re.findall(r"Serving on http://(\S+)", log)
        with urllib.request.urlopen(f"http://{address}", timeout=5) as answer:
            return lxml.html.fromstring(answer.read().decode())


@pytest.mark.parametrize(
    "value", ["x$ <b onclick=alert(1)>", "\\) </span><script>", "a\n\n# B", "--8<-- 'a'"]
)
def test_a_value_in_a_formula_stays_in_it(project, value):
    project.write("docs/index.md", f"```python\nv = {value!r}\n```\n\nIn $a {{{{ v }}}} b$.\n")
    page = served(project)

    assert not page.xpath("//article//b | //article//script | //article//h1[text()='B']")
    (paragraph,) = page.xpath("//article/p[starts-with(., 'In')]")
    assert paragraph.xpath("./span[@class='arithmatex']")
    assert paragraph.text_content().endswith(".")


@pytest.mark.parametrize("theme", ["mkdocs", "{name: material, font: false}"])
def test_a_fault_that_is_served_is_no_markup_and_needs_no_extension(project, theme):
    project.write("mkdocs.yml", f"site_name: P\ntheme: {theme}\nplugins: [literate]\n")
    text = "`<script>alert(1)</script>` &lt; {{ x }} ++y++"
    indented = f"- Item.\n\n    ```python\n    raise ValueError({text!r})\n    ```\n"
    value = f"```python\nx = {{}}\n```\n\n| a |\n|---|\n| {{{{ x[{text!r}] }}}} |\n"
    project.write("docs/index.md", f"{indented}\n{value}")
    page = served(project)

    (box,) = page.xpath("//li//div[@class='admonition failure']")
    assert box.xpath("string(p[@class='admonition-title'])") == f"ValueError: {text}"
    assert "docs/index.md:4\n" in box.xpath("string(.//pre/code)")
    assert page.xpath("string(//td//code)") == f"KeyError: {text!r}"
    assert not page.xpath("//body//script[contains(., 'alert')]")
    assert "!!!" not in page.text_content()
