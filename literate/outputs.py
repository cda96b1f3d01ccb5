"""Write into a page what its chains print, in the place of what was recorded."""

from __future__ import annotations

import re
from collections.abc import Sequence

from literate.fault import PageError, is_recorded, printed_by
from literate.page import Page
from literate.result import Result

__all__ = ["record_outputs"]

LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
OPENING = re.compile(r"(\s*)(`+)(.*)", re.DOTALL)
TICKS = re.compile(r"^\s*(`+)", re.MULTILINE)
UNRECORDABLE = re.compile(r"\r|^[^\S\n]+$|[\ud800-\udfff]|[^\n]\Z", re.MULTILINE)


def record_outputs(content: bytes, page: Page, results: Sequence[Sequence[Result]]) -> bytes:
    r"""Return a page whose recorded outputs are what its chains print; all else stays.

    Parameters
    ----------
    content
        The page's file.
    page
        The page that was read from it.
    results
        For each of its chains the results of its steps, none of which failed.

    Raises
    ------
    PageError
        An output cannot stand in a fence as it is.

    Examples
    --------
    >>> from literate.read import read
    >>> from literate.result import Ran
    >>> page = "```python\nprint(2)\n```\n<!--pytest-codeblocks:expected-output-->\n```\n1\n```\n"
    >>> record_outputs(page.encode(), read(page), [[Ran(stdout="2\n")]]).decode()[-10:]
    '```\n2\n```\n'
    """
    lines = LINE.findall(content.decode())
    for chain, outcomes in reversed(list(zip(page.chains, results, strict=True))):
        expected, printed = chain.expected, printed_by(outcomes)
        if expected is None or is_recorded(expected, printed):
            continue
        if not expected.ignore_whitespace and UNRECORDABLE.search(printed):
            raise PageError(
                expected.line,
                "what the chain prints cannot be recorded to the letter: print whole lines, none "
                "of them of white space alone, and no carriage return",
            )
        first = expected.line - 1
        last = first + page.text.count("\n", expected.start, expected.end - 1)
        lines[first : last + 1] = _fence(lines[first], printed, lines[last])
    return "".join(lines).encode(errors="replace")


def _fence(opening: str, text: str, closing: str) -> list[str]:
    """Return the lines of a fence that holds another text, with more backticks if it has some."""
    found = OPENING.fullmatch(opening)
    assert found
    indent, ticks, info = found.groups()
    longest = max(map(len, TICKS.findall(text)), default=0)
    more = "`" * max(len(ticks), longest + 1)
    end = opening[len(opening.rstrip("\r\n")) :]
    # A blank line is indented too: pytest-codeblocks takes as much from it as from the others.
    lines = [f"{indent}{line}{end}" for line in text.removesuffix("\n").split("\n")]
    return [f"{indent}{more}{info}", *(lines if text else ()), closing.replace(ticks, more)]
