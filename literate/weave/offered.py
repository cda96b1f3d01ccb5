"""Show HTML that a value offers so that nothing in it is live, its tables as the site's own.

What comes out is written anew from elements that mean the same everywhere: no script, no style, no
address of another host's file. Columns of numbers are marked, so that their digits stand in line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

__all__ = ["inert"]

DEEPEST = 50
"""How many elements may stand in each other; what is deeper shows its text alone."""

VOID = {"br", "col", "hr", "img", "wbr"}
SHOWN = {
    *("a", "abbr", "b", "bdi", "blockquote", "caption", "code", "colgroup", "dd", "del", "details"),
    *("dfn", "div", "dl", "dt", "em", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6"),
    *("i", "ins", "kbd", "li", "mark", "ol", "p", "pre", "q", "s", "samp", "section", "small"),
    *("span", "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead"),
    *("time", "tr", "u", "ul", "var", *VOID),
}
LEFT_OUT = {
    *("head", "iframe", "math", "noscript", "object", "script", "style", "svg"),
    *("template", "textarea", "title"),
}
KEPT = {"alt", "class", "colspan", "height", "open", "rowspan", "scope", "start", "title", "width"}
LINK = re.compile(r"https?://|mailto:|[^:/][^:]*$|#")
IMAGE = re.compile(r"data:image/(?:png|jpeg|gif|webp|svg\+xml)[;,]|[^:/][^:]*$")
NUMBER = re.compile(
    r"[-+\N{MINUS SIGN}]?(?:\d[\d,_]*+(?:\.\d*+)?|\.\d++)(?:e[-+]?\d+)?\s*%?|nan|[-+]?inf",
    re.IGNORECASE,
)
NOTHING = {"", "...", "\N{HORIZONTAL ELLIPSIS}", "<NA>", "NaT", "None"}


def inert(html: str) -> str:
    """Return HTML that shows what a value's HTML shows, without anything live.

    Examples
    --------
    >>> inert('<p onclick="f()">1 &lt; 2<script>f()</script>')
    '<p>1 &lt; 2</p>'
    >>> inert("<table><tr><th>n</th></tr><tr><td>12</td></tr></table>")
    '<table><tr><th class="number">n</th></tr><tr><td class="number">12</td></tr></table>'
    """
    reader = _Reader()
    reader.feed(html)
    reader.close()
    root = reader.elements[0]
    for table in root.iter("table"):
        table.attrib.pop("class", None)  # by which themes tell a table of their own
        _align(table)
    shown = ET.tostring(root, encoding="unicode", method="html")
    return shown.removeprefix("<div>").removesuffix("</div>")


class _Reader(HTMLParser):
    """What reads HTML into elements; those that are open, from the root on."""

    def __init__(self) -> None:
        super().__init__()
        self.elements = [ET.Element("div")]
        self.left_out: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element, unless it is left out or within one that is."""
        if self.left_out or tag in LEFT_OUT:
            self.left_out += [tag] * (tag not in VOID and len(self.left_out) < DEEPEST)
        elif tag in SHOWN and len(self.elements) < DEEPEST:
            kept = {name: value or "" for name, value in attrs if _is_kept(tag, name, value or "")}
            element = ET.SubElement(self.elements[-1], tag, kept)
            self.elements += [element] * (tag not in VOID)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element as a browser does, which reads no slash in HTML."""
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        """Close an element, and those that were left open in it."""
        open_ = self.left_out or [element.tag for element in self.elements[1:]]
        if tag in open_:
            kept = len(open_) - open_[::-1].index(tag) - 1
            if self.left_out:
                del self.left_out[kept:]
            else:
                del self.elements[kept + 1 :]

    def handle_data(self, data: str) -> None:
        """Add a text."""
        if self.left_out:
            return
        parent = self.elements[-1]
        if len(parent):
            parent[-1].tail = (parent[-1].tail or "") + data
        else:
            parent.text = (parent.text or "") + data


def _is_kept(tag: str, name: str, value: str) -> bool:
    """Tell whether an attribute is kept."""
    if (tag, name) == ("a", "href"):
        return bool(LINK.match(value))
    if (tag, name) == ("img", "src"):
        return bool(IMAGE.match(value))
    return name in KEPT


def _align(table: ET.Element) -> None:
    """Mark the columns of numbers, counted from the end: the first cells may span rows."""
    rows = [[*row][::-1] for row in table.iter("tr")]
    for index in range(max(map(len, rows), default=0)):
        column = [row[index] for row in rows if index < len(row)]
        texts = ["".join(cell.itertext()).strip() for cell in column if cell.tag == "td"]
        if _are_numbers(texts):
            for cell in column:
                if cell.get("colspan", "1") == "1":
                    cell.set("class", "number")


def _are_numbers(texts: Iterable[str]) -> bool:
    """Tell whether there is a number among texts, and nothing else that says something."""
    said = [text for text in texts if text not in NOTHING]
    return bool(said) and all(map(NUMBER.fullmatch, said))
