"""Number the figures and the tables of a page, and name them by their labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from literate.fault import PageError
from literate.page import Block, Caption, Page, Reference
from literate.result import Ran, in_order, is_table

__all__ = ["Elsewhere", "Numbering", "number_figures"]

WORDS = {"fig": "figure", "tbl": "table"}


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A figure or a table of another page: its number, and the page's title and address.

    Where several pages have the label, their paths are in the place of it all.
    """

    number: int = 0
    title: str = ""
    address: str = ""
    paths: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Numbering:
    """What the figures and tables of a page are called.

    Attributes
    ----------
    labelled
        The number of the figure or the table that has a label.
    first, labels
        The number of the first figure (or table) of a block and the labels of its figures (or
        tables), by the kind and the block's start.
    elsewhere
        What other pages have, by its label.
    """

    labelled: dict[str, int] = field(default_factory=dict)
    first: dict[tuple[str, int], int] = field(default_factory=dict)
    labels: dict[tuple[str, int], Sequence[str]] = field(default_factory=dict)
    elsewhere: Mapping[str, Elsewhere] = field(default_factory=dict)

    def number(self, block: Block, index: int, kind: str = "fig") -> int:
        """Return the number of a block's figure."""
        return self.first[kind, block.start] + index

    def name(self, block: Block, index: int, kind: str = "fig") -> str:
        """Return the name of a block's figure: its label, or one by its number."""
        labels = self.labels[kind, block.start]
        number = self.number(block, index, kind)
        return labels[index] if index < len(labels) else f"{WORDS[kind]}-{number}"

    def title(self, reference: Reference) -> str:
        """Return the words for what is referred to.

        Raises
        ------
        PageError
            Nothing has the label, or several pages do.
        """
        there = self.find(reference)
        word = WORDS[reference.label[:3]].capitalize()
        if there is None:
            return f"{word} {self.labelled[reference.label]}"
        return f"{word} {there.number} of {there.title}"

    def find(self, reference: Reference) -> Elsewhere | None:
        """Return what is referred to if another page has it, None for one of this page.

        Raises
        ------
        PageError
            Nothing has the label, or several pages do.
        """
        label = reference.label
        if label in self.labelled:
            return None
        there = self.elsewhere.get(label)
        if there is None:
            raise PageError(reference.line, f"no {WORDS[label[:3]]} has the label {label}")
        if there.paths:
            paths = " and ".join(there.paths)
            raise PageError(reference.line, f"the label {label} is that of several pages: {paths}")
        return there


def number_figures(
    page: Page, ran: Mapping[int, Ran], elsewhere: Mapping[str, Elsewhere] | None = None
) -> Numbering:
    """Count the figures that a page shows, and the tables with a caption, in the page's order.

    Parameters
    ----------
    page
        The page.
    ran
        What its steps gave, by their starts.
    elsewhere
        What other pages have, by its label.

    Raises
    ------
    PageError
        A label given twice or to nothing, or captions for what is not there.
    """
    numbering, numbers = Numbering(elsewhere=elsewhere or {}), {"fig": 1, "tbl": 1}
    for chunk in page.chunks:
        if isinstance(chunk, Caption) and chunk.label:
            _label(numbering, chunk.label, numbers["tbl"], chunk.line)
            numbers["tbl"] += 1
        elif isinstance(chunk, Block):
            for kind, count in _counts(chunk, ran.get(chunk.start)).items():
                labels = [label for label in chunk.options.labels if label.startswith(f"{kind}-")]
                numbering.first[kind, chunk.start] = numbers[kind]
                numbering.labels[kind, chunk.start] = labels
                for index, label in enumerate(labels):
                    _label(numbering, label, numbers[kind] + index, chunk.line)
                numbers[kind] += count
    return numbering


def _label(numbering: Numbering, label: str, number: int, line: int) -> None:
    """Give a label to a number."""
    if label in numbering.labelled:
        raise PageError(line, f"two {WORDS[label[:3]]}s have the label {label}")
    numbering.labelled[label] = number


def _counts(block: Block, ran: Ran | None) -> dict[str, int]:
    """Return how many numbers a block takes; refuse texts for what is not there."""
    if ran is None:
        return {"fig": 0, "tbl": 0}
    options, is_shown = block.options, block.options.output
    figures = len(ran.figures) if is_shown else 0
    parts = in_order(ran) if is_shown else ()
    tables = sum(isinstance(part, Mapping) and is_table(part) for _, part in parts)
    captions = options.table_captions
    _require(block, figures, "leaves {} figures open", "fig", options.captions, options.alts)
    _require(block, tables, "shows {} tables", "tbl", captions)
    labels = [label for label in options.labels if label.startswith("tbl-")]
    if len(labels) > len(captions):
        raise PageError(block.line, f"{labels[-1]} needs a caption (tbl-cap)")
    return {"fig": figures, "tbl": len(captions)}


def _require(block: Block, count: int, has: str, kind: str, *texts: Sequence[object]) -> None:
    """Refuse a label, a caption or a text for what is not there."""
    labels = [label for label in block.options.labels if label.startswith(f"{kind}-")]
    names = ("label", f"{kind}-cap", f"{kind}-alt")
    for name, given in zip(names, (labels, *texts), strict=False):
        if len(given) > count:
            raise PageError(
                block.line, f"the block has {len(given)} `{name}` and {has.format(count)}"
            )
