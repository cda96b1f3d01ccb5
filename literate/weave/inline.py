"""Put a value into a line: what Markdown would misread of it is written as text, or hidden."""

from __future__ import annotations

import re
from collections.abc import Iterator

from literate.markup import cut_prose
from literate.page import Value
from literate.weave.marks import Marks

__all__ = ["hide_formulas", "within_line"]

BEGINNING = re.compile(r"(?:\d+[.)]|[-+*])(?:\s|$)|[-=]+\s*$|[#:>|]|~~~")
DELIMITED = re.compile(r"(\$\$?|\\[(\[])(.*?)(\$\$?|\\[)\]])", re.DOTALL)


def hide_formulas(markdown: str, marks: Marks) -> str:
    """Hide the formulas of a text, but for the delimiters that Markdown knows them by."""
    return "".join(_hidden(markdown, marks))


def _hidden(markdown: str, marks: Marks) -> Iterator[str]:
    """Yield the pieces of a text, its formulas hidden."""
    for kind, piece in cut_prose(markdown):
        found = DELIMITED.fullmatch(piece) if kind == "formula" else None
        yield f"{found[1]}{marks.hide(found[2], found[2])}{found[3]}" if found else piece


def within_line(page: str, value: Value, text: str) -> str:
    """Keep a value that begins its line from making it a list, a heading or the like.

    Parameters
    ----------
    page
        The text of the page.
    value
        The value.
    text
        What it comes to.
    """
    start = value.start
    while start and page[start - 1] in " \t>":
        start -= 1
    if not text or (start and page[start - 1] != "\n"):
        return text
    end = page.find("\n", value.end)
    line = text + page[value.end : end if end >= 0 else None]
    return f"&#{ord(text[0])};{text[1:]}" if BEGINNING.match(line) else text
