"""Material's Markdown in plain Markdown."""

import pytest

from literate.notebook.plain import plain

PLAIN = {
    "an admonition without a title": ("!!! note\n\n    A.\n\nB.", "> **Note**\n>\n> A.\n\nB."),
    "one with an empty title": ('!!! note ""\n    A.', "> A."),
    "one with classes": ('!!! tip inline end "T"\n    A.', "> **T**\n>\n> A."),
    "an open one that folds": ('???+ tip "T"\n\n    A.', "> **T**\n>\n> A."),
    "one in another": (
        '!!! a "A"\n\n    1\n\n    !!! b "B"\n\n        2\n\n    3',
        "> **A**\n>\n> 1\n>\n> > **B**\n> >\n> > 2\n>\n> 3",
    ),
    "two in a row": (
        '!!! a "A"\n\n    1\n\n!!! b "B"\n\n    2',
        "> **A**\n>\n> 1\n\n> **B**\n>\n> 2",
    ),
    "one in a list": ('- i\n\n    !!! a "A"\n\n        1', "- i\n\n    > **A**\n    >\n    > 1"),
    "one right after a text": ('Text\n!!! a "A"\n    1\nEnd', "Text\n\n> **A**\n>\n> 1\n\nEnd"),
    "a block": ("/// tip | T\n    type: x\n\nA.\n///\n\nB.", "> **T**\n>\n> A.\n\nB."),
    "tabs": ('## S\n\n=== "A"\n\n    1\n\n=== "B"\n\n    2', "## S\n\n### A\n\n1\n\n### B\n\n2"),
    "a display in a box": ("!!! a\n\n    $$\n    x\n    $$", "> **A**\n>\n> $$ x $$"),
    "a fence in a box": (
        "!!! a\n\n    ```text\n    !!! b\n\n    c\n    ```",
        "> **A**\n>\n> ```text\n> !!! b\n>\n> c\n> ```",
    ),
    "attributes": (
        "[a](b){ .c #d } `{ .e }` $\\frac{ .5 }{2}$",
        "[a](b) `{ .e }` $\\frac{ .5 }{2}$",
    ),
    "attributes of a fence": ('```yaml title="a"\nb: 1\n```', "```yaml\nb: 1\n```"),
    "Markdown in HTML": ('<div class="grid" markdown>\n\n- a\n\n</div>\n\nb', "- a\n\nb"),
    "LaTeX's own delimiters": ("\\(x\\)\n\n\\[\ny\n\\]", "$x$\n\n$$\ny\n$$"),
}


@pytest.mark.parametrize(("page", "text"), PLAIN.values(), ids=PLAIN)
def test_plain_markdown_says_what_the_page_says(page, text):
    assert plain(page) == text
