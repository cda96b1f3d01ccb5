"""The cells of a foreign page: a notebook, or a page in Markdown whose cells are fences."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import yaml

__all__ = ["Cell", "Foreign", "ForeignError", "read_foreign"]

Kind = Literal["prose", "code", "raw"]

OPENING = re.compile(r"( {0,3})(`{3,}|~{3,})[ \t]*([^`]*?)[ \t]*$")
FRONT_MATTER = re.compile(
    r"\A---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE
)
MYST_CELL = re.compile(r"\{code-cell\}\s*(\w*)")
QUARTO_CELL = re.compile(r"\{(\w+)((?:[\s,].*)?)\}$")
JUPYTEXT_CELL = re.compile(r"(i?python3?)\b(.*)$")
FIELD = re.compile(r":([\w-]+):[ \t]*(.*)")


class ForeignError(Exception):
    """A file that cannot be imported, and the line that says so."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True)
class Cell:
    """A cell: its kind, its text, the line of its first line, and its number in a notebook."""

    kind: Kind
    text: str
    line: int
    number: int = 0
    language: str = "python"
    options: Mapping[str, Any] = field(default_factory=dict)
    attachments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Foreign:
    """A page of another tool: the name of its file, the front matter, the cells."""

    name: str
    matter: Mapping[str, Any]
    cells: Sequence[Cell]
    is_quarto: bool = False


def read_foreign(path: Path) -> Foreign:
    """Read a page of another tool.

    Raises
    ------
    ValueError
        The file's name ends in none of .ipynb, .md and .qmd.
    ForeignError
        The file is not UTF-8, or no notebook.
    """
    if path.suffix not in {".ipynb", ".md", ".qmd"}:
        raise ValueError(f"a page is imported from a .ipynb, .md or .qmd file, not from {path}")
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ForeignError(1, f"it is not UTF-8: {error}") from error
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if path.suffix == ".ipynb":
        return _read_notebook(text, path.name)
    matter, line = {}, 1
    if found := FRONT_MATTER.match(text):
        matter, line = _mapping(found[1]), found[0].count("\n") + 1
        text = text[found.end() :]
    is_quarto = path.suffix == ".qmd"
    jupyter = matter.get("jupyter")
    is_jupytext = "jupytext" in matter or (isinstance(jupyter, dict) and "jupytext" in jupyter)
    runs_python = is_jupytext and "{code-cell}" not in text
    return Foreign(path.name, matter, list(_cells(text, line, is_quarto, runs_python)), is_quarto)


def _read_notebook(text: str, name: str) -> Foreign:
    """Read a notebook of format 3 or 4."""
    try:
        notebook = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ForeignError(getattr(error, "lineno", 1), f"it is no notebook: {error}") from error
    if not isinstance(notebook, dict):
        raise ForeignError(1, "it is no notebook: it holds no cells")
    given = notebook.get("cells")
    if given is None:
        given = [cell for sheet in notebook.get("worksheets") or () for cell in sheet["cells"]]
    metadata = _dict(notebook.get("metadata"))
    spec = _dict(metadata.get("kernelspec")) | _dict(metadata.get("language_info"))
    language = str(spec.get("language") or spec.get("name") or "python").lower()
    cells = [
        _notebook_cell(cell, number, "python" if "python" in language else language)
        for number, cell in enumerate(given, 1)
        if isinstance(cell, dict)
    ]
    matter: Mapping[str, Any] = {"title": metadata["title"]} if metadata.get("title") else {}
    if cells and cells[0].kind == "raw" and (found := FRONT_MATTER.match(cells[0].text + "\n")):
        matter, cells = _mapping(found[1]), cells[1:]
    return Foreign(name, matter, cells)


