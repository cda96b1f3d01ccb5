"""Make a Jupyter notebook, and a script, of a page that ran: its prose, its code, its results.

The notebook runs from top to bottom to the outputs that it holds. A chain of blocks that starts in
a fresh interpreter on the page starts behind a cell that forgets every name, so that no name of an
earlier chain can stand for one that the chain forgot, or hide a builtin that it uses.
"""

from __future__ import annotations

import contextlib
import io
import json
import re
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markdown.extensions.toc import slugify

from literate.chunk import Block, Expected, Page, Reference, Span, Value
from literate.figure import name_drawing
from literate.math import MathError, number_equations
from literate.plain import plain, plain_title
from literate.prose import cut_prose, replace
from literate.result import Figure, Ran, Result
from literate.weave import figure_name, legible, number_figures, richest

__all__ = ["STANDALONE", "make_note", "make_notebook", "write_notebook", "write_script"]

STANDALONE = ' xmlns="http://www.w3.org/2000/svg" font-family="sans-serif" style="background: #fff"'
"""What a drawing needs that is shown outside a page: Jupyter may be dark, and the ink is black."""

AFRESH = "# A new start, as on the page: what follows\n# shares no name with what stands above.\n"
RESET = f"{AFRESH}%reset -f"
FORGET = f"""{AFRESH}for _name in [name for name in globals() if not name.startswith("__")]:
    del globals()[_name]"""

METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
FRONT_MATTER = re.compile(r"\A\ufeff?(?:---\n.*?\n(?:---|\.\.\.)[ \t]*(?:\n|\Z))?", re.DOTALL)
CUT = re.compile(r"^[> \t]*\0(\d+)\0\n?", re.MULTILINE)
TITLE = re.compile(r"#[ \t][^\n]*(?:\n|\Z)")
HEADING = re.compile(r"^#{1,6}[ \t]+([^$\n]+)$", re.MULTILINE)
EDGE = re.compile(r"\A(?:[> \t]*\n)+|(?:\n[> \t]*)+\Z")
LABEL = re.compile(r"\\label\s*\{([^}]*)\}")
EQREF = re.compile(r"\\eqref\s*\{([^}]*)\}")
FUTURE = re.compile(r"^from __future__ import .*\n?", re.MULTILINE)


def make_notebook(
    page: Page,
    results: Sequence[Sequence[Result]],
    note: str = "",
    link: Callable[[str], str] = str,
) -> dict[str, Any]:
    r"""Make the notebook of a page, as the format of Jupyter has it in JSON.

    Parameters
    ----------
    page
        The page.
    results
        For each of its chains the results of its steps, none of which failed.
    note
        What the first cell says, in Markdown, below the page's title.
    link
        Gives where a link of the page leads from the notebook.

    Examples
    --------
    >>> from literate.page import read
    >>> page = read("# Two\n\n```python\nx = 2\n```\n\nIt is {{ x }}.\n")
    >>> notebook = make_notebook(page, [[Ran(), Ran(value={"text/markdown": "2"})]], "A note.")
    >>> [cell["source"] for cell in notebook["cells"]]
    ['# Two\n\nA note.', 'x = 2', 'It is 2.']
    """
    maker = _Maker(page, results, link)
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


def write_notebook(notebook: Mapping[str, Any]) -> str:
    """Give the text of a notebook's file."""
    return f"{json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True)}\n"


def write_script(notebook: Mapping[str, Any]) -> str:
    """Give a notebook as a script for Python alone, its prose in comments."""
    codes = [cell["source"] for cell in notebook["cells"] if cell["cell_type"] == "code"]
    future = dict.fromkeys(line for code in codes for line in FUTURE.findall(code))
    parts = ["".join(line if line.endswith("\n") else f"{line}\n" for line in future)]
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            parts.append(f"# %%\n{FUTURE.sub('', cell['source'].replace(RESET, FORGET))}\n")
        else:
            lines = (f"# {line}".rstrip() for line in cell["source"].split("\n"))
            parts.append("# %% [markdown]\n" + "\n".join(lines) + "\n")
    return "\n".join(part for part in parts if part)


