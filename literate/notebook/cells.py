"""Make a Jupyter notebook of a page that ran: its prose, its code, its results.

The notebook runs from top to bottom to the outputs that it holds. A chain of blocks that starts in
a fresh interpreter on the page starts after a cell that forgets every name, so that no name of an
earlier chain can stand for one that the chain forgot, or hide a builtin that it uses.
"""

from __future__ import annotations

import base64
import io
import re
import textwrap
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markdown.extensions.toc import slugify

from literate.notebook.plain import plain, plain_title
from literate.page import Block, Caption, Expected, Page, Reference, Span, Value, fill_all
from literate.result import Figure, Ran, in_order, name_drawing, richest
from literate.text import legible, printable, unescape
from literate.weave import Woven, picture, write_numbers

__all__ = ["AFRESH", "RAISES", "RESET", "STANDALONE", "make_note", "make_notebook"]

STANDALONE = ' xmlns="http://www.w3.org/2000/svg" font-family="sans-serif" style="background: #fff"'
"""What a drawing needs that is shown outside a page: Jupyter may be dark, and the ink is black."""

AFRESH = "# A new start, as on the page: what follows\n# shares no name with what stands above.\n"
RESET = f"{AFRESH}%reset -f"
"""A cell that forgets every name."""

RAISES = "raises-exception"
"""The tag by which Jupyter runs on after a cell that raises."""

WORDS = {"fig": "Figure", "tbl": "Table"}
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
FRONT_MATTER = re.compile(r"\A\ufeff?(?:---\n.*?\n(?:---|\.\.\.)[ \t]*(?:\n|\Z))?", re.DOTALL)
CUT = re.compile(r"^[> \t]*\0(\d+)\0\n?", re.MULTILINE)
TITLE = re.compile(r"\A#[ \t][^\n]*(?:\n|\Z)")
HEADING = re.compile(r"^#{1,6}[ \t]++([^$\n]++)$", re.MULTILINE)
BLANK_START = re.compile(r"\A(?:[> \t]*\n)+")


def make_notebook(
    page: Page,
    woven: Woven,
    equations: Mapping[str, str] | None = None,
    note: str = "",
    link: Callable[[str], str] = str,
) -> dict[str, Any]:
    r"""Make the notebook of a page, as the format of Jupyter has it in JSON.

    Parameters
    ----------
    page
        The page.
    woven
        What was woven of it; none of its steps failed.
    equations
        The number of each equation that has a label.
    note
        What the first cell says, in Markdown, below the page's title.
    link
        Returns where a link of the page leads from the notebook.

    Examples
    --------
    >>> from literate.read import read
    >>> from literate.weave import weave
    >>> page = read("# Two\n\n```python\nx = 2\n```\n\nIt is {{ x }}.\n")
    >>> woven = weave(page, [[Ran(), Ran(value={"text/markdown": "2"})]])
    >>> notebook = make_notebook(page, woven, note="A note.")
    >>> [cell["source"] for cell in notebook["cells"]]
    ['# Two\n\nA note.', 'x = 2', 'It is 2.']
    """
    titles = [plain_title(found[1]) for found in HEADING.finditer(page.text)]
    # The name that Jupyter gives a heading, by the one that it has on the page.
    sections = {slugify(title, "-"): title.replace(" ", "-") for title in titles}
    beginnings = {chain.steps[0].start for chain in page.chains[1:]}
    maker = _Maker(page, woven, equations or {}, sections, link, beginnings)
    text = plain(maker.text(), maker.lead, maker.formula)
    cells = [_markdown(source) for source in _opening(text, note)]
    for index, piece in enumerate(CUT.split(text)):
        if index % 2:
            cells += maker.cells(int(piece))
        elif source := _cell_text(piece if index else TITLE.sub("", piece.lstrip("\n"), count=1)):
            cells.append(_markdown(source))
    count = 0
    for index, cell in enumerate(cells, 1):
        cell["id"] = f"cell-{index}"
        if cell["cell_type"] == "code":
            count += 1
            cell["execution_count"] = count
        for output in cell.get("outputs", []):
            if output["output_type"] == "execute_result":
                output["execution_count"] = count
    return {"cells": cells, "metadata": METADATA, "nbformat": 4, "nbformat_minor": 5}


