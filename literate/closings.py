"""Where what begins in a text ends: one scan finds all ends, so that asking for one is cheap.

A pattern such as ``<!--.*?-->`` looks for its end from each beginning anew, and in a text of
beginnings alone takes time that grows with the square of its length.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator

__all__ = ["Closings", "find_enclosed", "name_run", "put"]

Span = tuple[int, int]


class Closings:
    """What may close something in a text, by a name.

    Parameters
    ----------
    pattern
        Matches what closes something.
    text, start, end
        Where it is searched for.
    name
        Returns what a match goes by; by default its last group, or all of it.

    Examples
    --------
    >>> closings = Closings(re.compile("</(.)>"), "<a><b></b></a></a>")
    >>> closings.after("a", 3), closings.after("b", 10)
    ((10, 14), None)
    """

    def __init__(
        self,
        pattern: re.Pattern[str],
        text: str,
        start: int = 0,
        end: int = sys.maxsize,
        name: Callable[[re.Match[str]], Hashable] = lambda found: found[found.lastindex or 0],
    ) -> None:
        self.spans: dict[Hashable, list[Span]] = defaultdict(list)
        for found in pattern.finditer(text, start, end):
            self.spans[name(found)].append(found.span())

    def after(self, name: Hashable, offset: int) -> Span | None:
        """Return the first span of a name that begins at an offset or after it."""
        spans = self.spans.get(name, [])
        index = bisect_left(spans, (offset, offset))
        return spans[index] if index < len(spans) else None

    def after_run(self, run: str, least: int, offset: int) -> int | None:
        """Return where ends what a run of one character opens.

        It is closed by a run as long as itself, else by one as long as a part of it.
        """
        lengths = range(len(run), least - 1, -1)
        found = (self.after((run[0], length), offset) for length in lengths)
        return next((span[1] for span in found if span), None)


def name_run(found: re.Match[str]) -> tuple[str, int]:
    """Name a run by its character and its length."""
    return found[1][0], len(found[1])


def find_enclosed(
    opening: re.Pattern[str], closing: re.Pattern[str], text: str
) -> Iterator[tuple[re.Match[str], Span | None]]:
    """Find what begins and ends in a text: each opening with the first closing of its name.

    An opening without a closing has None, and what follows it is searched too.

    Parameters
    ----------
    opening, closing
        What begins and what ends; the first group of the one and the last of the other name it.
    text
        Where they are searched for.

    Examples
    --------
    >>> opening, closing = re.compile("<([ab])>"), re.compile("</([ab])>")
    >>> [span for _, span in find_enclosed(opening, closing, "<b><a></a><a>")]
    [None, (6, 10), None]
    """
    closings, at = Closings(closing, text), 0
    while begin := opening.search(text, at):
        span = closings.after(begin[1], begin.end())
        yield begin, span
        at = span[1] if span else begin.end()


def put(text: str, pieces: Iterable[tuple[int, int, str]]) -> str:
    """Put something in the place of stretches of a text, which come in order.

    Examples
    --------
    >>> put("a-b-c", [(1, 2, "+"), (3, 4, "")])
    'a+bc'
    """
    parts, at = [], 0
    for start, end, piece in pieces:
        parts += [text[at:start], piece]
        at = end
    return "".join([*parts, text[at:]])
