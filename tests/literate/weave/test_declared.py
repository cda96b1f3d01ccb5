"""Formulas without styles: what math-core declares, by attributes and by classes."""

import re
from pathlib import Path

import math_core
import pytest

from literate.weave import math
from literate.weave.math import Formulas, MathError


def formula(latex):
    return Formulas().set(rf'<span class="arithmatex">\({latex}\)</span>')


def named(declaration):
    return re.sub(r"\W+", "-", declaration).strip("-")


def strings():
    """Give the texts in math-core's own program."""
    (program,) = Path(math_core.__file__).parent.glob("*.so")
    return re.findall(r"[ -~]{6,}", program.read_bytes().decode("latin-1"))


@pytest.mark.parametrize(
    ("latex", "attribute"),
    [
        (r"\color{red}x", 'mathcolor="#FF0000"'),
        (r"\text{\tiny x}", 'mathsize="50%"'),
        (r"a\hspace{2pt}b", 'width="0.2em"'),
        (r"\begin{align}a &= b\end{align}", 'class="width-50 text-align-right justify-items-end"'),
        (r"\begin{array}{|c}a\end{array}", 'class="border-left-0-05em-solid-currentcolor"'),
        (r"\boxed{x}", '<mrow class="box"><mi>x</mi></mrow>'),
        (r"\xcancel{x}", '<mrow class="updiagonalstrike downdiagonalstrike"><mi>x</mi></mrow>'),
        (r"a\!b", '<mspace class="margin-left-0-16666667em"/>'),
    ],
)
def test_what_is_declared_is_an_attribute_or_a_class(latex, attribute):
    assert attribute in formula(latex)
    assert " style=" not in formula(latex)
    assert "menclose" not in formula(latex)


@pytest.mark.parametrize(
    ("latex", "width"),
    [(r"a\kern-1.37em b", 1.37), (r"a\hspace{-13pt}b", 1.3), (r"\hspace{-2em}", 2)],
)
def test_any_space_backwards_is_a_sum_of_classes(latex, width):
    steps = re.findall(r"margin-left-(\d+)(?:-(\d+))?em", formula(latex))

    assert sum(float(f"{whole}.{part or 0}") for whole, part in steps) == pytest.approx(width)


def test_every_declaration_of_the_library_has_its_rule():
    found = {
        declaration.strip()
        for text in strings()
        for declaration in re.findall(
            r"(?:padding|border|text-align|justify)[\w-]*: ?[\w.]+(?: \w+ currentcolor)?(?=;)", text
        )
    }

    assert len(found) > 10
    assert {named(one) for one in found} <= math.RULES


def test_a_rule_says_what_its_name_says():
    css = math.STYLESHEET.read_text("utf-8")
    rules = re.findall(r"^math \.([\w-]+) \{ ([\w-]+: [^;]+); \}$", css, re.MULTILINE)

    sayings = [(name, rule) for name, rule in rules if "-" in name and "math-core" not in name]
    assert len(sayings) > 30
    assert all(named(rule) == name for name, rule in sayings)


def test_what_no_class_says_is_refused_by_name(monkeypatch):
    monkeypatch.setattr(math, "RULES", math.RULES - {"width-50"})

    with pytest.raises(MathError, match=r'No class says "width: 50%".*In the formula: \\begin'):
        formula(r"\begin{align}a\end{align}")
