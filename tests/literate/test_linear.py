"""Any page is read, woven and made a notebook in time that grows with its length alone."""

import gc
import time
from contextlib import suppress

import pytest

from literate.fault import PageError, find_faults
from literate.notebook import make_notebook, write_notebook, write_script
from literate.notebook.view import hide
from literate.page import Block, Page, Value
from literate.read import read
from literate.result import Failure, Figure, Ran, is_table
from literate.text import legible
from literate.weave import Formulas, MathError, inert, link_names, weave
from literate.weave.elsewhere import title_of

START = "```python\nx = 1\n```\n\n"
CODE = '<div class="highlight"><pre>'


def publish(text, *, fails=False):
    """Read a page, weave it with results of our own, and make its notebook."""
    try:
        page = read(text)
        results = [[outcome(step, fails) for step in chain.steps] for chain in page.chains]
        faults = find_faults(page, results)
        woven = weave(page, results, "", faults)
        if not faults:
            notebook = make_notebook(page, woven)
            hide(notebook)
            write_notebook(notebook)
            write_script(notebook)
    except PageError:
        pass


def outcome(step, fails):
    if isinstance(step, Value):
        return Ran(value={"text/markdown": "1"})
    if fails:
        return Failure(step.line + 1, "an error" if fails is True else fails)
    figures = tuple(Figure("<svg/>", 1) for _ in step.options.labels)
    captions, alts = (
        tuple(tuple("1" for part in text if isinstance(part, Value)) for text in texts)
        for texts in (step.options.captions, step.options.alts)
    )
    assert isinstance(step, Block)
    return Ran(figures=figures, captions=captions, alts=alts)


def prose(unit, before="", after=""):
    """Return what publishes a page of a repeated text."""

    def run(length):
        publish(f"{START}{before}{unit * (length // len(unit))}{after}\n")

    return run


def numbered(form, before="", after=""):
    """Return what publishes a page of a text with a number, each time another."""

    def run(length):
        pieces, size, number = [], 0, 0
        while size < length:
            pieces.append(form.format(number))
            size += len(pieces[-1])
            number += 1
        publish(f"{START}{before}{''.join(pieces)}{after}\n")

    return run


def runs(length):
    """Publish backticks: as many as fit, each run one longer than the one before."""
    count = int((2 * length) ** 0.5)
    publish(START + " ".join("`" * number for number in range(1, count)) + "\n")


