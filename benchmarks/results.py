"""The data file of the results, and the tables in Markdown."""

from __future__ import annotations

import json
import os
import platform
from pathlib import Path

import psutil

from benchmarks.setting import Row, Tables

__all__ = ["machine", "markdown", "save"]


def machine() -> Row:
    """Say what was measured on: its size, no name and no date."""
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
    columns = list(dict.fromkeys(column for row in rows for column in row))
    lines = [columns, ["---"] * len(columns)]
    lines += [[_text(row.get(column)) for column in columns] for row in rows]
    return "\n".join([f"### {title}", "", *(f"| {' | '.join(line)} |" for line in lines)])


def _text(cell: str | float | None) -> str:
    return "" if cell is None else str(cell)
