"""Run one chain of blocks in this interpreter, as pytest-codeblocks would run it.

The chain is one piece of source to Python, as it is one test to pytest-codeblocks, but it is run
block by block, so that what each prints, returns and draws can be told apart. Its code keeps the
page's file name and line numbers.
"""

from __future__ import annotations
import __future__

import ast
import contextlib
import linecache
import re
import sys
import traceback
import warnings
from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from literate.fault import PageError
from literate.page import Block, Chain, Span, Text, Value
from literate.result import Failure, Ran, Result
from literate.run import display, streams
from literate.run.display import Stage, refuse_address
from literate.run.figure import PALETTE, STYLE, draw
from literate.run.value import set_value
from literate.text import CONTROLS, unescape

__all__ = ["run", "warm_up"]

OWN = {__file__, display.__file__, streams.__file__}
MESSAGE_LIMIT = 2000  # characters of an error's text that are shown


def warm_up() -> None:
    """Import what pages need and draw a figure, so that a fork of this process starts warm."""
    import matplotlib as mpl
    import numpy.random  # noqa: F401 - numpy itself loads it at its first use

    with contextlib.suppress(ImportError):
        import resource  # noqa: F401 - for the limit of memory, where the system has one

    mpl.use("agg")
    import IPython.display  # noqa: F401 - which blocks import
    from cycler import cycler
    from IPython.core import formatters
    from matplotlib import pyplot as plt

    mpl.rcdefaults()  # whatever a user's own file says
    mpl.rcParams.update(STYLE)  # type: ignore[arg-type]
    mpl.rcParams["axes.prop_cycle"] = cycler(color=PALETTE)
    warnings.filterwarnings("ignore", "FigureCanvasAgg is non-interactive", UserWarning)
    figure, axes = plt.subplots()
    axes.set_title("$x$")
    draw(figure)
    plt.close(figure)
    formatters.get_ipython = _Strict  # type: ignore[attr-defined,assignment]
    formatters.DisplayFormatter().format(0)  # type: ignore[no-untyped-call]


class _Strict:
    """What stands for IPython's shell: it raises what a value's own display raises."""

    def showtraceback(self, caught: tuple[Any, BaseException, Any]) -> None:
        """Raise what was caught."""
        raise caught[1]


def run(
    chain: Chain, path: str, emit: Callable[[Result], None], megabytes: int | None = None
) -> None:
    """Run a chain.

    Parameters
    ----------
    chain
        The blocks, and the values that follow on them.
    path
        The page's file, for tracebacks.
    emit
        Takes the result of each step as soon as it is there. A `Failure` is the last.
    megabytes
        How much memory the chain may allocate beyond what this process has; None for any amount.
    """
    result: Result
    try:
        bodies = _bodies(chain, path)
    except PageError as error:
        first = chain.steps[0]
        if not (isinstance(first, Block) and first.options.error):
            emit(Failure(error.line, error.message))
            return
        kind, _, text = error.message.partition(": ")
        tree = ast.increment_lineno(ast.parse(f"raise {kind}({text!r})"), first.line)
        bodies = {first.start: tree.body}
    session = _Session(path)
    lift = _limit_memory(megabytes)
    for step in chain.steps:
        try:
            result = session.run(step, bodies.get(step.start, []))
        except BaseException as error:  # noqa: BLE001 - a block may raise anything, and it ends here
            lift()
            result = _failure(error, step, path, megabytes)
        emit(result)
        if isinstance(result, Failure):
            return


def _limit_memory(megabytes: int | None) -> Callable[[], None]:
    """Limit what this process may still allocate, where the system can; return what lifts it."""
    try:
        import resource

        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    except (ImportError, OSError):
        return lambda: None
    if megabytes is None:
        return lambda: None
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    limit = pages * resource.getpagesize() + megabytes * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (limit, most))
    return lambda: resource.setrlimit(resource.RLIMIT_AS, (most, most))


