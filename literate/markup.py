"""What in a page's prose is code, and what is a formula."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Literal

from literate.closings import Closings, name_run

__all__ = ["TOKEN", "Kind", "Paragraph", "cut_prose"]

Kind = Literal["text", "code", "formula"]

TOKEN = re.compile(r"\\begin\{|\\.|`+|\{\{|\$|@|<!--", re.DOTALL)
"""Where something may begin that is no plain text."""

CLOSING = re.compile(r"\$(?=\$)|\\[\])]|\\end\{\w+\*?\}|`+|-->")
BEGIN = re.compile(r"\\begin\{(\w+\*?)\}")
IN_DOLLARS = re.compile(r"[\\$]|\{(?=\{)|\}(?=\})")
FENCE = re.compile(r"^[ \t>]*(`{3,}|~{3,})[^\n]*\n", re.MULTILINE)
END_OF_FENCE = re.compile(r"^[ \t>]*(`{3,}|~{3,})[ \t]*$", re.MULTILINE)
BLANK_LINES = re.compile(r"(\n[ \t>]*(?=\n))")


class Paragraph:
    r"""A paragraph, and where its code and its formulas end, which one scan of it finds.

    A code span ends with as many backticks as it begins with. A formula stands between ``$``,
    ``$$``, ``\(`` and ``\)``, ``\[`` and ``\]``, or is an environment. After ``$`` and before
    the ``$`` at the end there is no space; an inline value in it may hold dollars.

    Parameters
    ----------
    text, start, end
        Where the paragraph stands.
    """

    def __init__(self, text: str, start: int, end: int) -> None:
        self.text = text
        self.start = start
        self.end = end

    def hidden(self, token: re.Match[str]) -> tuple[Kind, int] | None:
        """Tell what begins with a token, code or a formula, and where it ends."""
        sign, begin = token[0], token.start()
        kind: Kind = "code" if sign[0] in "`<" else "formula"
        closing, inside = sign, token.end()
        if sign == "<!--":
            closing, inside = "-->", inside - 1
        elif sign == "$" and not self.text.startswith("$$", begin, self.end):
            return (kind, self.dollars[begin]) if begin in self.dollars else None
        elif sign == "$":
            inside += 1
        elif sign in {r"\[", r"\("}:
            closing = r"\]" if sign == r"\[" else r"\)"
        elif environment := BEGIN.match(self.text, begin, self.end):
            closing, inside = rf"\end{{{environment[1]}}}", environment.end()
        elif sign[0] != "`":
            return None
        found = self.closings.after(closing, inside + 1)
        return (kind, found[1] + (sign == "$")) if found else None

    @cached_property
    def closings(self) -> Closings:
        """What ends code and formulas."""
        return Closings(CLOSING, self.text, self.start, self.end)

    @cached_property
    def dollars(self) -> dict[int, int]:
        """Where the formulas end that begin with a single dollar, by where they begin.

        It is found from the end: how a formula goes on after a place does not depend on where it
        began. A value in it ends with the first ``}}`` after which the formula ends at all.
        """
        text = self.text
        marks = [mark.start() for mark in IN_DOLLARS.finditer(text, self.start, self.end)]
        found: dict[int, int] = {}
        # Where a formula ends that goes on at a mark, and one that leaves a value from there on.
        ends, leaves = [0] * (len(marks) + 2), [0] * (len(marks) + 2)
        for index in reversed(range(len(marks))):
            at = marks[index]
            next_one = index + 1
            over = next_one + (marks[next_one : next_one + 1] == [at + 1])
            leaves[index] = leaves[next_one]
            if text[at] == "$":
                ends[index] = 0 if text[at - 1].isspace() else at + 1
                if ends[next_one] and not (text[at + 1].isspace() or text[at + 1] == "$"):
                    found[at] = ends[next_one]
            elif text[at] == "\\":
                ends[index] = ends[over]
            elif text[at] == "{":
                ends[index] = leaves[over] or ends[next_one]
            else:
                ends[index] = ends[next_one]
                leaves[index] = ends[over] or leaves[next_one]
        return found


def cut_prose(text: str) -> Iterator[tuple[Kind, str]]:
    """Cut a text into its code, its formulas, and what stands between them.

    Examples
    --------
    >>> list(cut_prose("Let $x$ be `y`."))[1::2]
    [('formula', '$x$'), ('code', '`y`')]
    """
    closings = Closings(END_OF_FENCE, text, name=name_run)
    start = at = 0
    while fence := FENCE.search(text, at):
        at = fence.end()
        if end := closings.after_run(fence[1], 3, at):
            yield from _cut_paragraphs(text[start : fence.start()])
            yield "code", text[fence.start() : end]
            start = at = end
    yield from _cut_paragraphs(text[start:])


def _cut_paragraphs(text: str) -> Iterator[tuple[Kind, str]]:
    """Cut each paragraph by itself: no code and no formula goes on over a blank line."""
    for text_of_one in BLANK_LINES.split(text):
        paragraph = Paragraph(text_of_one, 0, len(text_of_one))
        start = at = 0
        while token := TOKEN.search(text_of_one, at):
            at = token.end()
            if found := paragraph.hidden(token):
                kind, at = found
                yield "text", text_of_one[start : token.start()]
                yield kind, text_of_one[token.start() : at]
                start = at
        yield "text", text_of_one[start:]
