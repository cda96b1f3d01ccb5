"""Show a notebook as mkdocs-jupyter renders it, in the site's own terms.

What it renders comes with JupyterLab's styles and scripts, and leaves formulas to the browser. So
it is given a notebook whose formulas and drawings are replaced by marks, and of its HTML the
prose and the coloured code are kept, in the classes that a page has: a view needs no style of its
own.
"""

from __future__ import annotations

import copy
import html
import re
import secrets
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lxml import html as lxml_html
from lxml.html import HtmlElement
from markdown.extensions.toc import nest_toc_tokens

from literate.closings import find_enclosed, put
from literate.markup import cut_prose
from literate.notebook.cells import STANDALONE
from literate.notebook.plain import in_dollars
from literate.result import richest
from literate.weave import enlarge, inert

__all__ = ["Hidden", "View", "hide", "show"]

REMAINS = re.compile(r"<(?:(?=s)|!)(style\b|script\b|--)")
END_OF_REMAINS = re.compile(r"</(style|script)\s*>|(--)>")
LINE_START = re.compile(r"(?:\A|\n)[> \t]*\Z")
OTHER_TAG = re.compile(r'<span data-literate="\w+-\d+"></span>|(<[^>]+>)')
FOLDED = '<details class="code"><summary>Code</summary>'
LINKED = "Permanent link"
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


@dataclass(slots=True)
class Hidden:
    """A notebook to render, and the HTML that its marks stand for, which nobody else can write."""

    notebook: dict[str, Any]
    parts: list[str] = field(default_factory=list)
    drawings: int = 0
    secret: str = field(default_factory=secrets.token_hex)

    def mark(self, part: str, element: str = "div") -> str:
        """Keep a part, and return the mark that stands for it."""
        self.parts.append(part)
        return f'<{element} data-literate="{self.secret}-{len(self.parts) - 1}"></{element}>'

    def restore(self, text: str) -> str:
        """Put the parts in the place of their marks."""
        mark = rf'<(span|div) data-literate="{self.secret}-(\d+)"></\1>'
        return re.sub(mark, lambda m: self.parts[int(m[2])], text)

    def mark_drawing(self, svg: str) -> str:
        """Keep a drawing, as a page shows it."""
        self.drawings += 1
        return self.mark(f"<p>{enlarge(svg.replace(STANDALONE, '', 1), self.drawings)}</p>")


@dataclass(frozen=True, slots=True)
class View:
    """The HTML of a notebook, and its headings as Python-Markdown nests them."""

    content: str
    headings: list[Any]


def hide(notebook: Mapping[str, Any]) -> Hidden:
    r"""Hide what a renderer of notebooks must not touch: formulas, drawings and HTML.

    Examples
    --------
    >>> cell = {"cell_type": "markdown", "metadata": {}, "source": "Let $x$ be."}
    >>> hidden = hide({"cells": [cell], "metadata": {}})
    >>> hidden.restore(hidden.notebook["cells"][0]["source"])
    'Let <span class="arithmatex">\\(x\\)</span> be.'
    """
    hidden = Hidden(copy.deepcopy(dict(notebook)))
    for cell in hidden.notebook["cells"]:
        if cell["cell_type"] == "markdown":
            cell["source"] = _without_formulas(cell["source"], hidden)
        for output in cell.get("outputs", []):
            if "data" in output:
                output["data"] = _without_drawings(output["data"], hidden)
    return hidden


def show(rendered: str, hidden: Hidden) -> View:
    """Return the HTML for a page of what mkdocs-jupyter made of a hidden notebook."""
    remains = find_enclosed(REMAINS, END_OF_REMAINS, rendered)
    bare = put(rendered, ((begin.start(), span[1], "") for begin, span in remains if span))
    tree = lxml_html.fragment_fromstring(bare, create_parent=True)
    shower = _Shower()
    (shown,) = tree.find_class("jp-Notebook") or [tree]
    tags = [tag for tag in shown if "jp-Cell" in tag.classes]
    cells = zip(hidden.notebook["cells"], tags, strict=True)
    content = "\n".join(part for cell, tag in cells for part in shower.cell(cell, tag))
    tokens = [{**token, "name": hidden.restore(token["name"])} for token in shower.tokens]
    return View(hidden.restore(content), nest_toc_tokens(tokens))


def _without_formulas(source: str, hidden: Hidden) -> str:
    """Put marks in the place of the formulas of a text."""
    pieces = list(cut_prose(source))
    texts = [piece for _, piece in pieces]
    for index, (kind, piece) in enumerate(pieces):
        if kind == "formula":
            before = texts[index - 1] if index else ""
            formula = in_dollars(piece)
            is_block = not formula.startswith("$") or formula.startswith("$$")
            alone = LINE_START.search(before or "\n") and _ends_line(texts, index)
            texts[index] = _formula(formula, hidden, display=is_block and bool(alone))
    return "".join(texts)


