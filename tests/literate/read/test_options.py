"""The cell options at the head of a block."""

import pytest

from literate.fault import PageError
from literate.page import Options, Reference, Value
from literate.read.options import read_options


def options(*lines):
    return read_options([f"#| {line}" for line in lines], 1)[0]


def refusal(*lines, line=1):
    with pytest.raises(PageError) as refused:
        read_options(lines, line)
    return refused.value.line, refused.value.message


def test_a_block_without_options_has_those_that_hold_by_default():
    assert read_options(["x = 1", "#| echo: false"], 7) == (Options(), 0)
    assert Options() == Options((), (), (), echo=True, output=True, warning=False)


def test_each_option_sets_its_field():
    given = options(
        "label: fig-a", "fig-cap: A.", "fig-alt: B.", "echo: fold", "output: false", "warning: true"
    )

    assert given == Options(
        ("fig-a",), (("A.",),), (("B.",),), echo="fold", output=False, warning=True
    )


def test_the_options_are_the_first_lines_alone():
    given, count = read_options(["#| echo: false", "#|output: false", "x", "#| warning: true"], 1)

    assert count == 2
    assert (given.echo, given.output, given.warning) == (False, False, False)


def test_several_figures_have_lists():
    given = options("label: [fig-a, fig-b]", "fig-cap:", "  - A.", "  - B.")

    assert given.labels == ("fig-a", "fig-b")
    assert given.captions == (("A.",), ("B.",))


def test_a_caption_is_cut_at_its_values_and_references_at_its_own_line():
    given = read_options(["#| echo: true", "#| fig-cap: 'Of {{ n:d }}, as @fig-a.'"], 4)[0]

    ((before, value, between, reference, after),) = given.captions
    assert (before, between, after) == ("Of ", ", as ", ".")
    assert isinstance(value, Value)
    assert (value.expression, value.specification, value.line) == ("n", "d", 5)
    assert isinstance(reference, Reference)
    assert (reference.label, reference.line) == ("fig-a", 5)


@pytest.mark.parametrize(
    ("lines", "line", "message"),
    [
        (["#| echo: false", "#| colour: red"], 11, "unknown cell option `colour`; there are label"),
        (["#| echo: 3"], 10, "cell option `echo` takes true, false or fold"),
        (["#| output: fold"], 10, "cell option `output` takes true or false"),
        (["#| warning: 'no'"], 10, "cell option `warning` takes true or false"),
        (["#| echo: true", "#| label: 1a"], 11, "cell option `label` takes a name"),
        (["#| label: []"], 10, "cell option `label` takes a name"),
        (["#| fig-cap: ''"], 10, "cell option `fig-cap` takes text"),
        (["#| fig-alt: [a, 1]"], 10, "cell option `fig-alt` takes text"),
        (["#| just a text"], 10, "cell options are lines such as `#| key: value`"),
        (["#| echo: true", "#| fig-cap: 'a"], 11, "cell options: found unexpected end of stream"),
        (["#| echo: true", "#| fig-cap: '{{ a b }}'"], 11, "`a b` is not an expression"),
    ],
)
def test_an_option_that_cannot_be_read_is_refused_at_its_line(lines, line, message):
    where, said = refusal(*lines, "x = 1", line=10)

    assert where == line
    assert said.startswith(message)
