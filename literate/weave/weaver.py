"""Weave the results of a page's chains back into its Markdown.

Only the spans that mean something are replaced; every other character of the page stays.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from literate.fault import Fault
from literate.page import Block, Caption, Expected, Page, Reference, Span, Value, fill_all
from literate.result import Figure, Ran, Result, in_order, is_table, richest
from literate.text import escape, indent, legible, printable, unescape
from literate.weave.boxes import fenced, show_fault
from literate.weave.elsewhere import outcomes_of
from literate.weave.inline import hide_formulas, within_line
from literate.weave.marks import Marks
from literate.weave.numbering import Elsewhere, Numbering, number_figures
from literate.weave.offered import inert
from literate.weave.pictures import show_figure

__all__ = ["Stretch", "Woven", "weave"]

CLASSES = {
    "stdout": "{.text .output}",
    "stderr": "{.text .output .warning}",
    "error": "{.text .output .error}",
}
LEFT_OUT = '<p class="left-out">Left out while writing: slow, or after a slow block.</p>'
NOT_IN_FORMULA = re.compile(r"[^ -~]|[\\{}$%&#_^~]")


class Stretch(NamedTuple):
    """A stretch of a woven text: its offset, the page's line, and whether it is the page's own."""

    offset: int
    line: int
    is_own: bool


@dataclass(frozen=True, slots=True)
class Woven:
    """A woven page.

    Attributes
    ----------
    text
        Its Markdown.
    marked
        The same, with marks in the place of all that Markdown must not see.
    faults
        What a strict build does not accept: figures without caption or alternative text.
    files
        Images that the page shows, by their names below the site.
    stretches
        What the text consists of, in order.
    ran
        What the steps of the page gave, by their starts.
    numbering
        What the figures of the page are called.
    """

    text: str
    marked: str
    faults: tuple[Fault, ...]
    files: Mapping[str, bytes]
    stretches: tuple[Stretch, ...]
    ran: Mapping[int, Ran]
    numbering: Numbering

    def line(self, offset: int) -> int:
        """Return the page's line of an offset into the woven text."""
        after = bisect_right(self.stretches, offset, key=lambda stretch: stretch.offset)
        start, line, is_own = self.stretches[after - 1]
        return line + self.text.count("\n", start, offset) if is_own else line


def weave(
    page: Page,
    results: Sequence[Sequence[Result]],
    folder: str = "",
    faults: Sequence[Fault] = (),
    marks: Marks | None = None,
    elsewhere: Mapping[str, Elsewhere] | None = None,
) -> Woven:
    r"""Put the results of a page into its Markdown.

    Parameters
    ----------
    page
        The page.
    results
        For each of its chains the results of its steps.
    folder
        Where the page stands below the site's pages, such as ``solutions``.
    faults
        What failed, if the page is to be shown all the same: each stands where it happened.
    marks
        Where the texts go that Markdown must not see.
    elsewhere
        The figures and tables of other pages that the page refers to, by their labels.

    Raises
    ------
    PageError
        A reference to nothing, a label given twice or to nothing, or captions for what is not
        there.

    Examples
    --------
    >>> from literate.read import read
    >>> page = read("```python\nx = 2\n```\n{{ x }}\n")
    >>> print(weave(page, [[Ran(), Ran(value={"text/markdown": "2"})]]).text)
    ```python
    x = 2
    ```
    2
    <BLANKLINE>
    """
    ran = outcomes_of(page, results)
    steps = [c for c in page.chunks if isinstance(c, (Block, Value, Expected))]
    shown = {_start_of(steps, fault): fault for fault in faults}
    numbering = number_figures(page, ran, elsewhere)
    return _Weaver(page, ran, numbering, folder, shown, marks or Marks()).weave()