def make_note(source: str, library: str = "", repository: str = "") -> str:
    """Say in Markdown what a notebook is made from, and how to install what it needs.

    Parameters
    ----------
    source
        Where its page is.
    library
        The package that its blocks import.
    repository
        Where the package's sources are, if that is known.

    Examples
    --------
    >>> print(make_note("../", "mathlib", "https://example.org/solutions"))
    > The source of this notebook is [its page](../). To run it, install `mathlib`:
    >
    > ```console
    > pip install git+https://example.org/solutions
    > ```
    """
    made = f"> The source of this notebook is [its page]({source})."
    if not library:
        return made
    place = "" if repository else " from the folder of its repository"
    target = f"git+{repository}" if repository else "."
    return (
        f"{made} To run it, install `{library}`{place}:\n>\n"
        f"> ```console\n> pip install {target}\n> ```"
    )


@dataclass(frozen=True, slots=True)
class _Maker:
    """A page, what was woven of it, what its equations are called, and where chains begin."""

    page: Page
    woven: Woven
    equations: Mapping[str, str]
    sections: Mapping[str, str]
    link: Callable[[str], str]
    beginnings: Collection[int]

    def text(self) -> str:
        """Return the page's text, its values filled in and a mark in the place of each block."""
        front = FRONT_MATTER.match(self.page.text)
        at = front.end() if front else 0
        parts = []
        for index, chunk in enumerate(self.page.chunks):
            parts += [printable(self.page.text[at : chunk.start]), self.put(chunk, index)]
            at = chunk.end
        return "".join([*parts, printable(self.page.text[at:])])

    def put(self, chunk: Span, index: int) -> str:
        """Return what stands in the text for a chunk."""
        if isinstance(chunk, Value):
            return legible((self.woven.ran[chunk.start].value or {})["text/markdown"])
        if isinstance(chunk, Reference):
            return self.woven.numbering.title(chunk)
        if isinstance(chunk, Caption):
            number = self.woven.numbering.labelled.get(chunk.label)
            return f"{chunk.indent}**Table {number}.** " if number else ""
        if isinstance(chunk, Block) and chunk.runs:
            return f"{chunk.indent}\0{index}\0\n"
        if isinstance(chunk, Block):
            fence = f"{chunk.fence}python\n{chunk.shown}{chunk.fence}\n"
            return textwrap.indent(printable(fence), chunk.indent)
        if isinstance(chunk, Expected) and not chunk.runs:
            return printable(self.page.text[chunk.start : chunk.end])
        return ""

    def lead(self, address: str) -> str:
        """Return where a link leads: a section of the page is one of the notebook."""
        name = self.sections.get(address.removeprefix("#")) if address[:1] == "#" else None
        return f"#{name}" if name else self.link(address)

    def formula(self, formula: str) -> str:
        """Write the numbers of equations out, which no two readers of notebooks count alike."""
        return write_numbers(formula, self.equations)

    def cells(self, index: int) -> Iterator[dict[str, Any]]:
        """Yield the cells of a block: its code, and the captions of its figures."""
        block = self.page.chunks[index]
        assert isinstance(block, Block)
        if block.start in self.beginnings:
            yield _code(RESET)
        ran, options = self.woven.ran[block.start], block.options
        hidden = {
            "source_hidden": options.echo is not True,
            "outputs_hidden": not options.output,
        }
        metadata: dict[str, Any] = {}
        if any(hidden.values()):
            metadata["jupyter"] = {name: True for name, value in hidden.items() if value}
        if options.error:
            metadata["tags"] = [RAISES]
        outputs = list(self.outputs(block, ran)) if options.output else []
        yield _code(block.shown.strip("\n"), outputs, metadata)
        if options.output:
            yield from self.captions(block, ran)

    def captions(self, block: Block, ran: Ran) -> Iterator[dict[str, Any]]:
        """Yield a cell for each caption of a block."""
        options, numbering = block.options, self.woven.numbering
        tables, figures = options.table_captions, options.captions
        given = (("tbl", tables, ran.table_captions), ("fig", figures, ran.captions))
        for kind, texts, values in given:
            for index, title in enumerate(fill_all(texts, values, numbering.title)):
                number = f"{WORDS[kind]} {numbering.number(block, index, kind)}"
                text = plain(legible(title), self.lead, self.formula)
                yield _markdown(f"**{number}.** {text}")

    def outputs(self, block: Block, ran: Ran) -> Iterator[dict[str, Any]]:
        """Yield what a block printed, returned and drew."""
        numbering, index = self.woven.numbering, 0
        alts = [*fill_all(block.options.alts, ran.alts, numbering.title), *[""] * len(ran.figures)]
        for kind, part in in_order(ran):
            if isinstance(part, str):
                if kind == "error":
                    yield _error(legible(part))
                elif kind == "stdout" or block.options.warning:
                    yield {"output_type": "stream", "name": kind, "text": legible(part)}
                continue
            if isinstance(part, Figure):
                alt = " ".join(legible(unescape(alts[index])).split())
                data = _drawing(part, numbering.name(block, index), alt)
                index += 1
            else:
                # The form that the page shows: the others may name places in memory.
                media, text = richest(part)
                data = {media: legible(text)}
            shown = "execute_result" if kind == "value" else "display_data"
            yield {"output_type": shown, "metadata": {}, "data": data}


