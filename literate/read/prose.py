"""Find the inline values, the references and the captions of tables in prose."""

from __future__ import annotations

import re
from collections.abc import Iterator

from literate.fault import PageError
from literate.markup import TOKEN, Paragraph
from literate.page import Caption, Reference, Span, Text, Value
from literate.read.expression import end_of_expression, is_expression

__all__ = ["Outline", "read_prose", "read_text"]

PARAGRAPH = re.compile(r"(?:^[^\S\n]*+\S[^\n]*\n?)+", re.MULTILINE)
CONTAINER = re.compile(r"\s*(?:[-*+]|\d+[.)]|!!!|\?\?\?\+?|===[!+]?|:|\[\^[^\]]+\]:)\s")
REFERENCE = re.compile(r"(?<![\w.@/])@((?:fig|tbl)-\w(?:[\w-]*\w)?)")
CAPTION = re.compile(r"([ \t]*+): +(\S.*)([ \t]\{#(tbl-\w(?:[\w-]*\w)?)\}[ \t]*+)\n?")


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
) -> Iterator[Value | Reference | Caption]:
    """Find what means something in a stretch of prose, outside its code and comments.

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
    outline, reader = outline or Outline(), _Reader(text, stretch)
    before = ""
    for paragraph in PARAGRAPH.finditer(text, stretch.start, stretch.end):
        outline.add(paragraph[0])
        caption = CAPTION.fullmatch(paragraph[0]) if "|" in before else None
        before = paragraph[0].rstrip().rpartition("\n")[2]
        if outline.in_code:
            continue
        if caption:
            yield from reader.read_caption(paragraph.start(), caption)
        else:
            yield from reader.read(*paragraph.span())


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
        if not isinstance(chunk, Caption):
            parts += [text[at : chunk.start], chunk]
            at = chunk.end
    return (*parts, text[at:])


class _Reader:
    """A reader of a stretch of prose: it knows the page's text and the line that it has come to."""

    def __init__(self, text: str, stretch: Span) -> None:
        self.text = text
        self.at, self.number = stretch.start, stretch.line

    def read(self, at: int, end: int, *, math: bool = False) -> Iterator[Value | Reference]:
        """Read from one offset to another, once more inside each formula."""
        paragraph = Paragraph(self.text, at, end)
        while token := TOKEN.search(self.text, at, end):
            begin, at = token.span()
            if token[0] == "{{":
                value = self.value(begin, end, math=math)
                at = value.end
                yield value
            elif math:
                continue
            elif hidden := paragraph.hidden(token):
                kind, at = hidden
                if kind == "formula":
                    yield from self.read(begin + 1, at, math=True)
            elif label := REFERENCE.match(self.text, begin, end):
                at = label.end()
                yield Reference(begin, at, self.line(begin), label[1])

    def read_caption(self, at: int, found: re.Match[str]) -> Iterator[Value | Reference | Caption]:
        """Read the caption of a table, which stands below it."""
        text, end = at + found.start(2), at + found.end(2)
        yield Caption(at, text, self.line(at), found[4], found[1])
        yield from self.read(text, end)
        yield Caption(end, at + found.end(3), self.line(end), "", found[1])

    def value(self, begin: int, end: int, *, math: bool) -> Value:
        """Read the inline value that begins here, up to the first ``}}`` after an expression."""
        start, line = begin + 2, self.line(begin)
        cut = end_of_expression(self.text, start, end)
        source = self.text[start:cut].replace("\n", " ").strip()
        close = -1 if cut is None else self.text.find("}}", cut, end)
        if close < 0 or not is_expression(source):
            raise self.refused(start, end, line, math=math)
        specification = self.text[cut:close].replace("\n", " ").removeprefix(":").rstrip()
        return Value(begin, close + 2, line, source, specification, math)

    def refused(self, start: int, end: int, line: int, *, math: bool) -> PageError:
        """Say why there is no inline value."""
        close = self.text.find("}}", start + 1, end)
        inner = f"`{self.text[start:close].strip()}` is not an expression"
        problem = inner if close >= 0 else "`{{` is never closed"
        hint = "write \\{{ for braces that are text" + (", or { { in a formula" if math else "")
        return PageError(line, f"{problem}; {hint}")

    def line(self, offset: int) -> int:
        """Return the page's line of an offset, which is none before the last."""
        self.number += self.text.count("\n", self.at, offset)
        self.at = offset
        return self.number
