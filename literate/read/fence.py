"""Find the fences, the comments to pytest-codeblocks and the prose between them, line by line.

Three readers see a page: pytest-codeblocks, Markdown, and this module. Wherever the first two
would disagree on what is code, this one stops with a `PageError` instead of choosing a side.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from literate.closings import Closings, name_run, put
from literate.fault import PageError
from literate.page import Span

__all__ = ["BYTE_ORDER_MARK", "Directive", "Fence", "Mark", "Prose", "decode", "scan"]

BYTE_ORDER_MARK = "\ufeff"
OPENINGS = "```", "~~~", "<!--"
LINE = re.compile(r"[^\n]*\n|[^\n]+")
DIRECTIVE = re.compile(r"<!--[-\s]*pytest-codeblocks:(.*)-->")
MARK = re.compile(r"<!--[-\s]*(pytest\.mark\..*)-->")
TO_PYTEST = re.compile(r"<!--[-\s]*pytest[.-]")
TILDES = re.compile(r"\s*(~{3,})(.*)")
QUOTED_FENCE = re.compile(r"\s*(?:(?:>|[-*+]|\d+[.)])\s*)+(`{3,}|~{3,})(.*)")
PYTHON_LIKE = re.compile(
    r"(?:[\s{.]*|\{.*\.)(?:lang(?:uage)?-)?i?py(?:thon)?[\d.]*(?![\w-])|\{code-cell", re.IGNORECASE
)
BACKTICKS = re.compile(r"(`+)")


@dataclass(frozen=True, slots=True)
class Fence(Span):
    """A fence of backticks: its indent, its backticks, its info string and its lines."""

    indent: str
    ticks: str
    info: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Directive(Span):
    """A comment such as ``<!--pytest-codeblocks:cont-->``."""

    keyword: str


@dataclass(frozen=True, slots=True)
class Mark(Span):
    """A comment such as ``<!--pytest.mark.skip-->``."""

    mark: str


@dataclass(frozen=True, slots=True)
class Prose(Span):
    """Lines that are neither code nor a comment."""


def scan(text: str) -> Iterator[Fence | Directive | Mark | Prose]:
    """Cut a page into fences, comments to pytest-codeblocks, and prose, in order.

    Front matter, other HTML comments, tilde fences and quoted fences are left out: nothing in
    them is read.

    Raises
    ------
    PageError
        A fence or a comment that pytest-codeblocks and Markdown would read differently.
    """
    lines = LINE.findall(text)
    if text.startswith(BYTE_ORDER_MARK) and lines[0][1:].lstrip().startswith(("```", "<!--")):
        raise PageError(1, "pytest-codeblocks does not see this line after its byte-order mark")
    offsets = [0, *accumulate(map(len, lines))]
    index = _end_of_front_matter(lines)
    prose = index
    while index < len(lines):
        end = _end_of_region(lines, index)
        if end is None:
            index += 1
            continue
        if prose < index:
            yield Prose(offsets[prose], offsets[index], prose + 1)
        span = offsets[index], offsets[end], index + 1
        yield from _region(lines[index:end], span)
        prose = index = end
    if prose < index:
        yield Prose(offsets[prose], offsets[index], prose + 1)


def decode(content: bytes) -> str:
    r"""Return the text of a page's file, its lines ended by a line feed.

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


def _end_of_front_matter(lines: Sequence[str]) -> int:
    """Return the index after the front matter, 0 where there is none."""
    if not lines or lines[0].lstrip(BYTE_ORDER_MARK).rstrip() != "---":
        return 0
    for end, line in enumerate(lines[1:], 2):
        if line.rstrip() in {"---", "..."}:
            for index, hidden in enumerate(lines[1:end], 1):
                _refuse_hidden_fence(hidden, index, "the front matter")
                if "{{" in hidden:
                    raise PageError(index + 1, "no inline value is read in the front matter")
            return end
    return 0


def _end_of_region(lines: Sequence[str], index: int) -> int | None:
    """Return the index after the fence or the comment that begins here, None for prose."""
    line = lines[index]
    if not any(opening in line for opening in OPENINGS):
        return None
    if line.lstrip().startswith("```"):
        return _end_of_fence(lines, index)
    if tildes := TILDES.match(line):
        return _end_of_unseen(lines, index, tildes[1], tildes[2], "a tilde fence")
    if quoted := QUOTED_FENCE.match(line):
        return _end_of_unseen(
            lines, index, quoted[1], quoted[2], "a fence after a list or quote mark"
        )
    bare = put(line, ((*span, "") for span in _code_spans(line)))
    if TO_PYTEST.search(bare) and not TO_PYTEST.match(line.lstrip()):
        raise PageError(index + 1, "a comment to pytest-codeblocks must begin its line")
    if TO_PYTEST.match(line.lstrip()):
        return index + 1
    if bare.rfind("<!--") > bare.rfind("-->"):
        return _end_of_comment(lines, index)
    return None


