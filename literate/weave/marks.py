"""Keep texts out of Markdown's hands: each is a mark of letters and digits until it is converted.

What a value prints, a block's code, its output and a drawing must come out as they are, whatever
extensions a site has. So no extension sees them: a woven page holds a mark in the place of each,
which nobody else can write because part of it is chance.
"""

from __future__ import annotations

import re
import secrets

from literate.text import indent, printable

__all__ = ["Marks"]

MARKUP = re.compile(r"[&<>\"'=`\\]")
"""What might mean something in a text of HTML, and in an attribute between quotes."""

MARKUP_IN_TAG = re.compile(rf"{MARKUP.pattern}|\s")
"""The same in an attribute without quotes, which white space ends."""


class Marks:
    """The texts of one build that Markdown must not see, each by its mark.

    Examples
    --------
    >>> marks = Marks()
    >>> text = f"Of {marks.hide('a*b', 'a&#42;b')}."
    >>> "*" in text, marks.plain(text), marks.html(text)
    (False, 'Of a&#42;b.', 'Of a*b.')
    """

    def __init__(self) -> None:
        self.secret = f"literate{secrets.token_hex(8)}"
        self.mark = re.compile(rf"{self.secret}n(\d+)e")
        self.block = re.compile(rf"^([ \t]*){self.secret}b(\d+)e[ \t]*$", re.MULTILINE)
        self.texts: list[tuple[str, str]] = []
        self.blocks: list[str] = []

    def hide(self, text: str, markdown: str) -> str:
        """Return the mark of a text within a line, which in plain Markdown is another."""
        self.texts.append((printable(text), printable(markdown)))
        return f"{self.secret}n{len(self.texts) - 1}e"

    def hide_block(self, markdown: str) -> str:
        """Return the mark of a fence, on a line of its own."""
        self.blocks.append(printable(markdown).rstrip("\n"))
        return f"{self.secret}b{len(self.blocks) - 1}e\n"

    def show_blocks(self, text: str) -> str:
        """Return a text with its fences, each indented as its mark is."""
        if self.secret not in text:
            return text
        return self.block.sub(lambda m: indent(self.blocks[int(m[2])], m[1]), text)

    def plain(self, text: str) -> str:
        """Return a text in plain Markdown, its marks replaced."""
        return self.mark.sub(lambda m: self.texts[int(m[1])][1], self.show_blocks(text))

    def text(self, text: str) -> str:
        """Return a text that is no markup with the characters that its marks stand for."""
        return self.mark.sub(lambda m: self.texts[int(m[1])][0], text)

    def html(self, html: str) -> str:
        """Return HTML in which the texts stand that its marks stand for, and mean nothing else."""
        if self.secret not in html:
            return html
        pieces, in_tag = self.mark.split(html), False
        for index, piece in enumerate(pieces):
            if index % 2:
                pattern = MARKUP_IN_TAG if in_tag else MARKUP
                pieces[index] = pattern.sub(_entity, self.texts[int(piece)][0])
            else:
                _, closed, rest = piece.rpartition(">")
                in_tag = bool(in_tag and not closed) or "<" in rest or "=" in rest
        return "".join(pieces)


def _entity(character: re.Match[str]) -> str:
    return f"&#{ord(character[0])};"
