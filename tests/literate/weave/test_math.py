"""Formulas at build time."""

import contextlib

import pytest

from literate.weave import converter
from literate.weave.math import Formulas, MathError, write_numbers


def inline(latex):
    return rf'<p><span class="arithmatex">\({latex}\)</span></p>'


def display(latex):
    return f'<div class="arithmatex">\\[\n{latex}\n\\]</div>'


def test_a_page_without_formulas_stays_as_it_is():
    assert Formulas().set("<p>$x$</p>") == "<p>$x$</p>"


def test_an_inline_formula_is_set_in_its_place():
    assert Formulas().set(inline("a &lt; b")) == (
        '<p><span class="arithmatex"><math><mi>a</mi><mo>&lt;</mo><mi>b</mi></math></span></p>'
    )


def test_a_display_formula_is_a_block():
    assert '<math display="block">' in Formulas().set(display("x"))


def test_a_reference_finds_an_equation_further_down():
    content = inline(r"\eqref{eq:b}") + display(r"a \label{eq:a}") + display(r"b \label{eq:b}")

    assert Formulas().set(content).startswith('<p><a href="#eq:b">(2)</a></p>')


def test_an_equation_can_be_linked_to():
    content = Formulas().set(display(r"a \label{eq:a}"))

    assert 'id="eq:a"' in content
    assert '<a class="headerlink" href="#eq:a"' in content
    assert "headerlink" not in Formulas().set(display("a"))


def test_a_tag_makes_an_equation():
    assert "<mtext>(7)</mtext>" in Formulas().set(display(r"x \tag{7}"))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            inline("x") + inline(r"\nonsense"),
            r'Unknown command "\nonsense". In the formula: \nonsense',
        ),
        (
            inline(r"\eqref{eq:z}"),
            r'No equation has the label "eq:z". In the formula: \eqref{eq:z}',
        ),
        (
            display(r"a \label{eq:a}") + display(r"b \label{eq:a}"),
            r'Two equations have the label "eq:a". In the formula: a \label{eq:a}',
        ),
    ],
)
def test_a_formula_that_cannot_be_set_is_named(content, message):
    with pytest.raises(MathError) as raised:
        Formulas().set(content)

    assert message.replace("In the formula: a ", "In the formula: ") in str(raised.value).replace(
        r"\begin{equation}a ", ""
    )


def test_titles_are_set_and_stripped():
    assert Formulas().set_title(r"The \(x_1\) of it") == (
        "The <math><msub><mi>x</mi><mn>1</mn></msub></math> of it"
    )
    assert Formulas().plain_title(r"The \(x_1\) of \(y\)") == "The x1 of y"


@pytest.fixture
def converted(count_formulas, monkeypatch):
    return count_formulas(monkeypatch)


def test_a_formula_is_converted_once_for_a_page_its_titles_and_its_notebook(converted):
    formulas = Formulas()
    page = formulas.set(f"<h1>On {inline('x_1')}</h1>{inline('x_1')}{display('y + 1')}")
    formulas.set_title(r"On \(x_1\)")
    formulas.plain_title(r"On \(x_1\)")
    view = formulas.set(f"<h1>On {inline('x_1')}</h1>{inline('x_1')}{display('y  +  1')}")

    assert view == page
    assert converted.count(("y + 1", True)) == 1
    assert ("y  +  1", True) not in converted


def test_an_equation_with_a_label_is_converted_once_for_its_page_and_its_notebook(converted):
    formulas = Formulas()
    formulas.set(display(r"a \label{eq:a}"))
    before = list(converted)
    view = formulas.set(display(r"a \tag{1}"))

    assert converted == before
    assert "(1)" in view
    assert "id=" not in view


def test_an_inline_formula_is_no_display():
    formulas = Formulas()

    assert 'display="block"' not in formulas.set(inline("x"))
    assert 'display="block"' in formulas.set(display("x"))


