"""Weave pages into plain ones: Markdown with the results in place, which need no plugin."""

from __future__ import annotations

import html
import os
import posixpath
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from importlib import resources
from pathlib import Path

from literate.build import Build
from literate.digest import sha256
from literate.fault import Fault
from literate.markup import cut_prose
from literate.project import Project
from literate.settings import Settings
from literate.text import escape
from literate.weave import Formulas, MathError

__all__ = ["plain_page", "weave_pages"]

MARK = ".woven"
"""The file that says of a folder that it may be replaced."""

ASSETS = "assets/literate"
FIGURES = "assets/figures"
FRONT_MATTER = re.compile(r"\ufeff?---\n.*?\n(?:---|\.\.\.)\n", re.DOTALL)
WOVEN = re.compile(r"^([ \t]*)(`{3,})woven\n(.*?)\n\1\2$", re.MULTILINE | re.DOTALL)
FORMULA = re.compile(r"(\$\$?|\\[(\[])(.*?)(?:\$\$?|\\[)\]])|.*", re.DOTALL)
TAG = re.compile(r"(<[^>]*>)")
DRAWING = re.compile(r'<span class="drawing">.* popover>(<svg [^>]*)(>.*</svg>)<button', re.DOTALL)
SIZED = re.compile(r' aria-label="([^"]*)"| data-search-exclude=""')
INK = "<style>svg{color:#000}@media(prefers-color-scheme:dark){svg{color:#fff}}</style>"


def weave_pages(
    settings: Settings, out: Path, *, formulas: bool, figures: bool, say: Callable[[str], None]
) -> list[Fault]:
    """Weave all pages into a folder, with all other files of theirs; return what is wrong.

    The folder is replaced if an earlier call has made it, and stays as it is if a page has a fault.

    Parameters
    ----------
    settings
        The project.
    out
        The folder.
    formulas
        Whether formulas are set as MathML, or left as LaTeX.
    figures
        Whether drawings become files, or stand in the pages.
    say
        Takes a line for the log.

    Raises
    ------
    OSError
        A file cannot be read or written.
    FileExistsError
        The folder is there, and no earlier call has made it.
    RuntimeError
        The process that runs pages cannot start.
    """
    if out.exists() and any(out.iterdir()) and not (out / MARK).exists():
        raise FileExistsError(f"{out} is there already, and is not made by this command")
    build = Build(Project(settings.root), keep=settings.keep, say=say)
    build.project.configure(settings.limits, settings.workers, (*settings.made, out.absolute()))
    files: dict[str, str | bytes] = {MARK: ""}
    try:
        for uri in settings.uris:
            build.read(uri, settings.path(uri), (settings.docs / uri).read_bytes())
        runs = build.start()
        for uri in settings.uris:
            build.weave(uri, lambda path: runs[path].result(), posixpath.dirname(uri))
            files |= _finished(build, settings, uri, formulas=formulas, figures=figures)
        faults = build.all_faults()
    finally:
        build.project.close()
    faults += [fault for woven in build.woven.values() for fault in woven.faults]
    if not faults:
        assets = (resources.files("literate") / "assets").iterdir()
        files |= {f"{ASSETS}/{file.name}": file.read_bytes() for file in assets}
        _write(settings, out, files)
    return faults


def plain_page(text: str, *, formulas: bool) -> str:
    r"""Return a woven page as Markdown that needs no plugin.

    Parameters
    ----------
    text
        The woven text of the page.
    formulas
        Whether its formulas are set as MathML.

    Raises
    ------
    MathError
        A formula that cannot be set.

    Examples
    --------
    >>> plain_page("So\n\n```woven\n<b>\n1</b>\n```\n", formulas=False)
    'So\n\n<div><b>&#10;1</b></div>\n'
    """
    if formulas:
        front = FRONT_MATTER.match(text)
        start = front.end() if front else 0
        text = text[:start] + _set_formulas(text[start:])
    return WOVEN.sub(lambda m: f"{m[1]}{_block(m[3].strip(), m[1])}", text)


