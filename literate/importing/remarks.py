"""What of a foreign page could not be translated, by the line it stands on."""

from __future__ import annotations

from dataclasses import dataclass, field

from literate.importing.foreign import Cell

__all__ = ["Remarks"]


@dataclass
class Remarks:
    """What is left to do by hand: each remark names the file and the line.

    Examples
    --------
    >>> remarks = Remarks("page.qmd")
    >>> remarks.add(Cell("prose", "a", 7), 2, "something is left out")
    >>> remarks.lines
    ['page.qmd:9: something is left out']
    """

    name: str
    found: dict[str, tuple[int, int]] = field(default_factory=dict)

    def add(self, cell: Cell, offset: int, what: str) -> None:
        """Add what is wrong on a line of a cell, counted from 0."""
        line = cell.line + offset
        place = f"{line} of cell {cell.number}" if cell.number else f"{line}"
        remark = f"{self.name}:{place}: {what}"
        self.found.setdefault(remark, (cell.number, line))

    @property
    def lines(self) -> list[str]:
        """The remarks, in the order of the file."""
        return sorted(self.found, key=lambda remark: self.found[remark])