@dataclass(slots=True)
class _Maker:
    """A page, its results, and what its figures and equations are called."""

    page: Page
    results: Sequence[Sequence[Result]]
    link: Callable[[str], str]
    by_step: Mapping[int, Ran]
    figures: Mapping[str, int]
    first_figure: Mapping[int, int]
    equations: Mapping[str, str]
    sections: Mapping[str, str]

    def __init__(
        self, page: Page, results: Sequence[Sequence[Result]], link: Callable[[str], str]
    ) -> None:
        self.page, self.results, self.link = page, results, link
        self.figures, self.first_figure = number_figures(page, results)
        self.by_step = {
            step.start: ran
            for chain, outcomes in zip(page.chains, results, strict=True)
            for step, ran in zip(chain.steps, outcomes, strict=True)
            if isinstance(ran, Ran)
        }
        titles = [plain_title(found[1]) for found in HEADING.finditer(page.text)]
        # The name that Jupyter gives a heading, by the one that it has on the page.
        self.sections = {slugify(title, "-"): title.replace(" ", "-") for title in titles}
        self.equations = {}
        with contextlib.suppress(MathError):  # which the page itself reports
            self.equations = number_equations(
                piece for kind, piece in cut_prose(self.text()) if kind == "formula"
            )

    def text(self) -> str:
        """Give the page's text, its values filled in and a mark in the place of each block."""
        front = FRONT_MATTER.match(self.page.text)
        at = front.end() if front else 0
        parts = []
        for index, chunk in enumerate(self.page.chunks):
            parts += [self.page.text[at : chunk.start], self.put(chunk, index)]
            at = chunk.end
        return "".join([*parts, self.page.text[at:]])

    def put(self, chunk: Span, index: int) -> str:
        """Give what stands in the text for a chunk."""
        if isinstance(chunk, Value):
            return legible((self.by_step[chunk.start].value or {})["text/markdown"])
        if isinstance(chunk, Reference):
            return self.reference(chunk)
        if isinstance(chunk, Block) and chunk.runs:
            return f"{chunk.indent}\0{index}\0\n"
        if isinstance(chunk, Block):
            fence = f"{chunk.fence}python\n{chunk.shown}{chunk.fence}\n"
            return textwrap.indent(fence, chunk.indent)
        if isinstance(chunk, Expected) and not chunk.runs:
            return self.page.text[chunk.start : chunk.end]
        return ""

    def reference(self, reference: Reference) -> str:
        """Give the name of a figure."""
        return f"Figure {self.figures[reference.label]}"

    def lead(self, address: str) -> str:
        """Give where a link leads: a section of the page is one of the notebook."""
        name = self.sections.get(address.removeprefix("#")) if address[:1] == "#" else None
        return f"#{name}" if name else self.link(address)

    def formula(self, formula: str) -> str:
        """Write the numbers of equations out, which no two readers of notebooks count alike."""
        tag = "" if "\\tag" in formula else r"\tag{{{}}}"
        formula = LABEL.sub(lambda m: tag.format(self.equations.get(m[1], m[1])), formula)
        return EQREF.sub(lambda m: f"({self.equations.get(m[1], m[1])})", formula)

    def cells(self, index: int) -> Iterator[dict[str, Any]]:
        """Give the cells of a block: its code, and the captions of its figures."""
        block = self.page.chunks[index]
        assert isinstance(block, Block)
        if any(block is chain.steps[0] for chain in self.page.chains[1:]):
            yield _code(RESET)
        ran, options = self.by_step[block.start], block.options
        hidden = {
            "source_hidden": options.echo is not True,
            "outputs_hidden": not options.output,
        }
        metadata = {"jupyter": {name: True for name, value in hidden.items() if value}}
        outputs = list(self.outputs(block, ran)) if options.output else []
        yield _code(block.shown.strip("\n"), outputs, metadata if any(hidden.values()) else {})
        for number, caption in enumerate(ran.captions if options.output else ()):
            text = replace(legible(caption), block.line, Reference, self.reference)
            name = f"**Figure {self.first_figure[block.start] + number}.** "
            yield _markdown(name + plain(text, self.lead, self.formula))

    def outputs(self, block: Block, ran: Ran) -> Iterator[dict[str, Any]]:
        """Give what a block printed, returned and drew."""
        for name, text in (("stdout", ran.stdout), ("stderr", ran.stderr)):
            if text and (name == "stdout" or block.options.warning):
                yield {"output_type": "stream", "name": name, "text": legible(text)}
        if ran.value:
            # The form that the page shows: the others may name places in memory.
            media, text = richest(ran.value)
            yield {"output_type": "execute_result", "metadata": {}, "data": {media: legible(text)}}
        for index, figure in enumerate(ran.figures):
            alt = " ".join(legible(ran.alts[index]).split()) if index < len(ran.alts) else ""
            name = figure_name(block, index, self.first_figure[block.start])
            data = _drawing(figure, name, alt)
            yield {"output_type": "display_data", "metadata": {}, "data": data}


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
    """Give the first cell: the page's title, and the note."""
    title = TITLE.match(text.lstrip("\n"))
    if opening := "\n\n".join(filter(None, [title[0].strip() if title else "", note])):
        yield opening


def _cell_text(text: str) -> str:
    """Give a stretch of prose as a cell holds it: what a block was cut out of may be indented."""
    text = EDGE.sub("", f"{text}\n")
    indent = len(text) - len(text.lstrip(" "))
    return re.sub(rf"^ {{1,{indent}}}", "", text, flags=re.MULTILINE) if indent else text


def _drawing(figure: Figure, name: str, alt: str) -> dict[str, str]:
    """Give a figure by media type, its alternative text for readers that show none."""
    words = {"text/plain": alt or "a figure"}
    if figure.svg:
        svg = name_drawing(figure.svg, name, alt).replace("<svg", f"<svg{STANDALONE}", 1)
        return {"image/svg+xml": svg, **words}
    return {"image/png": _png(figure.light), **words}


def _png(image: bytes) -> str:
    """Give an image in the form that every reader of notebooks shows, on white."""
    import base64

    from PIL import Image

    buffer = io.BytesIO()
    with Image.open(io.BytesIO(image)) as drawing:
        ink = drawing.convert("RGBA")
        paper = Image.new("RGBA", ink.size, "white")
        Image.alpha_composite(paper, ink).convert("RGB").save(buffer, "png", optimize=True)
    return base64.b64encode(buffer.getvalue()).decode()