def _error(message: str) -> dict[str, Any]:
    """Make an output of an error."""
    kind, _, text = message.partition(": ")
    return {"output_type": "error", "ename": kind, "evalue": text, "traceback": [message]}


def _markdown(source: str) -> dict[str, Any]:
    """Make a cell of prose."""
    return {"cell_type": "markdown", "metadata": {}, "source": source}


def _code(
    source: str, outputs: Sequence[Any] = (), metadata: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Make a cell of code."""
    kept = {"metadata": dict(metadata or {}), "outputs": list(outputs)}
    return {"cell_type": "code", "source": source, **kept}


def _opening(text: str, note: str) -> Iterator[str]:
    """Yield the first cell: the page's title, and the note."""
    title = TITLE.match(text.lstrip("\n"))
    if opening := "\n\n".join(filter(None, [title[0].strip() if title else "", note])):
        yield opening


def _cell_text(text: str) -> str:
    """Return a stretch of prose as a cell holds it, without the indent that a block has left."""
    text = BLANK_START.sub("", f"{text}\n")
    text = text[: text.find("\n", len(text.rstrip("> \t\n")))]
    indent = len(text) - len(text.lstrip(" "))
    return re.sub(rf"^ {{1,{indent}}}", "", text, flags=re.MULTILINE) if indent else text


def _drawing(figure: Figure, name: str, alt: str) -> dict[str, str]:
    """Return a figure by media type, its alternative text for readers that show none."""
    words = {"text/plain": alt or "a figure"}
    if figure.svg:
        svg = name_drawing(figure.svg, name, alt).replace("<svg", f"<svg{STANDALONE}", 1)
        return {"image/svg+xml": svg, **words}
    if figure.media == "image/svg+xml":
        return {"text/html": picture(figure, alt), **words}
    return {"image/png": _png(figure.light), **words}


def _png(image: bytes) -> str:
    """Return an image in the form that every reader of notebooks shows, on white."""
    from PIL import Image

    buffer = io.BytesIO()
    with Image.open(io.BytesIO(image)) as drawing:
        ink = drawing.convert("RGBA")
        paper = Image.new("RGBA", ink.size, "white")
        Image.alpha_composite(paper, ink).convert("RGB").save(buffer, "png", optimize=True)
    return base64.b64encode(buffer.getvalue()).decode()
