"""Say in plain Markdown what a page says in Material's, for readers that know no other.

Admonitions become quotes, tabs become sections; what only styles a page is left out. Formulas stand
between dollar signs, and a display inside a box on one line, so that no sign of a quote falls
into it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from literate.markup import Kind, cut_prose

__all__ = ["in_dollars", "plain", "plain_title"]

ADMONITION = re.compile(r'(?:!!!|\?\?\?\+?)([\w\s-]*+)(?:"(.*)")?\s*$')
TAB = re.compile(r'===[!+]?\s+"(.*)"\s*$')
BLOCK = re.compile(r"(/{3,})\s*([\w-]+)\s*(?:\|\s*(.*\S))?\s*$")
FENCE = re.compile(r"(`{3,}|~{3,})\s*\{?\s*\.?([\w+#-]*)")
ELEMENT = re.compile(r"<(\w+)\b(?=[^>]*\bmarkdown\b)[^>]*>\s*$")
HEADING = re.compile(r"(#{1,6})\s")
ATTRIBUTES = re.compile(
    r"""\s?\{:?\s*(?:[.#][\w:-]+|[\w-]+=(?:"[^"\n]*"|[\w.%-]+))(?:\s[^{}\n]*)?\}"""
)
LINK = re.compile(r"(?<=\]\()(<?)([^\s()<>]+)|^([^\S\n]*\[[^\]\n]+\]:\s+)(\S+)", re.MULTILINE)
MARKUP = re.compile(r"`([^`]*)`|[`*]|(?<!\w)_++|(?<!_)_++(?!\w)|\{[^{}]*\}|\s#+$")
DEEPEST = 100
"""How many characters at most begin each line of a box: no reader shows more boxes in boxes."""

INDENTED = re.compile(r"\n[ \t]+\Z")
DELIMITERS = re.compile(r"\A(?:\\\((.*)\\\)|\\\[(.*)\\\])\Z", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Box:
    """What lines stand in: the column of its content, and what begins each of its lines here.

    One that does not end with its indentation ends with a line of its own.
    """

    column: int = 0
    prefix: str = ""
    end: str = ""


def plain(
    text: str,
    link: Callable[[str], str] = str,
    formula: Callable[[str], str] = str,
) -> str:
    r"""Return a text of Material's Markdown in plain Markdown.

    Parameters
    ----------
    text
        A page without its front matter.
    link
        Returns where a link of the page leads from the new text.
    formula
        Changes the LaTeX of a formula, which it is given with its delimiters.

    Examples
    --------
    >>> print(plain('!!! note "Why"\n\n    Because.\n\nSo [there](a.md){ .wide }.'))
    > **Why**
    >
    > Because.
    <BLANKLINE>
    So [there](a.md).
    """
    pieces: list[str] = []
    for kind, piece in cut_prose(text):
        is_indented = kind == "formula" and pieces and INDENTED.search(pieces[-1])
        short = " ".join(piece.split()) if is_indented else piece
        pieces.append(_piece(kind, short, link, formula))
    return "\n".join(_Lines().read("".join(pieces)))


def plain_title(heading: str) -> str:
    """Return the words of a heading.

    Examples
    --------
    >>> plain_title("The `loss`, *again* { #loss }")
    'The loss, again'
    """
    return MARKUP.sub(lambda m: m[1] or "", heading).strip()


def in_dollars(formula: str) -> str:
    r"""Put a formula between dollar signs, which every reader of notebooks knows.

    Examples
    --------
    >>> in_dollars(r"\(x\)")
    '$x$'
    """
    return DELIMITERS.sub(
        lambda m: f"${m[1].strip()}$" if m[1] is not None else f"$${m[2]}$$", formula
    )


def _piece(
    kind: Kind, piece: str, link: Callable[[str], str], formula: Callable[[str], str]
) -> str:
    """Change a piece of prose, of code or of math."""
    if kind == "text":
        return LINK.sub(
            lambda m: f"{m[1]}{link(m[2])}" if m[2] else f"{m[3]}{link(m[4])}",
            ATTRIBUTES.sub("", piece),
        )
    if kind == "formula":
        return formula(in_dollars(piece))
    return piece


class _Lines:
    """A reader of lines that knows the boxes it is in."""

    def __init__(self) -> None:
        self.boxes = [_Box()]
        self.elements: list[str] = []
        self.fence = ""
        self.level = 1
        self.blank = self.begun = self.options = False

    def read(self, text: str) -> Iterator[str]:
        """Yield the lines of a text, each in the boxes that a plain reader knows."""
        for line in text.split("\n"):
            if self.fence:
                yield self.in_fence(line)
            elif line.strip():
                yield from self.outside(line)
            else:
                self.blank, self.options = True, False

    def in_fence(self, line: str) -> str:
        """Return what stands for a line of a fence."""
        box = self.boxes[-1]
        if line.strip() == self.fence:
            self.fence = ""
        return (box.prefix + line[box.column :]).rstrip()

    def outside(self, line: str) -> Iterator[str]:
        """Yield what stands for a line outside code, after a blank line where boxes need one."""
        before = len(self.boxes)
        self.leave(line)
        gap, between = self.blank or len(self.boxes) < before, self.boxes[-1].prefix.rstrip()
        self.blank, before = False, len(self.boxes)
        lines = list(self.line(line))
        gap |= len(self.boxes) > before and self.begun
        if lines and gap and self.begun:
            yield between
        self.blank |= gap and not lines
        self.begun |= bool(lines)
        yield from lines

    def leave(self, line: str) -> None:
        """Leave the boxes that end before a line."""
        indent = len(line) - len(line.lstrip())
        while not self.boxes[-1].end and indent < self.boxes[-1].column:
            self.boxes.pop()

    def line(self, line: str) -> Iterator[str]:
        """Yield what stands for a line outside code; it may open or end a box."""
        here, content = self.boxes[-1], line.strip()
        inner = line[here.column :]
        pad = inner[: len(inner) - len(inner.lstrip())]
        column = here.column + len(pad)
        if content == here.end or (self.elements and content == f"</{self.elements[-1]}>"):
            (self.boxes if content == here.end else self.elements).pop()
            self.blank = True
        elif self.options and pad:
            return
        elif found := ADMONITION.match(content):
            title = found[1].strip().split(" ")[0].capitalize() if found[2] is None else found[2]
            yield from self.quote(_Box(column + 4, _begin(f"{here.prefix}{pad}> ")), title)
        elif found := TAB.match(content):
            yield from self.tab(_Box(column + 4, _begin(here.prefix + pad)), found[1])
        elif found := BLOCK.match(content):
            self.options = True
            yield from self.block(column, _begin(here.prefix + pad), found)
        elif found := ELEMENT.match(content):
            self.elements.append(found[1])
        elif found := FENCE.match(content):
            self.fence = found[1]
            yield f"{here.prefix}{pad}{found[1]}{found[2]}"
        else:
            if found := HEADING.match(content):
                self.level = len(found[1])
            yield here.prefix + inner

    def quote(self, box: _Box, title: str | None) -> Iterator[str]:
        """Open a box that is a quote, its title in bold."""
        self.boxes.append(box)
        if title:
            self.blank = True
            yield f"{box.prefix}**{title}**"

    def tab(self, box: _Box, title: str) -> Iterator[str]:
        """Open a box that is a section with a heading."""
        self.boxes.append(box)
        self.blank = True
        yield f"{box.prefix}{'#' * min(self.level + 1, 6)} {title}"

    def block(self, column: int, prefix: str, found: re.Match[str]) -> Iterator[str]:
        """Open a box that a line of its own ends."""
        end, kind, title = found.groups()
        if kind == "tab":
            yield from self.tab(_Box(column, prefix, end), title or "")
        elif kind in {"caption", "figure-caption", "table-caption", "html", "define"}:
            self.boxes.append(_Box(column, prefix, end))
        else:
            box = _Box(column, _begin(f"{prefix}> "), end)
            yield from self.quote(box, title or kind.capitalize())


def _begin(prefix: str) -> str:
    """Return what begins the lines of a box, unless it is too long."""
    return prefix if len(prefix) <= DEEPEST else ""