def _notebook_cell(cell: Mapping[str, Any], number: int, language: str) -> Cell:
    """Return a cell of a notebook."""
    source = cell.get("source", cell.get("input", ""))
    text = "".join(map(str, source)) if isinstance(source, list) else str(source or "")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    metadata = _dict(cell.get("metadata"))
    kinds: dict[Any, Kind] = {"code": "code", "raw": "raw"}
    kind = kinds.get(cell.get("cell_type"), "prose")
    if cell.get("cell_type") == "heading":
        text = "#" * int(cell.get("level", 1)) + f" {text}"
    options = {"tags": metadata["tags"]} if metadata.get("tags") else {}
    if _dict(metadata.get("jupyter")).get("source_hidden"):
        options["echo"] = "fold"
    if metadata.get("mystnb"):
        options["mystnb"] = metadata["mystnb"]
    return Cell(kind, text, 1, number, language, options, _dict(cell.get("attachments")))


def _cells(text: str, line: int, is_quarto: bool, runs_python: bool) -> Iterator[Cell]:
    """Cut a page into prose and cells."""
    lines, start, index = text.split("\n"), 0, 0
    while index < len(lines):
        opening = OPENING.match(lines[index])
        if not opening:
            index += 1
            continue
        end = _end_of_fence(lines, index, opening[2])
        language, options = _cell_of(opening[3], is_quarto, runs_python)
        if language:
            if start < index:
                yield Cell("prose", "\n".join(lines[start:index]), line + start)
            body, skipped = lines[index + 1 : end], 0
            more: dict[str, Any] = {}
            if not is_quarto:
                more, skipped = _head_of_cell(body)
            code = "\n".join(body[skipped:])
            at = line + index + 1 + skipped
            yield Cell("code", code, at, language=language, options=options | more)
            start = end + 1
        index = end + 1
    if start < len(lines):
        yield Cell("prose", "\n".join(lines[start:]), line + start)


def _cell_of(info: str, is_quarto: bool, runs_python: bool) -> tuple[str, dict[str, Any]]:
    """Return the language of a cell, "" for a fence that is none, and the options beside it."""
    if myst := MYST_CELL.match(info):
        language = myst[1] or "python"
        return ("python" if "python" in language else language), {}
    if is_quarto and (quarto := QUARTO_CELL.match(info)):
        options = dict(re.findall(r"([\w-]+)\s*=\s*\"?([\w-]+)\"?", quarto[2]))
        switches = {"true": True, "false": False, "TRUE": True, "FALSE": False}
        return quarto[1], {name: switches.get(value, value) for name, value in options.items()}
    if runs_python and (cell := JUPYTEXT_CELL.match(info)):
        tags = re.search(r"tags=(\[[^\]]*\])", cell[2])
        options = {"tags": yaml.safe_load(tags[1])} if tags else {}
        if "noeval" in cell[2] or "eval=false" in cell[2]:
            options["eval"] = False
        return "python", options
    return "", {}


def _head_of_cell(body: Sequence[str]) -> tuple[dict[str, Any], int]:
    """Return the options of a MyST cell, and how many lines hold them."""
    if body and body[0].strip() == "---":
        end = next((i for i, text in enumerate(body[1:], 1) if text.strip() == "---"), 0)
        return _mapping("\n".join(body[1:end])), end + 1 if end else 0
    count, options = 0, {}
    while count < len(body) and (found := FIELD.fullmatch(body[count])):
        options[found[1]] = _value(found[2])
        count += 1
    return options, count


def _end_of_fence(lines: Sequence[str], index: int, ticks: str) -> int:
    """Return the index of the line that ends a fence, or of the end of the page."""
    closing = re.compile(rf"\s*{ticks[0]}{{{len(ticks)},}}\s*")
    ends = (i for i in range(index + 1, len(lines)) if closing.fullmatch(lines[i]))
    return next(ends, len(lines))


def _value(text: str) -> Any:
    """Return the value of a field, which is a text where it is no YAML."""
    try:
        value = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError):
        return text
    return text if value is None else value


def _mapping(text: str) -> dict[str, Any]:
    """Return what YAML says, nothing where it says no names."""
    try:
        return _dict(yaml.safe_load(text))
    except (yaml.YAMLError, ValueError, RecursionError):
        return {}


def _dict(value: Any) -> dict[str, Any]:
    """Return a mapping, an empty one for anything else."""
    return value if isinstance(value, dict) else {}
