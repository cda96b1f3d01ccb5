"""Write a page from a notebook, a MyST or a Quarto file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from literate.fault import PageError
from literate.importing.cell import Settings, read_settings
from literate.importing.fences import shown
from literate.importing.foreign import Cell, Foreign, ForeignError, read_foreign
from literate.importing.names import find_names
from literate.importing.pictures import Pictures
from literate.importing.prose import Prose
from literate.importing.python import (
    Plain,
    drawers,
    draws,
    make_plain,
    needs_display,
    without_artist,
    wrapped,
)
from literate.importing.remarks import Remarks
from literate.read import read

__all__ = ["Imported", "import_page"]

RAISES = "<!--pytest.mark.xfail(strict=True)-->"
GOES_ON = "<!--pytest-codeblocks:cont-->"
DISPLAY = "from IPython.display import display"
IMPORTED = re.compile(r"^\s*from IPython\S* import .*\bdisplay\b", re.MULTILINE)
KNOWN = {"title", "description"}
DROPPED = {"jupyter", "jupytext", "kernelspec", "language_info", "format", "engine", "execute"}
EXECUTION = {"echo", "output", "warning", "error", "eval", "include"}


@dataclass(frozen=True)
class Imported:
    """A page that was written: its path, its name in the navigation, and what is left to do."""

    path: Path
    name: str
    remarks: list[str]


@dataclass(frozen=True)
class _Code:
    """A cell of code: its options and its code, and whether it is a block that runs."""

    settings: Settings
    plain: Plain
    runs: bool
    functions: frozenset[str] = frozenset()
    """The functions of the page that draw."""


def import_page(path: Path, to: str = "", docs: Path = Path("docs")) -> Imported:
    """Write a page from a notebook, a MyST or a Quarto file.

    Parameters
    ----------
    path
        The file: its name ends in .ipynb, .md or .qmd.
    to
        The name of the page, seen from the folder of the pages; by default that of the file.
    docs
        The folder of the pages.

    Raises
    ------
    ValueError
        The file or the name is none that can be.
    FileExistsError
        There is such a page already; it is left as it is.
    ForeignError
        The file holds nothing that can be written.
    """
    name = (to or path.stem).removesuffix(".md") + ".md"
    if Path(name).is_relative_to(docs):
        name = Path(name).relative_to(docs).as_posix()
    if ".." in Path(name).parts or Path(name).is_absolute() or Path(name).stem in {"", ".md"}:
        raise ValueError(f"a page has a name such as solutions/name, not {to}")
    target = docs / name
    if target.exists():
        raise FileExistsError(f"{target.as_posix()} is there already")
    foreign = read_foreign(path)
    remarks, pictures = Remarks(path.as_posix()), Pictures(path.parent, target.stem)
    text = _page(foreign, remarks, pictures)
    left = remarks.lines
    try:
        read(text, target.as_posix())
    except PageError as error:
        left.append(f"{target.as_posix()}:{error.line}: {error.message}")
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with target.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise FileExistsError(f"{target.as_posix()} is there already") from None
    left += pictures.write(target.parent)
    return Imported(target, Path(name).as_posix(), left)


def _page(foreign: Foreign, remarks: Remarks, pictures: Pictures) -> str:
    """Return the text of the page."""
    names = find_names(foreign)
    defaults = _defaults(foreign.matter)
    codes = {
        index: _code_of(cell, defaults, remarks)
        for index, cell in enumerate(foreign.cells)
        if cell.kind == "code" and cell.text.strip()
    }
    functions = frozenset[str]().union(
        *(drawers(code.plain.code) for code in codes.values() if code.runs)
    )
    codes = {index: replace(code, functions=functions) for index, code in codes.items()}
    running = [index for index, code in codes.items() if code.runs]
    pieces, has_display = [], False
    for index, cell in enumerate(foreign.cells):
        is_within = bool(running) and running[0] < index < running[-1]
        if index in codes:
            code = codes[index]
            if not code.runs:
                language = code.plain.language
                pieces.append("\n".join(shown(code.plain.code, language, is_free=not is_within)))
                continue
            asks = not has_display and needs_display(code.plain.code)
            imports = IMPORTED.search(code.plain.code)
            has_display = has_display or bool(imports) or asks
            place = "only" if len(running) == 1 else "first" if index == running[0] else "later"
            pieces.append(_block(cell, code, place, remarks, asks=asks and not imports))
        elif cell.kind == "raw" and cell.text.strip():
            remarks.add(cell, 0, "a raw cell has no counterpart, and is left out")
        elif cell.kind == "prose":
            pieces.append(
                _prose(cell, Prose(names, foreign.is_quarto, is_within), remarks, pictures)
            )
    whole = "\n\n".join(piece for piece in pieces if piece.strip())
    if not whole:
        raise ForeignError(1, "it holds nothing to import")
    return _matter(foreign, whole, remarks) + whole + "\n"


def _prose(cell: Cell, prose: Prose, remarks: Remarks, pictures: Pictures) -> str:
    """Return the prose of a cell."""
    say = partial(remarks.add, cell)
    lines = pictures.place(cell.text, cell.attachments, say).split("\n")
    text = "\n".join(
        line.rstrip(" ") if not line.strip() else line for line in prose.translate(lines, say)
    )
    return text.strip("\n").rstrip()


def _code_of(cell: Cell, defaults: Mapping[str, Any], remarks: Remarks) -> _Code:
    """Return a cell of code, made plain."""
    say = partial(remarks.add, cell)
    settings = read_settings(cell.text, cell.options, defaults, say)
    lines = cell.text.split("\n")[settings.lines :]
    at = settings.lines

    def speak(line: int, what: str) -> None:
        say(line + at, what)

    if cell.language != "python":
        speak(0, f"a cell of {cell.language} is shown and not run")
        return _Code(settings, Plain("\n".join(lines), cell.language), runs=False)
    plain = make_plain("\n".join(lines), speak)
    if plain.is_quiet:
        settings.options["output"] = False
    if not settings.runs:
        speak(0, "this cell does not run where it comes from; it is shown")
    runs = settings.runs and plain.language == "python" and bool(plain.code.strip())
    return _Code(settings, plain, runs)


def _block(cell: Cell, code: _Code, place: str, remarks: Remarks, *, asks: bool) -> str:
    """Return a block, with the comment before it that its place in the chain asks for."""
    settings, text, mark = code.settings, code.plain.code, "" if place != "later" else GOES_ON
    if settings.options.get("error"):
        if place == "only":
            mark = RAISES
        else:
            caught = wrapped(text)
            remarks.add(cell, settings.lines, (
                "a cell that must raise cannot stand in a chain; "
                + ("it prints the error that it catches" if caught else "write it as try … except")
            ))  # fmt: skip
            text = caught or text
            settings.options.pop("error")
    if asks:
        first = text.split("\n")[0]
        rest = text.split("\n")[1:]
        ahead = [first, DISPLAY, *rest] if first.startswith("from __f") else [DISPLAY, first, *rest]
        text = "\n".join(ahead)
    text = without_artist(text)
    head = settings.head()
    if settings.options.get("output", True) and draws(text, code.functions):
        missing = [name for name in ("fig-cap", "fig-alt") if name not in settings.options]
        if missing:
            what = " and ".join(missing)
            remarks.add(cell, settings.lines, f"this cell draws: a strict build asks for {what}")
        head += [f"#| # {name}:" for name in missing]
    longest = max((len(run) for run in re.findall(r"^\s*(`{3,})", text, re.MULTILINE)), default=2)
    ticks = "`" * (longest + 1)
    block = "\n".join([f"{ticks}python", *head, text, ticks])
    return f"{mark}\n\n{block}" if mark else block


def _defaults(matter: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the front matter of Quarto asks for in all cells."""
    execute, form = matter.get("execute"), matter.get("format")
    found = dict(execute) if isinstance(execute, dict) else {}
    inner = form.get("html") if isinstance(form, dict) else None
    if isinstance(inner, dict) and inner.get("code-fold") not in {None, False}:
        found["code-fold"] = True
    return {name: value for name, value in found.items() if name in {*EXECUTION, "code-fold"}}


def _matter(foreign: Foreign, text: str, remarks: Remarks) -> str:
    """Return the front matter of the page, and its heading if the text has none."""
    head = Cell("raw", "", 1)
    kept = {}
    for name, value in foreign.matter.items():
        if name in KNOWN and isinstance(value, str) and "{{" not in value and "```" not in value:
            kept[name] = " ".join(value.split())
        elif name not in DROPPED:
            remarks.add(
                head, 0, f"`{name}` of the front matter has no counterpart, and is left out"
            )
    matter = yaml.safe_dump(kept, allow_unicode=True, width=100, sort_keys=False) if kept else ""
    heading = "" if re.search(r"^# \S", text, re.MULTILINE) else kept.get("title", "")
    return (f"---\n{matter}---\n\n" if kept else "") + (f"# {heading}\n\n" if heading else "")
