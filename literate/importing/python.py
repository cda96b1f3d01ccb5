"""The code of a foreign cell, made plain Python: without magics and without a shell."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial

__all__ = [
    "Plain",
    "drawers",
    "draws",
    "is_python",
    "make_plain",
    "needs_display",
    "without_artist",
    "wrapped",
]

CELL_MAGIC = re.compile(r"%%(\w+)(.*)")
MAGIC = re.compile(r"(\s*)(%|!|\?)(.*)")
ASSIGNED = re.compile(r"(\s*)[\w., ]+=\s*[%!]")
HELP = re.compile(r"(\s*)[\w.]+\?{1,2}\s*")
TIMED = re.compile(r"%(?:time|timeit|prun)\s+((?:-\w+\s*\d*\s+)*)(.*)")
NEEDLESS = re.compile(r"%(?:matplotlib|config|load_ext|autoreload|reload_ext|pylab)\b")
MAIN_GUARD = re.compile(r"(\s*)if\s+__name__\s*==.*:\s*")
WIDGETS = re.compile(r"\bipywidgets\b|\binteract(?:ive)?\(|@interact|\bget_ipython\(|\binput\(")
DRAWING = {"plt", "pyplot", "sns", "ax", "axes", "fig", "figure"}

METHODS = {
    *("plot", "hist", "boxplot", "imshow", "scatter", "quiver", "legend", "contour", "contourf"),
    *("plot_surface", "errorbar", "fill_between", "axhline", "axvline", "colorbar", "semilogy"),
    *("set_title", "set_xlabel", "set_ylabel", "set_xlim", "set_ylim", "loglog", "matshow"),
}
"""What a drawing alone has, whatever it is called."""

Say = Callable[[int, str], None]


@dataclass(frozen=True)
class Plain:
    """Code that Python reads, or a text in another language; whether its output is hidden."""

    code: str
    language: str = "python"
    is_quiet: bool = False


def make_plain(code: str, say: Say) -> Plain:
    """Return the code of a cell without what IPython alone understands.

    Parameters
    ----------
    code
        What the cell holds.
    say
        Takes what was left out, with its line, counted from 0.
    """
    lines = code.split("\n")
    first = next((i for i, text in enumerate(lines) if text.strip()), 0)
    is_quiet = False
    if magic := CELL_MAGIC.match(lines[first]):
        name = magic[1]
        if name not in {"time", "timeit", "capture", "prun", "python", "python3"}:
            say(first, f"the cell magic %%{name} is not run; its text is shown")
            languages = {"bash": "console", "sh": "console", "html": "html", "latex": "latex"}
            return Plain("\n".join(lines[first + 1 :]), languages.get(name, "text"))
        say(first, f"the cell magic %%{name} is left out, and the cell runs without it")
        lines[first] = ""
        is_quiet = name == "capture"
    if not is_python("\n".join(lines)):
        lines = [_plain_line(line, partial(say, i)) for i, line in enumerate(lines)]
    for number, line in enumerate(lines):
        if guard := MAIN_GUARD.fullmatch(line):
            lines[number] = f"{guard[1]}if True:"
            say(number, "no test runs what stands under `if __name__ == …`; it is `if True:` now")
        if WIDGETS.search(line):
            say(number, "this line needs a kernel or a reader's input, and a page has neither")
        if number and line.startswith("from __future__"):
            say(number, "`from __future__` must stand in the first block of a page")
    text = "\n".join(lines).strip("\n").rstrip()
    if problem := _problem(text):
        line_number, message = problem
        say(line_number, f"this is not Python ({message}); the cell is shown and not run")
        return Plain(text, "text")
    return Plain(text, is_quiet=is_quiet)


def is_python(code: str) -> bool:
    """Tell whether Python can read a text."""
    return _problem(code) is None


def needs_display(code: str) -> bool:
    """Tell whether code calls `display`."""
    return any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "display"
        for node in ast.walk(ast.parse(code))
    )


def drawers(code: str) -> set[str]:
    """Return the names of the functions in code that draw."""
    return {
        node.name
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.FunctionDef) and any(map(_draws, ast.walk(node)))
    }


def draws(code: str, functions: Collection[str] = ()) -> bool:
    """Tell whether code clearly draws when it runs: by matplotlib, or by functions that draw."""
    nodes: list[ast.AST] = list(ast.parse(code).body)
    while nodes:
        node = nodes.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            continue
        if _draws(node) or _calls(node, functions):
            return True
        nodes += ast.iter_child_nodes(node)
    return False


def without_artist(code: str) -> str:
    """Return code whose last expression keeps back what matplotlib returns from drawing.

    Examples
    --------
    >>> without_artist("plt.plot([1, 2])  # a line")
    'plt.plot([1, 2]);  # a line'
    """
    body = ast.parse(code).body
    if not body or not isinstance(body[-1], ast.Expr):
        return code
    value = body[-1].value
    parts = value.elts if isinstance(value, (ast.Tuple, ast.List)) else [value]
    if not any(map(_draws, parts)):
        return code
    lines = code.split("\n")
    number, column = (value.end_lineno or 1) - 1, value.end_col_offset or 0
    line = lines[number].encode()
    before, after = line[:column].decode(), line[column:].decode()
    if after.lstrip().startswith((";", ")")):
        return code
    lines[number] = f"{before};{after}"
    return "\n".join(lines)


def wrapped(code: str) -> str | None:
    """Return code that shows the error it raises, None where indenting it would change it."""
    inside = "\n".join(f"    {line}" if line.strip() else "" for line in code.split("\n"))
    text = (
        f"try:\n{inside}\nexcept Exception as error:\n"
        '    print(f"{type(error).__name__}: {error}")'
    )
    try:
        body = ast.parse(text).body[0]
        same = ast.dump(ast.Module(body.body, []))  # type: ignore[attr-defined]
    except (SyntaxError, ValueError):
        return None
    return text if same == ast.dump(ast.Module(ast.parse(code).body, [])) else None


def _draws(node: ast.AST) -> bool:
    """Tell whether a call is one of matplotlib, or of a table that draws by it."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return False
    owner: ast.AST = node.func.value
    while isinstance(owner, (ast.Attribute, ast.Subscript, ast.Call)):
        owner = owner.func if isinstance(owner, ast.Call) else owner.value
    name = owner.id if isinstance(owner, ast.Name) else ""
    if name in DRAWING or name.startswith("ax"):
        return not node.func.attr.startswith(("style", "rcParams", "close", "rc", "update"))
    return node.func.attr in METHODS


