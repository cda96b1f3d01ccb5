"""How much is measured, and where: what every part of the benchmark is given."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

__all__ = ["ROOT", "Row", "Setting", "Tables", "target_row"]

ROOT = Path(__file__).parent.parent
"""The project."""

Row = dict[str, str | int | float | None]
"""A line of a table: its cells by their columns."""

Tables = dict[str, list[Row]]
"""Tables by their titles."""


@dataclass(frozen=True, slots=True)
class Setting:
    """How much is measured, and where.

    Attributes
    ----------
    pages
        The numbers of pages that sites have.
    rounds
        How often each figure is measured; the table has the median.
    folder
        Where environments and sites are made. Nothing is written elsewhere.
    """

    pages: tuple[int, ...] = (1, 5, 20, 100)
    rounds: int = 3
    folder: Path = ROOT / ".cache" / "benchmarks"


def target_row(what: str, most: float, measured: float | None) -> Row:
    """Return the row that compares a figure, if there is one, with what it may be at most."""
    met = None if measured is None else "yes" if measured <= most else "no"
    return {
        "what": what,
        "target, at most": round(most, 3),
        "measured": None if measured is None else round(measured, 3),
        "met": met,
    }
