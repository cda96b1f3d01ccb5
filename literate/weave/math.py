"""Set the formulas of a page as MathML when the site is built.

``pymdownx.arithmatex`` in its generic form marks the formulas in a page's HTML; ``math-core`` sets
them all at once, so that a formula may refer to an equation further down.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Mapping, Sequence

from math_core import LatexError, LatexToMathML

from literate.closings import find_enclosed, put

__all__ = ["Formulas", "MathError", "write_numbers"]

MARKED = re.compile(r'<(span|div) class="arithmatex">\s*\\[(\[]')
END_OF_MARKED = re.compile(r"\\[)\]]\s*</(span|div)>")
IN_TITLE = re.compile(r"\\\((?:(.+?)\\\)|.*)", re.DOTALL)
NUMBERED = re.compile(r"\\begin\{(equation|align|gather|multline|alignat|flalign)\}")
NUMBER = re.compile(r"\\(?:tag\*?|label)\s*\{")
LABEL = re.compile(r"\\label\s*\{([^}]*)(?:\}|\Z)")
EQREF = re.compile(r"\\eqref\s*\{([^}]*)(?:\}|\Z)")
UNKNOWN = re.compile(r'<a href="#([^"]*)">\(?\?\?\)?</a>')
LIGHT_GRAY = re.compile(r"\\color\{LightGray\}")  # as numpy writes it in polynomials
POSITION = re.compile(r"input(\d+):\d+: ")
REFERENCE = re.compile(r'<math><mtext>(<a href="#[^"]*">[^<]*</a>)</mtext></math>')
IDENTIFIER = re.compile(r' id="([^"]*)"')
TAG = re.compile(r"<[^>]+>")

# A display is no text to search for.
OPENINGS = {"span": 'span class="arithmatex"', "div": 'div class="arithmatex" data-search-exclude'}


class MathError(Exception):
    """A formula that cannot be set.

    Parameters
    ----------
    formula
        Its LaTeX.
    message
        What is wrong with it.
    """

    def __init__(self, formula: str, message: str) -> None:
        super().__init__(f"{message} In the formula: {formula}")
        self.formula = formula


class Formulas:
    r"""The formulas of a page, each of which is converted once, wherever the page shows it.

    Attributes
    ----------
    numbers
        The number of each equation that has a label, once the page's content is set.

    Examples
    --------
    >>> formulas = Formulas()
    >>> formulas.set('<span class="arithmatex">\\(x\\)</span>')
    '<span class="arithmatex"><math><mi>x</mi></math></span>'
    >>> formulas.plain_title(r"The gradient of \(W_1\)")
    'The gradient of W1'
    """

    def __init__(self) -> None:
        self.numbers: dict[str, str] = {}
        self.known: dict[tuple[str, bool], str] = {}

    def set(self, content: str) -> str:
        """Return a page's HTML, marked by arithmatex, with its formulas set.

        Raises
        ------
        MathError
            LaTeX that is not valid, a label given twice, or a reference to no equation.
        """
        marked = [
            (begin, span) for begin, span in find_enclosed(MARKED, END_OF_MARKED, content) if span
        ]
        found = [
            (_latex(content[begin.end() : span[0]]), begin[1] == "div") for begin, span in marked
        ]
        known = [self.known.get(_key(*formula)) for formula in found]
        new = iter(self._convert([f for f, mathml in zip(found, known, strict=True) if not mathml]))
        mathml = (one or next(new) for one in known)
        pieces = (
            (begin.start(), span[1], _placed(begin[1], one))
            for (begin, span), one in zip(marked, mathml, strict=True)
        )
        return put(content, pieces)

    def set_title(self, title: str) -> str:
        """Return the HTML of a heading's entry in the table of contents with its formulas set.

        Raises
        ------
        MathError
            LaTeX that is not valid.
        """
        return IN_TITLE.sub(lambda m: self._one(html.unescape(m[1])) if m[1] else m[0], title)

    def plain_title(self, title: str) -> str:
        """Return a title as plain text, its formulas as they read."""
        return IN_TITLE.sub(lambda m: self._plain(m[0]) if m[1] else m[0], title)

    def _plain(self, formula: str) -> str:
        """Return a formula of a title as it reads."""
        return html.unescape(TAG.sub("", self.set_title(formula)))

    def _one(self, latex: str) -> str:
        """Set one formula of a title."""
        known = self.known.get(_key(latex, display=False))
        return known or self._convert([(latex, False)])[0]

    def _convert(self, formulas: Sequence[tuple[str, bool]]) -> list[str]:
        """Convert formulas together, and note the numbers of those that have a label."""
        labels = Counter(label for latex, _ in formulas for label in LABEL.findall(latex))
        for latex, _ in formulas:
            for label in LABEL.findall(latex):
                if labels[label] > 1:
                    raise MathError(latex, f'Two equations have the label "{label}".')
        references = [(rf"\eqref{{{label}}}", False) for label in labels]
        converted = _converted([*formulas, *references])
        for (latex, display), mathml in zip(formulas, converted, strict=False):
            if unknown := UNKNOWN.search(mathml):
                raise MathError(latex, f'No equation has the label "{unknown[1]}".')
            self.known[_key(latex, display)] = mathml
        numbers = (TAG.sub("", mathml).strip("()") for mathml in converted[len(formulas) :])
        self.numbers |= zip(labels, numbers, strict=True)
        # In a notebook the same equation has its number written out, and no name.
        for latex, display in formulas:
            if LABEL.search(latex) and not EQREF.search(latex):
                mathml = IDENTIFIER.sub("", self.known[_key(latex, display)])
                self.known[_key(write_numbers(latex, self.numbers), display)] = mathml
        return converted[: len(formulas)]


def write_numbers(latex: str, numbers: Mapping[str, str]) -> str:
    r"""Return LaTeX with the numbers of its equations written out, for readers that count none.

    Parameters
    ----------
    latex
        A formula.
    numbers
        The number of each equation that has a label.

    Examples
    --------
    >>> write_numbers(r"x \label{eq:x}", {"eq:x": "1"}), write_numbers(r"\eqref{eq:y}", {})
    ('x \\tag{1}', '(eq:y)')
    """
    tag = "" if "\\tag" in latex else r"\tag{{{}}}"
    latex = LABEL.sub(lambda m: tag.format(numbers.get(m[1], m[1])), latex)
    return EQREF.sub(lambda m: f"({numbers.get(m[1], m[1])})", latex)


def _key(latex: str, display: bool) -> tuple[str, bool]:
    """Return what a formula is known by: white space makes no other, unless it ends a comment."""
    return latex if "%" in latex else " ".join(latex.split()), display


def _latex(marked: str) -> str:
    """Return the LaTeX of a marked formula; one with a number of its own becomes an equation."""
    latex = LIGHT_GRAY.sub(r"\\color{lightgray}", html.unescape(marked).strip())
    if NUMBER.search(latex) and not NUMBERED.search(latex):
        return rf"\begin{{equation}}{latex}\end{{equation}}"
    return latex


def _placed(tag: str, mathml: str) -> str:
    """Put a formula into its element; an equation can be linked to, a mere reference is a link."""
    if reference := REFERENCE.fullmatch(mathml):
        return reference[1]
    links = (
        f'<a class="headerlink" href="#{name}" title="Permanent link">&para;</a>'
        for name in IDENTIFIER.findall(mathml)
    )
    return f"<{OPENINGS[tag]}>{mathml}{''.join(links)}</{tag}>"


def _converted(formulas: list[tuple[str, bool]]) -> list[str]:
    """Convert formulas, or say which of them cannot be."""
    try:
        return LatexToMathML(fancy_error=False).convert_all(formulas) if formulas else []
    except LatexError as error:
        position = POSITION.match(str(error))
        formula = formulas[int(position[1]) if position else 0][0]
        raise MathError(formula, POSITION.sub("", str(error))) from error