@dataclass(slots=True)
class _Weaver:
    """A page, what its steps gave, and what its figures are called."""

    page: Page
    ran: Mapping[int, Ran]
    numbering: Numbering
    folder: str
    shown_faults: Mapping[int, Fault]
    marks: Marks
    faults: list[Fault] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)

    def weave(self) -> Woven:
        """Put something in the place of each chunk, and note what the text consists of."""
        page, parts, marked = self.page, list[str](), list[str]()
        stretches, at, length = [Stretch(0, 1, is_own=True)], 0, 0
        for chunk in page.chunks:
            prose, mark = page.text[at : chunk.start], printable(self.put(chunk))
            put = self.marks.plain(mark)
            parts += [prose, put]
            marked += [prose, mark]
            at, line = chunk.end, chunk.line + page.text.count("\n", chunk.start, chunk.end)
            stretches.append(Stretch(length + len(prose), chunk.line, is_own=False))
            length += len(prose) + len(put)
            stretches.append(Stretch(length, line, is_own=True))
        text, whole = ("".join([*its, page.text[at:]]) for its in (parts, marked))
        faults, files = tuple(self.faults), self.files
        return Woven(text, whole, faults, files, tuple(stretches), self.ran, self.numbering)

    def put(self, chunk: Span) -> str:
        """Return what stands in the woven page for a chunk."""
        if isinstance(chunk, Value):
            return self._value(chunk)
        if isinstance(chunk, Reference):
            return self._link(chunk)
        if isinstance(chunk, Caption):
            return self._caption(chunk)
        if isinstance(chunk, Block):
            shown, outputs = list(self._input(chunk)), list(self._outputs(chunk))
            text = "\n".join([*shown, *outputs]) + ("\n" if outputs else "")
            return indent(text, chunk.indent)
        if isinstance(chunk, Expected) and not chunk.runs:
            return legible(self.page.text[chunk.start : chunk.end])
        fault = self.shown_faults.get(chunk.start)
        return f"\n{show_fault(fault, self.marks)}\n" if fault else ""

    def _value(self, value: Value) -> str:
        """Return the text of an inline value, or that of its error."""
        if value.start in self.ran:
            text = (self.ran[value.start].value or {}).get("text/markdown", "")
            return self._latex(text) if value.math else self._inline(text, value)
        fault = self.shown_faults.get(value.start)
        text = fault.message if fault else "?"
        if value.math:
            return self._latex(rf"\text{{{NOT_IN_FORMULA.sub(' ', text)}}}")
        return f"<code>{self._text(text)}</code>"

    def _inline(self, markdown: str, value: Value | None = None) -> str:
        """Return what Markdown sees of a value: a mark in the place of all that is no markup."""
        text = unescape(markdown)
        is_text = escape(text) == markdown
        plain = escape(text := legible(text)) if is_text else markdown
        if value:
            plain = within_line(self.page.text, value, plain)
        return self.marks.hide(text, plain) if is_text else hide_formulas(plain, self.marks)

    def _text(self, text: str) -> str:
        """Hide a text in which nothing is markup."""
        return self.marks.hide(text, escape(text))

    def _latex(self, latex: str) -> str:
        """Hide LaTeX that stands in a formula."""
        return self.marks.hide(latex, latex)

    def _fence(self, text: str, info: str) -> str:
        """Hide a fence that holds a text."""
        return self.marks.hide_block(fenced(text, info))

    def _input(self, block: Block) -> Iterator[str]:
        """Show a block's code."""
        code = self.marks.hide_block(f"{block.fence}python\n{block.shown}{block.fence}\n")
        if block.options.echo == "fold":
            yield '\n??? code "Code"\n\n' + indent(code, "    ")
        elif block.options.echo:
            yield code

    def _outputs(self, block: Block) -> Iterator[str]:
        """Show what a block printed, returned and drew."""
        if fault := self.shown_faults.get(block.start):
            yield show_fault(fault, self.marks)
        if block.left_out:
            yield self.marks.hide_block(fenced(LEFT_OUT, "woven"))
        ran = self.ran.get(block.start)
        if ran is None or not block.options.output:
            return
        figures, captions = self._figures(block, ran), self._table_captions(block, ran)
        for kind, part in in_order(ran):
            if isinstance(part, Figure):
                yield next(figures)
            elif isinstance(part, Mapping):
                yield self._shown(part) + (next(captions, "") if is_table(part) else "")
            elif kind != "stderr" or block.options.warning:
                yield self._fence(part, CLASSES[kind])

    def _table_captions(self, block: Block, ran: Ran) -> Iterator[str]:
        """Yield the caption of each table of a block that has one; it stands above the table."""
        values = ([self._inline(value) for value in its] for its in ran.table_captions)
        texts = fill_all(block.options.table_captions, values, self._link)
        for index, text in enumerate(texts):
            number = self.numbering.number(block, index, "tbl")
            name = self.numbering.name(block, index, "tbl")
            yield f"\n/// caption | < #{name}\n**Table {number}.** {text}\n///\n"

    def _caption(self, caption: Caption) -> str:
        """Begin the caption of a table in Markdown, or end it."""
        if not caption.label:
            return f"\n{caption.indent}///"
        number = self.numbering.labelled[caption.label]
        begin = f"{caption.indent}/// caption | < #{caption.label}\n"
        return f"{begin}{caption.indent}**Table {number}.** "

    def _figures(self, block: Block, ran: Ran) -> Iterator[str]:
        """Yield each figure of a block with its caption, its number and its label."""
        values = ([self._inline(value) for value in its] for its in ran.captions)
        captions = fill_all(block.options.captions, values, self._link)
        texts = ([unescape(value) for value in its] for its in ran.alts)
        alts = fill_all(block.options.alts, texts, self.numbering.title)
        missing = [""] * len(ran.figures)
        shown = zip(ran.figures, captions + missing, alts + missing, strict=False)
        for index, (figure, caption, alt) in enumerate(shown):
            number, name = self.numbering.number(block, index), self.numbering.name(block, index)
            for text, what in ((caption, "caption (fig-cap)"), (alt, "alternative text (fig-alt)")):
                if not text:
                    fault = Fault(self.page.path, block.line, f"Figure {number} has no {what}")
                    self.faults.append(fault)
            drawing, files = show_figure(figure, number, name, alt, self.folder, self.marks)
            self.files |= files
            text = f"\n/// caption | #{name}\n**Figure {number}.** {caption}\n///\n"
            yield drawing + (text if caption else "")

    def _link(self, reference: Reference) -> str:
        """Link a figure or a table by its number."""
        there = self.numbering.find(reference)
        title = self.numbering.title(reference)
        if there is None:
            return f"[{title}](#{reference.label})"
        number = title.removesuffix(f" of {there.title}")
        page = self._text(there.title)
        return f"[{number}]({there.address}#{reference.label}) of *{page}*"

    def _shown(self, value: Mapping[str, str]) -> str:
        """Show a value by the richest form that a page can hold."""
        media, text = richest(value)
        if media == "text/latex":
            latex = text.strip()
            is_whole = latex.startswith("$$") or "$" in latex.strip("$")
            whole = latex if is_whole else f"$${latex.strip('$')}$$"
            return hide_formulas(whole, self.marks) + "\n"
        if media == "text/html":
            return self._fence(f'<div class="output-html">{inert(text)}</div>', "woven")
        if media == "text/markdown":
            return text + "\n"
        return self._fence(text, "{.text .output}")


def _start_of(steps: Sequence[Span], fault: Fault) -> int:
    """Return where the step begins that a fault belongs to, -1 if it comes before all of them."""
    after = bisect_right(steps, fault.line, key=lambda step: step.line)
    return steps[after - 1].start if after else -1