class _Session:
    """A namespace and what is done in it."""

    def __init__(self, path: str) -> None:
        self.path = path
        # The names that pytest-codeblocks starts a test with.
        self.namespace: dict[str, Any] = {"__MODULE__": "__main__"}
        self.flags = 0
        self.streams = streams.Streams()
        self.stage = Stage(self.streams.stdout)

    def run(self, step: Block | Value, body: list[ast.stmt]) -> Ran:
        """Run a block, or read an inline value."""
        self.stage.clear()
        try:
            ran = self.run_block(step, body) if isinstance(step, Block) else self.read_value(step)
        finally:
            stdout, stderr = self.streams.cut()
        return replace(ran, stdout=stdout if isinstance(step, Block) else "", stderr=stderr)

    def run_block(self, block: Block, body: list[ast.stmt]) -> Ran:
        """Run a block, and show what it returns and draws."""
        self.stage.is_seen = block.options.output
        value, error = self.attempt(block, body)
        shown, parts = self.stage.end(value, body[-1].lineno if body else block.line)
        return Ran(
            value=shown,
            error=error,
            captions=self.fill_all(block.options.captions),
            alts=self.fill_all(block.options.alts),
            table_captions=self.fill_all(block.options.table_captions),
            **parts,
        )

    def attempt(self, block: Block, body: list[ast.stmt]) -> tuple[Any, str]:
        """Run a block; return its value, and the error that it must raise."""
        silent = _is_silenced(block, body)
        if not block.options.error:
            return self.execute(body, silent=silent), ""
        try:
            self.execute(body, silent=silent)
        except PageError:
            raise
        except Exception as error:  # noqa: BLE001 - as pytest-codeblocks catches it
            return None, _message(error)
        raise PageError(block.line, "the block must raise an error, and raises none")

    def read_value(self, value: Value) -> Ran:
        """Read an inline value; a figure that it opens is closed and not shown."""
        text = self.fill(value)
        if pyplot := sys.modules.get("matplotlib.pyplot"):
            pyplot.close("all")
        return Ran(value={"text/markdown": text})

    def execute(self, body: list[ast.stmt], *, silent: bool) -> Any:
        """Run statements and return the value of the last, if it is an expression."""
        for node in body:
            if isinstance(node, ast.ImportFrom) and node.module == "__future__":
                self.flags |= sum(getattr(__future__, a.name).compiler_flag for a in node.names)
        last = body[-1] if body and isinstance(body[-1], ast.Expr) and not silent else None
        self.evaluate(ast.Module(body[:-1] if last else body, type_ignores=[]), "exec")
        return self.evaluate(ast.Expression(last.value), "eval") if last else None

    def evaluate(self, tree: ast.Module | ast.Expression, mode: str) -> Any:
        """Compile a tree under the chain's future statements, and run it."""
        code = compile(tree, self.path, mode, self.flags, dont_inherit=True)
        return eval(code, self.namespace)  # noqa: S307 - running the page's code is what this is for

    def fill(self, value: Value) -> str:
        """Return the text of an inline value."""
        tree = ast.parse(value.expression, self.path, "eval")
        for node in ast.walk(tree):
            if isinstance(node, (ast.expr, ast.keyword, ast.arg)):
                node.lineno = node.end_lineno = value.line
        result = self.evaluate(tree, "eval")
        text = str.__str__(set_value(result, value.specification, math=value.math))
        if not isinstance(result, str):
            refuse_address(unescape(text), result, value.line)
        return text

    def fill_all(self, texts: Iterable[Text]) -> tuple[tuple[str, ...], ...]:
        """Return what the inline values of captions or alternative texts come to."""
        return tuple(
            tuple(self.fill(part) for part in text if isinstance(part, Value)) for text in texts
        )


def _bodies(chain: Chain, path: str) -> dict[int, list[ast.stmt]]:
    """Parse a chain as one source, at the page's lines; return the statements of each block."""
    blocks = [step for step in chain.steps if isinstance(step, Block)]
    source, line = [], 0
    for block in blocks:
        source += ["\n" * (block.line - line), block.code]
        line = block.line + block.code.count("\n")
    return _parsed("".join(source), blocks, path)


def _parsed(source: str, blocks: list[Block], path: str) -> dict[int, list[ast.stmt]]:
    """Parse a chain's source."""
    # Tracebacks and warnings quote the page's lines from here, not from what a file says by then.
    linecache.cache[path] = (len(source), None, source.splitlines(keepends=True), path)
    try:
        with warnings.catch_warnings(action="ignore"):
            compile(source, path, "exec", dont_inherit=True)
        statements = ast.parse(source, path).body
    except SyntaxError as error:
        raise PageError(
            error.lineno or blocks[0].line, f"{type(error).__name__}: {error.msg}"
        ) from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise PageError(blocks[0].line, f"{type(error).__name__}: {error}") from error
    bodies: dict[int, list[ast.stmt]] = {block.start: [] for block in blocks}
    lines = [block.line for block in blocks]
    for node in statements:
        block = blocks[bisect_left(lines, node.lineno) - 1]
        if (node.end_lineno or 0) > block.line + block.code.count("\n") + 1:
            raise PageError(node.lineno, "a statement goes on from this block into the next")
        bodies[block.start].append(node)
    return bodies


def _is_silenced(block: Block, body: list[ast.stmt]) -> bool:
    """Tell whether a semicolon after the last expression asks not to show it."""
    if not body:
        return False
    last = body[-1]
    line = block.code.split("\n")[(last.end_lineno or 0) - block.line - 1]
    return line.encode()[last.end_col_offset :].lstrip().startswith(b";")


def _failure(error: BaseException, step: Span, path: str, megabytes: int | None) -> Failure:
    """Say where on the page an error came from, and through which frames below."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename not in OWN]
    on_page = [index for index, frame in enumerate(frames) if frame.filename == path]
    if isinstance(error, PageError):
        return Failure(frames[on_page[-1]].lineno or 1 if on_page else error.line, error.message)
    message = _message(error)
    if isinstance(error, MemoryError) and megabytes:
        message += f" (a chain may allocate {megabytes:,} MB)"
    if not on_page:
        return Failure(step.line, message)
    last = on_page[-1]
    trace = "".join(
        f"  {_relative(frame.filename)}:{frame.lineno}: in {frame.name}: {frame.line}\n"
        for frame in frames[last + 1 :]
    )
    return Failure(frames[last].lineno or step.line, message, trace)


def _message(error: BaseException) -> str:
    """Say what an error says, as far as it can be shown."""
    try:
        message = "".join(traceback.format_exception_only(error)).strip()
    except Exception:  # noqa: BLE001 - an error of a class that is not whole
        message = ""
    # Some errors, as those of matplotlib's formulas, begin with an empty line.
    message = re.sub(r":\s*\n\s*", ": ", message, count=1)
    message = CONTROLS.sub(lambda found: repr(found[0])[1:-1], message)
    if len(message) > MESSAGE_LIMIT:
        message = f"{message[:MESSAGE_LIMIT]} ..."
    return message or type(error).__qualname__ or "an error without a name"


def _relative(file: str) -> str:
    """Name a file of the project from its folder, and any other whole."""
    path = Path(file)
    return path.relative_to(Path.cwd()).as_posix() if path.is_relative_to(Path.cwd()) else file
