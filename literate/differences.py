"""How what a page publishes differs from what was recorded of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from difflib import SequenceMatcher

from literate.published import Published

__all__ = ["Difference", "find_differences", "settle"]

NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+| \\times 10\^\{[+-]?\d+\})?")


@dataclass(frozen=True, slots=True)
class Difference:
    """A line that is not as recorded.

    Attributes
    ----------
    line
        The page's line.
    what
        What changed, is new or is gone.
    was, now
        The line as recorded and as published; None where there is none.
    """

    line: int
    what: str
    was: str | None
    now: str | None

    def __str__(self) -> str:
        """Return what is different, and below it the line as it was and as it is."""
        lines = [self.what]
        lines += [] if self.was is None else [f"    was  {self.was}".rstrip()]
        lines += [] if self.now is None else [f"    is   {self.now}".rstrip()]
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a text; where it stands does not matter when two are compared."""

    name: str
    text: str
    number: int = field(compare=False)
    of: Published = field(compare=False)


def settle(old: Sequence[Published], new: Sequence[Published]) -> list[Published]:
    """Return new texts with the tolerances that a record states.

    A line all of whose numbers are that near to the recorded ones is as recorded.

    Parameters
    ----------
    old
        The texts of the record.
    new
        The texts that are published.

    Examples
    --------
    >>> old = [Published("{{ x }}", ("0.125",), tolerance="0.01")]
    >>> [text.lines for text in settle(old, [Published("{{ x }}", ("0.13",))])]
    [('0.125',)]
    """
    settled = list(new)
    for tag, i, j, k, _ in _compare([text.name for text in old], [text.name for text in new]):
        for index, was in enumerate(old[i:j] if tag == "equal" else (), k):
            if was.tolerance:
                now, most = new[index], Decimal(was.tolerance)
                known = dict(enumerate(was.lines))
                lines = (_nearest(known.get(n), line, most) for n, line in enumerate(now.lines))
                settled[index] = replace(now, lines=tuple(lines), tolerance=was.tolerance)
    return settled


def find_differences(old: Sequence[Published], new: Sequence[Published]) -> list[Difference]:
    """Return what differs between texts, line by line.

    Parameters
    ----------
    old
        The texts of the record.
    new
        The texts that are published, settled.

    Examples
    --------
    >>> old, new = Published("{{ n }}", ("3",)), Published("{{ n }}", ("4",), line=12)
    >>> print(*find_differences([old], [new]))
    {{ n }} changed
        was  3
        is   4
    """
    if old == new:
        return []
    changes = _changes(list(_lines(old)), list(_lines(new)))
    found = [_difference(was, now, line) for was, now, line in changes]
    return found or [Difference(1, "the same lines come from other blocks", None, None)]


def _difference(was: _Line | None, now: _Line | None, page_line: int) -> Difference:
    """Say how a line differs."""
    line = now or was
    assert line
    part = f", line {line.number}" if line.number > 1 or "{{" not in line.name else ""
    what = "changed" if was and now else "is new" if now else "is gone"
    old, new = (text.text if text else None for text in (was, now))
    return Difference(page_line, f"{line.of.heading}{part} {what}", old, new)


def _lines(texts: Iterable[Published]) -> Iterator[_Line]:
    """Yield the lines of texts."""
    for text in texts:
        yield from (_Line(text.name, line, n, text) for n, line in enumerate(text.lines, 1))


def _changes(
    old: Sequence[_Line], new: Sequence[_Line]
) -> Iterator[tuple[_Line | None, _Line | None, int]]:
    """Pair the lines that changed, and return the page's line; None for one that is not there.

    What stands between equal lines is paired by what it comes from.
    """
    for tag, start, end, new_start, new_end in _compare(old, new):
        if tag == "equal":
            continue
        was, now = old[start:end], new[new_start:new_end]
        for same, i, j, k, m in _compare([o.name for o in was], [n.name for n in now]):
            if same == "equal":
                pairs = zip(was[i:j], now[k:m], strict=True)
                yield from ((o, n, n.of.line) for o, n in pairs)
            else:
                yield from ((o, None, _place(o, new, new_start + k)) for o in was[i:j])
                yield from ((None, n, n.of.line) for n in now[k:m])


def _compare(
    old: Sequence[object], new: Sequence[object]
) -> Iterable[tuple[str, int, int, int, int]]:
    """Return how one sequence becomes another."""
    return SequenceMatcher(None, old, new, autojunk=False).get_opcodes()


def _place(gone: _Line, new: Sequence[_Line], at: int) -> int:
    """Return the page's line where a line is missing: that of its text, else of what follows."""
    before, after = new[max(at - 1, 0) : at], new[at : at + 1]
    if before and (before[0].name == gone.name or not after):
        return before[0].of.line
    return after[0].of.line if after else 1


def _nearest(was: str | None, now: str, most: Decimal) -> str:
    """Return a line as recorded if it differs in its numbers alone, and in those by little."""
    if was is None or NUMBER.sub("#", was) != NUMBER.sub("#", now):
        return now
    pairs = zip(_numbers(was), _numbers(now), strict=True)
    return was if all(abs(a - b) <= most for a, b in pairs) else now


def _numbers(text: str) -> list[Decimal]:
    """Return the numbers in a text."""
    plain = (number.replace(" \\times 10^{", "e").rstrip("}") for number in NUMBER.findall(text))
    return [Decimal(number) for number in plain]
