"""Set the formulas of a page as MathML when the site is built.

``pymdownx.arithmatex`` in its generic form marks the formulas in a page's HTML; ``math-core`` sets
them all at once, so that a formula may refer to an equation further down.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from literate.closings import find_enclosed, put
from literate.weave.converter import ConversionError, convert

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
REFERENCE = re.compile(r'<math><mtext>(<a href="#[^"]*">[^<]*</a>)</mtext></math>')
IDENTIFIER = re.compile(r' id="([^"]*)"')
TAG = re.compile(r"<[^>]+>")
STYLED = re.compile(r' style="([^"]*)"')
WIDE = re.compile(r' width="([\d.]+)rem" style="width:\1rem"')
BACK = re.compile(r'<mspace style="margin-left:-([\d.]+)(em|rem|ex);?"/>')
EMS = {"em": 1.0, "rem": 1.0, "ex": 0.47}  # of the font at 10 points, which math-core calls rem
ENCLOSED = re.compile(r'<menclose notation="([^"]*)">')  # which few browsers know
OVERLAY = re.compile(r'<mrow class="menclose-\w+"></mrow>|</menclose>')
STEPS = (1.0, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01)
ATTRIBUTES = {"color": "mathcolor", "font-size": "mathsize"}
STYLESHEET = Path(__file__).parent.parent / "assets" / "literate.css"
RULES = frozenset(re.findall(r"^math \.([\w-]+)", STYLESHEET.read_text("utf-8"), re.MULTILINE))

EXCERPT = 200
"""How many characters of a formula a message shows."""

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
        shown = formula if len(formula) <= EXCERPT else f"{formula[:EXCERPT]}…"
        super().__init__(f"{message} In the formula: {shown}")
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
        converted = convert(formulas)
    except ConversionError as error:
        raise MathError(formulas[error.index][0], str(error)) from error
    return [
        _unstyled(mathml, latex) for mathml, (latex, _) in zip(converted, formulas, strict=True)
    ]


def _unstyled(mathml: str, latex: str) -> str:
    """Say by attributes, and by classes of the stylesheet, what math-core declares in styles."""
    mathml = BACK.sub(lambda m: "".join(_back(float(m[1]) * EMS[m[2]])), mathml)
    mathml = OVERLAY.sub(lambda m: "</mrow>" if m[0] == "</menclose>" else "", mathml)
    mathml = ENCLOSED.sub(lambda m: f'<mrow class="{_classes(m[1].split(), latex)}">', mathml)
    mathml = WIDE.sub(r' width="\1em"', mathml)
    return STYLED.sub(lambda m: _attributes(m[1], latex), mathml)


def _back(ems: float) -> Iterator[str]:
    """Yield spaces of the stylesheet's negative widths that add up to one."""
    element = '<mspace class="{}"/>'.format
    if (name := _class(f"margin-left:-{ems}em")) in RULES:
        yield element(name)
        return
    for step in STEPS:
        count, ems = divmod(round(ems, 2), step)
        yield element(_class(f"margin-left:-{step:g}em")) * int(count)


def _attributes(style: str, latex: str) -> str:
    """Return attributes that say what a style does."""
    declared = [tuple(d.split(":")) for d in style.split(";") if d]
    attributes = [f' {ATTRIBUTES[key]}="{value}"' for key, value in declared if key in ATTRIBUTES]
    rest = [f"{key}:{value}" for key, value in declared if key not in ATTRIBUTES]
    return "".join(attributes) + (f' class="{_classes(rest, latex)}"' if rest else "")


def _classes(names: Sequence[str], latex: str) -> str:
    """Return the classes of what the stylesheet has rules for, and refuse what it has none for."""
    classes = [_class(name) for name in names]
    for name, rule in zip(names, classes, strict=True):
        if rule not in RULES:
            raise MathError(latex, f'No class says "{name}", which it is set with.')
    return " ".join(classes)


def _class(declaration: str) -> str:
    """Name a declaration as the stylesheet does."""
    return re.sub(r"\W+", "-", declaration).strip("-")