def _calls(node: ast.AST, functions: Collection[str]) -> bool:
    """Tell whether this is a call of one of these functions."""
    is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    return is_call and node.func.id in functions  # type: ignore[attr-defined]


def _plain_line(line: str, say: Callable[[str], None]) -> str:
    """Return a line of code without its magic."""
    found = MAGIC.match(line) or ASSIGNED.match(line) or HELP.fullmatch(line)
    if not found:
        return line
    indent, magic = found[1], line.strip()
    if timed := TIMED.match(magic):
        say(f"{magic.split()[0]} is left out, and the line runs without it")
        return indent + timed[2]
    if NEEDLESS.match(magic):
        say(f"{magic} is left out: a page needs no such setting")
        return f"{indent}pass" if indent else ""
    what = "a shell command" if "!" in magic else "a magic or a request for help"
    say(f"{magic} is {what}, which no block runs; it is a comment now")
    return f"{indent}{'pass  ' if indent else ''}# {magic}"


def _problem(code: str) -> tuple[int, str] | None:
    """Return why Python cannot read a text: the line, counted from 0, and the message."""
    try:
        ast.parse(code)
    except SyntaxError as error:
        return (error.lineno or 1) - 1, error.msg
    except (ValueError, RecursionError, MemoryError) as error:
        return 0, str(error)
    return None
