"""Material's Markdown in plain Markdown."""

import pytest

from literate.notebook.plain import in_dollars, plain, plain_title

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


def test_links_are_led_elsewhere_and_those_in_code_are_not():
    page = "[a](b.md), ![c](<d.png>), `[e](f.md)`\n\n[g]: h.md\n"

    assert plain(page, str.upper) == "[a](B.MD), ![c](<D.PNG>), `[e](f.md)`\n\n[g]: H.MD"


def test_a_formula_is_changed_with_its_delimiters():
    assert plain(r"\(x\) and $y$", formula=lambda formula: f"<{formula}>") == "<$x$> and <$y$>"


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        (r"\(x\)", "$x$"),
        (r"\( x \)", "$x$"),
        ("\\[\nx\n\\]", "$$\nx\n$$"),
        ("$x$", "$x$"),
        (r"\begin{align}x\end{align}", r"\begin{align}x\end{align}"),
    ],
)
def test_formulas_stand_between_dollar_signs(formula, text):
    assert in_dollars(formula) == text


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        ("The `loss`, *again* { #loss }", "The loss, again"),
        ("snake_case, _soft_", "snake_case, soft"),
        ("Closed ##", "Closed"),
        ("__strong__, ___both___, the `__init__` of `a*b`", "strong, both, the __init__ of a*b"),
    ],
)
def test_a_title_is_said_in_words(heading, words):
    assert plain_title(heading) == words
