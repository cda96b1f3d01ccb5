"""Set the formulas of a page as MathML when the site is built.

``pymdownx.arithmatex`` in its generic form marks the formulas in a page's HTML; ``math-core`` sets
them all at once, so that a formula may refer to an equation further down.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable

from math_core import LatexError, LatexToMathML

__all__ = ["MathError", "number_equations", "set_math", "set_title", "strip_math"]

MARKED = re.compile(r'<(span|div) class="arithmatex">\s*\\[(\[](.*?)\\[)\]]\s*</\1>', re.DOTALL)
IN_TITLE = re.compile(r"\\\((.+?)\\\)", re.DOTALL)
NUMBERED = re.compile(r"\\begin\{(equation|align|gather|multline|alignat|flalign)\}")
NUMBER = re.compile(r"\\(?:tag\*?|label)\s*\{")
LABEL = re.compile(r"\\label\s*\{([^}]*)\}")
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


def set_math(content: str) -> str:
    r"""Set every formula of a page.

    Parameters
    ----------
    content
        The page's HTML, its formulas marked by arithmatex.

    Raises
    ------
    MathError
        LaTeX that is not valid, a label given twice, or a reference to no equation.

    Examples
    --------
    >>> set_math('<span class="arithmatex">\\(x\\)</span>')
    '<span class="arithmatex"><math><mi>x</mi></math></span>'
    """
    formulas = [(_latex(match), match[1] == "div") for match in MARKED.finditer(content)]
    if not formulas:
        return content
    labels = Counter(label for latex, _ in formulas for label in LABEL.findall(latex))
    for latex, _ in formulas:
        for label in LABEL.findall(latex):
            if labels[label] > 1:
                raise MathError(latex, f'Two equations have the label "{label}".')
    converted = _convert(formulas)
    for (latex, _), mathml in zip(formulas, converted, strict=True):
        if unknown := UNKNOWN.search(mathml):
            raise MathError(latex, f'No equation has the label "{unknown[1]}".')
    results = iter(converted)
    return MARKED.sub(lambda m: _placed(m[1], next(results)), content)


def number_equations(formulas: Iterable[str]) -> dict[str, str]:
    r"""Give the number of each equation that has a label.

    Parameters
    ----------
    formulas
        All formulas of a page in their order, with their delimiters.

    Raises
    ------
    MathError
        LaTeX that is not valid.

    Examples
    --------
    >>> number_equations([r"$$x \label{eq:x}$$", "$$y$$", r"$$z \label{eq:z}$$"])
    {'eq:x': '1', 'eq:z': '2'}
    """
    displays = [
        _equation(formula.removeprefix("$$").removesuffix("$$"))
        for formula in formulas
        if formula.startswith("$$") or not formula.startswith("$")
    ]
    labels = dict.fromkeys(label for latex in displays for label in LABEL.findall(latex))
    shown = _convert(
        [(latex, True) for latex in displays] + [(rf"\eqref{{{label}}}", False) for label in labels]
    )
    numbers = (TAG.sub("", mathml).strip("()") for mathml in shown[len(displays) :])
    return dict(zip(labels, numbers, strict=True))


def set_title(title: str) -> str:
    """Set the formulas in the HTML of a heading's entry in the table of contents.

    Raises
    ------
    MathError
        LaTeX that is not valid.
    """
    return IN_TITLE.sub(lambda m: _convert([(html.unescape(m[1]), False)])[0], title)


def strip_math(title: str) -> str:
    r"""Give a title as plain text, its formulas as they read.

    Examples
    --------
    >>> strip_math(r"The gradient of \(W_1\)")
    'The gradient of W1'
    """
    return IN_TITLE.sub(lambda m: html.unescape(TAG.sub("", set_title(m[0]))), title)


def _latex(match: re.Match[str]) -> str:
    """Give a marked formula as LaTeX; one with a number of its own becomes an equation."""
    return _equation(html.unescape(match[2]).strip())


def _equation(latex: str) -> str:
    """Make a formula with a number of its own an equation."""
    latex = LIGHT_GRAY.sub(r"\\color{lightgray}", latex)
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


def _convert(formulas: list[tuple[str, bool]]) -> list[str]:
    """Convert formulas, or say which of them cannot be."""
    try:
        return LatexToMathML(fancy_error=False).convert_all(formulas)
    except LatexError as error:
        position = POSITION.match(str(error))
        formula = formulas[int(position[1]) if position else 0][0]
        raise MathError(formula, POSITION.sub("", str(error))) from error
