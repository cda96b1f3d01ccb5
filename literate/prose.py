"""Find the inline values and the references to figures in prose."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Callable, Iterator
from typing import Literal, TypeVar

from literate.chunk import PageError, Reference, Span, Value

__all__ = ["CONTROLS", "Outline", "cut_prose", "escape", "read_prose", "replace"]

PARAGRAPH = re.compile(r"(?:[^\n]*\S[^\n]*(?:\n|$))+")
CONTAINER = re.compile(r"\s*(?:[-*+]|\d+[.)]|!!!|\?\?\?\+?|===[!+]?|:|\[\^[^\]]+\]:)\s")
TOKEN = re.compile(r"\\begin\{|\\.|`+|\{\{|\$|@|<!--", re.DOTALL)
HIDDEN = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)|<!--.*?-->", re.DOTALL)
FORMULA = re.compile(
    r"""\$\$.+?\$\$ | \\\[.+?\\\] | \\\(.+?\\\) | \\begin\{(\w+\*?)\}.+?\\end\{\1\}
    | \$(?!\s)(?:\\.|\{\{.*?\}\}|[^\\$])+?(?<!\s)\$""",
    re.DOTALL | re.VERBOSE,
)
FENCE = re.compile(r"^[ \t>]*(`{3,}|~{3,})[^\n]*\n(?:[^\n]*\n)*?[ \t>]*\1[ \t]*$", re.MULTILINE)
BLANK_LINES = re.compile(r"(\n[ \t>]*(?=\n))")
REFERENCE = re.compile(r"(?<![\w.@/])@(fig-\w(?:[\w-]*\w)?)")
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
"""Characters that no page can hold."""

MARKUP = re.compile(r"[^\w\s.,;()/'\"%+=?-]|_")
Kind = TypeVar("Kind", Value, Reference)
NOT_AN_EXPRESSION = (SyntaxError, ValueError, RecursionError, MemoryError)


class Outline:
    """The lines that the next line may belong to, to tell indented code from indented content."""

    def __init__(self) -> None:
        self.parents: list[tuple[int, bool]] = []

    def is_code(self, line: str) -> bool:
        """Tell whether a paragraph or a fence that begins with this line is indented code.

        Code is indented by four spaces more than what it stands in; the content of a list item, an
        admonition or the like is indented by four spaces itself.
        """
        indent = len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip())
        while self.parents and self.parents[-1][0] >= indent:
            self.parents.pop()
        parent, opens = self.parents[-1] if self.parents else (0, False)
        self.parents.append((indent, bool(CONTAINER.match(line + " "))))
        return indent - parent >= (8 if opens else 4)


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
        is_code, *_ = [outline.is_code(line) for line in paragraph[0].rstrip("\n").split("\n")]
        if not is_code:
            yield from _Paragraph(text, stretch).read(*paragraph.span())


def replace(text: str, line: int, kind: type[Kind], put: Callable[[Kind], str]) -> str:
    """Put something in the place of each value, or of each reference, of a short text.

    Parameters
    ----------
    text
        A text that stands by itself, such as a caption.
    line
        The page's line that it belongs to.
    kind
        What is replaced.
    put
        Gives what stands in its place.

    Examples
    --------
    >>> replace("See @fig-a.", 1, Reference, lambda reference: reference.label.upper())
    'See FIG-A.'
    """
    parts: list[str] = []
    at = 0
    for chunk in read_prose(text, Span(0, len(text), line)):
        if isinstance(chunk, kind):
            parts += [text[at : chunk.start], put(chunk)]
            at = chunk.end
    return "".join([*parts, text[at:]])


def cut_prose(text: str) -> Iterator[tuple[Literal["text", "code", "formula"], str]]:
    """Cut a text into its code, its formulas, and what stands between them.

    Examples
    --------
    >>> list(cut_prose("Let $x$ be `y`."))[1::2]
    [('formula', '$x$'), ('code', '`y`')]
    """
    at = 0
    for fence in FENCE.finditer(text):
        for paragraph in BLANK_LINES.split(text[at : fence.start()]):
            yield from _cut_paragraph(paragraph)
        yield "code", fence[0]
        at = fence.end()
    for paragraph in BLANK_LINES.split(text[at:]):
        yield from _cut_paragraph(paragraph)


def _cut_paragraph(text: str) -> Iterator[tuple[Literal["text", "code", "formula"], str]]:
    """Cut a paragraph into its code, its formulas, and what stands between them."""
    start = at = 0
    while token := TOKEN.search(text, at):
        begin, at = token.span()
        formula, hidden = FORMULA.match(text, begin), HIDDEN.match(text, begin)
        if found := formula or hidden:
            yield "text", text[start:begin]
            yield "formula" if formula else "code", found[0]
            start = at = found.end()
    yield "text", text[start:]


def escape(text: str) -> str:
    """Give the Markdown of a text in which nothing is markup.

    Examples
    --------
    >>> escape("a*b")
    'a&#42;b'
    """
    return MARKUP.sub(lambda m: f"&#{ord(m[0])};", text)


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
        """Read the inline value that begins here, up to the first ``}}`` behind an expression."""
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
        """Give the page's line of an offset."""
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
