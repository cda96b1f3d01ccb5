"""Claims, and the verdicts that follow from comparing them with what is computed.

A claim holds what was stated, what the code computes, the steps by which the result was reached and
the rules that are broken. Its verdict follows from these alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from html import escape
from numbers import Real

import numpy as np

from mathlib.arrays import real_array
from mathlib.marking.transcription import Line, typeset

__all__ = ["Claim", "Table", "Verdict", "agrees", "tally"]

CLOSE = 1e-9
TABLE = """<table>
<thead class="claims">
<tr><th>As transcribed</th><th>The code gives</th><th>Verdict</th></tr>
</thead>
<tbody class="claims">
{rows}
</tbody>
</table>"""
ROW = """<tr><td>{dot} {number} <strong>{where}</strong><br>{words}</td><td>{gives}</td>\
<td><strong>{verdict}</strong>{why}</td></tr>"""
FURTHER = "<p>"
DOT = """<svg viewBox="0 0 2 2" width="10" aria-hidden="true">\
<circle cx="1" cy="1" r="1" fill="{colour}"/></svg>"""


class Verdict(StrEnum):
    """What can be said of a claim, from the best to the worst."""

    RIGHT = "right"
    WRONG_LINE = "right result through a wrong line"
    WRONG = "wrong"
    BREAKS_RULES = "breaks the rules of the problem"

    @property
    def colour(self) -> str:
        """The colour that marks it, which reads on light and on dark."""
        return COLOURS[self]


COLOURS = {
    Verdict.RIGHT: "#2a9d5c",
    Verdict.WRONG_LINE: "#2f7ed8",
    Verdict.WRONG: "#d9650b",
    Verdict.BREAKS_RULES: "#c9498f",
}


@dataclass(frozen=True, slots=True, eq=False)
class Claim:
    """Something stated, and everything it is compared with.

    Parameters
    ----------
    where : str
        Where it stands.
    stated, computed : object
        The result as stated and as the code has it, compared by `agrees`.
    steps : iterable of pairs
        What was used or written on the way, each with what it should be, compared by `agrees`.
    broken : iterable of str
        The rules of the problem that it breaks.
    words : str
        The claim as it is shown; the stated result if empty.
    gives : str
        What the code computes, as it is shown; made from the comparisons if empty.
    why : str
        A sentence on where the claim went wrong and what is correct; a right one may have a note.

    Raises
    ------
    ValueError
        If the verdict is not "right" and there is no sentence.

    Examples
    --------
    >>> lost_sign = Line("0.3 + 0.5*0.4")
    >>> claim = Claim("sum", Line("0.1"), 0.1, [(lost_sign, 0.1)], why="A sign is lost.")
    >>> print(claim.verdict)
    right result through a wrong line
    """

    where: str
    stated: object
    computed: object
    steps: Iterable[tuple[object, object]] = ()
    broken: Iterable[str] = ()
    words: str = ""
    gives: str = ""
    why: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "steps", tuple(self.steps))
        object.__setattr__(self, "broken", tuple(self.broken))
        if self.verdict is not Verdict.RIGHT and not self.why:
            raise ValueError(f"why must be a sentence, as {self.where!r} is {self.verdict}, got ''")

    @property
    def verdict(self) -> Verdict:
        """The verdict: rules come before results, and results before the steps to them."""
        if self.broken:
            return Verdict.BREAKS_RULES
        if not agrees(self.stated, self.computed):
            return Verdict.WRONG
        return Verdict.WRONG_LINE if self.faults else Verdict.RIGHT

    @property
    def faults(self) -> tuple[tuple[object, object], ...]:
        """The steps that are not as they should be."""
        return tuple(step for step in self.steps if not agrees(*step))


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Claims as a table in HTML, one in a row, with what they were compared with.

    The rows are numbered from 1, or from where the table `after` which this one comes ends.

    Examples
    --------
    >>> table = Table([Claim("sum", Line("3"), 1 + 2)])
    >>> "1 <strong>sum</strong><br>3</td><td>3</td>" in table._repr_html_()
    True
    """

    claims: Sequence[Claim]
    after: "Table | None" = None

    @property
    def last(self) -> int:
        """The number of the last row."""
        return len(self.claims) + (self.after.last if self.after else 0)

    def _repr_html_(self) -> str:
        first = self.last - len(self.claims) + 1
        rows = "\n".join(_row(number, claim) for number, claim in enumerate(self.claims, first))
        return TABLE.format(rows=rows)


