"""Read a page: Markdown text to chunks with line numbers, by the rules of pytest-codeblocks.

Each fence of Python runs; a chain of fences shares a namespace; an inline value is read in the
namespace at its place. Where the tests would skip or misread code that the page shows, reading
stops with a `PageError`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

from literate.fault import PageError
from literate.page import Block, Chain, Comment, Expected, Page, Span, Value
from literate.read.fence import Directive, Fence, Mark, Prose, scan
from literate.read.options import read_options
from literate.read.prose import Outline, read_prose

__all__ = ["read"]

SKIP = re.compile(r"pytest\.mark\.skip(\(.*\))?")
CONDITIONAL = re.compile(r"pytest\.mark\.(skipif|xfail)\b")
RAISES = "pytest.mark.xfail(strict=True)"
MAIN_GUARD = re.compile(r"\s*if\s+__name__\s*==")
SKIP_FILE = "<!--pytest-codeblocks:skipfile-->"
SHELLS = ("sh", "bash")
"""The other languages that pytest-codeblocks runs."""

EXPECTED = ("expected-output", "expected-output-ignore-whitespace")


def read(text: str, path: str = "page.md", *, is_tested: bool = True) -> Page:
    r"""Read a page.

    Parameters
    ----------
    text
        The Markdown text, with its front matter if it has any.
    path
        The page's name in messages.
    is_tested
        Whether the tests read this text: they run shells, which is refused.

    Returns
    -------
    Page
        The page's chunks and its chains.

    Raises
    ------
    PageError
        The page holds a fence, a comment, a cell option or an inline value that cannot be
        published as it would be tested; the message names the line.

    Examples
    --------
    >>> page = read("Twice:\n\n```python\nx = 2\n```\n\n{{ 2 * x }}\n")
    >>> [type(chunk).__name__ for chunk in page.chunks]
    ['Block', 'Value']
    >>> [len(chain.steps) for chain in page.chains]
    [2]
    """
    runs = text.partition("\n")[0].strip() != SKIP_FILE
    outline, reader = Outline(), _Reader(runs=runs, is_tested=is_tested)
    for item in scan(text):
        if isinstance(item, Prose):
            if text[item.start : item.end].strip():
                reader.refuse_pending("prose")
            reader.chunks += read_prose(text, item, outline)
        elif isinstance(item, Fence):
            outline.add(f"{item.indent}|")
            if outline.in_code and item.info in ("python", *(SHELLS if is_tested else ())):
                raise PageError(
                    item.line,
                    "pytest-codeblocks would run this fence, which stands in indented code",
                )
            reader.take(item)
        else:
            reader.remember(item)
    reader.refuse_pending("the end of the page")
    page = Page(path, text, tuple(reader.chunks), reader.chains())
    if page.chains and not path.endswith(".md"):
        raise PageError(1, "pytest-codeblocks tests the blocks of files that end in .md alone")
    return page


def _means_less_without_blank_lines(code: str) -> bool:
    """Tell whether a text in the code runs over blank lines."""
    without = "".join(line for line in code.splitlines(keepends=True) if line.strip())
    try:
        return ast.dump(ast.parse(code)) != ast.dump(ast.parse(without))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False


class _Reader:
    """What pytest-codeblocks remembers from fence to fence, made strict.

    Attributes
    ----------
    chunks
        What was read so far.
    chain_of
        The number of the chain of each block, by the block's start.
    expected
        What a chain prints, by the chain's number.
    pending
        The comments that wait for their fence.
    last
        The fence before.
    current
        The number of the chain that a fence may continue.
    """

    def __init__(self, *, runs: bool, is_tested: bool) -> None:
        self.runs = runs
        self.is_tested = is_tested
        self.chunks: list[Span] = []
        self.chain_of: dict[int, int] = {}
        self.expected: dict[int, Expected] = {}
        self.pending: list[Directive | Mark] = []
        self.last: Fence | None = None
        self.current: int | None = None
        self.skipped = self.raises = False

    def chains(self) -> tuple[Chain, ...]:
        """Return the chains that run: their blocks, and the values that follow on one of them."""
        steps: dict[int, list[Block | Value]] = {}
        number = None
        for chunk in self.chunks:
            if isinstance(chunk, Block) and chunk.runs:
                number = self.chain_of[chunk.start]
                steps.setdefault(number, []).append(chunk)
            elif isinstance(chunk, Value):
                if number is None:
                    raise PageError(
                        chunk.line,
                        "no block runs before this inline value; write \\{{ for braces that are "
                        "text",
                    )
                steps[number].append(chunk)
        return tuple(Chain(tuple(its), self.expected.get(n)) for n, its in steps.items())

    def remember(self, comment: Directive | Mark) -> None:
        """Remember a comment for the fence that follows it."""
        if self.runs or comment.line > 1:
            self.pending.append(comment)
        self.chunks.append(Comment(comment.start, comment.end, comment.line))

    def take(self, fence: Fence) -> None:
        """Take a fence with the comments before it."""
        words = [item.keyword for item in self.pending if isinstance(item, Directive)]
        marks = [item.mark for item in self.pending if isinstance(item, Mark)]
        self._refuse_unknown(words)
        if len(self.pending) > 1 and words:
            other = next((i for i in self.pending if isinstance(i, Mark)), self.pending[-1])
            raise PageError(
                other.line,
                f"a `{words[0]}` block takes no other comment: its mark would go to the next chain",
            )
        self.pending.clear()
        if words and words[0] in EXPECTED:
            self._expect(fence, words[0])
        elif words:
            self._continue(fence)
        else:
            self._begin(fence, marks)

    def refuse_pending(self, what: str) -> None:
        """Refuse a comment that no fence follows."""
        if self.pending:
            name = self.pending[-1]
            raise PageError(
                name.line, f"this comment must stand right before a fence, not before {what}"
            )

    def _refuse_unknown(self, words: Sequence[str]) -> None:
        """Refuse a keyword that the build does not know."""
        for word in words:
            if word not in (*EXPECTED, "cont"):
                raise PageError(
                    self.pending[0].line,
                    f"the build has no `pytest-codeblocks:{word}`; there are cont, "
                    f"{', '.join(EXPECTED)}, skipfile, and <!--pytest.mark.skip-->",
                )

    def _begin(self, fence: Fence, marks: Sequence[str]) -> None:
        """Begin a chain; a fence of another language ends the one before."""
        self.last, self.current = fence, None
        for mark in marks:
            if CONDITIONAL.match(mark) and mark.strip() != RAISES:
                raise PageError(fence.line, f"the build cannot follow the mark `{mark}`")
        self.skipped = not self.runs or any(SKIP.fullmatch(mark) for mark in marks)
        self.raises = RAISES in map(str.strip, marks)
        if fence.info == "python":
            self.current = fence.start
            self._add_block(fence, self.current)
        elif fence.info in SHELLS and self.is_tested and not self.skipped:
            raise PageError(
                fence.line,
                f"pytest-codeblocks would run this fence, and the build does not: write ```console "
                f"or ```{{.{fence.info}}}, or mark it <!--pytest.mark.skip-->",
            )

    def _continue(self, fence: Fence) -> None:
        """Go on in the chain of the fence before."""
        if self.current is None:
            before = (
                f"the fence of line {self.last.line} is not Python (tildes would not be in the way)"
                if self.last
                else "none does"
            )
            raise PageError(
                fence.line,
                f"`cont` needs a Python block right before it, and {before}: "
                "pytest-codeblocks would add this code to it and never run it",
            )
        if fence.info != "python":
            raise PageError(fence.line, "`cont` stands before a fence that is not Python")
        self._add_block(fence, self.current)

    def _add_block(self, fence: Fence, chain: int) -> None:
        """Add a block to a chain."""
        code = "".join(fence.lines)
        if fence.indent and _means_less_without_blank_lines(code):
            raise PageError(
                fence.line,
                "pytest-codeblocks leaves the blank lines out of an indented block, and a text in "
                "this one has some",
            )
        for number, line in enumerate(fence.lines, fence.line + 1):
            if MAIN_GUARD.match(line):
                raise PageError(
                    number, "pytest-codeblocks never runs what stands under this condition"
                )
        options, count = read_options([line.rstrip("\r\n") for line in fence.lines], fence.line + 1)
        self._match_error(fence, raises=options.error, goes_on=chain != fence.start)
        shown = "".join(fence.lines[count:])
        block = Block(
            fence.start, fence.end, fence.line, fence.indent, fence.ticks, code, shown, options,
            runs=not self.skipped,
        )  # fmt: skip
        self.chunks.append(block)
        self.chain_of[block.start] = chain

    def _match_error(self, fence: Fence, *, raises: bool, goes_on: bool) -> None:
        """Refuse a block that must raise where the build and the test would not agree on it."""
        if goes_on and (raises or self.raises):
            raise PageError(
                fence.line,
                "a block with `error: true` is a chain by itself: the test would expect any block "
                "of its chain to raise, and run none after it",
            )
        if raises != self.raises and not self.skipped:
            raise PageError(
                fence.line,
                f"`#| error: true` and <!--{RAISES}--> before the block go together: the build and "
                "the test must expect the same",
            )

    def _expect(self, fence: Fence, word: str) -> None:
        """Record what the chain prints."""
        if self.current is None:
            raise PageError(fence.line, f"`{word}` needs a Python block right before it")
        if self.raises:
            raise PageError(fence.line, "the test never compares what a block prints that raises")
        if first := self.expected.get(self.current):
            raise PageError(
                fence.line,
                f"the chain has an expected output on line {first.line} already: "
                "one chain is one test and prints one text",
            )
        expected = Expected(
            fence.start, fence.end, fence.line, "".join(fence.lines), word != EXPECTED[0],
            runs=not self.skipped,
        )  # fmt: skip
        self.expected[self.current] = expected
        self.chunks.append(expected)
