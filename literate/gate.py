"""Let nothing into a page that would run there, when the page's own blocks have run.

What a page says is read from its file. Whatever comes into it later, by a snippet, an extension or
another plugin, is read once more by the same rules, right before it is converted: a block that is
marked as skipped is woven, and one that would run is refused, because it did not.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from literate.fault import PageError
from literate.page import Page
from literate.read import read
from literate.weave import Marks, weave

__all__ = ["admit"]


def admit(text: str, given: str, source: str, marks: Marks) -> str:
    r"""Return the text of a page as it may be converted.

    Parameters
    ----------
    text
        The woven page, with all that others have put into it.
    given
        The woven page.
    source
        The text of the page's file.
    marks
        What was woven into the page.

    Raises
    ------
    PageError
        Something was put into the page that the build would have had to run, or that the tests
        would misread; its line is that of the page's file where it was put, if that can be told.

    Examples
    --------
    >>> source = "Text.\n\n--8<-- 'a.md'"
    >>> admit("Text.\n\nIt is {{ x }}.", source, source, Marks())  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    literate.fault.PageError: line 3: put into the page here: no block ...
    """
    try:
        # After a blank line, because what begins a page may be front matter.
        woven = weave(_at_rest(read(f"\n{text}", is_tested=False)), [], marks=marks)
    except PageError as error:
        index = _origin(given.split("\n"), text.split("\n"), error.line - 2)
        line = _origin(source.split("\n"), given.split("\n"), index) + 1
        raise PageError(line, f"put into the page here: {error.message}") from error
    return woven.marked[1:]


def _at_rest(page: Page) -> Page:
    """Return a page in which nothing runs, or refuse its first block."""
    for chain in page.chains:
        raise PageError(chain.steps[0].line, "this block would be published without having run")
    return page


def _origin(before: Sequence[str], after: Sequence[str], index: int) -> int:
    """Return the index among lines before an edit of what has become a line after it."""
    same = next((n for n, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), None)
    if same is None or index < same:
        return min(index, len(before) - 1)
    # Lines that come often are no anchors: comparing each with each takes the square of a page.
    matcher = SequenceMatcher(None, before[same:], after[same:])
    above = [block for block in matcher.get_matching_blocks() if block.b <= index - same]
    last = above[-1] if above and above[-1].size else None
    origin = same + (last.a + min(index - same - last.b, last.size) if last else 0)
    return min(origin, len(before) - 1)