def labels(length):
    """Publish a block of many figures."""
    names = ", ".join(f"fig-{number}" for number in range(length // 12))
    publish(f"```python\n#| label: [{names}]\nx = 1\n```\n")


def linked(unit, after=""):
    """Return what links the names of a page's HTML."""
    return lambda length: link_names(unit * (length // len(unit)) + after, lambda _: True)


def names_in_a_line(length):
    code = "f," * (length // 2)
    link_names(f"{CODE}<code>from m import f\n{code}</code></pre></div>", lambda _: True)


def marked(unit, before="", after=""):
    """Return what sets the formulas of a page's HTML and of its title."""

    def run(length):
        text = before + unit * (length // len(unit)) + after
        for use in (Formulas().set, Formulas().plain_title):
            with suppress(MathError):
                use(text)

    return run


HOSTILE = {
    "dollars with values": prose("{{ a }} ", "costs $5 for "),
    "dollars without a partner": prose("$a "),
    "dollars before spaces": prose("$a $"),
    "displays": prose("$$a", after=" $"),
    "brackets": prose(r"\[a"),
    "parentheses": prose(r"\(a"),
    "parentheses between dollars": prose(r"\(", "$", "$"),
    "one environment": prose(r"\begin{a}x"),
    "many environments": numbered(r"\begin{{a{}}}"),
    "a long environment": prose("a", r"\begin{"),
    "comments": prose("a <!-- b --> <!-"),
    "comments without an end": prose("`a` <!--"),
    "backticks": prose("`", after=" a"),
    "runs of backticks": runs,
    "backticks on a line with a comment": prose("``` `", "<!-- a -->"),
    "values in a line": prose("{{ x }} "),
    "values in lines": prose("{{ x }}\n"),
    "values at the start of lines": prose("{{ x }}\n\n"),
    "colons": prose("a:", "{{ a b ", " }}"),
    "lambdas": prose("lambda:", "{{ ", "0 }}"),
    "braces": prose("a }} ", "{{ a b "),
    "braces that open": prose("{{"),
    "quotes": prose("' \" ", "{{ ", "}}"),
    "sums": prose("1+", "{{ ", "1 }}"),
    "brackets in brackets": prose("[", "{{ ", "}}"),
    "spaces": prose(" "),
    "lines of spaces": prose("\x0c\n", "a\n"),
    "blank lines": prose("\n", "a", "a"),
    "quoted lines": prose("> \n", "a\n", "a"),
    "blocks": prose("```python\nx\n```\n"),
    "continued blocks": prose("<!--pytest-codeblocks:cont-->\n```python\nx\n```\n"),
    "other fences": prose("```text\n```\n"),
    "tildes": prose("~~~\n~~~\n"),
    "fences in comments": prose("~~~~\n", "<!--\n", "-->"),
    "one fence of many backticks": prose("`", "<!--\n~", "\n-->"),
    "lists of marks": prose("- > 1. ", after="```"),
    "an admonition": prose("a", "!!! ", "!"),
    "words of an admonition": prose("a ", "!!! ", '"'),
    "an element": prose("markdown ", "<div "),
    "attributes": prose("{ .a ", "a"),
    "a heading": prose(" ", "# a", "$"),
    "braces in a heading": prose("{", "## "),
    "boxes in boxes": prose("/// note\n"),
    "a fence in a deep box": lambda n: publish(
        START + " " * n + "!!! note\n\n" + " " * (n + 4) + "~~~\n" + "\n" * n + "~~~\n"
    ),
    "formulas": prose("$a$ "),
    "references": prose("@fig-a--------- ", "```\n```\n<!-- ", " -->"),
    "labels": labels,
    "captions of tables": prose("| a |\n|---|\n\n: A. {#tbl-a}\n\n"),
    "spaces in a caption of a table": prose(" ", "| a |\n|---|\n\n: a", "{#tbl-a}"),
    "braces in a caption of a table": prose(" {#tbl-a", "| a |\n|---|\n\n: a"),
    "bars before a caption of a table": prose("|", "", "\n\n: a {#tbl-a}"),
    "digits in a table": lambda n: inert(f"<table><tr><td>{'1' * n}x</td></tr></table>"),
    "elements in elements": lambda n: inert("<b>x" * (n // 40) + "</i>" * (n // 8)),
    "spaces in a table": lambda n: is_table({"text/markdown": " " * n}),
    "dashes in a table": lambda n: is_table({"text/markdown": "-" * n}),
    "a title": lambda n: title_of(Page("a.md", "# a" + " " * n + "b", (), ())),
    "names that chains do not know": lambda n: publish(
        "```python\nx = y\n```\n" * (n // 22), fails="NameError: name 'y' is not defined"
    ),
    "an alias": prose("*a, ", "```python\n#| fig-cap: [&a b, ", "]\n```"),
    "nested options": prose("[", "```python\n#| label: ", "\n```"),
    "chains that fail": lambda n: publish("```python\nx\n```\n" * (n // 18), fails=True),
    "a line written over": lambda n: legible("a\r" * (n // 2)),
    "codes of colours": lambda n: legible("\x1b[1" * (n // 3) + "\x1b]1" * (n // 3)),
    "blocks of HTML": linked(CODE),
    "blocks of HTML with code": linked(CODE + "<code>"),
    "links": linked("<a>"),
    "tags": linked("<", CODE + "<code>"),
    "tags in code": lambda n: link_names(
        f"{CODE}<code>from m import f\n{'<' * n}</code></pre></div>", lambda _: True
    ),
    "signs in code": lambda n: link_names(
        f"{CODE}<code>from m import f\n{'&' * n}</code></pre></div>", lambda _: True
    ),
    "names in a line": names_in_a_line,
    "marked formulas": marked(r'<span class="arithmatex">\(a'),
    "formulas in a title": marked(r"\("),
    "labels of equations": marked(r"\label{", r'<span class="arithmatex">\(', r"\)</span>"),
}
SHORT, LONG = 50_000, 100_000


def seconds(run, length):
    gc.collect()
    gc.disable()  # what other tests have left would be looked through on the way
    started = time.process_time()
    run(length)
    spent = time.process_time() - started
    gc.enable()
    return spent


@pytest.mark.parametrize("name", HOSTILE)
def test_a_page_of_twice_the_length_takes_twice_the_time(name):
    run = HOSTILE[name]
    long = seconds(run, LONG)
    assert long < 1
    short = min(seconds(run, SHORT) for _ in range(2))
    for _ in range(8):
        if long < 3 * max(short, 0.004):
            break
        short, long = min(short, seconds(run, SHORT)), min(long, seconds(run, LONG))

    assert long < 3 * max(short, 0.004)