def _ends_line(texts: Sequence[str], index: int) -> bool:
    """Tell whether nothing but space follows on a text in its line."""
    for after in range(index + 1, len(texts)):
        rest, line_end, _ = texts[after].partition("\n")
        if rest.strip() or line_end:
            return not rest.strip()
    return True


def _formula(formula: str, hidden: Hidden, *, display: bool) -> str:
    """Mark a formula as ``pymdownx.arithmatex`` would."""
    latex = html.escape(formula.strip("$") if formula[0] == "$" else formula, quote=False)
    if display:
        return hidden.mark(f'<div class="arithmatex">\\[{latex}\\]</div>')
    return hidden.mark(f'<span class="arithmatex">\\({latex}\\)</span>', "span")


def _without_drawings(data: Mapping[str, str], hidden: Hidden) -> dict[str, str]:
    """Put a mark in the place of an output that the page shows as it is."""
    if "image/svg+xml" in data:
        return {"text/html": hidden.mark_drawing(data["image/svg+xml"])}
    if "image/png" in data:
        alt = html.escape(data["text/plain"])
        image = f'<img alt="{alt}" src="data:image/png;base64,{data["image/png"]}">'
        return {"text/html": hidden.mark(f"<p>{image}</p>")}
    media, text = richest(data)
    if media == "text/latex":
        return {"text/html": _formula(text.strip(), hidden, display=True)}
    if media == "text/html":
        return {"text/html": hidden.mark(f'<div class="output-html">{inert(text)}</div>')}
    return {media: _without_formulas(text, hidden) if media == "text/markdown" else text}


@dataclass(slots=True)
class _Shower:
    """The headings that were shown so far, and how often each name was given."""

    tokens: list[dict[str, Any]] = field(default_factory=list)
    taken: Counter[str] = field(default_factory=Counter)

    def cell(self, cell: Mapping[str, Any], tag: HtmlElement) -> Iterator[str]:
        """Return the HTML of a cell."""
        if cell["cell_type"] == "markdown":
            yield from (self.prose(text) for text in tag.find_class("jp-MarkdownOutput"))
            return
        title = f"In [{cell['execution_count']}]"
        codes = (pre for box in tag.find_class("highlight-ipynb") for pre in box.iter("pre"))
        for pre in codes:
            code = _highlighted(pre, title=title)
            is_folded = cell["metadata"].get("jupyter", {}).get("source_hidden")
            yield f"{FOLDED}{code}</details>" if is_folded else code
        for output in tag.find_class("jp-OutputArea-output"):
            yield self.output(output)

    def output(self, tag: HtmlElement) -> str:
        """Return the HTML of an output."""
        pre = tag.find("pre")
        if pre is None:
            return self.prose(tag)
        is_error = tag.get("data-mime-type", "").endswith("stderr")
        return _highlighted(pre, "text output" + " warning" * is_error)

    def prose(self, tag: HtmlElement) -> str:
        """Return the HTML of a text, its headings linked and its code as a page has it."""
        for heading in tag.iter(*HEADINGS):
            self.heading(heading)
        for pre in tag.iter("pre"):
            if pre.find("code") is None:
                code = lxml_html.fragment_fromstring(f"<code>{_inside(pre)}</code>")
                pre[:], pre.text = [code], None
        return _inside(tag).strip()

    def heading(self, tag: HtmlElement) -> None:
        """Name a heading as Jupyter does, once, and link it."""
        for link in tag.find_class("anchor-link"):
            link.drop_tree()
        name = base = tag.text_content().strip().replace(" ", "-")
        while self.taken[name]:
            name, self.taken[base] = f"{base}_{self.taken[base]}", self.taken[base] + 1
        self.taken[name] += 1
        words = OTHER_TAG.sub(lambda m: "" if m[1] else m[0], _inside(tag)).strip()
        self.tokens.append({"level": int(tag.tag[1]), "id": name, "name": words})
        tag.attrib.clear()
        tag.set("id", name)
        link = lxml_html.Element("a", {"class": "headerlink", "href": f"#{name}"}, title=LINKED)
        link.text = "\N{PILCROW SIGN}"
        tag.append(link)


def _highlighted(pre: HtmlElement, classes: str = "", title: str = "") -> str:
    """Return a block of code or of printed text as a page shows it."""
    name = f'<span class="filename">{title}</span>' if title else ""
    code = f"<pre><code>{_inside(pre)}</code></pre>"
    return f'<div class="{f"{classes} highlight".strip()}">{name}{code}</div>'


def _inside(tag: HtmlElement) -> str:
    """Return the HTML inside an element."""
    children = (lxml_html.tostring(child, encoding="unicode") for child in tag)
    return html.escape(tag.text or "", quote=False) + "".join(children)
