"""What the labels of a foreign page stand for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from literate.importing.foreign import Foreign

__all__ = ["Names", "equation_name", "find_names", "name_of"]

FIGURE_OPTION = re.compile(r"^#\|\s*label:\s*[\"']?((?:fig|tbl)-[\w-]+)", re.MULTILINE)
QUARTO_HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*\{[^}]*#([\w:.-]+)[^}]*\}\s*$", re.MULTILINE)
MYST_HEADING = re.compile(r"^\(([^)\n]+)\)=\s*\n+#{1,6}\s+(.*?)\s*$", re.MULTILINE)
TABLE = re.compile(r"\{#(tbl-[\w-]+)\}|^[`:]{3,}\{table\}[^\n]*\n:name:\s*(\S+)", re.MULTILINE)
EQUATION = re.compile(
    r"\\label\s*\{([^}]*)\}|\$\$\s*\{#(eq-[\w-]+)|\$\$\s*\(([^)\n]+)\)"
    r"|\{math\}[^\n]*\n(?::\w+:[^\n]*\n)*?:(?:label|name):\s*(\S+)"
)


@dataclass
class Names:
    """Sections by their labels; the labels of figures, tables and equations as a page has them."""

    sections: dict[str, str] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)
    equations: set[str] = field(default_factory=set)


def name_of(label: str, kind: str = "fig") -> str:
    """Return a label as this format has it.

    Examples
    --------
    >>> name_of("fig:loss"), name_of("loss")
    ('fig-loss', 'fig-loss')
    """
    stem = re.sub(rf"^{kind}(?:ure|le)?[-:_.]", "", label.strip())
    return f"{kind}-" + re.sub(r"[^\w-]+", "-", stem).strip("-_")


def equation_name(label: str) -> str:
    """Return the label of an equation as formulas may have it: without an underscore.

    Examples
    --------
    >>> equation_name("eq:two_steps")
    'eq:two-steps'
    """
    return re.sub(r"[^A-Za-z0-9:-]+", "-", label.strip())


def find_names(foreign: Foreign) -> Names:
    """Find what the labels of a page stand for."""
    names = Names()
    for cell in foreign.cells:
        if cell.kind == "code":
            for label in FIGURE_OPTION.findall(cell.text):
                names.shown[label] = label
            for label in _labels_of(cell.options):
                names.shown[label] = name_of(label, "tbl" if label.startswith("tbl") else "fig")
            continue
        for title, label in QUARTO_HEADING.findall(cell.text):
            names.sections[label] = title
        for label, title in MYST_HEADING.findall(cell.text):
            names.sections[label] = title
        for first, second in TABLE.findall(cell.text):
            label = first or second
            names.shown[label] = name_of(label, "tbl")
        names.equations |= {next(filter(None, each)) for each in EQUATION.findall(cell.text)}
    return names


def _labels_of(options: Mapping[str, object]) -> list[str]:
    """Return the labels that the options beside a cell give to its figures."""
    mystnb = options.get("mystnb")
    figure = mystnb.get("figure") if isinstance(mystnb, dict) else None
    found = figure.get("name") if isinstance(figure, dict) else None
    label = options.get("label")
    labelled = label if str(label).startswith(("fig", "tbl")) else None
    labels = (found, options.get("name"), labelled)
    return [label for label in labels if isinstance(label, str)]
