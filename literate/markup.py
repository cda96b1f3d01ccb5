"""What in a page's prose is code, and what is a formula."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

__all__ = ["FORMULA", "HIDDEN", "TOKEN", "Kind", "cut_prose"]

Kind = Literal["text", "code", "formula"]

TOKEN = re.compile(r"\\begin\{|\\.|`+|\{\{|\$|@|<!--", re.DOTALL)
"""Where something may begin that is no plain text."""

HIDDEN = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)|<!--.*?-->", re.DOTALL)
"""A code span or a comment."""

FORMULA = re.compile(
    r"""\$\$.+?\$\$ | \\\[.+?\\\] | \\\(.+?\\\) | \\begin\{(\w+\*?)\}.+?\\end\{\1\}
    | \$(?!\s)(?:\\.|\{\{.*?\}\}|[^\\$])+?(?<!\s)\$""",
    re.DOTALL | re.VERBOSE,
)
"""A formula with its delimiters."""

FENCE = re.compile(r"^[ \t>]*(`{3,}|~{3,})[^\n]*\n(?:[^\n]*\n)*?[ \t>]*\1[ \t]*$", re.MULTILINE)
BLANK_LINES = re.compile(r"(\n[ \t>]*(?=\n))")


def cut_prose(text: str) -> Iterator[tuple[Kind, str]]:
    """Cut a text into its code, its formulas, and what stands between them.

    Examples
    --------
    >>> list(cut_prose("Let $x$ be `y`."))[1::2]
    [('formula', '$x$'), ('code', '`y`')]
    """
    at = 0
    for fence in FENCE.finditer(text):
        yield from _cut_paragraphs(text[at : fence.start()])
        yield "code", fence[0]
        at = fence.end()
    yield from _cut_paragraphs(text[at:])


def _cut_paragraphs(text: str) -> Iterator[tuple[Kind, str]]:
    """Cut each paragraph by itself: no code and no formula goes on over a blank line."""
    for paragraph in BLANK_LINES.split(text):
        start = at = 0
        while token := TOKEN.search(paragraph, at):
            begin, at = token.span()
            formula, hidden = FORMULA.match(paragraph, begin), HIDDEN.match(paragraph, begin)
            if found := formula or hidden:
                yield "text", paragraph[start:begin]
                yield "formula" if formula else "code", found[0]
                start = at = found.end()
        yield "text", paragraph[start:]