def _finished(
    build: Build, settings: Settings, uri: str, *, formulas: bool, figures: bool
) -> Mapping[str, str | bytes]:
    """Return the plain page of a woven one, and the images that it shows, by their names."""
    woven = build.woven.get(uri)
    if woven is None:
        return {uri: (settings.docs / uri).read_bytes()}
    files, text = dict[str, str | bytes](woven.files), woven.text
    if figures:
        text = WOVEN.sub(lambda m: _moved(m, posixpath.dirname(uri), files), text)
    try:
        return files | {uri: plain_page(text, formulas=formulas)}
    except MathError as error:
        line = build.line_of(uri, error.formula, woven.text)
        build.faults.append(Fault(settings.path(uri), line, str(error)))
        return {}


def _moved(fence: re.Match[str], folder: str, files: dict[str, str | bytes]) -> str:
    """Move a drawing into a file, and return what shows it."""
    if not (drawing := DRAWING.match(fence[3])):
        return fence[0]
    label = SIZED.search(drawing[1])
    opening = SIZED.sub("", drawing[1]) + ' xmlns="http://www.w3.org/2000/svg"'
    svg = f"{opening}>{INK}{drawing[2].removeprefix('>')}\n"
    name = f"{FIGURES}/{sha256(svg)[:16]}.svg"
    files[name] = svg
    alt = escape(html.unescape(label[1] if label else ""))
    return f"{fence[1]}![{alt}]({posixpath.relpath(name, folder or '.')})"


def _set_formulas(text: str) -> str:
    """Return Markdown with its formulas set, all at once, for they may refer to each other."""
    pieces = list(cut_prose(text))
    marked = [_marked(piece) for kind, piece in pieces if kind == "formula"]
    done = iter(Formulas().set("\0".join(marked)).split("\0"))
    return "".join(
        _in_one_line(next(done)) if kind == "formula" else piece for kind, piece in pieces
    )


def _marked(formula: str) -> str:
    """Return a formula as arithmatex marks it."""
    found = FORMULA.fullmatch(formula)
    assert found
    latex = html.escape(found[2] or formula)
    if found[1] in ("$", r"\("):
        return rf'<span class="arithmatex">\({latex}\)</span>'
    return rf'<div class="arithmatex">\[{latex}\]</div>'


def _block(markup: str, indented: str) -> str:
    """Return HTML as a block; within another block Markdown knows those alone that are a line."""
    line = _in_one_line(markup)
    return line if indented and line.startswith("<span") else f"<div>{line}</div>"


def _in_one_line(markup: str) -> str:
    """Return HTML that Markdown takes as it is: in one line, and nothing in a text is markup."""
    parts = TAG.split(markup)
    for index, part in enumerate(parts):
        if index % 2 or parts[index - 1].startswith(("<style", "<script")):
            parts[index] = part.replace("\n", " ")
        else:
            parts[index] = escape(html.unescape(part)).replace("\n", "&#10;")
    return "".join(parts)


def _write(settings: Settings, out: Path, files: Mapping[str, str | bytes]) -> None:
    """Write files into a folder that is empty otherwise, with the pages' own that are no pages."""
    if out.exists():
        shutil.rmtree(out)
    out.mkdir(parents=True)
    for path in _others(settings, out):
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(settings.docs / path, out / path)
    for name, content in files.items():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_bytes(content.encode() if isinstance(content, str) else content)


def _others(settings: Settings, out: Path) -> Iterator[Path]:
    """Yield the files beside the pages, but for hidden ones and those that are written."""
    for folder, folders, names in os.walk(settings.docs):
        kept = (name for name in folders if Path(folder, name).absolute() != out.absolute())
        folders[:] = [name for name in kept if not name.startswith(".")]
        for name in names:
            path = Path(folder, name).relative_to(settings.docs)
            if not name.startswith(".") and path.suffix != ".md":
                yield path
