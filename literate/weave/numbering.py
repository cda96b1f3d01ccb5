"""Number the figures of a page, and name them by their labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from literate.fault import PageError
from literate.page import Block, Page, Reference
from literate.result import Ran

__all__ = ["Numbering", "number_figures"]


@dataclass(frozen=True, slots=True)
class Numbering:
    """What the figures of a page are called.

    Attributes
    ----------
    labelled
        The number of the figure that has a label.
    first, labels
        The number of the first figure of a block and the labels of its figures, by the block's
        start.
    """

    labelled: dict[str, int] = field(default_factory=dict)
    first: dict[int, int] = field(default_factory=dict)
    labels: dict[int, Sequence[str]] = field(default_factory=dict)

    def number(self, block: Block, index: int) -> int:
        """Return the number of a block's figure."""
        return self.first[block.start] + index

    def name(self, block: Block, index: int) -> str:
        """Return the name of a block's figure: its label, or one by its number."""
        labels = self.labels[block.start]
        return labels[index] if index < len(labels) else f"figure-{self.number(block, index)}"

    def title(self, reference: Reference) -> str:
        """Return the words for the figure that is referred to.

        Raises
        ------
        PageError
            No figure has the label.
        """
        if reference.label not in self.labelled:
            raise PageError(
                reference.line, f"no figure of this page has the label {reference.label}"
            )
        return f"Figure {self.labelled[reference.label]}"


def number_figures(page: Page, ran: Mapping[int, Ran]) -> Numbering:
    """Count the figures that a page shows, in the order of the page.

    Parameters
    ----------
    page
        The page.
    ran
        What its steps gave, by their starts.

    Raises
    ------
    PageError
        A label given twice or to no figure, or captions for figures that are not there.
    """
    numbering, number = Numbering(), 1
    for block in (chunk for chunk in page.chunks if isinstance(chunk, Block)):
        outcome = ran.get(block.start)
        count = len(outcome.figures) if outcome and block.options.output else 0
        labels = [label for label in block.options.labels if label.startswith("fig-")]
        if outcome:
            _require_figures(block, labels, count)
        numbering.first[block.start], numbering.labels[block.start] = number, labels
        for index, label in enumerate(labels):
            if label in numbering.labelled:
                raise PageError(block.line, f"two figures have the label {label}")
            numbering.labelled[label] = number + index
        number += count
    return numbering


def _require_figures(block: Block, labels: Sequence[str], count: int) -> None:
    """Refuse a label, a caption or a text for a figure that is not there."""
    options = block.options
    given = {"label": labels, "fig-cap": options.captions, "fig-alt": options.alts}
    for name, texts in given.items():
        if len(texts) > count:
            raise PageError(
                block.line, f"the block has {len(texts)} `{name}` and leaves {count} figures open"
            )
