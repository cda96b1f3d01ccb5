"""The data file of the results, and the tables in Markdown."""

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

__all__ = ["Table", "load", "machine", "markdown", "save"]

FILE = Path(__file__).with_name("results.json")


@dataclass(frozen=True, slots=True)
class Table:
    """A table as a page or a notebook shows it."""

    rows: list[Row]

    def _repr_markdown_(self) -> str:
        return _table(self.rows)

    def only(self, *columns: str) -> Table:
        """Give some of the columns, in this order."""
        return Table([{column: row[column] for column in columns} for row in self.rows])

    def cell(self, column: str, **where: str | int) -> float:
        """Give a number of the one row whose cells are those given.

        Raises
        ------
        ValueError
            No row or several are meant.
        TypeError
            The cell is no number.
        """
        (row,) = (row for row in self.rows if where.items() <= row.items())
        value = row[column]
        if not isinstance(value, int | float):
            raise TypeError(f"{column} of {where} is {value!r}, and a number was expected")
        return value


def load(file: Path = FILE) -> dict[str, dict[str, Table]]:
    """Give the tables of each part by their titles, the machine among them."""
    results = json.loads(file.read_text("utf-8"))
    return {
        part: {"Machine": Table([found["machine"]])}
        | {title: Table(rows) for title, rows in found["tables"].items()}
        for part, found in results.items()
    }


def machine() -> Row:
    """Say what was measured on: its size, no name and no date."""
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


def markdown(title: str, rows: list[Row]) -> str:
    """Give a table in Markdown under its title.

    Examples
    --------
    >>> print(markdown("Builds", [{"peer": "one", "s": 2.5}, {"peer": "other", "s": None}]))
    ### Builds
    <BLANKLINE>
    | peer | s |
    | --- | --- |
    | one | 2.5 |
    | other |  |
    """
    return f"### {title}\n\n{_table(rows)}"


def _table(rows: list[Row]) -> str:
    columns = list(dict.fromkeys(column for row in rows for column in row))
    lines = [columns, ["---"] * len(columns)]
    lines += [[_text(row.get(column)) for column in columns] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _text(cell: str | float | None) -> str:
    return "" if cell is None else str(cell)