def test_the_numbers_of_equations_with_labels_are_known_once_they_are_set():
    formulas = Formulas()
    formulas.set(display(r"a \label{eq:a}") + display("b") + display(r"c \label{eq:c}"))

    assert formulas.numbers == {"eq:a": "1", "eq:c": "2"}


def test_numbers_are_written_out_for_readers_that_count_none():
    numbers = {"eq:a": "1", "eq:b": "2"}

    assert write_numbers(r"a \label{eq:a} = \eqref{eq:b}", numbers) == r"a \tag{1} = (2)"
    assert write_numbers(r"a \tag{7} \label{eq:a}", numbers) == r"a \tag{7} "
    assert write_numbers("a", numbers) == "a"


NESTING = [
    ("{", "}"), ("x^{", "}"), ("x_{", "}"), (r"\left(", r"\right)"), (r"\sqrt{", "}"),
    (r"\sqrt ", ""), (r"\sqrt[", "]{x}"), (r"\frac{", "}{1}"), (r"\frac ", "1"), (r"\hat ", ""),
    (r"{x\over ", "}"), (r"\begingroup ", r"\endgroup "), (r"\displaystyle ", ""),
    (r"\color{red}", ""), (r"\textcolor{red}{", "}"), (r"\text{", "}"), (r"\mathrm{", "}"),
    (r"\mathop{", "}"), (r"\mathbf ", ""), (r"\boxed{", "}"), (r"\not ", ""), (r"\phantom ", ""),
    (r"\overset{a}{", "}"), (r"\underbrace{", "}"), (r"\binom{", "}{x}"), (r"\pmod{", "}"),
    (r"\xrightarrow{", "}"), (r"\xleftarrow[", "]{}"), (r"\prescript{}{", "}{x}"), ("'", ""),
    (r"\sideset{_", r"}{}\sum"), (r"\genfrac(){0pt}{}{", "}{x}"), (r"\mathchoice{}{", "}{}{}"),
    *((rf"\begin{{{name}}}", rf"\end{{{name}}}") for name in ("matrix", "cases", "aligned")),
    (r"\begin{array}{c}", r"\end{array}"),
]  # fmt: skip


@pytest.mark.parametrize(("opening", "closing"), NESTING)
def test_no_depth_ends_the_build(opening, closing, monkeypatch):
    monkeypatch.setattr(converter, "SECONDS", 2)
    count = 100_000 // len(opening + closing)
    with contextlib.suppress(MathError):
        Formulas().set(inline(opening * count + "x" + closing * count))

    assert "<mi>x</mi>" in Formulas().set(inline("x"))


@pytest.mark.parametrize(
    "latex",
    [
        r"\lAngle " * 60 + "x",  # twice the time for each
        r"\newcommand\a[1]{#1#1}" + r"\a{" * 60 + "x" + "}" * 60,
        "{" * 3_000_000 + "x" + "}" * 3_000_000,
    ],
)
def test_a_formula_that_takes_too_much_is_named_and_the_next_is_set(latex, monkeypatch):
    monkeypatch.setattr(converter, "SECONDS", 1)
    with pytest.raises(MathError) as raised:
        Formulas().set(inline("y") + inline(latex))

    assert len(str(raised.value)) < 400
    assert raised.value.formula == latex
    assert "<mi>x</mi>" in Formulas().set(inline("x"))


def test_a_relative_path_of_modules_brings_none_of_the_package(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", ".")
    monkeypatch.setattr(converter, "_CONVERTER", converter._Converter())  # noqa: SLF001
    try:
        assert "<mi>x</mi>" in Formulas().set(inline("x"))
    finally:
        converter._CONVERTER.close()  # noqa: SLF001


def test_a_line_break_before_letters_defines_nothing():
    content = display(r"\begin{aligned} a \\def \end{aligned}")

    assert "<mi>d</mi>" in Formulas().set(content)