def _region(lines: Sequence[str], span: tuple[int, int, int]) -> Iterator[Fence | Directive | Mark]:
    """Return the fence or the comment that these lines hold; nothing for one that is not read."""
    first = lines[0].strip()
    if first.startswith("```"):
        indent, ticks, info = _opening(lines[0])
        yield Fence(*span, indent, ticks, info, _dedented(lines[1:-1], indent, span[2]))
    elif directive := DIRECTIVE.match(first):
        yield Directive(*span, directive[1].strip("- "))
    elif mark := MARK.match(first):
        yield Mark(*span, mark[1])
    elif TO_PYTEST.match(first):
        raise PageError(span[2], f"pytest-codeblocks does not understand the comment {first}")


def _opening(line: str) -> tuple[str, str, str]:
    """Cut the opening line of a fence into its indent, its backticks and its info string."""
    rest = line.lstrip()
    info = rest.lstrip("`")
    return line[: len(line) - len(rest)], rest[: len(rest) - len(info)], info.rstrip()


def _end_of_fence(lines: Sequence[str], index: int) -> int:
    """Return the index after a fence of backticks that both readers end on the same line."""
    indent, ticks, info = _opening(lines[index])
    if "`" in info:
        raise PageError(
            index + 1, "pytest-codeblocks takes a line that begins with ``` for a fence"
        )
    if info != "python" and PYTHON_LIKE.match(info):
        raise PageError(index + 1, f"a block runs only after ```python alone, not after ```{info}")
    for end in range(index + 1, len(lines)):
        line = lines[end]
        if not line.lstrip().startswith(ticks):
            continue
        if line.rstrip() != indent + ticks:
            raise PageError(
                end + 1,
                f"this line ends the fence of line {index + 1} for pytest-codeblocks but not for "
                f"Markdown, which wants {ticks} alone, indented as there",
            )
        return end + 1
    raise PageError(index + 1, "this fence is never closed")


def _end_of_unseen(lines: Sequence[str], index: int, ticks: str, info: str, what: str) -> int:
    """Return the index after a fence that pytest-codeblocks does not see as one."""
    if PYTHON_LIKE.match(info):
        raise PageError(
            index + 1, f"pytest-codeblocks does not run {what}; use ```python on its own line"
        )
    for end in range(index + 1, len(lines)):
        line = lines[end]
        _refuse_hidden_fence(line, end, what)
        if line.lstrip(" \t>").rstrip() == ticks:
            return end + 1
    raise PageError(index + 1, "this fence is never closed")


def _end_of_comment(lines: Sequence[str], index: int) -> int:
    """Return the index after the last line of an HTML comment."""
    for end in range(index + 1, len(lines)):
        _refuse_hidden_fence(lines[end], end, "an HTML comment")
        if "-->" in lines[end]:
            return end + 1
    raise PageError(index + 1, "this HTML comment is never closed")


def _code_spans(line: str) -> Iterator[tuple[int, int]]:
    """Yield where the code spans of a line stand."""
    closings, at = Closings(BACKTICKS, line, name=name_run), 0
    while run := BACKTICKS.search(line, at):
        at = run.end()
        if end := closings.after_run(run[0], 1, at):
            yield run.start(), end
            at = end


def _refuse_hidden_fence(line: str, index: int, what: str) -> None:
    """Refuse what pytest-codeblocks would act on though no reader of the page sees it as code."""
    if line.lstrip().startswith("```") or TO_PYTEST.match(line.lstrip()):
        raise PageError(
            index + 1, f"pytest-codeblocks would read this line, though it stands in {what}"
        )


def _dedented(lines: Sequence[str], indent: str, number: int) -> tuple[str, ...]:
    """Take the fence's indent from its lines, which Markdown requires them to have."""
    for index, line in enumerate(lines, number + 1):
        if line.strip() and not line.startswith(indent):
            raise PageError(index, f"this line is indented less than its fence on line {number}")
    return tuple(
        line.removeprefix(indent) if line.strip() else line.lstrip(" \t") for line in lines
    )
