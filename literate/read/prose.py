"""Find the inline values and the references to figures in prose."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator

from literate.fault import PageError
from literate.markup import FORMULA, HIDDEN, TOKEN
from literate.page import Reference, Span, Text, Value

__all__ = ["Outline", "read_prose", "read_text"]

PARAGRAPH = re.compile(r"(?:[^\n]*\S[^\n]*(?:\n|$))+")
CONTAINER = re.compile(r"\s*(?:[-*+]|\d+[.)]|!!!|\?\?\?\+?|===[!+]?|:|\[\^[^\]]+\]:)\s")
REFERENCE = re.compile(r"(?<![\w.@/])@(fig-\w(?:[\w-]*\w)?)")
NOT_AN_EXPRESSION = (SyntaxError, ValueError, RecursionError, MemoryError)


class Outline:
    """The lines that the next line may belong to, to tell indented code from indented content.

    Attributes
    ----------
    in_code
        Whether the paragraph or fence that was added last is indented code: it begins with four
        spaces more than what it stands in. The content of a list item, an admonition or the like
        is indented by four spaces itself.
    """

    def __init__(self) -> None:
        self.parents: list[tuple[int, bool]] = []
        self.in_code = False

    def add(self, paragraph: str) -> None:
        """Add the lines of a paragraph, or the first line of a fence."""
        for number, line in enumerate(paragraph.rstrip("\n").split("\n")):
            indent = len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip())
            while self.parents and self.parents[-1][0] >= indent:
                self.parents.pop()
            parent, opens = self.parents[-1] if self.parents else (0, False)
            self.parents.append((indent, bool(CONTAINER.match(f"{line} "))))
            if number == 0:
                self.in_code = indent - parent >= (8 if opens else 4)


def read_prose(
    text: str, stretch: Span, outline: Outline | None = None
) -> Iterator[Value | Reference]:
    """Find the values and the references in a stretch of prose, outside its code and comments.

    Parameters
    ----------
    text
        The page.
    stretch
        Where the prose stands.
    outline
        What the page has said so far, if the prose is not all of it.

    Raises
    ------
    PageError
        An inline value that is not an expression, or that never ends.

    Examples
    --------
    >>> next(read_prose("It is {{ 1 / 3:.2f }}.", Span(0, 22, 1))).specification
    '.2f'
    """
    outline = outline or Outline()
    for paragraph in PARAGRAPH.finditer(text, stretch.start, stretch.end):
        outline.add(paragraph[0])
        if not outline.in_code:
            yield from _Paragraph(text, stretch).read(*paragraph.span())


def read_text(text: str, line: int) -> Text:
    """Cut a text that stands by itself, such as a caption, at its values and references.

    Parameters
    ----------
    text
        The text.
    line
        The page's line that it stands on.

    Raises
    ------
    PageError
        As `read_prose` does.

    Examples
    --------
    >>> [type(part).__name__ for part in read_text("See @fig-a.", 1)]
    ['str', 'Reference', 'str']
    """
    parts: list[str | Value | Reference] = []
    at = 0
    for chunk in read_prose(text, Span(0, len(text), line)):
        parts += [text[at : chunk.start], chunk]
        at = chunk.end
    return (*parts, text[at:])


class _Paragraph:
    """A reader of one paragraph: it knows the page's text and where its stretch begins."""

    def __init__(self, text: str, stretch: Span) -> None:
        self.text = text
        self.stretch = stretch

    def read(self, at: int, end: int, *, math: bool = False) -> Iterator[Value | Reference]:
        """Read from one offset to another, once more inside each formula."""
        while token := TOKEN.search(self.text, at, end):
            begin, at = token.span()
            if token[0] == "{{":
                value = self.value(begin, end, math=math)
                at = value.end
                yield value
            elif math:
                continue
            elif formula := FORMULA.match(self.text, begin, end):
                at = formula.end()
                yield from self.read(begin + 1, at, math=True)
            elif hidden := HIDDEN.match(self.text, begin, end):
                at = hidden.end()
            elif label := REFERENCE.match(self.text, begin, end):
                at = label.end()
                yield Reference(begin, at, self.line(begin), label[1])

    def value(self, begin: int, end: int, *, math: bool) -> Value:
        """Read the inline value that begins here, up to the first ``}}`` after an expression."""
        first = ""
        for close in re.finditer(r"(?=\}\})", self.text[begin + 2 : end]):
            inner = self.text[begin + 2 : begin + 2 + close.start()]
            first = first or inner
            if parts := _split(inner):
                return Value(begin, begin + 4 + len(inner), self.line(begin), *parts, math)
        hint = "write \\{{ for braces that are text" + (", or { { in a formula" if math else "")
        problem = f"`{first.strip()}` is not an expression" if first else "`{{` is never closed"
        raise PageError(self.line(begin), f"{problem}; {hint}")

    def line(self, offset: int) -> int:
        """Return the page's line of an offset."""
        return self.stretch.line + self.text.count("\n", self.stretch.start, offset)


def _split(inner: str) -> tuple[str, str] | None:
    """Split ``expression:specification`` at the first colon that leaves an expression."""
    inner = inner.replace("\n", " ")
    colons = [index for index, character in enumerate(inner) if character == ":"]
    for index in (len(inner), *colons):
        if _is_expression(inner[:index].strip()):
            return inner[:index].strip(), inner[index + 1 :].rstrip()
    return None


def _is_expression(source: str) -> bool:
    """Tell whether Python can read a text as an expression."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ast.parse(source, mode="eval")
        except NOT_AN_EXPRESSION:
            return False
    return True