def agrees(stated: object, computed: object) -> bool:
    """Return whether what was stated is what the code computes.

    A `Line` decides by itself, to the precision it is printed with. Numbers and arrays must have
    the same shape and be equal to within 1e-9, relatively above 1. Everything else must be equal,
    and only a number agrees with a number.

    Raises
    ------
    ValueError
        If a computed number is NaN or infinite.

    Examples
    --------
    >>> agrees(Line("0.33"), 1 / 3), agrees("w2", "W1"), agrees(Line("4"), "no such layer")
    (True, False, False)
    """
    if isinstance(stated, Line):
        return _is_numeric(computed) and stated.agrees(computed)  # type: ignore[arg-type]
    if _is_numeric(stated) and _is_numeric(computed):
        written = np.asarray(stated)
        required = real_array(np.asarray(computed, dtype=np.float64), "the computed value")
        return written.shape == required.shape and bool(
            (np.abs(written - required) <= CLOSE * np.maximum(1, np.abs(required))).all()
        )
    return not (_is_numeric(stated) or _is_numeric(computed)) and stated == computed


def tally(claims: Iterable[Claim]) -> dict[Verdict, int]:
    """Count the verdicts, each of the four, in their order.

    Examples
    --------
    >>> list(tally([Claim("sum", Line("3"), 3)]).values())
    [1, 0, 0, 0]
    """
    counts = dict.fromkeys(Verdict, 0)
    for claim in claims:
        counts[claim.verdict] += 1
    return counts


def _is_numeric(value: object) -> bool:
    """Return whether a value is a number or an array of numbers."""
    if isinstance(value, np.ndarray):
        return np.isdtype(value.dtype, ("bool", "integral", "real floating"))
    return isinstance(value, Real | np.bool_)


def _row(number: int, claim: Claim) -> str:
    """Return one row of the table."""
    why = f"<br>{escape(claim.why)}" if claim.why else ""
    return ROW.format(
        number=number,
        where=escape(claim.where),
        words=escape(claim.words or _text(claim.stated)),
        gives=escape(claim.gives) or FURTHER.join(map(escape, _findings(claim))),
        dot=DOT.format(colour=claim.verdict.colour),
        verdict=escape(claim.verdict),
        why=why,
    )


def _findings(claim: Claim) -> list[str]:
    """Return what the comparisons of a claim brought out."""
    if claim.broken:
        return list(claim.broken)
    found = [_text(claim.computed)]
    if claim.words and _is_numeric(claim.stated) and claim.verdict is Verdict.WRONG:
        found.append(f"as written it is {_text(claim.stated)}")
    for written, required in claim.faults:
        if not isinstance(written, Line) or not written.is_calculation:
            found.append(f"{_text(written)} should be {_text(required)}")
        elif len(written.terms) > 1:
            found.append(f"the line as written gives {_text(written.value)}")
        else:
            found.append(f"{written} is {_text(written.value)}, not {_text(required)}")
    return found


def _text(value: object) -> str:
    """Return a value as text, numbers as a `Line` shows them."""
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, np.ndarray) and value.ndim:
        rows = [", ".join(map(_text, row)) for row in np.atleast_2d(value)]
        return f"[{'; '.join(rows)}]"
    if isinstance(value, Real | np.ndarray):
        return typeset(f"{float(value) + 0.0:.12g}")
    return str(value)
