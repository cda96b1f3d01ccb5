"""Read a page: Markdown text to chunks with line numbers, by the rules of pytest-codeblocks.

Each fence of Python runs; a chain of fences shares a namespace; an inline value is read in the
namespace at its place. Where the tests would skip or misread code that the page shows, reading
stops with a `PageError`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

from literate.chunk import Block, Chain, Comment, Expected, Page, PageError, Span, Value
from literate.fence import Directive, Fence, Mark, Prose, scan
from literate.options import read_options
from literate.prose import Outline, read_prose

__all__ = ["decode", "read"]

SKIP = re.compile(r"pytest\.mark\.skip(\(.*\))?")
CONDITIONAL = re.compile(r"pytest\.mark\.(skipif|xfail)\b")
MAIN_GUARD = re.compile(r"\s*if\s+__name__\s*==")
SKIP_FILE = "<!--pytest-codeblocks:skipfile-->"
EXPECTED = ("expected-output", "expected-output-ignore-whitespace")


def read(text: str, path: str = "page.md") -> Page:
    r"""Read a page.

    Parameters
    ----------
    text
        The Markdown text, with its front matter if it has any.
    path
        The page's name in messages.

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
    outline, reader = Outline(), _Reader(runs=text.partition("\n")[0].strip() != SKIP_FILE)
    for item in scan(text):
        if isinstance(item, Prose):
            if text[item.start : item.end].strip():
                reader.refuse_pending("prose")
            reader.chunks += read_prose(text, item, outline)
            continue
        if isinstance(item, Fence) and outline.is_code(f"{item.indent}|") and item.info == "python":
            raise PageError(
                item.line, "pytest-codeblocks would run this fence, which stands in indented code"
            )
        reader.take(item)
    reader.refuse_pending("the end of the page")
    page = Page(path, text, tuple(reader.chunks), _chains(reader.chunks, reader.chains))
    if page.chains and not path.endswith(".md"):
        raise PageError(1, "pytest-codeblocks tests the blocks of files that end in .md alone")
    return page


def decode(content: bytes) -> str:
    r"""Give the text of a page's file, its lines ended by a line feed.

    A byte-order mark stays, because pytest-codeblocks sees it.

    Raises
    ------
    PageError
        The file is not UTF-8.

    Examples
    --------
    >>> decode(b"a\r\nb")
    'a\nb'
    """
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        wrong = content[error.start]
        raise PageError(line, f"the page is not UTF-8: it has the byte 0x{wrong:02x}") from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _chains(chunks: Sequence[Span], chain_of: dict[int, Chain]) -> tuple[Chain, ...]:
    """Give each chain its steps: its blocks, and the values that stand behind one of them."""
    chain = None
    for chunk in chunks:
        if isinstance(chunk, Block) and chunk.runs:
            chain = chain_of[chunk.start]
            chain.steps.append(chunk)
        elif isinstance(chunk, Value):
            if chain is None:
                raise PageError(chunk.line, "no block runs before this inline value")
            chain.steps.append(chunk)
    return tuple({id(chain): chain for chain in chain_of.values() if chain.steps}.values())


def _means_less_without_blank_lines(code: str) -> bool:
    """Tell whether a text in the code runs over blank lines."""
    without = "".join(line for line in code.splitlines(keepends=True) if line.strip())
    try:
        return ast.dump(ast.parse(code)) != ast.dump(ast.parse(without))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False


class _Reader:
    """What pytest-codeblocks remembers from fence to fence, made strict."""

    def __init__(self, *, runs: bool) -> None:
        self.runs = runs
        self.chunks: list[Span] = []
        self.chains: dict[int, Chain] = {}
        self.pending: list[Directive | Mark] = []
        self.last: Fence | None = None
        self.chain: Chain | None = None
        self.skipped = False

    def take(self, item: Fence | Directive | Mark) -> None:
        """Take a fence with the comments before it."""
        if not isinstance(item, Fence):
            if self.runs or item.line > 1:
                self.pending.append(item)
            self.chunks.append(Comment(item.start, item.end, item.line))
            return
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
            self._expect(item, words[0])
        elif words:
            self._continue(item)
        else:
            self._begin(item, marks)

    def refuse_pending(self, what: str) -> None:
        """Refuse a comment that no fence follows."""
        if self.pending:
            name = self.pending[-1]
            raise PageError(
                name.line, f"this comment must stand right before a fence, not before {what}"
            )

    def _refuse_unknown(self, words: Sequence[str]) -> None:
        for word in words:
            if word not in (*EXPECTED, "cont"):
                raise PageError(
                    self.pending[0].line,
                    f"the build has no `pytest-codeblocks:{word}`; there are cont, "
                    f"{', '.join(EXPECTED)}, skipfile, and <!--pytest.mark.skip-->",
                )

    def _begin(self, fence: Fence, marks: Sequence[str]) -> None:
        """Begin a chain; a fence of another language ends the one before."""
        self.last = fence
        self.chain = None
        for mark in marks:
            if CONDITIONAL.match(mark):
                raise PageError(fence.line, f"the build cannot follow the mark `{mark}`")
        if fence.info == "python":
            self.chain = Chain()
            self.skipped = not self.runs or any(SKIP.fullmatch(mark) for mark in marks)
            self._add_block(fence, self.chain)

    def _continue(self, fence: Fence) -> None:
        """Go on in the chain of the fence before."""
        if self.chain is None:
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
        self._add_block(fence, self.chain)

    def _add_block(self, fence: Fence, chain: Chain) -> None:
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
        for text in (*options.captions, *options.alts):
            list(read_prose(text, Span(0, len(text), fence.line + 1)))
        shown = "".join(fence.lines[count:])
        block = Block(
            fence.start, fence.end, fence.line, fence.indent, fence.ticks, code, shown, options,
            runs=not self.skipped,
        )  # fmt: skip
        self.chunks.append(block)
        self.chains[block.start] = chain

    def _expect(self, fence: Fence, word: str) -> None:
        """Record what the chain prints."""
        if self.chain is None:
            raise PageError(fence.line, f"`{word}` needs a Python block right before it")
        if self.chain.expected:
            raise PageError(
                fence.line,
                f"the chain has an expected output on line {self.chain.expected.line} already: "
                "one chain is one test and prints one text",
            )
        expected = Expected(
            fence.start, fence.end, fence.line, "".join(fence.lines), word != EXPECTED[0],
            runs=not self.skipped,
        )  # fmt: skip
        self.chain.expected = expected
        self.chunks.append(expected)
