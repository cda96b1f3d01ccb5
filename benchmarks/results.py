"""The results: a data file, and its tables in Markdown."""

from __future__ import annotations

import json
import os
import platform
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # For types alone: the script of the page that runs this module is called as this package is.
    from benchmarks.setting import Row, Tables

__all__ = ["FILE", "Table", "load", "machine", "save"]

FILE = Path(__file__).with_name("results.json")


@dataclass(frozen=True, slots=True)
class Table:
    """A table, which a page or a notebook shows in Markdown."""

    rows: list[Row]

    def __str__(self) -> str:
        columns = list(dict.fromkeys(column for row in self.rows for column in row))
        cells = ([row.get(column) for column in columns] for row in self.rows)
        lines = [columns, ["---"] * len(columns)]
        lines += [["" if cell is None else str(cell) for cell in line] for line in cells]
        return "\n".join(f"| {' | '.join(line)} |" for line in lines)

    _repr_markdown_ = __str__

    def only(self, *columns: str) -> Table:
        """Return some of the columns, in this order."""
        return Table([{column: row[column] for column in columns} for row in self.rows])

    def cell(self, column: str, **where: str | int) -> float:
        """Return a number of the one row that has the given cells.

        Raises
        ------
        ValueError
            No row or several rows have them.
        TypeError
            The cell is not a number.
        """
        (row,) = (row for row in self.rows if where.items() <= row.items())
        value = row[column]
        if not isinstance(value, int | float):
            raise TypeError(f"{column} of {where} must be a number, got {value!r}")
        return value


def load(file: Path = FILE) -> dict[str, dict[str, Table]]:
    """Return the tables of each part by their titles, the machine among them."""
    results = json.loads(file.read_text("utf-8"))
    return {
        part: {"Machine": Table([found["machine"]])}
        | {title: Table(rows) for title, rows in found["tables"].items()}
        for part, found in results.items()
    }


def machine() -> Row:
    """Return what was measured on: its size, no name and no date."""
    import psutil

    return {
        "cores": len(psutil.Process().cpu_affinity() or []) or os.cpu_count(),
        "memory, GB": round(psutil.virtual_memory().total / 2**30),
        "system": platform.system(),
        "Python": platform.python_version(),
    }


def save(file: Path, part: str, tables: Tables) -> None:
    """Put a part's tables into the data file, in the place of those it had."""
    results = json.loads(file.read_text("utf-8")) if file.exists() else {}
    results[part] = {"machine": machine(), "tables": tables}
    ordered = {name: results[name] for name in sorted(results)}
    file.write_text(json.dumps(ordered, indent=1, ensure_ascii=False) + "\n", "utf-8")
