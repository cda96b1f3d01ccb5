"""Fences, comments and prose, line by line."""

import pytest

from literate.fault import PageError
from literate.read.fence import BYTE_ORDER_MARK, Directive, Fence, Mark, Prose, scan


def kinds(text):
    return [type(item).__name__ for item in scan(text)]


def refusal(text):
    with pytest.raises(PageError) as refused:
        list(scan(text))
    return refused.value.line, refused.value.message


def test_a_page_is_cut_into_its_parts_in_order():
    text = (
        "Prose.\n\n<!--pytest.mark.skip-->\n```python\nx = 1\n```\nMore.\n\n"
        "<!--pytest-codeblocks:cont-->\n````text\n```\n````\n"
    )
    items = list(scan(text))

    assert [type(item) for item in items] == [Prose, Mark, Fence, Prose, Directive, Fence]
    assert "".join(text[item.start : item.end] for item in items) == text
    assert [item.line for item in items] == [1, 3, 4, 7, 9, 10]


def test_a_fence_has_its_indent_its_ticks_its_info_and_its_lines():
    (fence,) = scan("  ````text more \n  a\n\n    b\n  ```\n  ````\n")

    assert (fence.indent, fence.ticks, fence.info) == ("  ", "````", "text more")
    assert fence.lines == ("a\n", "\n", "  b\n", "```\n")


@pytest.mark.parametrize(
    ("comment", "item", "word"),
    [
        ("<!--pytest-codeblocks:cont-->", Directive, "cont"),
        ("  <!-- pytest-codeblocks: expected-output -->", Directive, "expected-output"),
        ("<!--- pytest-codeblocks:cont --->", Directive, "cont"),
        ("<!--pytest.mark.skip-->", Mark, "pytest.mark.skip"),
        ("<!-- pytest.mark.skipif(True)-->", Mark, "pytest.mark.skipif(True)"),
    ],
)
def test_a_comment_to_pytest_is_known_by_its_word(comment, item, word):
    (found,) = scan(f"{comment}\n")

    assert type(found) is item
    assert (found.keyword if item is Directive else found.mark) == word


@pytest.mark.parametrize(
    "hidden",
    [
        "---\ntitle: T\n---\n",
        "---\ntitle: T\n...\n",
        f"{BYTE_ORDER_MARK}---\ntitle: T\n---\n",
        "<!-- a\n{{ x }}\nb -->\n",
        "~~~text\n{{ x }}\n~~~\n",
        "> ```text\n> {{ x }}\n> ```\n",
    ],
)
def test_what_no_reader_takes_for_prose_or_code_is_left_out(hidden):
    assert kinds(f"{hidden}Prose.\n") == ["Prose"]
    assert next(scan(f"{hidden}Prose.\n")).start == len(hidden)


@pytest.mark.parametrize("text", ["", "---\n", "---\ntitle: T\n", "a\n---\nb\n---\n", "`<!--` b\n"])
def test_what_only_looks_like_something_hidden_is_prose(text):
    assert kinds(text) == (["Prose"] if text else [])


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("a\n```python\nx\n", 2, "this fence is never closed"),
        ("~~~\nx\n", 1, "this fence is never closed"),
        ("a\n\n<!-- b\n", 3, "this HTML comment is never closed"),
        ("```py\n```\n", 1, "a block runs only after ```python alone, not after ```py"),
        ("```python3 x\n```\n", 1, "not after ```python3 x"),
        ("```{#id .python}\n```\n", 1, "not after ```{#id .python}"),
        ("```{ title='a' .py }\n```\n", 1, "not after ```{ title='a' .py }"),
        ("```language-python\n```\n", 1, "not after ```language-python"),
        ("```{code-cell} ipython3\n```\n", 1, "not after ```{code-cell} ipython3"),
        ("~~~{#id .python}\n~~~\n", 1, "does not run a tilde fence"),
        ("---\na: b\ntitle: Of {{ x }}\n---\n", 3, "is read in the front matter"),
        ("```a`b\n```\n", 1, "takes a line that begins with ``` for a fence"),
        ("~~~python\n~~~\n", 1, "does not run a tilde fence"),
        ("- ```python\n  ```\n", 1, "does not run a fence after a list or quote mark"),
        ("```text\na\n```` \n", 3, "this line ends the fence of line 1"),
        ("```text\na\n  ```\n", 3, "which wants ``` alone, indented as there"),
        ("  ```text\n  a\n b\n  ```\n", 3, "is indented less than its fence on line 1"),
        ("---\n```\n---\n", 2, "though it stands in the front matter"),
        ("<!--\n```\n-->\n", 2, "though it stands in an HTML comment"),
        ("~~~\n<!--pytest.mark.skip-->\n~~~\n", 2, "though it stands in a tilde fence"),
        ("a <!--pytest.mark.skip-->\n", 1, "must begin its line"),
        ("<!--pytest-codeblock:cont-->\n", 1, "does not understand the comment"),
        (f"{BYTE_ORDER_MARK}```text\n```\n", 1, "after its byte-order mark"),
    ],
)
def test_what_two_readers_would_read_differently_is_refused_at_its_line(text, line, message):
    where, said = refusal(text)

    assert where == line
    assert message in said


@pytest.mark.parametrize("info", ["pyramid", "python-repl", "text", "pycon", ""])
def test_other_languages_are_no_python(info):
    assert kinds(f"```{info}\n```\n") == ["Fence"]
